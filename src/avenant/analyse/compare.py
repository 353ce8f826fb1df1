"""What changes from one text to another: boxes each way, over their joint vocabulary, and never a score.

- *newly refused* is searched in what the one permits and the other does not, and grown in all that the other does not
  permit; *newly permitted* is what the other permits and the one does not;
- the foreground is the axes of the changed clauses: those whose rules hold elsewhere than before, be it that a
  category moved or a band was cut elsewhere and no letter of the clause is different;
- the order follows from which of the two is empty.

    compare(before, after).order        # stricter, equal, looser, incomparable
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from avenant.agreement.types import Clause, InForce
from avenant.analyse.beside import beside
from avenant.analyse.boxes import said
from avenant.analyse.loopholes import LIMIT, loopholes, named
from avenant.analyse.lowered import Lowered, key, lower_texts
from avenant.analyse.types import Answer, Comparison, Order, Principle
from avenant.region import Boxes, Budget, Exhausted, find, maximal_boxes
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
    """From text `before` to text `after`; principles (statement id, clause) are asked of `after`."""
    joint = joined(before.vocabulary, after.vocabulary)
    old, new = _both(before, after, joint)
    foreground = _foreground(old, new, joint)
    gone, come = old.permitted & ~new.permitted, new.permitted & ~old.permitted
    refused = maximal_boxes(old.index, gone, ~new.permitted, foreground, Budget(steps, stop), LIMIT)
    permitted = maximal_boxes(old.index, come, come, foreground, Budget(steps, stop), LIMIT)
    return Comparison(
        before.id,
        after.id,
        _order(refused, permitted),
        _answer(refused, foreground, joint, permitting=old, refusing=new),
        _answer(permitted, foreground, joint, permitting=new, refusing=old),
        beside(before, after),
        tuple(_still_open(after, principles, steps, stop)),
    )


def order(before: InForce, after: InForce, budget: Budget) -> Order:
    """How `after` stands to `before`, without the boxes: two searches for one point each."""
    joint = joined(before.vocabulary, after.vocabulary)
    old, new = _both(before, after, joint)
    full = old.index.space.full
    try:
        gone = find(old.index, old.permitted & ~new.permitted, full, budget) is not None
        come = find(old.index, new.permitted & ~old.permitted, full, budget) is not None
    except Exhausted:
        return Order.UNFINISHED
    return _ORDER[gone, come]


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


def _both(before: InForce, after: InForce, joint: Joint) -> tuple[Lowered, Lowered]:
    old, new = lower_texts(space_of(joint), (before, joint.left, ()), (after, joint.right, ()))
    return old, new


def _foreground(old: Lowered, new: Lowered, joint: Joint) -> tuple[int, ...]:
    """The axes of the clauses that changed; where none did and regions still differ, of all."""

    def held(text: Lowered, clause: Clause) -> list[tuple[str, int]]:
        return [(rule.effect, text.terms[key(rule)]) for rule in clause.rules]

    axes: set[str] = set()
    ids = dict.fromkeys(c.id for text in (old, new) for c in text.text.clauses)
    for id in ids:
        one, other = old.text.clause(id), new.text.clause(id)
        if one and other and held(old, one) == held(new, other):
            continue
        axes |= {
            t.axis
            for clause in (one, other)
            if clause and clause.kind != "principle"
            for rule in clause.rules
            for t in rule.tests()
        }
    return tuple(sorted(joint.position[axis] for axis in axes)) or tuple(old.index.axes)


def _answer(
    found: Boxes,
    foreground: Sequence[int],
    joint: Joint,
    *,
    permitting: Lowered,
    refusing: Lowered,
) -> Answer:
    permits = [r for r in permitting.text.rules if r.effect == "permit"]
    return Answer(
        tuple(
            said(
                box,
                foreground,
                joint,
                (),
                permitting.holding(permits, box.witness),
                refusing.holding(refusing.bans, box.box),
            )
            for box in found.boxes
        ),
        found.complete,
        found.steps,
    )


def _still_open(
    text: InForce,
    principles: Sequence[tuple[str, Clause]],
    steps: int | None,
    stop: Callable[[], bool] | None,
) -> Iterator[Principle]:
    asked = named(text, principles)
    (ground,) = lower_texts(
        space_of(text.vocabulary), (text, text.vocabulary, [c for _, c in asked])
    )
    for name, principle in asked:
        yield loopholes(ground, principle, name, Budget(steps, stop)).principle
