"""Finds out which of several witnesses to a tree is right, when they do not agree.

A ledger holds each leaf hash several times over: as the hash of the entry, of the entry that the record gives, and in
a copy as a tile's hash. A column is one witness's list, None where it has nothing. The root that was signed decides:

    truth(root, [entries, tiles, records])    # the hashes that give the root; None when no combination is found

so that a damage is named where it is, and not where it shows. Knows no records, files or messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from avenant.ledger.tiles import WIDTH
from avenant.ledger.tree import Frontier, node_hash

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
    """The leaves with two of them exchanged, if that gives the root.

    Searched only where the kept tiles point: in one wrong tile, between two, or between one and the right edge.
    """
    full = len(leaves) // WIDTH
    spans = [range(at * WIDTH, (at + 1) * WIDTH) for at in range(full)]
    spans.append(range(full * WIDTH, len(leaves)))
    tiles = [root_of([leaves[at] for at in span]) for span in spans[:-1]]
    wrong = [at for at, (hash, kept) in enumerate(zip(tiles, level1, strict=False)) if hash != kept]
    first = wrong[0] if wrong else full
    others = {first, wrong[1] if len(wrong) > 1 else full}
    above = Frontier().extended(tiles)[0]
    tile = _Tile(leaves, spans[first])
    for one in spans[first]:
        for other in (at for span in others for at in spans[span] if at != one):
            hash = tile.root({one: leaves[other], other: leaves[one]})
            if first == full:
                found = Frontier(len(leaves), (*above.peaks, hash)).root() == root
            else:
                found = hash == level1[first]
            if found:
                mended = [*leaves]
                mended[one], mended[other] = leaves[other], leaves[one]
                return mended if root_of(mended) == root else None
    return None


class _Tile:
    """A part of the leaves whose root is asked for again and again, with a leaf or two changed."""

    def __init__(self, leaves: Sequence[bytes], span: range) -> None:
        self._leaves = leaves
        self._span = span
        self._known: dict[tuple[int, int], bytes] = {}

    def root(self, changed: Mapping[int, bytes]) -> bytes:
        """The root with these leaves in place of those at their indexes."""

        def hash(low: int, high: int) -> bytes:
            same = not any(low <= at < high for at in changed)
            if same and (known := self._known.get((low, high))):
                return known
            if high - low == 1:
                return changed.get(low, self._leaves[low])
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            found = node_hash(hash(low, middle), hash(middle, high))
            if same:
                self._known[low, high] = found
            return found

        return hash(self._span.start, self._span.stop)
