"""A document -> an instrument: an agreement with its clauses, an amendment with its changes, an admission.

    ## Replace {#surveillance}
    ### 8. Domestic surveillance {#surveillance .red-line}

An amendment has one heading of level 2 for each change, on a stable clause id, and the new clause below it at
level 3. An admission is front matter alone, with prose that explains it. The other kinds are read, so that a dossier
that holds them can be shown; no text is derived from them yet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from avenant.agreement.reading.clauses import read_clause
from avenant.agreement.reading.front import Front
from avenant.agreement.reading.verbs import AT_THE_END, verb_of, verbs
from avenant.agreement.types import (
    Admission,
    Change,
    Clause,
    Core,
    Digest,
    Instrument,
    InstrumentKind,
    StatedOrder,
)
from avenant.errors import Span
from avenant.languages import LANGUAGES, say
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import Document, Heading, Section
from avenant.vocabulary.read import core

KINDS: tuple[InstrumentKind, ...] = (
    "agreement",
    "amendment",
    "admission",
    "suspension",
    "withdrawal",
    "termination",
    "key-change",
)
EVERY = ("avenant", "agreement", "instrument", "number", "title", "language", "label")
_DATED = (*EVERY, "effective", "sources")
_LATER = (*_DATED, "previous", "order")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "agreement": (*_DATED, "vocabulary", "parties"),
    "admission": (*_LATER, "admits"),
}
ORDERS: tuple[Literal["stricter", "equal", "looser", "incomparable"], ...] = (
    "stricter",
    "equal",
    "looser",
    "incomparable",
)


class FileName(Struct, frozen=True):
    """`1-amendment.md`, or `1-amendment.fr.md`: a number, a kind, and a translation's language."""

    number: int
    kind: str
    language: str | None
    name: str

    @property
    def stem(self) -> str:
        """`1-amendment`: the name of the instrument's envelopes too."""
        return f"{self.number}-{self.kind}"


def read_instrument(
    document: Document, name: FileName, digest: Digest, faults: Diagnostics
) -> Instrument | None:
    """The instrument of a document; after a fault its fields may be fillers, and the caller raises."""
    if document.front is None:
        return None
    front = Front(document.front, FIELDS.get(name.kind, _LATER), faults)
    header(front, name, faults)
    language = front.choice("language", LANGUAGES)
    introduction, sections = document.sections[0], list(document.sections[1:])
    if sections and (heading := sections[0].heading) and heading.level == 1:
        if introduction.prose or introduction.blocks:
            faults.add("words-before-title", Span(name.name, introduction.at.line))
        introduction = sections.pop(0)
    check_introduction(introduction, faults)
    named = _core(front, faults) if name.kind == "agreement" else None
    clauses: tuple[Clause, ...] = ()
    changes: tuple[Change, ...] = ()
    admission = None
    match name.kind:
        case "agreement":
            clauses = tuple(_clauses(sections, 2, name.number, language, faults))
            if not clauses:
                faults.add("no-clauses", front.at)
        case "amendment":
            changes = tuple(_changes(sections, name.number, language, faults))
            if not changes:
                faults.add("no-changes", front.at)
        case _:
            for section in sections:
                faults.add("holds-clauses", section.at, kind=name.kind)
            admission = _admission(front, name, faults) if name.kind == "admission" else None
    return Instrument(
        agreement=front.word("agreement"),
        number=name.number,
        kind=next((k for k in KINDS if k == name.kind), "agreement"),
        title=front.word("title"),
        language=language,
        effective=front.instant("effective"),
        previous=front.digest("previous"),
        parties=front.parties() if name.kind == "agreement" else (),
        sources=front.sources(),
        label=front.maybe("label"),
        core=named,
        clauses=clauses,
        changes=changes,
        admission=admission,
        files={name.name: digest},
        digest=digest,
        file=name.name,
        introduction=introduction.prose,
        order=_stated_order(front),
    )


def _core(front: Front, faults: Diagnostics) -> Core:
    named = Core(front.word("vocabulary"), front.place("vocabulary"))
    with faults.collect():
        if named.id:
            core(named.id, named.at)
    return named


def _stated_order(front: Front) -> StatedOrder | None:
    if "order" not in front:
        return None
    word = front.choice("order", ORDERS)
    at = front.place("order")
    return next((StatedOrder(order, at) for order in ORDERS if order == word), None)


