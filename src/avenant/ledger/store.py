"""What the sequencer asks of a store, and what it hands to one: nothing but what is needed to verify.

A store keeps, for each index, the entry's leaf and the record; the tile-level nodes; the bytes of instruments; which
decisions are still open; and one head: size and signed checkpoint. `append` does all of it or nothing.

    store.append(Change(old=head, new=head2, rows=…, nodes=…, files=…, opened=…, closed=…))

A store never repairs, retries or judges. When `append` raises, the outcome is unknown: the change may be there after
a restart or not. The caller closes the store, opens it again and reads the head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from avenant.ledger.note import Checkpoint, Signer
from avenant.ledger.tree import Frontier, Node, leaf_hash


class Head(Struct, frozen=True):
    """How far the ledger has come: its size, and the checkpoint (a signed note) of that size."""

    size: int
    checkpoint: str


class Row(msgspec.Struct, frozen=True):
    """What stands at one index: the leaf's bytes, the record's id and its canonical bytes."""

    index: int
    leaf: bytes
    id: UUID
    record: bytes


class Change(Struct, frozen=True):
    """One transaction: it takes the ledger from the head `old` to the head `new`, or does nothing."""

    old: Head
    new: Head
    rows: Sequence[Row]
    nodes: Sequence[Node] = ()
    files: Sequence[tuple[str, bytes]] = ()  # SHA-256 in hex, bytes
    opened: Sequence[int] = ()  # indexes of decisions that wait for their outcome
    closed: Sequence[int] = ()  # indexes of decisions that got it


class StoreReader(Protocol):
    """What judging, proving and looking things up read of a store. Every method may raise Unavailable."""

    @property
    def path(self) -> Path:
        """Where it is."""

    def key(self) -> str:
        """The public key that the ledger was made for."""

    def head(self) -> Head:
        """The head as it is kept."""

    def read(self, low: int, high: int) -> Iterator[Row]:
        """The rows of indexes `[low, high)`, in order."""

    def leaves(self, low: int, high: int) -> Sequence[bytes]:
        """The leaves of indexes `[low, high)`, in order, without their records."""

    def nodes(self, level: int, low: int, high: int) -> Sequence[bytes]:
        """Hashes of the tile-level nodes `[low, high)` of a level ≥ 1, in order."""

    def find(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """Index of each of these records that is kept."""

    def open_rows(self) -> Sequence[Row]:
        """The decisions without an outcome, in order."""

    def snapshot(self) -> AbstractContextManager[None]:
        """All reads inside see one moment, however a writer goes on."""

    def close(self) -> None:
        """Let go of the store, and of its lock if it has it."""


class Store(StoreReader, Protocol):
    """Where the sequencer keeps a ledger: it alone writes."""

    def append(self, change: Change) -> None:
        """Do the whole change durably, where it will be found.

        Raises Unavailable: `ledger-moved` when the head is not `change.old`, `ledger-unknown` when nothing confirms it.
        """

    def firm(self) -> bool:
        """Is what is kept at this store's name still what it writes to? Cheap, and asked by any thread."""

    def untouched(self) -> bool:
        """Is it, and has nobody else written to it since this store's last change?"""

    def torn(self) -> bool:
        """Is another store at this one's name, beside what this one wrote? Asked when it is closed, too."""

    def steady(self) -> None:
        """Make closing safe, and reading by others."""

    def rewrite(self) -> None:
        """Write the head as it is, which shows that the store can be written to."""


# Opens the store at a path for a key, alone; with a first checkpoint it is made where there is none.
OpenStore = Callable[[Path, str, str | None], Store]


def opened_store(open_store: OpenStore, path: Path, signer: Signer, new: bool) -> Store:
    """Open the store of a ledger, or make it if `new`; raises what `open_store` does."""
    empty = Checkpoint(signer.name, 0, Frontier().root())
    return open_store(path, str(signer.key), signer.sign(str(empty)) if new else None)


def hashes(store: StoreReader) -> Callable[[int, int, int], Sequence[bytes]]:
    """The tiles of a store: level 0 from its leaves, the levels above from its nodes."""

    def row(level: int, low: int, high: int) -> Sequence[bytes]:
        if level == 0:
            return [leaf_hash(leaf) for leaf in store.leaves(low, high)]
        return store.nodes(level, low, high)

    return row
