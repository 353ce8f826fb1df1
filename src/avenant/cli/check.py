"""`avenant check`: what a text lets through, and what else to know before signing.

avenant check openai-dow                  # exit 1 when a finding is an error, 3 when that is not known
avenant check openai-dow@0 --brief        # the loopholes, one line each
avenant check openai-dow --html page.html --sarif log.sarif
avenant check openai-dow --watch --brief  # again whenever a file changes

`--fix N` and `--only wording` are the verbs `fix` and `words` under the names that they had first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avenant.cli.options import dossier_argument, json_option, on_option
from avenant.cli.outputs import file_options
from avenant.languages import LANGUAGES, say

if TYPE_CHECKING:
    from avenant.analyse.types import Report
    from avenant.library import Text


@click.command("check", help=say("cli.verb.check"))
@dossier_argument
@click.option("--brief", is_flag=True, help=say("cli.check.brief"))
@click.option("--show", type=int, metavar="N", help=say("cli.check.show"))
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@click.option(
    "--ordinary", type=click.Path(path_type=Path), metavar="FILE", help=say("cli.check.ordinary")
)
@click.option("--fix", type=int, metavar="N", help=say("cli.check.fix"))
@click.option("--write", is_flag=True, help=say("cli.check.write"))
@click.option("--only", type=click.Choice(["wording"]), help=say("wording.cli.only"))
@click.option("--language", type=click.Choice(LANGUAGES), help=say("wording.cli.language"))
@click.option("--watch", is_flag=True, help=say("render.option.watch"))
@file_options("html", "markdown", "sarif")
@on_option
@json_option
def command(
    dossier: str,
    brief: bool,
    show: int | None,
    seconds: float | None,
    ordinary: Path | None,
    fix: int | None,
    write: bool,
    only: str | None,
    language: str | None,
    watch: bool,
    on: str | None,
    as_json: bool,
    **files: str | None,
) -> int:
    from avenant.cli.app import NOT_FINISHED
    from avenant.cli.outputs import ready, write_reports
    from avenant.cli.write import write_json
    from avenant.library import located
    from avenant.render.terminal.report import show_brief, show_finding, show_report

    def shown() -> Report:
        started = time.monotonic()
        text, report = checked(dossier, on, ordinary, seconds, remedies=not brief)
        write_reports(files, lambda kind: _written(kind, text, report))
        if as_json:
            write_json(report)
        elif elsewhere:
            pass  # a report has standard output for itself
        elif show is not None:
            from avenant.cli.fix import numbered_finding

            show_finding(text, report, show, numbered_finding(report, show))
        elif brief:
            show_brief(report)
        else:
            show_report(text, report, time.monotonic() - started)
        return report

    if only or language:
        from avenant.cli.wording import check_wording, words_only

        given = {"--brief": brief, "--ordinary": ordinary, "--fix": fix, "--write": write}
        pages = {f"--{kind}": file for kind, file in files.items() if kind != "sarif"}
        words_only(only, {**given, "--watch": watch, **pages})
        over = time_limit(seconds)
        return check_wording(dossier, language, on, show, as_json, files["sarif"], over)
    elsewhere = ready(files, as_json)
    if fix is not None or write:
        from avenant.cli.fix import alone
        from avenant.cli.fix import fix as fixed

        also = {"--brief": brief, "--show": show, "--watch": watch, "--json": as_json}
        number = alone(fix, {**also, **{f"--{kind}": file for kind, file in files.items()}})
        text, report = checked(dossier, on, ordinary, seconds, remedies=False)
        return fixed(text, report, number, ordinary, write=write)
    if watch:
        from avenant.cli.watch import watch as again

        # A dossier that is not there is a mistake at once; what breaks in it later is not.
        again(located(dossier)[0], shown)
    report = shown()
    if not report.digest:
        return NOT_FINISHED
    if report.open_errors or report.vain:
        return 1
    # Nothing wrong was found, and not all was asked: that is not good yet.
    return NOT_FINISHED if report.unfinished else 0


def checked(
    dossier: str, on: str | None, ordinary: Path | None, seconds: float | None, *, remedies: bool
) -> tuple[Text, Report]:
    """Read a dossier and check its text, with progress on a terminal."""
    from avenant.library import load
    from avenant.render.said import doing
    from avenant.render.terminal.screen import progress

    text = load(dossier, on=on)
    with progress(say("cli.check.searching")) as told:
        return text, text.check(
            ordinary=ordinary,
            remedies=remedies,
            stop=time_limit(seconds),
            progress=lambda label, ways: told(doing(label, ways)),
        )


def time_limit(seconds: float | None) -> Callable[[], bool] | None:
    """Return what tells that so many seconds, counted from now, are over."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _written(kind: str, text: Text, report: Report) -> str:
    """The report in the format of `--KIND`."""
    if kind == "markdown":
        from avenant.render.markdown import report_markdown

        return report_markdown(report)
    announced = (passage for said in text.dossier.statements for passage in said.announced)
    beside = [*(clause for _, clause in text.stated), *announced]
    if kind == "html":
        from avenant.render.page import page

        return page(report, text.in_force, beside)
    from avenant.cli.outputs import folder_uri
    from avenant.cli.write import json_text
    from avenant.render.sarif import sarif

    clauses = [*text.in_force.clauses, *beside]
    return json_text(sarif(report, clauses, folder_uri(text.dossier.path)))
