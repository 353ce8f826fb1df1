"""The tree as files that anybody can fetch and check: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).

A tile holds up to 256 consecutive hashes of one level; each hash at level l+1 is that of a *full* tile at level l.
An entry bundle holds the leaves below one level-0 tile, each behind its length as a big-endian uint16.

    tile_path(0, 3, 256)        # "tile/0/003"
    tile_path(0, 1234067, 12)   # "tile/0/x001/x234/067.p/12"
    tile_path("entries", 0, 5)  # "tile/entries/000.p/5"
    tuple(tiles(257))           # level 0: one full and one of width 1; level 1: one of width 1

Tiles are derived from the store, never kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from avenant.ledger.tree import TILE_HEIGHT, Subtree, node_hash

WIDTH = 1 << TILE_HEIGHT
HASH_BYTES = 32


class Tile(Struct, frozen=True):
    """The `index`-th tile of a level, `width` hashes wide: 256, or fewer at the right edge."""

    level: int
    index: int
    width: int

    @property
    def start(self) -> int:
        """Index, in its level, of the tile's first hash."""
        return self.index * WIDTH


def tiles(size: int) -> Iterator[Tile]:
    """Every tile of a tree of `size` leaves, level by level, left to right."""
    level = 0
    while count := size >> TILE_HEIGHT * level:
        for index in range((count + WIDTH - 1) // WIDTH):
            yield Tile(level, index, min(WIDTH, count - index * WIDTH))
        level += 1


def tile_path(level: int | str, index: int, width: int) -> str:
    """Path of a tile, or of an entry bundle for the level `entries`."""
    return f"tile/{level}/{number_path(index)}" + (f".p/{width}" if width < WIDTH else "")


def number_path(index: int) -> str:
    """A number in path elements of three digits, all but the last marked with `x`: `x001/x234/067`."""
    digits = f"{index:03d}"
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def bundle(leaves: Sequence[bytes]) -> bytes:
    """An entry bundle: each leaf behind its length in two bytes."""
    return b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)


def unbundle(data: bytes) -> tuple[bytes, ...] | None:
    """The leaves of a bundle; None when a length does not fit what follows."""
    leaves, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2])
        if end > len(data):
            return None
        leaves.append(data[at + 2 : end])
        at = end
    return tuple(leaves)


def subtrees(hashes: Callable[[int, int, int], Sequence[bytes]]) -> Subtree:
    """Hashes of complete subtrees, from `hashes(level, low, high)`: those of a level's tiles.

    A subtree whose height is no multiple of 8 is hashed from at most 128 hashes of the level below it.
    """

    def subtree(height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        row = hashes(level, index << above, (index + 1) << above)
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    return subtree
