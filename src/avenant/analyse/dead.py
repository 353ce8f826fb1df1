"""Clauses that change nothing: dead alone, or kept alive by each other.

- *dead clause*: removing it, and it alone, changes nothing that the text permits;
- *dead together*: each of these clauses may go alone, and not all of them: they say the same twice.

    forbid … when { resource in Purpose::"harm" };          # section 2
    forbid … when { resource in Purpose::"harm" };          # section 3: dead together with 2

The sets are found greedily, in the order of the text: dead clauses are taken out one after another as long as nothing
changes, and one that can then not go any more is named with those, taken out before, that it stands in for. So each set
is exact and none of it is idle, all dead clauses that are in no set can go at once, and there may be further sets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from avenant.agreement.types import Clause
from avenant.analyse.finding import about
from avenant.analyse.lowered import Lowered, key
from avenant.analyse.structure import binding, silenced
from avenant.analyse.types import Finding, Severity
from avenant.region import Budget, union


def dead_clauses(text: Lowered, budget: Budget) -> Iterator[Finding]:
    """Clauses that may go, but those that conflicts silence. Raises region.Exhausted."""
    conflicting = {key(rule) for _, rule in silenced(text, budget)}
    # What says more of a clause than that it is dead is a finding of its own.
    dead = [
        clause
        for clause in binding(text.text)
        if not {key(rule) for rule in clause.rules} <= conflicting
        and not matters(text, {clause.id}, budget)
    ]
    sets = list(_together(text, dead, budget))
    named = {clause.id for some in sets for clause in some}
    for clause in dead:
        if clause.id not in named:
            yield about("dead-clause", clause.id, clause, Severity.WARNING)
    for some in sets:
        last, name = some[-1], "+".join(c.id for c in some)
        labels = ", ".join(c.label for c in some)
        yield about("dead-together", name, last, Severity.WARNING, labels, clauses=labels)


def matters(text: Lowered, clauses: Collection[str], budget: Budget) -> bool:
    """Whether the text without these clauses permits something else than the text. Raises region.Exhausted."""
    rest = [r for r in text.text.rules if r.clause not in clauses]
    permits = union(text.of(r for r in rest if r.effect == "permit"))
    without = permits & ~union(text.of(r for r in rest if r.effect == "forbid"))
    now = text.permitted
    return not (text.empty(without & ~now, budget) and text.empty(now & ~without, budget))


def _together(
    text: Lowered, dead: Sequence[Clause], budget: Budget
) -> Iterator[tuple[Clause, ...]]:
    gone: list[Clause] = []
    for clause in dead:
        if matters(text, {c.id for c in (*gone, clause)}, budget):
            yield _needed(text, (*gone, clause), budget)
        else:
            gone.append(clause)


def _needed(text: Lowered, some: tuple[Clause, ...], budget: Budget) -> tuple[Clause, ...]:
    """A part of these clauses that still matters together, and no longer without any one of it."""
    size = len(some) // 2
    while size:
        for start in range(0, len(some), size):
            fewer = (*some[:start], *some[start + size :])
            if matters(text, {c.id for c in fewer}, budget):
                some = fewer
                size = len(some) // 2
                break
        else:
            size //= 2
    return some
