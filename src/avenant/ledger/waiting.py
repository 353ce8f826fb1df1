"""Who waits for a record to be durable, and how they are answered: in their own event loop, or in their thread.

waiting = Waiting(sealed, None, (), loop.create_future(), loop)
answer([(waiting, receipt)])          # from the ledger's thread
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import Future
from uuid import UUID

from msgspec import Struct

from avenant.errors import AvenantError
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import Sealed


class Waiting(Struct, frozen=True, eq=False):
    """A sealed record whose caller waits; `loop` is None for a thread that waits without one."""

    sealed: Sealed
    decision: UUID | None  # of an outcome: the decision that it ends
    files: tuple[tuple[str, bytes], ...]
    future: asyncio.Future[Receipt] | Future[Receipt]
    loop: asyncio.AbstractEventLoop | None


Answers = list[tuple[Waiting, Receipt | AvenantError]]


def answer(answers: Answers) -> None:
    """Give each caller the receipt or the error, all of one event loop at once."""
    loops: dict[asyncio.AbstractEventLoop, Answers] = {}
    for waiting, result in answers:
        if waiting.loop is None:
            _settle([(waiting, result)])
        else:
            loops.setdefault(waiting.loop, []).append((waiting, result))
    for loop, own in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, own)


def _settle(answers: Answers) -> None:
    for waiting, result in answers:
        if waiting.future.done():
            continue  # the caller went away; the record stays
        if isinstance(result, AvenantError):
            waiting.future.set_exception(result)
        else:
            waiting.future.set_result(result)
