"""Is this store the ledger that its key signed, and has it all that somebody has seen of it?

- The key that the store was made for is ours, and signed its checkpoint.
- The tree that it keeps has the root that the checkpoint names.
- It begins with each tree that was seen before: else it is an older copy, or another history by the same key.
- Of the last entries, all if there are no more: each record has its one spelling and is the one that its entry commits
  to; times do not go back; and the entries before them, by their nodes, together with these give the signed root.

Older records are not read here; `verify` reads them.

    judge(store, signer.key, [Tree(1200, root)], last=10_000).checked      # how many entries were verified
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from avenant.errors import InputError
from avenant.ledger.faults import behind, damaged, other_key
from avenant.ledger.note import Checkpoint, VerifierKey
from avenant.ledger.record import Record
from avenant.ledger.store import Head, StoreReader, hashes
from avenant.ledger.tiles import subtrees
from avenant.ledger.tree import Frontier, leaf_hash


class Tree(NamedTuple):
    """How far somebody has seen a ledger: its first entries, and their root."""

    size: int
    root: bytes


class Judged(NamedTuple):
    """A store that is sound: its head, its tree, the time of its last record in ns, and how many entries were read."""

    head: Head
    tree: Frontier
    last: int
    checked: int


def judge(store: StoreReader, key: VerifierKey, seen: Iterable[Tree] = (), last: int = 1) -> Judged:
    """Judge a store by its last entries, at about 50 µs an entry.

    Raises InputError `other-ledger-key`; Unavailable `ledger-damaged`, `ledger-behind`.
    """
    path = store.path
    with store.snapshot():
        if (own := store.key()) != str(key):
            raise other_key(path, own)
        try:
            head = store.head()
            signed = Checkpoint.opened(head.checkpoint, key)
            start = max(0, head.size - last)
            time, leaves = _read(store, start, head.size)
            tree, _ = _frontier(store, start).extended(leaves)
        except (InputError, IndexError, ValueError):
            raise damaged(path) from None
        if (signed.size, signed.root) != (head.size, tree.root()) or tree.size != head.size:
            raise damaged(path)
        for size, root in seen:
            if not _begins_with(store, size, root):
                raise behind(path, size)
    return Judged(head, tree, time, len(leaves))


def _read(store: StoreReader, start: int, size: int) -> tuple[int, list[bytes]]:
    """The time of the last entry, 0 without one, and the hashes of the leaves; raises ValueError or InputError."""
    leaves: list[bytes] = []
    time = 0
    for index, row in enumerate(store.read(start, size), start):
        record = Record.parse(row.record)
        if (row.index, row.id, row.leaf) != (index, record.id, record.entry().leaf()):
            raise ValueError(index)
        if record.at < time:
            raise ValueError(index)
        time = record.at
        leaves.append(leaf_hash(row.leaf))
    return time, leaves


def _begins_with(store: StoreReader, size: int, root: bytes) -> bool:
    try:
        return _frontier(store, size).root() == root
    except IndexError:
        return False


def _frontier(store: StoreReader, size: int) -> Frontier:
    return Frontier.of(size, subtrees(hashes(store)))
