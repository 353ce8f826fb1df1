"""Comparison with a stated map of organisations, against a definition by enumeration and against brute force.

Two bodies can be one when it is stated that the one counts as the other or as a kind of it; where nothing is stated, as
in any joint vocabulary: they name the same category, or the nearest that the other text knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.types import InForce
from avenant.analyse.compare.compare import compare
from avenant.errors import InputError
from avenant.findings.types import Order
from avenant.rules.types import And, Condition, In, Not, Or
from avenant.vocabulary.joint import joined
from avenant.vocabulary.mapped import mapped
from avenant.vocabulary.types import ANY, OTHER, Vocabulary
from tests.depth import times
from tests.random_texts import texts
from tests.small_texts import TREES, Tree, vocabulary

AXIS = "organisation"
SHARED = {axis: TREES[axis] for axis in ("operation", "mind")}
Map = Mapping[str, str]


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Two to five bodies out of six names, in a tree of two levels; the other axes are always the same."""
    names = draw(st.permutations("bcdefg"))[: draw(st.integers(2, 5))]
    trees: dict[str, dict[str, Tree]] = {}
    for i, name in enumerate(names):
        parent = draw(st.sampled_from([None, *names[:i]]))
        if parent in trees:
            trees[parent][name] = {}
        else:
            trees[name] = {}
    closed = {(AXIS, id) for id in (ANY, *trees) if draw(st.integers(0, 5)) == 0}
    closed = {(axis, id) for axis, id in closed if id == ANY or trees[id]}
    return vocabulary({AXIS: trees, **SHARED}, {("mind", ANY), *closed})


@st.composite
def maps(draw: st.DrawFn, before: Vocabulary, after: Vocabulary) -> Map:
    """Some bodies of the text after, each as a category, a leaf, or anything at all of the text before."""
    bodies = [ANY, *(c.id for c in after.categories if c.axis == AXIS)]
    wanted = [id for id, _ in before.subtrees(AXIS)]
    chosen = draw(st.lists(st.sampled_from(bodies), max_size=3, unique=True))
    return {body: draw(st.sampled_from(wanted)) for body in chosen}


def names(text: Vocabulary, leaf: str) -> tuple[str, ...]:
    """What a leaf is: the category that it names, and all above it, nearest first."""
    kind = ANY if leaf == OTHER else leaf.removesuffix(f".{OTHER}")
    return (*text.above(AXIS, kind), ANY)


def said(text: Vocabulary, leaf: str, stated: Map) -> str | None:
    """What is stated of a body of the text after."""
    return next((stated[name] for name in names(text, leaf) if name in stated), None)


def can_be_one(left: str, right: str, before: Vocabulary, after: Vocabulary, stated: Map) -> bool:
    """The definition at the head of this file."""
    counts_as = said(after, right, stated)
    if counts_as is not None:
        return counts_as in (left, *names(before, left))
    unsaid = {
        c.id for c in after.categories if c.axis == AXIS and said(after, c.id, stated) is None
    }
    ours = {c.id for c in before.categories if c.axis == AXIS} & unsaid | {ANY}
    up = next(name for name in names(before, left) if name in ours)
    down = next(name for name in names(after, right) if name in ours)
    left_is_new, right_is_new = up != names(before, left)[0], down != names(after, right)[0]
    return up == down and not (left_is_new and right_is_new)


@st.composite
def mapped_pairs(draw: st.DrawFn) -> tuple[Vocabulary, Vocabulary, Map]:
    """Two vocabularies, and what is stated of the bodies of the second."""
    before, after = draw(vocabularies()), draw(vocabularies())
    return before, after, draw(maps(before, after))


