"""Remedies of random small texts, applied and held against brute force; those of the sample, against z3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import z3 as solver
from hypothesis import event, given, settings
from hypothesis import strategies as st

import avenant
from avenant.agreement.ordinary import OrdinaryUse
from avenant.agreement.types import Clause, InForce
from avenant.analyse.remedy import Attempt, Remedies
from avenant.analyse.remedy_bans import of_mask
from avenant.analyse.report import check
from avenant.analyse.types import Amending, Finding, Order, Remedy, Report
from avenant.errors import Place
from avenant.rules.parse import parse_rules
from avenant.rules.types import And, Condition, In, Not, Or, Word
from tests.conformance import ROOT
from tests.depth import times
from tests.property.test_analyse_texts import AXES, POINTS, Point, holds, inside, permitted
from tests.random_texts import SPOKEN, texts
from tests.second_opinion import Opinion
from tests.small_texts import clause, said

NOWHERE = Place("ordinary.yaml", 1)


@st.composite
def ordinary_uses(draw: st.DrawFn) -> tuple[OrdinaryUse, ...]:
    """None to three ordinary uses, each one category or any on an axis; some are not complete."""
    count = draw(st.integers(0, 3))
    return tuple(
        OrdinaryUse(
            said(f"use {n}"),
            {a: (draw(st.sampled_from([id for id, _ in SPOKEN.subtrees(a)])),) for a in AXES},
            NOWHERE,
        )
        for n in range(count)
    )


def as_written(text: InForce) -> InForce:
    """The text with its principle's source as a document has it: heading, linked words, block."""

    def of(c: Clause) -> Clause:
        links = " ".join(f"[{w.text}](#{w.axis}.{w.category})" for w in c.words)
        return replace(
            c, source=f"## P {{#{c.id} .principle}}\n\n{links}.\n\n```cedar\n{c.source}\n```\n"
        )

    clauses = (of(c) if c.kind == "principle" else c for c in text.clauses)
    return replace(text, clauses=tuple(clauses))


def without_words(condition: Condition, holds: bool = True) -> Condition:
    """A condition whose exceptions no word stands for."""
    match condition:
        case In():
            return condition if holds else replace(condition, words=())
        case Not(operand):
            return Not(without_words(operand, not holds))
        case And(operands) | Or(operands):
            return type(condition)(tuple(without_words(o, holds) for o in operands))


def with_silent_exceptions(text: InForce) -> InForce:
    """The text with exceptions of its bans that its words do not speak of."""

    def of(c: Clause) -> Clause:
        if c.kind == "principle" or any(r.effect == "permit" for r in c.rules):
            return c
        rules = tuple(replace(r, condition=without_words(r.condition)) for r in c.rules)
        return replace(
            c, rules=rules, words=tuple(w for r in rules for t in r.tests() for w in t.words)
        )

    return replace(text, clauses=tuple(of(c) for c in text.clauses))


written_texts = st.one_of(texts(), texts().map(with_silent_exceptions)).map(as_written)


def points_of(use: OrdinaryUse) -> set[Point]:
    """The points of an ordinary use."""
    return inside(
        {
            axis: tuple(
                leaf
                for leaf in SPOKEN.leaves(axis)
                for id in ids
                if SPOKEN.mask(axis, leaf) & SPOKEN.mask(axis, id)
            )
            for axis, ids in use.use.items()
        }
    )


def applied(text: InForce, change: Amending) -> InForce:
    """The text with a change: its Markdown read by hand, its rule by the parser."""
    clauses = list(text.clauses)
    at = [c.id for c in clauses].index(change.clause)
    if change.verb == "repeal":
        del clauses[at]
        return replace(text, clauses=tuple(clauses))
    clauses.insert(at + 1, read(change.new[text.language], text))
    return replace(text, clauses=tuple(clauses))


def read(markdown: str, text: InForce) -> Clause:
    """A new clause, with a word for each link of its prose."""
    heading = re.match(r"### (?:(\w+)\. )?.* \{#([a-z0-9-]+)\}\n", markdown)
    block = re.search(r"```cedar\n(.*)```", markdown, re.DOTALL)
    assert heading
    if block is None:
        prose = markdown[heading.end() :].strip()
        new = clause(heading[2], 99, "", text.vocabulary)
        return replace(new, number=heading[1] or "", prose={text.language: prose})
    prose = markdown[heading.end() : block.start()]
    links = re.findall(r"\[([^]]+)\]\(#([a-z-]+)\.([a-z-]+)\)", prose)
    words = tuple(Word(words, axis, category, NOWHERE) for words, axis, category in links)
    rules = parse_rules(block[1], NOWHERE, heading[2], 1, text.vocabulary, words)
    assert all(t.words for r in rules for t in r.tests()), "each test has its word"
    assert {(w.axis, w.category) for w in words} == {
        (t.axis, t.category) for r in rules for t in r.tests()
    }
    new = clause(heading[2], 99, block[1], text.vocabulary)
    return replace(new, number=heading[1] or "", rules=rules)


