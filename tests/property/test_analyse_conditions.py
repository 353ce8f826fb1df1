"""Exceptions, exemptions, overlaps and announcements of random small texts, against enumeration of all their uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce, Statement
from avenant.errors import InputError
from avenant.findings.types import Finding
from avenant.rules.types import And, Condition, In, Not, Or, Rule
from tests.checked import check
from tests.depth import times
from tests.property.test_analyse_texts import (
    BELOW,
    POINTS,
    Point,
    holds,
    inside,
    meets,
    permitted,
)
from tests.random_texts import SPOKEN, test_of
from tests.small_texts import small_text

AXES = tuple(a.id for a in SPOKEN.axes)


@st.composite
def contracts(draw: st.DrawFn) -> InForce:
    """A permit or two, bans on one subject that part on a further test or an exception, and a principle on it too."""

    def category(axis: str) -> str:
        return draw(st.sampled_from([c.id for c in SPOKEN.categories if c.axis == axis]))

    def some(axes: Sequence[str], glue: str) -> str:
        return glue.join(test_of(SPOKEN, a, category(a)) for a in axes)

    def rule(effect: str) -> str:
        text = f"{effect} (principal, action, resource)"
        own = draw(st.lists(st.sampled_from(others), min_size=draw(st.integers(0, 1)), max_size=1))
        whole = [
            common[a] if draw(st.integers(0, 5)) else test_of(SPOKEN, a, category(a))
            for a in common
        ]
        glue = " || " if effect == "permit" and draw(st.booleans()) else " && "
        text += f" when {{ {glue.join([*whole, *(some([a], '') for a in own)])} }}"
        excepted = draw(st.lists(st.sampled_from(AXES), max_size=2, unique=True))
        if not draw(st.integers(0, 7)):
            text += f" unless {{ {permitted_one} }}"
        elif draw(st.booleans()) and excepted:
            text += f" unless {{ {some(excepted, draw(st.sampled_from((' && ', ' || '))))} }}"
        return f"{text};"

    about = draw(st.lists(st.sampled_from(AXES), min_size=2, max_size=2, unique=True))
    common = {a: test_of(SPOKEN, a, category(a)) for a in about}
    others = [a for a in AXES if a not in about]
    permitted_one = some([draw(st.sampled_from(AXES))], "")
    one = f"permit (principal, action, resource) when {{ {permitted_one} }};"
    every = "permit (principal, action, resource);"
    permits = draw(
        st.sampled_from(([every], [one], [one, rule("permit")], [rule("permit"), every]))
    )
    bans = [rule("forbid") for _ in range(draw(st.integers(2, 3)))]
    try:
        clauses = {f"c{n}": source for n, source in enumerate((*permits, *bans))}
        return small_text(clauses, {"p": rule("forbid")}, SPOKEN)
    except InputError:  # an exception of all that its rule says
        assume(False)
        raise


def found(text: InForce, code: str) -> dict[str, Finding]:
    """The findings of one code by what follows it in their ids."""
    return {f.id.partition(":")[2]: f for f in check(text).findings if f.code == code}


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The operands of a conjunction, or the condition itself."""
    return condition.operands if isinstance(condition, And) else (condition,)


def where(condition: Condition) -> set[Point]:
    """The points of a condition."""
    return {p for p in POINTS if holds(condition, p)}


def excepted(rule: Rule) -> tuple[Condition, ...]:
    """The exceptions of a rule of the generator, each as it stands under its negation."""
    return tuple(p.operand for p in parts(rule.condition) if isinstance(p, Not))


def plain(rule: Rule) -> Condition:
    """The rule without its exceptions."""
    return And(tuple(p for p in parts(rule.condition) if not isinstance(p, Not)))


@given(contracts())
@settings(max_examples=times(100))
def test_an_exception_covers_its_rule_where_enumeration_says_so(text: InForce) -> None:
    """The ban speaks of something permitted, and binds none of it; the example is permitted and spoken of."""
    allowed = {p for p in POINTS if meets(text.rules, "permit", p)}
    covered = {
        r.id
        for r in text.rules
        if r.effect == "forbid"
        and excepted(r)
        and where(plain(r)) & permitted(text)
        and not where(r.condition) & allowed
    }
    findings = found(text, "exception-covers-rule")
    assert covered == set(findings)
    rules = {r.id: r for r in text.rules}
    for id, finding in findings.items():
        assert finding.box is not None
        assert inside(finding.box.leaves) <= where(plain(rules[id])) & permitted(text)


@given(contracts(), st.data())
@settings(max_examples=times(60))
def test_a_hidden_exemption_opens_uses_and_every_one_that_does_is_found(
    text: InForce, data: st.DataObject
) -> None:
    """With some words struck from the prose: each part without a word, and what the text permits by it alone."""
    text = replace(
        text,
        clauses=tuple(c if c.kind == "principle" else unlinked(c, data) for c in text.clauses),
    )
    allowed = permitted(text)
    opened: dict[str, set[Point]] = {}
    for clause in text.clauses:
        for rule in clause.rules if clause.kind != "principle" and clause.words else ():
            for part, without in openings(rule):
                tests = list(each_test(part))
                if not tests or any(t.words for t in tests):
                    continue
                news = allowed - permitted(with_rule(text, rule, without))
                if news:
                    named = "+".join(f"{t.axis}.{t.category}" for t in tests)
                    opened[f"{rule.id}:{named}"] = news
    findings = found(text, "hidden-exemption")
    assert set(opened) == set(findings)
    for id, finding in findings.items():
        assert finding.box is not None
        assert inside(finding.box.leaves) <= opened[id]


