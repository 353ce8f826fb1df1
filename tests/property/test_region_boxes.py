"""Maximal boxes: inside, maximal, covering on the foreground, in one order; checked point by point."""

from __future__ import annotations

from functools import reduce
from operator import or_
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from avenant.region import (
    Box,
    Boxes,
    Budget,
    Index,
    MaximalBox,
    Region,
    contains,
    first_point,
    leaves,
    maximal_boxes,
    points,
    union,
)
from tests.property.small import enumerated, lies_in, random_region, small_text

seeds = st.integers(0, 2**64 - 1)


def asked(seed: int) -> tuple[Index, Region, Region, tuple[int, ...]]:
    """A region, a wider one to grow in, and a foreground."""
    random = Random(seed)
    small = small_text(random)
    region = random_region(random, small.index)
    inside = region | random_region(random, small.index, 1) if random.random() < 0.5 else region
    axes = range(len(small.index.space.sizes))
    return small.index, region, inside, tuple(random.sample(axes, random.randint(0, len(axes))))


def answered(index: Index, region: Region, inside: Region, foreground: tuple[int, ...]) -> Boxes:
    """All maximal boxes, without limit."""
    return maximal_boxes(index, region, inside, foreground, Budget())


def shadow(index: Index, box: Box, foreground: tuple[int, ...]) -> Box:
    """The box with its background free."""
    return tuple(
        mask if a in foreground else full
        for a, (mask, full) in enumerate(zip(box, index.space.full, strict=True))
    )


@given(seeds)
def test_boxes_lie_inside(seed: int) -> None:
    """Each point of each box is inside, and its witness is in the box and in the region."""
    index, region, inside, foreground = asked(seed)
    for found in answered(index, region, inside, foreground).boxes:
        assert all(lies_in(index, inside, point) for point in points(found.box))
        assert contains(found.box, found.witness)
        assert lies_in(index, region, found.witness)
        assert found.witness == first_point(found.witness)


@given(seeds)
def test_boxes_are_maximal(seed: int) -> None:
    """No leaf of any axis can be added to a box."""
    index, region, inside, foreground = asked(seed)
    for found in answered(index, region, inside, foreground).boxes:
        for axis, (mask, full) in enumerate(zip(found.box, index.space.full, strict=True)):
            for leaf in leaves(full & ~mask):
                slab = (*found.box[:axis], leaf, *found.box[axis + 1 :])
                assert not all(lies_in(index, inside, point) for point in points(slab))


@given(seeds)
def test_boxes_cover_on_the_foreground(seed: int) -> None:
    """Each point of the region has its foreground inside some box's foreground."""
    index, region, inside, foreground = asked(seed)
    answer = answered(index, region, inside, foreground)
    assert answer.complete
    shadows = [shadow(index, found.box, foreground) for found in answer.boxes]
    for point in enumerated(index, region, index.space.full):
        assert any(contains(cast, point) for cast in shadows)


@given(seeds)
def test_each_box_is_needed(seed: int) -> None:
    """No box has a foreground that the others cover."""
    index, region, inside, foreground = asked(seed)
    boxes = answered(index, region, inside, foreground).boxes
    shadows = [shadow(index, found.box, foreground) for found in boxes]
    for i, cast in enumerate(shadows):
        others = shadows[:i] + shadows[i + 1 :]
        assert not all(any(contains(o, point) for o in others) for point in points(cast))


@given(seeds)
def test_a_hull_is_what_is_true_of_every_point_with_that_foreground(seed: int) -> None:
    """It has a leaf exactly where such a point lies; a box that fills its hull is all there is at its foreground."""
    index, region, inside, foreground = asked(seed)
    for found in answered(index, region, inside, foreground).boxes:
        there = enumerated(index, inside, shadow(index, found.box, foreground))
        seen = tuple(reduce(or_, leaf) for leaf in zip(*there, strict=True))
        assert seen == found.hull
        assert contains(found.hull, found.box)
        assert (found.box == found.hull) == (sorted(points(found.box)) == sorted(there))


@given(seeds)
def test_the_first_witness_is_the_first_point_and_grows_whole_subtrees_first(seed: int) -> None:
    """The first box is what §7 of the semantics says, worked out by enumeration."""
    index, region, inside, foreground = asked(seed)
    told: list[MaximalBox] = []

    class Ears:
        def found(self, box: MaximalBox, spent: int) -> None:
            told.append(box)
            assert spent >= 0

    maximal_boxes(index, region, inside, foreground, Budget(), listener=Ears())
    witnesses = enumerated(index, region, index.space.full)
    assert bool(witnesses) == bool(told)
    if told:
        box = list(witnesses[0])
        for axis in sorted(range(len(box)), key=lambda a: (a in foreground, a)):
            for subtree in index.space.subtrees[axis]:
                wider = (*box[:axis], box[axis] | subtree, *box[axis + 1 :])
                if all(lies_in(index, inside, point) for point in points(wider)):
                    box[axis] |= subtree
        assert (tuple(box), witnesses[0]) == (told[0].box, told[0].witness)


@given(seeds)
def test_the_order_of_terms_does_not_matter(seed: int) -> None:
    """The same region over terms in another order, or with terms beside, gives the same boxes."""
    random = Random(seed)
    small = small_text(random)
    terms = list(small.index.terms)
    axes = range(len(small.index.space.sizes))
    foreground = tuple(random.sample(axes, random.randint(0, len(axes))))
    random.shuffle(terms)
    beside = tuple(random.randint(1, full) for full in small.index.space.full)
    other = Index(small.index.space, [beside, *terms])
    permits = other.union(t for i, t in enumerate(small.index.terms) if small.permits >> i & 1)
    forbids = other.union(t for i, t in enumerate(small.index.terms) if small.forbids >> i & 1)
    region = union(permits) & ~union(forbids)
    assert (
        answered(small.index, small.permitted, small.permitted, foreground).boxes
        == answered(other, region, region, foreground).boxes
    )


@given(seeds, st.integers(0, 4), st.integers(0, 60))
def test_a_limit_never_turns_into_none_found(seed: int, limit: int, steps: int) -> None:
    """Cut off by boxes or steps, the answer is a part of the whole one and does not say it is complete."""
    index, region, inside, foreground = asked(seed)
    told: list[Box] = []

    class Ears:
        def found(self, box: MaximalBox, spent: int) -> None:
            told.append(box.box)

    whole = maximal_boxes(index, region, inside, foreground, Budget(), listener=Ears())
    few = maximal_boxes(index, region, inside, foreground, Budget(), limit)
    hasty = maximal_boxes(index, region, inside, foreground, Budget(steps))
    for cut in (few, hasty):
        if cut.complete:
            assert whole.boxes == cut.boxes
        else:
            assert [found.box for found in cut.boxes] == told[: len(cut.boxes)]
    assert few.complete == (len(told) <= limit)
    assert hasty.complete == (whole.steps <= steps)
    assert hasty.steps <= steps
