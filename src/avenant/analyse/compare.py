"""What changes from one text to another: boxes each way, over their joint vocabulary, and never a score.

- *newly refused* is searched in what the one permits and the other does not, and grown in all that the other does not
  permit; of each box it is then said what the one permitted, leaf by leaf of each axis: what nobody was ever permitted
  is no news. *Newly permitted* is what the other permits and the one does not;
- the foreground is the axes of the changed clauses: those whose rules hold elsewhere than before, be it that a
  category moved or a band was cut elsewhere and no letter of the clause is different;
- the order follows from which of the two is empty;
- beside it stand the words that changed, clause by clause, each with what it does, and the instruments in between that
  are not what they call themselves.

    compare(before, after).order        # stricter, equal, looser, incomparable
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace as dataclass_replace

from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.beside import beside
from avenant.analyse.bodies import counterparts
from avenant.analyse.both import ORDER, Both
from avenant.analyse.boxes import said
from avenant.analyse.changes import changes
from avenant.analyse.loopholes import LIMIT, Named, loopholes, named
from avenant.analyse.lowered import Lowered, lower_texts
from avenant.analyse.naming import Act, found_otherwise, states_widening
from avenant.analyse.told import Progress, Told
from avenant.analyse.types import Answer, Comparison, Finding, Order, Principle, TextChange
from avenant.messages import say
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
from avenant.vocabulary.space import space_of

STEPS = 500_000  # of the search, for one question
WIDER = (Order.LOOSER, Order.INCOMPARABLE)


def compare(
    before: InForce,
    after: InForce,
    principles: Sequence[tuple[str, Clause]] = (),
    *,
    acts: Sequence[Act] = (),
    stated: Sequence[tuple[str, str]] = (),
    inside: bool = False,
    steps: int | None = STEPS,
    stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """From text `before` to text `after`; principles (statement id, clause) are read against `after`.

    `acts` are the instruments that lead from the one to the other, each held against what it says of itself. `stated`
    says of organisations of the text after which they are in the text before, beside what the text after states.
    `inside` asks for all of them, and not for the ways through principles. Raises InputError where a body is not
    known, or not stated.
    """

    def budget() -> Budget:
        return Budget(steps, stop)

    bodies, shown = counterparts(before, after, stated, inside=inside)
    asked = named(after, principles)
    both = Both.of(before, after, [clause for _, clause in asked], bodies)
    going, coming = budget(), budget()
    told = Told(say("compare.going"), progress)
    gone = _boxes(both, both.gone, ~both.new.permitted, going, told)
    gone = _narrowed(both, both.gone, gone, going)
    told = Told(say("compare.coming"), progress)
    come = _narrowed(both, both.come, _boxes(both, both.come, both.come, coming, told), coming)
    order, changed = _order(gone, come), changes(both, gone, come, budget())
    # What a single instrument does is what is compared.
    done = [(act, *((order, changed) if len(acts) == 1 else _done(act, budget))) for act in acts]
    return Comparison(
        before.id,
        after.id,
        order,
        _answer(both, gone, going, permitting=both.old, refusing=both.new),
        _answer(both, come, coming, permitting=both.new, refusing=both.old),
        beside(before, after),
        () if inside else tuple(_still_open(both, asked, budget, progress)),
        changed,
        tuple(finding for act in done for finding in _otherwise(*act)),
        shown,
        bool(acts) and all(states_widening(act) for act, order, _ in done if order in WIDER),
    )


def _done(act: Act, budget: Callable[[], Budget]) -> tuple[Order, tuple[TextChange, ...]]:
    """What one instrument of several does."""
    both = Both.of(act.before, act.after)
    nothing = Boxes((), True, 0)
    return both.order(EVERYTHING, budget()), changes(both, nothing, nothing, budget())


def _otherwise(act: Act, order: Order, changed: Sequence[TextChange]) -> Iterator[Finding]:
    effects = {change.clause: change.effect for change in changed}
    return found_otherwise(act, order, effects, beside(act.before, act.after))


def _order(refused: Boxes, permitted: Boxes) -> Order:
    """One box is enough to say that a side is not empty; only a finished search says that it is."""
    if not all(side.boxes or side.complete for side in (refused, permitted)):
        return Order.UNFINISHED
    return ORDER[bool(refused.boxes), bool(permitted.boxes)]


def _boxes(both: Both, region: Region, inside: Region, budget: Budget, told: Told) -> Boxes:
    foreground = both.foreground()
    return maximal_boxes(both.old.index, region, inside, foreground, budget, LIMIT, told)


def _narrowed(both: Both, region: Region, found: Boxes, budget: Budget) -> Boxes:
    """The boxes, each as narrow as the part of the region in it."""
    boxes, complete = [], found.complete
    for box in found.boxes:
        try:
            boxes.append(dataclass_replace(box, box=_news(both, box.box, region, budget)))
        except Exhausted:
            boxes.append(box)  # as wide as it was grown: true too, but not all that there is to say
            complete = False
    return dataclass_replace(found, boxes=tuple(boxes), complete=complete)


def _news(both: Both, box: Box, region: Region, budget: Budget) -> Box:
    """The box less the leaves at which nothing of the region lies."""
    index = both.old.index
    for axis in index.axes:
        at = [
            leaf
            for leaf in leaves(box[axis])
            if find(index, region, on(box, axis, leaf), budget) is not None
        ]
        box = on(box, axis, sum(at))
    return box


def _answer(
    both: Both, found: Boxes, budget: Budget, *, permitting: Lowered, refusing: Lowered
) -> Answer:
    """The boxes in words, with the clauses of the text that permits and of the one that refuses."""
    foreground = both.foreground()
    permits = [r for r in permitting.text.rules if r.effect == "permit"]
    shown = (
        said(
            maximal.box,
            maximal.witness,
            foreground,
            both.joint,
            (),
            permitting.holding(permits, maximal.witness),
            refusing.holding(refusing.bans, maximal.box),
        )
        for maximal in found.boxes
    )
    return Answer(tuple(shown), found.complete, budget.spent)


def _still_open(
    both: Both,
    asked: Sequence[Named],
    budget: Callable[[], Budget],
    progress: Progress | None,
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
            loopholes(now, principle, name, budget(), Told(principle.label, progress)).principle,
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
