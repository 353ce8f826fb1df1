"""Conflicts: a permit that forbids wholly cover, so that what it says is never so.

permit … when { resource in Purpose::"research" };      # section 2
forbid … when { resource in Purpose::"research" };      # section 3: section 2 permits nothing
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.analyse.asker import asked_of
from avenant.analyse.check import Check
from avenant.analyse.finding import about
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.region import Budget, union
from avenant.rules.types import Rule

CONFLICT = Kind("conflict", Severity.WARNING, Group.STRUCTURE)


def conflicts(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Permits that forbids wholly cover. Raises region.Exhausted."""
    for clause, rule in silenced(text, budget):
        # Two terms meet where one possibly holds in the other: no search is needed.
        met = reduce(or_, map(text.index.possibly, text.boxes(rule)))
        labels = " ".join(text.labels(b for b in text.prohibitions if text.of([b]) & met))
        yield about(CONFLICT, rule.id, clause, at=rule.at, over=labels)


def silenced(text: CompiledText, budget: Budget) -> Iterator[tuple[Clause, Rule]]:
    """The permits that forbids wholly cover, each with its clause. Raises region.Exhausted."""
    forbidden = union(text.forbids)
    for clause in text.text.binding:
        for rule in text.by_clause[clause.id][0]:
            with asked_of(clause):
                silent = text.empty(text.region(rule) & ~forbidden, budget)
            if silent:
                yield clause, rule


CHECK = Check.on_text(conflicts, CONFLICT)
