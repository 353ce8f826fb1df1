"""`avenant check`: what a text lets through, and what else to know before signing.

avenant check openai-dow                  # exit 1 when a finding is an error, 3 when it was cut off
avenant check openai-dow@0 --brief        # the ways through, one line each
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from avenant.cli.options import dossier_argument, json_option, on_option
from avenant.messages import say


@click.command("check", help=say("cli.verb.check"))
@dossier_argument
@click.option("--brief", is_flag=True, help=say("cli.check.brief"))
@click.option("--show", type=int, metavar="N", help=say("cli.check.show"))
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@click.option(
    "--ordinary", type=click.Path(path_type=Path), metavar="FILE", help=say("cli.check.ordinary")
)
@on_option
@json_option
def command(
    dossier: str,
    brief: bool,
    show: int | None,
    seconds: float | None,
    ordinary: Path | None,
    on: str | None,
    as_json: bool,
) -> int:
    from avenant.cli.app import NOT_FINISHED
    from avenant.cli.report import show_brief, show_finding, show_report
    from avenant.cli.screen import progress
    from avenant.cli.write import write_json
    from avenant.library import load

    started = time.monotonic()
    text = load(dossier, on=on)
    stop = None if seconds is None else lambda: time.monotonic() - started > seconds
    with progress(say("cli.check.searching")) as told:
        report = text.check(ordinary=ordinary, stop=stop, progress=told)
    if as_json:
        write_json(report)
    elif show is not None:
        show_finding(report, show)
    elif brief:
        show_brief(report)
    else:
        show_report(text, report, time.monotonic() - started)
    if not report.complete:
        return NOT_FINISHED
    return 1 if report.open_errors else 0
