"""Outcomes that could not be written: tried again until they are durable, and recorded as what they were.

- While a caller waits, an outcome is tried again for two seconds. If the ledger is back by then, nothing was lost: the
  caller gets the answer, and the record says so.
- After that the caller is answered 503, or its stream is broken off. The outcome that is then kept says that:
  `failed`, `ledger_unavailable`, with what the model server is known to have done.
- What is kept is tried again, ever less often, until it is durable. It also lies in the state folder, so that the next
  start can end the call as what it was, if the process ends before. What nobody kept is ended as `interrupted`.
- A ledger that did not confirm may hold the first attempt all the same. An outcome has one id: then the first stays.

    outcomes = Outcomes(ledger, file, signer)
    await outcomes.record(item)          # Receipt; raises Unavailable after two seconds
    outcomes.keep(item)                  # returns at once
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from avenant.errors import AvenantError, Unavailable
from avenant.gateway.state import read_signed, write_signed
from avenant.ledger.item import Item
from avenant.ledger.note import Signer
from avenant.ledger.receipt import Receipt
from avenant.ledger.sequencer import Ledger

log = logging.getLogger(__name__)

_HEAD = "avenant/outcomes/1"
_WAITS = (0.05, 0.15, 0.3, 0.5, 1.0)  # seconds between attempts while a caller waits
_LONGEST = 5.0  # seconds between attempts when nobody waits
_MOST = 10_000  # kept at a time; what is beyond is ended at the next start


class _Kept(msgspec.Struct, frozen=True):
    """An outcome as the state folder keeps it."""

    id: UUID
    at: int
    body: dict[str, Any]


class Outcomes:
    """Writes the outcomes of one ledger; in one event loop."""

    def __init__(self, ledger: Ledger, file: Path, signer: Signer) -> None:
        self._ledger = ledger
        self._file = file
        self._signer = signer
        self._kept: dict[UUID, Item] = {}
        self._written: tuple[UUID, ...] = ()  # ids that lie in the file
        self._work: asyncio.Task[None] | None = None

    async def record(self, item: Item) -> Receipt:
        """Append an outcome, again for two seconds; raises Unavailable, Refused or InputError.

        One whose caller is given up meanwhile is kept.
        """
        try:
            for wait in _WAITS:
                try:
                    return await self._append(item)
                except Unavailable:
                    await asyncio.sleep(wait)
            return await self._append(item)
        except asyncio.CancelledError:
            self.keep(item)
            raise

    def keep(self, item: Item) -> None:
        """Append an outcome as soon as that is possible."""
        if len(self._kept) >= _MOST:
            log.error("more outcomes wait than are kept: %s is left to the next start", item.id)
            return
        self._kept[item.id] = item
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._until_durable())

    async def close(self) -> None:
        """Try once more, and leave what is not durable to the next start."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait((self._work,))
        await self._attempt()
        await self._note()

    async def _until_durable(self) -> None:
        wait = _WAITS[0]
        while True:
            await self._attempt()
            await self._note()
            if not self._kept:
                return
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST)

    async def _attempt(self) -> None:
        """Append what is kept, in order, until the ledger does not confirm."""
        for item in tuple(self._kept.values()):
            try:
                await self._append(item)
            except Unavailable:
                return
            except AvenantError:
                pass  # its decision was never durable, or has its outcome
            del self._kept[item.id]

    async def _append(self, item: Item) -> Receipt:
        return await self._ledger.append(item.kind, item.body, at=item.at, id=item.id)

    async def _note(self) -> None:
        """Have the state folder hold what is kept."""
        ids = tuple(self._kept)
        if ids == self._written:
            return
        try:
            await asyncio.to_thread(_write, self._file, tuple(self._kept.values()), self._signer)
        except Unavailable as error:
            log.error("outcomes that wait are in memory alone: %s", error)
            return
        self._written = ids


def left(file: Path, signer: Signer) -> Iterator[Item]:
    """The outcomes that a process left behind; raises InputError `state-unreadable`."""
    body = read_signed(file, _HEAD, signer)
    for kept in msgspec.json.decode(body or "[]", type=tuple[_Kept, ...]):
        yield Item("outcome", kept.body, kept.at, kept.id)


def forget(file: Path) -> None:
    """Remove the file of what was left behind."""
    file.unlink(missing_ok=True)


def _write(file: Path, items: tuple[Item, ...], signer: Signer) -> None:
    if not items:
        forget(file)
        return
    kept = [_Kept(item.id, item.at, dict(item.body)) for item in items]
    write_signed(file, _HEAD, msgspec.json.encode(kept, order="sorted").decode(), signer)
