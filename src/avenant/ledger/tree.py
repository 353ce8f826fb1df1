"""The Merkle tree of RFC 6962: hashing, inclusion and consistency proofs, and a tree head that grows.

What it enforces: a tree head commits to every leaf, its order and their number. A leaf is hashed as
`SHA-256(0x00 || leaf)`, an inner node as `SHA-256(0x01 || left || right)`, so that no node passes for a leaf; a tree
of n leaves is split at the largest power of two below n. Proofs are those of RFC 9162 §2.1.3 and §2.1.4.

    head = Frontier()
    head, nodes = head.extended([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])
    head.root()                                        # 32 bytes
    path = inclusion(2, 3, subtrees)                   # subtrees: hashes of complete subtrees, wherever they are kept
    check_inclusion(leaf_hash(b"c"), 2, 3, path, head.root())    # True

Pure: nothing here reads or stores. All hashes are 32 bytes; indexes count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from msgspec import Struct

#: Hashes of a tile (C2SP tlog-tiles): a tile is a subtree of height 8.
TILE_HEIGHT = 8

#: Hash of the complete subtree of `height` that is the `index`-th of that height: leaves
#: `[index << height, (index + 1) << height)`.
Subtree = Callable[[int, int], bytes]


class Node(Struct, frozen=True):
    """The hash of the `index`-th complete subtree of 256^`level` leaves; `level` counts from 1."""

    level: int
    index: int
    hash: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf's bytes (RFC 6962 §2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier(Struct, frozen=True):
    """A growing tree, kept as the roots of its complete subtrees: at most log2(size) hashes.

    `peaks` stand largest first, one for each bit set in `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> tuple[Frontier, tuple[Node, ...]]:
        """The tree with these leaf *hashes* added, and the tile-level nodes that they complete."""
        size, peaks, nodes = self.size, list(self.peaks), []
        for hash in leaves:
            index, height = size, 0
            # As in binary counting: each carry joins two complete subtrees of equal height.
            while index & 1:
                hash = node_hash(peaks.pop(), hash)
                index >>= 1
                height += 1
                if height % TILE_HEIGHT == 0:
                    nodes.append(Node(height // TILE_HEIGHT, index, hash))
            peaks.append(hash)
            size += 1
        return Frontier(size, tuple(peaks)), tuple(nodes)

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves; the hash of nothing for an empty tree."""
        if not self.peaks:
            return sha256(b"").digest()
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root

    @classmethod
    def of(cls, size: int, subtree: Subtree) -> Frontier:
        """The frontier of a tree that is already kept somewhere."""
        heights = [h for h in reversed(range(size.bit_length())) if size >> h & 1]
        return cls(size, tuple(subtree(h, (size >> h) - 1) for h in heights))


def inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """The audit path of leaf `index` among the first `size` leaves, its sibling first (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(index)

    def path(at: int, low: int, high: int) -> tuple[bytes, ...]:
        if high - low == 1:
            return ()
        middle = low + _split(high - low)
        if at < middle:
            return (*path(at, low, middle), _hash(middle, high, subtree))
        return (*path(at, middle, high), _hash(low, middle, subtree))

    return path(index, 0, size)


def consistency(old: int, new: int, subtree: Subtree) -> tuple[bytes, ...]:
    """Proof that the tree of the first `old` leaves is a prefix of that of the first `new` (RFC 9162 §2.1.4.1)."""
    if not 0 < old <= new:
        raise IndexError(old)

    def proof(end: int, low: int, high: int, whole: bool) -> tuple[bytes, ...]:
        if end == high:
            return () if whole else (_hash(low, high, subtree),)
        middle = low + _split(high - low)
        if end <= middle:
            return (*proof(end, low, middle, whole), _hash(middle, high, subtree))
        return (*proof(end, middle, high, False), _hash(low, middle, subtree))

    return proof(old, 0, new, True)


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does the path lead from this leaf *hash*, at `index` of `size`, to the root? (RFC 9162 §2.1.3.2)"""
    if not 0 <= index < size:
        return False
    position, last, hash = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            hash = node_hash(step, hash)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            hash = node_hash(hash, step)
        position >>= 1
        last >>= 1
    return last == 0 and hash == root


def check_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Is the tree of `old_root` a prefix of that of `new_root`? (RFC 9162 §2.1.4.2)"""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:  # everything grows out of nothing
        return not proof and old_root == Frontier().root()
    if not 0 < old < new or not proof:
        return False
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            second = node_hash(second, step)
        position >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hash(low: int, high: int, subtree: Subtree) -> bytes:
    """Merkle tree hash of leaves `[low, high)`.

    INVARIANT: `low` is a multiple of the smallest power of two that holds the range; each cut keeps it so.
    """
    size = high - low
    if size & (size - 1) == 0:
        height = size.bit_length() - 1
        return subtree(height, low >> height)
    middle = low + _split(size)
    return node_hash(_hash(low, middle, subtree), _hash(middle, high, subtree))
