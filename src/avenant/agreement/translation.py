"""A translation: the same clauses in the same order, the same words linked, and prose only.

The authoritative text is the one in the agreement's language; the bytes of its translations are signed with it.
"""

from __future__ import annotations

import difflib
from dataclasses import replace

from avenant.agreement.clauses import translated
from avenant.agreement.faults import Faults
from avenant.agreement.front import LANGUAGES, Front
from avenant.agreement.instrument import EVERY, VERBS, FileName, header
from avenant.agreement.markdown import Document
from avenant.agreement.types import Clause, Digest, Header, Instrument
from avenant.errors import Place
from avenant.messages import say


def add_translation(
    instrument: Instrument, document: Document, name: FileName, digest: Digest, faults: Faults
) -> Instrument:
    """The instrument with the prose of its translation: the same clauses in the same order, prose only."""
    if document.front is None:
        return instrument
    front = Front(document.front, EVERY, faults)
    header(front, name, faults)
    said = Header(front.word("title"), tuple(filter(None, (front.maybe("label"),))))
    language = front.choice("language", LANGUAGES)
    if language in LANGUAGES and language != name.language:
        faults.add("language-differs", front.place("language"), language=language, file=name.name)
    if language == instrument.language:
        faults.add("language-twice", front.place("language"), language=language)
    if front.word("agreement") != instrument.agreement and "agreement" in front:
        faults.add("other-agreement", front.place("agreement"), id=instrument.agreement)
    level = 3 if instrument.kind == "amendment" else 2
    sections = [s for s in document.sections if s.heading and s.heading.level == level]
    if level == 3:
        _same_changes(instrument, document, faults)
    by_id = {s.heading.id: s for s in sections if s.heading}
    originals = [*instrument.clauses, *(c.new for c in instrument.changes if c.new)]
    order = [clause.id for clause in originals]
    top = Place(name.name, 1)
    if not all(order):
        return instrument  # a clause of the text has no id: that is said, and comes first
    for id in order:
        if id not in by_id:
            faults.add("translation-lacks-clause", top, clause=id)
    for section in sections:
        id = section.heading.id if section.heading else ""
        if id not in order:
            near = difflib.get_close_matches(id, order, n=1)
            hint = say("yaml.nearest-hint", nearest=near[0]) if near else None
            faults.add("translation-adds-clause", section.at, hint, clause=id)
    ids = [s.heading.id for s in sections if s.heading]
    if sorted(ids) == sorted(order) and ids != order:
        faults.add("translation-order", top)

    def also(clause: Clause) -> Clause:
        section = by_id.get(clause.id)
        return translated(clause, section, language, faults) if section else clause

    return replace(
        instrument,
        clauses=tuple(also(c) for c in instrument.clauses),
        changes=tuple(replace(c, new=also(c.new)) if c.new else c for c in instrument.changes),
        files={**instrument.files, name.name: digest},
        translations={**instrument.translations, language: said},
    )


def _same_changes(instrument: Instrument, document: Document, faults: Faults) -> None:
    headings = [s.heading for s in document.sections if s.heading and s.heading.level == 2]
    said = [(VERBS.get(h.words.lower()), h.id or None) for h in headings]
    # Several clauses below one insertion are one heading.
    meant = [
        (c.verb, c.clause)
        for i, c in enumerate(instrument.changes)
        if i == 0 or c.at != instrument.changes[i - 1].at
    ]
    if said != meant:
        faults.add("translation-changes", Place(document.file, 1))
