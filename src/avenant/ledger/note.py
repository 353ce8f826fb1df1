"""Signed notes and checkpoints: what the ledger's key says about the tree, as C2SP writes it.

A note is text, an empty line, and signature lines (https://c2sp.org/signed-note). A checkpoint is a note whose text
is the ledger's name, its size and its root (https://c2sp.org/tlog-checkpoint):

    avenant.example/openai-dow
    25
    nzpEUT9tYjWhv0A0W+2Wd6nfK4vLkYcKlqY5kUYQ2oE=

    — avenant.example/openai-dow rDqk0f…                     base64(key hash, 4 bytes || Ed25519 signature, 64 bytes)

Rules enforced here:
- Only Ed25519 (signature type 1). A key is written `name+hash+key`, as Go's `sumdb/note` writes verifier keys.
- Everything has exactly one spelling: decimal without leading zeroes, padded base64 whose spare bits are zero.
- Whatever comes from outside and is malformed gives one opaque error: who forges learns nothing from the refusal.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from avenant.errors import InputError
from avenant.languages import say

_ED25519 = b"\x01"
_LARGEST = 1_000_000  # bytes of a note; a note of sixteen post-quantum signatures is a tenth of it


def encode64(data: bytes) -> str:
    """Standard base64, padded (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def decode64(text: str) -> bytes | None:
    """The bytes, or None unless `text` is the one spelling of them: padded, spare bits zero."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode64(data) == text else None


class VerifierKey(Struct, frozen=True):
    """A public key under a name: `avenant.example/openai-dow+ac3aa4d1+AQ…`."""

    name: str
    public: bytes  # 32 bytes, RFC 8032

    @property
    def hash(self) -> bytes:
        """Four bytes that tell this key, under this name, from others."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{encode64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read `name+hash+key`; raises InputError `malformed-key`."""
        name, _, rest = text.partition("+")
        hash, _, encoded = rest.partition("+")
        data = decode64(encoded)
        if _is_name(name) and data is not None and len(data) == 33 and data[:1] == _ED25519:
            key = cls(name, data[1:])
            if key.hash.hex() == hash:
                return key
        raise InputError(
            "malformed-key", say("ledger.malformed-key"), None, say("ledger.malformed-key-hint")
        )

    def signed(self, text: str, signature: bytes) -> bool:
        """Is this the key's signature over the text?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer(Struct, frozen=True):
    """A private key under the name that it signs as: the ledger's name, such as `avenant.example/openai-dow`."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise InputError(
                "bad-ledger-name",
                say("ledger.bad-name", name=self.name),
                None,
                say("ledger.bad-name-hint"),
            )

    @property
    def key(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text, which ends in a newline, an empty line, and this key's signature line."""
        signature = encode64(self.key.hash + self.private.sign(text.encode()))
        return f"{text}\n\N{EM DASH} {self.name} {signature}\n"


class Signature(Struct, frozen=True):
    """One signature line."""

    name: str
    hash: bytes
    signature: bytes


class Note(Struct, frozen=True):
    """A note as parsed: nothing in it is to be believed before `signed_by`."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str | bytes, most: int = _LARGEST) -> Note:
        """Read a note of at most so many characters; raises InputError `malformed-checkpoint`, which says no more."""
        try:
            whole = note.decode() if isinstance(note, bytes) else note
            whole.encode()
        except UnicodeError:
            raise _malformed() from None
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or len(whole) > most or any(c < " " and c != "\n" for c in whole):
            raise _malformed()
        if not lines.endswith("\n"):
            raise _malformed()
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))

    def signed_by(self, key: VerifierKey) -> bool:
        """Did this key sign? Each line under its name and hash must hold; lines of other keys are passed over."""
        own = [s for s in self.signatures if s.name == key.name and s.hash == key.hash]
        return bool(own) and all(key.signed(self.text, s.signature) for s in own)


class Checkpoint(Struct, frozen=True):
    """The tree head that a key signs: the ledger's name, the number of its entries, and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note; raises InputError `malformed-checkpoint`. Extension lines are not ours."""
        match text.split("\n"):
            case [str(origin), str(size), str(root), ""] if origin:
                hash = decode64(root)
                if hash is not None and len(hash) == 32 and _is_decimal(size):
                    return cls(origin, int(size), hash)
        raise _malformed()

    @classmethod
    def opened(cls, note: str | bytes, key: VerifierKey) -> Checkpoint:
        """The checkpoint of a note that this key signed, under its own name.

        Raises InputError: `malformed-checkpoint`, or `unsigned-checkpoint` when the signature is not this key's.
        """
        read = Note.parse(note)
        if not read.signed_by(key):
            raise InputError(
                "unsigned-checkpoint",
                say("ledger.unsigned", name=key.name),
                None,
                say("ledger.unsigned-hint"),
            )
        checkpoint = cls.parse(read.text)
        if checkpoint.origin != key.name:
            raise _malformed()
        return checkpoint


def _signature(line: str) -> Signature:
    match line.split(" "):
        case ["\N{EM DASH}", str(name), str(encoded)] if _is_name(name):
            data = decode64(encoded)
            if data is not None and len(data) > 4:
                return Signature(name, data[:4], data[4:])
    raise _malformed()


def _is_decimal(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and str(int(text)) == text


def _is_name(name: str) -> bool:
    return bool(name) and not any(c.isspace() or c < " " or c == "+" for c in name)


def _malformed() -> InputError:
    return InputError(
        "malformed-checkpoint",
        say("ledger.malformed-checkpoint"),
        None,
        say("ledger.malformed-checkpoint-hint"),
    )
