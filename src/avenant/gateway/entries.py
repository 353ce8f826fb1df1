"""What the ledger keeps besides calls: instruments, attestations, and what changed in the folder and about the clock.

Each has an id made of what it says, so that it is recorded once and found again at a start (`Ledger.lasting`).

    instrument    agreement, number, instrument, digest, since, counts, files {name: digest}; with the files' bytes
    attestation   connection, key, envelope
    connection    connection, key, state (missing | unusable | back), why, seen
    statement     agreement, file, digest (null: missing), before, seen
    clock         event (step | confirm), shown, expected, deciding, at_start, step
    heartbeat     shown, text, text_digest; each hour, with an id of its own
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from avenant.agreement.canonical import digest
from avenant.agreement.types import Digest, Dossier, InForce
from avenant.consent.types import InstrumentStatus
from avenant.errors import Span
from avenant.gateway.clock import Event
from avenant.gateway.read import files_of
from avenant.gateway.standing import Connection, missing
from avenant.instants import Instant, written
from avenant.ledger.item import Item
from avenant.ledger.record import Record, content_id, new_id


def entry(kind: str, body: Mapping[str, Any], now: int, files: Iterable[bytes] = ()) -> Item:
    """A record whose id is made of its body."""
    return Item(kind, body, now, content_id(body), tuple(files))


def instrument_entry(dossier: Dossier, state: InstrumentStatus, counts: str, now: int) -> Item:
    """An agreed instrument with its files and signatures; `counts`: by which of two dates (see `known`)."""
    instrument = dossier.instruments[state.number]
    files = dict(files_of(dossier, instrument))
    for signature in state.signatures:
        files[f"signatures/{signature.file}"] = dossier.envelopes[signature.file]
    body = {
        "agreement": instrument.agreement,
        "number": instrument.number,
        "instrument": instrument.kind,
        "digest": instrument.digest,
        "since": state.since,
        "counts": counts,
        "files": {name: digest(data) for name, data in files.items()},
    }
    return entry("instrument", msgspec.to_builtins(body), now, files.values())


def statement_entries(
    agreement: str,
    before: Mapping[str, Digest],
    found: Mapping[str, Digest],
    seen: Instant,
    now: int,
) -> Iterator[Item]:
    """One entry for each public statement that is new, changed or missing: files by name, with their digests."""
    for file in sorted({*before, *found}):
        if before.get(file) != found.get(file):
            body = {
                "agreement": agreement,
                "file": file,
                "digest": found.get(file),
                "before": before.get(file),
                "seen": written(seen),
            }
            yield entry("statement", body, now)


def statements_of(records: Iterable[Record], agreement: str) -> dict[str, Digest]:
    """The public statements that a ledger knows as being there."""
    known: dict[str, Digest] = {}
    for record in records:
        if record.kind == "statement" and record.body["agreement"] == agreement:
            known.pop(record.body["file"], None)
            if record.body["digest"] is not None:
                known[record.body["file"]] = record.body["digest"]
    return known


def attestation_entry(connection: Connection, now: int) -> Item | None:
    """What an officer signed about a connection; None where nothing is signed."""
    if connection.attestation is None:
        return None
    body = {
        "connection": connection.id,
        "key": connection.about.key,
        "envelope": connection.attestation.decode("utf-8", "replace"),
    }
    return entry("attestation", body, now)


def connection_entry(connection: Connection, seen: Instant, now: int) -> Item:
    """A connection that was stopped, or goes on."""
    fault = connection.fault
    body = {
        "connection": connection.id,
        "key": connection.about.key,
        "state": fault.code.removeprefix("connection_") if fault else "back",
        "why": fault.message if fault else None,
        "seen": written(seen),
    }
    return entry("connection", body, now)


def connections_of(records: Iterable[Record]) -> tuple[Connection, ...]:
    """The connections that a ledger knows by their attestations, each as it was last: going on, or stopped."""
    known: dict[str, Connection] = {}
    for record in records:
        body = record.body
        if record.kind == "attestation":
            raw = body["envelope"].encode()
            key = bytes.fromhex(body["key"].removeprefix("sha256:"))
            place = Span(f"connections/{body['connection']}", 1)
            known[body["connection"]] = Connection(body["connection"], key, (), raw, place)
        elif record.kind == "connection" and body["connection"] in known:
            stopped = None if body["state"] == "back" else missing(body["connection"])
            known[body["connection"]] = replace(known[body["connection"]], fault=stopped)
    return tuple(known.values())


def clock_entry(event: Event) -> Item:
    """A step of the clock, or its confirmation; a clock that is not believed does not move the ledger's time."""
    at = event.shown if event.event == "confirm" else event.expected
    return entry("clock", msgspec.to_builtins(event), at)


def heartbeat_entry(shown: int, text: InForce | None, now: int) -> Item:
    """That the gateway runs, what the wall clock shows (ns since 1970), and what is in force."""
    body = {
        "shown": shown,
        "text": text.id if text else None,
        "text_digest": text.digest if text else None,
    }
    return Item("heartbeat", body, now, new_id(now))
