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
>>> missing(index, permitted(0b01, 0b10), (0b01, 0b11), Budget())
(1,)
"""

from __future__ import annotations

from enum import StrEnum

from avenant.region.algebra import Region, permitted
from avenant.region.index import Index
from avenant.region.search import Budget, Exhausted, covers, escape_from, find
from avenant.region.space import Box, leaves


class Verdict(StrEnum):
    """What a text says of one box of uses."""

    PERMITTED = "permitted"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"

    # A member is equal to its word, so it hashes as its word; the enum's own hash is by name, in Python, and slow.
    __hash__ = str.__hash__


def settled(permits: int, forbids: int, possible: int, certain: int) -> Verdict | None:
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


def searched(
    index: Index,
    permits: int,
    forbids: int,
    box: Box,
    possible: int,
    certain: int,
    budget: Budget,
) -> Verdict:
    """What the bounds of a box left open (`settled`), by a search. Never raises Exhausted."""
    forbidding = forbids & possible
    try:
        if not forbidding:
            whole = covers(index, permits, box, budget)
            return Verdict.PERMITTED if whole else Verdict.UNDETERMINED
        # Some point is forbidden, so not all are permitted; the question is whether any is.
        if permits & certain:
            found = escape_from(index, forbidding, box, budget)
        else:
            found = find(index, permitted(permits, forbids), box, budget)
        return Verdict.REFUSED if found is None else Verdict.UNDETERMINED
    except Exhausted:
        return Verdict.UNDETERMINED


def verdict(index: Index, permits: int, forbids: int, box: Box, budget: Budget) -> Verdict:
    """Decide one box under a text given as two sets of terms. Never raises Exhausted."""
    possible, certain = index.bounds(box)
    return settled(permits, forbids, possible, certain) or searched(
        index, permits, forbids, box, possible, certain, budget
    )


def missing(index: Index, region: Region, box: Box, budget: Budget) -> tuple[int, ...]:
    """The axes of the box on which two points may differ, and in nothing else, and only one of them
    be in the region (of what is permitted).

    An axis on which the budget ends counts as missing: it could not be shown that it does not
    matter.
    """
    found = []
    for axis in index.axes:
        if box[axis] & (box[axis] - 1):
            try:
                if _matters(index, region, box, axis, budget):
                    found.append(axis)
            except Exhausted:
                found.append(axis)
    return tuple(found)


def _matters(index: Index, region: Region, box: Box, axis: int, budget: Budget) -> bool:
    # With the axis fixed at a leaf, the terms that hold at that leaf are left, and they no longer
    # test the axis. So the question for two leaves is one region over the other axes: permitted at
    # the one and not at the other.
    possible = index.possibly(box)
    column = index.columns[axis]
    kinds = dict.fromkeys(column[leaf.bit_length() - 1] & possible for leaf in leaves(box[axis]))
    at = [region.where(kind) for kind in kinds]
    others = index.without(axis)
    return any(
        find(others, here & ~there, box, budget) is not None
        for here in at
        for there in at
        if here is not there
    )
