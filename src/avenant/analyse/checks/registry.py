"""All checks, in the order in which a report lists what they find; and every kind of finding of a report by its code.

Loopholes in a principle are asked first (`loopholes`), and other intervals of the text last (`intervals`): both say how
each principle was tested, too. Ordinary uses are held against the text behind the report (`ordinary`).
"""

from __future__ import annotations

from avenant.analyse.check import Check
from avenant.analyse.checks import (
    acceptances,
    circular,
    claimed,
    conditions,
    conflict,
    dead,
    gap,
    intervals,
    loopholes,
    observability,
    ordinary,
    precedence,
    proofs,
    scenario,
    statements,
    unfinished,
    words,
)
from avenant.findings.kinds import Kind

CHECKS: tuple[Check, ...] = (
    proofs.CHECK,
    observability.CHECK,
    conflict.CHECK,
    *conditions.CHECKS,
    dead.CHECK,
    precedence.CHECK,
    *claimed.CHECKS,
    gap.CHECK,
    circular.CHECK,
    scenario.CHECK,
    unfinished.CHECK,
    words.CHECK,
    statements.CHECK,
)

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        loopholes.LOOPHOLE,
        *(kind for check in CHECKS for kind in check.kinds),
        intervals.INTERVAL,
        ordinary.LOST,
        acceptances.NOTHING_ACCEPTED,
    )
}
