"""What the exceptions and alternatives of a rule do, beyond what its words say. Each claim is about regions, and exact.

- *exception covers its rule*: an `unless` of a ban lets past all that the permits reach of what the ban speaks of, and
  some of that is permitted: a ban on what has no mandate, unless it is lawful, where only what is lawful is permitted;
- *exception beyond its rule*: an exception names more on an axis than the rule binds there, or something else; on what
  is beyond it excepts nothing, and a reader may take it for a permission;
- *hidden exemption*: a part of an `unless`, or of the `||` of a permit, for which no word of the prose stands, and
  which opens uses: without that part, the text would refuse them.

    forbid … unless { resource in Mandate::"granted" || resource in Purpose::"training" };
    # prose: "… except where [permitted](#mandate.granted)": training is a hidden exemption

What a ban speaks of is its condition with every test of an exception struck out (`passes.without_exceptions`). An
exception that leaves nothing of its rule whatever the text permits never gets here: reading the rule is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import or_

from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, key
from avenant.agreement.types import Clause
from avenant.analyse.asker import asked_of
from avenant.analyse.boxes import described, first_box, whole_sentence
from avenant.analyse.check import Check
from avenant.analyse.checks.passes import without_exceptions
from avenant.analyse.finding import about, stands
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Box, Finding, Severity
from avenant.region import Box as Masks
from avenant.region import Budget, Region, union
from avenant.rules.lower import lower
from avenant.rules.types import And, Condition, In, Not, Or, Rule, signed_tests, tests
from avenant.vocabulary.phrases import describe
from avenant.vocabulary.types import Vocabulary

COVERS = Kind("exception-covers-rule", Severity.ERROR, Group.STRUCTURE)
BEYOND = Kind("exception-beyond-rule", Severity.WARNING, Group.STRUCTURE)
HIDDEN = Kind("hidden-exemption", Severity.ERROR, Group.STRUCTURE)

_TRUE, _FALSE = And(()), Or(())


def covering_exceptions(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Bans whose exceptions leave nothing of what the text permits. Raises region.Exhausted."""
    permits = union(text.permits)
    for clause, rule in _rules(text, "forbid"):
        excepted = [test for test, holds in signed_tests(rule.condition) if not holds]
        with asked_of(clause):
            if not excepted or not text.empty(permits & text.region(rule), budget):
                continue
        speaks = _boxes(text, without_exceptions(rule.condition), rule)
        # What another clause bans anyway is let past by no exception.
        with asked_of(clause):
            box = widest(
                text, speaks, lambda spoken: text.permitted & spoken, (rule.condition,), budget
            )
        if box is not None:
            yield about(
                COVERS,
                rule.id,
                clause,
                at=stands(excepted[0]),
                words=[word.text for test in excepted for word in test.words],
                box=box,
                rule=rule.id,
                sentence=whole_sentence(box),
            )


