"""Writes an exported copy: a new folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from avenant.errors import InputError, Unavailable
from avenant.languages import say, trouble


def write_copy(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write these files (path in the folder, bytes) into `folder`, which does not exist yet; returns their number.

    They are written beside it first, and the folder takes its name when all is there. Raises InputError
    `copy-exists`, Unavailable `cannot-write`.
    """
    if folder.exists():
        raise InputError(
            "copy-exists", say("ledger.copy-exists", folder=folder), None, say("ledger.copy-hint")
        )
    unfinished = folder.with_name(f"{folder.name}.unfinished-{os.getpid()}")
    count = 0
    try:
        unfinished.mkdir(parents=True)
        for name, data in files:
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            count += 1
        unfinished.rename(folder)
    except OSError as error:
        raise Unavailable(
            "cannot-write",
            say("ledger.cannot-write", folder=folder, problem=trouble(error)),
            None,
            say("ledger.copy-hint"),
        ) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return count
