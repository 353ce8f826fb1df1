"""Several boxes at once: one value or several on each axis, and every combination of them is a box (semantics, §4).

A mixture of twelve axes with two values each is 4,096 boxes, and they are not walked one by one:

- its *hull*, the box of all values together, has just the points of the combinations. A hull that is permitted, or
  refused, settles all of them;
- one AND of ORs gives the terms that certainly hold on *some* combination, since values are chosen axis by axis;
- what the hull leaves open is split on one axis, values that no term tells apart together. A finer combination has
  every settled answer of a coarser one, so where the finest has none, no other has.

>>> from avenant.region.space import Space
>>> index = Index(Space((3, 2)), [(0b011, 0b11), (0b001, 0b01)])
>>> mixture = Mixture(((0b001, 0b100), (0b01, 0b11)))
>>> mixture.hull
(5, 3)
>>> bounds_of(index, mixture)  # both terms certainly hold on some combination, the first two values
(3, 3)
>>> list(parts(index, 0b01, 0b10, mixture, Verdict.REFUSED, Budget()))
[((1,), (1,)), ((4,), (1, 3))]
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property, reduce
from operator import itemgetter, or_

from avenant.region.index import Index
from avenant.region.search import Budget
from avenant.region.space import Box, leaves
from avenant.region.verdict import Verdict, judged


class Mixture(tuple[tuple[int, ...], ...]):  # noqa: SLOT001  what is worked out is kept
    """The masks on each axis, at least one. INVARIANT: none is zero."""

    @cached_property
    def single(self) -> bool:
        """Whether there is one combination alone."""
        return max(map(len, self)) == 1

    @cached_property
    def hull(self) -> Box:
        """The box of all values: its points are those of the combinations."""
        if self.single:
            return tuple(map(itemgetter(0), self))
        return tuple(v[0] if len(v) == 1 else reduce(or_, v) for v in self)


def bounds_of(index: Index, mixture: Mixture) -> tuple[int, int]:
    """Return the terms that possibly and those that certainly hold on some combination."""
    if mixture.single:
        return index.bounds(mixture.hull)
    both = (1 << 2 * len(index.terms)) - 1
    for axis, row in index.rows:
        values = mixture[axis]
        both &= row[values[0]] if len(values) == 1 else reduce(or_, map(row.__getitem__, values))
    return both >> len(index.terms), both & index.all


def holding(mixture: Mixture, term: Box, *, certainly: bool = False) -> Mixture | None:
    """Return the combinations on which a term possibly (or certainly) holds, or None."""
    kept = Mixture(
        tuple(v for v in values if (not v & ~mask if certainly else v & mask))
        for values, mask in zip(mixture, term, strict=True)
    )
    return kept if all(kept) else None


def finest(mixture: Mixture) -> Mixture:
    """Return the mixture without the values that contain another value of their axis."""
    return Mixture(
        values
        if len(values) == 1
        else tuple(v for v in values if not any(w != v and w & ~v == 0 for w in values))
        for values in mixture
    )


def coarsest(mixture: Mixture) -> Mixture:
    """Return the mixture without the values that lie in another value of their axis."""
    return Mixture(
        values
        if len(values) == 1
        else tuple(v for v in values if not any(w != v and v & ~w == 0 for w in values))
        for values in mixture
    )


def parts(
    index: Index, permits: int, forbids: int, mixture: Mixture, wanted: Verdict, budget: Budget
) -> Iterator[Mixture]:
    """Yield mixtures that hold each combination with a settled verdict once, and no other combination.

    `wanted` is PERMITTED or REFUSED. Raises Exhausted, after what was found before.
    """
    budget.spend()
    found = judged(index, permits, forbids, mixture.hull, budget)
    if found is wanted:
        yield mixture
    if found is not Verdict.UNDETERMINED or mixture.single:
        return
    fine = finest(mixture)
    if fine != mixture:
        found = judged(index, permits, forbids, fine.hull, budget)
        if found is not wanted and (found is not Verdict.UNDETERMINED or fine.single):
            return
    budget.spend()
    for part in _split(index, permits | forbids, mixture):
        yield from parts(index, permits, forbids, part, wanted, budget)


def _split(index: Index, terms: int, mixture: Mixture) -> tuple[Mixture, ...]:
    """The mixture in parts, on the axis that leaves the fewest terms; none where all combinations are alike."""
    terms &= bounds_of(index, mixture)[0]
    both = terms << len(index.terms) | terms
    several = [(axis, row) for axis, row in index.rows if len(mixture[axis]) > 1]
    best: tuple[int, int, list[tuple[int, ...]]] | None = None
    for axis, row in several:
        bounds = {value: row[value] & both for value in mixture[axis]}
        if len(groups := _groups(bounds)) > 1:
            left = max((held >> len(index.terms)).bit_count() for held in bounds.values())
            if best is None or left < best[0]:
                best = left, axis, groups
    if best is None:
        # Values with the same bounds may still differ in where the terms meet.
        for axis, _ in several:
            columns = index.columns[axis]
            kinds = {
                value: frozenset(columns[leaf.bit_length() - 1] & terms for leaf in leaves(value))
                for value in mixture[axis]
            }
            if len(groups := _groups(kinds)) > 1:
                best = 0, axis, groups
                break
        else:
            return ()
    _, axis, groups = best
    return tuple(Mixture((*mixture[:axis], group, *mixture[axis + 1 :])) for group in groups)


def _groups(kinds: Mapping[int, Hashable]) -> list[tuple[int, ...]]:
    """The values (value -> its kind) by kind, in the order of the first of each."""
    groups: dict[Hashable, list[int]] = {}
    for value, kind in kinds.items():
        groups.setdefault(kind, []).append(value)
    return [tuple(group) for group in groups.values()]
