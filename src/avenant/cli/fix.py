"""`avenant fix DOSSIER N`: the amendment that closes finding N, proved before it is shown.

avenant fix openai-dow 1 > 3-amendment.md       # the document on standard output, the proof on standard error
avenant fix openai-dow 1 --write                # the document in the dossier, under the next number
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from avenant.agreement.write import write_proposal
from avenant.analyse.remedy import Attempt
from avenant.analyse.types import Report
from avenant.cli.app import NOT_FINISHED
from avenant.cli.check import checked
from avenant.cli.options import dossier_argument, on_option
from avenant.errors import InputError
from avenant.findings.types import Finding, Remedy
from avenant.languages import plural, say
from avenant.library import Text
from avenant.render.order import numbered
from avenant.render.said import limits, said_of
from avenant.render.terminal.screen import Screen, word


@click.command("fix", help=say("cli.verb.fix"))
@dossier_argument
@click.argument("number", metavar="N", type=int)
@click.option("--write", is_flag=True, help=say("cli.check.write"))
@click.option(
    "--ordinary", type=click.Path(path_type=Path), metavar="FILE", help=say("cli.check.ordinary")
)
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@on_option
def command(
    dossier: str,
    number: int,
    write: bool,
    ordinary: Path | None,
    seconds: float | None,
    on: str | None,
) -> int:
    text, report = checked(dossier, on, ordinary, seconds, remedies=False)
    return fix(text, report, number, ordinary, write=write)


def alone(number: int | None, others: Mapping[str, object]) -> int:
    """The number of `--fix`, which is given and stands alone; raises InputError `fix-alone` or `write-without-fix`."""
    if number is None:
        code, values = "write-without-fix", {}
    elif given := [name for name, value in others.items() if value not in (None, False)]:
        code, values = "fix-alone", {"others": ", ".join(given)}
    else:
        return number
    raise InputError(code, say(f"remedy.{code}", **values), None, say(f"remedy.{code}-hint"))


def fix(text: Text, report: Report, number: int, ordinary: Path | None, *, write: bool) -> int:
    """Print or write the amendment that closes a finding; where there is none, say why. Returns the exit code."""
    if not report.complete:
        click.echo(limits(report), err=True)
        return NOT_FINISHED
    _require_last(text)
    finding = numbered_finding(report, number)
    remedies = text.remedies(report, ordinary)
    found = remedies.of(finding)
    if not isinstance(found, Remedy):
        _why_not(finding, found)
        return 1
    proposal = remedies.proposal(found)
    _proved(report, found, to_stderr=not write)
    if write:
        files = ", ".join(map(str, write_proposal(proposal, Path(text.dossier.path))))
        next_text = f"{text.dossier.path}@{proposal.number}"
        click.echo(plural("remedy.written", len(proposal.files), files=files, text=next_text))
    else:
        click.echo(proposal.markdown, nl=False)
    return 0


def _require_last(text: Text) -> None:
    """An amendment follows the last instrument, so what it closes must be a finding on the text after that one."""
    if not text.is_last:
        last = text.dossier.instruments[-1]
        values = {
            "text": text.in_force.id,
            "file": last.file,
            "last": f"{text.dossier.path}@{last.number}",
        }
        raise InputError(
            "not-the-last",
            say("remedy.not-last", **values),
            None,
            say("remedy.not-last-hint", **values),
        )


def _why_not(finding: Finding, attempts: tuple[Attempt, ...]) -> None:
    screen = Screen(stderr=True)
    screen.row(word("refused", say("remedy.none", finding=finding.id)))
    if not attempts:
        screen.text(say("remedy.of-no-kind", code=said_of("finding", finding.code)), 4)
    for attempt in attempts:
        screen.text(say("remedy.tried", what=attempt.summary, why=attempt.objection), 4)


def _proved(report: Report, remedy: Remedy, *, to_stderr: bool) -> None:
    screen = Screen(stderr=to_stderr)
    numbers = {f.id: n for n, f in enumerate(numbered(report), 1)}
    closed = ", ".join(str(numbers[id]) for id in remedy.closes if id in numbers)
    screen.row(word("verified", say("remedy.proved", what=remedy.summary, closes=closed)))
    kept = plural("remedy.keeps", remedy.ordinary) if remedy.ordinary else say("remedy.no-uses")
    screen.text(say("phrases.part").join((say("remedy.opens-none"), kept)), 4)


def numbered_finding(report: Report, number: int) -> Finding:
    """The finding to which the report gives a number; raises InputError `no-finding`."""
    ordered = numbered(report)
    if not 1 <= number <= len(ordered):
        message = say("cli.check.no-finding", number=number, count=len(ordered))
        raise InputError("no-finding", message, None, say("cli.check.no-finding-hint"))
    return ordered[number - 1]
