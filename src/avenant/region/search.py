"""The search: is there a point, and which is the first?

One question carries the rest. *Does a point of this box escape all of these terms?* is the
tautology question of two-level minimisation, and it is answered as Rudell and
Sangiovanni-Vincentelli answer it (IEEE Trans. CAD 6(5), 1987, after Espresso): reduce while
anything can be reduced for nothing, then split on one axis. In the order tried:

    a term certainly holds    no point escapes
    no term is left           every point does
    unate axis                one leaf is held by no term that any other leaf escapes: take it
    single term               it depends on one axis alone: the leaves where it holds are closed
    else                      split on the axis with the fewest kinds of leaf, fewest terms first;
                              a leaf held by all terms of a leaf that failed, fails too

A state of the search is a set of terms and, per axis, the distinct columns of its leaves: no boxes
are cut. `find` asks the same of a region: it narrows the box to one term after another of each set
to be within, then looks for an escape.

>>> from avenant.region.algebra import union
>>> from avenant.region.index import Index
>>> from avenant.region.space import Space
>>> space = Space((3, 2))
>>> index = Index(space, [(0b011, 0b11), (0b110, 0b01)])
>>> escape(index, 0b11, space.full, Budget())
(4, 2)
>>> covers(index, 0b11, (0b111, 0b01), Budget())
True
>>> first(index, union(0b01) & ~union(0b10), space.full, Budget())
(1, 1)
"""

from __future__ import annotations

from collections.abc import Callable

from avenant.region.algebra import Region
from avenant.region.index import Index
from avenant.region.space import Box, first_point, leaves, meet, on


class Exhausted(Exception):
    """The budget is spent before the answer is known. It is never an answer by itself."""


class Budget:
    """How many steps a search may take, the same on every machine; `steps` is None for as many as
    it needs.

    `stop` is asked now and then, for whoever has a clock: True ends the search as if the steps were
    spent.
    """

    __slots__ = ("_next", "spent", "steps", "stop")

    def __init__(self, steps: int | None = None, stop: Callable[[], bool] | None = None) -> None:
        self.steps = steps
        self.stop = stop
        self.spent = 0
        self._next = 0

    def spend(self) -> None:
        """Take one step; raises Exhausted when none is left."""
        if self.steps is not None and self.spent >= self.steps:
            raise Exhausted
        if self.stop is not None and self.spent >= self._next:
            self._next = self.spent + 64
            if self.stop():
                raise Exhausted
        self.spent += 1


def covers(index: Index, terms: int, box: Box, budget: Budget) -> bool:
    """Whether every point of the box lies in one of the terms. Raises Exhausted."""
    return escape(index, terms, box, budget) is None


def escape(index: Index, terms: int, box: Box, budget: Budget) -> Box | None:
    """A point of the box in none of the terms; None when they cover it. Raises Exhausted."""
    possible, certain = index.bounds(box)
    if terms & certain:
        return None
    return escape_from(index, terms & possible, box, budget)


def escape_from(index: Index, terms: int, box: Box, budget: Budget) -> Box | None:
    """A point of the box in none of `terms`, each of which possibly holds on it and none certainly.

    Raises Exhausted.
    """
    point = list(first_point(box))
    axes: list[tuple[int, dict[int, int]]] = []
    for axis, row in index.rows:
        mask = box[axis]
        shared = row[mask] & terms  # the lower half: what certainly holds
        if shared == terms:
            continue
        columns: dict[int, int] = {}
        for column, leaf in index.sparsest[axis]:
            if leaf & mask:
                column &= terms
                if column == shared:  # an unate axis, most often at its first leaf
                    point[axis] = leaf
                    terms = shared
                    break
                columns.setdefault(column, leaf)
        else:
            axes.append((axis, columns))
    chosen = escape_on(axes, terms, budget)
    if chosen is None:
        return None
    for axis, leaf in chosen.items():
        point[axis] = leaf
    return tuple(point)


def escape_on(
    axes: list[tuple[int, dict[int, int]]], terms: int, budget: Budget
) -> dict[int, int] | None:
    """Return the leaf to take on each of `axes` (axis, column -> leaf) so that none of `terms` holds, or None.

    Raises Exhausted. INVARIANT: on every axis that is not among `axes`, each of `terms` holds at the leaf taken.
    """
    budget.spend()
    chosen: dict[int, int] = {}
    while terms:
        before = terms
        once = twice = 0  # terms that depend on an axis, and on a second one
        left = []
        for axis, leaf_of in axes:
            columns: dict[int, int] = {}
            shared, anywhere = terms, 0
            for column, leaf in leaf_of.items():
                column &= terms
                shared &= column
                anywhere |= column
                columns.setdefault(column, leaf)
            if shared in columns:
                chosen[axis] = columns[shared]
                terms = shared
            else:
                terms = anywhere
                left.append((axis, columns, shared))
                depending = terms & ~shared
                twice |= once & depending
                once |= depending
        axes = [(axis, columns) for axis, columns, _ in left]
        if terms != before:
            continue
        if terms & ~once:
            return None
        single = terms & ~twice
        if not single:
            break
        for i, (axis, columns, shared) in enumerate(left):
            closed = single & ~shared
            if closed:
                axes[i] = axis, {c: leaf for c, leaf in columns.items() if not c & closed}
                if not axes[i][1]:
                    return None
    if not terms:
        for axis, columns in axes:
            chosen[axis] = next(iter(columns.values()))
        return chosen

    split = min(range(len(axes)), key=lambda i: len(axes[i][1]))
    axis, columns = axes.pop(split)
    failed: list[int] = []
    for column in sorted(columns, key=int.bit_count):
        if any(column & f == f for f in failed):
            continue
        found = escape_on(axes, column, budget)
        if found is not None:
            return chosen | found | {axis: columns[column]}
        failed.append(column)
    return None


def find(index: Index, region: Region, box: Box, budget: Budget) -> Box | None:
    """A point of the region inside the box, or None when there is none. Raises Exhausted."""
    for part in region.parts:
        point = _find(index, part.within, part.outside, box, budget)
        if point is not None:
            return point
    return None


def _find(
    index: Index, within: tuple[int, ...], outside: int, box: Box, budget: Budget
) -> Box | None:
    budget.spend()
    possible, certain = index.bounds(box)
    if outside & certain:
        return None
    unmet = []
    for wanted in within:
        if not wanted & certain:
            wanted &= possible & ~outside
            if not wanted:
                return None
            unmet.append(wanted)
    if not unmet:
        return escape_from(index, outside & possible, box, budget)
    wanted = min(unmet, key=int.bit_count)
    unmet.remove(wanted)
    rest = tuple(unmet)
    for bit in leaves(wanted):
        narrowed = meet(box, index.terms[bit.bit_length() - 1])
        assert narrowed is not None  # it possibly holds
        point = _find(index, rest, outside, narrowed, budget)
        if point is not None:
            return point
        outside |= bit  # nothing of the region lies in it, so whatever is found lies outside
    return None


def first(index: Index, region: Region, box: Box, budget: Budget) -> Box | None:
    """The first point of the region inside the box in vocabulary order, or None. Raises
    Exhausted.
    """
    point = find(index, region, box, budget)
    if point is None:
        return None
    for axis in range(len(box)):
        while lower := box[axis] & (point[axis] - 1):
            earlier = find(index, region, on(box, axis, lower), budget)
            if earlier is None:
                break
            point = earlier
        box = on(box, axis, point[axis])
    return point
