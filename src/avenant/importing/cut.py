"""Passages -> title, introduction and clauses: what is a clause, what it is called, whether it asks for a rule.

    cut = cut_up(reading, "usage-policy", "en")
    cut.sections[1].id                       # "prohibited-uses"

- A heading begins a clause, whatever its level: a text in force is a list of clauses, and its numbers show its order.
- A numbered paragraph begins one: `2.1` below clause 2, `Article 3`, `§ 4`, and `3.` where clauses are numbered so.
  Its heading is the number, and the few words behind it where they are a name. What is deeper, and `(a)`, stays inside:
  an item says nothing without its lead-in.
- An id is made of the heading's words, or of the clause above and the last number; the second of the same gets `-2`.
- A clause is operative, and gets a slot for its rule, when it says that somebody must, may or may not; where none says
  so, each does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from avenant.errors import Span
from avenant.importing.numbers import Number, numbered
from avenant.importing.types import Passage, Reading, Run
from avenant.languages import say
from avenant.languages.patterns import any_pattern
from avenant.source.markdown import Heading

_LONGEST_HEADING = 120  # characters; a heading longer than that is a paragraph in a heading's style
_LONGEST_NAME = 8  # words behind a number that are a clause's heading, and not its first sentence
_LONGEST_ID = 36

SectionKind = Literal["operative", "declaratory", "definitions", "heading"]


@dataclass(slots=True)
class Section:
    """A clause to be: heading and id, its passages; `ours` when its heading is not in the source."""

    id: str
    heading: str
    passages: list[Passage] = field(default_factory=list)
    kind: SectionKind = "heading"
    ours: bool = False

    @property
    def number(self) -> str:
        """The number that a reader of the format finds in the heading."""
        return Heading(2, self.heading, self.id, frozenset(), Span("", 1)).number


class Cut(Struct, frozen=True):
    """A source cut up; `titled` when the title stands in the source."""

    title: str
    titled: bool
    introduction: tuple[Passage, ...]
    sections: tuple[Section, ...]
    renumbered: tuple[str, ...]  # headings whose number another clause has already


def cut_up(reading: Reading, title: str, language: str) -> Cut:
    """Cut up a reading; `title` is used where neither the words nor the file itself say one."""
    passages = list(reading.passages)
    titled = _is_title(passages)
    if titled:
        title = passages.pop(0).words
    elif reading.title:
        title = reading.title
    introduction, sections = _Cutter(passages).cut()
    if not any(section.passages for section in sections):
        # A text without headings, or of headings alone, is one clause.
        whole = Section("", say("import.heading-text", lang=language), passages, ours=True)
        introduction, sections = [], [whole]
    elif _operative(introduction):
        heading = say("import.heading-preamble", lang=language)
        sections = [Section("", heading, introduction, ours=True), *sections]
        introduction = []
    _name(sections)
    for section in sections:
        section.kind = _kind(section)
    if not any(section.kind == "operative" for section in sections):
        # Where no clause is told to bind by its words, whoever reads it says which does.
        for section in sections:
            section.kind = "operative" if section.passages else "heading"
    return Cut(title, titled, tuple(introduction), tuple(sections), _number(sections))


def _is_title(passages: Sequence[Passage]) -> bool:
    """Whether the first passage is the title: styled so, or the one heading of its level before numbered ones."""
    if len(passages) < 2:
        return False
    first, *rest = passages
    if first.kind == "title":
        return True
    if first.kind != "heading" or numbered(first.words):
        return False
    alike = [p for p in rest if p.kind == "heading" and p.level <= first.level]
    return all(numbered(p.words) for p in alike)


class _Cutter:
    """Walks the passages of a text and knows in which numbered clause it stands."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        headings = [p for p in passages if p.kind == "heading"]
        # Where nothing is marked up as a heading, a short bold line is one.
        self._bold_heads = not headings
        self._sections: list[Section] = []
        self._introduction: list[Passage] = []
        self._top = ""  # the first part of the number of the clause we stand in
        self._last = 0  # the last clause numbered plainly, `3.`
        self._enumerating = False  # a lead-in, `…:`, stands before
        self._listing = False  # a passage of this clause is numbered plainly: it is a list's

    def cut(self) -> tuple[list[Passage], list[Section]]:
        for passage in self._passages:
            if self._heads(passage):
                self._begin(passage.words)
            elif (number := self._numbers(passage)) is None:
                self._keep(passage)
            elif _is_name(number.rest):
                self._begin(passage.words)
            else:
                self._begin(number.mark)
                if number.rest:
                    self._keep(
                        Passage("paragraph", _without(passage, number), strong=passage.strong)
                    )
        return self._introduction, self._sections

    def _begin(self, words: str) -> None:
        found = numbered(words)
        bare = re.fullmatch(r"(\d{1,3})\s+(\D.*)", words)
        # `3 Scope` is numbered where the number is the next one; it is written as the format reads it.
        if bare and int(bare[1]) == self._last + 1:
            words = f"{bare[1]}. {bare[2]}"
            found = numbered(words)
        if found:
            self._top = found.chain[0]
            if len(found.chain) == 1 and found.number.isdigit():
                self._last = int(found.number)
        self._sections.append(Section("", words))
        self._enumerating = self._listing = False

    def _keep(self, passage: Passage) -> None:
        (self._sections[-1].passages if self._sections else self._introduction).append(passage)
        if passage.kind != "item":
            self._enumerating = passage.words.endswith(":")
        found = numbered(passage.words) if passage.level == 0 else None
        self._listing = self._listing or (found is not None and len(found.chain) == 1)

    def _heads(self, passage: Passage) -> bool:
        words = passage.words
        if passage.kind in ("heading", "title"):
            found = numbered(words)
            rest = found.rest if found else words
            return len(rest) <= _LONGEST_HEADING and not (
                rest.endswith((".", ";", ":")) and len(rest.split()) > 12
            )
        return (
            self._bold_heads
            and passage.kind == "paragraph"
            and passage.strong
            and len(words) <= _LONGEST_HEADING
            and not words.endswith((".", ";", ":", ","))
            and words[:1].isalnum()
        )

    def _numbers(self, passage: Passage) -> Number | None:
        """The number of a paragraph that begins a clause by it."""
        found = None if passage.kind == "row" else numbered(passage.words)
        if found is None:
            return None
        inside = self._sections[-1].heading if self._sections else ""
        # What is defined may be numbered, too: below definitions, only the next clause begins one.
        defining = _defines(inside)
        if found.named:
            # `Section 3 of this agreement` refers to one.
            begins = not found.rest or not found.rest[:1].islower()
            return found if begins and passage.kind != "item" else None
        if len(found.chain) == 2:
            below = found.chain[0] == self._top and not defining
            return found if below and found.rest else None
        plain = (
            len(found.chain) == 1
            and not self._listing
            and found.number.isdigit()
            and int(found.number) == self._last + 1
            and not self._enumerating
            and passage.level == 0
            and bool(found.rest)
            and (not defining or numbered(inside) is not None)
        )
        # A numbered list below a heading is a list; without any heading it is the text.
        if plain and (self._bold_heads or passage.kind != "item"):
            return found
        return None


