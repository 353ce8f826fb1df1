"""What is known of a call by its connection alone: the signed facts of an attestation, and the operator's word.

The attestation is read under the text that decides: its officers, its axes, its moment. Where it does not hold, its
facts only claim, and `reason` says why. The operator's `organisations` claim too: a chain that nobody signed for is
not known to be complete.

A connection's file may come, change and go while the gateway runs. While it is missing, or cannot be read, its key is
known and its calls fail, with the reason; every other connection goes on.

    connection_of("army.dsse.json", raw)           # the connection that an attestation is about
    arranged(before, read, broken)                  # the connections now: those read, and those that stopped
    Standings().of(connection, text, now).facts     # (Fact("organisation", "army", "connection army", established), …)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.types import InForce
from avenant.consent.attest import AboutConnection, Attested, attested, connection_named
from avenant.decide.facts import checked, stated
from avenant.decide.types import Fact
from avenant.errors import AvenantError, InputError, Span, Unavailable, raise_all
from avenant.gateway.config import Config, ConnectionEntry
from avenant.gateway.read import envelope_at, envelopes_of
from avenant.instants import Instant
from avenant.languages import say

CHAIN = "organisation"


class Connection(Struct, frozen=True):
    """An application's way in: its id, the SHA-256 of its key, the operator's word on its chain, its attestation."""

    id: str
    key_sha256: bytes
    organisations: tuple[str, ...]
    attestation: bytes | None
    at: Span
    fault: AvenantError | None = None  # why it is stopped, if it is

    @property
    def about(self) -> AboutConnection:
        """What an attestation must be about to be this connection's."""
        return AboutConnection(self.id, f"sha256:{self.key_sha256.hex()}")


class Standing(Struct, frozen=True):
    """A connection's facts at a moment under a text; `reason` is why its attestation only claims, if it does."""

    facts: tuple[Fact, ...]
    reason: str | None


class Connections:
    """The connections as they are now; what iterates over them sees one moment."""

    def __init__(self, current: Iterable[Connection] = ()) -> None:
        self.current = tuple(current)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.current)

    def __len__(self) -> int:
        return len(self.current)


def connections(config: Config, dossier: Path) -> tuple[Connection, ...]:
    """The connections of the configuration; without any there, those of the dossier's folder.

    Raises InputError for one that cannot be read, and where two have one id or one key. One that the configuration
    names and whose file is missing is there, and stopped.
    """
    read, broken = read_connections(config, dossier)
    raise_all(list(broken.values()))
    found, twice = arranged((), read, {})
    raise_all(list(twice))
    return found


def read_connections(
    config: Config, dossier: Path
) -> tuple[list[Connection], dict[str, InputError]]:
    """The connections that can be read, and what is wrong with the other files, by name."""
    if config.connections is not None:
        return [_configured(entry) for entry in config.connections], {}
    read: list[Connection] = []
    broken: dict[str, InputError] = {}
    for path in envelopes_of(dossier):
        try:
            read.append(connection_of(str(path), envelope_at(path)))
        except InputError as error:
            broken[str(path)] = error
    return read, broken


def arranged(
    before: Sequence[Connection], read: Sequence[Connection], broken: Mapping[str, InputError]
) -> tuple[tuple[Connection, ...], tuple[InputError, ...]]:
    """The connections now, in the order of their ids, and an error for each that claims another's id or key.

    Where two files claim one id or key, the connection that was there before keeps it: a file that somebody adds takes
    nothing from anybody. A connection from before that no file speaks of is stopped; one whose id or key another file
    now has was replaced, and is gone.
    """
    stood = {connection.id: connection.key_sha256 for connection in before}
    ordered = sorted(read, key=lambda c: (stood.get(c.id) != c.key_sha256, c.id, c.at.file))
    taken: dict[object, Connection] = {}
    now: dict[str, Connection] = {}
    twice: list[InputError] = []
    for connection in ordered:
        other = taken.get(connection.id) or taken.get(connection.key_sha256)
        if other is not None:
            message = say("gateway.twice", id=connection.id, other=other.id)
            twice.append(InputError("connection-twice", message, connection.at))
            continue
        taken |= {connection.id: connection, connection.key_sha256: connection}
        now[connection.id] = connection
    for gone in before:
        if gone.id not in taken and gone.key_sha256 not in taken:
            why = broken.get(gone.at.file)
            now[gone.id] = replace(gone, fault=_unusable(gone, why) if why else missing(gone.id))
    return tuple(now[id] for id in sorted(now)), tuple(twice)


def missing(id: str) -> Unavailable:
    """Why a connection is stopped whose file is not there."""
    hint = say("gateway.connection-missing-hint")
    return Unavailable("connection_missing", say("gateway.connection-missing", id=id), None, hint)


def _unusable(connection: Connection, why: InputError) -> Unavailable:
    message = say("gateway.connection-unusable", id=connection.id, why=why.message)
    return Unavailable("connection_unusable", message)


def connection_of(file: str, raw: bytes) -> Connection:
    """The connection that an attestation speaks of, whoever signed it; InputError when it speaks of none."""
    at = Span(file, 1)
    about = connection_named(raw, at)
    key = bytes.fromhex(about.key.removeprefix("sha256:"))
    return Connection(about.id, key, (), raw, at)


def _configured(entry: ConnectionEntry) -> Connection:
    key = bytes.fromhex(entry.key_sha256)
    connection = Connection(entry.id, key, entry.organisations, None, entry.at)
    if entry.attestation is None:
        return connection
    try:
        return replace(connection, attestation=envelope_at(entry.attestation))
    except InputError:
        return replace(connection, fault=missing(entry.id))


class Standings:
    """Standings by connection, computed once a text and again when the clock changes one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[InForce, bytes, Attested]] = {}

    def of(self, connection: Connection, text: InForce, now: Instant) -> Standing:
        """What is known by the connection; Unavailable when it is stopped, or cannot be read under this text."""
        if connection.fault is not None:
            raise connection.fault
        try:
            return self._of(connection, text, now)
        except InputError as error:
            # Not the caller's fault, and not to be passed over: what is not known here may be what is forbidden.
            raise _unusable(connection, error) from error

    def _of(self, connection: Connection, text: InForce, now: Instant) -> Standing:
        pairs = [(CHAIN, body) for body in connection.organisations]
        checked(pairs, text.vocabulary, connection.at)
        said = tuple(stated(CHAIN, body, None, "operator", text.facts) for _, body in pairs)
        if connection.attestation is None:
            return Standing(said, say("gateway.no-attestation"))
        # By the text itself: its digest has neither its parties nor their officers.
        under, signed, held = self._known.get(connection.id, (None, None, None))
        stale = under is not text or signed != connection.attestation
        if held is None or stale or (held.until and now >= held.until):
            held = attested(connection.attestation, connection.about, text, now, connection.at)
            self._known[connection.id] = text, connection.attestation, held
        return Standing((*held.facts, *said), held.reason)
