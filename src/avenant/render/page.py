"""A report as one page of HTML: the text on the left with its words marked, the findings beside them.

    page(report, text, beside)      # a complete file: no script, no request to anywhere

Whatever somebody wrote into a text reaches the page through Jinja2's escaping; nothing here makes HTML of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from msgspec import Struct

from avenant import __version__
from avenant.agreement.types import Clause, InForce
from avenant.analyse.types import Principle, Report
from avenant.findings.types import Box, Finding, Severity
from avenant.languages import language, plural, quoted, say
from avenant.render import covers, said
from avenant.render.marks import Piece, marked, marks_on, named_in, paragraphs
from avenant.render.order import LOOPHOLE, numbered, ways_through
from avenant.render.words import Written, lines_of
from avenant.rules.render import render as rule_in_words
from avenant.vocabulary.phrases import phrase, spoken

SIGNS = {Severity.ERROR: "■", Severity.WARNING: "▲", Severity.NOTE: "●"}


class Card(Struct, frozen=True):
    """One finding, as it stands beside the text."""

    number: int
    finding: Finding
    kind: str
    title: str
    told: str
    beyond: tuple[str, ...]
    reasons: tuple[said.Reason, ...]
    example: str


class Prose(Struct, frozen=True):
    """The prose of a clause in one language, in paragraphs of pieces."""

    language: str
    paragraphs: tuple[tuple[Piece, ...], ...]


class Row(Struct, frozen=True):
    """One clause: its prose, the reader's language first, its rules in words, and what was found in it.

    `elsewhere` are the numbers of findings that stand beside another clause and name words of this one.
    """

    clause: Clause
    title: str
    proses: tuple[Prose, ...]
    anchors: Mapping[int, str]  # finding whose words are marked in it -> the language to look in
    reading: str
    rules: tuple[str, ...]
    cards: tuple[Card, ...]
    elsewhere: tuple[int, ...]


class Tested(Struct, frozen=True):
    """A principle of the summary, with its loopholes."""

    principle: Principle
    ways: str
    findings: tuple[Card, ...]


def page(report: Report, text: InForce, beside: Sequence[Clause] = ()) -> str:
    """The page. `beside` are the clauses of statements beside the text, which it is tested against too."""
    cards = _cards(report, text)
    clauses = [*(c for c in text.clauses if c.kind != "principle"), *text.principles, *beside]
    homes = {id: _home(card.finding, clauses) for id, card in cards.items()}
    naming: dict[str, list[Card]] = {clause.id: [] for clause in clauses}
    lines = lines_of(clauses)
    for card in cards.values():
        for id in naming.keys() & named_in(card.finding, lines):
            naming[id].append(card)
    rows = [
        _row(
            clause,
            text,
            naming[clause.id],
            [c for id, c in cards.items() if homes[id] == clause.id],
        )
        for clause in clauses
    ]
    anchors = {(n, row.clause.id) for row in rows for n in row.anchors}
    return _template().render(
        report=report,
        text=text,
        rows=rows[: len(rows) - len(beside)],
        beside=rows[len(rows) - len(beside) :],
        whole=[card for id, card in cards.items() if homes[id] is None],
        tested=[
            Tested(p, said.ways(p, report), tuple(cards[f.id] for f in ways_through(report, p)))
            for p in report.principles
        ],
        accepted=[card for card in cards.values() if card.finding.accepted],
        outcome=_outcome(report),
        kept=said.kept(report) if report.ordinary else "",
        counts=said.counts(report.findings),
        limits=said.limits(report),
        state=said.state(report),
        lang=language(),
        told_in=language() if language() in text.translations else text.language,
        version=__version__,
        signs=SIGNS,
        anchored=lambda number, clause: (number, clause) in anchors,
        anchor=lambda number, clause: (
            f"w{number}-{clause}" if (number, clause) in anchors else f"c-{clause}"
        ),
        quoted=quoted,
        basis={e.clause: e for e in report.enforced},
        say=say,
        plural=plural,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("avenant.render", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _cards(report: Report, text: InForce) -> dict[str, Card]:
    """Finding id -> its card, in the order of the numbers."""
    through = {f.id: p.label for p in report.principles for f in ways_through(report, p)}
    cards = {}
    for number, finding in enumerate(numbered(report), 1):
        kind = said.said_of("finding", finding.code)
        box = finding.box
        reasons = said.reasons(box) if box is not None else ()
        if finding.id in through and box is not None:
            title = say("render.page.through", principle=through[finding.id])
            told, beyond, example = f"{said.way(box)}.", said.beyond(box), _example(box, text)
        else:
            title, beyond, example = finding.title, (), ""
            told = f"{finding.told[:1].upper()}{finding.told[1:]}"
            told += "" if told.endswith((".", "?", "!", "…")) else "."
        cards[finding.id] = Card(number, finding, kind, title, told, beyond, reasons, example)
    return cards


def _example(box: Box, text: InForce) -> str:
    """The witness in words, on the axes that the box narrows."""
    use = ((axis, box.witness[axis]) for axis in box.leaves if axis in box.witness)
    return say("phrases.part").join(phrase(text.vocabulary, axis, id) for axis, id in use)


def _home(finding: Finding, clauses: Sequence[Clause]) -> str | None:
    """The clause beside which a finding stands: the first that lets a use through, else its own."""
    ids = {c.id for c in clauses}
    reasons = said.reasons(finding.box) if finding.box else ()
    return next((id for id in (*(r.clause for r in reasons), finding.clause) if id in ids), None)


def _row(clause: Clause, text: InForce, naming: Sequence[Card], here: Sequence[Card]) -> Row:
    """A clause with the findings that name it or words of it, and those that stand beside it."""
    mine = clause.translations.get(language())
    written: dict[str, tuple[Written, str]] = {}
    if mine is not None:
        written[language()] = (mine, clause.prose[language()])
    original = next((lang for lang in clause.prose if lang not in clause.translations), "")
    written[original] = (clause, clause.prose.get(original, ""))
    marks = marks_on(clause, written, [(c.number, c.finding) for c in naming])
    anchors: dict[int, str] = {}
    for lang, found in marks.items():
        for mark in found:
            anchors.setdefault(mark.number, lang)
    return Row(
        clause,
        mine.title if mine else clause.title,
        tuple(
            Prose(lang, paragraphs(marked(prose, marks[lang])))
            for lang, (_, prose) in written.items()
            if prose
        ),
        anchors,
        spoken(clause.reading, language()),
        tuple(f"{rule_in_words(rule, text.vocabulary)}." for rule in clause.rules),
        tuple(here),
        tuple(sorted({c.number for c in naming} - {c.number for c in here})),
    )


def _outcome(report: Report) -> tuple[str, str]:
    """What matters most about the text: a tone, and a sentence."""
    if vain := covers.first(report):
        return "error", " ".join(vain)
    if not report.digest:
        return "warning", say("render.not-finished")
    ways = [f for f in report.findings if f.code == LOOPHOLE and not f.accepted]
    if ways:
        through = len({f.clause for f in ways})
        principles = plural("render.page.principles", through)
        told = plural("render.page.ways", len(ways), principles=principles)
        return "error", told
    if report.open_errors:
        return "error", plural("render.page.errors", report.open_errors)
    if not report.principles:
        return "good", say("render.page.no-principles")
    return "good", say("render.page.none", proved=covers.proved(report))