def _is_name(words: str) -> bool:
    """Whether what stands behind a number is what the clause is called: a few words, and no sentence."""
    return (
        words[:1].isupper()
        and len(words.split()) <= _LONGEST_NAME
        and not words.endswith((".", ";", ":", ",", "?", "!"))
        and not _duty(words)
    )


def _without(passage: Passage, number: Number) -> tuple[Run, ...]:
    """The runs of a passage behind its number."""
    if passage.marker and " ".join(passage.marker.split()) == number.mark:
        return passage.runs
    left = len(number.mark.replace(" ", ""))
    if passage.marker:
        left -= len(passage.marker.replace(" ", ""))
    runs: list[Run] = []
    for run in passage.runs:
        words = run.words
        at = 0
        while left and at < len(words):
            left -= not words[at].isspace()
            at += 1
        runs.append(Run(words[at:], run.url))
    first = " ".join(run.words for run in runs).lstrip()
    if re.match(r"[:–—-]\s", first):
        # The sign between a number and its words says nothing.
        runs[0] = Run(re.sub(r"^\s*[:–—-]\s+", "", runs[0].words), runs[0].url)
    return tuple(runs)


def _duty(words: str) -> bool:
    """Whether words say that somebody must, may or may not."""
    return any_pattern("duty", r"\b(?:{})\b").search(words) is not None


def _defines(heading: str) -> bool:
    """Whether a heading is that of definitions."""
    return any_pattern("definitions-heading", r"(?:{})\b").match(_bare(heading)) is not None


def _operative(passages: Sequence[Passage]) -> bool:
    return any(_duty(passage.words) for passage in passages)


def _kind(section: Section) -> SectionKind:
    if _defines(section.heading):
        return "definitions"
    if not section.passages:
        return "heading"
    return "operative" if _operative(section.passages) else "declaratory"


def _bare(heading: str) -> str:
    """A heading without its number."""
    found = numbered(heading)
    return re.sub(r"^(\(?\w{1,4}[.)])\s+", "", found.rest if found else heading)


def _name(sections: Sequence[Section]) -> None:
    """Give each section its id; INVARIANT after this: ids are unique, and the same for the same source."""
    taken: set[str] = set()
    above = {"": "clause"}  # number -> id of the clause that has it
    for section in sections:
        found = numbered(section.heading)
        bare = _bare(section.heading)
        if found and not bare.strip(".):–—- "):
            *before, last = found.chain
            parent = above.get(".".join(before)) or above.get(before[0] if before else "", "clause")
            id = f"{parent}-{last}"
        else:
            id = slug(bare) or "clause"
        id = unique(id, taken)
        section.id = id
        if found:
            above.setdefault(found.number, id)


def unique(id: str, taken: set[str]) -> str:
    """The id, or the first of `id-2`, `id-3` … that is not taken; it is taken then."""
    found, n = id, 1
    while found in taken:
        n += 1
        found = f"{id}-{n}"
    taken.add(found)
    return found


def slug(words: str) -> str:
    """Words as an id: ASCII, small letters and hyphens, without articles and prepositions; empty where none is left.

    >>> slug("Les usages interdits de l'assistant (2026)")
    'usages-interdits-assistant-2026'
    """
    plain = unicodedata.normalize("NFKD", words.replace("œ", "oe").replace("Œ", "oe"))
    parts = re.findall(
        r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower().replace("'", " ")
    )
    meant = [part for part in parts if not any_pattern("not-in-ids").fullmatch(part)] or parts
    id = ""
    for part in meant:
        if id and len(id) + 1 + len(part) > _LONGEST_ID:
            break
        id = f"{id}-{part}" if id else part[:_LONGEST_ID]
    return id if not id or id[0].isalpha() else f"n-{id}"


def _number(sections: Sequence[Section]) -> tuple[str, ...]:
    """Write a number that another clause has already as `3)`, which is none; INVARIANT: no number stands twice then."""
    taken: set[str] = set()
    changed = []
    for section in sections:
        number = section.number
        if number and number in taken:
            found = numbered(section.heading)
            mark = found.mark if found else section.heading
            rest = section.heading.removeprefix(mark)
            section.heading = f"{mark.rstrip('.')}){rest}"
            changed.append(section.heading)
        elif number:
            taken.add(number)
    return tuple(changed)
