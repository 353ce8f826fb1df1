"""Sets of uses as integers, a bit a point: brute force that is fast enough for thousands of random texts.

Every point of a small vocabulary has a number. A category, a condition, a box and a text are each the set of their
points, worked out from the tree of names: no line is shared with masks of leaves, terms or the search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, reduce
from itertools import product
from operator import and_, or_

from avenant.agreement.types import InForce
from avenant.rules.types import And, Condition, In, Not, Or
from avenant.vocabulary.types import ANY, Vocabulary


class PointSets:
    """The points of a vocabulary, and what of them lies where."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.axes = tuple(axis.id for axis in vocabulary.axes)
        self.points = tuple(product(*(vocabulary.leaves(axis) for axis in self.axes)))
        self.all = (1 << len(self.points)) - 1

    @cache  # noqa: B019  the test that made it ends with it
    def at(self, axis: str, leaf: str) -> int:
        """The points with a leaf on an axis."""
        i = self.axes.index(axis)
        return sum(1 << n for n, point in enumerate(self.points) if point[i] == leaf)

    @cache  # noqa: B019  as above
    def category(self, axis: str, category: str) -> int:
        """The points below a category, by the names above their leaves."""
        below = (
            leaf
            for leaf in self.vocabulary.leaves(axis)
            if category in (leaf, ANY, *self.vocabulary.above(axis, leaf.removesuffix(".other")))
        )
        return reduce(or_, (self.at(axis, leaf) for leaf in below), 0)

    def condition(self, condition: Condition) -> int:
        """The points at which a condition holds, as it is written."""
        match condition:
            case In(axis, category):
                return self.category(axis, category)
            case Not(operand):
                return self.all & ~self.condition(operand)
            case And(operands):
                return reduce(and_, map(self.condition, operands), self.all)
            case Or(operands):
                return reduce(or_, map(self.condition, operands), 0)

    def permitted(self, text: InForce) -> int:
        """The points that a text permits."""
        held = {"permit": 0, "forbid": 0}
        for rule in text.rules:
            held[rule.effect] |= self.condition(rule.effective)
        return held["permit"] & ~held["forbid"]

    def box(self, leaves: Mapping[str, Iterable[str]], axes: Collection[str] | None = None) -> int:
        """The points of a box; with `axes`, of these axes of it alone."""
        sides = (
            reduce(or_, (self.at(axis, leaf) for leaf in some), 0)
            for axis, some in leaves.items()
            if axes is None or axis in axes
        )
        return reduce(and_, sides, self.all)

    def leaves(self, points: int, axis: str) -> Iterator[str]:
        """The leaves of an axis at which some of these points lie."""
        return (leaf for leaf in self.vocabulary.leaves(axis) if points & self.at(axis, leaf))
