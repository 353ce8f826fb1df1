"""How a finding about a clause is put: its name, its place, its words, and its sentence of the catalogue.

about("dead-clause", clause.id, clause, str(clause.at), Severity.WARNING)
# id "dead-clause:limit"; says `findings.dead-clause`; shows the choices of encoding that the clause rests on
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.agreement.types import Clause
from avenant.analyse.types import Box, Finding, Severity
from avenant.messages import say


def about(
    code: str,
    name: str,
    clause: Clause,
    at: str,
    severity: Severity,
    title: str = "",
    *,
    words: Sequence[str] = (),
    box: Box | None = None,
    who: Sequence[str] = (),
    choices: Sequence[str] | None = None,
    **values: str,
) -> Finding:
    """A finding on a clause; `values` are what its sentence takes.

    Unless given, its title is the clause's label, and the choices are those of the clause's encoding.
    """
    return Finding(
        code,
        f"{code}:{name}",
        severity,
        clause.id,
        at,
        tuple(dict.fromkeys(words)),
        title or clause.label,
        say(f"findings.{code}", lang=None, clause=clause.label, **values),
        tuple(dict.fromkeys((c.text for c in clause.choices) if choices is None else choices)),
        box,
        who=tuple(dict.fromkeys(who)),
    )
