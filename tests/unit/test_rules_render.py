"""Rules in plain words: who, what, the rest in the order of the vocabulary, exceptions last; no sentence misleads."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import avenant
from avenant.errors import Span
from avenant.rules.lower import lower
from avenant.rules.parse import parse_rules
from avenant.rules.render import render
from avenant.rules.types import And, Condition, In, Not, Or, Pass, Rule
from avenant.vocabulary.read import core
from tests.conformance import ROOT
from tests.depth import times
from tests.small_texts import vocabulary

AT = Span("0-agreement.md", 1)
HEAD = "forbid (principal, action, resource) "


def sentence(source: str) -> str:
    """The English rendering of one rule over the core vocabulary."""
    (rule,) = parse_rules(source, AT, "c", 1, core(), ())
    return render(rule, core(), "en")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("permit (principal, action, resource);", "Permitted: any use"),
        (
            'forbid (principal in Organisation::"contractor", action, resource);',
            "Forbidden to a contractor: any use",
        ),
        (
            (
                f'{HEAD}when {{ resource in Intent::"deliberate" && resource in Purpose::"surveillance"'
                ' && action in Action::"monitor" };'
            ),
            "Forbidden: monitoring, for surveillance, where it is deliberate",
        ),
        (
            (
                f'{HEAD}when {{ resource in Purpose::"surveillance" }} unless '
                '{ resource in Scale::"individual" };'
            ),
            "Forbidden: any use, for surveillance, except one person at a time",
        ),
        (
            f'{HEAD}when {{ resource in Purpose::"surveillance" || resource in Scale::"bulk" }};',
            "Forbidden: any use, for surveillance or in bulk",
        ),
        (
            f'{HEAD}when {{ !(resource in Purpose::"translation") }};',
            "Forbidden: any use, except for translation",
        ),
        (
            f'{HEAD}when {{ resource in Scale::"bulk" || !(resource in Legality::"lawful") }};',
            "Forbidden: any use, in bulk or not where it is lawful",
        ),
        (
            (
                f'{HEAD}when {{ resource in Scale::"bulk" || (resource in Purpose::"surveillance" && '
                'resource in Intent::"deliberate") };'
            ),
            "Forbidden: any use, in bulk or (for surveillance, where it is deliberate)",
        ),
        (
            (
                f'{HEAD}when {{ resource in Scale::"bulk" && !(!(resource in Purpose::"surveillance" || '
                'resource in Purpose::"marketing") && resource in Intent::"deliberate") };'
            ),
            (
                "Forbidden: any use, in bulk, except not (for surveillance or for marketing), "
                "where it is deliberate"
            ),
        ),
        (
            (
                f'{HEAD}unless {{ resource in Scale::"bulk" && resource in Intent::"deliberate" }} '
                'unless { resource in Purpose::"translation" };'
            ),
            "Forbidden: any use, except (in bulk, where it is deliberate) or for translation",
        ),
    ],
)
def test_a_rule_is_one_sentence(source: str, expected: str) -> None:
    """Exceptions, alternatives and nested negations are said as they are written."""
    assert expected == sentence(source)


def test_what_an_admission_lets_past_is_said() -> None:
    """A pass is an exception that names the instrument."""
    (rule,) = parse_rules(f'{HEAD}when {{ resource in Scale::"bulk" }};', AT, "c", 1, core(), ())
    admitted = And((In("organisation", "contractor", AT), In("purpose", "translation", AT)))
    past = replace(rule, passes=(Pass(2, admitted),))
    assert (
        "Forbidden: any use, in bulk, except (a contractor, for translation) "
        "(let past by instrument 2)"
    ) == render(past, core(), "en")


SPOKEN = vocabulary({"organisation": {"desk": {}}, "purpose": {"harm": {}, "good": {}}}, set())
TESTS = tuple(In(c.axis, c.id, AT) for c in SPOKEN.categories)


def drawn(dice: Random, depth: int) -> Condition:
    """A small condition; as a rule's parser makes them, no product lies in a product and no sum in a sum."""
    if depth == 0 or dice.random() < 0.3:
        return dice.choice(TESTS)
    parts = tuple(drawn(dice, depth - 1) for _ in range(2))
    match dice.randrange(3):
        case 0:
            return Not(parts[0])
        case 1:
            return And(
                tuple(q for p in parts for q in (p.operands if isinstance(p, And) else (p,)))
            )
        case _:
            return Or(tuple(q for p in parts for q in (p.operands if isinstance(p, Or) else (p,))))


@settings(max_examples=times(3))
@given(st.integers(0, 2**32 - 1))
def test_no_sentence_stands_for_two_rules(seed: int) -> None:
    """Of thousands of small conditions, those that are said in the same words hold for the same uses."""
    dice = Random(seed)
    said: dict[str, Condition] = {}
    shared = 0
    for _ in range(4_000):
        condition = drawn(dice, 3)
        rule = Rule("c/1", "forbid", condition, "c", "", AT)
        other = said.setdefault(render(rule, SPOKEN, "en"), condition)
        shared += other != condition
        assert () == lower(And((other, Not(condition))), SPOKEN)
        assert () == lower(And((condition, Not(other))), SPOKEN)
    assert shared  # parts in another order are said in the same words


def test_the_sample_is_said_in_both_languages() -> None:
    """Each rule of the sample has a sentence, and the French phrases of the vocabulary are in the French one."""
    text = avenant.load(ROOT / "agreements" / "openai-dow@1").in_force
    rules = {r.id: r for r in text.rules}
    assert "Forbidden to the department's intelligence agencies: any use" == render(
        rules["agencies/1"], text.vocabulary, "en"
    )
    for rule in text.rules:
        english, french = (render(rule, text.vocabulary, lang) for lang in ("en", "fr"))
        assert english != french
