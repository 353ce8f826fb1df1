"""What changes from one text to another: boxes each way, over their joint vocabulary, and never a score.

- *newly refused* is searched in what the one permits and the other does not, and grown in all that the other does not
  permit; of each box it is then said what the one permitted, leaf by leaf of each axis: what nobody was ever permitted
  is no news. *Newly permitted* is what the other permits and the one does not. Each box is headed by the clauses that
  it is owed to (`changes`), never by one that both texts have;
- the foreground is the axes of the changed clauses: those whose rules hold elsewhere than before, be it that a
  category moved or a band was cut elsewhere and no letter of the clause is different;
- the order follows from which of the two is empty. It is about the clauses that can be compared (`coverage`); where
  none is left, the texts are *not compared*, and where neither text permits anything the order proves nothing;
- beside it stand the words that changed, clause by clause, each with what it does, and the instruments in between that
  are not what they call themselves.

    compare(before, after).order        # stricter, equal, looser, incomparable, not-compared
    compare(before, after).covered      # the ids of the clauses that the order is about
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, Named, compile_text, named
from avenant.agreement.types import Clause, InForce
from avenant.analyse.boxes import described
from avenant.analyse.checks.loopholes import LIMIT, loopholes
from avenant.analyse.checks.proofs import without_proof
from avenant.analyse.checks.statements import repeated
from avenant.analyse.compare.bodies import counterparts
from avenant.analyse.compare.changes import changes
from avenant.analyse.compare.declared_effect import (
    WIDER,
    Act,
    Done,
    found_otherwise,
    states_widening,
)
from avenant.analyse.compare.metadata import metadata_changes
from avenant.analyse.compare.text_pair import ORDER, TextPair
from avenant.analyse.coverage import Aligned, align
from avenant.analyse.progress import Progress, ProgressReporter
from avenant.analyse.types import Answer, Comparison, Principle, Side, TextChange
from avenant.findings.types import Order
from avenant.languages import say
from avenant.region import (
    EVERYTHING,
    Boxes,
    Budget,
    Exhausted,
    MaximalBox,
    Region,
    hull,
    maximal_boxes,
    union,
)

STEPS = 500_000  # of the search, for one question


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
    `inside` asks for all of them, and not for the loopholes in principles. Raises InputError where a body is not
    known, or not stated.
    """

    def budget() -> Budget:
        return Budget(steps, stop)

    bodies, shown = counterparts(before, after, stated, inside=inside)
    asked = named(after, principles)
    aligned = align(before, after)
    both = TextPair.of(aligned.before, aligned.after, asked, bodies)
    going = _Searched(both.newly_refused, ~both.new.permitted, both.old, both.new)
    coming = _Searched(both.newly_permitted, both.newly_permitted, both.new, both.old)
    gone = come = _List(Boxes((), False, 0), ())
    if not aligned.nothing:
        gone = _listed(both, going, budget(), ProgressReporter(say("compare.going"), progress))
        come = _listed(both, coming, budget(), ProgressReporter(say("compare.coming"), progress))
    order = _order(aligned, gone.boxes, come.boxes)
    changed = _decided(aligned, changes(both, gone.boxes, come.boxes, budget()))
    # What a single instrument does is what is compared.
    whole = Done(order, changed, aligned.left_out)
    done = [(act, whole if len(acts) == 1 else _done(act, budget)) for act in acts]
    return Comparison(
        before.id,
        after.id,
        order,
        _answer(both, gone, going, [(_label(both, c), c.refused) for c in changed]),
        _answer(both, come, coming, [(_label(both, c), c.permitted) for c in changed]),
        metadata_changes(before, after),
        ()
        if inside
        else tuple(_still_open((before, after), aligned, both, asked, budget, progress)),
        changed,
        tuple(f for act, does in done for f in found_otherwise(act, does)),
        shown,
        bool(acts) and all(states_widening(act) for act, does in done if does.order in WIDER),
        aligned.covered,
        aligned.uncovered,
        aligned.one_sided,
        tuple(_empty(both, budget())),
        aligned.unruled,
    )


def _empty(both: TextPair, budget: Budget) -> Iterator[Side]:
    """The texts that are known to permit nothing, of what is compared."""
    sides: tuple[tuple[Side, CompiledText], ...] = (("before", both.old), ("after", both.new))
    for side, lowered in sides:
        try:
            if lowered.empty(lowered.permitted, budget):
                yield side
        except Exhausted:
            return


def _done(act: Act, budget: Callable[[], Budget]) -> Done:
    """What one instrument of several does."""
    aligned = align(act.before, act.after)
    both = TextPair.of(aligned.before, aligned.after)
    nothing = Boxes((), True, 0)
    order = Order.NOT_COMPARED if aligned.nothing else both.order(EVERYTHING, budget())
    changed = _decided(aligned, changes(both, nothing, nothing, budget()))
    return Done(order, changed, aligned.left_out)


def _decided(aligned: Aligned, changed: Iterable[TextChange]) -> tuple[TextChange, ...]:
    """The changes, with no effect claimed of a clause that is not compared."""
    return tuple(
        replace(change, effect=Order.NOT_COMPARED) if change.clause in aligned.undecided else change
        for change in changed
    )


