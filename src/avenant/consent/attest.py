"""Attestations: signed sets of facts about a connection, a deployment or one call, and what each fact is worth.

A connection's standing facts and a human's approval of one call are the same thing: an officer of a party signs facts
about a subject, for a period. The subject gives the capacity: who speaks of a connection speaks as `connection`, who
decides about one call as `approver`; so nobody approves in advance whatever a connection may ask.

| rule                                                                | else its facts only claim, because |
|---------------------------------------------------------------------|------------------------------------|
| it is signed                                                        | `unsigned`                         |
| the key that it names is an officer's, and signed these bytes       | `no-officer`, `bad-signature`      |
| it is an officer of a party that the text names for the capacity    | `not-entitled`                     |
| it has facts for this agreement, and speaks of this subject         | `other-agreement`, `other-subject` |
| an approval names the text that decides                             | `other-text`                       |
| it asks for nothing that is not honoured yet                        | `unsupported-map`                  |
| now is in its period `[not_before, not_after)`                      | `not-yet`, `expired`               |

Where all hold, a fact is established on the axes for which the text names the capacity, and claimed on the others
(§5 of the semantics). A claim counts against a use and never for it, so an attestation that does not hold cannot help.
The categories of axis `organisation` are the whole chain: what is signed is complete. Facts for another agreement say
nothing here.

    army = AboutConnection("army", "sha256:…")
    raw = attest(Attestation({"openai-dow": facts}, army, key.id, since, until), private)
    attested(raw, army, text, now, at).facts
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from avenant.agreement.types import Digest, InForce, Party
from avenant.consent.dsse import ATTESTATION, Envelope, encoded, read_canonical, read_envelope, seal
from avenant.consent.faults import fault, refusal
from avenant.consent.keys import PublicKey, public
from avenant.consent.signatories import officers
from avenant.consent.signed import digest_form, in_utc
from avenant.decide.facts import checked, stated
from avenant.decide.types import Fact
from avenant.errors import InputError, Span, raise_all
from avenant.instants import Instant, shown
from avenant.languages import say
from avenant.source.nodes import did_you_mean

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Capacity = Literal["connection", "approver"]
Stated = Mapping[str, tuple[str, ...]]
"""Axis -> categories; of `organisation`, the whole chain."""


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
    """One exact call."""

    call: Digest

    def __post_init__(self) -> None:
        """Refuse a second spelling of the digest."""
        digest_form(self.call)


class AboutDeployment(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="deployment"
):
    """One exact deployment: a model with all that stands before and behind it. No call is decided by it yet."""

    deployment: Digest

    def __post_init__(self) -> None:
        """Refuse a second spelling of the digest."""
        digest_form(self.deployment)


Subject = AboutConnection | AboutCall | AboutDeployment


class Mapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"field": "from"}):
    """What another gateway's field stands for: these facts where it `equals` a word, or one fact a word in `values`."""

    field: str
    equals: str | None
    facts: Stated | None
    values: Mapping[str, str] | None  # word -> `axis.category`

    def __post_init__(self) -> None:
        """Refuse a mapping of neither kind, or of both."""
        one, other = self.equals is not None, self.values is not None
        if one == other or one != (self.facts is not None):
            raise ValueError("either a word and its facts, or words and a fact for each")


