"""Regions: what a question is about, as sums of parts over the terms of one index.

A part is the points that lie in at least one term of each set in `within` and in no term of
`outside`; a region is the points of its parts. Parts are closed under `&`, `|` and `~`, so every
question of the house is written down as it is said, and one search (`find`) answers them all:

    permitted   = union(permits) & ~union(forbids)
    loophole    = permitted & union(principle)
    newly       = permitted_after & ~permitted_before
    idle        = union(one permit) & ~union(forbids)                  a conflict when it is empty
    matters     = union(one permit) & ~union(other permits | forbids)  a dead clause when empty
    gap         = ~union(permits | forbids)

Terms that are wanted and excluded at once are dropped when parts are made, and an index holds each
box once. So what two texts share falls away before any search: adding a forbid is proved stricter
by the algebra alone.

>>> permits, forbids, more = union(0b0011), union(0b0100), union(0b1100)
>>> before, after = permits & ~forbids, permits & ~more
>>> (after & ~before).parts
()
>>> (before & ~after).parts
(Part(within=(3, 8), outside=4),)
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct


class Part(Struct, frozen=True):
    """The points in a term of each of `within` and in none of `outside`; each is a set of terms of
    one index.
    """

    within: tuple[int, ...]
    outside: int = 0


class Region(Struct, frozen=True):
    """The points of any of its parts; of none, nothing. Made by `union`, `EVERYTHING` and the
    operators.
    """

    parts: tuple[Part, ...]

    def __or__(self, other: Region) -> Region:
        return Region(tuple(dict.fromkeys((*self.parts, *other.parts))))

    def __and__(self, other: Region) -> Region:
        met = (
            _part((*a.within, *b.within), a.outside | b.outside)
            for a in self.parts
            for b in other.parts
        )
        return Region(tuple(dict.fromkeys(part for part in met if part is not None)))

    def __invert__(self) -> Region:
        complement = EVERYTHING
        for part in self.parts:
            escapes = tuple(Part((), union) for union in part.within)
            complement &= Region(escapes + ((Part((part.outside,)),) if part.outside else ()))
        return complement

    def where(self, terms: int) -> Region:
        """The region with every other term struck out: what is left of it where only `terms` can
        hold.
        """
        parts = (
            _part(tuple(union & terms for union in part.within), part.outside & terms)
            for part in self.parts
        )
        return Region(tuple(dict.fromkeys(part for part in parts if part is not None)))


EVERYTHING = Region((Part(()),))
NOTHING = Region(())


def union(terms: int) -> Region:
    """The points in at least one term of the set."""
    return Region((Part((terms,)),)) if terms else NOTHING


@lru_cache(maxsize=64)
def permitted(permits: int, forbids: int) -> Region:
    """Where a permit holds and no forbid does. A text asks it again with every call, so it is kept."""
    return union(permits) & ~union(forbids)


def _part(within: tuple[int, ...], outside: int) -> Part | None:
    """A part in its shortest form, or None where it can have no point.

    A term that is excluded cannot help to be within; a wider set says nothing that a narrower one
    does not.
    """
    sets = dict.fromkeys(wanted & ~outside for wanted in within)
    if 0 in sets:
        return None
    narrowest = tuple(
        wanted
        for wanted in sets
        if not any(other != wanted and other & wanted == other for other in sets)
    )
    return Part(narrowest, outside)
