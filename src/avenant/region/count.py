"""How many points a region has inside a box: exact, by the index and without listing them.

Axis by axis, the leaves on which the same terms hold are one kind: one state of the count is the terms that still may
hold, and two ways to it are counted once. Where what is left holds at every point, or at none, nothing is split.

>>> from avenant.region.algebra import union
>>> from avenant.region.index import Index
>>> from avenant.region.space import Space
>>> index = Index(Space((3, 2)), [(0b011, 0b11), (0b110, 0b01)])
>>> count(index, union(0b01) & ~union(0b10), index.space.full, Budget())
3
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from math import prod
from operator import and_, or_

from avenant.region.algebra import Region
from avenant.region.index import Index
from avenant.region.search import Budget
from avenant.region.space import Box, leaves


def count(index: Index, region: Region, box: Box, budget: Budget) -> int:
    """The number of points of the box in the region. Raises Exhausted."""
    asked = reduce(or_, (p.outside | reduce(or_, p.within, 0) for p in region.parts), 0)
    free = prod(m.bit_count() for a, m in enumerate(box) if a not in index.axes)
    sizes = [box[axis].bit_count() for axis in index.axes]
    columns = [
        tuple(index.columns[axis][leaf.bit_length() - 1] for leaf in leaves(box[axis]))
        for axis in index.axes
    ]
    certain = [index.all]  # what holds on all leaves of an axis and of those behind it
    for held in reversed(columns):
        certain.insert(0, reduce(and_, held, certain[0]))
    known: dict[tuple[int, int], int] = {}

    def below(at: int, terms: int) -> int:
        if (at, terms) not in known:
            budget.spend()
            known[at, terms] = _below(at, terms)
        return known[at, terms]

    def _below(at: int, terms: int) -> int:
        held = terms & certain[at]
        parts = [part for part in region.where(terms).parts if not part.outside & held]
        if not parts:
            return 0
        if any(not part.outside and all(w & held for w in part.within) for part in parts):
            return prod(sizes[at:])
        return sum(
            times * below(at + 1, kind)
            for kind, times in Counter(column & terms for column in columns[at]).items()
        )

    return free * below(0, index.possibly(box) & asked)
