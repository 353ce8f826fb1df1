"""Which connections are revoked: what the ledger has recorded, and what lies in the dossier's folder `records`.

- A revocation that holds stops its connection from the moment at which it is read, and is recorded. From the record on
  it holds for good, whether its file remains or not, also after a restart.
- One that does not hold is shown and stops nothing. It is judged again whenever the text, the connections or the files
  change.
- A connection is stopped by its key, under whatever name the key is presented.

    revocations = Revocations(dossier, ledger.lasting(), known)
    revocations.refresh(text)          # lines to be shown; `unrecorded` then has what is new
    revocations.of(connection)         # None, or the Revocation that stops it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from avenant.agreement.types import InForce
from avenant.consent.attest import AboutConnection
from avenant.consent.dsse import RECORD, read_canonical, read_envelope
from avenant.consent.revoke import Connections, Revocation, Revoked, revoked
from avenant.errors import InputError, Span
from avenant.gateway.read import Stamp, envelope_at, revocation_files, stamp_of
from avenant.gateway.standing import Connection
from avenant.instants import shown
from avenant.languages import say
from avenant.ledger.record import Record

Body = Mapping[str, Any]
KIND = "revocation"


class Revocations:
    """The revocations of one dossier's connections; one thread refreshes, any may ask."""

    def __init__(self, dossier: Path, records: Iterable[Record], known: Connections) -> None:
        self._dossier = dossier
        self._known = dict(known)
        self._stopped: dict[str, Revocation] = {}  # by the digest of the key
        self._looked: tuple[Stamp, str] | None = None
        self._shown: dict[str, str] = {}
        self.unrecorded: tuple[Body, ...] = ()
        for record in records:
            if record.kind == KIND:
                revocation = revocation_in(record.body)
                self._stopped[revocation.key] = revocation

    def of(self, connection: Connection) -> Revocation | None:
        """What stops a connection; None while nothing does."""
        return self._stopped.get(connection.about.key)

    def started(self, text: InForce) -> list[str]:
        """Look for the first time; returns a line for each revocation, also for those whose file is gone."""
        fresh = self.refresh(text)
        recorded = map(_line, self._stopped.values())
        return [*(line for line in recorded if line not in fresh), *fresh]

    def refresh(self, text: InForce) -> list[str]:
        """Look at the folder, if anything has changed; returns lines to be shown."""
        looked = stamp_of(self._dossier, "records/revoke-*.dsse.json"), text.digest
        if looked == self._looked:
            return []
        said = {path.name: self._read(path, text) for path in revocation_files(self._dossier)}
        fresh = [line for name, line in said.items() if self._shown.get(name) != line]
        self._looked, self._shown = looked, said
        return fresh

    def recorded(self, body: Body) -> None:
        """Take note that a revocation is durable."""
        self.unrecorded = tuple(other for other in self.unrecorded if other != body)

    def know(self, connections: Connections) -> None:
        """Take note of further connections; the files are looked at again where that tells anything new."""
        if connections.items() <= self._known.items():
            return
        self._known |= connections
        self._looked = None

    def _read(self, path: Path, text: InForce) -> str:
        name = f"records/{path.name}"
        try:
            raw = envelope_at(path)
            found = revoked(raw, text, self._known, Span(name, 1))
        except InputError as error:
            return say("gateway.no-revocation", file=name, why=error.message)
        if found.code is not None:
            return say("gateway.no-revocation", file=name, why=found.reason)
        revocation = found.revocation
        if revocation.key not in self._stopped:
            self._stopped[revocation.key] = revocation
            self.unrecorded = (*self.unrecorded, _body(found, raw))
        return _line(revocation)


def revocation_in(body: Body) -> Revocation:
    """The revocation of a record's body."""
    at = Span(KIND, 1)
    envelope = read_envelope(str(body["envelope"]).encode(), RECORD, at)
    return read_canonical(envelope.payload, Revocation, at)


def known_connections(found: Iterable[Connection], records: Iterable[Record]) -> Connections:
    """Each connection that is configured or that the ledger knows, with what is signed about it."""
    known: dict[AboutConnection, bytes | None] = {}
    for record in records:
        if record.kind == "attestation":
            about = AboutConnection(record.body["connection"], record.body["key"])
            known[about] = str(record.body["envelope"]).encode()
    return known | {connection.about: connection.attestation for connection in found}


def _body(found: Revoked, raw: bytes) -> Body:
    """The body of a `revocation` record: what the officer signed, and the envelope."""
    said = msgspec.to_builtins(found.revocation)
    del said["kind"]  # the record's own
    said["signed_at"] = said.pop("at")
    return {**said, "party": found.party, "by": found.by, "envelope": raw.decode()}


def _line(revocation: Revocation) -> str:
    return say(
        "gateway.revoked",
        id=revocation.connection,
        at=shown(revocation.at),
        why=revocation.why,
    )
