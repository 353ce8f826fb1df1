"""Which clauses a proof is about: those that have rules; of two texts, those that can be held against each other.

A clause of two texts is compared when it has rules in both, or when it was inserted or repealed whole with its rules.
Where it has a rule in one text only:

- its words are the same, or its rule is still to be written: it is *encoded on one side*. A rule that came to words
  that stood is no change of what was agreed, so the clause is left out of both texts, and listed;
- its words changed with its rule: the change is taken as made, as if the old clause were repealed and the new one
  inserted. It is listed too, for the words before may have meant what no rule said.

A text of another dossier that has no rule at all is not encoded: it is not compared, rather than taken for a text that
permits nothing.

    aligned = align(before, after)
    aligned.before, aligned.after       # the two texts without the rules that are left out
    aligned.covered                     # ("limit", "surveillance"): what any order of them is about
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.compare.pairs import Pair, common_languages, paired, passages
from avenant.analyse.types import OneSided, Side, Uncovered


def encoded(clause: Clause | None) -> bool:
    """Whether a clause binds by a rule, be it one that does not hold on this date."""
    if clause is None or clause.kind == "principle":
        return False
    return bool(clause.rules) or any(b.language == "cedar" and not b.slot for b in clause.blocks)


def covered(text: InForce) -> tuple[str, ...]:
    """The ids of the clauses that proofs on a text are about, in its order."""
    return tuple(clause.id for clause in text.clauses if encoded(clause))


def uncovered(text: InForce) -> tuple[Uncovered, ...]:
    """The clauses of a text with words and no rule; definitions are in the proof by the categories that they define."""
    return tuple(_uncovered(c) for c in text.clauses if not encoded(c) and _speaks(c))


class Aligned(Struct, frozen=True):
    """Two texts with the rules that can be compared, and which clauses those are."""

    before: InForce
    after: InForce
    covered: tuple[str, ...]
    uncovered: tuple[Uncovered, ...]
    one_sided: tuple[OneSided, ...]
    unruled: tuple[Side, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing is left to compare."""
        return not self.covered or bool(self.unruled)

    @property
    def left_out(self) -> tuple[OneSided, ...]:
        """The clauses that are encoded on one side."""
        return tuple(one for one in self.one_sided if not one.compared)

    @property
    def undecided(self) -> frozenset[str]:
        """The clauses on whose change nothing can be said: without a rule, or left out."""
        bare = (one.clause for one in self.uncovered)
        return frozenset((*bare, *(one.clause for one in self.left_out)))


def align(before: InForce, after: InForce) -> Aligned:
    """What of two texts is compared, clause by clause as `pairs` has them."""
    common = common_languages(before, after)
    pairs = [_binding(pair) for pair in paired(before, after, common)]
    pairs = [pair for pair in pairs if pair.was or pair.now]
    one_sided = tuple(_one_sided(pairs, common))
    left_out = {one.clause for one in one_sided if not one.compared}
    out = [pair for pair in pairs if pair.shown.id in left_out]
    return Aligned(
        _without(before, {pair.was.id for pair in out if pair.was}),
        _without(after, {pair.now.id for pair in out if pair.now}),
        tuple(p.shown.id for p in pairs if _any(p) and p.shown.id not in left_out),
        tuple(_uncovered(p.shown) for p in pairs if not _any(p) and _speaks(p.shown)),
        one_sided,
        _unruled(before, after),
    )


def _unruled(before: InForce, after: InForce) -> tuple[Side, ...]:
    texts: tuple[tuple[Side, InForce], ...] = (("before", before), ("after", after))
    sides = tuple(side for side, text in texts if not covered(text))
    return sides if len(sides) == 2 or before.agreement != after.agreement else ()


def _binding(pair: Pair) -> Pair:
    """The pair without what is a principle in one text: nobody is bound by it there."""
    was, now = (c if c and c.kind != "principle" else None for c in (pair.was, pair.now))
    return Pair(was, now, pair.by_words)


def _any(pair: Pair) -> bool:
    return encoded(pair.was) or encoded(pair.now)


def _one_sided(pairs: Sequence[Pair], common: Sequence[str]) -> Iterator[OneSided]:
    for pair in pairs:
        was, now = pair.was, pair.now
        if was is None or now is None or encoded(was) == encoded(now):
            continue
        ruled, bare = (was, now) if encoded(was) else (now, was)
        effects = {rule.effect for rule in ruled.rules}
        yield OneSided(
            pair.shown.id,
            pair.shown.label,
            "before" if ruled is was else "after",
            not _awaits(bare) and not _same_words(was, now, common),
            ("forbid" if ruled is was else "permit") in effects,
        )


def _awaits(clause: Clause) -> bool:
    """Whether the clause's rule is still to be written."""
    return any(block.slot for block in clause.blocks)


def _same_words(was: Clause, now: Clause, common: Sequence[str]) -> bool:
    if not common:
        return False
    said = (" ".join(" ".join(passages(clause, common[0])).split()) for clause in (was, now))
    return len(set(said)) == 1


def _speaks(clause: Clause) -> bool:
    """Whether a clause without a rule says something that a rule could."""
    return clause.kind not in ("principle", "definitions") and any(clause.prose.values())


def _uncovered(clause: Clause) -> Uncovered:
    return Uncovered(clause.id, clause.label, _awaits(clause))


def _without(text: InForce, clauses: Collection[str]) -> InForce:
    """The text without the rules of some clauses."""
    if not clauses:
        return text
    kept = (replace(c, rules=()) if c.id in clauses else c for c in text.clauses)
    return replace(text, clauses=tuple(kept))
