"""Decides calls under one text: every combination of a call's values, the worst outcome, and what it rests on.

The rules enforced here are §3 to §5 of the semantics:

- all points of a box permitted: permitted; none: refused; some: undetermined; the search's budget spent: undetermined;
- a call that carries several values is every combination of them and gets the worst outcome: refused before
  undetermined before permitted; beyond 4,096 combinations it is undetermined, too mixed;
- a suspicion never permits and never refuses alone: permitted even with all suspicions, permitted; refused even
  without any, refused; otherwise undetermined.

A judgement rests on the values alone, so those of the last calls are kept: a call with the values of an earlier one is
answered from memory, whoever stated them.

    decider = Decider(compile_text(in_force))
    decider.decide((Fact("purpose", "translation", "asked", Standing.ESTABLISHED), …))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from msgspec import structs

from avenant.agreement.compiled import CompiledText
from avenant.decide.facts import MOST_COMBINATIONS, Values, effective_values, established
from avenant.decide.judge import Judgement, judge, open_rules
from avenant.decide.prepared import PreparedText
from avenant.decide.types import Decision, Fact, Missing, Outcome, Standing
from avenant.region import Mixture
from avenant.vocabulary.types import ANY

TOO_MIXED = "too-mixed"
KEPT = 1_024  # judgements in memory: of a text of 1,000 clauses, about as many kilobytes


class Decider(PreparedText):
    """Decides under one text. Pure: no clock, no I/O; the same facts give the same Decision.

    `kept`: how many judgements are remembered.
    """

    def __init__(self, compiled: CompiledText, *, kept: int = KEPT) -> None:
        super().__init__(compiled)
        vocabulary = self.text.vocabulary
        self._kept = kept
        self._any = tuple((vocabulary.mask(axis.id, ANY),) for axis in vocabulary.axes)
        self._memory: dict[tuple[tuple[int, ...], ...], Judgement] = {}

    def decide(self, facts: Iterable[Fact]) -> Decision:
        """Return the Decision on a call that carries these facts, each known to the vocabulary (`facts.checked`)."""
        facts = tuple(facts)
        plain = self._judged(facts, suspicions=False)
        suspected = any(f.standing is Standing.SUSPECTED for f in facts)
        if not suspected or plain.outcome is Outcome.REFUSED or plain.reason:
            return self._decision(facts, plain)
        doubted = self._judged(facts, suspicions=True)
        if doubted.outcome is Outcome.PERMITTED or doubted.reason:
            return self._decision(facts, doubted)
        return self._in_doubt(facts, plain)

    def _judged(self, facts: tuple[Fact, ...], *, suspicions: bool) -> Judgement:
        values = effective_values(facts, self.text.vocabulary, suspicions=suspicions)
        if prod(map(len, values.values())) > MOST_COMBINATIONS:
            return Judgement(Outcome.UNDETERMINED, reason=TOO_MIXED)
        return self._remembered(self._mixture(values))

    def _mixture(self, values: Values) -> Mixture:
        """The values as masks, each once and in order: how they were named and by whom makes no difference."""
        vocabulary = self.text.vocabulary
        mixture: list[tuple[int, ...]] = list(self._any)
        position, mask = vocabulary.position, vocabulary.mask
        for axis, named in values.items():
            if len(named) == 1:
                mixture[position[axis]] = (mask(axis, named[0]),)
            else:
                mixture[position[axis]] = tuple(sorted({mask(axis, name) for name in named}))
        return Mixture(mixture)

    def _remembered(self, mixture: Mixture) -> Judgement:
        """The judgement on a mixture, from memory where it is there; what was not asked for longest is forgotten."""
        key = tuple(mixture[axis] for axis in self.index.axes)  # no term looks at the others
        found = self._memory.pop(key, None) or judge(self, mixture)
        if self._kept:
            self._memory[key] = found
            if len(self._memory) > self._kept:
                del self._memory[next(iter(self._memory))]
        return found

    def _decision(self, facts: tuple[Fact, ...], found: Judgement) -> Decision:
        return Decision(
            outcome=found.outcome,
            cited=found.cited,
            also=found.also,
            nearest=found.nearest,
            missing=tuple(self._missing(axis, facts) for axis in found.missing),
            perhaps_others=found.perhaps_others,
            against=found.against,
            past=found.past,
            remedy=found.remedy,
            otherwise=found.otherwise,
            reason=found.reason,
            text=self.text.id,
            digest=self.text.digest,
            facts=facts,
        )

    def _missing(self, axis: str, facts: Sequence[Fact]) -> Missing:
        """An axis that matters, and what keeps it open: nobody who may established it, or what was seen or claimed."""
        vocabulary = self.text.vocabulary
        here = [f for f in facts if f.axis == axis]
        known = established(here, vocabulary)
        claimed = dict.fromkeys(
            f.category
            for f in here
            if f.standing is Standing.CLAIMED
            and f.unread is None
            and vocabulary.mask(axis, f.category).bit_count() > 1
        )
        return Missing(
            axis,
            self.text.facts.may_establish(axis),
            unread=tuple(dict.fromkeys(f.unread for f in here if f.unread is not None)),
            claimed=tuple(claimed),
            fine=bool(known) and all(vocabulary.mask(axis, id).bit_count() == 1 for id in known),
        )

    def _in_doubt(self, facts: tuple[Fact, ...], plain: Judgement) -> Decision:
        """Neither permitted with the suspicions nor refused without them: they are what is missing.

        Missing are the axes that are open without any suspicion, then those suspected.
        """
        suspected: dict[str, tuple[str, ...]] = {}
        for fact in facts:
            if fact.standing is Standing.SUSPECTED:
                suspected[fact.axis] = (*suspected.get(fact.axis, ()), fact.category)
        open_anyway = [self._missing(a, facts) for a in plain.missing if a not in suspected]
        doubtful = [
            structs.replace(self._missing(axis, facts), suspected=categories)
            for axis, categories in suspected.items()
        ]
        missing = (*open_anyway, *doubtful)
        mixture = self._mixture(effective_values(facts, self.text.vocabulary, suspicions=True))
        axes = [self.text.vocabulary.position[m.axis] for m in missing]
        return Decision(
            outcome=Outcome.UNDETERMINED,
            cited=open_rules(self, mixture, axes, self.budget()),
            missing=missing,
            perhaps_others=plain.perhaps_others,
            text=self.text.id,
            digest=self.text.digest,
            facts=facts,
        )
