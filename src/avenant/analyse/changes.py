"""Which clauses changed, in which words, and what each change does.

Clauses of one dossier are the same by their id, which is for ever. Of two dossiers, those without a partner by id are
paired by their words, the most alike first, when they share six words in ten; the change says so. What a change does is
what is owed to it (`both`): a ban that moved from one clause to another changes no decision, in either.

    changes(both, gone, come, budget)[0].segments     # struck " intentionally"
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from avenant.agreement.types import Clause, InForce
from avenant.analyse.beside import common_language
from avenant.analyse.both import ORDER, Both, Swap
from avenant.analyse.textdiff import CODE, alike, segments, words
from avenant.analyse.types import ChangeKind, Order, TextChange
from avenant.region import Boxes, Budget, Exhausted, Region

ALIKE = 0.6  # of their words, for two clauses of two dossiers to be taken for one


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the one text and of the other; one of them may be missing."""

    swap: Swap
    by_words: bool = False

    @property
    def shown(self) -> Clause:
        """The clause that the change goes by."""
        clause = self.swap.now or self.swap.was
        assert clause is not None, "a pair has a clause"
        return clause


def changes(both: Both, gone: Boxes, come: Boxes, budget: Budget) -> tuple[TextChange, ...]:
    """The clauses that changed, in the order of the text after, repealed ones last. Within the budget, else an effect
    is `not finished`.
    """
    before, after = both.old.text, both.new.text
    language = common_language(before, after)
    pairs = tuple(paired(before, after, language))
    moved = _moved(before, pairs)
    found = []
    for pair in pairs:
        kind = _kind(both, pair, pair.shown.id in moved, language)
        if kind is not None:
            found.append(_change(both, pair, kind, pairs, language, gone, come, budget))
    return tuple(found)


def paired(before: InForce, after: InForce, language: str | None) -> Iterator[Pair]:
    """Each clause of the text after with its partner, then those of the text before that have none."""
    left = {c.id: c for c in before.clauses if after.clause(c.id) is None}
    partners: dict[str, Clause] = {}
    if before.agreement != after.agreement and language is not None:
        new = [c for c in after.clauses if before.clause(c.id) is None]
        partners = _by_words(tuple(left.values()), new, language)
    for clause in after.clauses:
        same = before.clause(clause.id)
        by_words = same is None and clause.id in partners
        yield Pair(Swap(partners[clause.id] if by_words else same, clause), by_words)
    taken = {c.id for c in partners.values()}
    yield from (Pair(Swap(clause, None)) for id, clause in left.items() if id not in taken)


def _by_words(old: Sequence[Clause], new: Sequence[Clause], language: str) -> dict[str, Clause]:
    said = {c.id: words(_prose(c, language), language) for c in (*old, *new)}
    likely = [
        (ratio, i, j)
        for i, one in enumerate(new)
        for j, other in enumerate(old)
        if (one.kind == "principle") == (other.kind == "principle")
        and (ratio := alike(said[other.id], said[one.id])) >= ALIKE
    ]
    partners: dict[str, Clause] = {}
    taken: set[int] = set()
    for _, i, j in sorted(likely, key=lambda found: (-found[0], found[1], found[2])):
        if new[i].id not in partners and j not in taken:
            partners[new[i].id] = old[j]
            taken.add(j)
    return partners


def _kind(both: Both, pair: Pair, moved: bool, language: str | None) -> ChangeKind | None:
    """What became of a clause; None when nothing did. The first that applies."""
    match pair.swap:
        case Swap(None, Clause()):
            return "inserted"
        case Swap(Clause(), None):
            return "repealed"
        case Swap(Clause() as was, Clause() as now):
            # Without a common language, the words are compared in their own: they differ.
            if _prose(was, language or "") != _prose(now, language or ""):
                return "replaced"
            if _encoding(was) != _encoding(now):
                return "encoding"
            if not both.held(pair.swap):
                return "scope"
            if moved:
                return "moved"
            if was.number != now.number:
                return "renumbered"
    return None


