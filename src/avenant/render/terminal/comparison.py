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

from avenant.analyse.boxes import conditions
from avenant.analyse.types import Answer, Comparison, Principle, Segment, TextChange
from avenant.findings.types import Box, Order
from avenant.languages import plural, say
from avenant.render.covers import one_sided, over
from avenant.render.said import headed_by, inside, order, way
from avenant.render.terminal.screen import STYLES, Screen, word

T = TypeVar("T")

_WAY = 39  # column at which a box is said, behind the clause that it is owed to
_MOST = 8  # boxes, lines beside or clauses that are shown unless all are asked for
_LABELS = 2  # clauses that are named beside a box
_AROUND = 8  # words that are shown on each side of a change
_LONGEST = 40  # words of a struck or inserted passage that are shown


_MARKS = {  # where there are no colours, and where there are
    "same": ("", "", ""),
    "struck": ("[-", "-]", "red strike"),
    "inserted": ("{+", "+}", "green"),
}


class Shown(Enum):
    """How much of a comparison is shown."""

    BRIEF = 0  # without the words
    CUT = 1
    WHOLE = 2


def show_comparison(comparison: Comparison, shown: Shown) -> None:
    """The whole comparison of two texts."""
    screen = Screen()
    name, told = order(comparison)
    tone = "error" if comparison.trivial else comparison.order
    screen.row(word(tone, name) + Line(f"   {told}"))
    _covered(screen, comparison)
    _boxes(screen, comparison.newly_refused, "+", "green", shown)
    _boxes(screen, comparison.newly_permitted, "-", "red", shown)
    beside = _cut(comparison.beside, shown)
    for finding in beside:
        screen.columns(f"  ~ {finding.title}", finding.message, _WAY)
    _and_more(screen, len(comparison.beside) - len(beside))
    if comparison.still_open:
        first, *others = comparison.still_open
        counts = (
            f"{first.label} {plural('cli.check.ways-short', first.ways)}{_before(first)}",
            *(f"{p.label} {p.ways}{_before(p)}" for p in others),
        )
        still_open = say("cli.compare.still-open")
        screen.columns(f"  = {still_open}", " · ".join(counts), _WAY, "yellow")
    for finding in comparison.findings:
        kind = word(finding.severity, say(f"severity.{finding.severity}"))
        screen.row(Line("  ! ") + kind + Line(f"  {finding.message}"), finding.at)
    _bodies(screen, comparison)
    if shown is not Shown.BRIEF:
        _changes(screen, comparison.changes, shown)


def show_inside(comparison: Comparison, shown: Shown) -> None:
    """Whether the text after permits nothing that the text before refuses, and the boxes that break it."""
    screen = Screen()
    tone, name, told = inside(comparison)
    screen.row(word(tone, name) + Line(f"   {told}"))
    _covered(screen, comparison)
    # What breaks the frame is headed by the clauses of the frame that refuse it.
    answer = comparison.newly_permitted
    for box in _cut(answer.boxes, shown):
        outer = comparison.before.partition("@")[0]
        _box(screen, f"  - {outer} {_named(box.refused_by)}", box, "red")
    _rest(screen, answer, shown)
    _bodies(screen, comparison)


def _covered(screen: Screen, comparison: Comparison) -> None:
    """Over which clauses the answer holds, and which have a rule in one text only."""
    if comparison.order is not Order.NOT_COMPARED:
        screen.text(say("covers.answer", clauses=over(comparison)), 2, "dim")
    for side in one_sided(comparison):
        screen.text(side, 2, "yellow")


def _boxes(screen: Screen, answer: Answer, sign: str, style: str, shown: Shown) -> None:
    """The boxes of one side: `+` newly refused, `-` newly permitted."""
    for box in _cut(answer.boxes, shown):
        _box(screen, f"  {sign} {_named(headed_by(box))}", box, style)
    _rest(screen, answer, shown)


def _box(screen: Screen, heading: str, box: Box, style: str) -> None:
    screen.columns(heading, way(box), _WAY, style)
    for what in conditions(box):
        screen.columns("", what, _WAY, "dim")


def _rest(screen: Screen, answer: Answer, shown: Shown) -> None:
    """How many boxes are not shown, and whether the search came to its end."""
    _and_more(screen, len(answer.boxes) - len(_cut(answer.boxes, shown)))
    if answer.boxes and not answer.complete:
        key = "cli.check.cut-off-others" if answer.others else "cli.check.cut-off"
        screen.row(word("not finished", say(key, count=len(answer.boxes))))


def _named(labels: Sequence[str]) -> str:
    if len(labels) <= _LABELS:
        return ", ".join(labels)
    return say("cli.ask.many-clauses", first=labels[0], count=len(labels) - 1)


def _before(principle: Principle) -> str:
    if principle.was is None or principle.was == principle.ways:
        return ""
    return say("compare.ways-before", was=principle.was)


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
    for segments in _told(change, shown):
        for line in _lines(segments, screen.coloured, shown):
            screen.row(Line("      ") + line)


def _told(change: TextChange, shown: Shown) -> Sequence[Sequence[Segment]]:
    """The words that are shown: of what came or went whole, only when all is asked for."""
    if shown is Shown.WHOLE:
        return change.segments, change.encoding
    if change.kind in ("inserted", "repealed"):
        return ()
    return (change.encoding if change.kind == "encoding" else change.segments,)


def _effect(change: TextChange) -> Line:
    match change.effect:
        case None:
            return Line(say("compare.tested-only"), "dim")
        case Order.EQUAL:
            return Line(say("compare.no-decision"), STYLES["equal"])
        case effect:
            return word(effect, say(f"compare.does-{Order(effect).key}"))


def _lines(segments: Sequence[Segment], coloured: bool, shown: Shown) -> Iterator[Line]:
    """The words that changed, with a few around them: a line for each paragraph that has some."""
    for paragraph in _paragraphs(segments):
        if all(segment.kind == "same" for segment in paragraph):
            continue
        line = Line()
        for i, segment in enumerate(paragraph):
            words = segment.text.strip()
            if shown is not Shown.WHOLE:
                words = _shortened(words, segment.kind, i == 0, i == len(paragraph) - 1)
            if line.plain and _apart(line.plain, segment.text):
                line.append(" ")
            begin, end, style = _MARKS[segment.kind]
            line.append(words, style) if coloured else line.append(f"{begin}{words}{end}")
        yield line


def _apart(before: str, text: str) -> bool:
    """Whether a space stands between: as written, and between two words that were never side by side."""
    return text[:1].isspace() or (before[-1:].isalnum() and text[:1].isalnum())


def _paragraphs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The runs of words, cut where a paragraph ends; none is empty."""
    paragraph: list[Segment] = []
    for segment in segments:
        for i, text in enumerate(segment.text.split("\n")):
            if i and paragraph:
                yield paragraph
                paragraph = []
            if text.strip():
                paragraph.append(Segment(segment.kind, text))
    if paragraph:
        yield paragraph


def _shortened(text: str, kind: str, first: bool, last: bool) -> str:
    words = text.split(" ")
    if kind != "same":
        return text if len(words) <= _LONGEST else " ".join((*words[:_LONGEST], "…"))
    head = [] if first else words[:_AROUND]
    tail = [] if last else words[-_AROUND:]
    if len(words) <= len(head) + len(tail):
        return text
    return " ".join((*head, "…", *tail))


def _cut(listed: Sequence[T], shown: Shown) -> Sequence[T]:
    return listed if shown is Shown.WHOLE else listed[:_MOST]


def _and_more(screen: Screen, count: int) -> None:
    if count:
        screen.text(plural("compare.and-more", count), 4, "dim")
