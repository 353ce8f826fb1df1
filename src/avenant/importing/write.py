"""Makes a dossier's folder: the one module here that writes files, and it never writes over any.

make_dossier(Path("agreements/usage-policy"), {"0-agreement.md": text})
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from avenant.importing.types import fault
from avenant.languages import trouble


def make_dossier(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files into a new folder, or an empty one.

    Raises InputError `dossier-exists` where anything stands there already, a link that leads nowhere included, and
    `dossier-unwritable` where the system refuses; what was written by then is taken away again.
    """
    free(folder)
    made = not folder.exists()
    done: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                done.append(path)
                file.write(text)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        if made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise fault("dossier-unwritable", None, folder=folder, problem=trouble(error)) from error


def free(folder: Path) -> None:
    """Raise InputError `dossier-exists` unless nothing stands there, or an empty folder."""
    if os.path.lexists(folder) and (
        folder.is_symlink() or not folder.is_dir() or any(folder.iterdir())
    ):
        raise fault("dossier-exists", None, folder=folder)
