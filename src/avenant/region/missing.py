"""The axes that matter to an undetermined box: those on which two of its points differ, and in nothing else, and only
one of them is permitted (§3 of the semantics). Over combinations, the union.

Both points have the same values on the other axes. So one axis is looked at with one of its values, and the other axes
with all of theirs: no combination is walked. What is known of each axis is its *kinds*, the distinct sets of terms at
its leaves; the rest of the work is ANDs over them.

- *A point, and a step.* From one permitted point, each axis is stepped through its kinds: most axes that matter show it
  at once, for some hundred ANDs.
- *Towards a forbid.* The axis matters if a forbid holds at one of its leaves, and a point that differs on the axis
  alone is permitted. So a permitted point is sought that the forbid misses on this axis alone.
- *Off the permits.* Else it matters only if the permits at one leaf go where those at another do not.

Each point that is found is stepped from as well. When the budget ends, the axes found stand, and there may be others.

>>> from avenant.region.space import Space
>>> index = Index(Space((2, 2)), [(0b11, 0b11), (0b01, 0b01)])
>>> missing(index, 0b01, 0b10, Mixture(((0b01,), (0b11,))), Budget())
((1,), True)
>>> missing(index, 0b01, 0b10, Mixture(((0b01,), (0b11,))), Budget(0))
((), False)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, or_

from avenant.region.columns import escape_on
from avenant.region.index import Index
from avenant.region.mixture import Mixture
from avenant.region.search import Budget, Exhausted
from avenant.region.space import leaves

Kinds = Mapping[int, int]
"""Of one axis: the terms that hold at a leaf -> such a leaf. No term tells two leaves of a kind apart."""

Point = Mapping[int, int]
"""Axis -> the terms that hold at its leaf."""


def missing(
    index: Index, permits: int, forbids: int, mixture: Mixture, budget: Budget
) -> tuple[tuple[int, ...], bool]:
    """Return the axes that matter on some combination, in order, and whether these are all. Never raises Exhausted."""
    search = _Search(index, permits, forbids, mixture, budget)
    try:
        search.run()
    except Exhausted:
        return tuple(sorted(search.found)), False
    return tuple(sorted(search.found)), True


class _Search:
    """One mixture: the kinds of its axes, and the axes found so far."""

    def __init__(
        self, index: Index, permits: int, forbids: int, mixture: Mixture, budget: Budget
    ) -> None:
        box = mixture.hull
        possible, certain = index.bounds(box)
        permits &= possible
        if sure := permits & certain:
            permits = sure & -sure  # it holds everywhere, so no other makes a difference
        self.index = index
        self.budget = budget
        self.permits = permits
        self.forbids = forbids & possible
        self.terms = permits | self.forbids
        self.kinds = {a: self._kinds(a, box[a]) for a in index.axes if _several(box[a])}
        # What is not known of an axis: the kinds of each value of several leaves.
        self.open: dict[int, list[Kinds]] = {}
        for axis, kinds in self.kinds.items():
            values = _widest(mixture[axis])
            unknown = [kinds if v == box[axis] else self._kinds(axis, v) for v in values]
            if several := [k for k in unknown if len(k) > 1]:
                self.open[axis] = several
        self.found: set[int] = set()

    def _kinds(self, axis: int, value: int) -> Kinds:
        """The kinds of the leaves of a value, the one of fewest terms first."""
        kinds: dict[int, int] = {}
        for column, leaf in self.index.sparsest[axis]:
            if leaf & value:
                kinds.setdefault(column & self.terms, leaf)
        return kinds

    def run(self) -> None:
        """Fill `found`. Raises Exhausted."""
        if not self.open or (start := self._point(self.kinds, self.permits, self.forbids)) is None:
            return
        self._step(start)
        for axis, values in self.open.items():
            for kinds in values:
                if axis not in self.found:
                    for point in self._differing(axis, kinds):
                        self._step(point)
                        break

    def _step(self, point: Point) -> None:
        """Step from a point along each open axis: it matters where a step leads to the other outcome."""
        self.budget.spend()
        columns = [point[axis] for axis in self.kinds]
        before = accumulate(columns, and_, initial=self.terms)
        after = [*accumulate(reversed(columns), and_, initial=self.terms)][-2::-1]
        for axis, left, right in zip(self.kinds, before, after, strict=False):
            if axis in self.open and axis not in self.found:
                elsewhere = left & right
                if any(self._both_outcomes(elsewhere, kinds) for kinds in self.open[axis]):
                    self.found.add(axis)

    def _both_outcomes(self, elsewhere: int, kinds: Kinds) -> bool:
        """Whether, with these terms holding on the other axes, some of the kinds are permitted and some not."""
        permits, forbids = elsewhere & self.permits, elsewhere & self.forbids
        first = None
        for kind in kinds:
            permitted = not kind & forbids and kind & permits != 0
            if first is None:
                first = permitted
            elif permitted is not first:
                return True
        return False

    def _differing(self, axis: int, kinds: Kinds) -> Iterator[Point]:
        """Permitted points from which a step along the axis, within `kinds`, leads to one that is not."""
        depending = reduce(or_, kinds) & ~reduce(and_, kinds)
        for forbid in leaves(depending & self.forbids):
            near = {
                a: {c: leaf for c, leaf in k.items() if c & forbid} for a, k in self.kinds.items()
            }
            near[axis] = {c: leaf for c, leaf in kinds.items() if not c & forbid}
            if (point := self._point(near, self.permits, self.forbids)) is not None:
                yield point
        if not depending & self.permits:
            return
        others = {a: k for a, k in self.kinds.items() if a != axis}
        for here in kinds:
            for there in kinds:
                if lost := here & ~there & self.permits:
                    avoided = here & self.forbids | there & self.permits
                    if (point := self._point(others, lost, avoided)) is not None:
                        yield {**point, axis: here}

    def _point(self, kinds: Mapping[int, Kinds], within: int, outside: int) -> Point | None:
        """A point on the axes of `kinds` in one of `within` and in none of `outside`."""
        for term in leaves(within):
            near = {a: {c: leaf for c, leaf in k.items() if c & term} for a, k in kinds.items()}
            if not all(near.values()):
                continue
            if (point := _greedy(near, outside)) is not None:
                return point
            possible = reduce(and_, (reduce(or_, k) for k in near.values()), outside)
            chosen = escape_on([*near.items()], possible, self.budget)
            if chosen is not None:
                columns = self.index.columns
                return {
                    a: columns[a][leaf.bit_length() - 1] & self.terms for a, leaf in chosen.items()
                }
        return None


def _greedy(kinds: Mapping[int, Kinds], outside: int) -> Point | None:
    """The point that on each axis in turn leaves the fewest of `outside`, if it leaves none: most often it does."""
    point: dict[int, int] = {}
    for axis, columns in kinds.items():
        best = next(iter(columns))
        if outside:
            fewest = (outside & best).bit_count()
            for column in columns:
                if (count := (outside & column).bit_count()) < fewest:
                    best, fewest = column, count
            outside &= best
        point[axis] = best
    return None if outside else point


def _several(mask: int) -> bool:
    return mask & (mask - 1) != 0


def _widest(values: Sequence[int]) -> Iterator[int]:
    """The values of several leaves that lie in no other."""
    return (v for v in values if _several(v) and not any(w != v and v & ~w == 0 for w in values))
