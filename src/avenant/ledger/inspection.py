"""Looking into a ledger without owning it: some records, or the receipt of one entry.

    records(Path("ledger.db"), last=20)           # [(41, Record(…)), …]; of a copy's folder too
    receipt(Path("ledger.db"), 14)                # for whoever holds the public key and nothing else

Nothing is verified here, and a record that cannot be read is left to the verifier to name.
"""

from __future__ import annotations

from pathlib import Path

from avenant.errors import InputError, Unavailable
from avenant.languages import say
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import Entry, Record
from avenant.ledger.source import CopySource, Source, StoreSource
from avenant.ledger.store import StoreReader, hashes
from avenant.ledger.store_sqlite import SqliteStore
from avenant.ledger.tiles import subtrees
from avenant.ledger.tree import inclusion


def records(path: Path, entry: int | None = None, last: int = 20) -> list[tuple[int, Record]]:
    """One entry, or the last ones, with their indexes; raises InputError `no-entry` or for no ledger."""
    if path.is_dir():
        return _records(CopySource(path), entry, last)
    store = SqliteStore.inspect(path)
    try:
        with store.snapshot():
            return _records(StoreSource(store), entry, last)
    finally:
        store.close()


def lasting(path: Path) -> list[Record]:
    """The records whose id is made of what they say (`content_id`); raises InputError for no ledger."""
    store = SqliteStore.inspect(path)
    try:
        return [Record.parse(row.record) for row in store.lasting()]
    finally:
        store.close()


def receipt(path: Path, entry: int) -> Receipt:
    """The receipt of an entry of a ledger that may be growing; raises InputError `no-entry` or for no ledger."""
    store = SqliteStore.inspect(path)
    try:
        return prove(store, entry)
    finally:
        store.close()


def prove(store: StoreReader, index: int) -> Receipt:
    """The receipt of an entry, from a store that may be growing.

    Raises InputError `no-entry`; Unavailable `ledger-damaged` when the store lacks what the path is made of.
    """
    with store.snapshot():
        head = store.head()
        if not 0 <= index < head.size:
            raise no_entry(index, head.size)
        try:
            (leaf,) = store.leaves(index, index + 1)
            path = inclusion(index, head.size, subtrees(hashes(store)))
        except (IndexError, ValueError):
            raise Unavailable(
                "ledger-damaged",
                say("ledger.damaged", path=store.path),
                None,
                say("ledger.damaged-hint"),
            ) from None
    return Receipt(Entry(leaf[0], leaf[1:]), index, path, head.checkpoint)


def no_entry(index: int, size: int) -> InputError:
    """The error for an index outside the ledger."""
    return InputError(
        "no-entry",
        say("ledger.no-entry", index=index, size=size),
        None,
        say("ledger.no-entry-hint"),
    )


def _records(source: Source, entry: int | None, last: int) -> list[tuple[int, Record]]:
    size = source.estimated_size()
    if entry is not None and not 0 <= entry < size:
        raise no_entry(entry, size)
    wanted = range(size - min(last, size), size) if entry is None else range(entry, entry + 1)
    found: list[tuple[int, Record]] = []
    for index, kept in enumerate(source.records(size)):
        if index in wanted and kept.record is not None:
            found.append((index, Record.parse(kept.record)))
    return found
