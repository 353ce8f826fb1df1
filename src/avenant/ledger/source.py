"""The two things that can be verified, an open store and an exported copy, brought to one shape.

A source gives what it holds for a ledger of `size` entries, None where it has nothing, and collects faults: what is
wrong with the files themselves. It judges nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

from avenant.ledger.read import Folder, records_path
from avenant.ledger.tiles import HASH_BYTES, WIDTH, Tile, tile_path, tiles, unbundle

if TYPE_CHECKING:
    from avenant.ledger.store_sqlite import SqliteStore


class Fault(NamedTuple):
    """Something wrong with a file of a copy, or with the store as a whole."""

    code: str
    file: str
    detail: str = ""


class KeptRecord(NamedTuple):
    """The record kept for an entry; `id` where the source keeps it beside the record."""

    id: UUID | None
    record: bytes | None


class Source(Protocol):
    """What a verification reads."""

    faults: dict[Fault, None]  # a set that keeps its order

    def key(self) -> bytes | None:
        """The public key and a newline."""

    def checkpoint(self) -> bytes | None:
        """The signed note."""

    def size(self) -> int | None:
        """The size kept beside the checkpoint; None for a source that keeps none."""

    def estimated_size(self) -> int:
        """How many entries there seem to be, whatever the checkpoint says."""

    def leaves(self, size: int) -> list[bytes | None]:
        """The leaf of each entry."""

    def leaf_hashes(self, size: int) -> list[bytes | None] | None:
        """The hash of each leaf as a tile keeps it; None for a source that keeps none."""

    def nodes(self, size: int) -> Mapping[Tile, list[bytes | None]]:
        """The hashes of each tile above level 0."""

    def records(self, size: int) -> Iterator[KeptRecord]:
        """The record of each entry."""

    def file(self, digest: str) -> bytes | None:
        """The bytes kept under a SHA-256 in hex."""

    def waiting(self) -> frozenset[int] | None:
        """The indexes kept as open decisions; None for a source that keeps none."""

    def finish(self) -> None:
        """Add what nobody asked for to the faults."""


class StoreSource:
    """A SQLite store that holds still."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.faults: dict[Fault, None] = {}
        self._files: set[str] = set()

    def key(self) -> bytes | None:
        """See `Source.key`."""
        return f"{self._store.key()}\n".encode()

    def checkpoint(self) -> bytes | None:
        """See `Source.checkpoint`."""
        return self._store.head().checkpoint.encode()

    def size(self) -> int | None:
        """See `Source.size`."""
        return self._store.head().size

    def estimated_size(self) -> int:
        """See `Source.estimated_size`."""
        return self._store.last() + 1

    def leaves(self, size: int) -> list[bytes | None]:
        """See `Source.leaves`."""
        leaves: list[bytes | None] = [None] * size
        for row in self._store.read(0, size):
            leaves[row.index] = row.leaf
        return leaves

    def leaf_hashes(self, size: int) -> list[bytes | None] | None:
        """See `Source.leaf_hashes`: a store keeps none."""
        return None

    def nodes(self, size: int) -> Mapping[Tile, list[bytes | None]]:
        """See `Source.nodes`."""
        found = {}
        for tile in tiles(size):
            if tile.level:
                kept = dict(self._store.node_rows(tile.level, tile.start, tile.start + tile.width))
                found[tile] = [kept.get(tile.start + at) for at in range(tile.width)]
        return found

    def records(self, size: int) -> Iterator[KeptRecord]:
        """See `Source.records`."""
        at = 0
        for row in self._store.read(0, size):
            while at < row.index:
                at += 1
                yield KeptRecord(None, None)
            at += 1
            yield KeptRecord(row.id, row.record)
        yield from (KeptRecord(None, None) for _ in range(at, size))

    def file(self, digest: str) -> bytes | None:
        """See `Source.file`."""
        self._files.add(digest)
        return self._store.file(digest)

    def waiting(self) -> frozenset[int] | None:
        """See `Source.waiting`."""
        return frozenset(self._store.waiting())

    def finish(self) -> None:
        """See `Source.finish`."""
        for digest in self._store.files():
            if digest not in self._files:
                self.faults[Fault("extra-file", f"sha256:{digest}")] = None
        for detail in self._store.problems():
            self.faults[Fault("store", self._store.path.name, detail)] = None


