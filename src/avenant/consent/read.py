"""Reads key files and the envelopes of a folder; the room's only module that opens files to read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.consent.faults import fault
from avenant.consent.keys import PublicKey, parse_private, parse_public
from avenant.errors import Span
from avenant.languages import trouble


def read_private(path: Path, passphrase: bytes | None = None) -> Ed25519PrivateKey:
    """The private key of an OpenSSH file; raises InputError that names the file."""
    return parse_private(_bytes(path), passphrase, Span(str(path), 1))


def read_public(path: Path) -> PublicKey:
    """The public key of a `.pub` file of one line; raises InputError that names the file."""
    at = Span(str(path), 1)
    try:
        return parse_public(_bytes(path).decode().removesuffix("\n"), at)
    except UnicodeDecodeError:
        raise fault("bad-key", at) from None


def read_folder(folder: Path, pattern: str = "*.dsse.json") -> Iterator[tuple[Path, bytes]]:
    """The regular files of a folder that match, in the order of their names; none where there is no folder."""
    for path in sorted(folder.glob(pattern)):
        if path.is_file():  # a pipe would never end
            yield path, _bytes(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fault("unreadable", Span(str(path), 1), why=trouble(error)) from None
