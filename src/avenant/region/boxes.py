"""Maximal boxes: a region as a short list that a person can read (§7 of the semantics).

The witness of a box is the first point of the region, in vocabulary order, that no earlier box
blocks. The box grows from it axis by axis, the background first and then the foreground, each from
the whole axis down: whole subtrees first, single leaves last. So no leaf of any axis can be added
to a box, and the list is the same on every machine. A box blocks what has its foreground, whatever
the background; when nothing is left, each point of the region has its foreground inside some box's
foreground. Boxes whose foreground the others cover are dropped, the earliest found first.

The *hull* of a box is what is true of every point that could have been its own, those of `inside`
with the box's foreground: per axis, the leaves at which such a point lies. Where it is no wider than
the box, the box is all that there is at its foreground; where it is wider, the box is an example.

`inside` may be wider than the region searched: what is newly refused is searched in A less B, and
grows in all that B does not permit.

>>> from avenant.region.algebra import union
>>> from avenant.region.index import Index
>>> from avenant.region.space import Space
>>> index = Index(Space((3, 2)), [(0b001, 0b11), (0b111, 0b01)])
>>> either = union(0b11)
>>> [b.box for b in maximal_boxes(index, either, either, (0, 1), Budget()).boxes]
[(7, 1), (1, 3)]
>>> [(b.box, b.hull) for b in maximal_boxes(index, either, either, (0,), Budget()).boxes]
[((7, 1), (7, 3))]
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from avenant.region.algebra import Region, union
from avenant.region.index import Index
from avenant.region.search import Budget, Exhausted, covers, find, first
from avenant.region.space import Box, leaves, on


class Listener(Protocol):
    """What the search tells while it runs: for a progress bar, or a first answer while more are
    sought.
    """

    def found(self, box: MaximalBox, spent: int) -> None:
        """A box is found, `spent` steps into the budget; it may still be dropped at the end."""


class MaximalBox(Struct, frozen=True):
    """A box to which no leaf can be added, the point that it was grown from, and its hull.

    A hull that the budget did not reach is the whole of each axis of the background: it claims nothing.
    """

    box: Box
    witness: Box
    hull: Box


class Boxes(Struct, frozen=True):
    """The boxes found. Only with `complete` are there no more: a limit or a spent budget is never
    "none found".
    """

    boxes: tuple[MaximalBox, ...]
    complete: bool
    steps: int
    others: bool = False  # a further point was found, and no room was left for its box


def maximal_boxes(
    index: Index,
    region: Region,
    inside: Region,
    foreground: Collection[int],
    budget: Budget,
    limit: int | None = None,
    listener: Listener | None = None,
) -> Boxes:
    """Find the region's maximal boxes inside `inside`, new on the axes of `foreground`; at most
    `limit` of them.

    INVARIANT: `inside` holds the whole region.
    """
    space = index.space
    whole = index  # without the shadows, which say nothing of the region
    background = [a for a in range(len(space.full)) if a not in foreground]
    order = (*background, *(a for a in range(len(space.full)) if a in foreground))
    started = budget.spent
    found: list[MaximalBox] = []
    shadows: list[Box] = []  # the boxes with their background free: what they block
    complete = others = False
    try:
        while limit is None or len(found) <= limit:
            blocked = union(index.union(shadows))
            witness = first(index, region & ~blocked, space.full, budget)
            if witness is None:
                complete = True
                break
            if others := len(found) == limit:
                break
            box = _grown(index, ~inside, witness, order, budget)
            shadow = tuple(top if a in background else box[a] for a, top in enumerate(space.full))
            found.append(MaximalBox(box, witness, shadow))
            shadows.append(shadow)
            index = index.with_terms(shadows[-1:])
            if listener is not None:
                listener.found(found[-1], budget.spent - started)
        for i, one in enumerate(found):
            # One at a time: where the budget ends, the hulls that are known stay.
            found[i] = replace(one, hull=hull(whole, inside, one.hull, one.box, budget))
        if complete:
            found = _needed(index, found, shadows, budget)
    except Exhausted:
        complete = False
    return Boxes(tuple(found), complete, budget.spent - started, others)


def hull(index: Index, region: Region, box: Box, known: Box, budget: Budget) -> Box:
    """Return, per axis, the leaves of the box at which a point of the region inside it lies.

    INVARIANT: such a point lies at each leaf of `known`: it spares the searches. Raises Exhausted.
    """
    held = list(known)
    for axis in index.axes:
        closed = 0  # leaves at which there is no point
        for leaf in leaves(box[axis] & ~held[axis]):
            if leaf & (held[axis] | closed):
                continue
            point = find(index, region, on(box, axis, leaf), budget)
            if point is None:
                closed |= index.alike(axis, leaf)
                continue
            # The point shows a leaf of every other axis too, and all that no term tells from it.
            for other in index.axes:
                held[other] |= index.alike(other, point[other])
    return tuple(held[axis] & mask if axis in index.axes else mask for axis, mask in enumerate(box))


def _grown(
    index: Index, outside: Region, witness: Box, order: tuple[int, ...], budget: Budget
) -> Box:
    """The box from `witness` to which no leaf can be added without meeting `outside`."""
    box = witness
    for axis in order:
        if axis not in index.axes:
            box = on(box, axis, index.space.full[axis])
            continue
        closed = 0  # leaves known to meet `outside`, whatever else of this axis is added
        for subtree in index.space.subtrees[axis]:
            added = subtree & ~box[axis]
            if not added or added & closed:
                continue
            beyond = find(index, outside, on(box, axis, added), budget)
            # What no term tells apart need not be asked again: a long axis costs no more than its kinds.
            if beyond is None:
                box = on(box, axis, box[axis] | index.alike(axis, added))
            else:
                closed |= index.alike(axis, beyond[axis])
    return box


def _needed(
    index: Index, found: list[MaximalBox], shadows: list[Box], budget: Budget
) -> list[MaximalBox]:
    """The boxes whose foreground the others do not cover; `index` holds the shadows."""
    kept = list(zip(found, shadows, strict=True))
    for one in tuple(kept):
        others = index.union(shadow for box, shadow in kept if box is not one[0])
        if covers(index, others, one[1], budget):
            kept.remove(one)
    return [box for box, _ in kept]
