"""Canonical conditions: one form, reached once, that holds where the rule as written holds."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.errors import InputError, Span
from avenant.rules.canonical import canonical, conjuncts, said
from avenant.rules.export import cedar, export, policy
from avenant.rules.lower import lower
from avenant.rules.parse import parse_rules
from avenant.rules.reference import Reference
from avenant.rules.types import And, Condition, In, Not, Or, Rule, Word
from avenant.rules.types import tests as each_test
from avenant.vocabulary.types import Vocabulary
from tests.brute_force import BruteForce, Point, random_point, random_vocabulary
from tests.depth import times
from tests.small_texts import small_text

AT = Span("0-agreement.md", 1)
seeds = st.integers(0, 2**32 - 1)


def drawn(dice: Random, spoken: Vocabulary, depth: int) -> Condition:
    """A condition of any shape: empty and single lists, lists in lists, one test many times, negations of negations."""
    if depth == 0 or dice.random() < 0.25:
        category = dice.choice(spoken.categories)
        return In(category.axis, category.id, AT)
    operands = tuple(drawn(dice, spoken, depth - 1) for _ in range(dice.choice((0, 1, 2, 2, 3, 3))))
    if dice.random() < 0.35:
        return Not(drawn(dice, spoken, depth - 1))
    if operands and dice.random() < 0.3:
        operands = (*operands, dice.choice(operands))
    return And(operands) if dice.random() < 0.5 else Or(operands)


def written(dice: Random, spoken: Vocabulary) -> tuple[str, Condition]:
    """A rule as Cedar text with several blocks in any order, and what it says as a tree."""
    blocks: list[tuple[str, Condition]] = []
    for _ in range(dice.randint(1, 4)):
        word = dice.choice(("when", "unless"))
        condition = _writable(drawn(dice, spoken, 3))
        blocks.append((word, condition))
    text = "".join(f"\n{word} {{ {cedar(c, spoken)} }}" for word, c in blocks)
    whole = And(tuple(c if word == "when" else Not(c) for word, c in blocks))
    return f"forbid (principal, action, resource){text};", whole


def _writable(condition: Condition) -> Condition:
    """The condition without empty lists, which the profile cannot write: a test stands there."""
    match condition:
        case In():
            return condition
        case Not(operand):
            return Not(_writable(operand))
        case And(operands) | Or(operands):
            some = tuple(map(_writable, operands)) or (In("purpose", "pu-0", AT),)
            return type(condition)(some)


def readable(dice: Random, spoken: Vocabulary) -> tuple[Rule, Condition]:
    """A rule that the reader takes, with what was written."""
    while True:
        source, whole = written(dice, spoken)
        with suppress(InputError):
            (rule,) = parse_rules(source, AT, "c", 1, spoken, ())
            return rule, whole


def points(condition: Condition, brute: BruteForce, spoken: Vocabulary) -> set[Point]:
    """The complete uses on which a condition holds, one by one."""
    every = product(*(spoken.leaves(a.id) for a in spoken.axes))
    return {point for point in every if brute.holds(condition, point)}


def region(condition: Condition, spoken: Vocabulary) -> set[Point]:
    """The complete uses of its terms."""
    names = [spoken.leaves(a.id) for a in spoken.axes]
    return {
        point
        for term in lower(condition, spoken)
        for point in product(
            *(
                [id for i, id in enumerate(ids) if mask >> i & 1]
                for ids, mask in zip(names, term, strict=True)
            )
        )
    }


def brute_of(spoken: Vocabulary) -> BruteForce:
    """Brute force over a vocabulary."""
    return BruteForce(small_text({}, spoken=spoken))


def is_canonical(condition: Condition, spoken: Vocabulary) -> None:
    """Rules 1 to 3, each asked of every list of the condition."""
    parts = condition.operands if isinstance(condition, And) else (condition,)
    assert [] == [p for p in parts[:-1] if isinstance(p, Not)]
    order = {a.id: i for i, a in enumerate(spoken.axes)}
    order = {a.id: -1 if a.id == "purpose" else i for a in spoken.axes for i in (order[a.id],)}
    order |= {a.id: -3 for a in spoken.axes if a.role == "principal"}
    order |= {a.id: -2 for a in spoken.axes if a.role == "action"}
    axes = [{t.axis for t in each_test(p)} for p in parts if not isinstance(p, Not)]
    places = [(min((order[a] for a in each), default=-9), len(each) > 1) for each in axes]
    assert sorted(places) == places

    def nested(inner: Condition) -> None:
        match inner:
            case In():
                return
            case Not(operand):
                assert not isinstance(operand, Not)
                nested(operand)
            case And(operands) | Or(operands):
                assert 1 != len(operands)
                assert [] == [o for o in operands if type(o) is type(inner)]
                assert [1] * len(operands) == list(Counter(map(said, operands)).values())
                for operand in operands:
                    nested(operand)

    nested(condition)


@settings(max_examples=times(400), deadline=None)
@given(seeds)
def test_a_canonical_condition_holds_where_the_written_one_does(seed: int) -> None:
    """Any condition, its canonical form and the terms of that hold on the same complete uses, by brute force."""
    dice = Random(seed)
    spoken = random_vocabulary(dice)
    condition = drawn(dice, spoken, 4)
    brute = brute_of(spoken)
    form = canonical(condition, spoken)
    is_canonical(form, spoken)
    assert said(form) == said(canonical(form, spoken))
    expected = points(condition, brute, spoken)
    assert expected == points(form, brute, spoken)
    with suppress(InputError):  # more terms than a rule may have
        assert expected == region(form, spoken)
    assert expected == points(And(conjuncts(form)), brute, spoken)


@settings(max_examples=times(300), deadline=None)
@given(seeds)
def test_a_rule_is_read_as_its_canonical_form(seed: int) -> None:
    """Cedar text of many blocks is read as the canonical form of what it says; its source stays as written."""
    dice = Random(seed)
    spoken = random_vocabulary(dice)
    rule, whole = readable(dice, spoken)
    assert said(canonical(whole, spoken)) == said(rule.condition)
    assert rule.source.startswith("forbid (principal, action, resource)\n")


@settings(max_examples=times(300), deadline=None)
@given(seeds)
def test_what_is_exported_is_read_back_as_it_was(seed: int) -> None:
    """A rule, exported and read again, is the same condition: scope, `when` and `unless` lose and reorder nothing."""
    dice = Random(seed)
    spoken = random_vocabulary(dice)
    rule, _ = readable(dice, spoken)
    _, _, source = policy(rule, spoken).partition("\n")
    (again,) = parse_rules(source, AT, "c", 1, spoken, ())
    assert said(rule.condition) == said(again.condition)
    assert policy(rule, spoken) == policy(again, spoken)


@settings(max_examples=times(60), deadline=None)
@given(seeds)
def test_stock_cedar_finds_no_difference(seed: int) -> None:
    """Stock Cedar decides each complete use alike by the rules as written and by their canonical export."""
    dice = Random(seed)
    spoken = random_vocabulary(dice)
    rules = tuple(readable(dice, spoken)[0] for _ in range(2))
    uses = [
        dict(zip([a.id for a in spoken.axes], random_point(dice, spoken), strict=True))
        for _ in range(60)
    ]
    as_written = Reference(export(rules, spoken, as_written=True), spoken)
    assert as_written.decide(uses) == Reference(export(rules, spoken), spoken).decide(uses)


@settings(max_examples=times(200), deadline=None)
@given(seeds)
def test_each_word_stays_with_its_test(seed: int) -> None:
    """Words in the order in which the tests are written stand for those tests after they have been put in order."""
    dice = Random(seed)
    spoken = random_vocabulary(dice)
    while True:
        source, whole = written(dice, spoken)
        plain = list(each_test(whole))
        words = tuple(
            Word(f"word {i}", t.axis, t.category, AT.down(i)) for i, t in enumerate(plain)
        )
        with suppress(InputError):
            (rule,) = parse_rules(source, AT, "c", 1, spoken, words)
            break
    marked = iter(words)

    def with_words(condition: Condition) -> Condition:
        match condition:
            case In(axis, category, at):
                return In(axis, category, at, (next(marked),))
            case Not(operand):
                return Not(with_words(operand))
            case And(operands):
                return And(tuple(map(with_words, operands)))
            case Or(operands):
                return Or(tuple(map(with_words, operands)))

    expected = canonical(with_words(whole), spoken)
    assert [t.words for t in each_test(expected)] == [t.words for t in rule.tests()]
    handed = [word for test in rule.tests() for word in test.words]
    assert sorted(w.written for w in words) == sorted(w.written for w in handed)
