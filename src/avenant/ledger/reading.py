"""What can be read of an open ledger while its sequencer writes: by any thread, over a connection of its own.

reading = Reading(Path("ledger.db"))
reading.record(14), reading.prove(14), reading.lasting()
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from uuid import UUID

from avenant.errors import InputError
from avenant.languages import say
from avenant.ledger.inspection import no_entry, prove
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import Record
from avenant.ledger.store_sqlite import SqliteStore


class Reading:
    """A ledger as its own readers see it: durable entries only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = SqliteStore.inspect(path)
        self._reading = Lock()

    def open_decisions(self) -> tuple[UUID, ...]:
        """Decisions that are durable and have no outcome yet, oldest first."""
        with self._reading:
            return tuple(row.id for row in self._reader.open_rows())

    def lasting(self) -> tuple[Record, ...]:
        """The records whose id is made of what they say (`content_id`): found without reading the others."""
        with self._reading:
            return tuple(Record.parse(row.record) for row in self._reader.lasting())

    def find(self, id: UUID) -> int:
        """The index of the record with this id; raises InputError `no-entry`."""
        with self._reading:
            found = self._reader.find((id,))
        if id not in found:
            raise InputError("no-entry", say("ledger.no-record", id=id), None, None)
        return found[id]

    def prove(self, index: int) -> Receipt:
        """The receipt of an entry, with its path to the latest checkpoint; raises InputError `no-entry`."""
        with self._reading:
            return prove(self._reader, index)

    def record(self, index: int) -> Record:
        """The private record at an index; raises InputError `no-entry`."""
        with self._reading:
            for row in self._reader.read(index, index + 1):
                return Record.parse(row.record)
            size = self._reader.head().size
        raise no_entry(index, size)

    def leave(self) -> None:
        """Let go of the connection; `again` takes it up."""
        with self._reading:
            self._reader.close()

    def again(self) -> None:
        """Read what is at the path now."""
        with self._reading:
            self._reader.close()
            self._reader = SqliteStore.inspect(self._path)
