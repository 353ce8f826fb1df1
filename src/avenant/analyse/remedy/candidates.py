"""The prohibitions that would close a loophole; in which order they are taken, `measure` says.

- *principle*: the principle's own forbid as a clause. It refuses what the principle rules out, and nothing else;
- *widened*: a prohibition of the text that speaks of the principle's subject, each of its tests widened no further than
  it takes to hold on all of the loophole: to the nearest category above that holds it, else dropped; an exception that
  the loophole uses, dropped too. The obvious change, to drop the one test that the loophole gets past, is seldom
  enough: past `monitor` lies all that is incidental as well;
- *part*: the principle's forbid in the loophole's own foreground alone.

A prohibition is widened only where required uses are stated: nothing else shows what a wider one loses.

    forbid monitor && surveillance && us-persons && deliberate
    a loophole of queries, in bulk     ->  surveillance && us-persons: operation and intent are dropped
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Literal, get_args

from msgspec import Struct

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.analyse.checks.passes import without_exceptions
from avenant.errors import InputError, Span
from avenant.findings.types import Box
from avenant.region import Box as Masks
from avenant.region import Budget, Index, covers, meet
from avenant.rules.canonical import canonical
from avenant.rules.lower import lower
from avenant.rules.types import And, Condition, In, Not, Or, Rule, tests
from avenant.vocabulary.space import space_of
from avenant.vocabulary.types import ANY, Vocabulary

Kind = Literal["principle", "widened", "part"]
KINDS: tuple[Kind, ...] = get_args(Kind)

TRUE, FALSE = And(()), Or(())


class Step(Struct, frozen=True):
    """One change to a ban: a test that gives way to a category above it, or to nothing, as an exception does."""

    test: In
    above: In | None
    exception: bool = False


class Ban(Struct, frozen=True):
    """A forbid that the text does not have yet. `model` is the clause that it widens, or the principle."""

    kind: Kind
    condition: Condition
    terms: tuple[Masks, ...]  # where it holds
    model: Clause
    steps: tuple[Step, ...] = ()


def bans(
    text: CompiledText, principle: Clause, forbid: Rule, loophole: Box, *, widening: bool
) -> Iterator[Ban]:
    """The candidates for one loophole of a principle's forbid, by their kind and in the order of the text."""
    vocabulary = text.text.vocabulary
    whole = lower(forbid.condition, vocabulary, forbid.at)
    yield Ban("principle", forbid.condition, whole, principle)
    if widening:
        for ban in widened(text, _speaking(text, forbid, whole), loophole):
            if set(ban.terms) != set(whole):  # else the principle says it better
                yield ban
    front = masks(vocabulary, loophole, loophole.foreground)
    narrower = {
        axis.id: front[i]
        for i, axis in enumerate(vocabulary.axes)
        if any(term[i] & ~front[i] for term in whole)
    }
    if narrower:
        tested = [of_mask(vocabulary, axis, mask) for axis, mask in narrower.items()]
        parts = [p for p in _parts(forbid.condition) if not _idle(p, narrower, vocabulary)]
        yield from _candidate("part", And((*parts, *tested)), vocabulary, principle)


def _speaking(text: CompiledText, forbid: Rule, whole: Sequence[Masks]) -> frozenset[str]:
    """The ids of the prohibitions that share an axis with a principle's forbid and, exceptions apart, meet it."""
    axes = {test.axis for test in forbid.tests()}
    return frozenset(
        rule.id
        for rule in text.prohibitions
        if axes & {test.axis for test in rule.tests()}
        and any(
            meet(term, box)
            for term in lower(without_exceptions(rule.condition), text.text.vocabulary, rule.at)
            for box in whole
        )
    )


def masks(vocabulary: Vocabulary, box: Box, axes: Sequence[str] | None = None) -> Masks:
    """A box of a finding as masks; `axes`: narrowed on these alone."""
    return tuple(
        _mask(vocabulary, axis.id, box.leaves[axis.id])
        if axis.id in box.leaves and (axes is None or axis.id in axes)
        else full
        for axis, full in zip(vocabulary.axes, vocabulary.full, strict=True)
    )


def of_mask(vocabulary: Vocabulary, axis: str, mask: int, id: str = ANY) -> Condition:
    """The part of a set of leaves below `id` as tests, exactly: categories in it, or one less those that are not."""
    whole = vocabulary.mask(axis, id)
    if not whole & mask:
        return FALSE
    this = TRUE if id == ANY else _test(axis, id)
    if whole & ~mask == 0:
        return this
    below = vocabulary.children(axis, id)
    listed = sum(vocabulary.mask(axis, c.id) for c in below)
    if whole & mask & ~listed:
        # Rules cannot name the leaf `.other`: it is the category less what stands below it.
        taken = Or(tuple(of_mask(vocabulary, axis, ~mask, c.id) for c in below))
        return simple(And((this, Not(taken))))
    return simple(Or(tuple(of_mask(vocabulary, axis, mask, c.id) for c in below)))


