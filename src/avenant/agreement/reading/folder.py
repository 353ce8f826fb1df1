"""Which files of a dossier's folder may be opened: regular files inside it, and nothing else.

A named pipe would hang whoever opens it, a device never ends, and a link may lead out of the folder to what no party
has seen. Each is an error with its name; it is never opened, and whoever reads goes on without it.

    files(root, "signatures/*.dsse.json")      # the regular files, in the order of their names
    strays(root)                               # [InputError("not-a-file", …, Span("signatures/x.dsse.json", 1), …)]

A link to a regular file inside the folder is one: that is how volumes are mounted.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from avenant.errors import InputError, Span
from avenant.languages import say
from avenant.source.diagnostics import fault

# The folder itself and those in it that are read, each with the ending of the names that count there; "": all.
FOLDERS = {"": "", "signatures": "", "statements": "", "connections": ""}

_KINDS = (
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISBLK, "device"),
    (stat.S_ISCHR, "device"),
)


def files(root: Path, pattern: str) -> list[Path]:
    """The regular files of the folder that match, in the order of their names."""
    return [file for file in sorted(root.glob(pattern)) if is_regular(root, file)]


def is_regular(root: Path, file: Path) -> bool:
    """Whether this is a regular file inside the folder."""
    return file.exists() and not file.is_dir() and _stray(root, file) is None


def strays(root: Path, folders: Mapping[str, str] = FOLDERS) -> tuple[InputError, ...]:
    """What lies in the folder, or in one of its folders, and must not be opened; hidden names are passed over."""
    return tuple(
        error
        for folder, ending in folders.items()
        for error in _strays_of(root, root / folder, ending)
    )


def _strays_of(root: Path, folder: Path, ending: str) -> Iterator[InputError]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return  # there is none, or it cannot be listed: then its files are missing, which is told elsewhere
    for name in names:
        if name.startswith(".") or not name.endswith(ending):
            continue
        what = _stray(root, folder / name)
        if what is not None:
            place = Span((folder / name).relative_to(root).as_posix(), 1)
            yield fault("not-a-file", place, what=say(f"stray.{what}"))


def _stray(root: Path, file: Path) -> str | None:
    """What a name stands for, unless it is a regular file or a folder inside `root`."""
    try:
        mode = file.stat().st_mode
        if not file.resolve().is_relative_to(root.resolve()):
            return "leads-out"
    except FileNotFoundError:
        # Gone since it was listed; or a link whose target does not exist.
        return "leads-nowhere" if file.is_symlink() else None
    except (OSError, RuntimeError):  # RuntimeError: `resolve` on a loop of links
        return "leads-nowhere"
    if file.suffix in {".md", ".json"} and stat.S_ISDIR(mode):
        return "folder"
    return next((name for is_kind, name in _KINDS if is_kind(mode)), None)
