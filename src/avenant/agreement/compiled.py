"""A text compiled over an index of terms: what decisions and every check are asked of.

    compiled = compile_text(in_force, stated)         # the text, and the principles of public statements
    compiled.permitted                                # the region that the text permits
    compiled.permitted & compiled.region(rule)        # the part of a principle's forbid that it lets through

`permissions` and `prohibitions` are the rules that bind, `permits` and `forbids` their terms. INVARIANT: nothing else
filters a text's rules by effect. Texts compiled together share the index, so what they have in common falls away by
algebra alone.
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
from avenant.vocabulary.space import space_of

Key = tuple[str, str]  # a rule's file and id: a statement may use the ids of the text

Named = tuple[str, Clause]
"""A principle and the name that its findings go by."""


def key(rule: Rule) -> Key:
    """Return what names a rule among those of a text and of public statements."""
    return rule.at.file, rule.id


class CompiledText(Struct, frozen=True, dict=True):
    """One text over an index. `terms` holds each rule's set of terms, those of principles too.

    `stated` are the principles of public statements, each with its statement's id: checked, never enforced. What checks
    ask again and again is computed once: a long text is asked thousands of times.
    """

    text: InForce
    index: Index
    terms: Mapping[Key, int]
    stated: tuple[tuple[str, Clause], ...] = ()

    @cached_property
    def principles(self) -> tuple[Named, ...]:
        """The principles of the text and of statements, each with the name of its findings."""
        return named(self.text, self.stated)

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
    def prohibitions(self) -> tuple[Rule, ...]:
        """The forbids that bind, in the order of the text."""
        return tuple(r for r in self.text.rules if r.effect == "forbid")

    @cached_property
    def permits(self) -> int:
        """The terms of all permits that bind."""
        return self.of(self.permissions)

    @cached_property
    def forbids(self) -> int:
        """The terms of all forbids that bind."""
        return self.of(self.prohibitions)

    @cached_property
    def permitted(self) -> Region:
        """What the text permits."""
        return union(self.permits) & ~union(self.forbids)

    @cached_property
    def by_clause(self) -> Mapping[str, tuple[tuple[Rule, ...], tuple[Rule, ...]]]:
        """Per clause that binds, in the order of the text, its permits and its forbids."""
        sides: dict[str, tuple[list[Rule], list[Rule]]] = {
            clause.id: ([], [])
            for clause in self.text.clauses
            if clause.kind != "principle" and clause.rules
        }
        for side, rules in enumerate((self.permissions, self.prohibitions)):
            for rule in rules:
                sides[rule.clause][side].append(rule)
        return {id: (tuple(permits), tuple(forbids)) for id, (permits, forbids) in sides.items()}

    @cached_property
    def sides(self) -> Mapping[str, tuple[int, int]]:
        """Per clause that binds, in the order of the text, the terms of its permits and of its forbids."""
        return {
            id: (self.of(permits), self.of(forbids))
            for id, (permits, forbids) in self.by_clause.items()
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
        return self.of(ban for ban in self.prohibitions if key(ban) not in left_out)

    @cached_property
    def _twice(self) -> int:
        """The terms that two forbids have."""
        once = twice = 0
        for ban in self.prohibitions:
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


def named(text: InForce, stated: Sequence[tuple[str, Clause]]) -> tuple[Named, ...]:
    """Return the principles of a text, and those of statements (statement id, clause) under names of their own."""
    return (
        *((clause.id, clause) for clause in text.principles),
        *((f"{statement}/{clause.id}", clause) for statement, clause in stated),
    )


def compile_text(text: InForce, stated: Sequence[tuple[str, Clause]] = ()) -> CompiledText:
    """Return one text over an index of its own."""
    space = space_of(text.vocabulary)
    (compiled,) = compile_together(space, (text, text.vocabulary, stated))
    return compiled


def compile_together(
    space: Space, *texts: tuple[InForce, Ground, Sequence[tuple[str, Clause]]]
) -> tuple[CompiledText, ...]:
    """Return texts over one index. Each comes with its vocabulary in that space, and the principles asked of it."""
    lowered = [
        {
            key(rule): lower(rule.effective, ground, rule.at)
            for rule in (
                *text.rules,
                *(r for principle in text.principles for r in principle.rules),
                *(r for _, principle in stated for r in principle.rules),
            )
        }
        for text, ground, stated in texts
    ]
    index = Index(space, (box for rules in lowered for boxes in rules.values() for box in boxes))
    return tuple(
        CompiledText(
            text, index, {k: index.union(boxes) for k, boxes in rules.items()}, tuple(stated)
        )
        for (text, _, stated), rules in zip(texts, lowered, strict=True)
    )
