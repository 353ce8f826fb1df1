"""What is shown is all, or says that it is not: loopholes and changes of thousands of random texts, point by point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random

from avenant.agreement.compiled import CompiledText, compile_text
from avenant.agreement.types import InForce
from avenant.analyse.checks.loopholes import loopholes
from avenant.analyse.compare.compare import compare
from avenant.findings.types import Box, Finding, Order
from avenant.region import Budget
from avenant.rules.types import Rule
from tests.brute_force import apart_from, random_amendment, random_text
from tests.copies import signed_tests, without_test
from tests.depth import times
from tests.point_sets import PointSets

TEXTS = times(2_000)
LEAST = 0.15  # of either verdict, or a test that sees one of them only shows little


def lowered(text: InForce) -> CompiledText:
    """One text over its own vocabulary."""
    return compile_text(text)


def found_in(text: InForce) -> tuple[Finding, ...]:
    """The loopholes of the text's principle, all of them."""
    (principle,) = text.principles
    ways = loopholes(lowered(text), principle, "p", Budget())
    assert ways.principle.complete
    return ways.findings


def boxes_of(findings: Iterable[Finding]) -> list[Box]:
    """The boxes of these findings."""
    return [f.box for f in findings if f.box is not None]


def verdict(sets: PointSets, box: Box, region: int, never: int = 0) -> str:
    """Whether a box is shown as a condition or as an example, after both are held against the points.

    `never` are uses that the box may hold next to those of the region, and of which it says nothing.
    """
    there = sets.box(box.leaves, box.foreground) & region
    mine = sets.box(box.leaves) & ~never
    hull = sets.box(box.only)
    assert mine
    assert not mine & ~there  # it lies inside
    assert not there & ~hull  # no use with that foreground lies outside its *only* part
    for axis, some in box.only.items():
        assert tuple(some) == tuple(sets.leaves(there, axis))
    assert not set(box.foreground) & {*box.only, *box.example}
    assert (bool(box.condition), bool(box.instance)) == (bool(box.only), bool(box.example))
    if box.example:
        assert mine != there  # and is smaller
        return "example"
    assert mine == there
    return "condition"


def mixed(verdicts: Counter[str]) -> bool:
    """Whether each verdict is seen often enough."""
    return len(verdicts) > 1 and min(verdicts.values()) >= LEAST * verdicts.total()


def test_a_loophole_shows_all_its_uses_or_says_that_there_are_more() -> None:
    """Each point of a region has its foreground and hull in some box, and no box says more or less than is true."""
    verdicts: Counter[str] = Counter()
    open_texts: Counter[str] = Counter()
    for seed in range(TEXTS):
        text = random_text(Random(seed), principle=True)
        sets = PointSets(text.vocabulary)
        (principle,) = text.principles
        allowed = sets.permitted(text)
        findings = found_in(text)
        assert len(findings) == len({f.id for f in findings}) == len({f.title for f in findings})
        left = covered = 0
        for number, rule in enumerate(principle.rules, 1):
            region = allowed & sets.condition(rule.condition)
            left |= region
            name = "p" if len(principle.rules) == 1 else f"p/{number}"
            for box in boxes_of(f for f in findings if f.id.startswith(f"loophole:{name}:")):
                verdicts[verdict(sets, box, region)] += 1
                covered |= sets.box(box.leaves, box.foreground) & sets.box(box.only)
        assert not left & ~covered
        open_texts["open" if findings else "closed"] += 1
    assert mixed(verdicts)
    assert mixed(open_texts)


def test_a_comparison_shows_all_that_changes_or_says_that_there_is_more() -> None:
    """Each point that differs has its foreground and hull in some box; a list of whole boxes is all that differs.

    No box is headed by a clause that stands in both texts.
    """
    verdicts: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    for seed in range(TEXTS):
        dice = Random(seed)
        before = random_text(dice)
        after = random_amendment(dice, before)
        sets = PointSets(before.vocabulary)
        was, now = sets.permitted(before), sets.permitted(after)
        found = compare(before, after)
        untouched = {c.label for c in before.clauses if c in after.clauses}
        for answer, region, never in (
            (found.newly_refused, was & ~now, sets.all & ~was),
            (found.newly_permitted, now & ~was, 0),
        ):
            assert answer.complete
            assert bool(answer.boxes) == bool(region)
            covered = whole = 0
            for box in answer.boxes:
                assert box.owed_to
                assert not untouched & set(box.owed_to)
                covered |= sets.box(box.leaves, box.foreground) & sets.box(box.only)
                whole |= sets.box(box.leaves) & ~never
                if set(box.foreground) != set(box.leaves):
                    verdicts[verdict(sets, box, region, never)] += 1
            assert not region & ~covered
            assert not whole & ~region
            if not any(box.example for box in answer.boxes):
                assert whole == region
        orders["strict" if found.order in (Order.STRICTER, Order.EQUAL) else "loose"] += 1
    assert verdicts["condition"] > 0
    assert mixed(orders)


def test_a_ban_apart_from_the_principle_changes_no_loophole() -> None:
    """Added behind the others, a ban on something else on an axis of the principle is not named and splits no box."""
    seen = 0
    for seed in range(TEXTS // 4):
        dice = Random(seed)
        text = random_text(dice, principle=True)
        more = apart_from(dice, text)
        if more is None:
            continue
        assert [(f.id, f.words) for f in found_in(text)] == [
            (f.id, f.words) for f in found_in(more)
        ]
        seen += bool(found_in(text))
    assert seen > TEXTS / 40


def test_words_taken_out_together_close_or_narrow_a_loophole() -> None:
    """Without the tests that a loophole names in a ban, less of its box is permitted."""
    seen = 0
    for seed in range(TEXTS // 4):
        text = random_text(Random(seed), principle=True)
        sets = PointSets(text.vocabulary)
        for finding in found_in(text):
            assert finding.box is not None
            mine = sets.box(finding.box.leaves)
            for rule in text.rules:
                named = [(p.axis, p.category) for p in finding.box.passes if p.rule == rule.id]
                if named:
                    assert mine & ~sets.permitted(without_tests(text, rule, named))
                    seen += 1
    assert seen > TEXTS / 16


def without_tests(text: InForce, rule: Rule, named: list[tuple[str, str]]) -> InForce:
    """The text without all tests of a rule that are named."""
    while True:
        (rule,) = (r for r in text.rules if r.id == rule.id)
        tests = [t for t, _ in signed_tests(rule.condition) if (t.axis, t.category) in named]
        if not tests:
            return text
        text = without_test(text, rule, tests[0])