class CopySource:
    """A folder as `export` writes it."""

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self.faults: dict[Fault, None] = {}

    def key(self) -> bytes | None:
        """See `Source.key`."""
        return self._read("key")

    def checkpoint(self) -> bytes | None:
        """See `Source.checkpoint`."""
        return self._read("checkpoint")

    def size(self) -> int | None:
        """See `Source.size`: a copy keeps none."""
        return None

    def estimated_size(self) -> int:
        """See `Source.estimated_size`: by the names of the entry bundles."""
        full = 0
        while tile_path("entries", full, WIDTH) in self._folder.names:
            full += 1
        for width in reversed(range(1, WIDTH)):
            if tile_path("entries", full, width) in self._folder.names:
                return full * WIDTH + width
        return full * WIDTH

    def leaves(self, size: int) -> list[bytes | None]:
        """See `Source.leaves`."""
        leaves: list[bytes | None] = []
        for tile in tiles(size):
            if tile.level == 0:
                path = tile_path("entries", tile.index, tile.width)
                data = self._read(path)
                found = None if data is None else unbundle(data)
                if data is not None and found is None:
                    self.faults[Fault("cut-file", path)] = None
                leaves += self._fitted(path, found, tile.width)
        return leaves

    def leaf_hashes(self, size: int) -> list[bytes | None] | None:
        """See `Source.leaf_hashes`."""
        hashes: list[bytes | None] = []
        for tile in tiles(size):
            if tile.level == 0:
                hashes += self._tile(tile)
        return hashes

    def nodes(self, size: int) -> Mapping[Tile, list[bytes | None]]:
        """See `Source.nodes`."""
        return {tile: self._tile(tile) for tile in tiles(size) if tile.level}

    def records(self, size: int) -> Iterator[KeptRecord]:
        """See `Source.records`."""
        for tile in tiles(size):
            if tile.level == 0:
                path = records_path(tile.index)
                data = self._read(path)
                lines = None if data is None else tuple(data.split(b"\n"))
                if lines is not None:
                    if lines[-1]:
                        self.faults[Fault("cut-file", path)] = None
                    else:
                        lines = lines[:-1]
                yield from (
                    KeptRecord(None, line) for line in self._fitted(path, lines, tile.width)
                )

    def file(self, digest: str) -> bytes | None:
        """See `Source.file`."""
        name = f"instruments/{digest}"
        return self._folder.read(name)

    def waiting(self) -> frozenset[int] | None:
        """See `Source.waiting`: a copy keeps none."""
        return None

    def finish(self) -> None:
        """See `Source.finish`."""
        for name in sorted(self._folder.left):
            # A stranger chose the name: what a terminal could obey, or no text can hold, is written out.
            self.faults[Fault("extra-file", name if name.isprintable() else ascii(name))] = None

    def _read(self, name: str) -> bytes | None:
        data = self._folder.read(name)
        if data is None:
            self.faults[Fault("missing-file", name)] = None
        return data

    def _tile(self, tile: Tile) -> list[bytes | None]:
        path = tile_path(tile.level, tile.index, tile.width)
        data = self._read(path)
        if data is None:
            return [None] * tile.width
        hashes = tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
        return self._fitted(path, hashes, tile.width)

    def _fitted(self, path: str, found: tuple[bytes, ...] | None, width: int) -> list[bytes | None]:
        """What a file holds, made as long as it should be; a file of another length is a fault."""
        if found is not None and len(found) != width:
            self.faults[Fault("wrong-count", path, f"{len(found)} ≠ {width}")] = None
        found = found or ()
        return [*found[:width], *[None] * (width - len(found))]