def unlinked(clause: Clause, data: st.DataObject) -> Clause:
    """The clause with some of its tests' words struck."""

    def struck(condition: Condition) -> Condition:
        match condition:
            case In():
                kept = data.draw(st.booleans(), label=f"{condition.axis}.{condition.category}")
                return condition if kept else replace(condition, words=())
            case Not(operand):
                return Not(struck(operand))
            case And(operands):
                return And(tuple(struck(o) for o in operands))
            case Or(operands):
                return Or(tuple(struck(o) for o in operands))

    return replace(
        clause, rules=tuple(replace(r, condition=struck(r.condition)) for r in clause.rules)
    )


def openings(rule: Rule) -> Iterator[tuple[Condition, Condition]]:
    """As the generator writes rules: the parts that open uses, and the rule's condition without each."""
    whole = parts(rule.condition)
    if rule.effect == "permit":
        yield rule.condition, Or(())
    for i, part in enumerate(whole):

        def put(other: Condition, i: int = i) -> Condition:
            return And((*whole[:i], other, *whole[i + 1 :]))

        match part:
            case Or(operands) if rule.effect == "permit":
                for one in operands:
                    yield one, put(Or(tuple(o for o in operands if o is not one)))
            case Not(Or(operands)) if rule.effect == "forbid":
                for one in operands:
                    yield one, put(Not(Or(tuple(o for o in operands if o is not one))))
            case Not(operand) if rule.effect == "forbid":
                yield operand, put(And(()))
            case _:
                pass


def each_test(condition: Condition) -> Iterator[In]:
    """Every test of a condition."""
    match condition:
        case In():
            yield condition
        case Not(operand):
            yield from each_test(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from each_test(operand)


def with_rule(text: InForce, rule: Rule, condition: Condition) -> InForce:
    """The text with another condition for one rule."""
    return replace(
        text,
        clauses=tuple(
            replace(
                c,
                rules=tuple(
                    replace(r, condition=condition)
                    if r.id == rule.id and r.clause == rule.clause
                    else r
                    for r in c.rules
                ),
            )
            if c.kind != "principle"
            else c
            for c in text.clauses
        ),
    )


@given(contracts())
@settings(max_examples=times(150))
def test_overlaps_without_precedence_are_what_enumeration_finds(text: InForce) -> None:
    """On one subject: of what is permitted but for the two bans, some falls under both, some under each alone."""
    banning = [c for c in text.clauses if c.kind == "binding" and c.rules[0].effect == "forbid"]
    expected = set()
    for one, other in combinations(banning, 2):
        (a,), (b,) = one.rules, other.rules
        rest = tuple(r for r in text.rules if r not in (a, b))
        free = {p for p in POINTS if meets(rest, "permit", p) and not meets(rest, "forbid", p)}
        here, there = where(a.condition) & free, where(b.condition) & free
        if len(subject(a, b)) >= 2 and here & there and here - there and there - here:
            expected.add(f"{one.id}+{other.id}")
    assert expected == set(found(text, "no-precedence"))


def subject(a: Rule, b: Rule) -> set[str]:
    """The axes on which a test that is wanted by the one says the same as one of the other, or a part of it."""

    def wanted(rule: Rule) -> Iterator[In]:
        return (t for p in parts(rule.condition) if not isinstance(p, Not) for t in each_test(p))

    return {
        s.axis
        for s in wanted(a)
        for t in wanted(b)
        if s.axis == t.axis
        and (
            BELOW[s.axis, s.category] <= BELOW[t.axis, t.category]
            or BELOW[t.axis, t.category] <= BELOW[s.axis, s.category]
        )
    }


@given(contracts())
@settings(max_examples=times(60))
def test_announcements_differ_where_enumeration_says_so(text: InForce) -> None:
    """The principle, and the last ban as what somebody announced: on one subject, meeting, and not the same."""
    mine, ban = text.principles[0], text.clauses[-2]
    its = replace(ban, id="q", kind="principle", number="")
    its = replace(its, rules=tuple(replace(r, id="q/1", clause="q") for r in its.rules))
    said = Statement("said", "Somebody", text.since, "", "en", "", (), "said.md")
    report = check(text, (("said", its),), statements=(said,))
    differing = [f for f in report.findings if f.code == "statements-differ"]
    (a,), (b,) = mine.rules, its.rules
    here, there, axes = where(a.condition), where(b.condition), subject(a, b)
    one_way = here < there or there < here
    both_ways = bool(here - there and there - here) and len(axes) >= 2
    assert bool(axes and here & there and (one_way or both_ways)) == bool(differing)
    for finding in differing:
        assert finding.box is not None
        points = inside(finding.box.leaves)
        assert points <= here - there or points <= there - here