def header(front: Front, name: FileName, faults: Diagnostics) -> None:
    """What every file of the dossier says of itself must be what its name says."""
    front.check_format()
    kind = front.choice("instrument", KINDS)
    if kind in KINDS and kind != name.kind:
        faults.add("kind-differs", front.place("instrument"), kind=kind, file=name.name)
    number = front.number("number")
    if "number" in front and number != name.number:
        faults.add("number-differs", front.place("number"), number=number, file=name.name)
    agreement = front.word("agreement")
    if agreement and not re.fullmatch(r"[a-z][a-z0-9-]*", agreement):
        faults.add("bad-id", front.place("agreement"), id=agreement)


def check_introduction(section: Section, faults: Diagnostics) -> None:
    """What stands before the first clause explains, and binds nobody: no rules, no words, no notes."""
    for block in section.blocks:
        faults.add("block-outside-clause", block.at.down(-1), language=block.language)
    for link in section.links:
        if link.axis is not None:
            faults.add("word-outside-clause", link.at, word=link.text)
    for _, _, at in section.notes:
        faults.add("note-outside-clause", at)


def _clauses(
    sections: Sequence[Section], level: int, number: int, language: str, faults: Diagnostics
) -> Iterator[Clause]:
    seen: dict[str, Span] = {}
    for section in sections:
        heading = section.heading
        assert heading is not None, "only the first section has no heading"
        if heading.level != level:
            faults.add("heading-level", heading.at, level="#" * level, found="#" * heading.level)
            continue
        if heading.id and heading.id in seen:
            before = seen[heading.id]
            faults.collide(
                "duplicate-clause", heading.at, before, clause=heading.id, before=str(before)
            )
        seen.setdefault(heading.id, heading.at)
        yield read_clause(section, number, language, faults)


def _changes(
    sections: Sequence[Section], number: int, language: str, faults: Diagnostics
) -> Iterator[Change]:
    at = 0
    while at < len(sections):
        heading = sections[at].heading
        assert heading is not None, "only the first section has no heading"
        below = at + 1
        while below < len(sections) and (h := sections[below].heading) and h.level > 2:
            below += 1
        if heading.level != 2:
            faults.add("heading-level", heading.at, level="##", found="#" * heading.level)
        else:
            check_introduction(sections[at], faults)
            news = tuple(_clauses(sections[at + 1 : below], 3, number, language, faults))
            yield from _change(heading, news, faults)
        at = below


def _change(heading: Heading, news: tuple[Clause, ...], faults: Diagnostics) -> Iterator[Change]:
    words = heading.words.lower()
    verb = verb_of(words)
    if heading.classes:
        faults.add("change-with-class", heading.at)
    if verb is None:
        near = difflib.get_close_matches(words, verbs(), n=1)
        hint = say("yaml.nearest-hint", nearest=near[0].capitalize()) if near else None
        faults.add("unknown-change", heading.at, hint, words=heading.words)
        return
    if (verbs().get(words) == AT_THE_END) == bool(heading.id):
        faults.add("change-target", heading.at, words=heading.words)
        return
    clause: str | None = heading.id or None
    match verb, news:
        case "repeal", ():
            yield Change(verb, clause, None, heading.at)
        case "replace", (new,):
            if new.id and new.id != clause:
                faults.add("replace-id", new.at, clause=clause, new=new.id)
            yield Change(verb, clause, new, heading.at)
        case "insert", (_, *_):
            for new in news:
                yield Change(verb, clause, new, heading.at)
                clause = new.id if clause is not None else None
        case _:
            faults.add(f"{verb}-count", heading.at, count=len(news))


def _admission(front: Front, name: FileName, faults: Diagnostics) -> Admission:
    known = ("organisation", "purposes", "since", "until", "past", "clause-digest")
    admits = Front(front.node("admits"), known, faults)
    since, until = admits.instant("since"), admits.instant("until")
    if "since" in admits and "until" in admits and since >= until:
        faults.add("empty-period", admits.place("until"))
    purposes = admits.words("purposes")
    if not purposes:
        faults.add("no-purposes", admits.place("purposes"))
    digest = admits.digest("clause-digest")
    if digest is None:
        faults.add("missing-field", admits.at, key="clause-digest")
    return Admission(
        number=name.number,
        body=admits.word("organisation"),
        purposes=purposes,
        since=since,
        until=until,
        forbid=admits.word("past"),
        clause_digest=digest or "",
        at=admits.at,
    )
