"""Decisions are exact: equal to brute force over all points, and on complete uses to stock Cedar."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text
from avenant.decide.crosscheck import determined
from avenant.decide.decider import Decider
from avenant.decide.types import Fact, Outcome, Standing
from avenant.rules.export import export
from avenant.rules.reference import Reference
from avenant.vocabulary.types import Vocabulary
from tests.brute_force import BruteForce, combinations, random_point, random_text, random_values
from tests.depth import times
from tests.small_texts import small_text

SEEDS = st.integers(0, 2**32 - 1)
TEXTS = times(400)
USES = 64  # a text: 25,600 uses in all


def facts(values: dict[str, tuple[str, ...]]) -> tuple[Fact, ...]:
    """The values as established facts."""
    return tuple(
        Fact(axis, category, "asked", Standing.ESTABLISHED)
        for axis, categories in values.items()
        for category in categories
    )


def box(values: dict[str, str], vocabulary: Vocabulary) -> tuple[int, ...]:
    """One category an axis as a box."""
    return tuple(vocabulary.mask(a.id, values.get(a.id, "any")) for a in vocabulary.axes)


def test_decisions_equal_brute_force() -> None:
    """Incomplete uses and mixtures get the outcome and the missing axes that walking all their points gives."""
    outcomes: Counter[str] = Counter()

    @settings(max_examples=TEXTS)
    @given(SEEDS)
    def check(seed: int) -> None:
        dice = Random(seed)
        text = random_text(dice)
        decider, truth = Decider(compile_text(text)), BruteForce(text)
        for _ in range(USES):
            values = random_values(dice, text.vocabulary)
            decision = decider.decide(facts(values))
            assert truth.outcome(values) == decision.outcome.value
            outcomes[decision.outcome.value] += 1
            if decision.outcome is Outcome.UNDETERMINED:
                assert truth.missing(values) == {m.axis for m in decision.missing}

    check()
    total = sum(outcomes.values())
    assert total >= 20_000
    for outcome in ("permitted", "refused", "undetermined"):
        assert outcomes[outcome] >= 0.15 * total, outcomes


def test_decisions_equal_stock_cedar() -> None:
    """On complete uses the decision and the determining rules are Cedar's own, nested `unless` included."""
    effects: Counter[str] = Counter()
    nested = texts = 0

    @settings(max_examples=TEXTS)
    @given(SEEDS)
    def check(seed: int) -> None:
        nonlocal nested, texts
        dice = Random(seed)
        text = random_text(dice)
        texts += 1
        nested += any("unless { (" in rule.source for rule in text.rules)
        decider = Decider(compile_text(text))
        cedar = Reference(export(text.rules, text.vocabulary), text.vocabulary)
        points = [random_point(dice, text.vocabulary) for _ in range(USES)]
        axes = [a.id for a in text.vocabulary.axes]
        uses = [dict(zip(axes, point, strict=True)) for point in points]
        for use, answer in zip(uses, cedar.decide(uses), strict=True):
            assert answer == determined(decider, box(use, text.vocabulary))
            effects[answer[0]] += 1

    check()
    total = sum(effects.values())
    assert total >= 20_000
    assert min(effects["permit"], effects["forbid"]) >= 0.25 * total, effects
    assert nested >= texts / 2


def test_what_is_cited_is_to_blame() -> None:
    """Without the rules cited, the text permits some point of a refused combination, or not all of a permitted use.

    Where no permission can hold on any refused combination, no rule is cited and the nearest permissions are named. A
    rule that does not possibly hold on a combination with the outcome is never cited.
    """
    seen: Counter[str] = Counter()

    @settings(max_examples=TEXTS)
    @given(SEEDS)
    def check(seed: int) -> None:
        dice = Random(seed)
        text = random_text(dice)
        if dice.random() < 0.5:  # without its broad permit, silence is as likely as a prohibition
            text = replace(text, clauses=text.clauses[1:])
        decider, truth = Decider(compile_text(text)), BruteForce(text)
        for _ in range(24):
            values = random_values(dice, text.vocabulary)
            decision = decider.decide(facts(values))
            if decision.outcome is Outcome.UNDETERMINED:
                continue
            wanted = decision.outcome.value
            having = [use for use in combinations(values) if truth.outcome(alone(use)) == wanted]
            cited = {c.rule for c in decision.cited}
            points = {point for use in having for point in truth.inside(use)}
            possible = {r.id for r in text.rules for p in points if truth.holds(r.effective, p)}
            assert cited <= possible
            rest = [r for r in text.rules if r.id not in cited]
            permitted = {truth.determined(rest, point)[0] == "permit" for point in points}
            permits = {r.id for r in text.rules if r.effect == "permit"}
            if wanted == "permitted":
                assert False in permitted
                seen["permitted"] += 1
            elif possible & permits:
                assert cited
                assert True in permitted
                assert not decision.nearest
                assert not decision.also
                seen["refused"] += 1
            else:
                assert not cited
                assert permits == set() or decision.nearest
                also = {c.rule for c in decision.also}
                assert also <= possible
                seen["silent"] += 1

    check()
    assert all(seen[kind] >= 0.1 * seen.total() for kind in ("permitted", "refused", "silent")), (
        seen
    )


