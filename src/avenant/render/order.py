"""The order in which every report shows its findings, and so the number that each has in all of them.

Loopholes come first, principle by principle; then the other findings, group by group and kind by kind.

    for number, finding in enumerate(numbered(report), 1): ...
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.analyse.checks.registry import KINDS
from avenant.analyse.types import Principle, Report
from avenant.findings.kinds import Group
from avenant.findings.types import Finding

LOOPHOLE = "loophole"
_RANKS = {
    kind.code: (list(Group).index(kind.group), place) for place, kind in enumerate(KINDS.values())
}


def ways_through(report: Report, principle: Principle) -> list[Finding]:
    """The loopholes of one principle, as found."""
    return [f for f in report.findings if f.principle == principle.clause]


def numbered(report: Report) -> Sequence[Finding]:
    """The findings in the order in which reports number them, from 1."""
    ways = [f for principle in report.principles for f in ways_through(report, principle)]
    rest = [f for f in report.findings if f.code != LOOPHOLE]
    return [*ways, *sorted(rest, key=lambda f: _RANKS[f.code])]


def grouped(report: Report) -> dict[Group, list[tuple[int, Finding]]]:
    """Group -> numbered findings that are no loopholes; groups without any are left out."""
    groups: dict[Group, list[tuple[int, Finding]]] = {}
    for number, finding in enumerate(numbered(report), 1):
        if finding.code != LOOPHOLE:
            groups.setdefault(KINDS[finding.code].group, []).append((number, finding))
    return groups
