"""The joint vocabulary against a definition by enumeration: which leaves of two texts can be one thing.

Two leaves can be one thing when they name the same category; or when the category that one of them names is unknown to
the other text, and the other leaf is the nearest category above it that the other text knows. Bands can be one thing
when some number lies in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.errors import Span
from avenant.source.nodes import read_yaml
from avenant.vocabulary.extend import extended
from avenant.vocabulary.joint import Joint, joined
from avenant.vocabulary.phrases import describe
from avenant.vocabulary.read import core
from avenant.vocabulary.types import ANY, Axis, Category, Vocabulary
from tests.depth import times

Leaf = str
WORDS = {"en": "words"}


def axis(complete: bool = False) -> Axis:
    """An axis with nothing to say."""
    return Axis("a", WORDS, WORDS, WORDS, "resource", complete)


@st.composite
def trees(draw: st.DrawFn) -> Vocabulary:
    """A tree over some of eight names, each below an earlier one or the root: two of them share and move names."""
    order = draw(st.permutations("bcdefghi"))
    names = order[: draw(st.integers(2, 8))]
    parents = {name: draw(st.sampled_from([ANY, *names[:i]])) for i, name in enumerate(names)}

    def below(parent: str) -> Iterator[Category]:
        for name in names:
            if parents[name] == parent:
                inner = name in parents.values()
                complete = inner and draw(st.integers(0, 9)) == 0
                yield Category("a", name, parent, WORDS, WORDS, WORDS, complete=complete)
                yield from below(name)

    return Vocabulary("v", (axis(),), tuple(below(ANY)))


def kind(leaf: Leaf) -> str:
    """The category that a leaf names: `x` of `x` and of `x.other`."""
    return ANY if leaf == "other" else leaf.removesuffix(".other")


def known_above(leaf: Leaf, own: Vocabulary, others: Vocabulary) -> str:
    """The nearest category at or above a leaf that the other text knows too."""
    return next((id for id in own.above("a", kind(leaf)) if others.category("a", id)), ANY)


def can_be_one(left: Leaf, right: Leaf, before: Vocabulary, after: Vocabulary) -> bool:
    """The definition at the head of this file."""
    if kind(left) == kind(right):
        return True
    up, down = known_above(left, before, after), known_above(right, after, before)
    left_is_new, right_is_new = up != kind(left), down != kind(right)
    return (left_is_new and not right_is_new and up == kind(right)) or (
        right_is_new and not left_is_new and down == kind(left)
    )


def enumerated(before: Vocabulary, after: Vocabulary) -> set[tuple[Leaf, Leaf]]:
    """All pairs of leaves that can be one thing."""
    lefts, rights = before.leaves("a"), after.leaves("a")
    return {(x, y) for x in lefts for y in rights if can_be_one(x, y, before, after)}


def holds(joint: Joint) -> None:
    """What is true of every joint vocabulary: each leaf of each text is a set of joint leaves, and no other set is."""
    for side in (joint.left, joint.right):
        text = side.vocabulary
        masks = [side.mask("a", leaf) for leaf in text.leaves("a")]
        assert all(masks)
        assert joint.mask("a", ANY) == sum(masks)
        for id, wanted in text.subtrees("a"):
            parts = [m for i, m in enumerate(masks) if wanted >> i & 1]
            assert sum(parts) == side.mask("a", id)


@settings(max_examples=times(400))
@given(trees(), trees())
def test_joint_leaves_are_the_pairs_that_can_be_one_thing(
    before: Vocabulary, after: Vocabulary
) -> None:
    """Split, added, missing and moved categories alike; a closed list may add pairs, and loses none."""
    joint = joined(before, after)
    holds(joint)
    pairs = [joint.pairs["a"][leaf] for leaf in joint.leaves("a")]
    assert len(pairs) == len(set(pairs))
    expected = enumerated(before, after)
    assert expected <= set(pairs)
    # Only a leaf that can be nothing in the other text, because that text's list is closed, has further partners.
    lonely = {x for x in before.leaves("a") if all(x != left for left, _ in expected)}
    lonely |= {y for y in after.leaves("a") if all(y != right for _, right in expected)}
    assert all({left, right} & lonely for left, right in set(pairs) - expected)


def bands(overs: list[int], names: str) -> Vocabulary:
    """Bands with these thresholds, the first from the bottom."""
    made = [
        Category("a", name, ANY, WORDS, WORDS, WORDS, over=over)
        for name, over in zip(names, overs, strict=False)
    ]
    return Vocabulary("v", (axis(complete=True),), tuple(made))


def band(vocabulary: Vocabulary, number: int) -> str:
    """The band that a number lies in."""
    categories = vocabulary.categories
    above = [c for c in categories[1:] if c.over is not None and number > c.over]
    return (above or categories[:1])[-1].id


thresholds = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(
    lambda cuts: [0, *sorted(cuts)]
)


@given(thresholds, thresholds, st.sampled_from(["bcdef", "cdefg"]))
def test_bands_are_cut_at_both_thresholds(before: list[int], after: list[int], names: str) -> None:
    """Two numbers are in one joint band exactly when both texts put them in one band."""
    left, right = bands(before, "bcdef"), bands(after, names)
    joint = joined(left, right)
    holds(joint)
    numbers = [(band(left, n), band(right, n)) for n in range(14)]
    runs = [numbers[0], *(now for last, now in pairwise(numbers) if now != last)]
    assert runs == [joint.pairs["a"][leaf] for leaf in joint.leaves("a")]


def test_raising_a_threshold_is_seen() -> None:
    """`bulk` from over 100 to over a million: what lies between is bulk before and not after, and is said so."""
    after = extended(core(), read_yaml("scale: {bulk: {over: 1000000}}", Span("x", 1)))
    joint = joined(core(), after)
    between = joint.left.mask("scale", "bulk") & ~joint.right.mask("scale", "bulk")
    assert "over 100 and up to 1,000,000" == describe(joint, "scale", between)


def test_a_moved_category_is_followed_in_each_text() -> None:
    """The NSA taken out of the intelligence agencies is one of them in one text alone."""
    texts = (
        "organisation: {department: {children: {intelligence: {children: [nsa, dia]}, army: {}}}}",
        "organisation: {department: {children: {intelligence: {children: [dia]}, army: {}, nsa: {}}}}",
    )
    joint = joined(*(extended(core(), read_yaml(t, Span("x", 1))) for t in texts))
    nsa = joint.mask("organisation", "nsa")
    assert nsa == joint.left.mask("organisation", "nsa") == joint.right.mask("organisation", "nsa")
    assert nsa == joint.left.mask("organisation", "intelligence") & nsa
    assert 0 == joint.right.mask("organisation", "intelligence") & nsa


def test_a_vocabulary_joined_with_itself_is_itself() -> None:
    """Nothing is split where nothing differs."""
    joint = joined(core(), core())
    assert core().categories == joint.categories
    assert core().axes == joint.axes
    pairs = [(leaf, pair) for axis in joint.pairs.values() for leaf, pair in axis.items()]
    assert [(leaf, (leaf, leaf)) for leaf, _ in pairs] == pairs


def test_an_axis_of_one_text_alone_is_kept() -> None:
    """Two vocabularies with different axes join: the other text says nothing about it."""
    *axes, last = core().axes
    rest = tuple(c for c in core().categories if c.axis != last.id)
    without = Vocabulary("core@0", tuple(axes), rest)
    for joint in (joined(core(), without), joined(without, core())):
        assert core().leaves("model") == joint.leaves("model")
        assert len(core().axes) == len(joint.axes)
