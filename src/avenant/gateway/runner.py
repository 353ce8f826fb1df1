"""Performs the commands of calls: with the real ledger, the real upstream and the real client.

`call` holds the rules; here is what takes time. Each call is a task of its own: when the server gives its request up,
the call is stopped and its outcome recorded all the same.

    handler = CallHandler(ledger, outcomes, upstream, texts, revocations, clock)
    await handler.answer(exchange, connection)
    await handler.settled()
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Iterator

from avenant.errors import AvenantError
from avenant.gateway import events
from avenant.gateway.call import Call
from avenant.gateway.clock import Clock
from avenant.gateway.commands import (
    Cancel,
    Command,
    Decide,
    Forward,
    Keep,
    Record,
    SendChunk,
    SendEnd,
    SendHead,
    SendResponse,
)
from avenant.gateway.deciding import CallDecider
from avenant.gateway.events import Chunk, Event
from avenant.gateway.exchange import Exchange
from avenant.gateway.limits import LIMITS, Limits, cut
from avenant.gateway.outcomes import Outcomes
from avenant.gateway.reading import Reader
from avenant.gateway.record import Ended, outcome_body
from avenant.gateway.revoked import Revocations
from avenant.gateway.standing import Connection
from avenant.gateway.texts import TextSchedule
from avenant.gateway.upstream import Upstream
from avenant.languages import say
from avenant.ledger.item import Item
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Ledger

log = logging.getLogger(__name__)

_LAST_WORDS = 2.0  # seconds that a client has to take its answer when the gateway stops


class CallHandler:
    """Takes calls through, each by a machine and a runner of its own."""

    def __init__(
        self,
        ledger: Ledger,
        outcomes: Outcomes,
        upstream: Upstream,
        texts: TextSchedule,
        revocations: Revocations,
        clock: Clock,
        limits: Limits = LIMITS,
    ) -> None:
        self.ledger, self.outcomes, self.upstream = ledger, outcomes, upstream
        self.clock, self.limits = clock, limits
        self.reader = Reader(limits)
        self.decider = CallDecider(texts, revocations, self.reader, clock)
        self.answered_by_other = 0  # calls that another model answered than was decided about
        self._under_way: set[asyncio.Task[None]] = set()

    async def answer(self, exchange: Exchange, connection: Connection) -> None:
        """Answer one request with a valid credential."""
        runner = CallRunner(self, exchange, connection)
        task = asyncio.create_task(runner.run())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: exchange.release())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            runner.stop()
            raise

    async def settled(self) -> None:
        """Returns when every call that was begun has ended, its outcome recorded."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await asyncio.to_thread(self.reader.close)


