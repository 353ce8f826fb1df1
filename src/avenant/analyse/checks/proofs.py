"""What would look like a proof and is none: a text or a principle of which "no loophole" says nothing.

- *permits nothing*: no use is permitted at all, so that every principle holds trivially and none was tried;
- *idle principle*: no forbid of the principle holds in this interval: nothing can violate it;
- *total principle*: a principle that every use violates; it tests nothing, so no text that permits anything keeps it.

    forbid (principal, action, resource);                  # as a principle: total
    @until("2026-06-01") forbid (…) when { … };            # idle from June on
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import Clause
from avenant.analyse.check import Check
from avenant.analyse.finding import about
from avenant.analyse.types import Principle
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say
from avenant.region import Budget, Exhausted, union

NOTHING = Kind("permits-nothing", Severity.ERROR, Group.PROOF)
IDLE = Kind("idle-principle", Severity.ERROR, Group.PROOF)
TOTAL = Kind("total-principle", Severity.ERROR, Group.PROOF)


def empty_proofs(text: CompiledText, asked: Sequence[Named], budget: Budget) -> Iterator[Finding]:
    """What makes a report prove nothing, of the text and of each principle. Raises region.Exhausted."""
    if text.empty(text.permitted, budget):
        yield NOTHING.found(
            "", say("findings.permits-nothing"), title=say("findings.permits-nothing-title")
        )
    for name, principle in asked:
        kind = _of_no_use(text, text.of(principle.rules), budget)
        if kind is not None:
            yield about(kind, name, principle)


def without_proof(
    text: CompiledText, principle: Clause, asked: Principle, budget: Budget
) -> Principle:
    """The principle as it was asked, marked where it holds without a proof; unmarked where the budget is spent."""
    if asked.ways or not asked.complete:
        return asked
    try:
        trivial = text.empty(text.permitted, budget)
    except Exhausted:
        return asked
    return replace(asked, trivial=trivial, idle=not text.of(principle.rules))


def _of_no_use(text: CompiledText, forbids: int, budget: Budget) -> Kind | None:
    # INVARIANT: a rule that never holds is an error when it is read, so no forbid at all is the only empty region.
    if not forbids:
        return IDLE
    return TOTAL if text.empty(~union(forbids), budget) else None


CHECK = Check(
    (NOTHING, IDLE, TOTAL),
    lambda inquiry, budget: empty_proofs(inquiry.text, inquiry.once, budget),
)
