"""A compiled text, prepared for decisions: what each rule cites, who owns a term, what admissions exempt.

prepared = PreparedText(compile_text(in_force))
prepared.outcome(box)                     # of one combination, in microseconds
prepared.determine(box)                   # and the ids of the rules that it rests on
prepared.without([bound], "forbid")       # what forbids once a rule is gone
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import reduce
from itertools import chain
from operator import or_

from msgspec import Struct

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.decide.types import Cited, Outcome
from avenant.region import (
    Box,
    Budget,
    Exhausted,
    Region,
    Verdict,
    leaves,
    permitted,
    verdict_by_search,
    verdict_from_bounds,
)
from avenant.rules.lower import lower
from avenant.rules.types import And, Effect, Rule, Truth

# One judgement may take this many columns of the index, a step of the search being all of them once. So it is the same
# on every machine, and a long text takes no longer than a short one.
WORK = 6_000
LEAST_STEPS = 32

OUTCOME = {
    Verdict.PERMITTED: Outcome.PERMITTED,
    Verdict.UNDETERMINED: Outcome.UNDETERMINED,
    Verdict.REFUSED: Outcome.REFUSED,
}


class Bound(Struct, frozen=True, eq=False):
    """A rule that binds: its terms, the axes that it tests (a mask, bit i for axis i), and its citations by truth."""

    place: int  # in the text's rules
    rule: Rule
    terms: int
    axes: int
    cited: tuple[Cited, Cited, Cited]

    def citation(self, truth: Truth) -> Cited:
        """Return the citation of the rule where it has this truth: made once, so that a thousand cost nothing."""
        return self.cited[truth]


class PreparedText:
    """A compiled text with what a decision names: each rule's citations, principles and admissions."""

    def __init__(self, compiled: CompiledText) -> None:
        self.text = text = compiled.text
        vocabulary = text.vocabulary
        passed = [
            (rule, p.admission, lower(And((rule.condition, p.condition)), vocabulary, rule.at))
            for rule in text.rules
            for p in rule.passes
        ]
        passing = chain.from_iterable(boxes for _, _, boxes in passed)
        self.index = compiled.index.with_terms((*passing, vocabulary.full))
        # Per rule, the set of its terms; rules that share a term share its bit.
        union_of = self.index.union
        clauses = {clause.id: clause for clause in text.clauses}
        self.bound = tuple(
            _bound(place, rule, clauses[rule.clause], compiled.of([rule]), vocabulary.position)
            for place, rule in enumerate(text.rules)
        )
        # Who binds by a term, by place in `bound`; a permit and a forbid may share one.
        self._owners: dict[Effect, list[list[int]]] = {
            "permit": [[] for _ in self.index.terms],
            "forbid": [[] for _ in self.index.terms],
        }
        for one in self.bound:
            for bit in leaves(one.terms):
                self._owners[one.rule.effect][bit.bit_length() - 1].append(one.place)
        self.principles = [
            (clause.label, [compiled.of([rule]) for rule in clause.rules])
            for _, clause in compiled.principles
        ]
        self.passed = [(rule, number, union_of(boxes)) for rule, number, boxes in passed]
        self.everything = union_of((vocabulary.full,))  # what a permit of everything would be
        self.permits, self.forbids = compiled.permits, compiled.forbids
        columns = sum(len({*self.index.columns[axis]}) for axis in self.index.axes)
        self.steps = max(LEAST_STEPS, WORK // (columns or 1))
        permitting, forbidding = (
            [[self.bound[place].rule.id for place in places] for places in self._owners[effect]]
            for effect in ("permit", "forbid")
        )
        self.owners = [p + f for p, f in zip(permitting, forbidding, strict=True)]  # ids by term
        self._resting = {
            Verdict.PERMITTED: (self.permits, permitting),
            Verdict.REFUSED: (self.forbids, forbidding),
            Verdict.UNDETERMINED: (self.permits | self.forbids, self.owners),
        }

    @property
    def permitted(self) -> Region:
        """The region that the text permits, over the terms of `index`."""
        return permitted(self.permits, self.forbids)

    def without(self, gone: Iterable[Bound], effect: Effect) -> int:
        """Return the terms of the rules of an effect that are not `gone`; one may have a term of a rule that is."""
        owners = self._owners[effect]
        terms = self.permits if effect == "permit" else self.forbids
        gone = [b for b in gone if b.rule.effect == effect]
        places = {b.place for b in gone}
        for bit in leaves(reduce(or_, (b.terms for b in gone), 0)):
            if places.issuperset(owners[bit.bit_length() - 1]):
                terms ^= bit
        return terms

    def having(self, terms: int, effect: Effect) -> list[Bound]:
        """Return the rules of an effect that have one of the terms, in the order of the text."""
        if terms.bit_count() > len(self.bound) // 8:
            return [b for b in self.bound if b.terms & terms and b.rule.effect == effect]
        owners = self._owners[effect]
        places = {place for bit in leaves(terms) for place in owners[bit.bit_length() - 1]}
        return [self.bound[place] for place in sorted(places)]

    def budget(self) -> Budget:
        """Return what one judgement may cost."""
        return Budget(self.steps)

    def outcome(self, box: Box) -> Outcome:
        """Return the outcome of one combination."""
        return OUTCOME[self._verdict(box, *self.index.bounds(box))]

    def _verdict(self, box: Box, possible: int, certain: int) -> Verdict:
        """Few combinations need the search: the bounds settle the rest."""
        permits, forbids = self.permits, self.forbids
        if (found := verdict_from_bounds(permits, forbids, possible, certain)) is not None:
            return found
        try:
            return verdict_by_search(
                self.index, permits, forbids, box, possible, certain, self.budget()
            )
        except Exhausted:
            return Verdict.UNDETERMINED

    def determine(self, box: Box) -> tuple[Outcome, AbstractSet[str]]:
        """Return the outcome of one combination and the ids of the rules that it rests on: decisions in bulk.

        They are those of the outcome's effect that hold somewhere on the box; when undetermined, of either effect.
        """
        possible, certain = self.index.bounds(box)
        found = self._verdict(box, possible, certain)
        terms, owners = self._resting[found]
        held = possible & terms
        ids: set[str] = set()
        # Few terms hold on a use, however many the text has.
        while held:
            term = held.bit_length() - 1
            ids.update(owners[term])
            held ^= 1 << term
        return OUTCOME[found], ids


def _bound(
    place: int, rule: Rule, clause: Clause, terms: int, position: Mapping[str, int]
) -> Bound:
    axes = reduce(or_, (1 << position[t.axis] for t in rule.tests()), 0)
    false, unknown, true = (
        Cited(
            clause.id,
            clause.number,
            clause.label,
            rule.id,
            rule.effect,
            truth.name.lower(),
            clause.instrument,
            str(rule.at),
        )
        for truth in Truth
    )
    return Bound(place, rule, terms, axes, (false, unknown, true))
