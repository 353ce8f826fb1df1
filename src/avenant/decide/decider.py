"""Decides calls under one text: every combination of a call's values, the worst outcome, and what it rests on.

The rules enforced here are §3 to §5 of the semantics:

- all points of a box permitted: permitted; none: refused; some: undetermined; the search's budget spent: undetermined;
- a call that carries several values is every combination of them and gets the worst outcome: refused before
  undetermined before permitted; beyond 4,096 combinations it is undetermined, too mixed;
- a suspicion never permits and never refuses alone: permitted even with all suspicions, permitted; refused even
  without any, refused; otherwise undetermined.

    decider = Decider(text)                              # compiled once a text
    decider.judge(box)                                   # one combination: outcome and rules, in microseconds
    decider.decide((Fact("purpose", "translation", "asked", Standing.ESTABLISHED), …))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import reduce
from itertools import chain
from operator import or_

from avenant.agreement.types import Clause, InForce
from avenant.decide.explain import Judged, explained, in_doubt
from avenant.decide.facts import carried, combinations
from avenant.decide.types import Decision, Fact, Outcome, Past, Standing
from avenant.messages import say
from avenant.region import (
    Box,
    Budget,
    Exhausted,
    Index,
    Region,
    Verdict,
    covers,
    leaves,
    missing,
    permitted,
    searched,
    settled,
)
from avenant.rules.lower import lower
from avenant.rules.types import And, Truth
from avenant.vocabulary.space import space_of

# Steps of the region search for one question about one combination: far more than any text seen needs.
STEPS = 20_000

_WORSE = (Outcome.PERMITTED, Outcome.UNDETERMINED, Outcome.REFUSED)
_OUTCOME = {
    Verdict.PERMITTED: Outcome.PERMITTED,
    Verdict.UNDETERMINED: Outcome.UNDETERMINED,
    Verdict.REFUSED: Outcome.REFUSED,
}


class Decider:
    """One text in force, compiled. Pure: no clock, no I/O; the same facts give the same Decision.

    `principles` are those of statements, tested beside the text's own and never enforced.
    """

    def __init__(self, text: InForce, principles: Sequence[Clause] = ()) -> None:
        vocabulary = text.vocabulary
        tested = (*text.principles, *principles)
        binding = [(rule, lower(rule.effective, vocabulary, rule.at)) for rule in text.rules]
        forbidden = [
            (c.label, [lower(r.condition, vocabulary, r.at) for r in c.rules]) for c in tested
        ]
        passed = [
            (rule, p.admission, lower(And((rule.condition, p.condition)), vocabulary, rule.at))
            for rule in text.rules
            for p in rule.passes
        ]
        self.text = text
        self.index = Index(
            space_of(vocabulary),
            chain(
                chain.from_iterable(boxes for _, boxes in binding),
                chain.from_iterable(boxes for _, lists in forbidden for boxes in lists),
                chain.from_iterable(boxes for _, _, boxes in passed),
            ),
        )
        # Per rule, the set of its terms; rules that share a term share its bit.
        union_of = self.index.union
        self._binding = [(rule, union_of(boxes)) for rule, boxes in binding]
        self.owners: list[list[str]] = [[] for _ in self.index.terms]  # who binds by a term
        for rule, terms in self._binding:
            for bit in leaves(terms):
                self.owners[bit.bit_length() - 1].append(rule.id)
        self._principles = [(label, list(map(union_of, lists))) for label, lists in forbidden]
        self._passed = [(rule, number, union_of(boxes)) for rule, number, boxes in passed]
        self.permits = reduce(or_, (t for r, t in self._binding if r.effect == "permit"), 0)
        self.forbids = reduce(or_, (t for r, t in self._binding if r.effect == "forbid"), 0)
        self._resting = {
            Verdict.PERMITTED: self.permits,
            Verdict.REFUSED: self.forbids,
            Verdict.UNDETERMINED: self.permits | self.forbids,
        }

    @property
    def permitted(self) -> Region:
        """The region that the text permits, over the terms of `index`."""
        return permitted(self.permits, self.forbids)

    def outcome(self, box: Box) -> Outcome:
        """The outcome of one combination."""
        return _OUTCOME[self._verdict(box, *self.index.bounds(box))]

    def _verdict(self, box: Box, possible: int, certain: int) -> Verdict:
        """Few combinations need the search: the bounds settle the rest."""
        permits, forbids = self.permits, self.forbids
        return settled(permits, forbids, possible, certain) or searched(
            self.index, permits, forbids, box, possible, certain, Budget(STEPS)
        )

    def determine(self, box: Box) -> tuple[Outcome, AbstractSet[str]]:
        """The outcome of one combination and the ids of the rules that it rests on: decisions in bulk.

        They are those of the outcome's effect that hold somewhere on the box; when undetermined, of either effect.
        """
        possible, certain = self.index.bounds(box)
        found = self._verdict(box, possible, certain)
        held = possible & self._resting[found]
        owners = self.owners
        ids: set[str] = set()
        # Few terms hold on a use, however many the text has.
        while held:
            term = held.bit_length() - 1
            ids.update(owners[term])
            held ^= 1 << term
        return _OUTCOME[found], ids

    def judge(self, box: Box) -> Judged:
        """The outcome of one combination, with the exact truth of each rule that possibly holds on it."""
        possible, certain = self.index.bounds(box)
        return Judged(
            box,
            _OUTCOME[self._verdict(box, possible, certain)],
            {
                rule.id: self._truth(terms, possible, certain, box)
                for rule, terms in self._binding
                if possible & terms
            },
        )

    def decide(self, facts: Iterable[Fact]) -> Decision:
        """The Decision on a call that carries these facts, each known to the vocabulary (`facts.checked`)."""
        facts = tuple(facts)
        plain = self._decide(facts, suspicions=False)
        suspected = any(f.standing is Standing.SUSPECTED for f in facts)
        if not suspected or plain.outcome is Outcome.REFUSED or plain.reason:
            return plain
        doubted = self._decide(facts, suspicions=True)
        if doubted.outcome is Outcome.PERMITTED or doubted.reason:
            return doubted
        return self._in_doubt(facts, plain)

    def _decide(self, facts: tuple[Fact, ...], *, suspicions: bool) -> Decision:
        vocabulary = self.text.vocabulary
        boxes = combinations(carried(facts, vocabulary, suspicions=suspicions), vocabulary)
        if boxes is None:
            return _too_mixed(self.text, facts)
        judged = [self.judge(box) for box in self._distinct(boxes)]
        worst = max((j.outcome for j in judged), key=_WORSE.index)
        having = [j for j in judged if j.outcome is worst]
        permitted = worst is Outcome.PERMITTED
        return explained(
            self.text,
            facts,
            having,
            self._missing(having) if worst is Outcome.UNDETERMINED else (),
            self._against(boxes) if permitted else (),
            self._past(boxes) if permitted else (),
        )

    def _distinct(self, boxes: Iterable[Box]) -> Iterable[Box]:
        """One of the combinations that differ only where no term looks: their outcome is the same."""
        return {tuple(box[axis] for axis in self.index.axes): box for box in boxes}.values()

    def _missing(self, judged: Iterable[Judged]) -> tuple[str, ...]:
        found: set[int] = set()
        for j in judged:
            found |= set(missing(self.index, self.permitted, j.box, Budget(STEPS)))
        return tuple(self.text.vocabulary.axes[axis].id for axis in sorted(found))

    def _against(self, boxes: Sequence[Box]) -> tuple[str, ...]:
        """The principles that some combination certainly meets."""
        return tuple(
            label
            for label, forbids in self._principles
            if any(
                self._truth(terms, *self.index.bounds(box), box) is Truth.TRUE
                for box in boxes
                for terms in forbids
            )
        )

    def _past(self, boxes: Sequence[Box]) -> tuple[Past, ...]:
        """The forbids that would hold on some combination but for an admission."""
        return tuple(
            Past(rule.clause, rule.id, admission)
            for rule, admission, terms in self._passed
            if any(self.index.bounds(box)[0] & terms for box in boxes)
        )

    def _truth(self, terms: int, possible: int, certain: int, box: Box) -> Truth:
        """The exact truth of a union of terms: no term may hold everywhere, and several together may."""
        if certain & terms:
            return Truth.TRUE
        held = possible & terms
        try:
            whole = held & (held - 1) and covers(self.index, held, box, Budget(STEPS))
        except Exhausted:
            whole = False
        return Truth.TRUE if whole else Truth.UNKNOWN if held else Truth.FALSE

    def _in_doubt(self, facts: tuple[Fact, ...], plain: Decision) -> Decision:
        """Neither permitted with the suspicions nor refused without them: they are what is missing."""
        vocabulary = self.text.vocabulary
        boxes = combinations(carried(facts, vocabulary, suspicions=True), vocabulary)
        assert boxes is not None  # too mixed was answered before
        judged = [self.judge(box) for box in self._distinct(boxes)]
        suspected: dict[str, tuple[str, ...]] = {}
        for fact in facts:
            if fact.standing is Standing.SUSPECTED:
                suspected[fact.axis] = (*suspected.get(fact.axis, ()), fact.category)
        open_anyway = tuple(m.axis for m in plain.missing if m.axis not in suspected)
        return in_doubt(
            self.text,
            facts,
            [j for j in judged if j.outcome is not Outcome.PERMITTED],
            open_anyway,
            suspected,
        )


def _too_mixed(text: InForce, facts: tuple[Fact, ...]) -> Decision:
    return Decision(
        outcome=Outcome.UNDETERMINED,
        cited=(),
        missing=(),
        against=(),
        past=(),
        would_change=(say("decide.too-mixed-hint"),),
        text=text.id,
        digest=text.digest,
        facts=facts,
        reason=say("decide.too-mixed"),
    )