class CallRunner:
    """Performs one call's commands in order; what each leads to is the next event."""

    def __init__(self, handler: CallHandler, exchange: Exchange, connection: Connection) -> None:
        self._handler = handler
        self._exchange = exchange
        self._connection = connection
        self._id = new_id(handler.clock())
        self._call = Call(handler.limits)
        self._commands: deque[Command] = deque()
        self._disconnected: asyncio.Task[None] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._outcome: Item | None = None  # its id and time stay, whatever is tried again
        self._interruptible: asyncio.Task[object] | None = None
        self._stopped = False
        self._model = ""  # that was asked for

    async def run(self) -> None:
        """Take the call to its end."""
        self._step(events.Request(str(self._id), os.urandom(16)))
        try:
            while self._commands:
                event = await self._perform(self._commands.popleft())
                if event is not None:
                    self._step(event)
        finally:
            if self._disconnected is not None:
                self._disconnected.cancel()

    def stop(self) -> None:
        """Have the call end soon: what can wait for long is broken off, what records is not."""
        self._stopped = True
        if self._interruptible is not None:
            self._interruptible.cancel()

    def _step(self, event: Event) -> None:
        self._commands += self._call.step(event)

    async def _perform(self, command: Command) -> Event | None:
        match command:
            case Decide():
                with self._breaking_off():
                    decided = await self._handler.decider.decide(
                        self._id, self._exchange, self._connection
                    )
                self._model = decided.request.model if decided.request else ""
                return decided
            case Record():
                return await self._record(command)
            case Keep(outcome):
                self._handler.outcomes.keep(self._outcome_item(outcome))
            case Forward():
                return await self._forward(command)
            case Cancel():
                await self._cancel()
            case SendResponse() | SendHead() | SendChunk() | SendEnd():
                await self._send_last(command)
        return None

    @contextlib.contextmanager
    def _breaking_off(self) -> Iterator[None]:
        """What is awaited inside is cancelled when the call must stop."""
        self._interruptible = asyncio.current_task()
        try:
            yield
        finally:
            self._interruptible = None

    # ---- the ledger

    async def _record(self, command: Record) -> Event:
        if command.decision is None:
            assert command.outcome is not None
            return await self._record_outcome(command.outcome)
        decision = Item("decision", command.decision, self._handler.clock(), self._id)
        if command.outcome is not None:
            receipt, recorded = await asyncio.gather(
                self._append(decision),
                self._append(self._outcome_item(command.outcome)),
                return_exceptions=True,
            )
        else:
            self._disconnected = asyncio.create_task(self._exchange.disconnected())
            (receipt,) = await asyncio.gather(self._append(decision), return_exceptions=True)
            recorded = receipt
        if not (isinstance(receipt, Receipt) and isinstance(recorded, Receipt)):
            log.error("recording %s: %s", self._id, recorded)
            unknown = getattr(receipt, "code", "") == "ledger-unknown"
            return events.NotRecorded(decided=isinstance(receipt, Receipt) or unknown)
        if self._stopped:
            self._step(events.GatewayStopped())
        elif self._disconnected is not None and self._disconnected.done():
            self._step(events.ClientDisconnected())
        return events.Recorded(_written(receipt))

    async def _record_outcome(self, outcome: Ended) -> Event:
        if outcome.upstream.other:
            self._handler.answered_by_other += 1
            names = {
                "asked": cut(self._model, 64),
                "answered": cut(outcome.upstream.model or "", 64),
            }
            log.warning(say("gateway.answered-by-other", **names))
        try:
            await self._handler.outcomes.record(self._outcome_item(outcome))
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is withheld
            log.error("recording the end of %s: %s", self._id, error)
            return events.NotRecorded(decided=True)
        return events.Recorded()

    def _outcome_item(self, outcome: Ended) -> Item:
        body = outcome_body(str(self._id), outcome)
        if self._outcome is None:
            now = self._handler.clock()
            self._outcome = Item("outcome", body, now, new_id(now))
        self._outcome = self._outcome._replace(body=body)
        return self._outcome

    async def _append(self, item: Item) -> Receipt:
        return await self._handler.ledger.append(item.kind, item.body, at=item.at, id=item.id)

    # ---- the upstream

    async def _forward(self, command: Forward) -> Event | None:
        """Ask the model server, until it has answered, the client leaves, or time is up."""
        assert self._disconnected is not None
        pump = self._pump = asyncio.create_task(self._ask(command))
        try:
            with self._breaking_off():
                await asyncio.wait(
                    (pump, self._disconnected),
                    timeout=self._handler.limits.call_seconds,
                    return_when=asyncio.FIRST_COMPLETED,
                )
        except asyncio.CancelledError:
            return None if pump.done() else events.GatewayStopped()
        if pump.done():
            return None
        return events.ClientDisconnected() if self._disconnected.done() else events.TimeIsUp()

    async def _ask(self, command: Forward) -> None:
        """Hand over the answer as it comes; what the call then wants sent is sent here, before more is read."""
        try:
            async with self._handler.upstream.send(
                command.method,
                command.path,
                dict(self._exchange.headers()),
                command.body,
                accept=command.accept,
            ) as reply:
                if await self._take(events.UpstreamAnswered(reply.status, reply.headers)):
                    return
                async for chunk in reply.chunks():
                    if await self._take(Chunk(chunk)):
                        return
            await self._take(events.UpstreamEnded())
        except AvenantError as error:
            self._step(events.UpstreamFailed(error))
        except Exception:
            log.exception("forwarding %s", self._id)
            self._step(events.UpstreamFailed(None))

    async def _take(self, event: Event) -> bool:
        """Step, and send what is to be sent at once; True when no more is to be read."""
        done = False
        for command in self._call.step(event):
            match command:
                case SendHead() | SendChunk():
                    await self._send(command)
                case Cancel():
                    done = True
                case _:
                    self._commands.append(command)
        return done

    async def _cancel(self) -> None:
        if self._pump is not None and not self._pump.done():
            self._pump.cancel()
            await asyncio.wait((self._pump,))

    # ---- the client

    async def _send(self, command: Command) -> None:
        match command:
            case SendResponse(status, headers, content):
                await self._exchange.send_response(status, headers, content)
            case SendHead(status, headers):
                await self._exchange.send_head(status, headers)
            case SendChunk(content):
                await self._exchange.send_chunk(content)
            case SendEnd(content):
                await self._exchange.send_end(content)

    async def _send_last(self, command: Command) -> None:
        """Send, when everything is recorded: a client that takes nothing keeps nobody from stopping."""
        try:
            async with asyncio.timeout(_LAST_WORDS if self._stopped else None):
                if self._stopped:
                    await self._send(command)
                else:
                    with self._breaking_off():
                        await self._send(command)
        except (asyncio.CancelledError, TimeoutError):
            log.warning("stopped before the end of %s was sent", self._id)


def _written(receipt: Receipt) -> str:
    """The receipt as a header's value: its JSON in URL-safe base64."""
    return urlsafe_b64encode(receipt.json().encode()).decode()
