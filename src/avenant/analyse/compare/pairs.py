"""Which clause of one text is which of the other, and the words of each that are held against each other.

Clauses of one dossier are the same by their id, which is for ever. Of two dossiers, those without a partner by id are
paired by their words, the most alike first, when they share six words in ten (`by_words`).

    for pair in paired(before, after, common_languages(before, after)): ...
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.agreement.types import Clause, InForce
from avenant.analyse.compare.textdiff import alike, words
from avenant.languages import LANGUAGES

ALIKE = 0.6  # of their words, for two clauses of two dossiers to be taken for one


class Pair(Struct, frozen=True):
    """A clause of the text before and one of the text after; one of them may be missing."""

    was: Clause | None
    now: Clause | None
    by_words: bool = False

    @property
    def shown(self) -> Clause:
        """The clause that the pair goes by: that of the text after, where there is one."""
        clause = self.now or self.was
        assert clause is not None, "a pair has a clause"
        return clause

    def differs(self, language: str) -> bool:
        """Whether the words are others in a language; where a clause has none in it, its own count."""
        return passages(self.was, language) != passages(self.now, language)


def common_languages(before: InForce, after: InForce) -> tuple[str, ...]:
    """The languages in which every clause of both has words, those that they are written in first."""
    clauses = (*before.clauses, *after.clauses)
    own = (after.language, before.language)
    return tuple(
        language
        for language in dict.fromkeys((*own, *LANGUAGES))
        if all(language in clause.prose for clause in clauses)
    )


def paired(before: InForce, after: InForce, common: Sequence[str]) -> Iterator[Pair]:
    """Each clause of the text after with its partner, then those of the text before that have none."""
    left = {c.id: c for c in before.clauses if after.clause(c.id) is None}
    partners: dict[str, Clause] = {}
    if before.agreement != after.agreement and common:
        new = [c for c in after.clauses if before.clause(c.id) is None]
        partners = _by_words(tuple(left.values()), new, common[0])
    for clause in after.clauses:
        same = before.clause(clause.id)
        by_words = same is None and clause.id in partners
        yield Pair(partners[clause.id] if by_words else same, clause, by_words)
    taken = {c.id for c in partners.values()}
    yield from (Pair(clause, None) for id, clause in left.items() if id not in taken)


def _by_words(old: Sequence[Clause], new: Sequence[Clause], language: str) -> dict[str, Clause]:
    said = {c.id: words(" ".join(passages(c, language)), language) for c in (*old, *new)}
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


def moved(before: InForce, pairs: Sequence[Pair]) -> set[str]:
    """The clauses out of their order: all but a longest run of those in it (C. Schensted, "Longest Increasing and
    Decreasing Subsequences", Canadian Journal of Mathematics 13, 1961).
    """
    place = {c.id: i for i, c in enumerate(before.clauses)}
    ranks = [
        (place[p.was.id], p.shown.id) for p in pairs if p.was is not None and p.now is not None
    ]
    tails: list[int] = []  # the least last rank of a run of each length
    chains: list[tuple[str, ...]] = []
    for rank, id in ranks:
        at = bisect.bisect_left(tails, rank)
        chain = (*(chains[at - 1] if at else ()), id)
        tails[at : at + 1], chains[at : at + 1] = [rank], [chain]
    return {id for _, id in ranks} - set(chains[-1] if chains else ())


def passages(clause: Clause | None, language: str) -> tuple[str, str, str]:
    """Title, prose and reading of a clause in a language; where it has none in it, in its own."""
    if clause is None:
        return "", "", ""
    translation = clause.translations.get(language)
    prose, reading = (
        text.get(language) or next(iter(text.values()), "")
        for text in (clause.prose, clause.reading or {})
    )
    return translation.title if translation else clause.title, prose, reading


def encoding(clause: Clause | None) -> str:
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
