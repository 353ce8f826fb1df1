"""Writes key files and envelopes; the folder's only module that writes, and it never writes over anything."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.consent.faults import fault
from avenant.consent.keys import PublicKey, public, written_private
from avenant.consent.sign import SignedEnvelope
from avenant.errors import Span
from avenant.languages import trouble

OWNER_ONLY = 0o600
EVERYBODY = 0o644


def write_key(
    path: Path, private: Ed25519PrivateKey, comment: str = "", passphrase: bytes | None = None
) -> PublicKey:
    """Write the private file, readable by its owner alone, and `<path>.pub` beside it; returns the public key."""
    key = public(private, comment)
    _write(path, written_private(private, passphrase), OWNER_ONLY)
    _write(path.with_name(path.name + ".pub"), f"{key}\n".encode(), EVERYBODY)
    return key


def write_envelope(dossier: Path, envelope: SignedEnvelope) -> Path:
    """Write a signature into the dossier's folder `signatures`, durably; returns its path."""
    return _write_into(dossier / "signatures", envelope.name, envelope.raw)


def write_connection(dossier: Path, name: str, raw: bytes) -> Path:
    """Write a connection's attestation into the dossier's folder `connections`, durably; returns its path."""
    return _write_into(dossier / "connections", f"{name}.dsse.json", raw)


def write_record(dossier: Path, name: str, raw: bytes) -> Path:
    """Write a record file into the dossier's folder `records`, durably; returns its path."""
    return _write_into(dossier / "records", name, raw)


def _write_into(folder: Path, name: str, raw: bytes) -> Path:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise fault("unwritable", Span(str(folder), 1), why=trouble(error)) from None
    _write(folder / name, raw, EVERYBODY)
    return folder / name


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write aside, then link: whoever looks finds the whole file or none, and nothing is written over."""
    at = Span(str(path), 1)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        raise fault("exists", at) from None
    except OSError as error:
        raise fault("unwritable", at, why=trouble(error)) from None
    finally:
        aside.unlink(missing_ok=True)
