"""A document -> a statement: what somebody said in public, tested and never enforced, beside the chain.

Front matter `by`, `date`, `url`, `language`; the words said; then, each below a heading of level 2,

- principles, `## … {#id .principle}`: the words and the `forbid`s that they mean;
- announced passages, `## … {#id .announced}`: words that link to the categories or clauses that they speak of.
"""

from __future__ import annotations

from avenant.agreement.reading.clauses import read_clause
from avenant.agreement.reading.front import Front
from avenant.agreement.reading.instrument import check_introduction
from avenant.agreement.types import Clause, Statement
from avenant.languages import LANGUAGES
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import Document

_FIELDS = ("avenant", "by", "date", "url", "language", "title", "label", "sources")


def read_statement(document: Document, id: str, faults: Diagnostics) -> Statement | None:
    """The statement of a document; its principles' rules are read against a text in force."""
    if document.front is None:
        return None
    front = Front(document.front, _FIELDS, faults)
    front.check_format()
    front.sources()
    language = front.choice("language", LANGUAGES)
    words: list[str] = []
    principles: list[Clause] = []
    announced: list[Clause] = []
    for section in document.sections:
        heading = section.heading
        if heading is None or heading.level == 1:
            words.extend(section.paragraphs)
            check_introduction(section, faults)
            continue
        if heading.level != 2:
            faults.add("heading-level", heading.at, level="##", found="#" * heading.level)
        clause = read_clause(section, -1, language, faults, stated=True)
        match [name for name in ("principle", "announced") if name in heading.classes]:
            case ["principle"]:
                principles.append(clause)
            case ["announced"]:
                _check_announced(clause, faults)
                announced.append(clause)
            case _:
                faults.add("statement-clause", heading.at)
        for _, at in section.noted("accepted"):
            faults.add("statement-accepts", at)
        for block in section.blocks:
            if block.language != "cedar":
                faults.add("statement-block", block.at.down(-1), language=block.language)
    if not words and not any(s.heading and s.heading.level > 1 for s in document.sections):
        faults.add("no-words", front.at)
    return Statement(
        id=id,
        by=front.word("by"),
        date=front.instant("date"),
        url=front.url("url"),
        language=language,
        words="\n\n".join(words),
        principles=tuple(principles),
        file=document.file,
        announced=tuple(announced),
    )


def _check_announced(clause: Clause, faults: Diagnostics) -> None:
    """It speaks of something that can be looked up in the text, and has no rule that could be tested instead."""
    if clause.rules or any(block.language == "cedar" for block in clause.blocks):
        faults.add("announced-with-rules", clause.at, clause=clause.id)
    if not clause.words and not any(r.axis is None for r in clause.references):
        faults.add("announced-without-link", clause.at, clause=clause.id)