def opposed(finding: Finding, text: InForce) -> set[Point]:
    """The uses of a way through: its foreground, where the principle's forbid holds. Of an exemption, its box."""
    assert finding.box is not None
    if finding.code != "loophole":
        return inside(finding.box.leaves)
    (principle,) = text.principles
    number = re.match(r"loophole:p/(\d+):", finding.id)
    forbid = principle.rules[int(number[1]) - 1 if number else 0]
    front = {a: leaves for a, leaves in finding.box.leaves.items() if a in finding.box.foreground}
    return {p for p in inside(front) if holds(forbid.condition, p)}


def answered(
    text: InForce, uses: tuple[OrdinaryUse, ...]
) -> Iterator[tuple[Report, Finding, Remedy | tuple[Attempt, ...]]]:
    """Each finding of a text's report, with its remedy or the attempts."""
    report = check(text)
    remedies = Remedies(text, (), uses, report.findings)
    for finding in report.findings:
        yield report, finding, remedies.of(finding)


@given(written_texts, ordinary_uses())
@settings(max_examples=times(150))
def test_a_remedy_closes_and_opens_none_and_loses_nothing(
    text: InForce, uses: tuple[OrdinaryUse, ...]
) -> None:
    """Applied, it refuses all of what it says it closes, permits nothing new, and keeps each ordinary use."""
    before = permitted(text)
    for report, finding, found in answered(text, uses):
        if not isinstance(found, Remedy):
            event(f"none for {finding.code}")
            continue
        event(f"{found.changes[0].verb} for {finding.code}")
        assert finding.id in found.closes
        (change,) = found.changes
        after = applied(text, change)
        now = permitted(after)
        assert set() == now - before
        assert (Order.EQUAL if now == before else Order.STRICTER) == found.order
        if finding.box is None:
            assert before == now  # a repeal, or a clause of prose
            assert finding.id not in {f.id for f in check(after).findings}
            continue
        closed = [f for f in report.findings if f.id in found.closes]
        assert set() == now & set().union(*(opposed(f, text) for f in closed))
        for use in uses:
            if points_of(use) <= before:
                assert points_of(use) <= now
        for way in check(after).findings:
            if way.code == "loophole" and way.box is not None:
                assert set() == inside(way.box.leaves) & set().union(
                    *(opposed(f, text) for f in closed)
                )


@given(written_texts, ordinary_uses())
@settings(max_examples=times(60))
def test_where_there_is_no_remedy_it_is_said_why(
    text: InForce, uses: tuple[OrdinaryUse, ...]
) -> None:
    """Each attempt on a loophole has its objection: an ordinary use lies in the way, or the way is all that is left."""
    before = permitted(text)
    for _, finding, found in answered(text, uses):
        if finding.code != "loophole" or isinstance(found, Remedy):
            continue
        assert found
        assert all(a.summary and a.objection for a in found)
        kept = [points_of(u) for u in uses if points_of(u) <= before]
        way = opposed(finding, text)
        if any(points & way for points in kept):
            assert "would be lost" in found[-1].objection
        else:
            assert before <= way
            assert "no use at all would be permitted any more" == found[-1].objection


@pytest.mark.parametrize("axis", AXES)
def test_any_set_of_leaves_can_be_said_in_tests(axis: str) -> None:
    """The tests of a set hold at its leaves and at no other, though rules cannot name `.other`."""
    leaves = SPOKEN.leaves(axis)
    for mask in range(1, 1 << len(leaves)):
        condition = of_mask(SPOKEN, axis, mask)
        held = {p[AXES.index(axis)] for p in POINTS if holds(condition, p)}
        assert {leaf for i, leaf in enumerate(leaves) if mask >> i & 1} == held


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("stated", [True, False], ids=["uses", "no-uses"])
def test_z3_agrees_on_the_sample_s_remedies(number: int, stated: bool) -> None:
    """With each remedy of the sample, z3 finds no use of the ways that it closes, and no ordinary use lost."""
    text = avenant.load(ROOT / "agreements" / f"openai-dow@{number}")
    report = text.check()
    uses = text.ordinary() if stated else ()
    remedies = Remedies(text.in_force, text.stated, uses, report.findings)
    ways = {f.id: f for f in report.findings if f.code == "loophole"}
    assert ways
    z3 = Opinion(text.in_force.vocabulary)
    for way in ways.values():
        remedy = remedies.of(way)
        assert isinstance(remedy, Remedy)
        amended = applied(text.in_force, remedy.changes[0])
        principles = {c.id: c for c in (*amended.principles, *(c for _, c in text.stated))}
        for id in remedy.closes:
            box = ways[id].box
            assert box is not None
            forbids = z3.rules(principles[_principle(ways[id])].rules, "forbid")
            assert z3.none(z3.permitted(amended), forbids, z3.box(box.leaves, box.foreground))
        for use in uses:
            each = [Or(tuple(In(a, id, NOWHERE) for id in ids)) for a, ids in use.use.items()]
            assert z3.none(solver.Not(z3.permitted(amended)), z3.condition(And(tuple(each))))


def _principle(finding: Finding) -> str:
    return finding.id.split(":")[1].rpartition("/")[2]