def exceptions_beyond(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Exceptions that name what their rule does not bind; one finding a rule and axis."""
    vocabulary = text.text.vocabulary
    for clause, rule in _rules(text, "forbid", "permit"):
        bound = _bound(rule.condition, vocabulary)
        beyond: dict[str, list[In]] = {}
        for test, holds in signed_tests(rule.condition):
            if not holds and vocabulary.mask(test.axis, test.category) & ~bound.get(test.axis, -1):
                beyond.setdefault(test.axis, []).append(test)
        for axis, found in beyond.items():
            outside = reduce(or_, (vocabulary.mask(axis, t.category) for t in found)) & ~bound[axis]
            yield about(
                BEYOND,
                f"{rule.id}:{axis}",
                clause,
                # A permission that excepts too much is no wider for it.
                severity=Severity.WARNING if rule.effect == "forbid" else Severity.NOTE,
                at=stands(found[0]),
                words=[word.text for test in found for word in test.words],
                outside=describe(vocabulary, axis, outside),
                bound=describe(vocabulary, axis, bound[axis]),
            )


def hidden_exemptions(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Parts of a rule that open uses and for which no word stands. Raises region.Exhausted."""
    for clause, rule in _rules(text, "forbid", "permit"):
        if not clause.words:
            continue  # nothing of it is linked: that is said of each test already
        for part, without in _openings(rule):
            tested = list(tests(part))
            if not tested or any(test.words for test in tested):
                continue
            with asked_of(clause):
                opened = _opened(text, rule, without, part, budget)
            if opened is not None:
                yield about(
                    HIDDEN,
                    f"{rule.id}:{'+'.join(t.name for t in tested)}",
                    clause,
                    at=tested[0].at,
                    box=opened,
                    rule=rule.id,
                    tests=tuple(t.name for t in tested),
                    parts=", ".join(f"{t.axis}={t.category}" for t in tested),
                    sentence=whole_sentence(opened),
                )


def _rules(text: CompiledText, *effects: str) -> Iterator[tuple[Clause, Rule]]:
    for clause in text.text.binding:
        for rule in clause.rules:
            if rule.effect in effects:
                yield clause, rule


def _bound(condition: Condition, vocabulary: Vocabulary) -> dict[str, int]:
    """Per axis what the rule binds at most, its exceptions left out; only axes that it narrows."""
    bound: dict[str, int] = {}
    for part in condition.operands if isinstance(condition, And) else (condition,):
        found = list(tests(part))
        axes = {test.axis for test in found}
        if isinstance(part, In | Or) and len(axes) == 1 and all(h for _, h in signed_tests(part)):
            axis = axes.pop()
            some = reduce(or_, (vocabulary.mask(axis, t.category) for t in found))
            bound[axis] = bound.get(axis, some) & some
    return bound


def _openings(rule: Rule) -> Iterator[tuple[Condition, Condition]]:
    """The parts of a rule that each make the text wider, with the rule's condition without that part."""
    permits = rule.effect == "permit"
    if permits:
        yield rule.condition, _FALSE
    yield from _parts(rule.condition, permits, lambda whole: whole)


def _parts(
    condition: Condition, opens: bool, within: Callable[[Condition], Condition]
) -> Iterator[tuple[Condition, Condition]]:
    """`opens`: the text is the wider, the more this part holds for. `within` puts a part back into the rule."""
    match condition:
        case In():
            return
        case Not(operand):
            if not opens and not isinstance(operand, Or):
                yield operand, within(_TRUE)
            yield from _parts(operand, not opens, lambda part: within(Not(part)))
        case And(operands) | Or(operands):
            kind = type(condition)
            for i, operand in enumerate(operands):

                def put(part: Condition, i: int = i) -> Condition:
                    return within(kind((*operands[:i], part, *operands[i + 1 :])))

                if opens and kind is Or:
                    yield operand, put(_FALSE)
                yield from _parts(operand, opens, put)


def _opened(
    text: CompiledText, rule: Rule, without: Condition, part: Condition, budget: Budget
) -> Box | None:
    """What the text permits and would not, if the rule had the condition `without`; a box of it."""
    narrower = _boxes(text, replace(rule, condition=without).effective, rule)
    asked = (rule.condition, part)
    if rule.effect == "forbid":
        return widest(text, narrower, lambda banned: text.permitted & banned, asked, budget)
    others = text.of(r for r in text.permissions if key(r) != key(rule))
    return widest(
        text,
        narrower,
        lambda permitted: text.permitted & ~(union(others) | permitted),
        asked,
        budget,
    )


def _boxes(text: CompiledText, condition: Condition, rule: Rule) -> tuple[Masks, ...]:
    return lower(condition, text.text.vocabulary, rule.at)


def widest(
    text: CompiledText,
    boxes: Sequence[Masks],
    region: Callable[[Region], Region],
    asked: Sequence[Condition],
    budget: Budget,
) -> Box | None:
    """The first maximal box of a region made of `boxes`, which are no terms of the text; None when it is empty."""
    index = text.index.with_terms(boxes)
    wanted = region(union(index.union(boxes)))
    vocabulary = text.text.vocabulary
    axes = sorted({vocabulary.position[t.axis] for c in asked for t in tests(c)})
    box = first_box(index, wanted, axes, budget)
    if box is None:
        return None
    by = text.labels(text.holding(text.permissions, box.box))
    return described(box, axes, vocabulary, permitted_by=by)


CHECKS = (
    Check.on_text(covering_exceptions, COVERS),
    Check.on_text(exceptions_beyond, BEYOND),
    Check.on_text(hidden_exemptions, HIDDEN),
)
