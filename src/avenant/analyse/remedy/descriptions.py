"""Scenarios that a remedy changes: a scenario records what the text does, so it is a description and no wish.

One that recorded the loophole changes with it: the amendment replaces its clause by the same clause with the new
expectation. One that would lose a use outside the principle objects to the remedy. A scenario that the text does not
play today is a finding already, and stays as it is.

    changed = descriptions(text, cost, principle, budget)       # raises region.Exhausted
    [d for d in changed if d.objects]                           # they speak against the remedy
    rewritten(clause, "en", {0: "refused"})                     # the clause as Markdown, its first scenario changed
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause, Scenario
from avenant.analyse.remedy.measure import Cost
from avenant.decide.facts import combinations
from avenant.region import Box, Budget, Index, Verdict, find, meet, union, verdict

_SCENARIO = re.compile(r"^```scenario[^\n]*\n.*?^```", re.DOTALL | re.MULTILINE)
_EXPECT = re.compile(r"""(\bexpect["']?\s*:\s*["']?)[a-z]+""")
_GRAVEST = (Verdict.REFUSED, Verdict.UNDETERMINED, Verdict.PERMITTED)


class Description(Struct, frozen=True):
    """A scenario to which the text would do something else. `objects`: it would lose a use outside the principle."""

    clause: Clause
    number: int  # from 0, in its clause
    outcome: Verdict
    objects: bool

    @property
    def label(self) -> str:
        """`§2 all-lawful 1`."""
        return f"{self.clause.label} {self.number + 1}"


def descriptions(
    text: CompiledText, cost: Cost, principle: int, budget: Budget
) -> Iterator[Description]:
    """The scenarios that a prohibition changes, in the order of the text. Raises region.Exhausted."""
    outside = text.permitted & union(cost.new) & ~union(principle)
    for clause in text.text.clauses:
        for number, scenario in enumerate(clause.scenarios):
            boxes = combinations(scenario.use, text.text.vocabulary)
            if boxes is None or not any(meet(b, t) for b in boxes for t in cost.ban.terms):
                continue  # too mixed to be decided, or out of the prohibition's reach
            was = outcome(cost.index, text.permits, text.forbids, boxes, budget)
            now = outcome(cost.index, text.permits, text.forbids | cost.new, boxes, budget)
            if now is not was == scenario.expect:
                objects = any(find(cost.index, outside, b, budget) is not None for b in boxes)
                yield Description(clause, number, now, objects)


def outcome(
    index: Index, permits: int, forbids: int, boxes: Sequence[Box], budget: Budget
) -> Verdict:
    """What a text does with several combinations: the worst of what it does with each."""
    found = {verdict(index, permits, forbids, box, budget) for box in boxes}
    return next(v for v in _GRAVEST if v in found)


def played(text: CompiledText, scenario: Scenario, budget: Budget) -> bool:
    """Whether a text does with a scenario's use what the scenario says."""
    boxes = combinations(scenario.use, text.text.vocabulary)
    if boxes is None:
        return scenario.expect == Verdict.UNDETERMINED
    return outcome(text.index, text.permits, text.forbids, boxes, budget) == scenario.expect


def rewritten(clause: Clause, language: str, outcomes: Mapping[int, str]) -> str:
    """The clause as Markdown with its heading at level 3, and other expectations for these of its scenarios.

    A translation holds no scenario, and is written again as it is.
    """
    translation = clause.translations.get(language)
    source = translation.source if translation else clause.source
    numbers = count()

    def changed(block: re.Match[str]) -> str:
        new = outcomes.get(next(numbers))
        return block[0] if new is None else _EXPECT.sub(rf"\g<1>{new}", block[0], count=1)

    return f"#{_SCENARIO.sub(changed, source)}".rstrip()
