"""DSSE envelopes with one signature, and canonical JSON inside and outside.

    raw = seal(payload, SIGNED, private)                    # {"payload":"…","payloadType":"…","signatures":[{…}]}
    envelope = read_envelope(raw, SIGNED, at)               # form only; nobody has vouched for it yet
    envelope.signed_by(key)                                 # now somebody has

The signature is Ed25519 over PAE(type, payload) (DSSE protocol 1.0.2), so the payload's type cannot be exchanged. Any
DSSE tool verifies what is written here. What is read is narrower than DSSE allows: one signature, standard base64,
sorted keys, no spaces, no further fields, one line. So an envelope has one spelling, and a byte that changes is seen.
All malformed input from outside is one error, `malformed-envelope`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct

from avenant.agreement.canonical import canonical
from avenant.consent.faults import fault
from avenant.consent.keys import PublicKey, public
from avenant.errors import Span

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# The types of what is signed: instruments, attested facts, and what else is said about an agreement.
SIGNED = "application/vnd.avenant.signed+json; v=2"
ATTESTATION = "application/vnd.avenant.attestation+json; v=2"
RECORD = "application/vnd.avenant.record+json; v=1"
# Types that were signed before the first release, and are read no more.
OUTGROWN = ("application/vnd.avenant.signed+json", "application/vnd.avenant.attestation+json")

T = TypeVar("T")


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keyid: str
    sig: str


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    payload: str
    payload_type: str
    signatures: tuple[_Signature]


class Envelope(Struct, frozen=True):
    """A payload, its type, and one signature. `key_id` is what the envelope says, a hint and no proof."""

    payload: bytes
    payload_type: str
    key_id: str
    signature: bytes

    def signed_by(self, key: PublicKey) -> bool:
        """Whether the envelope names this key, and the key signed exactly this type and payload."""
        message = pae(self.payload_type, self.payload)
        return self.key_id == key.id and key.signed(self.signature, message)


def pae(payload_type: str, payload: bytes) -> bytes:
    """What is signed: type and payload, each after its length in bytes (DSSE protocol, "Signature Definition").

    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, payload_type: str, private: Ed25519PrivateKey) -> bytes:
    """The bytes of an envelope file: the payload signed by one key."""
    signature = private.sign(pae(payload_type, payload))
    return _file(payload, payload_type, public(private).id, signature)


def read_envelope(raw: bytes, payload_type: str, at: Span | None) -> Envelope:
    """Read an envelope's form.

    Raises InputError `malformed-envelope`, `before-release` for a version that is no longer read, or
    `wrong-payload-type`.
    """
    try:
        written = msgspec.json.decode(raw, type=_Written)
        (signature,) = written.signatures
        envelope = Envelope(
            base64.b64decode(written.payload, validate=True),
            written.payload_type,
            signature.keyid,
            base64.b64decode(signature.sig, validate=True),
        )
        again = _file(*_parts(envelope))
    except (msgspec.DecodeError, ValueError):
        again = None
    if again != raw:
        raise fault("malformed-envelope", at)
    if envelope.payload_type in OUTGROWN:
        raise fault("before-release", at)
    if envelope.payload_type != payload_type:
        found = envelope.payload_type
        raise fault("wrong-payload-type", at, found=found, expected=payload_type)
    return envelope


def _parts(envelope: Envelope) -> tuple[bytes, str, str, bytes]:
    return envelope.payload, envelope.payload_type, envelope.key_id, envelope.signature


def _file(payload: bytes, payload_type: str, key_id: str, signature: bytes) -> bytes:
    written = _Written(
        base64.b64encode(payload).decode(),
        payload_type,
        (_Signature(key_id, base64.b64encode(signature).decode()),),
    )
    return encoded(written) + b"\n"


def encoded(value: object) -> bytes:
    """The one spelling of a struct in JSON: keys sorted, no spaces, UTF-8."""
    return canonical(msgspec.to_builtins(value))


def read_canonical(payload: bytes, kind: type[T], at: Span | None) -> T:
    """Decode a payload that must be canonical; raises InputError `malformed-payload`."""
    try:
        value = msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, ValueError):
        value = None
    if value is None or encoded(value) != payload:
        raise fault("malformed-payload", at)
    return value
