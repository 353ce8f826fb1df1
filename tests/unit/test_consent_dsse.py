"""Envelopes: what a DSSE tool that we did not write says of ours, and the one spelling that we read."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.dsse import Envelope as ForeignEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from avenant.consent.dsse import (
    ATTESTATION,
    OUTGROWN,
    SIGNED,
    encoded,
    pae,
    read_canonical,
    read_envelope,
    seal,
)
from avenant.consent.keys import public
from avenant.consent.signed import Signed
from avenant.errors import InputError, Span
from avenant.instants import instant
from tests.parties import key

AT = Span("signatures/0-agreement.supplier.dsse.json", 1)
PAYLOAD = b'{"a":1}'


def foreign_key(name: str) -> SSlibKey:
    """The public key as securesystemslib knows it, under our key id."""
    who = public(key(name))
    made = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(who.raw))
    return SSlibKey(who.id, made.keytype, made.scheme, made.keyval)


def code(raw: bytes) -> str:
    """The code with which bytes are refused."""
    with pytest.raises(InputError) as caught:
        read_envelope(raw, SIGNED, AT)
    assert AT == caught.value.at
    return caught.value.code


def test_a_foreign_tool_verifies_our_envelope() -> None:
    """The library securesystemslib reads what is sealed here and accepts its signature, for the right key alone."""
    theirs = ForeignEnvelope.from_dict(json.loads(seal(PAYLOAD, SIGNED, key("supplier"))))
    assert [public(key("supplier")).id] == list(theirs.verify([foreign_key("supplier")], 1))
    with pytest.raises(VerificationError):
        theirs.verify([foreign_key("department")], 1)
    theirs.payload_type = ATTESTATION
    with pytest.raises(VerificationError):
        theirs.verify([foreign_key("supplier")], 1)


def test_the_signed_bytes_are_those_of_the_specification() -> None:
    """Our PAE is the foreign tool's, for ASCII, for other letters and for nothing at all."""
    for kind, payload in ((SIGNED, PAYLOAD), ("é/ü", "«»".encode()), ("", b"")):
        assert ForeignEnvelope(payload, kind, {}).pae() == pae(kind, payload)


def test_an_envelope_comes_back_as_it_was() -> None:
    """What is sealed is read: payload, type and key, and the key signed it."""
    envelope = read_envelope(seal(PAYLOAD, SIGNED, key("supplier")), SIGNED, AT)
    assert (PAYLOAD, SIGNED) == (envelope.payload, envelope.payload_type)
    assert envelope.signed_by(public(key("supplier")))
    assert not envelope.signed_by(public(key("department")))


def test_another_type_is_named() -> None:
    """An attestation among signatures is refused as such, though its signature is sound."""
    assert "wrong-payload-type" == code(seal(PAYLOAD, ATTESTATION, key("supplier")))


@pytest.mark.parametrize("kind", OUTGROWN)
def test_what_was_signed_before_the_release_is_named(kind: str) -> None:
    """An envelope of version 1 is refused as such, whatever is looked for, and is to be signed anew."""
    raw = seal(PAYLOAD, kind, key("supplier"))
    for expected in (SIGNED, ATTESTATION):
        with pytest.raises(InputError) as caught:
            read_envelope(raw, expected, AT)
        assert ("before-release", AT) == (caught.value.code, caught.value.at)


def test_the_key_that_is_named_is_the_key_that_signed() -> None:
    """A sound signature under another key's name is nobody's: the name alone is no proof, and must be true."""
    raw = seal(PAYLOAD, SIGNED, key("supplier"))
    supplier, department = (public(key(name)) for name in ("supplier", "department"))
    envelope = read_envelope(raw.replace(supplier.id.encode(), department.id.encode()), SIGNED, AT)
    assert [False, False] == [envelope.signed_by(who) for who in (supplier, department)]


