"""Writes the files that the gateway makes: the ledger's signing key, its state, and what a ledger gives back."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from avenant.consent.keys import new_key, written_private
from avenant.errors import Span, Unavailable
from avenant.languages import say, trouble


def new_signing_key(path: Path) -> bool:
    """Make a key that only its owner can read, unless there is one; True when it was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(written_private(new_key()))
    return True


def replace_file(path: Path, data: bytes) -> None:
    """Write a file durably: after a crash there is the old one or the new one.

    Raises Unavailable `state-unwritable`.
    """
    aside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        message = say("gateway.state-unwritable", file=path, problem=trouble(error))
        hint = say("gateway.state-unwritable-hint")
        raise Unavailable("state-unwritable", message, None, hint) from None


def write_back(root: Path, name: str, data: bytes) -> None:
    """Write a file of a dossier's folder durably, in place of what has its name; raises Unavailable `unwritable`."""
    path = root / name
    try:
        path.parent.mkdir(exist_ok=True)
        if not path.parent.resolve().is_relative_to(root.resolve()):
            raise OSError(errno.EXDEV, say("stray.leads-out"))
        # A name that no reader of dossiers takes for a document.
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        message = say("consent.unwritable", why=trouble(error))
        raise Unavailable("unwritable", message, Span(str(path), 1), None) from None
