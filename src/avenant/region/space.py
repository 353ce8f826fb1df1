"""Boxes: what every search works on. No axis has a name here and no leaf a meaning.

An axis is an index 0..n-1, its leaves are the bits of a mask in vocabulary order, and a box is one
mask an axis: all points whose leaf on each axis is in that axis's mask. A box whose masks have one
bit each is a point.

>>> space = Space((3, 2), ((0b111, 0b011, 0b001, 0b010, 0b100), (0b11, 0b01, 0b10)))
>>> space.full
(7, 3)
>>> meet((0b011, 0b11), (0b110, 0b01))
(2, 1)
>>> meet((0b001, 0b11), (0b110, 0b01)) is None
True
>>> [point for point in points((0b101, 0b10))]
[(1, 2), (4, 2)]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod
from operator import and_

Box = tuple[int, ...]
"""One mask an axis. INVARIANT: no mask is zero, so a box always has a point (an empty set is
`None`, never a box)."""


@dataclass(frozen=True, slots=True)
class Space:
    """The axes: how many leaves each has, and the masks of its subtrees in preorder, the whole axis
    first.

    The subtrees serve growth, "whole subtrees first"; a leaf that no subtree singles out is tried
    alone after them.
    """

    sizes: tuple[int, ...]
    subtrees: tuple[tuple[int, ...], ...] = ()
    full: Box = field(init=False)

    def __post_init__(self) -> None:
        full = tuple((1 << size) - 1 for size in self.sizes)
        if not all(full):
            raise ValueError("an axis needs at least one leaf")
        subtrees = self.subtrees or tuple(() for _ in full)
        if len(subtrees) != len(full):
            raise ValueError("subtrees are given for every axis or for none")
        if any(not 0 < s <= top for top, tree in zip(full, subtrees, strict=True) for s in tree):
            raise ValueError("a subtree is a mask of leaves of its axis")
        object.__setattr__(self, "full", full)
        object.__setattr__(
            self,
            "subtrees",
            tuple(
                tuple(dict.fromkeys((top, *tree, *leaves(top))))
                for top, tree in zip(full, subtrees, strict=True)
            ),
        )


def leaves(mask: int) -> Iterator[int]:
    """The single bits of a mask, lowest first. Works for sets of leaves and for sets of terms."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def meet(left: Box, right: Box) -> Box | None:
    """The box of the points in both, or None when there are none."""
    box = tuple(map(and_, left, right))
    return box if all(box) else None


def contains(outer: Box, inner: Box) -> bool:
    """Whether each point of `inner` lies in `outer`."""
    return all(b & ~a == 0 for a, b in zip(outer, inner, strict=True))


def first_point(box: Box) -> Box:
    """The first point of a box in vocabulary order: the lowest leaf on each axis."""
    return tuple(mask & -mask for mask in box)


def points(box: Box) -> Iterator[Box]:
    """Every point of a box in vocabulary order: the last axis varies fastest."""
    return product(*(tuple(leaves(mask)) for mask in box))


def volume(box: Box) -> int:
    """How many points a box has."""
    return prod(mask.bit_count() for mask in box)


def on(box: Box, axis: int, mask: int) -> Box:
    """The box with another mask on one axis."""
    return (*box[:axis], mask, *box[axis + 1 :])
