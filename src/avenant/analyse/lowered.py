"""Texts as sets of terms over one index: what every question is asked about.

    (text,) = lower_texts(space_of(vocabulary), (in_force, vocabulary, principles))
    text.permitted                      # the region that the text permits
    text.permitted & text.region(rule)  # what it lets through of a principle's forbid

Two texts lowered together share the index, so what they have in common falls away by algebra alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_

from msgspec import Struct

from avenant.agreement.types import Clause, InForce
from avenant.region import Box, Budget, Index, Region, Space, find, leaves, union
from avenant.rules.lower import Ground, lower
from avenant.rules.types import Rule

Key = tuple[str, str]  # a rule's file and id: a statement may use the ids of the text


def key(rule: Rule) -> Key:
    """What names a rule among those of a text and of the statements beside it."""
    return rule.at.file, rule.id


class Lowered(Struct, frozen=True, dict=True):
    """One text over an index. `terms` holds each rule's set of terms, those of principles too.

    What every question asks of the text is worked out once: a long text is asked thousands of times.
    """

    text: InForce
    index: Index
    terms: Mapping[Key, int]

    def of(self, rules: Iterable[Rule]) -> int:
        """The terms of all these rules, as a set."""
        return reduce(or_, (self.terms[key(rule)] for rule in rules), 0)

    def region(self, rule: Rule) -> Region:
        """Where a rule holds."""
        return union(self.terms[key(rule)])

    def boxes(self, rule: Rule) -> tuple[Box, ...]:
        """A rule's terms as boxes."""
        return tuple(
            self.index.terms[bit.bit_length() - 1] for bit in leaves(self.terms[key(rule)])
        )

    @cached_property
    def permissions(self) -> tuple[Rule, ...]:
        """The permits that bind, in the order of the text."""
        return tuple(r for r in self.text.rules if r.effect == "permit")

    @cached_property
    def bans(self) -> tuple[Rule, ...]:
        """The forbids that bind, in the order of the text."""
        return tuple(r for r in self.text.rules if r.effect == "forbid")

    @cached_property
    def permits(self) -> int:
        """The terms of all permits that bind."""
        return self.of(self.permissions)

    @cached_property
    def forbids(self) -> int:
        """The terms of all forbids that bind."""
        return self.of(self.bans)

    @cached_property
    def permitted(self) -> Region:
        """What the text permits."""
        return union(self.permits) & ~union(self.forbids)

    @cached_property
    def sides(self) -> Mapping[str, tuple[int, int]]:
        """Per clause that binds, in the order of the text, the terms of its permits and of its forbids."""
        return {
            clause.id: (
                self.of(r for r in clause.rules if r.effect == "permit"),
                self.of(r for r in clause.rules if r.effect == "forbid"),
            )
            for clause in self.text.clauses
            if clause.kind != "principle" and clause.rules
        }

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {c.id: c.label for c in self.text.clauses}

    def without(self, clauses: Collection[str]) -> Region:
        """What the text would permit without these clauses."""
        permits = forbids = 0
        for clause, (permitting, forbidding) in self.sides.items():
            if clause not in clauses:
                permits |= permitting
                forbids |= forbidding
        return union(permits) & ~union(forbids)

    def but(self, *bans: Rule) -> int:
        """The terms of all forbids that bind, those of these left out."""
        theirs = self.of(bans)
        if not theirs & self._twice:
            return self.forbids & ~theirs
        left_out = {key(ban) for ban in bans}
        return self.of(ban for ban in self.bans if key(ban) not in left_out)

    @cached_property
    def _twice(self) -> int:
        """The terms that two forbids have."""
        once = twice = 0
        for ban in self.bans:
            twice |= once & self.terms[key(ban)]
            once |= self.terms[key(ban)]
        return twice

    def empty(self, region: Region, budget: Budget) -> bool:
        """Whether no use lies in a region. Raises region.Exhausted."""
        return find(self.index, region, self.index.space.full, budget) is None

    def labels(self, rules: Iterable[Rule]) -> tuple[str, ...]:
        """The labels of the clauses of these rules, each once: `§8 surveillance`."""
        return tuple(dict.fromkeys(self._labels[r.clause] for r in rules))

    def holding(self, rules: Sequence[Rule], box: Box) -> tuple[Rule, ...]:
        """Those of the rules that hold in all of a box; if none does, all that hold somewhere in it."""
        possible, certain = self.index.bounds(box)
        for held in (certain, possible):
            found = tuple(r for r in rules if self.terms[key(r)] & held)
            if found:
                return found
        return ()


def lower_texts(
    space: Space, *texts: tuple[InForce, Ground, Sequence[Clause]]
) -> tuple[Lowered, ...]:
    """Texts, each with its ground and the principles beside it, over one index."""
    lowered = [
        {
            key(rule): lower(rule.effective, ground, rule.at)
            for rule in (
                *text.rules,
                *(r for principle in (*text.principles, *principles) for r in principle.rules),
            )
        }
        for text, ground, principles in texts
    ]
    index = Index(space, (box for rules in lowered for boxes in rules.values() for box in boxes))
    return tuple(
        Lowered(text, index, {k: index.union(boxes) for k, boxes in rules.items()})
        for (text, _, _), rules in zip(texts, lowered, strict=True)
    )
