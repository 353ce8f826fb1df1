"""Writes the one file that the gateway makes: the ledger's signing key, at the first start."""

from __future__ import annotations

import os
from pathlib import Path

from avenant.consent.keys import new_key, written_private


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
