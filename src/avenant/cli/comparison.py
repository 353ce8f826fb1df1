"""A Comparison on the screen; nothing is computed here.

    show_comparison(comparison, Shown.WHOLE)

The order first, then the boxes each way, what changed beside them and what stays open; then the words that changed,
each clause with what it does. Long lists are cut, and say how to see all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TypeVar

from rich.text import Text as Line

from avenant.analyse.types import Answer, Comparison, Order, Segment, TextChange
from avenant.cli.screen import STYLES, Screen, word
from avenant.messages import plural, say
from avenant.render.said import order, way

T = TypeVar("T")

_WAY = 39  # column at which a box is said, behind the clause that it is owed to
_MOST = 8  # boxes, lines beside or clauses that are shown unless all are asked for
_AROUND = 8  # words that are shown on each side of a change
_LONGEST = 40  # words of a struck or inserted passage that are shown


class Shown(Enum):
    """How much of a comparison is shown."""

    BRIEF = 0  # without the words
    CUT = 1
    WHOLE = 2


def show_comparison(comparison: Comparison, shown: Shown) -> None:
    """The whole comparison of two texts."""
    screen = Screen()
    name, told = order(comparison)
    screen.row(word(comparison.order, name) + Line(f"   {told}"))
    _findings(screen, comparison)
    _boxes(screen, comparison.newly_refused, "+", "green", shown)
    _boxes(screen, comparison.newly_permitted, "-", "red", shown)
    beside = _cut(comparison.beside, shown)
    for finding in beside:
        screen.columns(f"  ~ {finding.title}", finding.message, _WAY)
    _and_more(screen, len(comparison.beside) - len(beside))
    if comparison.still_open:
        first, *others = comparison.still_open
        told = f"{first.label} {plural('cli.check.ways-short', first.ways)}"
        open_ways = " · ".join((told, *(f"{p.label} {p.ways}" for p in others)))
        screen.columns(f"  = {say('cli.compare.still-open')}", open_ways, _WAY, "yellow")
    _bodies(screen, comparison)
    if shown is not Shown.BRIEF:
        _changes(screen, comparison.changes, shown)


def show_inside(comparison: Comparison, shown: Shown) -> None:
    """Whether the text after permits nothing that the text before refuses, and the boxes that break it."""
    screen = Screen()
    answer = comparison.newly_permitted
    names = {"inner": comparison.after, "outer": comparison.before}
    if answer.boxes:
        line = word("looser", say("compare.not-inside")) + Line(
            "   " + say("compare.not-inside-told", **names)
        )
    elif answer.complete:
        line = word("stricter", say("compare.inside")) + Line(
            "   " + say("compare.inside-told", **names)
        )
    else:
        line = word("not finished", say("order.unfinished")) + Line(
            "   " + say("compare.inside-unfinished")
        )
    screen.row(line)
    _boxes(screen, answer, "-", "red", shown)
    _bodies(screen, comparison)


def _findings(screen: Screen, comparison: Comparison) -> None:
    for finding in comparison.findings:
        line = word(finding.severity, say(f"severity.{finding.severity}"))
        screen.row(Line("  ") + line + Line(f"  {finding.message}"), finding.at)


def _boxes(screen: Screen, answer: Answer, sign: str, style: str, shown: Shown) -> None:
    boxes = _cut(answer.boxes, shown)
    for box in boxes:
        by = box.refused_by or box.permitted_by
        screen.columns(f"  {sign} {', '.join(by)}", way(box), _WAY, style)
        # What is let through is said to the end: without it, two boxes can look like one.
        if sign == "-" and box.background:
            screen.columns("", say("cli.check.background", what=box.background), _WAY, "dim")
    _and_more(screen, len(answer.boxes) - len(boxes))
    if not answer.complete:
        screen.row(word("not finished", say("cli.check.cut-off", count=len(answer.boxes))))


def _bodies(screen: Screen, comparison: Comparison) -> None:
    if not comparison.bodies:
        return
    said = (
        say(
            "compare.body-stated" if b.stated else "compare.body-same",
            body=b.body,
            counts_as=b.counts_as,
        )
        for b in comparison.bodies
    )
    screen.columns(f"  · {say('compare.bodies')}", ", ".join(said), _WAY, "dim")


def _changes(screen: Screen, changes: Sequence[TextChange], shown: Shown) -> None:
    if not changes:
        return
    screen.blank()
    screen.row(Line(say("compare.words"), "bold"))
    cut = _cut(changes, shown)
    for change in cut:
        _change(screen, change, shown)
    _and_more(screen, len(changes) - len(cut))


def _change(screen: Screen, change: TextChange, shown: Shown) -> None:
    what = say(f"compare.kind-{change.kind}")
    if change.was is not None:
        what += say("compare.by-words" if change.by_words else "compare.was", was=change.was)
    line = Line(f"  {change.label}".ljust(_WAY - 1) + " ").append(f"{what} · ", "dim")
    screen.row(line + _effect(change), change.at)
    whole = change.kind in ("inserted", "repealed")
    for segments, always in ((change.segments, not whole), (change.encoding, False)):
        changed = any(s.kind != "same" for s in segments)
        encoded = segments is change.encoding and change.kind == "encoding"
        if changed and (always or encoded or shown is Shown.WHOLE):
            for line in _lines(segments, screen.coloured, shown):
                screen.row(Line("      ") + line)


def _effect(change: TextChange) -> Line:
    match change.effect:
        case None:
            return Line(say("compare.tested-only"), "dim")
        case Order.EQUAL:
            return Line(say("compare.no-decision"), STYLES["equal"])
        case effect:
            name = Order(effect).name.lower()
            return word(effect, say(f"compare.does-{name}"))


def _lines(segments: Sequence[Segment], coloured: bool, shown: Shown) -> Iterator[Line]:
    """The words that changed, with a few around them; a line for each paragraph."""
    line = Line()
    last = len(segments) - 1
    for i, segment in enumerate(segments):
        text = segment.text
        gap = text[: len(text) - len(text.lstrip())]
        text = text.strip()
        if "\n" in gap and line.plain.strip(" …"):
            yield line
            line = Line()
        elif line.plain and not gap and line.plain[-1:].isalnum() and text[:1].isalnum():
            gap = " "
        line.append(" " if line.plain and gap else "")
        if shown is not Shown.WHOLE:
            text = _shortened(text, segment.kind, i == 0, i == last)
        match segment.kind:
            case "struck":
                line.append(text if coloured else f"[-{text}-]", "red strike" if coloured else "")
            case "inserted":
                line.append(text if coloured else f"{{+{text}+}}", "green" if coloured else "")
            case "same":
                line.append(text)
    if line.plain.strip(" …"):
        yield line


def _shortened(text: str, kind: str, first: bool, last: bool) -> str:
    words = text.split()
    if kind != "same":
        return text if len(words) <= _LONGEST else " ".join((*words[:_LONGEST], "…"))
    head = words[:_AROUND] if not first else []
    tail = words[-_AROUND:] if not last else []
    if len(words) <= len(head) + len(tail):
        return " ".join(words)
    return " ".join((*head, "…", *tail))


def _cut(listed: Sequence[T], shown: Shown) -> Sequence[T]:
    return listed if shown is Shown.WHOLE else listed[:_MOST]


def _and_more(screen: Screen, count: int) -> None:
    if count:
        screen.text(plural("compare.and-more", count), 4, "dim")
