"""What is known of a call by its connection alone: the signed facts of an attestation, and the operator's word.

The attestation is read under the text that decides: its officers, its axes, its moment. Where it does not hold, its
facts only claim, and `reason` says why. The operator's `organisations` claim too: a chain that nobody signed for is
not known to be complete.

    connection_of("army.dsse.json", raw)           # the connection that an attestation is about
    Standings().of(connection, text, now).facts     # (Fact("organisation", "army", "connection army", established), …)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from avenant.agreement.types import InForce
from avenant.consent.attest import AboutConnection, Attestation, Attested, attested
from avenant.consent.dsse import ATTESTATION, read_canonical, read_envelope
from avenant.decide.facts import checked, stated
from avenant.decide.types import Fact
from avenant.errors import InputError, Place, Unavailable
from avenant.gateway.config import Config, ConnectionEntry
from avenant.gateway.read import envelope_at, envelopes_of
from avenant.instants import Instant
from avenant.messages import say

CHAIN = "organisation"


@dataclass(frozen=True, slots=True)
class Connection:
    """An application's way in: its id, the SHA-256 of its key, the operator's word on its chain, its attestation."""

    id: str
    key_sha256: bytes
    organisations: tuple[str, ...]
    attestation: bytes | None
    at: Place

    @property
    def about(self) -> AboutConnection:
        """What an attestation must be about to be this connection's."""
        return AboutConnection(self.id, f"sha256:{self.key_sha256.hex()}")


@dataclass(frozen=True, slots=True)
class Standing:
    """A connection's facts at a moment under a text; `reason` is why its attestation only claims, if it does."""

    facts: tuple[Fact, ...]
    reason: str | None


def connections(config: Config, dossier: Path) -> tuple[Connection, ...]:
    """The connections of the configuration; without any there, those of the dossier's folder."""
    if config.connections is not None:
        return tuple(map(_configured, config.connections))
    found = [connection_of(str(path), raw) for path, raw in envelopes_of(dossier)]
    seen: dict[object, Connection] = {}
    for connection in found:
        for name in (connection.id, connection.key_sha256):
            if name in seen:
                message = say("gateway.twice", id=connection.id, other=seen[name].id)
                raise InputError("connection-twice", message, connection.at)
            seen[name] = connection
    return tuple(found)


def connection_of(file: str, raw: bytes) -> Connection:
    """The connection that an attestation speaks of, whoever signed it; InputError when it speaks of none."""
    at = Place(file, 1)
    try:
        attestation = msgspec.json.decode(raw, type=Attestation)  # one that nobody has signed
    except (msgspec.DecodeError, ValueError):
        payload = read_envelope(raw, ATTESTATION, at).payload
        attestation = read_canonical(payload, Attestation, at)
    about = attestation.about
    if not isinstance(about, AboutConnection):
        raise InputError("no-connection", say("gateway.no-connection"), at)
    key = bytes.fromhex(about.key.removeprefix("sha256:"))
    return Connection(about.id, key, (), raw, at)


def _configured(entry: ConnectionEntry) -> Connection:
    raw = None if entry.attestation is None else envelope_at(entry.attestation)
    key = bytes.fromhex(entry.key_sha256)
    return Connection(entry.id, key, entry.organisations, raw, entry.at)


class Standings:
    """Standings by connection, computed once a text and again when the clock changes one."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[InForce, Attested]] = {}

    def of(self, connection: Connection, text: InForce, now: Instant) -> Standing:
        """What is known by the connection; Unavailable when its attestation cannot be read under this text."""
        try:
            return self._of(connection, text, now)
        except InputError as error:
            # Not the caller's fault, and not to be passed over: what is not known here may be what is forbidden.
            message = say("gateway.connection-unusable", id=connection.id, why=error.message)
            raise Unavailable("connection_unusable", message) from error

    def _of(self, connection: Connection, text: InForce, now: Instant) -> Standing:
        pairs = [(CHAIN, body) for body in connection.organisations]
        checked(pairs, text.vocabulary, connection.at)
        said = tuple(stated(CHAIN, body, None, "operator", text.facts) for _, body in pairs)
        if connection.attestation is None:
            return Standing(said, say("gateway.no-attestation"))
        # By the text itself: its digest has neither its parties nor their officers.
        under, held = self._known.get(connection.id, (None, None))
        if held is None or under is not text or (held.until and now >= held.until):
            held = attested(connection.attestation, connection.about, text, now, connection.at)
            self._known[connection.id] = (text, held)
        return Standing((*held.facts, *said), held.reason)
