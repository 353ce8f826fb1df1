"""The analysis of the sample dossier: z3 as the second opinion on every question, copies without a word, other names.

Nothing here says how many loopholes there are: the words of the text decide, and whoever edits them.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
import z3
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text, compile_together, named
from avenant.agreement.consolidate import draft_effects, every_interval, principles_of
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import Clause, InForce
from avenant.analyse.checks.loopholes import loopholes, question
from avenant.analyse.checks.passes import without_exceptions
from avenant.analyse.checks.precedence import LEAST
from avenant.analyse.compare.compare import compare
from avenant.analyse.subject import shared
from avenant.analyse.types import Answer, Report
from avenant.findings.types import Box, Order
from avenant.region import Budget, find
from avenant.rules.types import Rule
from avenant.vocabulary.space import space_of
from tests.checked import check
from tests.copies import named_back, new_names, renamed, renamed_clause, signed_tests, without_test
from tests.second_opinion import Opinion

ROOT = Path(__file__).resolve().parents[2] / "agreements" / "openai-dow"

Texts = tuple[InForce, ...]
Principles = tuple[tuple[str, Clause], ...]


@cache
def sample() -> tuple[tuple[Texts, Principles], ...]:
    """Each text of the dossier in all its intervals, with the principles of the statements read against it."""
    dossier = read_dossier(ROOT)
    effects = draft_effects(dossier)
    found = []
    for instrument in dossier.instruments:
        texts = every_interval(dossier, instrument.number, effects, draft=True)
        principles = tuple(
            (statement.id, clause)
            for statement in dossier.statements
            for clause in principles_of(statement, texts[0].vocabulary)
        )
        found.append((texts, principles))
    return tuple(found)


@cache
def reported(number: int) -> Report:
    """The report on a text of the sample."""
    texts, principles = sample()[number]
    return check(texts[0], principles, others=texts[1:], statements=read_dossier(ROOT).statements)


def announced() -> tuple[Clause, ...]:
    """The passages of the statements that no rule tests."""
    return tuple(c for s in read_dossier(ROOT).statements for c in s.announced)


NUMBERS = range(3)
TEXTS = [(n, i) for n in NUMBERS for i in range(len(sample()[n][0]))]


def assert_same(z3_: Opinion, region: z3.BoolRef, boxes: tuple[Box, ...], *, maximal: bool) -> None:
    """By z3: none exactly when none is found, each box inside and maximal, and the list complete."""
    assert (not boxes) == z3_.none(region)
    outside = z3.Not(region)
    for box in boxes:
        assert z3_.none(z3_.box(box.leaves), outside)
        assert not z3_.none(z3_.box({a: (leaf,) for a, leaf in box.witness.items()}), region)
        for axis, some in box.leaves.items() if maximal else ():
            for leaf in set(z3_.vocabulary.leaves(axis)) - set(some):
                assert not z3_.none(z3_.box({**box.leaves, axis: (leaf,)}), outside)
    fronts = [z3_.box(box.leaves, box.foreground) for box in boxes]
    assert z3_.none(region, z3.Not(z3.Or(fronts)))


def rules_asked(text: InForce, principles: Principles) -> list[tuple[Clause, Rule]]:
    """Every forbid of every principle."""
    return [(c, r) for _, c in named(text, principles) for r in c.rules]


@pytest.mark.parametrize(("number", "interval"), TEXTS)
def test_z3_agrees_on_every_loophole_of_the_sample(number: int, interval: int) -> None:
    """Emptiness, each box, its maximality and the whole list, for each forbid of each principle."""
    texts, principles = sample()[number]
    text = texts[interval]
    ours = compile_text(text, principles)
    opinion = Opinion(text.vocabulary)
    for principle, rule in rules_asked(text, principles):
        one = replace(principle, rules=(rule,))
        ways = loopholes(ours, one, principle.id, Budget())
        assert ways.principle.complete
        region = z3.And(opinion.permitted(text), opinion.rule(rule))
        boxes = tuple(f.box for f in ways.findings if f.box)
        assert_same(opinion, region, boxes, maximal=True)


@pytest.mark.parametrize("number", NUMBERS)
def test_z3_agrees_on_dead_clauses_conflicts_and_gaps_of_the_sample(number: int) -> None:
    """What is reported holds, and what is not reported does not."""
    texts, _ = sample()[number]
    text, report = texts[0], reported(number)
    opinion = Opinion(text.vocabulary)
    allowed = opinion.permitted(text)
    forbidden = opinion.rules(text.rules, "forbid")
    silent = {
        r.id
        for r in text.rules
        if r.effect == "permit" and opinion.none(opinion.rule(r), z3.Not(forbidden))
    }
    assert {f"conflict:{id}" for id in silent} == {
        f.id for f in report.findings if f.code == "conflict"
    }
    dead = {
        c.id
        for c in text.clauses
        if c.kind == "binding"
        and not {r.id for r in c.rules} <= silent
        and opinion.none(z3.Xor(allowed, opinion.permitted(text, c.id)))
    }
    assert dead == {f.clause for f in report.findings if f.code == "dead-clause"}
    spoken = z3.Or(opinion.rules(text.rules, "permit"), forbidden)
    assert opinion.none(z3.Not(spoken)) == all(f.code != "gap" for f in report.findings)


@pytest.mark.parametrize("number", NUMBERS)
def test_z3_agrees_on_exceptions_and_overlaps_of_the_sample(number: int) -> None:
    """An exception covers its ban, and two bans on one subject overlap, exactly where z3 says so."""
    texts, _ = sample()[number]
    text, report = texts[0], reported(number)
    opinion = Opinion(text.vocabulary)
    permits = opinion.rules(text.rules, "permit")
    bans = [r for r in text.rules if r.effect == "forbid"]
    covered = {
        ban.id
        for ban in bans
        if any(not holds for _, holds in signed_tests(ban.condition))
        and opinion.none(permits, opinion.condition(ban.condition))
        and not opinion.none(
            permits,
            z3.Not(opinion.rules(text.rules, "forbid")),
            opinion.condition(without_exceptions(ban.condition)),
        )
    }
    assert covered == {
        f.id.partition(":")[2] for f in report.findings if f.code == "exception-covers-rule"
    }
    overlapping = set()
    for a, b in combinations(bans, 2):
        rest = [r for r in bans if r not in (a, b)]
        free = z3.And(permits, z3.Not(opinion.rules(rest, "forbid")))
        here, there = opinion.rule(a), opinion.rule(b)
        parts = ((here, there), (here, z3.Not(there)), (there, z3.Not(here)))
        if (
            a.clause != b.clause
            and len(shared(a, b, text.vocabulary)) >= LEAST
            and not any(opinion.none(free, *part) for part in parts)
        ):
            overlapping.add(f"{a.clause}+{b.clause}")
    assert overlapping == {
        f.id.partition(":")[2] for f in report.findings if f.code == "no-precedence"
    }


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0), (1, 2), (0, 2)])
def test_z3_agrees_on_each_comparison_of_the_sample(one: int, other: int) -> None:
    """The order, and the boxes each way; the sample's texts share one vocabulary."""
    before, after = sample()[one][0][0], sample()[other][0][0]
    assert before.vocabulary == after.vocabulary
    opinion = Opinion(before.vocabulary)
    was, now = opinion.permitted(before), opinion.permitted(after)
    found = compare(before, after, sample()[other][1])
    gone, come = z3.And(was, z3.Not(now)), z3.And(now, z3.Not(was))
    orders = {
        (True, True): Order.EQUAL,
        (False, True): Order.STRICTER,
        (True, False): Order.LOOSER,
        (False, False): Order.INCOMPARABLE,
    }
    assert orders[opinion.none(gone), opinion.none(come)] == found.order
    assert_same(opinion, come, found.newly_permitted.boxes, maximal=True)
    assert_refused(opinion, gone, now, found.newly_refused)


