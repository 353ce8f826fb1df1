"""Looking into a ledger without owning it: some records, or the receipt of one entry.

    records(Path("ledger.db"), last=20)           # [(41, Record(…)), …]; of a copy's folder too
    receipt(Path("ledger.db"), 14)                # for whoever holds the public key and nothing else

Nothing is verified here, and a record that cannot be read is left to the verifier to name.
"""

from __future__ import annotations

from pathlib import Path

from avenant.errors import InputError
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import Record
from avenant.ledger.sequencer import prove
from avenant.ledger.source import CopySource, Source, StoreSource
from avenant.ledger.store_sqlite import SqliteStore
from avenant.messages import say


def records(path: Path, entry: int | None = None, last: int = 20) -> list[tuple[int, Record]]:
    """One entry, or the last ones, with their indexes; raises InputError `no-entry` or for no ledger."""
    if path.is_dir():
        return _records(CopySource(path), entry, last)
    store = SqliteStore.look(path)
    try:
        with store.still():
            return _records(StoreSource(store), entry, last)
    finally:
        store.close()


def receipt(path: Path, entry: int) -> Receipt:
    """The receipt of an entry of a ledger that may be growing; raises InputError `no-entry` or for no ledger."""
    store = SqliteStore.look(path)
    try:
        return prove(store, entry)
    finally:
        store.close()


def _records(source: Source, entry: int | None, last: int) -> list[tuple[int, Record]]:
    size = source.guess()
    if entry is not None and not 0 <= entry < size:
        raise InputError("no-entry", say("ledger.no-entry", index=entry, size=size))
    wanted = range(size - min(last, size), size) if entry is None else range(entry, entry + 1)
    found: list[tuple[int, Record]] = []
    for index, kept in enumerate(source.records(size)):
        if index in wanted and kept.record is not None:
            found.append((index, Record.parse(kept.record)))
    return found