@given(mapped_pairs())
@settings(max_examples=times(300))
def test_joint_bodies_are_the_pairs_that_can_be_one(
    drawn: tuple[Vocabulary, Vocabulary, Map],
) -> None:
    """Every pair that can be one is a joint leaf; further ones only where a closed list leaves a body no partner."""
    before, after, stated = drawn
    found = set(mapped(before, after, AXIS, stated).pairs.values())
    lefts, rights = before.leaves(AXIS), after.leaves(AXIS)
    expected = {p for p in product(lefts, rights) if can_be_one(*p, before, after, stated)}
    assert expected <= found
    lonely = {x for x in lefts if all(x != left for left, _ in expected)}
    lonely |= {y for y in rights if all(y != right for _, right in expected)}
    assert all({left, right} & lonely for left, right in found - expected)
    # What is stated is kept to the letter.
    assert not [p for p in found - expected if said(after, p[1], stated) is not None]


def holds(condition: Condition, point: Mapping[str, str], text: Vocabulary) -> bool:
    """A condition on a complete use, by the names of the categories above its leaves."""
    match condition:
        case In(axis, category):
            leaf = point[axis]
            kind = leaf.removesuffix(f".{OTHER}")
            return category in (leaf, *text.above(axis, kind))
        case Not(operand):
            return not holds(operand, point, text)
        case And(operands):
            return all(holds(o, point, text) for o in operands)
        case Or(operands):
            return any(holds(o, point, text) for o in operands)


def permits(text: InForce, point: Mapping[str, str]) -> bool:
    """Whether a text permits a complete use."""
    held = {r.effect for r in text.rules if holds(r.effective, point, text.vocabulary)}
    return "permit" in held and "forbid" not in held


@st.composite
def two_texts(draw: st.DrawFn) -> tuple[InForce, InForce, Map]:
    """A supplier's text, a reseller's, and what the reseller's bodies count as."""
    before, after, stated = draw(mapped_pairs())
    try:
        one, other = draw(texts(before)), draw(texts(after))
    except InputError:  # a rule that holds for nothing, below a closed list
        reject()
    return replace(one, agreement="supplier"), replace(other, agreement="reseller"), stated


@given(two_texts())
@settings(max_examples=times(80))
def test_inside_is_what_brute_force_finds(drawn: tuple[InForce, InForce, Map]) -> None:
    """The one text permits something that the other refuses, or not; and each use of each box is such a one."""
    before, after, stated = drawn
    joint = joined(before.vocabulary, after.vocabulary, stated)
    pairs = joint.pairs[AXIS]
    rest = [axis for axis in joint.position if axis != AXIS]

    def newly(leaf: str, others: Sequence[str]) -> tuple[bool, bool]:
        use = dict(zip(rest, others, strict=True))
        left, right = pairs[leaf]
        then, now = permits(before, {AXIS: left, **use}), permits(after, {AXIS: right, **use})
        return then and not now, now and not then

    uses = {
        (leaf, *others): newly(leaf, others)
        for leaf, *others in product(joint.leaves(AXIS), *(joint.leaves(a) for a in rest))
    }
    found = compare(before, after, stated=tuple(stated.items()))
    gone, come = (any(one[side] for one in uses.values()) for side in (0, 1))
    orders = {
        (False, False): Order.EQUAL,
        (True, False): Order.STRICTER,
        (False, True): Order.LOOSER,
        (True, True): Order.INCOMPARABLE,
    }
    assert orders[gone, come] == found.order
    for box in found.newly_permitted.boxes:
        inside = product(*(box.leaves.get(a, joint.leaves(a)) for a in (AXIS, *rest)))
        assert all(uses[(leaf, *others)][1] for leaf, *others in inside)


@given(two_texts())
@settings(max_examples=times(60))
def test_stating_more_precisely_never_breaks_what_was_inside(
    drawn: tuple[InForce, InForce, Map],
) -> None:
    """A text that is inside, whatever kind of the supplier's body its own is, is inside when the kind is said."""
    before, after, stated = drawn
    if compare(before, after, stated=tuple(stated.items())).newly_permitted.boxes:
        return
    for body, counts_as in stated.items():
        for leaf in before.vocabulary.leaves(AXIS):
            if counts_as in (leaf, *names(before.vocabulary, leaf)):
                finer = {**stated, body: leaf}
                assert (
                    () == compare(before, after, stated=tuple(finer.items())).newly_permitted.boxes
                )
