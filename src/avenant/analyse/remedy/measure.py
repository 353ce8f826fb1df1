"""What a prohibition would cost, and the order of candidates that follows from it (§7 of the semantics).

First those that

1. make the fewest permissions idle: a permission left without a use (a conflict), or without one that no other
   permission grants (a dead clause). A prohibition that the new one covers is none of these: both say no;
2. refuse the least outside the principle: none first, then by the number of complete uses of this vocabulary that are
   permitted now. Whatever lies strictly inside another refusal counts less, so the order is total and never against
   inclusion. It is for sorting, and is not shown: how many uses a vocabulary tells apart says nothing of their weight;
3. close the most open loopholes of the principle;
4. are the principle's own forbid, before a widened prohibition, before a part;

and of two that are alike, that which the text has first.

    cost = costs.of(ban, principle_terms, its_loopholes)        # raises region.Exhausted
    cost.key                                                    # what candidates are sorted by
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from avenant.agreement.compiled import CompiledText, Key, key
from avenant.analyse.remedy.candidates import KINDS, Ban
from avenant.region import Box, Budget, Index, Region, count, find, meet, permitted, union
from avenant.rules.types import Rule

Targets = Mapping[str, tuple[Region, Box]]
"""By finding: a region, and the box in which nothing of it may be left."""


class Cost(Struct, frozen=True):
    """A prohibition measured. `closes` are the ids of all findings that it closes, `idle` labels of clauses."""

    ban: Ban
    index: Index  # the text's, with the new terms
    new: int  # those terms
    left: Region  # what is permitted with them
    idle: tuple[str, ...]
    outside: int  # uses
    closes: tuple[str, ...]
    closed: int  # open loopholes of the principle

    @property
    def key(self) -> tuple[int, int, int, int]:
        """What candidates are sorted by, the best first."""
        return len(self.idle), self.outside, -self.closed, KINDS.index(self.ban.kind)


class Costs:
    """Measures prohibitions against one text, each once."""

    def __init__(self, text: CompiledText, targets: Targets, budget: Budget) -> None:
        self._text = text
        self._targets = targets
        self._budget = budget
        self._known: dict[tuple[object, ...], Cost] = {}
        self._granting: dict[tuple[Key, bool], bool] = {}

    def of(self, ban: Ban, principle: int, loopholes: Collection[str]) -> Cost:
        """The cost of a ban; `principle` are the terms of its principle, `loopholes` the open ones of it."""
        known = ban.kind, ban.model.id, ban.terms, principle
        if known not in self._known:
            self._known[known] = self._measured(ban, principle, loopholes)
        return self._known[known]

    def _measured(self, ban: Ban, principle: int, loopholes: Collection[str]) -> Cost:
        text, budget = self._text, self._budget
        # An index takes as long as many steps, and there may be many candidates.
        budget.spent += len(text.index.terms)
        budget.spend()
        index = text.index.with_terms(ban.terms)
        new = index.union(ban.terms)
        left = permitted(text.permits, text.forbids | new)
        closes = tuple(
            id
            for id, (region, box) in self._targets.items()
            if find(index, left & region, box, budget) is None
        )
        outside = text.permitted & union(new) & ~union(principle)
        full = index.space.full
        return Cost(
            ban,
            index,
            new,
            left,
            self._idle(ban, index, new),
            count(index, outside, full, budget) if find(index, outside, full, budget) else 0,
            closes,
            sum(id in loopholes for id in closes),
        )

    def _idle(self, ban: Ban, index: Index, new: int) -> tuple[str, ...]:
        """The labels of clauses with a permission that is idle with the ban, and is not without."""
        text = self._text
        permits = text.permissions
        idle = [
            rule
            for rule in permits
            if any(meet(a, b) for a in text.boxes(rule) for b in ban.terms)
            # Left without a use, or without one of its own.
            for others in (0, text.of(r for r in permits if key(r) != key(rule)))
            if self._grants(rule, others)
            and find(index, self._own(rule, others | new), index.space.full, self._budget) is None
        ]
        return text.labels(idle)

    def _grants(self, rule: Rule, others: int) -> bool:
        """Whether a permission grants a use today, that none of `others` grants."""
        asked = key(rule), bool(others)
        if asked not in self._granting:
            text = self._text
            self._granting[asked] = not text.empty(self._own(rule, others), self._budget)
        return self._granting[asked]

    def _own(self, rule: Rule, but: int) -> Region:
        """What a permission grants, less these terms."""
        text = self._text
        return union(text.terms[key(rule)]) & ~union(text.forbids | but)
