"""The judgement on a call's values: the outcome over all combinations, what it rests on, and what would change it.

Outcomes are those of §3 and §4: a call gets the worst of its combinations, and the hull of its values settles most.
What is cited, over the combinations with the outcome:

| outcome      | cited                                                                                              |
|--------------|----------------------------------------------------------------------------------------------------|
| permitted    | the permits that certainly hold; if the text without these permits all the same, also the possible |
| refused      | if no permit possibly holds, nothing: the nearest permits, and what also forbids; else the forbids |
|              | that certainly hold; if the text without these refuses all the same, also the possible ones        |
| undetermined | the rules that possibly hold and test a missing axis                                               |

So the text without what is cited for a refusal permits some point of a combination that was refused.

    judge(compiled, mixture).outcome
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import reduce
from operator import or_

from msgspec import Struct, structs

from avenant.decide.prepared import Bound, PreparedText
from avenant.decide.types import Cited, Outcome, Past, Remedy
from avenant.region import (
    Box,
    Budget,
    Exhausted,
    Mixture,
    Verdict,
    bounds_of,
    coarsest,
    covers,
    find,
    holding,
    judged,
    leaves,
    missing,
    parts,
    permitted,
)
from avenant.rules.types import Truth

TOO_HARD = "too-hard"


class Judgement(Struct, frozen=True):
    """What a text says of a mixture of values, whoever stated them. Fields are those of a Decision."""

    outcome: Outcome
    cited: tuple[Cited, ...] = ()
    also: tuple[Cited, ...] = ()
    nearest: tuple[Cited, ...] = ()
    missing: tuple[str, ...] = ()
    perhaps_others: bool = False
    against: tuple[str, ...] = ()
    past: tuple[Past, ...] = ()
    remedy: Remedy | None = None
    otherwise: tuple[str, ...] = ()
    reason: str | None = None


class Refusal(Struct, frozen=True):
    """Why a mixture is refused: by `forbids`, of which `sure` certainly hold; or `silent`, as no permit can hold.

    `parts` are combinations that are refused.
    """

    forbids: tuple[Bound, ...]
    sure: tuple[Bound, ...]
    silent: bool
    parts: tuple[Mixture, ...]


def judge(text: PreparedText, mixture: Mixture) -> Judgement:
    """Return the judgement, within one budget of steps: where it ends before the outcome is known, UNDETERMINED."""
    budget = text.budget()
    try:
        verdict, part = worst(text, text.permits, text.forbids, mixture, budget)
    except Exhausted:
        return Judgement(Outcome.UNDETERMINED, reason=TOO_HARD)
    match verdict:
        case Verdict.REFUSED:
            return _refused(text, mixture, part, budget)
        case Verdict.PERMITTED:
            return _permitted(text, mixture, budget)
    axes, whole = missing(text.index, text.permits, text.forbids, mixture, budget)
    cited = open_rules(text, mixture, axes, budget)
    names = tuple(text.text.vocabulary.axes[axis].id for axis in axes)
    return Judgement(Outcome.UNDETERMINED, cited, missing=names, perhaps_others=not whole)


def worst(
    text: PreparedText, permits: int, forbids: int, mixture: Mixture, budget: Budget
) -> tuple[Verdict, Mixture]:
    """Return the worst verdict, refused before undetermined before permitted, and combinations that have it if refused.

    Raises Exhausted.
    """
    index = text.index
    alone = mixture.single
    if not alone and (sure := bounds_of(index, mixture)[1] & forbids):
        part = holding(mixture, index.terms[sure.bit_length() - 1], certainly=True)
        assert part is not None  # it certainly holds on some combination
        return Verdict.REFUSED, part
    found = judged(index, permits, forbids, mixture.hull, budget)
    if found is Verdict.UNDETERMINED and not alone:
        refused = parts(index, permits, forbids, mixture, Verdict.REFUSED, budget)
        if (part := next(refused, None)) is not None:
            return Verdict.REFUSED, part
    return found, mixture


# -- permitted


def _permitted(text: PreparedText, mixture: Mixture, budget: Budget) -> Judgement:
    bounds = bounds_of(text.index, mixture)
    return Judgement(
        Outcome.PERMITTED,
        _permitting(text, mixture, budget),
        against=tuple(
            label
            for label, forbids in text.principles
            if any(_somewhere(text, terms, mixture, bounds, budget) for terms in forbids)
        ),
        past=tuple(
            Past(rule.clause, rule.id, admission)
            for rule, admission, terms in text.passed
            if bounds[0] & terms
        ),
    )


def _permitting(text: PreparedText, mixture: Mixture, budget: Budget) -> tuple[Cited, ...]:
    """The permits that certainly hold; if the others cover the mixture all the same, those that possibly hold too."""
    bounds = possible, _ = bounds_of(text.index, mixture)
    permits = text.having(text.permits & possible, "permit")
    sure = [b for b in permits if _somewhere(text, b.terms, mixture, bounds, budget)]
    others = text.without(sure, "permit") & possible
    with suppress(Exhausted):
        if sure and not (others and covers(text.index, others, mixture.hull, budget)):
            permits = sure
    return _cited(permits, sure)


def _somewhere(
    text: PreparedText, terms: int, mixture: Mixture, bounds: tuple[int, int], budget: Budget
) -> bool:
    """Whether a union of terms certainly holds on some combination: one term does, or several do together."""
    possible, certain = bounds
    if certain & terms:
        return True
    held = terms & possible
    if not held & (held - 1):
        return False
    with suppress(Exhausted):
        return any(parts(text.index, held, 0, mixture, Verdict.PERMITTED, budget))
    return False


# -- refused


def _refused(text: PreparedText, mixture: Mixture, part: Mixture, budget: Budget) -> Judgement:
    refusal = why_refused(text, text.permits, (), mixture, part, budget)
    forbids = _cited(refusal.forbids, refusal.sure)
    remedy = _remedy(text, refusal, mixture, budget)
    if refusal.silent:
        nearest = _nearest(text, refusal.parts)
        return Judgement(Outcome.REFUSED, also=forbids, nearest=nearest, remedy=remedy)
    otherwise: tuple[str, ...] = ()
    with suppress(Exhausted):
        if covers(text.index, text.permits, mixture.hull, budget):
            permits = _permitting(text, mixture, budget)
            otherwise = tuple(dict.fromkeys(c.label for c in permits))
    return Judgement(Outcome.REFUSED, forbids, remedy=remedy, otherwise=otherwise)


def why_refused(
    text: PreparedText,
    permits: int,
    gone: Sequence[Bound],
    mixture: Mixture,
    part: Mixture,
    budget: Budget,
) -> Refusal:
    """Return what refuses a mixture of which `part` is refused, when the forbids `gone` are taken out of the text.

    Never raises Exhausted: without steps, the forbids that may hold on the combinations seen are named.
    """
    index = text.index
    bounds = possible, certain = bounds_of(index, mixture)
    forbids = text.without(gone, "forbid")
    lifted = {b.place for b in gone}
    active = [b for b in text.having(forbids & possible, "forbid") if b.place not in lifted]
    sure = tuple(b for b in active if _somewhere(text, b.terms, mixture, bounds, budget))
    opened = permitted(permits, text.without([*gone, *sure], "forbid"))

    def opens(part: Mixture) -> bool:
        """Whether the text without `sure` permits a point of it."""
        with suppress(Exhausted):
            return find(index, opened, part.hull, budget) is not None
        return False

    # Where one term of a forbid certainly holds, all combinations are refused: most often this is enough.
    if not mixture.single:
        for bit in leaves(certain & forbids):
            surely = holding(mixture, index.terms[bit.bit_length() - 1], certainly=True)
            if surely and opens(surely):
                return Refusal(sure, sure, False, (surely,))
    every = _refused_parts(text, permits, forbids, mixture, budget) or (part,)
    held = [index.possibly(part.hull) for part in every]
    if not any(permits & terms for terms in held):
        return Refusal(sure, sure, True, every)
    if sure and any(map(opens, every)):
        return Refusal(sure, sure, False, every)
    somewhere = reduce(or_, held)
    return Refusal(tuple(b for b in active if b.terms & somewhere), sure, False, every)


def _refused_parts(
    text: PreparedText, permits: int, forbids: int, mixture: Mixture, budget: Budget
) -> tuple[Mixture, ...]:
    """The combinations that are refused: all, or those found before the budget ended."""
    found: list[Mixture] = []
    if not mixture.single:
        with suppress(Exhausted):
            for part in parts(text.index, permits, forbids, mixture, Verdict.REFUSED, budget):
                found.append(part)  # noqa: PERF402  those found before the budget ends are kept
    return tuple(found)


def _remedy(
    text: PreparedText, refusal: Refusal, mixture: Mixture, budget: Budget
) -> Remedy | None:
    """All that must change, cause by cause, until the call would not be refused; None where that is not proved."""
    gone: list[Bound] = []
    permission = False
    try:
        while refusal.silent or refusal.forbids:
            permission = permission or refusal.silent
            gone += () if refusal.silent else refusal.forbids
            permits = text.everything if permission else text.permits
            forbids = text.without(gone, "forbid")
            verdict, part = worst(text, permits, forbids, mixture, budget)
            if verdict is not Verdict.REFUSED:
                break
            refusal = why_refused(text, permits, gone, mixture, part, budget)
        else:
            return None
    except Exhausted:
        return None
    gone.sort(key=lambda bound: bound.place)
    labels = tuple(dict.fromkeys(b.citation(Truth.TRUE).label for b in gone))
    bodies = () if permission or len(gone) != 1 else _bodies(text, gone[0], mixture)
    return Remedy(labels, permission, bodies)


def _bodies(text: PreparedText, forbid: Bound, mixture: Mixture) -> tuple[str, ...]:
    """The bodies that an admission past a forbid would name; none where it is not about bodies alone, or a red line."""
    vocabulary = text.text.vocabulary
    clause = text.text.clause(forbid.rule.clause)
    principal = next(i for i, axis in enumerate(vocabulary.axes) if axis.role == "principal")
    if forbid.axes != 1 << principal or clause is None or clause.red_line:
        return ()
    axis = vocabulary.axes[principal].id
    masks = {c.id: vocabulary.mask(axis, c.id) for c in vocabulary.categories if c.axis == axis}
    bodies: list[str] = []
    for bit in leaves(forbid.terms):
        term = text.index.terms[bit.bit_length() - 1][principal]
        for value in mixture[principal]:
            if value & term:
                named = next((id for id, mask in masks.items() if mask == value), None)
                if named is None:
                    return ()
                bodies.append(named)
    return tuple(dict.fromkeys(bodies))


def _nearest(text: PreparedText, refused: Sequence[Mixture]) -> tuple[Cited, ...]:
    """The permits that the fewest axes keep from holding on refused combinations, with these axes, in text order."""
    closest: dict[int, tuple[int, ...]] = {}  # terms, and the axes
    fewest = len(text.index.axes) + 1
    for part in refused:
        box = part.hull
        for bit in leaves(_kept(text, text.permits, box)):
            axes = _apart(text.index.terms[bit.bit_length() - 1], box)
            if len(axes) < fewest:
                fewest, closest = len(axes), {}
            if len(axes) == fewest:
                closest.setdefault(bit, axes)
    names = [axis.id for axis in text.text.vocabulary.axes]
    found: list[Cited] = []
    for bound in text.having(reduce(or_, closest, 0), "permit"):
        axes = next(axes for bit, axes in closest.items() if bit & bound.terms)
        kept_by = tuple(names[axis] for axis in axes)
        found.append(structs.replace(bound.citation(Truth.FALSE), kept_by=kept_by))
    return tuple(found)


def _kept(text: PreparedText, terms: int, box: Box) -> int:
    """Those of the terms that the fewest axes of the box keep from holding."""
    apart = [terms]  # at i: the terms that at least i axes keep
    for axis, row in text.index.rows:
        away = ~(row[box[axis]] >> len(text.index.terms))
        apart = [terms, *(a & away | b for a, b in zip(apart, [*apart[1:], 0], strict=True))]
    return next((a & ~b for a, b in zip(apart, [*apart[1:], 0], strict=True) if a & ~b), 0)


def _apart(term: Box, box: Box) -> tuple[int, ...]:
    return tuple(i for i, (a, b) in enumerate(zip(term, box, strict=True)) if not a & b)


# -- undetermined


def open_rules(
    text: PreparedText, mixture: Mixture, axes: Iterable[int], budget: Budget
) -> tuple[Cited, ...]:
    """Return the rules that possibly hold on a combination that is not permitted, and test one of the axes."""
    tested = reduce(or_, (1 << axis for axis in axes), 0)
    bounds = possible, certain = bounds_of(text.index, mixture)
    alone = mixture.single
    cited: list[Cited] = []
    # Where one combination contains all others, what possibly holds does so on it.
    whole = coarsest(mixture).single
    for bound in text.bound:
        held = bound.terms & possible
        if not (held and bound.axes & tested):
            continue
        if bound.rule.effect == "permit" and not alone and (held & certain or not whole):
            truth = _truth_of_permit(text, held, mixture, budget)
            truth = max(truth, Truth.UNKNOWN) if whole else truth
        elif certain & held or (
            held & (held - 1) and _somewhere(text, held, mixture, bounds, budget)
        ):
            truth = Truth.TRUE
        else:
            truth = Truth.UNKNOWN
        if truth is not Truth.FALSE:
            cited.append(bound.citation(truth))
    return tuple(cited)


def _truth_of_permit(text: PreparedText, terms: int, mixture: Mixture, budget: Budget) -> Truth:
    """How far a permit holds on the combinations that are not permitted: FALSE where it holds on no such one."""
    best = Truth.FALSE
    for bit in leaves(terms):
        for certainly, truth in ((True, Truth.TRUE), (False, Truth.UNKNOWN)):
            part = holding(mixture, text.index.terms[bit.bit_length() - 1], certainly=certainly)
            if truth > best and part is not None and not _all_permitted(text, part, budget):
                best = truth
    return best


def _all_permitted(text: PreparedText, mixture: Mixture, budget: Budget) -> bool:
    if bounds_of(text.index, mixture)[0] & text.forbids:
        return False
    with suppress(Exhausted):
        return (
            judged(text.index, text.permits, text.forbids, mixture.hull, budget)
            is Verdict.PERMITTED
        )
    return False


def _cited(bound: Iterable[Bound], sure: Collection[Bound]) -> tuple[Cited, ...]:
    certain = {b.rule.id for b in sure}
    return tuple(b.citation(Truth.TRUE if b.rule.id in certain else Truth.UNKNOWN) for b in bound)
