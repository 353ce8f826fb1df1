"""Attestations: signed sets of facts about a connection or one call, and what each fact of them is worth.

A connection's standing facts and a human's approval of one call are the same thing: an officer of a party signs facts
about a subject, for a period. The subject gives the capacity: who speaks of a connection speaks as `connection`, who
decides about one call as `approver`; so nobody approves in advance whatever a connection may ask.

| rule                                                                | else its facts only claim, because |
|---------------------------------------------------------------------|------------------------------------|
| it is signed                                                        | `unsigned`                         |
| it speaks of this agreement and this subject                        | `other-agreement`, `other-subject` |
| its party is one that the text names for the capacity               | `not-entitled`                     |
| the key is one of that party's officers', and signed these bytes    | `no-officer`, `bad-signature`      |
| now is in its period `[not_before, not_after)`                      | `not-yet`, `expired`               |

Where all hold, a fact is established on the axes for which the text names the capacity, and claimed on the others
(§5 of the semantics). A claim counts against a use and never for it, so an attestation that does not hold cannot help.
The categories of axis `organisation` are the whole chain: what is signed is complete.

    army = AboutConnection("army", "sha256:…")
    raw = attest(Attestation("openai-dow", "department", key.id, army, facts, since, until), private)
    attested(raw, army, text, now, at).facts
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.agreement.types import Digest, InForce
from avenant.consent.dsse import ATTESTATION, encoded, read_canonical, read_envelope, seal
from avenant.consent.faults import refusal
from avenant.consent.keys import PublicKey, public
from avenant.consent.signatories import readable
from avenant.consent.signed import digest_form, in_utc
from avenant.decide.facts import checked, stated
from avenant.decide.types import Fact
from avenant.errors import InputError, Place, raise_all
from avenant.instants import Instant, shown
from avenant.messages import say


class AboutConnection(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="connection"
):
    """An application's connection: its id, and the SHA-256 of the key that it presents."""

    id: str
    key: Digest

    def __post_init__(self) -> None:
        """Refuse a second spelling of the digest."""
        digest_form(self.key)


class AboutCall(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="call"
):
    """One exact call, under one exact text."""

    call: Digest
    text: Digest

    def __post_init__(self) -> None:
        """Refuse a second spelling of the digests."""
        digest_form(self.call)
        digest_form(self.text)


Subject = AboutConnection | AboutCall


class Attestation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of an attestation, of type `application/vnd.avenant.attestation+json`."""

    agreement: str
    party: str
    by: str  # key id of the officer who signs
    about: Subject
    facts: Mapping[str, tuple[str, ...]]  # axis -> categories; of `organisation`, the whole chain
    not_before: Instant
    not_after: Instant  # exclusive

    def __post_init__(self) -> None:
        """Refuse what has two spellings or could not be meant; msgspec reports a ValueError as malformed."""
        in_utc(self.not_before)
        in_utc(self.not_after)
        if self.not_before >= self.not_after:
            raise ValueError("empty period")
        if not self.facts or not all(self.facts.values()):
            raise ValueError("an axis without a category")

    @property
    def capacity(self) -> Literal["connection", "approver"]:
        """In what capacity its facts are said: it follows from the subject."""
        return "connection" if isinstance(self.about, AboutConnection) else "approver"

    @property
    def source(self) -> str:
        """Who is named as the source of its facts: `connection army`, `approver SHA256:…`."""
        if isinstance(self.about, AboutConnection):
            return f"connection {self.about.id}"
        return f"approver {self.by}"


@dataclass(frozen=True, slots=True)
class Attested:
    """An attestation as it stands at a moment: its facts, and why they only claim, if they do.

    `until` is the next moment at which that may change by the clock alone; None, never.
    """

    attestation: Attestation
    facts: tuple[Fact, ...]
    code: str | None  # `unsigned`, `expired` …; None where it holds
    reason: str | None  # the same as a sentence
    until: Instant | None


def attest(attestation: Attestation, private: Ed25519PrivateKey) -> bytes:
    """The envelope of an attestation, signed by the key that it names; Refused `other-signer` for another key."""
    key = public(private)
    if key.id != attestation.by:
        raise refusal("other-signer", None, key=key.id, by=attestation.by)
    return seal(encoded(attestation), ATTESTATION, private)


def attested(
    raw: bytes, about: Subject, text: InForce, now: Instant, at: Place | None = None
) -> Attested:
    """Read an attestation about this subject under this text; what does not hold only claims.

    `raw` is an envelope, or the bare payload of one that nobody has signed. Raises InputError for what is neither, and
    for facts that the text's vocabulary does not know.
    """
    attestation, code = _read(raw, text, at)
    if code is None:
        code = _does_not_hold(attestation, about, text, now)
    pairs = [(axis, value) for axis, values in attestation.facts.items() for value in values]
    checked(pairs, text.vocabulary, at)
    capacity = None if code else attestation.capacity
    source = attestation.source
    return Attested(
        attestation=attestation,
        facts=tuple(stated(axis, value, capacity, source, text.facts) for axis, value in pairs),
        code=code,
        reason=_reason(code, attestation, text) if code else None,
        until={None: attestation.not_after, "not-yet": attestation.not_before}.get(code),
    )


def _read(raw: bytes, text: InForce, at: Place | None) -> tuple[Attestation, str | None]:
    """The attestation, and why its signature does not hold."""
    try:
        return msgspec.json.decode(raw, type=Attestation), "unsigned"
    except (msgspec.DecodeError, ValueError):
        envelope = read_envelope(raw, ATTESTATION, at)
    attestation = read_canonical(envelope.payload, Attestation, at)
    entitled = text.facts.signed_by.get(attestation.capacity, ())
    party = next((p for p in text.parties if p.id == attestation.party), None)
    if party is None or party.id not in entitled:
        return attestation, "not-entitled"
    errors: list[InputError] = []
    officers: dict[str, PublicKey] = {k.id: k for k in readable(party, party.officers, errors)}
    raise_all(errors)
    officer = officers.get(envelope.key_id)
    if officer is None or attestation.by != envelope.key_id:
        return attestation, "no-officer"
    return attestation, None if envelope.signed_by(officer) else "bad-signature"


def _does_not_hold(
    attestation: Attestation, about: Subject, text: InForce, now: Instant
) -> str | None:
    """Why a signed attestation does not hold for this subject, under this text, now."""
    if attestation.agreement != text.agreement:
        return "other-agreement"
    if attestation.about != about:
        return "other-subject"
    if now < attestation.not_before:
        return "not-yet"
    return "expired" if now >= attestation.not_after else None


def _reason(code: str, attestation: Attestation, text: InForce) -> str:
    return say(
        f"consent.attestation.{code}",
        by=attestation.by,
        party=attestation.party,
        capacity=say(f"source.{attestation.capacity}"),
        agreement=text.agreement,
        since=shown(attestation.not_before),
        until=shown(attestation.not_after),
    )
