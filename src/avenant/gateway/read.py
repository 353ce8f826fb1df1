"""Opens what the gateway reads: its configuration, its signing key, a dossier's files, connections' attestations."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from avenant.agreement.reading.folder import FOLDERS, files, is_regular
from avenant.agreement.reading.read import ENVELOPES, read_dossier
from avenant.agreement.types import Dossier, Instrument
from avenant.consent.keys import parse_private
from avenant.errors import InputError, Span
from avenant.gateway.config import Config, read_config
from avenant.languages import say, trouble
from avenant.ledger.note import Signer, VerifierKey
from avenant.ledger.store_sqlite import SqliteStore
from avenant.source.diagnostics import Diagnostics

CONNECTIONS = "connections"
RECORDS = "records"

Stamp = tuple[tuple[str, int, int, int, int], ...]


def config_at(path: Path | None) -> Config:
    """The operator's settings; without a file, the defaults."""
    if path is None:
        return Config()
    text = _bytes(path).decode("utf-8", "replace")
    try:
        return read_config(text, str(path), path.parent)
    except InputError as error:
        error.quote({str(path): text})
        raise


def signer_at(path: Path, name: str) -> Signer:
    """The ledger's key under its name; InputError when the file is no unlocked Ed25519 key."""
    return Signer(name, parse_private(_bytes(path), None, Span(str(path), 1)))


def ledger_key(path: Path) -> VerifierKey:
    """The public key of a ledger, with its name; InputError where there is none."""
    with contextlib.closing(SqliteStore.inspect(path)) as store:
        return VerifierKey.parse(store.key())


def request_at(path: Path) -> bytes:
    """The body of a request, to be rehearsed."""
    return _bytes(path)


def envelope_at(path: Path) -> bytes:
    """The bytes of an attestation's envelope."""
    return _regular(path)


def file_at(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none."""
    return _bytes(path) if path.exists() else None


def envelopes_of(dossier: Path) -> list[Path]:
    """The attestations in a dossier's `connections` folder, in the order of their names."""
    return files(dossier, f"{CONNECTIONS}/*{ENVELOPES}")


def revocation_files(dossier: Path) -> list[Path]:
    """The files of revocations in a dossier's `records` folder, in the order of their names; no pipe, no device."""
    return files(dossier, f"{RECORDS}/revoke-*{ENVELOPES}")


def files_of(dossier: Dossier, instrument: Instrument) -> Mapping[str, bytes]:
    """An instrument's own files as they were signed; InputError when one has changed since the dossier was read."""
    found: dict[str, bytes] = {}
    for name, digest in instrument.files.items():
        content = _regular(Path(dossier.path) / name)
        if _digest(content) != digest:
            raise InputError("file-changed", say("gateway.file-changed", file=name), Span(name, 1))
        found[name] = content
    return found


def stamp_of(folder: Path, *patterns: str) -> Stamp:
    """What changes whenever a file of a folder that matches does."""
    found = (file for pattern in patterns for file in folder.glob(pattern))
    return tuple(sorted(map(_stamp, found)))


class Folder:
    """A dossier's folder, looked at again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self, further: Sequence[Path] = ()) -> Stamp:
        """What changes whenever a file in it does, or one of the `further` ones."""
        inside = (entry for name in FOLDERS for entry in _entries(self.path / name))
        return tuple(sorted(map(_stamp, (*inside, *further))))

    def dossier(self, aside: Diagnostics) -> Dossier:
        """The dossier as it is now; `aside` takes what stops nothing. Raises InputError for all else."""
        return read_dossier(self.path, aside)

    def agreement(self) -> str | None:
        """The id of the agreement in it; None while it cannot be read."""
        try:
            return self.dossier(Diagnostics()).id
        except InputError:
            return None

    def holds(self, name: str) -> bool:
        """Whether anything is in the folder under that name, a file or not."""
        return os.path.lexists(self.path / name)

    def statements(self) -> Mapping[str, str]:
        """The files of public statements, each with the digest of its bytes."""
        found: dict[str, str] = {}
        for path in files(self.path, "statements/*.md"):
            with contextlib.suppress(InputError):
                found[f"statements/{path.name}"] = _digest(_regular(path))
        return found

    def has(self, name: str, digest: str | None = None) -> bool:
        """Whether a regular file of that name is in the folder; with a digest, of these bytes."""
        if not is_regular(self.path, self.path / name):
            return False
        try:
            return digest is None or _digest(_regular(self.path / name)) == digest
        except InputError:
            return False


def _stamp(file: Path) -> tuple[str, int, int, int, int]:
    """Name, kind, inode, size and time of change."""
    try:
        known = file.stat()
    except OSError:
        return str(file), 0, 0, 0, 0  # gone since it was listed, or a link that leads nowhere
    if stat.S_ISDIR(known.st_mode):
        return (
            str(file),
            known.st_mode,
            known.st_ino,
            0,
            0,
        )  # what happens inside is looked at inside
    return str(file), known.st_mode, known.st_ino, known.st_size, known.st_ctime_ns


def _entries(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in os.listdir(folder)]
    except OSError:
        return []


def _digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def _bytes(path: Path) -> bytes:
    """The bytes of what the operator points at: a file, or what a shell gives in its place."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _no_file(path, trouble(error)) from None


def _regular(path: Path) -> bytes:
    """The bytes of a regular file: a pipe must not hang the gateway, whoever put it there and whenever."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read()
    except OSError as error:
        raise _no_file(path, trouble(error)) from None
    raise _no_file(path, say("gateway.not-regular"))


def _no_file(path: Path, problem: str) -> InputError:
    message, hint = say("gateway.no-file", problem=problem), say("gateway.no-file-hint")
    return InputError("no-file", message, Span(str(path), 1), hint)
