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

from collections.abc import Callable, Iterator

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
    budget.spend()
    reduced = _reduced(index, terms, box, free=True)
    if reduced is None:
        return None
    box, terms = reduced
    if not terms:
        return first_point(box)
    axis, shared, columns = min(_columns(index, terms, box), key=_kinds)
    failed: list[int] = []
    for column in (shared,) if shared in columns else sorted(columns, key=int.bit_count):
        if any(column & f == f for f in failed):
            continue
        point = escape_from(index, column, on(box, axis, columns[column]), budget)
        if point is not None:
            return point
        failed.append(column)
    return None


def _kinds(axis: tuple[int, int, dict[int, int]]) -> int:
    """How many leaves of an axis have to be tried: of a unate axis one."""
    _, shared, columns = axis
    return 1 if shared in columns else len(columns)


def _reduced(index: Index, terms: int, box: Box, *, free: bool) -> tuple[Box, int] | None:
    """A part of the box in which a point escapes `terms` if one does in the box, and the terms that hold in it.

    None where a term holds everywhere. Single terms close leaves; and if the point is `free`, to be any that
    escapes, a unate axis gives up all leaves but one. Whole rows are asked here, and columns only where those end:
    most questions end before.
    """
    while terms:
        possible, certain = index.bounds(box)
        terms &= possible
        if terms & certain:
            return None
        once = twice = 0  # terms that depend on an axis, and on a second one
        depending: list[tuple[int, int]] = []
        for axis, row in index.rows:
            here = terms & ~row[box[axis]]  # the lower half: what certainly holds
            if here:
                depending.append((axis, here))
                twice |= once & here
                once |= here
        masks = list(box)
        single = terms & ~twice
        if single:
            for axis, here in depending:
                if closing := here & single:
                    masks[axis] = index.escaping(axis, box[axis], closing)
                    if not masks[axis]:
                        return None
        elif free:
            for axis, here in depending:
                column, leaf = next(pair for pair in index.sparsest[axis] if pair[1] & box[axis])
                if not column & here & terms:
                    masks[axis] = leaf
                    terms &= ~here
        if tuple(masks) == box:
            break
        box = tuple(masks)
    return box, terms


def _columns(index: Index, terms: int, box: Box) -> Iterator[tuple[int, int, dict[int, int]]]:
    """The axes of a box on which `terms` depend, each with what holds at all its leaves, and their distinct columns."""
    for axis, row in index.rows:
        mask = box[axis]
        shared = row[mask] & terms
        if shared != terms:
            columns: dict[int, int] = {}
            for column, leaf in index.sparsest[axis]:
                if leaf & mask:
                    columns.setdefault(column & terms, leaf)
            yield axis, shared, columns


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
    if within and outside:
        # Whatever is closed here need not be closed again for each term to be within.
        reduced = _reduced(index, outside, box, free=False)
        if reduced is None:
            return None
        box, _ = reduced
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
    failed = 0
    for bit in leaves(wanted):
        narrowed = meet(box, index.terms[bit.bit_length() - 1])
        assert narrowed is not None  # it possibly holds
        # Nothing of the region lies in a term that failed, so nothing does in a box inside it.
        if failed & index.certainly(narrowed):
            continue
        point = _find(index, rest, outside, narrowed, budget)
        if point is not None:
            return point
        failed |= bit
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