def simple(condition: Condition) -> Condition:
    """The condition without parts that always or never hold, and without a product in a product or a sum in a sum."""
    match condition:
        case In():
            return condition
        case Not(operand):
            inner = simple(operand)
            if inner in (TRUE, FALSE):
                return FALSE if inner == TRUE else TRUE
            return inner.operand if isinstance(inner, Not) else Not(inner)
        case And(operands) | Or(operands):
            kind = type(condition)
            ends, idle = (FALSE, TRUE) if kind is And else (TRUE, FALSE)
            parts: list[Condition] = []
            for part in map(simple, operands):
                parts += part.operands if isinstance(part, kind) else (part,)
            kept = tuple(dict.fromkeys(p for p in parts if p != idle))
            if ends in kept:
                return ends
            return kept[0] if len(kept) == 1 else kind(kept)


def widened(text: CompiledText, rules: Collection[str], box: Box) -> Iterator[Ban]:
    """Each of these prohibitions, by rule id, made to hold on all of a box; in the order of the text."""
    vocabulary = text.text.vocabulary
    uses = masks(vocabulary, box)
    clauses = {c.id: c for c in text.text.clauses}
    for rule in text.prohibitions:
        if rule.id in rules:
            condition, steps = _fitted(rule.condition, True, uses, vocabulary)
            yield from _candidate("widened", condition, vocabulary, clauses[rule.clause], steps)


def _candidate(
    kind: Kind,
    condition: Condition,
    vocabulary: Vocabulary,
    model: Clause,
    steps: tuple[Step, ...] = (),
) -> Iterator[Ban]:
    """The ban, unless it would test nothing, or be more than a rule may be."""
    condition = canonical(simple(condition), vocabulary)
    with suppress(InputError):
        terms = lower(condition, vocabulary)
        if any(tests(condition)):
            yield Ban(kind, condition, terms, model, steps)


def _fitted(
    condition: Condition, holds: bool, box: Masks, vocabulary: Vocabulary
) -> tuple[Condition, tuple[Step, ...]]:
    """The condition changed as little as it takes to hold on all of the box; with `holds` False, nowhere in it."""
    match condition:
        case In(axis, category):
            mine = box[vocabulary.position[axis]]
            if holds:
                for id in vocabulary.above(axis, category):
                    if mine & ~vocabulary.mask(axis, id) == 0:
                        if id == category:
                            return condition, ()
                        above = _test(axis, id)
                        return above, (Step(condition, above),)
                return TRUE, (Step(condition, None),)
            if mine & vocabulary.mask(axis, category) == 0:
                return condition, ()
            return FALSE, (Step(condition, None, exception=True),)
        case Not(operand):
            inner, steps = _fitted(operand, not holds, box, vocabulary)
            return Not(inner), steps
        case And(operands) | Or(operands):
            fitted = [_fitted(o, holds, box, vocabulary) for o in operands]
            if isinstance(condition, And) == holds:
                parts = tuple(part for part, _ in fitted)
                return type(condition)(parts), tuple(s for _, steps in fitted for s in steps)
            if _settled(condition, holds, box, vocabulary):
                return condition, ()
            # One part is enough: that which changes least, the first of several.
            least = min(range(len(fitted)), key=lambda i: len(fitted[i][1]))
            part, least_steps = fitted[least]
            parts = (*operands[:least], part, *operands[least + 1 :])
            return type(condition)(parts), least_steps


def _settled(condition: Condition, holds: bool, box: Masks, vocabulary: Vocabulary) -> bool:
    """Whether a condition holds on all of a box already, or nowhere in it."""
    terms = lower(condition, vocabulary)
    if not holds:
        return not any(meet(term, box) for term in terms)
    index = Index(space_of(vocabulary), terms)
    return covers(index, index.all, box, Budget())


def _idle(part: Condition, narrower: Mapping[str, int], vocabulary: Vocabulary) -> bool:
    """Whether a test says nothing beside a narrower one on its axis."""
    if not isinstance(part, In) or part.axis not in narrower:
        return False
    return narrower[part.axis] & ~vocabulary.mask(part.axis, part.category) == 0


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.operands if isinstance(condition, And) else (condition,)


def _test(axis: str, category: str) -> In:
    return In(axis, category, Span("", 0))  # written nowhere yet


def _mask(vocabulary: Vocabulary, axis: str, leaves: Sequence[str]) -> int:
    return sum(vocabulary.mask(axis, leaf) for leaf in leaves)
