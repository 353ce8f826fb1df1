"""What changes from one text to another: boxes each way, over their joint vocabulary, and never a score.

- *newly refused* is searched in what the one permits and the other does not, and grown in all that the other does not
  permit; of each box it is then said what the one permitted, leaf by leaf of each axis: what nobody was ever permitted
  is no news. *Newly permitted* is what the other permits and the one does not;
- the foreground is the axes of the changed clauses: those whose rules hold elsewhere than before, be it that a
  category moved or a band was cut elsewhere and no letter of the clause is different;
- the order follows from which of the two is empty.

    compare(before, after).order        # stricter, equal, looser, incomparable
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.beside import beside
from avenant.analyse.boxes import said
from avenant.analyse.loopholes import LIMIT, Named, loopholes, named
from avenant.analyse.lowered import Lowered, key, lower_texts
from avenant.analyse.types import Answer, Comparison, Order, Principle
from avenant.region import (
    EVERYTHING,
    Box,
    Boxes,
    Budget,
    Exhausted,
    Region,
    find,
    leaves,
    maximal_boxes,
    union,
)
from avenant.region.space import on
from avenant.rules.types import Rule, tests
from avenant.vocabulary.joint import Joint, joined
from avenant.vocabulary.space import space_of

STEPS = 500_000  # of the search, for one question


def compare(
    before: InForce,
    after: InForce,
    principles: Sequence[tuple[str, Clause]] = (),
    *,
    steps: int | None = STEPS,
    stop: Callable[[], bool] | None = None,
) -> Comparison:
    """From text `before` to text `after`; principles (statement id, clause) are read against `after`."""

    def budget() -> Budget:
        return Budget(steps, stop)

    asked = named(after, principles)
    both = _Both.of(before, after, [clause for _, clause in asked])
    going, coming = budget(), budget()
    refused = both.boxes(both.gone, ~both.new.permitted, going)
    permitted = both.boxes(both.come, both.come, coming)
    return Comparison(
        before.id,
        after.id,
        _order(refused, permitted),
        both.answer(refused, both.gone, going, permitting=both.old, refusing=both.new),
        both.answer(permitted, both.come, coming, permitting=both.new, refusing=both.old),
        beside(before, after),
        tuple(_still_open(both, asked, budget)),
    )


def order(before: InForce, after: InForce, budget: Budget) -> Order:
    """How `after` stands to `before`, without the boxes: two searches for one point each."""
    return _Both.of(before, after, ()).order(EVERYTHING, budget)


_ORDER = {
    (False, False): Order.EQUAL,
    (True, False): Order.STRICTER,
    (False, True): Order.LOOSER,
    (True, True): Order.INCOMPARABLE,
}


def _order(refused: Boxes, permitted: Boxes) -> Order:
    """One box is enough to say that a side is not empty; only a finished search says that it is."""
    if not all(side.boxes or side.complete for side in (refused, permitted)):
        return Order.UNFINISHED
    return _ORDER[bool(refused.boxes), bool(permitted.boxes)]


@dataclass(frozen=True, slots=True)
class _Both:
    """Two texts over one index of their joint vocabulary."""

    old: Lowered
    new: Lowered
    joint: Joint
    gone: Region  # permitted before and not after
    come: Region  # permitted after and not before

    @classmethod
    def of(cls, before: InForce, after: InForce, principles: Sequence[Clause]) -> _Both:
        joint = joined(before.vocabulary, after.vocabulary)
        old, new = lower_texts(
            space_of(joint), (before, joint.left, ()), (after, joint.right, principles)
        )
        was, now = old.permitted, new.permitted
        return cls(old, new, joint, was & ~now, now & ~was)

    def boxes(self, region: Region, inside: Region, budget: Budget) -> Boxes:
        return maximal_boxes(self.old.index, region, inside, self.foreground(), budget, LIMIT)

    def order(self, part: Region, budget: Budget) -> Order:
        """How the new text stands to the old one on a part of all uses."""
        index = self.old.index
        try:
            gone, come = (
                find(index, region & part, index.space.full, budget) is not None
                for region in (self.gone, self.come)
            )
        except Exhausted:
            return Order.UNFINISHED
        return _ORDER[gone, come]

    def foreground(self) -> tuple[int, ...]:
        """The axes of the clauses that changed; where those test nothing, all that any clause tests."""
        axes: set[str] = set()
        ids = dict.fromkeys(c.id for text in (self.old, self.new) for c in text.text.clauses)
        for id in ids:
            one, other = self.old.text.clause(id), self.new.text.clause(id)
            if _held(self.old, one) != _held(self.new, other):
                rules = (*_rules(one), *_rules(other))
                axes |= {test.axis for rule in rules for test in tests(rule.effective)}
        return tuple(sorted(self.joint.position[a] for a in axes)) or self.old.index.axes

    def answer(
        self,
        found: Boxes,
        region: Region,
        budget: Budget,
        *,
        permitting: Lowered,
        refusing: Lowered,
    ) -> Answer:
        """The boxes in words, each as narrow as the part of the region in it."""
        foreground = self.foreground()
        permits = [r for r in permitting.text.rules if r.effect == "permit"]
        complete = found.complete
        shown = []
        for maximal in found.boxes:
            box, witness = maximal.box, maximal.witness
            try:
                box = self._news(box, region, budget)
            except Exhausted:
                complete = False  # as wide as it was grown, which is true too, but not all that there is to say
            by = permitting.holding(permits, witness)
            against = refusing.holding(refusing.bans, box)
            shown.append(said(box, witness, foreground, self.joint, (), by, against))
        return Answer(tuple(shown), complete, budget.spent)

    def _news(self, box: Box, region: Region, budget: Budget) -> Box:
        """The box less the leaves at which nothing of the region lies."""
        for axis in self.old.index.axes:
            at = [
                leaf
                for leaf in leaves(box[axis])
                if find(self.old.index, region, on(box, axis, leaf), budget) is not None
            ]
            box = on(box, axis, sum(at))
        return box


def _rules(clause: Clause | None) -> tuple[Rule, ...]:
    return clause.rules if clause is not None and clause.kind != "principle" else ()


def _held(text: Lowered, clause: Clause | None) -> list[tuple[str, int]]:
    return [(rule.effect, text.terms[key(rule)]) for rule in _rules(clause)]


def _still_open(
    both: _Both, asked: Sequence[Named], budget: Callable[[], Budget]
) -> Iterator[Principle]:
    """The principles, with the ways through each text as `check` counts them."""
    before = {name: clause for name, clause in asked if _sayable(clause, both.old.text)}
    before |= dict(named(both.old.text, ()))
    now, then = _alone(both.new.text, asked), _alone(both.old.text, tuple(before.items()))
    for name, principle in asked:
        was: int | None = None
        if name in before:
            ways = loopholes(then, before[name], name, budget()).principle
            was = ways.ways if ways.complete else None
        yield replace(
            loopholes(now, principle, name, budget()).principle,
            was=was,
            order=both.order(union(both.new.of(principle.rules)), budget()),
        )


def _sayable(clause: Clause, text: InForce) -> bool:
    """Whether a text's vocabulary knows all that a clause tests."""
    return all(
        text.vocabulary.known(test.axis, test.category)
        for rule in clause.rules
        for test in rule.tests()
    )


def _alone(text: InForce, asked: Sequence[Named]) -> Lowered:
    (lowered,) = lower_texts(
        space_of(text.vocabulary), (text, text.vocabulary, [clause for _, clause in asked])
    )
    return lowered
