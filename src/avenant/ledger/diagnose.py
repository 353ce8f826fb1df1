"""Finds out which of several witnesses to a tree is right, when they do not agree.

A ledger holds each leaf hash several times over: as the hash of the entry, of the entry that the record gives, and in
a copy as a tile's hash. A column is one witness's list, None where it has nothing. The root that was signed decides:

    truth(root, [entries, tiles, records])    # the hashes that give the root; None when no combination is found

so that a damage is named where it is, and not where it shows. Knows no records, files or messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import prod

from avenant.ledger.tiles import WIDTH
from avenant.ledger.tree import Frontier

Column = Sequence[bytes | None]

# Hashes that a search may cost: about two seconds.
_BUDGET = 1 << 22


def root_of(column: Sequence[bytes]) -> bytes:
    """The root of a tree with these leaf hashes."""
    return Frontier().extended(column)[0].root()


def whole(column: Column) -> list[bytes] | None:
    """The column, when nothing is missing from it."""
    hashes = [hash for hash in column if hash is not None]
    return hashes if len(hashes) == len(column) else None


def truth(root: bytes, columns: Sequence[Column], level1: Column = ()) -> list[bytes] | None:
    """The leaf hashes under `root`, from columns of equal length; `level1`: hashes of the full tiles, as kept.

    Tried in order: each column, what most columns say, each mixture of what they say, and two leaves swapped.
    """
    size = len(columns[0])
    if size == 0:
        return [] if root_of([]) == root else None
    values = [
        list(dict.fromkeys(v for v in at if v is not None)) for at in zip(*columns, strict=True)
    ]
    if not all(values):
        return None
    for column in columns:
        if (hashes := whole(column)) is not None and root_of(hashes) == root:
            return hashes
    majority = [
        max(own, key=at.count) for own, at in zip(values, zip(*columns, strict=True), strict=True)
    ]
    if root_of(majority) == root:
        return majority
    if prod(len(own) for own in values if len(own) > 1) * size <= _BUDGET:
        for mixture in product(*values):
            if root_of(mixture) == root:
                return list(mixture)
    return _unswapped(root, majority, level1)


def swaps(column: Column, right: Sequence[bytes | None]) -> Iterator[tuple[int, int]]:
    """Pairs of places whose hashes stand in each other's place."""
    wrong = {hash: at for at, hash in enumerate(column) if hash is not None and hash != right[at]}
    for hash, at in wrong.items():
        # The place that `at` should hold, holds it elsewhere: only a mutual exchange counts.
        expected = right[at]
        other = wrong.get(expected) if expected is not None else None
        if other is not None and at < other and right[other] == hash:
            yield at, other


def _unswapped(root: bytes, leaves: list[bytes], level1: Column) -> list[bytes] | None:
    """The leaves with two of them exchanged, if that gives the root; only within one tile."""
    full = len(leaves) // WIDTH
    tiles = [root_of(leaves[at * WIDTH : (at + 1) * WIDTH]) for at in range(full)]
    tail = leaves[full * WIDTH :]
    wrong = [at for at, (hash, kept) in enumerate(zip(tiles, level1, strict=False)) if hash != kept]
    where = wrong[0] if wrong else full
    if where < full:
        target, low = level1[where], where * WIDTH
        tile = leaves[low : low + WIDTH]
    else:
        target, low, tile = None, full * WIDTH, tail

    above = Frontier().extended(tiles)[0]
    for first, second in sorted(combinations(range(len(tile)), 2), key=lambda p: p[1] - p[0]):
        tile[first], tile[second] = tile[second], tile[first]
        if target is not None:
            found = root_of(tile) == target
        else:
            edge = Frontier().extended(tile)[0]
            found = Frontier(len(leaves), above.peaks + edge.peaks).root() == root
        if found:
            mended = [*leaves[:low], *tile, *leaves[low + len(tile) :]]
            return mended if root_of(mended) == root else None
        tile[first], tile[second] = tile[second], tile[first]
    return None
