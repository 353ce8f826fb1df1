"""`avenant check DOSSIER --fix N`: the amendment that closes finding N, proved before it is shown.

avenant check openai-dow --fix 1 > 3-amendment.md       # the document on standard output, the proof on standard error
avenant check openai-dow --fix 1 --write                # the document in the dossier, under the next number
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import fill

import click
from msgspec.structs import replace

from avenant.agreement.proposal import Proposal, propose
from avenant.agreement.types import InForce
from avenant.agreement.write import write_proposal
from avenant.analyse.remedy import CONFLICT, EXEMPT, Attempt
from avenant.analyse.remedy_proof import objection
from avenant.analyse.remedy_text import WIDTH
from avenant.analyse.types import Finding, Remedy, Report
from avenant.cli.app import NOT_FINISHED
from avenant.cli.report import numbered_finding
from avenant.cli.screen import Screen, word
from avenant.errors import InputError
from avenant.library import Text
from avenant.messages import plural, say
from avenant.render.order import numbered
from avenant.render.said import limits, said_of


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
    found = text.remedies(report, ordinary, translated=True).of(finding)
    if not isinstance(found, Remedy):
        _why_not(finding, found)
        return 1
    proposal = _proposal(text, report, found)
    against = _against(text, report, found, proposal, ordinary)
    if against:
        _why_not(finding, (Attempt(found.summary, against),))
        return 1
    _proved(report, found, to_stderr=not write)
    if write:
        files = ", ".join(map(str, write_proposal(proposal, Path(text.dossier.path))))
        next_text = f"{text.dossier.path}@{proposal.number}"
        click.echo(plural("remedy.written", len(proposal.files), files=files, text=next_text))
    else:
        click.echo(proposal.markdown, nl=False)
    return 0


def last_proof(text: Text, report: Report, ordinary: Path | None) -> Report:
    """The report without the remedies that fail once they are applied, as `--fix` applies them.

    The first proof of these kinds is about one box, or about uses alone; it is rarely more than the last one finds.
    """
    doubted = [f for f in report.findings if f.remedy and f.code in (*EXEMPT, CONFLICT)]
    if not doubted or not _is_last(text):
        return report
    remedies = text.remedies(report, ordinary, translated=True)

    def fails(finding: Finding) -> bool:
        found = remedies.of(finding)
        return not isinstance(found, Remedy) or bool(
            _against(text, report, found, _proposal(text, report, found), ordinary)
        )

    failing = {f.id for f in doubted if fails(f)}
    return replace(
        report,
        findings=tuple(replace(f, remedy=None) if f.id in failing else f for f in report.findings),
    )


def _against(
    text: Text, report: Report, remedy: Remedy, proposal: Proposal, ordinary: Path | None
) -> str:
    """What speaks against the amendment once it is read and checked like any other; empty when nothing does."""
    try:
        amended = text.amended(proposal)
    except InputError as error:  # a rule of the profile, say: then it cannot be written
        return error.message
    now = amended.check(ordinary=ordinary, remedies=False)
    return objection(remedy, report, now, _pairs(text, amended), text.stated)


def _is_last(text: Text) -> bool:
    return text.in_force.number == text.dossier.instruments[-1].number


def _require_last(text: Text) -> None:
    """An amendment follows the last instrument, so what it closes must be a finding on the text after that one."""
    if not _is_last(text):
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


def _proposal(text: Text, report: Report, remedy: Remedy) -> Proposal:
    """The amendment in the languages of the text, its own first."""
    (change,) = remedy.changes
    languages = (text.in_force.language, *text.in_force.translations)
    changed = text.in_force.clause(change.clause)
    assert changed is not None  # a remedy changes what stands
    closes = ", ".join(f"`{id}`" for id in remedy.closes)
    values = {"text": report.text, "digest": report.text_digest, "closes": closes}
    return propose(
        text.dossier,
        [(change.verb, change.clause, change.new)],
        remedy.order,
        {
            lang: _title(change.new[lang])
            if change.new
            else say("remedy.title-repeal", lang=lang, clause=changed.label)
            for lang in languages
        },
        {lang: _lines(say("remedy.introduction", lang=lang, **values)) for lang in languages},
    )


def _title(clause: str) -> str:
    """The words of a new clause's heading, without its number and id."""
    match = re.match(r"#+ (?:\d[\d.]*[a-z]?\. )?(.*) \{", clause)
    assert match is not None, clause
    return match[1]


def _lines(words: str) -> str:
    return fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)


def _pairs(before: Text, after: Text) -> list[tuple[InForce, InForce]]:
    """The text before and after at each date of change."""
    was = (before.in_force, *before.others)
    return [
        (max((w for w in was if w.since <= now.since), key=lambda w: w.since, default=was[0]), now)
        for now in (after.in_force, *after.others)
    ]


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
