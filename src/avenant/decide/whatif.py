"""What would settle an undetermined use: each answer that does it alone, and one set of answers that permits it.

constraint=unconstrained                       refused by §6 monitoring
intent=deliberate                              refused by §8 surveillance
constraint=constrained intent=incidental       permitted by §2 all-lawful

Categories that no rule tells apart are one answer, the first of them: an axis of a hundred is asked about as few times
as the rules make kinds of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.decide.decider import Decider
from avenant.decide.facts import combinations, effective_values
from avenant.decide.types import Decision, Fact, Outcome, Standing
from avenant.region import Exhausted, find, leaves
from avenant.vocabulary.types import ANY

MOST = 12  # answers shown: beyond that a reader wants to be asked less


class Settled(Struct, frozen=True):
    """Answers to missing axes, and the decision that they would lead to."""

    answers: Mapping[str, str]
    decision: Decision
    others: int = 0  # how many more categories of the one axis answered do the same


def what_if(decider: Decider, decision: Decision) -> tuple[Settled, ...]:
    """The answers that would settle an undetermined decision; empty for any other."""
    # An answer is one more fact: it sets no suspicion aside.
    open_axes = tuple(m.axis for m in decision.missing if not m.suspected)
    if decision.outcome is not Outcome.UNDETERMINED or not open_axes:
        return ()
    found: list[Settled] = []
    for axis in open_axes:
        for settled in _alone(decider, decision, axis):
            if settled.decision.outcome is not Outcome.UNDETERMINED and len(found) < MOST:
                found.append(settled)
    if not any(s.decision.outcome is Outcome.PERMITTED for s in found):
        found.extend(_permitting(decider, decision, open_axes))
    return tuple(found)


def _alone(decider: Decider, decision: Decision, axis: str) -> Iterator[Settled]:
    """One answer for each kind of category on the axis; what stays undetermined is asked kind by kind of its own."""
    vocabulary = decider.text.vocabulary
    columns = decider.index.columns[vocabulary.position[axis]]
    alike: dict[frozenset[int], list[str]] = {}
    pending = list(vocabulary.children(axis, ANY))
    while pending:
        category = pending.pop(0)
        leaves_of = leaves(vocabulary.mask(axis, category.id))
        terms = frozenset(columns[leaf.bit_length() - 1] for leaf in leaves_of)
        alike.setdefault(terms, []).append(category.id)
        if len(terms) > 1:
            pending.extend(vocabulary.children(axis, category.id))
    for first, *others in alike.values():
        settled = _with(decider, decision.facts, {axis: first})
        yield replace(settled, others=len(others))


def _permitting(
    decider: Decider, decision: Decision, open_axes: Sequence[str]
) -> Iterator[Settled]:
    """The first complete answer, in vocabulary order, under which the use would be permitted."""
    vocabulary = decider.text.vocabulary
    boxes = combinations(effective_values(decision.facts, vocabulary), vocabulary) or []
    for box in boxes[:MOST]:
        try:
            point = find(decider.index, decider.permitted, box, decider.budget())
        except Exhausted:
            return
        if point is None:
            continue
        answers = {
            axis: vocabulary.leaves(axis)[point[vocabulary.position[axis]].bit_length() - 1]
            for axis in open_axes
        }
        settled = _with(decider, decision.facts, answers)
        if settled.decision.outcome is Outcome.PERMITTED:
            yield settled
            return


def _with(decider: Decider, facts: Sequence[Fact], answers: Mapping[str, str]) -> Settled:
    more = (Fact(a, c, "supposed", Standing.ESTABLISHED) for a, c in answers.items())
    return Settled(answers, decider.decide((*facts, *more)))
