"""A section of a document -> a clause, whose kind follows from what it holds.

| holds | kind |
|---|---|
| `.principle` in its heading, and rules | principle: tested, never enforced |
| a `cedar` block with rules | binding |
| `.definitions`, or a `vocabulary`, `facts` or `switches` block | definitions |
| prose alone, with or without a slot for a rule | declaratory |

A red line is a clause of rules; a principle is none; a clause of rules without words is an error. A heading with
nothing below it only names what follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from avenant.agreement.types import Choice, Clause, ClauseKind, Reference, Translation
from avenant.errors import Span
from avenant.rules.types import Word
from avenant.source.diagnostics import Diagnostics
from avenant.source.inline import Link
from avenant.source.markdown import Heading, Section


def read_clause(
    section: Section, instrument: int, language: str, faults: Diagnostics, *, stated: bool = False
) -> Clause:
    """The clause of a section with a heading; its rules and scenarios are read when it is consolidated.

    `stated`: it was said beside the text, where a passage may be `.announced`.
    """
    heading = section.heading
    assert heading is not None, "only what stands below a heading is a clause"
    kind = _kind(section, heading, stated, faults)
    if not heading.id:
        faults.add("no-clause-id", heading.at, words=heading.words or "…")
    elif not section.paragraphs and any(block.language == "cedar" for block in section.blocks):
        faults.add("no-prose", heading.at, clause=heading.id)
    readings = section.noted("reading")
    return Clause(
        id=heading.id,
        number="" if kind == "principle" else heading.number,
        title=heading.title,
        prose={language: section.prose},
        reading={language: " ".join(words for words, _ in readings)} if readings else None,
        kind=kind,
        words=_words(section.links),
        blocks=tuple(section.blocks),
        rules=(),
        scenarios=(),
        choices=tuple(Choice(words, at) for words, at in section.noted("encoding")),
        red_line="red-line" in heading.classes,
        accepted=_accepted(section, faults),
        instrument=instrument,
        at=section.at,
        source=section.source,
        references=_references(section),
    )


def _kind(section: Section, heading: Heading, stated: bool, faults: Diagnostics) -> ClauseKind:
    languages = {block.language for block in section.blocks if not block.slot}
    ruled = "cedar" in languages
    if "announced" in heading.classes and not stated:
        faults.add("announced-clause", heading.at, clause=heading.id)
    for mark in ("principle", "red-line"):
        if mark in heading.classes and not ruled:
            faults.add(f"{mark}-without-rules", heading.at, clause=heading.id)
    if {"principle", "red-line"} <= heading.classes:
        faults.add("principle-red-line", heading.at, clause=heading.id)
    if "definitions" in heading.classes and (ruled or "principle" in heading.classes):
        faults.add("definitions-with-rules", heading.at, clause=heading.id)
    if "principle" in heading.classes:
        return "principle"
    if ruled:
        return "binding"
    if "definitions" in heading.classes or languages & {"vocabulary", "facts", "switches"}:
        return "definitions"
    return "declaratory"


def _words(links: Sequence[Link]) -> tuple[Word, ...]:
    return tuple(
        Word(link.text, link.axis, link.category, link.at)
        for link in links
        if link.axis is not None and link.category is not None
    )


def _references(section: Section) -> tuple[Reference, ...]:
    """Links that stand for no test: to clauses, and to categories from a note."""
    clauses = [
        Reference(None, link.clause, link.at)
        for link in (*section.links, *section.asides)
        if link.clause is not None
    ]
    noted = [Reference(word.axis, word.category, word.at) for word in _words(section.asides)]
    return (*clauses, *noted)


def _accepted(section: Section, faults: Diagnostics) -> Mapping[str, str]:
    accepted: dict[str, str] = {}
    places: dict[str, Span] = {}
    for words, at in section.noted("accepted"):
        finding, _, reason = words.partition(": ")
        if not reason.strip() or " " in finding:
            faults.add("accepted-without-reason", at, words=words)
        elif finding in accepted:
            faults.collide("accepted-twice", at, places[finding], finding=finding)
        else:
            accepted[finding], places[finding] = reason.strip(), at
    return accepted


def translated(clause: Clause, section: Section, language: str, faults: Diagnostics) -> Clause:
    """The clause with its prose, reading and words in one more language; the same words must be linked."""
    heading = section.heading
    assert heading is not None, "sections of clauses have headings"
    found = _words(section.links)
    meant, said = Counter(_targets(clause.words)), Counter(_targets(found))
    for code, words in (
        ("translation-lacks-word", meant - said),
        ("translation-adds-word", said - meant),
    ):
        for word in words:
            faults.add(code, section.at, clause=clause.id, word=word)
    named = {reference.target for reference in clause.references if reference.axis is None}
    for link in section.links:
        if link.clause is not None and link.clause not in named:
            word = f"#{link.clause}"
            faults.add("translation-adds-word", link.at, clause=clause.id, word=word)
    if heading.number != clause.number and clause.kind != "principle":
        faults.add("translation-number", heading.at, clause=clause.id, number=clause.number)
    for mark in sorted(heading.classes - _marks(clause)):
        faults.add("translation-mark", heading.at, clause=clause.id, mark=f".{mark}")
    for block in section.blocks:
        faults.add("translation-with-block", block.at.down(-1), language=block.language)
    for kind in ("encoding", "accepted"):
        for _, at in section.noted(kind):
            faults.add("translation-with-note", at)
    if bool(section.paragraphs) != bool(next(iter(clause.prose.values()))):
        faults.add("translation-prose", section.at, clause=clause.id)
    readings = section.noted("reading")
    if bool(readings) != bool(clause.reading):
        faults.add("translation-reading", section.at, clause=clause.id)
    reading = {**(clause.reading or {}), language: " ".join(words for words, _ in readings)}
    return replace(
        clause,
        prose={**clause.prose, language: section.prose},
        reading=reading if readings else clause.reading,
        words=tuple(_also_said(clause.words, found, language)),
        translations={
            **clause.translations,
            language: Translation(heading.title, section.at, section.source),
        },
    )


def _marks(clause: Clause) -> set[str]:
    """The marks that a translation may repeat: what the clause is, and that it was announced beside the text."""
    own = (("red-line", clause.red_line), ("announced", clause.instrument < 0))
    return {clause.kind, *(mark for mark, holds in own if holds)}


def _targets(words: Sequence[Word]) -> Iterator[str]:
    return (f"#{word.axis}.{word.category}" for word in words)


def _also_said(words: Sequence[Word], translated: Sequence[Word], language: str) -> Iterator[Word]:
    """Each word with the translation's for it: words of one category stand for each other in order."""
    left = list(translated)
    for word in words:
        alike = (w for w in left if (w.axis, w.category) == (word.axis, word.category))
        also = next(alike, None)
        if also is None:
            yield word
            continue
        left.remove(also)
        said = (language, also.written, also.place)
        yield replace(word, translations=(*word.translations, said))
