"""What the gateway looks at while it runs, a few times a second: the files of the dossier and of its connections.

- A change in a file is read at once. What is new is recorded first, and counts from its record.
- What the ledger knows as agreed and the folder lacks stops every call of the dossier; a connection's missing file
  stops that connection; a public statement that is missing or changed stops nothing. All of it is recorded and told.
- What is no regular file, and whatever else stops nothing, is told with its name.

    watch = Watch(folder, "openai-dow", config, ledger, texts, keeper, upstream, tell)
    watch.inspect()            # raises nothing; `texts.fault` says what keeps the dossier from being served
    watch.connections          # those that may call now
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from avenant.agreement.types import Dossier
from avenant.consent.status import status
from avenant.consent.types import InstrumentStatus, Status
from avenant.errors import AvenantError, InputError, Unavailable
from avenant.gateway.clock import Clock, moment
from avenant.gateway.config import Config
from avenant.gateway.entries import (
    attestation_entry,
    connection_entry,
    connections_of,
    instrument_entry,
    statement_entries,
    statements_of,
)
from avenant.gateway.known import (
    BY_RECORD,
    BY_SIGNATURES,
    effects,
    known_in,
    known_of,
    lacks,
    rolled_back,
    unrecorded,
)
from avenant.gateway.read import Folder, Stamp, config_at
from avenant.gateway.standing import Connection, Connections, arranged, read_connections
from avenant.gateway.texts import TextSchedule
from avenant.gateway.upstream import HttpUpstream
from avenant.languages import say
from avenant.ledger.item import Item
from avenant.ledger.sequencer import Ledger
from avenant.source.diagnostics import Diagnostics

log = logging.getLogger(__name__)

Tell = Callable[[str], None]


class Watch:
    """Keeps what serves one dossier as its files, its ledger and the clocks say."""

    def __init__(
        self,
        folder: Folder,
        agreement: str,
        config: Config,
        ledger: Ledger,
        texts: TextSchedule,
        now: Clock,
        upstream: HttpUpstream,
        tell: Tell,
        settings: Path | None = None,
    ) -> None:
        records = ledger.lasting()
        self._folder, self._agreement, self._config = folder, agreement, config
        self._ledger, self._texts, self._now, self._tell = ledger, texts, now, tell
        self._upstream = upstream
        self._settings = (
            settings  # the configuration's file: its connections and upstream may change
        )
        self._known = known_of(records, agreement)
        self._statements = statements_of(records, agreement)
        self._before = connections_of(records)
        self.connections = Connections()
        self._stamp: Stamp | None = None
        self._aside: tuple[InputError, ...] = ()
        self._told: frozenset[str] = frozenset()

    @property
    def aside(self) -> tuple[InputError, ...]:
        """What is wrong in the folder and stops nothing that is agreed."""
        return (*self._aside, *self._texts.aside)

    def inspect(self) -> bool:
        """Read what has changed, record it, and let it count; True when another text is served, or another fault."""
        now = moment(self._now())
        stamp = self._folder.stamp(self._further())
        if stamp == self._stamp and self._texts.fault is None:
            return self._texts.refresh(now)
        self._stamp, faults = stamp, Diagnostics()
        changed = self._take_dossier(faults)
        self._take_statements()
        self._take_connections(faults)
        self._aside = tuple(faults.found)
        self._tell_aside()
        return changed

    def _further(self) -> list[Path]:
        """The configuration's file, and the attestations that it names, wherever they are."""
        entries = self._config.connections or ()
        named = [entry.attestation for entry in entries if entry.attestation is not None]
        return named if self._settings is None else [self._settings, *named]

    # ---- the dossier

    def recall(self) -> None:
        """Serve what the ledger knows already, before anything new is recorded or a clock is believed."""
        read = self._read(Diagnostics())
        if read is not None:
            self._texts.take(read[0], effects(self._known), moment(self._now()))

    def _take_dossier(self, aside: Diagnostics) -> bool:
        """Read the dossier, record what is newly agreed, and serve it; True when that changes anything."""
        before = self._texts.fault
        read = self._read(aside)
        if read is None:
            return before is None or str(before) != str(self._texts.fault)
        self._record_agreed(*read)
        return self._texts.take(read[0], effects(self._known), moment(self._now()))

    def _read(self, aside: Diagnostics) -> tuple[Dossier, Status] | None:
        """The dossier and who signed it; None, and the texts are stopped, while it cannot be relied on."""
        fault: AvenantError | None
        try:
            dossier = self._folder.dossier(aside)
            known = status(dossier, moment(self._now()))
            fault = self._rolled_back(known.instruments)
        except AvenantError as error:
            # Where files are missing, what is left cannot be read as it was meant.
            fault = self._files_gone() or error
        except Exception:
            log.exception("reading the dossier")
            fault = Unavailable("internal", say("gateway.internal"))
        if fault is None:
            return dossier, known
        self._texts.stop(fault)
        return None

    def _rolled_back(self, instruments: Iterable[InstrumentStatus]) -> Unavailable | None:
        lost = lacks(self._known, instruments, lambda name, of: not self._folder.has(name, of))
        return rolled_back(lost[0]) if lost else None

    def _files_gone(self) -> Unavailable | None:
        lost = lacks(self._known, (), lambda name, _: not self._folder.has(name))
        gone = [lack for lack in lost if lack.file is not None]
        return rolled_back(gone[0]) if gone else None

    def _record_agreed(self, dossier: Dossier, known: Status) -> None:
        """Record each instrument that is agreed and was not known; it counts once that is durable."""
        counts = BY_RECORD if self._known else BY_SIGNATURES
        new = unrecorded(self._known, known)
        if not new:
            return
        try:
            items = [instrument_entry(dossier, state, counts, self._now()) for state in new]
            kept = [self._ledger.record(r.index) for r in self._ledger.append_all(items)]
        except AvenantError as error:
            self._stamp = None  # looked at again, until it is recorded
            self._tell(say("gateway.not-recorded", why=str(error)))
            return
        self._known = (*self._known, *map(known_in, kept))

    # ---- what is said beside it, and who calls

    def _take_statements(self) -> None:
        now, found = self._now(), self._folder.statements()
        items = statement_entries(self._agreement, self._statements, found, moment(now), now)
        if self._recorded(list(items)):
            for file in sorted(self._statements.keys() - found.keys()):
                self._tell(say("gateway.statement-missing", file=file))
            self._statements = dict(found)

    def _take_connections(self, aside: Diagnostics) -> None:
        self._reread_configuration(aside)
        read, broken = read_connections(self._config, self._folder.path)
        stood = self._before if self._config.connections is None else ()
        now, twice = arranged(stood, read, broken)
        aside.found.extend((*broken.values(), *twice))
        self.connections.current = now
        if self._recorded(list(self._changes(now))):
            self._before = now

    def _reread_configuration(self, aside: Diagnostics) -> None:
        """Take what the configuration says now; while it cannot be read, what it said."""
        if self._settings is not None:
            with aside.collect():
                self._config = self._config.reread(config_at(self._settings))
                if self._config.upstream is not None and self._upstream.move(self._config.upstream):
                    self._tell(say("gateway.upstream-moved", url=self._config.upstream))

    def _changes(self, now: Iterable[Connection]) -> Iterator[Item]:
        """The records of what has changed about the connections; each that stops or goes on is told too."""
        before = {connection.id: connection for connection in self._before}
        at = self._now()
        for connection in now:
            known = before.get(connection.id)
            if connection.fault is None and (known is None or not _as_signed(known, connection)):
                attested = attestation_entry(connection, at)
                yield from () if attested is None else (attested,)
            if _state(known) != _state(connection):
                yield connection_entry(connection, moment(at), at)

    def _recorded(self, items: Sequence[Item]) -> bool:
        try:
            self._ledger.append_all(items)
        except AvenantError as error:
            self._stamp = None
            self._tell(say("gateway.not-recorded", why=str(error)))
            return False
        return True

    def _tell_aside(self) -> None:
        """Tell what is wrong and stops nothing, once."""
        lines = frozenset(map(str, self.aside))
        for line in sorted(lines - self._told):
            self._tell(say("gateway.aside", why=line))
        self._told = lines


def _as_signed(one: Connection, other: Connection) -> bool:
    return (one.key_sha256, one.attestation) == (other.key_sha256, other.attestation)


def _state(connection: Connection | None) -> str | None:
    """Why a connection is stopped, by code; None for one that is not, or was not there."""
    return connection.fault.code if connection and connection.fault else None
