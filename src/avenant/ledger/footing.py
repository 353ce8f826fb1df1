"""The files under an open store: are they the ones at their paths, and did anybody else touch them?

SQLite goes on writing to a file that was unlinked, replaced or moved, and acknowledges what nobody will find again. So
the store compares what the file system says of its paths with what it said after the store's own last write.

| what happened to the file, its `-wal`, its `-shm` or the lock | `firm` | `untouched` |
|----------------------------------------------------------------|--------|-------------|
| nothing                                                        | yes    | yes         |
| unlinked, replaced, its folder renamed, cut                    | no     | no          |
| written by somebody else, in place                             | yes    | no          |

A look is four calls of `stat`, about 10 µs. It proves nothing about content: after a *no* the store is opened anew and
read. A write by somebody else within one tick of the kernel's clock (4 ms) after ours does not show.

    footing = Footing(path)       # when the store is open
    footing.untouched()           # before a write of ours
    footing.settle()              # after it: whether the files are still ours, which are from now on as they are
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

_WRITTEN = ("", "-wal")  # what the store writes: these never shrink while it is open
_PRESENT = ("-shm", ".lock")  # what must be there; others' reading writes to the first
_INDEX = len(_WRITTEN)


class _Stamp(NamedTuple):
    device: int
    inode: int
    size: int
    written: int  # mtime in ns


class Footing:
    """The files of one open store. Any thread may look; one writes and settles."""

    def __init__(self, path: Path) -> None:
        self._files = tuple(f"{path}{ending}" for ending in (*_WRITTEN, *_PRESENT))
        self._held = self._look()

    def firm(self) -> bool:
        """Are they the same files, and none of them shorter?"""
        return _firm(self._held, self._look())

    def untouched(self) -> bool:
        """Are they firm, and written by nobody since the last `settle`?"""
        held, now = self._held, self._look()
        return _firm(held, now) and held[: len(_WRITTEN)] == now[: len(_WRITTEN)]

    def settle(self) -> bool:
        """Take the files as they are now for the store's own, if they are firm."""
        now = self._look()
        if not _firm(self._held, now):
            return False
        self._held = now
        return True

    def steady(self) -> None:
        """Lengthen the log's index again if it was cut.

        SQLite maps it into memory: touching a page that is not there ends the process. Its checksums tell zeroes apart.
        """
        held, now = self._held[_INDEX], self._look()[_INDEX]
        if held and now and _same(held, now) and now.size < held.size:
            with contextlib.suppress(OSError):
                os.truncate(self._files[_INDEX], held.size)

    def torn(self) -> bool:
        """Is the main file another one beside our log? SQLite would copy the log into it, whatever file it is."""
        (main, log, *_), (now, log_now, *_) = self._held, self._look()
        return log is not None and log == log_now and not _same(main, now)

    def _look(self) -> tuple[_Stamp | None, ...]:
        return tuple(map(_stamp, self._files))


def _stamp(file: str) -> _Stamp | None:
    try:
        known = os.stat(file)
    except OSError:
        return None
    return _Stamp(known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns)


def _firm(held: tuple[_Stamp | None, ...], now: tuple[_Stamp | None, ...]) -> bool:
    return all(map(_same, held, now)) and all(
        before.size <= after.size
        for before, after in zip(held, now, strict=True)
        if before and after
    )


def _same(before: _Stamp | None, after: _Stamp | None) -> bool:
    """Are these of one file, that is there?"""
    return before is not None and after is not None and before[:2] == after[:2]