def assert_refused(opinion: Opinion, gone: z3.BoolRef, now: z3.BoolRef, answer: Answer) -> None:
    """Nothing in a box is permitted any more, at each leaf something was, and the list is complete."""
    assert answer.complete
    for box in answer.boxes:
        assert opinion.none(opinion.box(box.leaves), now)
        for axis, some in box.leaves.items():
            for leaf in some:
                assert not opinion.none(opinion.box({**box.leaves, axis: (leaf,)}), gone)
    fronts = [opinion.box(box.leaves, box.foreground) for box in answer.boxes]
    assert opinion.none(gone, z3.Not(z3.Or(fronts)))


@pytest.mark.parametrize("number", NUMBERS)
def test_taking_out_a_word_of_the_sample_moves_loopholes_one_way(number: int) -> None:
    """For every linked word, with its test: of a ban, the loopholes only shrink, and no box that got past that ban at
    this word alone is still inside; of a permit, they only grow.
    """
    texts, principles = sample()[number]
    text, report = texts[0], reported(number)
    tried = alone = 0
    for rule in text.rules:
        for test, _ in signed_tests(rule.condition):
            copy = without_test(text, rule, test)
            ours, theirs = compile_together(
                space_of(text.vocabulary),
                (text, text.vocabulary, principles),
                (copy, text.vocabulary, principles),
            )
            full = ours.index.space.full
            tried += 1
            for _, forbid in rules_asked(text, principles):
                now, then = (question(t, forbid, Budget()).region for t in (ours, theirs))
                grown = then & ~now if rule.effect == "forbid" else now & ~then
                assert find(ours.index, grown, full, Budget()) is None
            for finding in report.findings:
                past = [p for p in (finding.box.passes if finding.box else ()) if p.rule == rule.id]
                if [(test.axis, test.category)] == [(p.axis, p.category) for p in past]:
                    alone += 1
                    assert finding.box is not None
                    box = tuple(
                        sum(text.vocabulary.mask(a.id, leaf) for leaf in finding.box.leaves[a.id])
                        if a.id in finding.box.leaves
                        else top
                        for a, top in zip(text.vocabulary.axes, full, strict=True)
                    )
                    assert find(theirs.index, ~theirs.permitted, box, Budget()) is not None
    assert tried > 15
    assert alone > 5


