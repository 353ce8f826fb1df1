"""A translation: the same clauses in the same order, the same words linked, and prose only.

The authoritative text is the one in the agreement's language; the bytes of its translations are signed with it.
A statement may be translated too; like the statement, its translation is beside the chain.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from avenant.agreement.reading.clauses import translated
from avenant.agreement.reading.front import Front
from avenant.agreement.reading.instrument import EVERY, FileName, check_introduction, header
from avenant.agreement.reading.verbs import verb_of
from avenant.agreement.types import Clause, Digest, Header, Instrument, Statement
from avenant.errors import Span
from avenant.languages import LANGUAGES, say
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import Document, Heading, Section


def add_translation(
    instrument: Instrument, document: Document, name: FileName, digest: Digest, faults: Diagnostics
) -> Instrument:
    """The instrument with the prose of its translation: the same clauses in the same order, prose only."""
    if document.front is None:
        return instrument
    front = Front(document.front, EVERY, faults)
    header(front, name, faults)
    said = Header(front.word("title"), tuple(filter(None, (front.maybe("label"),))))
    language = _language(front, name.language, instrument.language, name.name, faults)
    if front.word("agreement") != instrument.agreement and "agreement" in front:
        faults.add("other-agreement", front.place("agreement"), id=instrument.agreement)
    level = 3 if instrument.kind == "amendment" else 2
    if level == 3:
        _same_changes(instrument, document, faults)
    originals = [*instrument.clauses, *(c.new for c in instrument.changes if c.new)]
    also = _clauses(originals, document, level, language, faults)
    return replace(
        instrument,
        clauses=tuple(also.get(c.id, c) for c in instrument.clauses),
        changes=tuple(
            replace(c, new=also.get(c.new.id, c.new)) if c.new else c for c in instrument.changes
        ),
        files={**instrument.files, name.name: digest},
        translations={**instrument.translations, language: said},
    )


def add_statement_translation(
    statement: Statement, document: Document, language: str, faults: Diagnostics
) -> Statement:
    """The statement with its principles and announced passages in one more language."""
    if document.front is None:
        return statement
    front = Front(document.front, ("avenant", "title", "language", "label"), faults)
    front.check_format()
    _language(front, language, statement.language, document.file, faults)
    originals = sorted((*statement.principles, *statement.announced), key=lambda c: c.at.line)
    also = _clauses(originals, document, 2, language, faults)
    return replace(
        statement,
        principles=tuple(also.get(c.id, c) for c in statement.principles),
        announced=tuple(also.get(c.id, c) for c in statement.announced),
    )


def _language(front: Front, named: str | None, own: str, file: str, faults: Diagnostics) -> str:
    """The language that the front matter names: that of the file's name, and not the text's own."""
    language = front.choice("language", LANGUAGES)
    if language in LANGUAGES and language != named:
        faults.add("language-differs", front.place("language"), language=language, file=file)
    if language == own:
        faults.add("language-twice", front.place("language"), language=language)
    return language


def _clauses(
    originals: Sequence[Clause], document: Document, level: int, language: str, faults: Diagnostics
) -> Mapping[str, Clause]:
    """Each clause, by id, with what its section of the translation says; the same ones in the same order."""
    order = [clause.id for clause in originals]
    if not all(order):
        return {}  # a clause of the text has no id: that is said, and comes first
    top = Span(document.file, 1)
    sections = tuple(_sections(document, level, faults))
    by_id: dict[str, Section] = {}
    for section, heading in sections:
        if heading.id in by_id:
            before = by_id[heading.id].at
            faults.collide(
                "duplicate-clause", section.at, before, clause=heading.id, before=str(before)
            )
        by_id[heading.id] = section
    for id in order:
        if id not in by_id:
            faults.add("translation-lacks-clause", top, clause=id)
    for section, heading in sections:
        if heading.id not in order:
            near = difflib.get_close_matches(heading.id, order, n=1)
            hint = say("yaml.nearest-hint", nearest=near[0]) if near else None
            faults.add("translation-adds-clause", section.at, hint, clause=heading.id)
    said = [heading.id for _, heading in sections]
    if sorted(said) == sorted(order) and said != order:
        faults.add("translation-order", top)
    return {
        clause.id: translated(clause, by_id[clause.id], language, faults)
        for clause in originals
        if clause.id in by_id
    }


def _sections(
    document: Document, level: int, faults: Diagnostics
) -> Iterator[tuple[Section, Heading]]:
    """The sections of clauses. What else there is explains, or names a change; nothing is passed over in silence."""
    for position, section in enumerate(document.sections):
        heading = section.heading
        if heading is not None and heading.level == level:
            yield section, heading
            continue
        title, change = 1 if position <= 1 else None, 2 if level == 3 else None
        if heading is None or heading.level in (title, change):
            check_introduction(section, faults)
        else:
            faults.add("heading-level", heading.at, level="#" * level, found="#" * heading.level)


def _same_changes(instrument: Instrument, document: Document, faults: Diagnostics) -> None:
    headings = [s.heading for s in document.sections if s.heading and s.heading.level == 2]
    said = [(verb_of(h.words.lower()), h.id or None) for h in headings]
    # Several clauses below one insertion are one heading.
    meant = [
        (c.verb, c.clause)
        for i, c in enumerate(instrument.changes)
        if i == 0 or c.at != instrument.changes[i - 1].at
    ]
    if said != meant:
        faults.add("translation-changes", Span(document.file, 1))
