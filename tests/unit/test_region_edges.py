"""The edges of spaces, boxes and regions, where a search has nothing or everything to look at."""

from __future__ import annotations

import pytest

from avenant.region import (
    EVERYTHING,
    NOTHING,
    Budget,
    Index,
    Mixture,
    Region,
    Space,
    Verdict,
    covers,
    find,
    first,
    maximal_boxes,
    missing,
    permitted,
    union,
    verdict,
)

SPACE = Space((3, 2), ((0b111, 0b011), ()))


def test_a_space_always_ends_in_single_leaves() -> None:
    """Each axis's subtrees begin with the whole axis and hold every leaf, in order, once."""
    assert ((0b111, 0b011, 0b001, 0b010, 0b100), (0b11, 0b01, 0b10)) == SPACE.subtrees


@pytest.mark.parametrize(
    ("sizes", "subtrees"),
    [((3, 0), ()), ((3, 2), ((0b111,),)), ((3, 2), ((0b1000,), ())), ((3, 2), ((0,), ()))],
)
def test_a_space_that_makes_no_sense_is_refused(
    sizes: tuple[int, ...], subtrees: tuple[tuple[int, ...], ...]
) -> None:
    """No axis without a leaf, no subtree outside its axis or without a leaf."""
    with pytest.raises(ValueError, match=r"axis|subtree"):
        Space(sizes, subtrees)


@pytest.mark.parametrize("term", [(0b111,), (0, 0b11), (0b1000, 0b11), (0b111, 0b11, 1)])
def test_a_term_that_is_no_box_is_refused(term: tuple[int, ...]) -> None:
    """An empty mask would make a term that holds nowhere and a box without a point."""
    with pytest.raises(ValueError, match="no box"):
        Index(SPACE, [term])


def test_without_terms_nothing_is_permitted_and_nothing_is_covered() -> None:
    """An empty text refuses everything."""
    index = Index(SPACE, [])
    assert verdict(index, 0, 0, SPACE.full, Budget()) is Verdict.REFUSED
    assert not covers(index, 0, SPACE.full, Budget())
    assert find(index, NOTHING, SPACE.full, Budget()) is None
    assert first(index, EVERYTHING, SPACE.full, Budget()) == (1, 1)
    assert missing(index, 0, 0, Mixture(((0b111,), (0b11,))), Budget()) == ((), True)


def test_a_term_of_everything_narrows_no_axis() -> None:
    """A permit of everything is found on every box, though no axis is looked at."""
    index = Index(SPACE, [SPACE.full])
    assert index.axes == ()
    assert verdict(index, 1, 0, (0b010, 0b11), Budget()) is Verdict.PERMITTED
    answer = maximal_boxes(index, union(1), union(1), (), Budget())
    assert [SPACE.full] == [found.box for found in answer.boxes]


def test_equal_boxes_are_one_term() -> None:
    """What two texts share has one bit, so that the algebra alone sees it fall away."""
    box, other = (0b001, 0b11), (0b111, 0b01)
    index = Index(SPACE, [box, other, box])
    assert (box, other) == index.terms
    assert index.with_terms([other, SPACE.full]).terms == (box, other, SPACE.full)
    before = permitted(index.union([box, other]), 0)
    after = permitted(index.union([box, other]), index.union([box]))
    assert NOTHING == after & ~before
    assert Region(()) != before & ~after


def test_a_set_of_terms_that_are_not_there_is_a_fault() -> None:
    """A box that is no term of the index has no bit."""
    with pytest.raises(KeyError):
        Index(SPACE, []).union([SPACE.full])


def test_the_complement_of_everything_is_nothing() -> None:
    """The two ends of the algebra are each other's complement."""
    assert (NOTHING, EVERYTHING) == (~EVERYTHING, ~NOTHING)


def test_an_empty_foreground_needs_one_box() -> None:
    """With all axes in the background, any box blocks all others."""
    index = Index(SPACE, [(0b001, 0b11), (0b111, 0b01)])
    answer = maximal_boxes(index, union(0b11), union(0b11), (), Budget())
    assert ([(0b111, 0b01)], True) == ([found.box for found in answer.boxes], answer.complete)


def test_a_limit_of_none_says_that_it_did_not_look_further() -> None:
    """With no box allowed, the answer is empty and not complete, unless there is nothing to find."""
    index = Index(SPACE, [(0b001, 0b11)])
    assert not maximal_boxes(index, union(1), union(1), (0,), Budget(), limit=0).complete
    assert maximal_boxes(index, NOTHING, NOTHING, (0,), Budget(), limit=0).complete


def test_leaves_that_no_term_tells_apart_are_alike() -> None:
    """On the first axis the first two leaves are in the same terms; on the second each is its own."""
    index = Index(SPACE, [(0b011, 0b11), (0b100, 0b01)])
    assert [0b011, 0b100, 0b111] == [index.alike(0, mask) for mask in (0b001, 0b100, 0b110)]
    assert [0b01, 0b10] == [index.alike(1, mask) for mask in (0b01, 0b10)]


@pytest.mark.parametrize("size", [4, 40, 400])
def test_a_longer_axis_costs_no_more(size: int) -> None:
    """What a search spends depends on the kinds of leaves that the terms make, not on their number."""
    space = Space((size, size))
    half = (1 << size // 2) - 1
    index = Index(space, [(half, space.full[1]), (space.full[0], half)])
    region = union(0b01) & ~union(0b10)
    answer = maximal_boxes(index, region, region, (0, 1), Budget())
    assert [(half, space.full[1] & ~half)] == [found.box for found in answer.boxes]
    assert answer.steps < 20