@pytest.mark.parametrize("number", NUMBERS)
def test_the_sample_under_other_names_gives_the_same_report(number: int) -> None:
    """With every axis, category, clause and party renamed, the report says the same under the old names."""
    texts, principles = sample()[number]
    names = new_names(texts[0])
    other = check(
        renamed(texts[0], names),
        [(said, renamed_clause(clause, names)) for said, clause in principles],
        others=[renamed(t, names) for t in texts[1:]],
        statements=[
            replace(s, announced=tuple(renamed_clause(c, names) for c in s.announced))
            for s in read_dossier(ROOT).statements
        ],
    )
    assert bare(reported(number)) == named_back(bare(other), names)


def bare(report: Report) -> str:
    """A report as JSON without its digest, which is over the names too."""
    return msgspec.json.encode(report).decode().replace(report.digest, "")


@pytest.mark.parametrize("number", NUMBERS)
def test_every_finding_of_the_sample_has_an_id_of_its_own_and_a_place(number: int) -> None:
    """Ids are unique, words stand in the clauses, and a loophole stands at a line of the text."""
    texts, principles = sample()[number]
    report = reported(number)
    ids = [f.id for f in report.findings]
    assert sorted(set(ids)) == sorted(ids)
    clauses = (*texts[0].clauses, *(c for _, c in principles), *announced())
    words = {w.text for c in clauses for w in c.words}
    prose = "\n".join(said for c in clauses for said in c.prose.values())
    for finding in report.findings:
        assert [] == [w for w in finding.words if w not in words and w not in prose]
        if finding.code == "loophole":
            name, _, line = finding.at.rpartition(":")
            assert (ROOT / name).is_file()
            assert int(line) > 0
