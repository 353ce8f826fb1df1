"""Revocations: an officer ends an application's connection, at once and for good.

A revocation is a record file, `records/revoke-<connection>.dsse.json`: an envelope of type
`application/vnd.avenant.record+json; v=1` over

    {"agreement":"openai-dow","at":"2026-12-01T09:00:00Z","connection":"army","key":"sha256:…","kind":"revocation","why":"…"}

| rule                                                                          | else it stops nothing, because |
|-------------------------------------------------------------------------------|--------------------------------|
| it speaks of this agreement                                                   | `other-agreement`              |
| it names a connection that is known, by the digest of its key                 | `no-such-connection`           |
| an officer of a party that may revoke it signed these bytes                   | `no-officer`, `bad-signature`  |

The party whose officer signed the connection may revoke it; any party, where the text switches `revoke: any`. Where no
officer of today signed the connection, each party may that the text lets sign connections. What the signer says of the
time is kept and decides nothing: a clock that is wrong must not keep a key alive.

    said = Revocation("openai-dow", "army", about.key, "the key was lost", now)
    raw = revoke(said, "department", text, attestation, private)
    revoked(raw, text, {about: attestation}).code          # None: it holds
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from avenant.agreement.types import Digest, InForce
from avenant.consent.attest import (
    AboutConnection,
    connection_named,
    party_of,
    require_key_of,
)
from avenant.consent.dsse import (
    ATTESTATION,
    RECORD,
    Envelope,
    encoded,
    read_canonical,
    read_envelope,
    seal,
)
from avenant.consent.faults import refusal
from avenant.consent.keys import PublicKey, public
from avenant.consent.read import read_folder
from avenant.consent.signatories import officers
from avenant.consent.signed import digest_form, in_utc
from avenant.consent.types import ConnectionRevoked
from avenant.errors import InputError, Span
from avenant.instants import Instant
from avenant.languages import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ANY_PARTY = ("revoke", "any")  # the switch, and the value by which every party may


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of a revocation, of type `application/vnd.avenant.record+json; v=1`."""

    agreement: str
    connection: str
    key: Digest  # of the key that the connection's application presents
    why: str
    at: Instant  # the signer's word
    kind: Literal["revocation"] = "revocation"

    def __post_init__(self) -> None:
        """Refuse a second spelling; msgspec reports a ValueError as malformed."""
        in_utc(self.at)
        digest_form(self.key)
        if not self.why.strip():
            raise ValueError("no reason")

    @property
    def about(self) -> AboutConnection:
        """The connection that it ends."""
        return AboutConnection(self.connection, self.key)


class Revoked(Struct, frozen=True):
    """A revocation as it is found: by which party's key, and why it stops nothing, if it does."""

    revocation: Revocation
    party: str | None  # of the officer who signed; None where none did
    by: str  # key id, as the envelope says
    code: str | None  # `no-officer`, `bad-signature` …; None where it holds
    reason: str | None  # the same as a sentence


Connections = Mapping[AboutConnection, bytes | None]  # each with its attestation, if it has one


def record_name(connection: str) -> str:
    """The name of a revocation's file in the folder `records`."""
    return f"revoke-{connection}.dsse.json"


def revoke(
    revocation: Revocation,
    party: str,
    text: InForce,
    attestation: bytes | None,
    private: Ed25519PrivateKey,
) -> bytes:
    """The envelope of a revocation by an officer of `party`; `attestation` is what is signed about the connection.

    Raises Refused `unknown-party`, `no-officers`, `key-of-no-officer`, `not-yours-to-revoke`.
    """
    require_key_of(party_of(text, party), public(private))
    may = may_revoke(text, attestation)
    if party not in may:
        parties = ", ".join(may) or "-"
        raise refusal(
            "not-yours-to-revoke", None, party=party, id=revocation.connection, parties=parties
        )
    return seal(encoded(revocation), RECORD, private)


def revoked(raw: bytes, text: InForce, known: Connections, at: Span | None = None) -> Revoked:
    """Read a revocation under the text in force; one that does not hold stops nothing.

    Raises InputError for what is no revocation in its one spelling.
    """
    envelope = read_envelope(raw, RECORD, at)
    revocation = read_canonical(envelope.payload, Revocation, at)
    party = _signer(envelope, text)
    code = _does_not_hold(revocation, envelope, text, known)
    reason = None
    if code is not None:
        may = may_revoke(text, known.get(revocation.about))
        reason = say(
            f"consent.revocation.{code}",
            id=revocation.connection,
            agreement=text.agreement,
            parties=", ".join(may) or "-",
        )
    return Revoked(revocation, party, envelope.key_id, code, reason)


def may_revoke(text: InForce, attestation: bytes | None) -> tuple[str, ...]:
    """The parties whose officers may end the connection of this attestation, under this text."""
    switch, any_party = ANY_PARTY
    if text.switches.get(switch) == any_party:
        return tuple(party.id for party in text.parties)
    signer = None
    if attestation is not None:
        try:
            signer = _signer(read_envelope(attestation, ATTESTATION, None), text)
        except InputError:
            signer = None  # one that nobody has signed
    return (signer,) if signer else tuple(text.facts.signed_by.get("connection", ()))


def connections_in(dossier: Path) -> Mapping[AboutConnection, bytes]:
    """Each connection that a file in the dossier's folder `connections` speaks of, with that file."""
    known: dict[AboutConnection, bytes] = {}
    for path, raw in read_folder(dossier / "connections"):
        with contextlib.suppress(InputError):  # the gateway names a file that cannot be read
            known[connection_named(raw, Span(str(path), 1))] = raw
    return known


def shown_revocations(dossier: Path, text: InForce) -> tuple[ConnectionRevoked, ...]:
    """What each revocation in the dossier's folder `records` does, in the order of the files' names."""
    known = connections_in(dossier)
    return tuple(
        _shown(f"records/{path.name}", raw, text, known)
        for path, raw in read_folder(dossier / "records", record_name("*"))
    )


def _shown(file: str, raw: bytes, text: InForce, known: Connections) -> ConnectionRevoked:
    try:
        found = revoked(raw, text, known, Span(file, 1))
    except InputError as error:
        return ConnectionRevoked(file, None, None, None, None, error.message)
    said = found.revocation
    return ConnectionRevoked(file, said.connection, found.party, said.why, said.at, found.reason)


def _does_not_hold(
    revocation: Revocation, envelope: Envelope, text: InForce, known: Connections
) -> str | None:
    if revocation.agreement != text.agreement:
        return "other-agreement"
    if revocation.about not in known:
        return "no-such-connection"
    entitled: dict[str, PublicKey] = {}
    for id in may_revoke(text, known[revocation.about]):
        entitled |= officers(next(party for party in text.parties if party.id == id))
    officer = entitled.get(envelope.key_id)
    if officer is None:
        return "no-officer"
    return None if envelope.signed_by(officer) else "bad-signature"


def _signer(envelope: Envelope, text: InForce) -> str | None:
    """The party whose officer signed an envelope; None when none did."""
    for party in text.parties:
        officer = officers(party).get(envelope.key_id)
        if officer is not None and envelope.signed_by(officer):
            return party.id
    return None