class Attestation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of an attestation, of type `application/vnd.avenant.attestation+json; v=2`."""

    facts: Mapping[str, Stated]  # dossier id -> facts
    about: Subject
    by: str  # key id of the officer who signs
    not_before: Instant
    not_after: Instant  # exclusive
    texts: tuple[
        Digest, ...
    ] = ()  # of an approval: what decides in each text that it was given under
    map: tuple[Mapped, ...] | None = None  # of a connection of another gateway; not honoured yet
    replaces: str | None = None  # the connection whose place this one takes

    def __post_init__(self) -> None:
        """Refuse what has two spellings or could not be meant; msgspec reports a ValueError as malformed."""
        in_utc(self.not_before)
        in_utc(self.not_after)
        for named in self.texts:
            digest_form(named)
        if self.not_before >= self.not_after:
            raise ValueError("empty period")
        if not self.facts or not all(f and all(f.values()) for f in self.facts.values()):
            raise ValueError("an agreement without facts, or an axis without a category")
        if isinstance(self.about, AboutCall) != bool(self.texts):
            raise ValueError(
                "an approval names the texts that it was given under; nothing else does"
            )
        if list(self.texts) != sorted(set(self.texts)):
            raise ValueError("the texts stand in order, each once")

    @property
    def capacity(self) -> Capacity:
        """In what capacity its facts are said: it follows from the subject."""
        return "approver" if isinstance(self.about, AboutCall) else "connection"

    @property
    def source(self) -> str:
        """Who is named as the source of its facts: `connection army`, `approver SHA256:…`."""
        if isinstance(self.about, AboutConnection):
            return f"connection {self.about.id}"
        return f"{self.capacity} {self.by}"


class Attested(Struct, frozen=True):
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


def require_officer(text: InForce, id: str, key: PublicKey, capacity: Capacity) -> None:
    """Refuse what `attested` would take for a claim: a key of no officer, a party that the text does not name.

    Raises Refused `nobody-entitled`, `party-not-entitled`, and what `require_key_of` raises.
    """
    party = party_of(text, id)
    entitled = text.facts.signed_by.get(capacity, ())
    if not entitled:
        raise refusal("nobody-entitled", None, capacity=capacity, party=id)
    if id not in entitled:
        role, named = say(f"source.{capacity}"), ", ".join(entitled)
        raise refusal("party-not-entitled", party.at, party=id, capacity=role, named=named)
    require_key_of(party, key)


def party_of(text: InForce, id: str) -> Party:
    """Return a party of the text by its id; Refused `unknown-party`."""
    party = next((p for p in text.parties if p.id == id), None)
    if party is None:
        known = did_you_mean(id, [p.id for p in text.parties])
        raise refusal("unknown-party", None, party=id, known=known)
    return party


def require_key_of(party: Party, key: PublicKey) -> None:
    """Refuse a key of no officer of the party: Refused `no-officers`, or `key-of-no-officer`, with whose would do."""
    known = _officers(party)
    if not known:
        raise refusal("no-officers", party.at, party=party.id, line=str(key))
    if key.id not in known:
        lines = ", ".join(f"{k.id} {k.comment}".rstrip() for k in known.values())
        raise refusal("key-of-no-officer", party.at, key=key.id, party=party.id, known=lines)


def attested(
    raw: bytes, about: Subject, text: InForce, now: Instant, at: Span | None = None
) -> Attested:
    """Read an attestation about this subject under this text; what does not hold only claims.

    `raw` is an envelope, or the bare payload of one that nobody has signed. Raises InputError for what is neither, and
    for facts that the text's vocabulary does not know.
    """
    attestation, code = _read(raw, text, at)
    if code is None:
        code = _does_not_hold(attestation, about, text, now)
    facts = attestation.facts.get(text.agreement, {})
    pairs = [(axis, value) for axis, values in facts.items() for value in values]
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


def opened(raw: bytes, at: Span | None) -> tuple[Attestation, Envelope | None]:
    """What an attestation says, whoever signed it, and its envelope; None where nobody has signed it.

    Raises InputError for what is no attestation.
    """
    try:
        return msgspec.json.decode(raw, type=Attestation), None
    except (msgspec.DecodeError, ValueError):
        envelope = read_envelope(raw, ATTESTATION, at)
    return read_canonical(envelope.payload, Attestation, at), envelope


def connection_named(raw: bytes, at: Span | None) -> AboutConnection:
    """The connection that an attestation speaks of, whoever signed it; InputError `no-connection` when of none."""
    attestation, _ = opened(raw, at)
    if not isinstance(attestation.about, AboutConnection):
        raise fault("no-connection", at)
    return attestation.about


def _read(raw: bytes, text: InForce, at: Span | None) -> tuple[Attestation, str | None]:
    """The attestation, and why its signature does not hold."""
    attestation, envelope = opened(raw, at)
    if envelope is None:
        return attestation, "unsigned"
    if attestation.by != envelope.key_id:
        return attestation, "no-officer"
    entitled = text.facts.signed_by.get(attestation.capacity, ())
    keys = {party.id: _officers(party).get(attestation.by) for party in text.parties}
    officer = next((key for party, key in keys.items() if key and party in entitled), None)
    if officer is None:
        return attestation, "not-entitled" if any(keys.values()) else "no-officer"
    return attestation, None if envelope.signed_by(officer) else "bad-signature"


def _officers(party: Party) -> dict[str, PublicKey]:
    """A party's officers' keys by id; raises what is wrong with one of their lines."""
    errors: list[InputError] = []
    found = officers(party, errors)
    raise_all(errors)
    return found


def _does_not_hold(
    attestation: Attestation, about: Subject, text: InForce, now: Instant
) -> str | None:
    """Why a signed attestation does not hold for this subject, under this text, now."""
    if text.agreement not in attestation.facts:
        return "other-agreement"
    if attestation.about != about:
        return "other-subject"
    if attestation.texts and text.digest not in attestation.texts:
        return "other-text"
    if attestation.map is not None:
        return "unsupported-map"
    if now < attestation.not_before:
        return "not-yet"
    return "expired" if now >= attestation.not_after else None


def _reason(code: str, attestation: Attestation, text: InForce) -> str:
    return say(
        f"consent.attestation.{code}",
        by=attestation.by,
        capacity=say(f"source.{attestation.capacity}"),
        agreement=text.agreement,
        since=shown(attestation.not_before),
        until=shown(attestation.not_after),
    )
