"""Reads an exported copy from its folder, and tells what the folder should not hold or lacks."""

from __future__ import annotations

from pathlib import Path

from avenant.errors import InputError
from avenant.languages import say
from avenant.ledger.tiles import number_path


class Folder:
    """The files of a copy. Each is read once; `left` are those that nobody asked for."""

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise InputError(
                "no-ledger", say("ledger.none", path=path), None, say("ledger.none-hint")
            )
        self._path = path
        # A link is not followed: what it points at is not part of the copy.
        found = [p for p in path.rglob("*") if p.is_symlink() or not p.is_dir()]
        self.left = {p.relative_to(path).as_posix() for p in found}
        self.names = frozenset(self.left)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None when it is missing, or is no plain file."""
        path = self._path / name
        if name not in self.names or path.is_symlink() or not path.is_file():
            return None
        self.left.discard(name)
        try:
            return path.read_bytes()
        except OSError:
            return None


def records_path(index: int) -> str:
    """Path of the records that belong to the `index`-th entry bundle."""
    return f"records/{number_path(index)}.jsonl"
