"""Opens what the gateway reads: its configuration, its signing key, a dossier's files, connections' attestations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from avenant.agreement.read import ENVELOPES, read_dossier
from avenant.agreement.types import Dossier, InForce, Instrument
from avenant.consent.keys import parse_private
from avenant.consent.status import next_change, text_in_force
from avenant.errors import InputError, Place
from avenant.gateway.config import Config, read_config
from avenant.gateway.texts import Stamp
from avenant.instants import Instant
from avenant.ledger.note import Signer
from avenant.messages import say, trouble

CONNECTIONS = "connections"
RECORDS = "records"


def config_at(path: Path | None) -> Config:
    """The operator's settings; without a file, the defaults."""
    if path is None:
        return Config()
    return read_config(_bytes(path).decode("utf-8", "replace"), str(path), path.parent)


def signer_at(path: Path, name: str) -> Signer:
    """The ledger's key under its name; InputError when the file is no unlocked Ed25519 key."""
    return Signer(name, parse_private(_bytes(path), None, Place(str(path), 1)))


def request_at(path: Path) -> bytes:
    """The body of a request, to be rehearsed."""
    return _bytes(path)


def envelope_at(path: Path) -> bytes:
    """The bytes of an attestation's envelope."""
    return _bytes(path)


def file_at(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none."""
    return _bytes(path) if path.exists() else None


def envelopes_of(dossier: Path) -> Iterator[tuple[Path, bytes]]:
    """The attestations in a dossier's `connections` folder, in the order of their names."""
    for path in sorted((dossier / CONNECTIONS).glob(f"*{ENVELOPES}")):
        yield path, _bytes(path)


def revocation_files(dossier: Path) -> tuple[Path, ...]:
    """The files of revocations in a dossier's `records` folder, in the order of their names; no pipe, no device."""
    found = (dossier / RECORDS).glob(f"revoke-*{ENVELOPES}")
    return tuple(path for path in sorted(found) if path.is_file())


def files_of(dossier: Dossier, instrument: Instrument) -> Mapping[str, bytes]:
    """An instrument's own files as they were signed; InputError when one has changed since the dossier was read."""
    found: dict[str, bytes] = {}
    for name, digest in instrument.files.items():
        content = _bytes(Path(dossier.path) / name)
        if f"sha256:{sha256(content).hexdigest()}" != digest:
            raise InputError("file-changed", say("gateway.file-changed", file=name), Place(name, 1))
        found[name] = content
    return found


def stamp_of(folder: Path, *patterns: str) -> Stamp:
    """Name, inode, size and times of each file of a folder that matches."""
    stamps: list[tuple[str, int, int, int]] = []
    for pattern in patterns:
        for file in folder.glob(pattern):
            try:
                known = file.stat()
            except OSError:
                continue  # gone since it was listed, or a link that leads nowhere: the next look tells
            stamps.append((str(file), known.st_ino, known.st_size, known.st_ctime_ns))
    return tuple(sorted(stamps))


class Folder:
    """A dossier's folder as the source of its texts."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> Stamp:
        """Name, inode, size and times of each file that the dossier is read from."""
        return stamp_of(self.path, "*.md", "statements/*.md", f"signatures/*{ENVELOPES}")

    def dossier(self) -> Dossier:
        """The dossier as it is now."""
        return read_dossier(self.path)

    def in_force(self, dossier: Dossier, now: Instant) -> tuple[InForce | None, Instant | None]:
        """The text in force at a moment, and the next moment at which that changes."""
        return text_in_force(dossier, now), next_change(dossier, now)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = say("gateway.no-file", problem=trouble(error))
        raise InputError(
            "no-file", message, Place(str(path), 1), say("gateway.no-file-hint")
        ) from None