def _order(aligned: Aligned, refused: Boxes, permitted: Boxes) -> Order:
    """One box is enough to say that a side is not empty; only a finished search says that it is."""
    if aligned.nothing:
        return Order.NOT_COMPARED
    if not all(side.boxes or side.complete for side in (refused, permitted)):
        return Order.UNFINISHED
    return ORDER[bool(refused.boxes), bool(permitted.boxes)]


class _Searched(Struct, frozen=True):
    """What is newly refused, or newly permitted: where it is searched and its boxes grow, and which text says so."""

    region: Region
    inside: Region
    permitting: CompiledText
    refusing: CompiledText


class _List(Struct, frozen=True):
    """The boxes of one side, and the axes of their foreground."""

    boxes: Boxes
    foreground: tuple[int, ...]


def _listed(both: TextPair, side: _Searched, budget: Budget, told: ProgressReporter) -> _List:
    """List a side; where some boxes would be mere examples, list it whole, if twice as many boxes do."""
    found = _List(_boxes(both, side, both.foreground(), budget, LIMIT, told), both.foreground())
    if not found.boxes.complete or all(b.box == b.hull for b in found.boxes.boxes):
        return found
    every = both.old.index.axes
    whole = _boxes(both, side, every, budget, 2 * len(found.boxes.boxes), told)
    return _List(whole, every) if whole.complete else found


def _boxes(
    both: TextPair,
    side: _Searched,
    foreground: tuple[int, ...],
    budget: Budget,
    limit: int,
    told: ProgressReporter,
) -> Boxes:
    index = both.old.index
    found = maximal_boxes(index, side.region, side.inside, foreground, budget, limit, told)
    if side.region == side.inside:
        return found
    boxes, complete = [], found.complete
    for one in found.boxes:
        try:
            boxes.append(_narrowed(both, side.region, foreground, one, budget))
        except Exhausted:
            boxes.append(one)  # as wide as it was grown: true too, but not all that there is to say
            complete = False
    return replace(found, boxes=tuple(boxes), complete=complete)


def _narrowed(
    both: TextPair, region: Region, foreground: tuple[int, ...], found: MaximalBox, budget: Budget
) -> MaximalBox:
    """The box less the leaves at which nothing differs, and the hull of what differs at its foreground."""
    index = both.old.index
    shadow = tuple(
        mask if i in foreground else full
        for i, (mask, full) in enumerate(zip(found.box, index.space.full, strict=True))
    )
    within = hull(index, region, found.box, found.witness, budget)
    around = hull(index, region, shadow, within, budget)
    box = tuple(around[i] if i in foreground else mask for i, mask in enumerate(within))
    return MaximalBox(box, found.witness, around)


def _label(both: TextPair, change: TextChange) -> str:
    """A changed clause by its label; of two dossiers, with the one that holds it."""
    holder, other = (both.old, both.new) if change.kind == "repealed" else (both.new, both.old)
    dossier = holder.text.agreement
    return change.label if dossier == other.text.agreement else f"{dossier} {change.label}"


def _answer(
    both: TextPair, found: _List, side: _Searched, owing: Sequence[tuple[str, Sequence[int]]]
) -> Answer:
    """The boxes in words, with the clauses that permit and refuse them, and those that they are owed to.

    `owing` is the label of each changed clause, and the numbers of its boxes.
    """
    permitting, refusing = side.permitting, side.refusing
    shown = (
        replace(
            described(
                box,
                found.foreground,
                both.joint,
                permitted_by=permitting.labels(
                    permitting.holding(permitting.permissions, box.witness)
                ),
            ),
            refused_by=refusing.labels(refusing.holding(refusing.prohibitions, box.box)),
            owed_to=tuple(label for label, boxes in owing if i in boxes),
        )
        for i, box in enumerate(found.boxes.boxes)
    )
    return Answer(tuple(shown), found.boxes.complete, found.boxes.steps, found.boxes.others)


def _still_open(
    texts: tuple[InForce, InForce],
    aligned: Aligned,
    both: TextPair,
    asked: Sequence[Named],
    budget: Callable[[], Budget],
    progress: Progress | None,
) -> Iterator[Principle]:
    """The principles, with their loopholes in each text as `check` counts them."""
    old, new = texts
    same = repeated(both.new, asked, budget())
    asked = [(name, clause) for name, clause in asked if name not in same]
    before = {name: clause for name, clause in asked if _sayable(clause, old)}
    before |= dict(named(old, ()))
    now, then = _alone(new, asked), _alone(old, tuple(before.items()))
    for name, principle in asked:
        was: int | None = None
        if name in before:
            ways = loopholes(then, before[name], name, budget()).principle
            was = ways.ways if ways.complete else None
        asked_now = loopholes(
            now, principle, name, budget(), ProgressReporter(principle.label, progress)
        )
        yield replace(
            without_proof(now, principle, asked_now.principle, budget()),
            was=was,
            order=Order.NOT_COMPARED
            if aligned.nothing
            else both.order(union(both.new.of(principle.rules)), budget()),
        )


def _sayable(clause: Clause, text: InForce) -> bool:
    """Whether a text's vocabulary knows all that a clause tests."""
    return all(
        text.vocabulary.known(test.axis, test.category)
        for rule in clause.rules
        for test in rule.tests()
    )


def _alone(text: InForce, asked: Sequence[Named]) -> CompiledText:
    return compile_text(text, asked)