PAYLOADS = {
    "spaces": (b":", b": "),
    "another zone": (b"09:00:00Z", b"10:00:00+01:00"),
    "a zone in figures": (b"00:00Z", b"00:00+00:00"),
    "no zone": (b"00:00Z", b"00:00"),
    "a fraction of nothing": (b"00:00Z", b"00:00.000Z"),
    "a number with a point": (b'"number":0', b'"number":0.0'),
    "a negative number": (b'"number":0', b'"number":-1'),
    "a key twice": (b'"number":0', b'"number":0,"number":0'),
    "a further field": (b'"number":0', b'"more":1,"number":0'),
    "an escape": (b"tiny", b"t\\u0069ny"),
    "a digest in capitals": (b"sha256:a", b"sha256:A"),
    "another digest": (b"sha256:", b"sha512:"),
    "another kind": (b'"kind":"agreement"', b'"kind":"act"'),
    "an act under nothing": (b'"party":null', b'"party":"supplier"'),
    "under something, and no act": (b'"under":null', b'"under":"sha256:%s"' % (b"a" * 64)),
    "a predecessor that is no digest": (b'"previous":null', b'"previous":"0-agreement.md"'),
    "no files": (b'{"0-agreement.md":"sha256:%s"}' % (b"a" * 64), b"{}"),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_has_one_spelling(name: str) -> None:
    """What a signer wrote in another spelling is malformed, however sound the signature on it."""
    digest = "sha256:" + "a" * 64
    at = instant("2026-03-02T09:00:00Z")
    files = {"0-agreement.md": digest}
    good = encoded(Signed("agreement", "tiny", None, 0, None, None, files, digest, digest, at))
    assert 0 == read_canonical(good, Signed, AT).number
    made = good.replace(*PAYLOADS[name])
    assert made != good
    with pytest.raises(InputError) as caught:
        read_canonical(made, Signed, AT)
    assert ("malformed-payload", AT) == (caught.value.code, caught.value.at)


def respelt() -> dict[str, bytes]:
    """Envelopes that mean the same to a DSSE reader, or nearly, each in another spelling."""
    raw = seal(b'{"a":"???>>>"}', SIGNED, key("supplier"))
    value = json.loads(raw)
    (one,) = value["signatures"]

    def dumped(changed: object) -> bytes:
        text = json.dumps(changed, separators=(",", ":"), sort_keys=True)
        return text.encode() + b"\n"

    assert raw == dumped(value)
    unpadded = value["payload"].rstrip("=")
    assert unpadded != value["payload"]
    last = unpadded[-1]
    return {
        "no line end": raw[:-1],
        "two line ends": raw + b"\n",
        "spaces": json.dumps(value, sort_keys=True).encode() + b"\n",
        "another order": json.dumps(dict(reversed(value.items())), separators=(",", ":")).encode()
        + b"\n",
        "an escape": raw.replace(b"payloadType", b"payload\\u0054ype"),
        "a key twice": raw.replace(b'{"payload"', b'{"payloadType":"x","payload"'),
        "a further field": dumped({**value, "more": 1}),
        "url-safe base64": dumped(
            {**value, "payload": base64.urlsafe_b64encode(b'{"a":"???>>>"}').decode()}
        ),
        "no padding": dumped({**value, "payload": unpadded}),
        "other padding bits": dumped(
            {**value, "payload": value["payload"].replace(f"{last}=", f"{chr(ord(last) + 1)}=")}
        ),
        "no signature": dumped({**value, "signatures": []}),
        "two signatures": dumped({**value, "signatures": [one, one]}),
        "no key id": dumped({**value, "signatures": [{"sig": one["sig"]}]}),
        "a byte-order mark": b"\xef\xbb\xbf" + raw,
        "not UTF-8": raw.replace(b"vnd", b"v\xffd"),
        "half a surrogate": raw.replace(b"vnd", b"\\ud800"),
        "cut off": raw[:40],
        "nothing": b"",
        "another JSON": b"[]\n",
        "deep": b"[" * 100_000,
    }


@pytest.mark.parametrize("name", sorted(respelt()))
def test_an_envelope_has_one_spelling(name: str) -> None:
    """Everything that is not our one spelling is the one opaque error."""
    raw = respelt()[name]
    if name == "url-safe base64":
        # The case is one only if the alphabets differ on this payload.
        assert raw != seal(b'{"a":"???>>>"}', SIGNED, key("supplier"))
    assert "malformed-envelope" == code(raw)
