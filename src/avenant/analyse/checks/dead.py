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

from avenant.agreement.compiled import CompiledText, key
from avenant.agreement.types import Clause
from avenant.analyse.asker import asked_of
from avenant.analyse.check import Check
from avenant.analyse.checks.conflict import silenced
from avenant.analyse.finding import about
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.region import Box, Budget, Region, find

DEAD = Kind("dead-clause", Severity.WARNING, Group.STRUCTURE)
TOGETHER = Kind("dead-together", Severity.WARNING, Group.STRUCTURE)


def dead_clauses(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Clauses that may go, but those that conflicts silence. Raises region.Exhausted."""
    conflicting = {key(rule) for _, rule in silenced(text, budget)}
    # What says more of a clause than that it is dead is a finding of its own.
    dead = [
        clause
        for clause in text.text.binding
        if not {key(rule) for rule in clause.rules} <= conflicting
        and not _matters_alone(text, clause, budget)
    ]
    sets = {"+".join(c.id for c in some): some for some in _together(text, dead, budget)}
    named = {clause.id for some in sets.values() for clause in some}
    for clause in dead:
        if clause.id not in named:
            yield about(DEAD, clause.id, clause)
    for name, some in sets.items():
        labels = ", ".join(c.label for c in some)
        yield about(TOGETHER, name, some[-1], labels, clauses=labels)


def matters(text: CompiledText, clauses: Collection[str], budget: Budget) -> bool:
    """Whether the text without these clauses permits something else than the text. Raises region.Exhausted."""
    return _differs(text, text.permitted, text.without(clauses), budget) is not None


def _matters_alone(text: CompiledText, clause: Clause, budget: Budget) -> bool:
    with asked_of(clause):
        return matters(text, {clause.id}, budget)


def _differs(text: CompiledText, one: Region, other: Region, budget: Budget) -> Box | None:
    """A use that one of two regions holds and the other does not."""
    return find(text.index, (one & ~other) | (other & ~one), text.index.space.full, budget)


def _together(
    text: CompiledText, dead: Sequence[Clause], budget: Budget
) -> Iterator[tuple[Clause, ...]]:
    # INVARIANT: without `gone` the text permits what it permits. So one more clause is asked of the short text.
    gone: list[Clause] = []
    without = text.permitted
    for clause in dead:
        fewer = text.without({c.id for c in (*gone, clause)})
        with asked_of(clause):
            use = _differs(text, without, fewer, budget)
        if use is None:
            gone.append(clause)
            without = fewer
        else:
            # Of those taken out, only what holds at this use decides it.
            holding = [c for c in gone if text.index.certainly(use) & text.of(c.rules)]
            yield _needed(text, (*holding, clause), budget)


def _needed(text: CompiledText, some: tuple[Clause, ...], budget: Budget) -> tuple[Clause, ...]:
    """A part of these clauses that still matters together, and no longer without any one of it."""
    # INVARIANT: all but the last may go together. Of one effect, any part of them may, so only the last can matter.
    effects = {rule.effect for clause in some for rule in clause.rules}
    idle = some[:-1] if len(effects) == 1 else ()

    def matter(clauses: Sequence[Clause]) -> bool:
        less = text.without({c.id for c in clauses if c in idle})
        return _differs(text, less, text.without({c.id for c in clauses}), budget) is not None

    left: tuple[Clause, ...] = ()
    while left != some:
        left = some
        for clause in left:
            fewer = tuple(c for c in some if c is not clause)
            if matter(fewer):
                some = fewer
    return some


CHECK = Check.on_text(dead_clauses, DEAD, TOGETHER)
