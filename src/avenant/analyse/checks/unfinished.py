"""What a draft leaves to be done: a rule to be written, a name to be filled in, a vocabulary to be frozen.

    ```cedar
    // rule to be written
    ```

- *unwritten rule*: a slot stands below a clause where its rule belongs. The clause says something and binds nobody;
- *placeholder*: the name of a party, or the title, stands in square brackets: `{name: "[The supplier]"}`;
- *draft vocabulary*: the text names a core vocabulary that is not frozen yet, and is read against its draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.agreement.types import Clause, Core, InForce
from avenant.analyse.check import Check
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import quoted, say
from avenant.vocabulary.read import DRAFT_OF

UNWRITTEN = Kind("unwritten-rule", Severity.ERROR, Group.STRUCTURE)
PLACEHOLDER = Kind("placeholder", Severity.WARNING, Group.STRUCTURE)
DRAFT = Kind("draft-vocabulary", Severity.NOTE, Group.STRUCTURE)

_PLACEHOLDER = re.compile(r"\\?\[.+\]", re.DOTALL)


def unfinished(text: InForce) -> Iterator[Finding]:
    """The slots of a text, clause by clause, then its placeholders and its vocabulary."""
    for clause in text.clauses:
        for n, block in enumerate((b for b in clause.blocks if b.slot), 1):
            yield _unwritten(clause, n, str(block.at))
    for party in text.parties:
        if _PLACEHOLDER.fullmatch(party.name):
            yield _placeholder(party.id, party.name, str(party.at))
    if _PLACEHOLDER.fullmatch(text.title):
        yield _placeholder("title", text.title, "")
    if draft := DRAFT_OF.get(text.core.id):
        yield _draft_vocabulary(text.core, draft)


def _unwritten(clause: Clause, number: int, at: str) -> Finding:
    return UNWRITTEN.found(
        clause.id + (f"/{number}" if number > 1 else ""),
        say("findings.unwritten-rule", clause=clause.label),
        title=clause.label,
        clause=clause.id,
        at=at,
    )


def _placeholder(id: str, name: str, at: str) -> Finding:
    return PLACEHOLDER.found(
        id, say("findings.placeholder", name=quoted(name)), title=id, at=at, words=(name,)
    )


def _draft_vocabulary(core: Core, draft: str) -> Finding:
    return DRAFT.found(
        "",
        say("findings.draft-vocabulary", named=core.id, draft=draft),
        title=core.id,
        at=core.at,
        words=(core.id,),
    )


CHECK = Check((UNWRITTEN, PLACEHOLDER, DRAFT), lambda inquiry, _: unfinished(inquiry.text.text))
