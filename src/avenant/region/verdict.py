"""The verdict on one box: what is not known never helps (§3 of the semantics).

    all points of the box are permitted    PERMITTED
    none is                                REFUSED
    some are                               UNDETERMINED

A point is permitted when a permit holds there and no forbid does. The verdict is exact, so a
phrasing cannot matter and finer facts turn UNDETERMINED into another verdict and change nothing
else. A spent budget is UNDETERMINED too.

>>> from avenant.region.index import Index
>>> from avenant.region.space import Space
>>> index = Index(
...     Space((2, 2)), [(0b11, 0b11), (0b01, 0b01)]
... )  # everything, but not the first of both
>>> verdict(index, 0b01, 0b10, (0b10, 0b11), Budget())
<Verdict.PERMITTED: 'permitted'>
>>> verdict(index, 0b01, 0b10, (0b01, 0b11), Budget())
<Verdict.UNDETERMINED: 'undetermined'>
"""

from __future__ import annotations

from enum import StrEnum

from avenant.region.algebra import permitted
from avenant.region.index import Index
from avenant.region.search import Budget, Exhausted, covers, escape_from, find
from avenant.region.space import Box


class Verdict(StrEnum):
    """What a text says of one box of uses."""

    PERMITTED = "permitted"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"

    # A member is equal to its word, so it hashes as its word; the enum's own hash is by name, in Python, and slow.
    __hash__ = str.__hash__


def verdict_from_bounds(permits: int, forbids: int, possible: int, certain: int) -> Verdict | None:
    """What the bounds of a box settle without a search, which on a point is everything; else None."""
    forbidding, permitting = forbids & possible, permits & possible
    if forbids & certain or not permitting:
        return Verdict.REFUSED
    if permits & certain:
        if not forbidding:
            return Verdict.PERMITTED
        # One term alone that does not hold everywhere leaves a point.
        if not forbidding & (forbidding - 1):
            return Verdict.UNDETERMINED
    elif not forbidding and not permitting & (permitting - 1):
        return Verdict.UNDETERMINED
    return None


def verdict_by_search(
    index: Index,
    permits: int,
    forbids: int,
    box: Box,
    possible: int,
    certain: int,
    budget: Budget,
) -> Verdict:
    """Search for what the bounds of a box left open (`settled`). Raises Exhausted."""
    forbidding = forbids & possible
    if not forbidding:
        whole = covers(index, permits, box, budget)
        return Verdict.PERMITTED if whole else Verdict.UNDETERMINED
    # Some point is forbidden, so not all are permitted; the question is whether any is.
    if permits & certain:
        if _escapes(index, forbidding, box):
            return Verdict.UNDETERMINED
        found = escape_from(index, forbidding, box, budget)
    else:
        found = find(index, permitted(permits, forbids), box, budget)
    return Verdict.REFUSED if found is None else Verdict.UNDETERMINED


def _escapes(index: Index, terms: int, box: Box) -> bool:
    """Whether the leaves that leave the fewest terms, taken axis by axis, leave none: mostly so, without a search."""
    for axis, row in index.rows:
        mask = box[axis]
        if mask & (mask - 1):
            best, fewest = terms, len(index.terms)
            for column, leaf in index.sparsest[axis]:
                if leaf & mask and (count := (left := terms & column).bit_count()) < fewest:
                    best, fewest = left, count
            terms = best
        else:
            terms &= row[mask]
        if not terms:
            return True
    return False


def judged(index: Index, permits: int, forbids: int, box: Box, budget: Budget) -> Verdict:
    """Return the verdict on one box under a text given as two sets of terms. Raises Exhausted."""
    possible, certain = index.bounds(box)
    return verdict_from_bounds(permits, forbids, possible, certain) or verdict_by_search(
        index, permits, forbids, box, possible, certain, budget
    )


def verdict(index: Index, permits: int, forbids: int, box: Box, budget: Budget) -> Verdict:
    """Return the verdict on one box, UNDETERMINED when the budget is spent before it is found."""
    try:
        return judged(index, permits, forbids, box, budget)
    except Exhausted:
        return Verdict.UNDETERMINED
