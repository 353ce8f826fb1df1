"""A Report on the screen; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text as Line

from avenant.analyse.boxes import conditions
from avenant.analyse.types import Principle, Report
from avenant.findings.kinds import Group
from avenant.findings.types import Box, Finding, Severity
from avenant.languages import numeral, plural, quoted, say
from avenant.library import Text
from avenant.render.covers import first, proved
from avenant.render.order import LOOPHOLE, grouped, numbered, ways_through
from avenant.render.said import counts, enforced, kept, limits, many, said_of, state, way, ways
from avenant.render.terminal.screen import Screen, word

_WAY = 39  # column at which a loophole is said, behind the words that let it through
_MOST = 8  # bans that a loophole is said to get past, where all findings are shown
_MANY = 4  # findings of one kind that are shown as one


def show_report(text: Text, report: Report, seconds: float) -> None:
    """The whole report: principles with their loopholes, then the other findings by group."""
    screen = Screen()
    _head(screen, report)
    number = 0
    for principle in report.principles:
        screen.blank()
        _principle(screen, report, principle)
        for finding in ways_through(report, principle):
            number += 1
            screen.blank()
            _finding(screen, number, finding)
            _to_close(screen, report, number, finding, text.is_last)
    if report.ordinary is not None:
        screen.blank()
        _ordinary(screen, report)
    for heading, group in grouped(report).items():
        screen.blank()
        screen.row(Line(say(f"cli.check.group-{heading}"), "bold"))
        if heading is Group.ENFORCE:
            screen.text(enforced(report), 4, "dim")
        _codes(screen, report, group, text.is_last)
    screen.blank()
    _foot(screen, report, seconds)


def show_brief(report: Report) -> None:
    """One line a principle and one a loophole; where there is none, the other errors that are open."""
    screen = Screen()
    _first(screen, report)
    for principle in report.principles:
        _principle(screen, report, principle)
        for finding in ways_through(report, principle):
            _brief(screen, finding)
    if report.ordinary is not None:
        _ordinary(screen, report)
    if not any(f.code == LOOPHOLE and _is_open(f) for f in report.findings):
        # What is not said here is why `check` exits 1, and all that a hook shows of it.
        for group in grouped(report).values():
            _codes(screen, report, [f for f in group if _is_open(f[1])], last=False)
    if not report.complete:
        screen.row(word("not finished", limits(report)))


def _is_open(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and not finding.accepted


def show_finding(text: Text, report: Report, number: int, finding: Finding) -> None:
    """One finding in full, with the number that the report gives it."""
    screen = Screen()
    _finding(screen, number, finding, most=None)
    _to_close(screen, report, number, finding, text.is_last)
    for choice in finding.choices:
        screen.text(say("cli.check.rests-on", choice=choice), 4, "dim")
    screen.text(finding.id, 4, "dim")


def _head(screen: Screen, report: Report) -> None:
    screen.row(state(report))
    _first(screen, report)
    for label in report.labels:
        screen.text(label, style="dim")


def _first(screen: Screen, report: Report) -> None:
    """What holds without a proof: before anything that could be taken for one."""
    for told in first(report):
        screen.text(told, style="error")


def _principle(screen: Screen, report: Report, principle: Principle) -> None:
    line = Line(f"{principle.label}  ", "bold")
    line.append(quoted(principle.words))
    screen.row(line, _ways(report, principle))


def _ordinary(screen: Screen, report: Report) -> None:
    """How many ordinary uses the text permits."""
    assert report.ordinary is not None
    style = "permitted" if report.ordinary.uses == report.ordinary.permitted else "error"
    screen.row(Line(say("ordinary.title"), "bold"), word(style, kept(report)))


def _ways(report: Report, principle: Principle) -> Line:
    if principle.unknown:
        return word("not finished", ways(principle, report))
    return word("permitted" if principle.proved else "error", ways(principle, report))


def _finding(screen: Screen, number: int, finding: Finding, most: int | None = _MOST) -> None:
    kind = Line()
    kind.append_text(word(finding.severity, say(f"severity.{finding.severity}")))
    kind.append(f" · {said_of('finding', finding.code)}", "dim")
    screen.row(Line(f"{number:2}  {finding.title}", "bold"), kind)
    if finding.code != LOOPHOLE:
        screen.row(Line(f"    {finding.message}"), finding.at)
    if finding.box is not None:
        _box(screen, finding.box, number, most)
    if finding.accepted:
        screen.text(say("cli.check.accepted", reason=finding.accepted), 4, "dim")


def _box(screen: Screen, box: Box, number: int, most: int | None) -> None:
    screen.text(f"{way(box)}.", 4)
    for what in conditions(box):
        screen.text(what, 4, "dim")
    for p in box.passes[:most]:
        at = quoted(p.word) if p.word else f"{p.axis}={p.category}"
        screen.row(say("cli.check.past", clause=p.label, word=at), p.at)
    if more := len(box.passes[most:]) if most else 0:
        screen.row(plural("cli.check.past-more", more), f"--show {number}")
    for permit in box.permits:
        words = ", ".join(map(quoted, permit.words))
        opened = (
            say("cli.check.opened", clause=permit.label, words=words)
            if words
            else say("cli.check.opened-whole", clause=permit.label)
        )
        screen.row(opened, permit.at)
    use = ", ".join(box.witness[axis] for axis in box.leaves if axis in box.witness)
    # What shows a gap, or two statements that differ, is permitted by nobody.
    by = ", ".join(box.permitted_by)
    screen.row(say("cli.check.example" if by else "findings.example", use=use, by=by))


def _to_close(screen: Screen, report: Report, number: int, finding: Finding, last: bool) -> None:
    """What is proved to close a finding, in full where it is said first; `last`: `--fix` can write it."""
    remedy = finding.remedy
    if remedy is None:
        return
    ordered = list(enumerate(numbered(report), 1))
    first = next(n for n, f in ordered if f.remedy == remedy)
    if first == number:
        closes = ", ".join(str(n) for n, f in ordered if f.id in remedy.closes)
        values = {"what": remedy.summary, "closes": closes, "proved": proved(report)}
        words = say("cli.check.to-close", lang=None, **values)
    else:
        words = say("cli.check.to-close-as", number=first)
    screen.row(words, f"--fix {number}" if last else "")


def _brief(screen: Screen, finding: Finding) -> None:
    assert finding.box is not None  # a loophole is a box
    words = [f"{p.label.split()[0]} {quoted(p.word)}" for p in finding.box.passes if p.word]
    words += [" ".join((p.label.split()[0], *map(quoted, p.words))) for p in finding.box.permits]
    screen.columns(f"      {' · '.join(words) or finding.title}", way(finding.box), _WAY)


def _codes(
    screen: Screen, report: Report, group: Sequence[tuple[int, Finding]], last: bool
) -> None:
    """Numbered findings of one heading: a line each, or one line where many are of a kind."""
    for code, findings in groupby(group, key=lambda f: f[1].code):
        alike = list(findings)
        if len(alike) < _MANY:
            for number, finding in alike:
                _short(screen, number, finding)
                _to_close(screen, report, number, finding, last)
        else:
            _together(screen, code, alike)


def _short(screen: Screen, number: int, finding: Finding) -> None:
    line = Line(f"{number:2}  ")
    line.append_text(word(finding.severity, finding.title.ljust(15)))
    line.append(f"  {finding.told}")
    screen.row(line, finding.at)
    if finding.accepted:
        screen.text(say("cli.check.accepted", reason=finding.accepted), 4, "dim")


def _together(screen: Screen, code: str, findings: Sequence[tuple[int, Finding]]) -> None:
    """Many findings of one kind as one: what they share once, then what each is about."""
    first, last = findings[0], findings[-1]
    line = Line()
    line.append_text(word(first[1].severity, f"{first[0]}–{last[0]}"))
    line.append(f"  {many(code, len(findings))}")
    screen.row(line)
    screen.text(" · ".join(f"{number} {f.title}" for number, f in findings), 4)


def _foot(screen: Screen, report: Report, seconds: float) -> None:
    screen.text(f"{counts(report.findings)} · {limits(report)} · {numeral(seconds, 1)} s")
    digest = report.digest.removeprefix("sha256:")[:8]
    if digest:
        screen.text(say("cli.check.report", digest=digest, text=report.text))
