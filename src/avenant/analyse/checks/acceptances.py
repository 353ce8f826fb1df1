"""Findings that a clause accepts, with its reason; an acceptance of what was not found is a finding itself."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from avenant.agreement.types import InForce
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say

NOTHING_ACCEPTED = Kind("accepted-nothing", Severity.WARNING, Group.STRUCTURE)


def with_acceptances(
    text: InForce, findings: Iterable[Finding], complete: bool
) -> tuple[Finding, ...]:
    """Return the findings with the reasons for which they are accepted.

    Where all checks are `complete`, so are acceptances of what was not found.
    """
    reasons = {id: (why, clause) for clause in text.clauses for id, why in clause.accepted.items()}
    marked = [replace(f, accepted=reasons[f.id][0]) if f.id in reasons else f for f in findings]
    idle = reasons.keys() - {f.id for f in marked} if complete else ()
    marked += [
        NOTHING_ACCEPTED.found(
            id,
            say("findings.accepted-nothing", id=id),
            title=clause.label,
            clause=clause.id,
            at=clause.at,
        )
        for id, (_, clause) in reasons.items()
        if id in idle
    ]
    return tuple(marked)