def _change(
    both: Both,
    pair: Pair,
    kind: ChangeKind,
    pairs: Sequence[Pair],
    language: str | None,
    gone: Boxes,
    come: Boxes,
    budget: Budget,
) -> TextChange:
    was, now, shown = pair.swap.was, pair.swap.now, pair.shown
    effect: Order | None = None
    refused: tuple[int, ...] = ()
    permitted: tuple[int, ...] = ()
    if shown.kind != "principle":
        swaps = [pair.swap, *(_redefined(both, pairs) if _defines_otherwise(pair.swap) else ())]
        going, coming = both.owed(swaps)
        try:
            effect = ORDER[both.some(going, budget), both.some(coming, budget)]
            refused = _grown_from(both, going, gone, budget)
            permitted = _grown_from(both, coming, come, budget)
        except Exhausted:
            effect = Order.UNFINISHED
    label = was.label if was is not None and was.label != shown.label else None
    return TextChange(
        shown.id,
        shown.label,
        kind,
        str(shown.at),
        label,
        pair.by_words,
        segments(_prose(was, language), _prose(now, language), language) if language else (),
        segments(_encoding(was), _encoding(now), CODE),
        effect,
        refused,
        permitted,
    )


def _grown_from(both: Both, region: Region, found: Boxes, budget: Budget) -> tuple[int, ...]:
    """The boxes that were grown from a use of the region: each box is some clause's, though boxes may overlap."""
    return tuple(i for i, b in enumerate(found.boxes) if both.some(region, budget, b.witness))


def _defines_otherwise(swap: Swap) -> bool:
    was, now = (_blocks(c, "vocabulary") for c in (swap.was, swap.now))
    return was != now


def _redefined(both: Both, pairs: Sequence[Pair]) -> Iterator[Swap]:
    """The clauses that stand as they stood and hold elsewhere by what their categories mean."""
    for pair in pairs:
        was, now = pair.swap.was, pair.swap.now
        if (
            was is not None
            and now is not None
            and was.source == now.source
            and [(r.id, r.passes) for r in was.rules] == [(r.id, r.passes) for r in now.rules]
            and not both.held(pair.swap)
        ):
            yield pair.swap


def _moved(before: InForce, pairs: Sequence[Pair]) -> set[str]:
    """The clauses out of their order: all but a longest run of those in it (C. Schensted, "Longest Increasing and
    Decreasing Subsequences", Canadian Journal of Mathematics 13, 1961).
    """
    place = {c.id: i for i, c in enumerate(before.clauses)}
    ranks = [
        (place[p.swap.was.id], p.shown.id)
        for p in pairs
        if p.swap.was is not None and p.swap.now is not None
    ]
    tails: list[int] = []  # the least last rank of a run of each length
    chains: list[tuple[str, ...]] = []
    for rank, id in ranks:
        at = bisect.bisect_left(tails, rank)
        chain = (*(chains[at - 1] if at else ()), id)
        tails[at : at + 1], chains[at : at + 1] = [rank], [chain]
    return {id for _, id in ranks} - set(chains[-1] if chains else ())


def _prose(clause: Clause | None, language: str) -> str:
    """Title, prose and reading of a clause in a language; where it has none in it, in its own."""
    if clause is None:
        return ""
    parts = (clause.prose, clause.reading or {})
    return "\n\n".join(
        (clause.title, *(t.get(language) or next(iter(t.values()), "") for t in parts))
    ).rstrip()


def _encoding(clause: Clause | None) -> str:
    """How the words of a clause are encoded: what they link to, the notes, the blocks."""
    if clause is None:
        return ""
    return "\n".join(
        (
            *(f"[{w.text}](#{w.axis}.{w.category})" for w in clause.words),
            *(choice.text for choice in clause.choices),
            *(f"{finding}: {reason}" for finding, reason in clause.accepted.items()),
            *(f"{block.language}\n{block.source}" for block in clause.blocks),
        )
    )


def _blocks(clause: Clause | None, language: str) -> tuple[str, ...]:
    blocks = clause.blocks if clause is not None else ()
    return tuple(b.source for b in blocks if b.language == language)
