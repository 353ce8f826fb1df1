"""The sentences that every report has in common, on the screen and in files.

counts(report.findings)      # "7 errors, 14 warnings, 2 notes"
way(finding.box)             # "Any operation but monitoring; for surveillance; of U.S. persons; in bulk"
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from avenant.analyse.boxes import conditions
from avenant.analyse.types import Basis, Comparison, Principle, Report, Unfinished
from avenant.findings.types import Box, Finding, Order, Passes, Severity
from avenant.instants import instant, shown
from avenant.languages import knows, plural, quoted, say
from avenant.render.covers import not_compared, over, proved


def state(report: Report) -> str:
    """Which text this is, since when, and what it is made of."""
    since = shown(instant(report.since))
    force = say("cli.check.draft" if report.draft else "cli.check.in-force", since=since)
    kinds = [plural("cli.check.bind", report.binding)]
    if report.clauses > report.binding:
        kinds.append(plural("cli.check.declare", report.clauses - report.binding))
    clauses = plural("cli.check.clauses", report.clauses)
    made = say("render.made-of", clauses=clauses, kinds=", ".join(kinds))
    return f"{report.text}, {force} · {made}"


def ways(principle: Principle, report: Report) -> str:
    """How many ways there are through a principle, and whether that is all."""
    if principle.repeats is not None:
        return say("findings.repeats", principle=principle.repeats)
    if principle.unknown:
        return plural("cli.check.ways-cut-off", principle.ways)
    if not principle.complete:
        return plural("cli.check.ways-at-least", principle.ways)
    if principle.trivial or principle.idle:
        return say("findings.holds-trivially" if principle.trivial else "findings.not-tested")
    if principle.ways == 0:
        return say("cli.check.no-way", proved=proved(report))
    return plural("cli.check.ways", principle.ways)


def doing(label: str, ways: int) -> str:
    """What is being asked: the loopholes of a principle so far, or a check that finds no boxes."""
    return plural("render.found", ways, label=label) if ways else said_of("finding", label)


def way(box: Box) -> str:
    """A box as a sentence without a full stop."""
    return box.sentence[:1].upper() + box.sentence[1:] if box.sentence else say("cli.check.any-use")


def beyond(box: Box) -> tuple[str, ...]:
    """What holds beyond the foreground, a sentence each without a full stop: of every case, then of this box alone."""
    return tuple(f"{said[:1].upper()}{said[1:]}" for said in conditions(box))


def headed_by(box: Box) -> tuple[str, ...]:
    """The clauses that head a box of a comparison: those that it is owed to, where that is known."""
    return box.owed_to or box.refused_by or box.permitted_by


class Reason(Struct, frozen=True):
    """Why a box gets through, at one clause: in a sentence without a full stop, and where it stands."""

    clause: str
    told: str
    at: str


def reasons(box: Box) -> tuple[Reason, ...]:
    """The words at which a box gets past the bans to blame, or the permits that let it in."""
    past = (
        Reason(p.clause, say("render.past", clause=p.label, word=test(p)), p.at) for p in box.passes
    )
    opened = (
        Reason(
            p.clause,
            say("render.opened", clause=p.label, words=", ".join(map(quoted, p.words)))
            if p.words
            else say("render.opened-whole", clause=p.label),
            p.at,
        )
        for p in box.permits
    )
    return (*past, *opened)


def test(past: Passes) -> str:
    """The word at which a ban is passed, or the test that no word stands for."""
    return quoted(past.word) if past.word else f"{past.axis}={past.category}"


def counts(findings: Sequence[Finding]) -> str:
    """How many findings of each severity nobody has accepted, and how many somebody has."""
    open_findings = [f for f in findings if not f.accepted]
    counted = ((s, sum(f.severity is s for f in open_findings)) for s in Severity)
    shown = [plural(f"severity.{severity}-count", count) for severity, count in counted if count]
    accepted = len(findings) - len(open_findings)
    shown += [plural("severity.accepted-count", accepted)] if accepted else []
    return ", ".join(shown) or say("cli.check.nothing")


def enforced(report: Report) -> str:
    """What each clause rests on, in a line: seen by the gateway alone, attested and by whom, or by nobody."""
    parts = []
    for basis in Basis:
        clauses = [e for e in report.enforced if e.basis is basis]
        if not clauses and basis is not Basis.GATEWAY:
            continue
        labels = " ".join(e.label.split()[0] for e in clauses) or say("findings.no-clause")
        who = ", ".join(dict.fromkeys(name for e in clauses for name in e.who))
        parts.append(say(f"findings.basis-{basis}", lang=None, clauses=labels, who=who))
    return " · ".join(parts)


def many(code: str, count: int) -> str:
    """So many findings of a kind in one line: the catalogue's sentence for them, else the kind and the count."""
    if knows(f"finding.{code}-many"):
        return say(f"finding.{code}-many", lang=None, count=count)
    return f"{count} × {said_of('finding', code)}"


def limits(report: Report) -> str:
    """What the answer rests on; of one that is not whole, which checks ran out of steps, and where."""
    if report.complete:
        return say("cli.check.complete", axes=report.axes, over=over(report))
    checks = ", ".join(_ran_out(one) for one in report.unfinished)
    return say("cli.check.partly" if report.digest else "cli.check.incomplete", checks=checks)


def _ran_out(one: Unfinished) -> str:
    check = said_of("finding", one.check)
    return say("cli.check.ran-out", check=check, at=one.at) if one.at else check


def kept(report: Report) -> str:
    """How many of the ordinary uses the text permits; only where some are stated."""
    assert report.ordinary is not None
    uses, permitted = report.ordinary.uses, report.ordinary.permitted
    return say("ordinary.kept", uses=uses, permitted=permitted, proved=proved(report))


def order(comparison: Comparison) -> tuple[str, str]:
    """The order of two texts as a word, and the sentence behind it."""
    key = comparison.order.key
    if comparison.order is Order.NOT_COMPARED:
        return say(f"order.{key}"), say(f"cli.compare.{key}", why=not_compared(comparison))
    if comparison.trivial:
        return say("covers.trivially", order=say(f"order.{key}")), say("covers.both-empty")
    return say(f"order.{key}"), say(f"cli.compare.{key}")


def inside(comparison: Comparison) -> tuple[str, str, str]:
    """Whether the text after stays inside the text before: a tone, a word and the sentence behind it."""
    names = {"inner": comparison.after, "outer": comparison.before}
    answer = comparison.newly_permitted
    if comparison.order is Order.NOT_COMPARED:
        return comparison.order, *order(comparison)
    if answer.boxes:
        return "looser", say("compare.not-inside"), say("compare.not-inside-told", **names)
    if not answer.complete:
        return "not finished", say("order.unfinished"), say("compare.inside-unfinished")
    if "after" in comparison.empty:
        return "error", say("covers.inside-trivially"), say("covers.empty-inside", **names)
    return "stricter", say("compare.inside"), say("compare.inside-told", **names)


def said_of(table: str, code: str) -> str:
    """What the catalogue says of a kind of finding; its code, in words, where it says nothing."""
    return say(f"{table}.{code}") if knows(f"{table}.{code}") else code.replace("-", " ")
