"""Two texts over one index of their joint vocabulary: what is gone, what has come, and which clause it is owed to.

    both = TextPair.of(before, after)
    both.order(EVERYTHING, budget)                # how the text after stands to the one before
    gone, come = both.attributed_to((pair,))               # the part of each that is owed to one clause's change

*Owed*: a use whose decision differs is owed to a clause when changing that clause alone in the text before, or undoing
it alone in the text after, changes the decision. So every use that differs is owed to some clause: a ban that is
brought shows alone, one that is lost shows when it is undone; a permit the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from avenant.agreement.compiled import CompiledText, compile_together, key
from avenant.agreement.types import Clause, InForce
from avenant.analyse.compare.pairs import Pair
from avenant.findings.types import Order
from avenant.region import EVERYTHING, Box, Budget, Exhausted, Region, find, union
from avenant.rules.types import Rule, tests
from avenant.vocabulary.joint import Joint, joined
from avenant.vocabulary.space import space_of

ORDER = {
    (False, False): Order.EQUAL,
    (True, False): Order.STRICTER,
    (False, True): Order.LOOSER,
    (True, True): Order.INCOMPARABLE,
}
"""By whether something is newly refused, and whether something is newly permitted."""


class TextPair(Struct, frozen=True):
    """What the two texts permit, and the difference each way."""

    old: CompiledText
    new: CompiledText
    joint: Joint
    newly_refused: Region  # permitted before and not after
    newly_permitted: Region  # permitted after and not before

    @classmethod
    def of(
        cls,
        before: InForce,
        after: InForce,
        stated: Sequence[tuple[str, Clause]] = (),
        bodies: Mapping[str, str] | None = None,
    ) -> TextPair:
        """Return the two texts over one index.

        `stated` are principles asked of the text after, `bodies` the stated map of its organisations.
        """
        joint = joined(before.vocabulary, after.vocabulary, bodies)
        old, new = compile_together(
            space_of(joint), (before, joint.left, ()), (after, joint.right, stated)
        )
        was, now = old.permitted, new.permitted
        return cls(old, new, joint, was & ~now, now & ~was)

    def order(self, part: Region, budget: Budget) -> Order:
        """How the text after stands to the one before on a part of all uses."""
        try:
            return ORDER[
                self.some(self.newly_refused & part, budget),
                self.some(self.newly_permitted & part, budget),
            ]
        except Exhausted:
            return Order.UNFINISHED

    def some(self, region: Region, budget: Budget, box: Box | None = None) -> bool:
        """Whether the region has a use, inside a box where one is given. Raises Exhausted."""
        index = self.old.index
        return find(index, region, index.space.full if box is None else box, budget) is not None

    def held(self, pair: Pair) -> bool:
        """Whether the clause's rules hold exactly where they held."""
        return _terms(self.old, pair.was) == _terms(self.new, pair.now)

    def foreground(self) -> tuple[int, ...]:
        """The axes of the clauses that changed; where those test nothing, all that any clause tests."""
        axes: set[str] = set()
        ids = dict.fromkeys(c.id for text in (self.old, self.new) for c in text.text.clauses)
        for id in ids:
            pair = Pair(self.old.text.clause(id), self.new.text.clause(id))
            if not self.held(pair):
                rules = (*_rules(pair.was), *_rules(pair.now))
                axes |= {test.axis for rule in rules for test in tests(rule.effective)}
        return tuple(sorted(self.joint.position[a] for a in axes)) or self.old.index.axes

    def attributed_to(self, pairs: Sequence[Pair]) -> tuple[Region, Region]:
        """What is gone and what has come by changing these clauses, among all that differs."""
        alone = _with(self.old, [p.was for p in pairs], self.new, [p.now for p in pairs])
        undone = _with(self.new, [p.now for p in pairs], self.old, [p.was for p in pairs])
        was, now = self.old.permitted, self.new.permitted
        return (
            self.newly_refused & (was & ~alone | undone & ~now),
            self.newly_permitted & (alone & ~was | now & ~undone),
        )


def order(before: InForce, after: InForce, budget: Budget) -> Order:
    """How `after` stands to `before`, without the boxes: two searches for one use each."""
    return TextPair.of(before, after).order(EVERYTHING, budget)


def _rules(clause: Clause | None) -> tuple[Rule, ...]:
    return clause.rules if clause is not None and clause.kind != "principle" else ()


def _terms(text: CompiledText, clause: Clause | None) -> list[tuple[str, int]]:
    return [(rule.effect, text.terms[key(rule)]) for rule in _rules(clause)]


def _with(
    text: CompiledText,
    less: Iterable[Clause | None],
    other: CompiledText,
    more: Iterable[Clause | None],
) -> Region:
    """What a text permits with some of its clauses taken out and some of the other text put in, as they hold there."""
    out = {key(rule) for clause in less for rule in _rules(clause)}
    kept = [
        (rule.effect, text.terms[key(rule)]) for rule in text.text.rules if key(rule) not in out
    ]
    put = [pair for clause in more for pair in _terms(other, clause)]
    sides = {"permit": 0, "forbid": 0}
    for effect, terms in (*kept, *put):
        sides[effect] |= terms
    return union(sides["permit"]) & ~union(sides["forbid"])
