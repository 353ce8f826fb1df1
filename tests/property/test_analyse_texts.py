"""The analysis of random small texts against brute force over all their uses, and against z3."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import msgspec
import z3 as solver
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, compile_text, compile_together
from avenant.agreement.types import InForce
from avenant.analyse.checks.loopholes import loopholes, question
from avenant.analyse.compare.compare import compare
from avenant.findings.types import Box, Order
from avenant.region import Box as Masks
from avenant.region import Budget, Region, find
from avenant.rules.types import And, Condition, In, Not, Or, Rule
from avenant.vocabulary.space import space_of
from tests.checked import check
from tests.copies import named_back, new_names, renamed, signed_tests, without_test
from tests.depth import times
from tests.random_texts import SPOKEN, texts
from tests.second_opinion import Opinion

Point = tuple[str, ...]
POINTS: tuple[Point, ...] = tuple(product(*(SPOKEN.leaves(a.id) for a in SPOKEN.axes)))
AXES = tuple(a.id for a in SPOKEN.axes)

BELOW = {
    (c.axis, c.id): {
        leaf
        for leaf in SPOKEN.leaves(c.axis)
        if SPOKEN.mask(c.axis, leaf) & SPOKEN.mask(c.axis, c.id)
    }
    for c in SPOKEN.categories
}


def holds(condition: Condition, point: Point) -> bool:
    """Whether a condition holds at a point, as it is written."""
    match condition:
        case In(axis, category):
            return point[AXES.index(axis)] in BELOW[axis, category]
        case Not(operand):
            return not holds(operand, point)
        case And(operands):
            return all(holds(o, point) for o in operands)
        case Or(operands):
            return any(holds(o, point) for o in operands)


def meets(rules: tuple[Rule, ...], effect: str, point: Point) -> bool:
    """Whether a rule of that effect holds at a point."""
    return any(r.effect == effect and holds(r.effective, point) for r in rules)


def permitted(text: InForce, *without: str) -> set[Point]:
    """The points that a text permits, or would permit without some clauses."""
    rules = tuple(r for r in text.rules if r.clause not in without)
    return {p for p in POINTS if meets(rules, "permit", p) and not meets(rules, "forbid", p)}


def inside(box: Mapping[str, tuple[str, ...]]) -> set[Point]:
    """The points of a box."""
    return set(product(*(box.get(a.id, SPOKEN.leaves(a.id)) for a in SPOKEN.axes)))


def in_front(point: Point, foreground: set[str]) -> tuple[str, ...]:
    """A point as its foreground sees it."""
    return tuple(leaf for axis, leaf in zip(AXES, point, strict=True) if axis in foreground)


def assert_list(
    boxes: tuple[Box, ...], region: set[Point], wider: set[Point], front: set[str]
) -> None:
    """Boxes lie inside, start in the region, and cover it on the foreground."""
    covered: set[tuple[str, ...]] = set()
    for box in boxes:
        mine = inside(box.leaves)
        assert set() == mine - wider
        assert tuple(box.witness[a] for a in AXES) in mine & region
        assert set(box.foreground) <= front
        covered |= {in_front(p, front) for p in mine}
    assert set() == {in_front(p, front) for p in region} - covered


def assert_maximal(box: Box, wider: set[Point]) -> None:
    """No leaf of any axis can be added."""
    for axis, some in box.leaves.items():
        for leaf in set(SPOKEN.leaves(axis)) - set(some):
            assert inside({**box.leaves, axis: (leaf,)}) - wider


def assert_parts(box: Box, region: set[Point], lost: set[Point]) -> None:
    """The three parts of a box are as wide as the truth, of a region that it may hold more than (`lost`).

    With its foreground alone every use of the region lies in its *only* part; without an example, the box is all of
    them; with one, it is some of them.
    """
    front = {axis: some for axis, some in box.leaves.items() if axis in box.foreground}
    there = inside(front) & region
    mine = inside(box.leaves) - lost
    assert there <= inside(front | box.only)
    assert mine <= there
    assert (mine == there) == (not box.example)
    assert bool(box.condition) == bool(box.only)
    assert bool(box.instance) == bool(box.example)
    assert not set(box.foreground) & {*box.only, *box.example}
    for axis, some in box.only.items():
        assert {p[AXES.index(axis)] for p in there} == set(some)


def lowered(text: InForce) -> CompiledText:
    """One text over its own vocabulary."""
    return compile_text(text)


def points_of(text: CompiledText, region: Region) -> set[Point]:
    """The points of one of our regions."""

    def within(masks: Masks) -> bool:
        terms = text.index.possibly(masks)
        return any(
            all(terms & some for some in part.within) and not terms & part.outside
            for part in region.parts
        )

    return {
        p
        for p in POINTS
        if within(tuple(SPOKEN.mask(a, leaf) for a, leaf in zip(AXES, p, strict=True)))
    }


@given(texts())
@settings(max_examples=times(150))
def test_loopholes_are_what_brute_force_finds(text: InForce) -> None:
    """For each forbid of a principle: the boxes lie inside, are maximal, and cover on the foreground."""
    ours, allowed = lowered(text), permitted(text)
    (principle,) = text.principles
    for rule in principle.rules:
        asked = question(ours, rule, Budget())
        region = {p for p in allowed if holds(rule.condition, p)}
        assert region == points_of(ours, asked.region)
        one = replace(principle, rules=(rule,))
        ways = loopholes(ours, one, "p", Budget())
        assert ways.principle.complete
        boxes = tuple(f.box for f in ways.findings if f.box)
        assert_list(boxes, region, region, {AXES[i] for i in asked.foreground})
        for box in boxes:
            assert_maximal(box, region)
            assert_parts(box, region, set())
        assert len(boxes) == len({f.title for f in ways.findings})
        assert len(ways.findings) == len({f.id for f in ways.findings})


@given(texts())
@settings(max_examples=times(100))
def test_dead_clauses_conflicts_and_gaps_are_what_brute_force_finds(text: InForce) -> None:
    """A dead clause changes nothing when it alone is removed; a conflict permits nothing; a gap is unspoken."""
    assert_idle(text)
    unspoken = [
        p
        for p in POINTS
        if not meets(text.rules, "permit", p) and not meets(text.rules, "forbid", p)
    ]
    assert bool(unspoken) == any(f.code == "gap" for f in check(text).findings)


@given(texts())
@settings(max_examples=times(100))
def test_clauses_that_are_said_twice_are_what_brute_force_finds(text: InForce) -> None:
    """Each clause of a text stands in it again, whole or with one rule: most are dead, and many keep others alive."""
    again = tuple(
        replace(
            c,
            id=f"again-{c.id}",
            rules=tuple(
                replace(r, clause=f"again-{c.id}", id=f"again-{r.id}") for r in c.rules[:1]
            ),
        )
        for c in text.clauses
        if c.kind == "binding"
    )
    assert_idle(replace(text, clauses=(*text.clauses, *again)))


def assert_idle(text: InForce) -> None:
    """Conflicts, dead clauses and sets of them are what enumeration finds."""
    allowed = permitted(text)
    findings = check(text).findings
    silenced = {
        r.id
        for r in text.rules
        if r.effect == "permit"
        and not any(holds(r.condition, p) and not meets(text.rules, "forbid", p) for p in POINTS)
    }
    assert silenced == {f.id.removeprefix("conflict:") for f in findings if f.code == "conflict"}
    dead = {
        c.id
        for c in text.clauses
        if c.kind == "binding"
        and permitted(text, c.id) == allowed
        and not {r.id for r in c.rules} <= silenced
    }
    alone = {
        f.clause for f in findings if f.code in ("dead-clause", "exception-covers-rule")
    } & dead
    sets = [f.id.partition(":")[2].split("+") for f in findings if f.code == "dead-together"]
    assert dead == alone.union(*sets)
    assert not alone & set().union(*sets)
    assert permitted(text, *filter(None, alone)) == allowed
    for some in sets:
        assert permitted(text, *some) != allowed
        for one in some:
            assert permitted(text, *(c for c in some if c != one)) == allowed


@given(texts(), texts(number=1), st.data())
@settings(max_examples=times(150))
def test_comparisons_are_what_brute_force_finds(
    one: InForce, other: InForce, data: st.DataObject
) -> None:
    """The order and the boxes each way, between unlike texts and between one text and its amendment."""
    if data.draw(st.booleans(), label="amended"):
        kept = tuple(c for c in one.clauses if data.draw(st.booleans(), label=c.id))
        added = tuple(
            replace(
                c,
                id=f"new-{c.id}",
                rules=tuple(replace(r, clause=f"new-{c.id}", id=f"new-{r.id}") for r in c.rules),
            )
            for c in other.clauses[:1]
        )
        other = replace(one, clauses=(*kept, *added), number=1)
    before, after = permitted(one), permitted(other)
    found = compare(one, other)
    orders = {
        (True, True): Order.EQUAL,
        (False, True): Order.STRICTER,
        (True, False): Order.LOOSER,
        (False, False): Order.INCOMPARABLE,
    }
    assert orders[before <= after, after <= before] == found.order
    gone, come = before - after, after - before
    everything = set(POINTS)
    for box in found.newly_permitted.boxes:
        assert_maximal(box, come)
    for answer, region, wider, never in (
        (found.newly_refused, gone, everything - after, everything - before),
        (found.newly_permitted, come, come, set()),
    ):
        assert answer.complete
        if region:
            whole = all(set(box.leaves) == set(box.foreground) for box in answer.boxes)
            # Where clauses that test nothing changed, all axes are foreground.
            front = set(AXES) if whole else changed_axes(one, other) or set(AXES)
            assert_list(answer.boxes, region, wider, front)
            for box in answer.boxes:
                if not whole:
                    assert_parts(box, region, never)
            if whole:
                assert region <= {p for box in answer.boxes for p in inside(box.leaves)}
        else:
            assert () == answer.boxes


def changed_axes(one: InForce, other: InForce) -> set[str]:
    """The axes of the clauses that hold elsewhere in the one than in the other."""

    def held(text: InForce, id: str) -> list[tuple[str, frozenset[Point]]]:
        clause = text.clause(id)
        rules = clause.rules if clause and clause.kind != "principle" else ()
        return [(r.effect, frozenset(p for p in POINTS if holds(r.condition, p))) for r in rules]

    ids = {c.id for text in (one, other) for c in text.clauses}
    changed = {id for id in ids if held(one, id) != held(other, id)}
    return {
        t.axis
        for text in (one, other)
        for c in text.clauses
        if c.id in changed and c.kind != "principle"
        for r in c.rules
        for t in r.tests()
    }


@given(texts())
@settings(max_examples=times(100))
def test_taking_out_a_word_moves_loopholes_one_way(text: InForce) -> None:
    """Without a ban's test loopholes shrink, without a permit's they grow; what passed at it alone no longer does."""
    (principle,) = text.principles
    findings = [f for f in check(text).findings if f.code == "loophole"]
    for rule in text.rules:
        for test, _ in signed_tests(rule.condition):
            copy = without_test(text, rule, test)
            ours, theirs = compile_together(
                space_of(SPOKEN), (text, SPOKEN, ()), (copy, SPOKEN, ())
            )
            full = ours.index.space.full
            for forbid in principle.rules:
                now, then = (question(t, forbid, Budget()).region for t in (ours, theirs))
                grown = then & ~now if rule.effect == "forbid" else now & ~then
                assert find(ours.index, grown, full, Budget()) is None
            if rule.effect == "permit":
                continue
            for finding in findings:
                assert finding.box is not None
                past = [(p.axis, p.category) for p in finding.box.passes if p.rule == rule.id]
                if past == [(test.axis, test.category)]:
                    assert not inside(finding.box.leaves) <= permitted(copy)


@given(texts())
@settings(max_examples=times(60))
def test_other_names_change_names_and_nothing_else(text: InForce) -> None:
    """With every id renamed, the report is the same under the old names."""
    names = new_names(text)
    report = replace_digest(msgspec.json.encode(check(text)).decode(), check(text).digest)
    other = check(renamed(text, names))
    again = named_back(replace_digest(msgspec.json.encode(other).decode(), other.digest), names)
    assert report == again


def replace_digest(text: str, digest: str) -> str:
    """A report without its digest, which is over the names too."""
    return text.replace(digest, "")


@given(texts())
@settings(max_examples=times(40))
def test_z3_agrees_on_random_texts(text: InForce) -> None:
    """Emptiness, completeness and each box of every question, asked of z3 from the conditions as written."""
    z3 = Opinion(SPOKEN)
    (principle,) = text.principles
    ours = lowered(text)
    allowed = z3.permitted(text)
    for rule in principle.rules:
        ways = loopholes(ours, replace(principle, rules=(rule,)), "p", Budget())
        region = z3.rule(rule)
        assert (not ways.findings) == z3.none(allowed, region)
        for finding in ways.findings:
            assert finding.box is not None
            assert z3.none(z3.box(finding.box.leaves), solver.Not(solver.And(allowed, region)))
        fronts = [z3.box(f.box.leaves, f.box.foreground) for f in ways.findings if f.box]
        assert z3.none(allowed, region, solver.Not(solver.Or(fronts)))
    dead = {f.clause for f in check(text).findings if f.code == "dead-clause"}
    for clause in text.clauses:
        if clause.id in dead:
            assert z3.none(solver.Xor(allowed, z3.permitted(text, clause.id)))
