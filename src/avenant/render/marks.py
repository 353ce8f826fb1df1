"""The prose of a clause cut into pieces, each with the findings whose words it is part of.

    marked("shall not be intentionally used", [Mark(13, 26, 2, ERROR)])
    # "shall not be " · "intentionally" (marked, and finding 2 ends here) · " used"

Marks may overlap: a piece is what lies between two ends, and looks as serious as the worst of its marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from avenant.agreement.types import Clause
from avenant.findings.types import Finding, Severity
from avenant.render.words import Lines, Written, occurrence, places, split_place

_WORST = tuple(Severity)


class Mark(Struct, frozen=True, order=True):
    """A stretch of prose that a finding names."""

    start: int
    end: int
    number: int
    severity: Severity


class Piece(Struct, frozen=True):
    """A run of prose under the same marks: findings first named by it, and those whose words end with it."""

    text: str
    severity: Severity | None
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def marks_on(
    clause: Clause,
    proses: Mapping[str, tuple[Written, str]],
    findings: Iterable[tuple[int, Finding]],
) -> dict[str, list[Mark]]:
    """The marks that findings (number, finding) which name words of a clause leave on it, by language.

    `proses` are the clause and its translations, by language, each with its prose.
    A word is marked in the language of the file that the finding names, else in one in which it stands.
    """
    marks: dict[str, set[Mark]] = {language: set() for language in proses}
    for number, finding in findings:
        for at, word in _named(clause, finding):
            file, _ = split_place(at)
            for language, (written, prose) in sorted(
                proses.items(), key=lambda item: item[1][0].at.file != file
            ):
                if there := places(word, prose):
                    start, end = there[min(occurrence(at, word, written), len(there) - 1)]
                    marks[language].add(Mark(start, end, number, finding.severity))
                    break
    return {language: sorted(found) for language, found in marks.items()}


def named_in(finding: Finding, lines: Lines) -> frozenset[str]:
    """The ids of the clauses that a finding is about, or whose words it names."""
    if finding.box is not None and (finding.box.passes or finding.box.permits):
        named = {p.clause for p in finding.box.passes} | {p.clause for p in finding.box.permits}
    elif finding.clauses:
        named = {spot.clause for spot in finding.clauses}
    else:
        there = lines.get(split_place(finding.at))
        named = {there[0].id} if there else set()
    return frozenset(named | {finding.clause} if finding.clause else named)


def _named(clause: Clause, finding: Finding) -> Iterator[tuple[str, str]]:
    """The words of this clause that a finding names, with their places."""
    if finding.box is not None and finding.box.passes:
        for p in finding.box.passes:
            if p.clause == clause.id:
                yield from ((p.at, word) for word in (p.word, *p.also) if word)
    elif finding.box is not None and finding.box.permits:
        for permit in finding.box.permits:
            if permit.clause == clause.id:
                yield from ((permit.at, word) for word in permit.words)
    elif finding.clauses:
        for spot in finding.clauses:
            if spot.clause == clause.id:
                yield from ((spot.at, word) for word in spot.words)
    else:
        yield from ((finding.at, word) for word in finding.words if word)


def marked(prose: str, marks: Sequence[Mark]) -> tuple[Piece, ...]:
    """The prose in pieces, in order; joined, their texts are the prose."""
    cuts = sorted({0, len(prose), *(m.start for m in marks), *(m.end for m in marks)})
    seen: set[int] = set()
    pieces = []
    for start, end in pairwise(cuts):
        over = [m for m in marks if m.start <= start and end <= m.end]
        begins = dict.fromkeys(m.number for m in over if m.number not in seen)
        seen.update(begins)
        ends = dict.fromkeys(m.number for m in over if m.end == end)
        worst = min((m.severity for m in over), key=_WORST.index, default=None)
        pieces.append(Piece(prose[start:end], worst, tuple(begins), tuple(ends)))
    return tuple(pieces)


def paragraphs(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Pieces by paragraph: an empty line of prose ends one."""
    done: list[list[Piece]] = [[]]
    for piece in pieces:
        texts = piece.text.split("\n\n")
        for i, text in enumerate(texts):
            if i:
                done.append([])
            if text or piece.begins or piece.ends:
                done[-1].append(
                    Piece(
                        text,
                        piece.severity,
                        piece.begins if i == 0 else (),
                        piece.ends if i == len(texts) - 1 else (),
                    )
                )
    return tuple(tuple(paragraph) for paragraph in done if paragraph)
