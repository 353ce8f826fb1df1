"""Lowering: a condition's terms are exactly where it holds, and short."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.errors import InputError, Span
from avenant.region import contains
from avenant.rules.lower import LIMIT, lower
from avenant.rules.parse import parse_rules
from avenant.rules.types import And, Condition, In, Not, Or, Pass
from avenant.vocabulary.types import Vocabulary
from tests.brute_force import BruteForce, random_vocabulary
from tests.depth import times
from tests.small_texts import small_text, vocabulary

AT = Span("0-agreement.md", 1)
HEAD = "forbid (principal, action, resource) "
Box = tuple[int, ...]


def conditions(spoken: Vocabulary) -> st.SearchStrategy[Condition]:
    """Any condition over the listed categories: products and sums nested freely, the empty ones too."""
    tests = st.sampled_from([In(c.axis, c.id, AT) for c in spoken.categories])
    return st.recursive(
        tests,
        lambda some: st.one_of(
            some.map(Not),
            st.lists(some, max_size=4).map(lambda parts: And(tuple(parts))),
            st.lists(some, max_size=4).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=12,
    )


def inside(terms: Iterable[Box], point: Box) -> bool:
    """Whether a point lies in one of the terms."""
    return any(contains(term, point) for term in terms)


@settings(max_examples=times(300))
@given(st.data(), st.integers(0, 2**32 - 1))
def test_terms_hold_exactly_where_the_condition_does(data: st.DataObject, seed: int) -> None:
    """On every point of a random vocabulary, walking the tree of categories and asking the terms agree."""
    spoken = random_vocabulary(Random(seed))
    condition = data.draw(conditions(spoken))
    text = small_text({"any": "permit (principal, action, resource);"}, spoken=spoken)
    truth = BruteForce(text)
    terms = lower(condition, spoken)
    for point in product(*(spoken.leaves(a.id) for a in spoken.axes)):
        box = tuple(spoken.mask(a.id, p) for a, p in zip(spoken.axes, point, strict=True))
        assert truth.holds(condition, point) == inside(terms, box)


@given(st.data())
def test_terms_are_boxes_and_none_lies_in_another(data: st.DataObject) -> None:
    """No term is empty on an axis, and none is inside another: what could go has gone."""
    spoken = vocabulary()
    terms = lower(data.draw(conditions(spoken)), spoken)
    assert all(all(term) for term in terms)
    assert [] == [(a, b) for a in terms for b in terms if a is not b and contains(a, b)]


def test_neighbours_on_one_axis_become_one_term() -> None:
    """Two categories of one axis joined by `||` are one box, and so is one less its part."""
    spoken = vocabulary()
    push, pull = In("operation", "push", AT), In("operation", "pull", AT)
    (both,) = lower(Or((push, pull)), spoken)
    wanted = spoken.mask("operation", "push") | spoken.mask("operation", "pull")
    assert wanted == both[spoken.position["operation"]]
    (rest,) = lower(And((In("operation", "touch", AT), Not(push))), spoken)
    touch = spoken.mask("operation", "touch")
    assert touch & ~spoken.mask("operation", "push") == rest[spoken.position["operation"]]


def test_what_never_holds_has_no_term_and_what_always_does_has_the_whole() -> None:
    """A contradiction lowers to nothing, a tautology to the box of everything."""
    spoken = vocabulary()
    harm = In("purpose", "harm", AT)
    assert () == lower(And((harm, Not(harm))), spoken)
    assert (spoken.full,) == lower(Or((harm, Not(harm))), spoken)
    assert (spoken.full,) == lower(And(()), spoken)
    assert () == lower(Or(()), spoken)


def wide() -> Vocabulary:
    """Nine axes of three categories each: enough for a rule of many terms."""
    axes = ("organisation", "operation", *(f"axis-{letter}" for letter in "abcdefg"))
    return vocabulary({axis: {f"{axis}-{i}": {} for i in range(3)} for axis in axes}, set())


def pairs(axes: int, spoken: Vocabulary) -> str:
    """`(a || b) && (c || d) && …` over different axes: twice the terms for each pair."""
    tests = [f'{axis.role} in {axis.entity}::"{axis.id}-0"' for axis in spoken.axes]
    terms = [f"({tests[i]} || {tests[i + 1]})" for i in range(0, 2 * axes, 2)]
    return f"{HEAD}when {{ {' && '.join(terms)} }};"


def test_a_rule_of_few_terms_is_read() -> None:
    """Four pairs are sixteen terms or fewer."""
    spoken = wide()
    (rule,) = parse_rules(pairs(4, spoken), AT, "c", 1, spoken, ())
    assert 16 >= len(lower(rule.condition, spoken)) > 1


def test_beyond_256_terms_a_rule_is_an_error() -> None:
    """A rule that says more than 256 boxes is refused, with its place and the advice to split it."""
    spoken = wide()
    axes = [a.id for a in spoken.axes]
    # One box for every way in which 4 of 9 axes are at their first category: 126; and for their second: 252 in all.
    quads = [c for c in product((0, 1), repeat=9) if sum(c) == 4]
    over = Or(
        tuple(
            And(tuple(In(a, f"{a}-{i}", AT) for a, on in zip(axes, quad, strict=True) if on))
            for i in range(3)
            for quad in quads
        )
    )
    under = replace(over, operands=over.operands[:252])
    assert 252 == len(lower(under, spoken)) <= LIMIT
    with pytest.raises(InputError) as raised:
        lower(over, spoken, Span("0-agreement.md", 41, "weapons"))
    assert ("too-many-terms", "0-agreement.md:41") == (raised.value.code, str(raised.value.at))
    assert "256" in raised.value.message
    assert "split the clause" in (raised.value.hint or "")


def test_an_admission_takes_its_purposes_out_of_the_ban() -> None:
    """A pass is one more `unless`: the effective condition is the written one less what is let past."""
    spoken = vocabulary()
    (rule,) = parse_rules(
        'forbid (principal in Organisation::"office", action, resource);', AT, "c", 1, spoken, ()
    )
    admitted = And((In("organisation", "desk", AT), In("purpose", "good", AT)))
    passed = replace(rule, passes=(Pass(2, admitted),))
    truth = BruteForce(small_text({"c": rule.source}, spoken=spoken))
    terms = lower(passed.effective, spoken)
    for point in truth.points:
        box = tuple(spoken.mask(a.id, p) for a, p in zip(spoken.axes, point, strict=True))
        expected = point[0] in truth.under("organisation", "office") and not (
            point[0] == "desk" and point[2] == "good"
        )
        assert expected == inside(terms, box)
    assert rule.condition == passed.condition