def alone(use: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """One combination as values."""
    return {axis: (category,) for axis, category in use.items()}


@settings(max_examples=times(200))
@given(SEEDS)
def test_a_remedy_changes_the_outcome(seed: int) -> None:
    """Once the clauses are gone, and what must be permitted is, the call is refused no more: by brute force."""
    dice = Random(seed)
    text = random_text(dice)
    if dice.random() < 0.5:
        text = replace(text, clauses=text.clauses[1:])
    decider = Decider(compile_text(text))
    for _ in range(20):
        values = random_values(dice, text.vocabulary)
        decision = decider.decide(facts(values))
        if decision.outcome is not Outcome.REFUSED:
            continue
        remedy = decision.remedy
        assert remedy is not None
        kept = tuple(c for c in text.clauses if c.label not in remedy.clauses)
        changed = replace(text, clauses=kept)
        if remedy.permission:
            everything = small_text(
                {"all": "permit (principal, action, resource);"}, spoken=text.vocabulary
            )
            changed = replace(text, clauses=(*kept, *everything.clauses))
        assert BruteForce(changed).outcome(values) != "refused"


@settings(max_examples=times(200))
@given(SEEDS)
def test_memory_and_hull_change_no_decision(seed: int) -> None:
    """From memory or anew, in whatever order values are stated; and the hull says what its combinations say."""
    dice = Random(seed)
    text = random_text(dice)
    remembering, forgetful = (
        Decider(compile_text(text), kept=4),
        Decider(compile_text(text), kept=0),
    )
    asked = [random_values(dice, text.vocabulary) for _ in range(12)]
    for values in [*asked, *dice.choices(asked, k=12)]:
        turned = {axis: tuple(reversed(v)) for axis, v in reversed(values.items())}
        decision = remembering.decide(facts(values))
        assert forgetful.decide(facts(values)) == decision
        assert decision == structs.replace(forgetful.decide(facts(turned)), facts=decision.facts)
        uses = list(combinations(values))
        walked = [forgetful.decide(facts(alone(use))) for use in uses]
        order = [Outcome.PERMITTED, Outcome.UNDETERMINED, Outcome.REFUSED]
        worst = max((d.outcome for d in walked), key=order.index)
        assert worst == decision.outcome
        having = [d for d in walked if d.outcome is worst]
        if worst is Outcome.UNDETERMINED:
            assert {m.axis for d in having for m in d.missing} == {m.axis for m in decision.missing}
            missing = {m.axis for m in decision.missing}
            tested = {r.id for r in text.rules for t in r.tests() if t.axis in missing}
            open_uses = [use for use, d in zip(uses, walked, strict=True) if d.outcome is worst]
            boxes = [box(use, text.vocabulary) for use in open_uses]
            held = {rule for one in boxes for rule in possibly(forgetful, one)}
            assert held & tested == {c.rule for c in decision.cited}


def possibly(decider: Decider, one: tuple[int, ...]) -> set[str]:
    """The rules that possibly hold on a box."""
    possible = decider.index.possibly(one)
    return {b.rule.id for b in decider.bound if b.terms & possible}


@settings(max_examples=times(200))
@given(SEEDS)
def test_finer_facts_only_settle(seed: int) -> None:
    """A category replaced by one below it turns undetermined into an answer, and changes no answer."""
    dice = Random(seed)
    text = random_text(dice)
    decider = Decider(compile_text(text))
    for _ in range(20):
        coarse = {a: v[0] for a, v in random_values(dice, text.vocabulary).items()}
        finer = dict(coarse)
        for axis in text.vocabulary.axes:
            if dice.random() < 0.5:
                here = text.vocabulary.mask(axis.id, coarse.get(axis.id, "any"))
                below = [i for i, m in text.vocabulary.subtrees(axis.id) if m & ~here == 0]
                finer[axis.id] = dice.choice(below)
        before = decider.outcome(box(coarse, text.vocabulary))
        after = decider.outcome(box(finer, text.vocabulary))
        assert before in (after, Outcome.UNDETERMINED)


@settings(max_examples=times(200))
@given(SEEDS)
def test_more_facts_only_make_it_worse(seed: int) -> None:
    """A further value, whoever says it, never makes an outcome better."""
    order = [Outcome.PERMITTED, Outcome.UNDETERMINED, Outcome.REFUSED]
    dice = Random(seed)
    text = random_text(dice)
    decider = Decider(compile_text(text))
    for _ in range(20):
        given_facts = facts(random_values(dice, text.vocabulary))
        axis = dice.choice(text.vocabulary.axes)
        said = [f for f in given_facts if f.axis == axis.id]
        category = dice.choice([id for id, _ in text.vocabulary.subtrees(axis.id)])
        # A first established value takes the place of `any`; every other one is one more.
        standing = (
            dice.choice([Standing.ESTABLISHED, Standing.CLAIMED]) if said else Standing.CLAIMED
        )
        more = (*given_facts, Fact(axis.id, category, "asked", standing))
        before, after = decider.decide(given_facts), decider.decide(more)
        assert order.index(after.outcome) >= order.index(before.outcome)


@settings(max_examples=times(200))
@given(SEEDS)
def test_suspicions_only_put_in_doubt(seed: int) -> None:
    """With a suspicion the outcome is the one without it or undetermined; refused and sure permits stay."""
    dice = Random(seed)
    text = random_text(dice)
    decider = Decider(compile_text(text))
    for _ in range(20):
        known = facts(random_values(dice, text.vocabulary))
        axis = dice.choice(text.vocabulary.axes)
        category = dice.choice([id for id, _ in text.vocabulary.subtrees(axis.id)])
        suspicion = Fact(axis.id, category, "observer", Standing.SUSPECTED)
        claim = Fact(axis.id, category, "observer", Standing.CLAIMED)
        without, with_it = decider.decide(known).outcome, decider.decide((*known, claim)).outcome
        doubted = decider.decide((*known, suspicion)).outcome
        if without is Outcome.REFUSED or with_it is Outcome.PERMITTED:
            assert without == doubted
        else:
            assert Outcome.UNDETERMINED == doubted
