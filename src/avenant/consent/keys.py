"""Ed25519 keys in the form that people already have: OpenSSH files, and one spelling of each.

    private = new_key()
    written_private(private)                       # -----BEGIN OPENSSH PRIVATE KEY----- …
    str(public(private, "alice@supplier"))         # ssh-ed25519 AAAAC3NzaC1lZDI1NTE5… alice@supplier
    public(private).id                             # SHA256:…, as `ssh-keygen -lf` prints it

A public line is taken only as `ssh-ed25519 <base64> [comment]`. Certificates are refused by name: a loader that takes
one for a key would let a certificate's issuer sign. Hardware keys sign other bytes, RSA and ECDSA have several
encodings of one signature. The comment is no part of a key: two lines with one blob are one key.

Sources: RFC 8032 (Ed25519), RFC 8709 (its SSH form), OpenSSH's PROTOCOL.key (the private file).
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from avenant.consent.faults import fault
from avenant.errors import Span

# A draft has no signature to verify: `cryptography` is loaded by the functions that use it.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_TYPE = "ssh-ed25519"

# RFC 4251 §5: each part of a blob is its length in four bytes, then itself.
_PREFIX = len(KEY_TYPE).to_bytes(4, "big") + KEY_TYPE.encode() + (32).to_bytes(4, "big")


class PublicKey(Struct, frozen=True, dict=True):
    """One Ed25519 public key, 32 bytes, and the comment that stood beside it."""

    raw: bytes
    comment: str = ""

    @property
    def blob(self) -> bytes:
        """The key as SSH frames it (RFC 8709 §4), 51 bytes: what the fingerprint is of."""
        return _PREFIX + self.raw

    @cached_property
    def id(self) -> str:
        """The key id: `SHA256:` and the unpadded base64 of the blob's SHA-256."""
        digest = hashlib.sha256(self.blob).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    @property
    def short(self) -> str:
        """Eight hex digits of the same SHA-256, for the names of files."""
        return hashlib.sha256(self.blob).hexdigest()[:8]

    def __str__(self) -> str:
        line = f"{KEY_TYPE} {base64.b64encode(self.blob).decode()}"
        return f"{line} {self.comment}" if self.comment else line

    def signed(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` (64 bytes) is this key's over `message`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def new_key() -> Ed25519PrivateKey:
    """A fresh private key from the system's randomness."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def public(private: Ed25519PrivateKey, comment: str = "") -> PublicKey:
    """The public half of a private key."""
    return PublicKey(private.public_key().public_bytes_raw(), comment)


def parse_public(line: str, at: Span | None = None) -> PublicKey:
    """Read one public line; raises InputError `bad-key`, `private-key` or one that names a refused type."""
    kind, _, rest = line.partition(" ")
    encoded, _, comment = rest.partition(" ")
    if "PRIVATE KEY" in line:
        raise fault("private-key", at)
    # Only what looks like the name of a key type is repeated: the rest may be anything.
    if kind != KEY_TYPE and re.fullmatch(r"(ssh|ecdsa|sk|rsa)-[\w.@-]+", kind):
        raise fault(_refusal_of(kind), at, kind=kind)
    try:
        blob = base64.b64decode(encoded, validate=True)
    except ValueError:
        blob = b""
    key = PublicKey(blob[len(_PREFIX) :], comment)
    # INVARIANT: 51 bytes are 68 characters without padding, so a key has one spelling only.
    if len(key.raw) != 32 or str(key) != line or not comment.isprintable():
        raise fault("bad-key", at)
    return key


def _refusal_of(kind: str) -> str:
    if "-cert-v" in kind:
        return "key-certificate"
    return "key-hardware" if kind.startswith("sk-") else "key-type"


def written_private(private: Ed25519PrivateKey, passphrase: bytes | None = None) -> bytes:
    """The OpenSSH private file. A passphrase takes the part `bcrypt`; raises InputError `no-bcrypt` without it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    locked: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        locked = serialization.BestAvailableEncryption(passphrase)
    try:
        return private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, locked
        )
    except UnsupportedAlgorithm:
        raise fault("no-bcrypt") from None


def parse_private(
    text: bytes, passphrase: bytes | None = None, at: Span | None = None
) -> Ed25519PrivateKey:
    """Read an OpenSSH private file; raises InputError for another key type, a wrong or missing passphrase."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_ssh_private_key(text, passphrase)
    except TypeError:
        # Raised both where a passphrase lacks and where none is wanted.
        raise fault("passphrase-unwanted" if passphrase else "passphrase-missing", at) from None
    except UnsupportedAlgorithm as error:
        raise fault("no-bcrypt" if "bcrypt" in str(error) else "private-type", at) from None
    except ValueError:
        raise fault("passphrase-wrong" if passphrase else "bad-private-key", at) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise fault("private-type", at)
    return key
