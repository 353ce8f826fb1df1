"""The gateway's routes, as a bare ASGI application.

| route | credential | |
|---|---|---|
| `POST /v1/chat/completions` | yes | decided, recorded, forwarded or refused |
| `GET /v1/models` | yes | recorded; the models that the text names, else all of the upstream's |
| `GET /health` | no | the text in force, the size of the ledger; 503 while no text or no ledger can be relied on |
| `POST /v1/clock` | the ledger's key | a clock that has stepped is believed again; recorded |
| anything else | yes | recorded; 404 |

Without a valid credential: 401, counted and not recorded, or a stranger could buy a flush a packet. Beyond the rate of
a connection: 429, counted and not recorded, or an application could buy as many as the disk takes. A head that two
readers could read differently, or that is beyond the limits, is answered and its connection closed, before anything.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from avenant.errors import AvenantError
from avenant.gateway.admission import admit
from avenant.gateway.clock import Clock, moment
from avenant.gateway.exchange import ClientDisconnected, Exchange, Receive, Room, Scope, Send
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.rate import Rate
from avenant.gateway.refusal import Refusal, failure, of_error
from avenant.gateway.runner import CallHandler
from avenant.gateway.standing import Connection
from avenant.gateway.texts import TextSchedule
from avenant.gateway.wire import DEFAULT
from avenant.instants import written
from avenant.languages import say

log = logging.getLogger(__name__)

HEALTH = "GET /health"
CLOCK = "POST /v1/clock"


class Sized(Protocol):
    """A ledger, as far as `/health` tells of it."""

    @property
    def size(self) -> int:
        """The number of entries."""

    @property
    def fault(self) -> AvenantError | None:
        """Why nothing can be recorded, if nothing can."""


class Gateway:
    """The application that uvicorn runs; `started` and `stopped` are called in its event loop."""

    def __init__(
        self,
        connections: Iterable[Connection],
        calls: CallHandler,
        texts: TextSchedule,
        ledger: Sized,
        clock: Clock,
        *,
        shown: Callable[[], dict[str, object]],
        confirm: Callable[[bytes], Awaitable[dict[str, object]]],
        started: Callable[[], Awaitable[None]],
        stopped: Callable[[], Awaitable[None]],
        limits: Limits = LIMITS,
    ) -> None:
        self._connections = connections  # those of each moment
        self._calls = calls
        self._texts = texts
        self._ledger = ledger
        self._clock = clock
        self._shown = shown
        self._confirm = confirm
        self._started = started
        self._stopped = stopped
        self._limits = limits
        self._room = Room(limits.bodies_bytes)
        self._rate = Rate(limits.decisions_second)
        self.unauthenticated = 0  # requests without a valid credential

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request, or the life of the server."""
        match scope["type"]:
            case "lifespan":
                await self._life(receive, send)
            case "http":
                await self._http(Exchange(scope, receive, send, self._limits, self._room))
            case _:
                await send({"type": "websocket.close"})

    async def _http(self, exchange: Exchange) -> None:
        if (fault := exchange.fault) is not None:
            await self._turn_away(exchange, of_error(fault), {"connection": "close"})
            return
        if exchange.route == HEALTH:
            await self._health(exchange)
            return
        if exchange.route == CLOCK:
            await self._confirm_clock(exchange)
            return
        connection = admit(self._connections, exchange.header("authorization"))
        if connection is None:
            self.unauthenticated += 1
            refusal = failure("invalid_api_key", say("gateway.no-credential"))
            await self._turn_away(exchange, refusal, {})
            return
        if not self._rate.takes(connection.id):
            most = self._limits.decisions_second
            refusal = failure("too_many_calls", say("gateway.too-many-calls", most=most))
            await self._turn_away(exchange, refusal, {})
            return
        await self._calls.answer(exchange, connection)

    async def _turn_away(
        self, exchange: Exchange, refusal: Refusal, more: Mapping[str, str]
    ) -> None:
        headers = {"content-type": "application/json", **refusal.headers, **more}
        await exchange.send_response(refusal.status, headers, refusal.body(DEFAULT))

    async def _health(self, exchange: Exchange) -> None:
        told: dict[str, object] = {
            "ledger": self._ledger.size,
            "unauthenticated": self.unauthenticated,
            "beyond_rate": self._rate.beyond,
            "answered_by_other": self._calls.answered_by_other,
        }
        told |= self._shown()
        try:
            if (fault := self._ledger.fault) is not None:
                raise fault
            text = self._texts.at(moment(self._clock())).text
            told |= {
                "status": "serving",
                "text": text.id,
                "digest": text.digest,
                "since": written(text.since),
                "until": written(text.until) if text.until else None,
            }
            status = 200
        except AvenantError as error:
            told |= {"status": error.code.replace("-", "_"), "text": None}
            status = 503
        headers = {"content-type": "application/json"}
        await exchange.send_response(status, headers, msgspec.json.encode(told))

    async def _confirm_clock(self, exchange: Exchange) -> None:
        """Whoever holds the ledger's key says that the clock is right; it needs no connection's key."""
        headers = {"content-type": "application/json"}
        try:
            said = await self._confirm(await exchange.body())
        except ClientDisconnected:
            return
        except AvenantError as error:
            refusal = failure(error.code.replace("-", "_"), error.message, error.hint)
            await exchange.send_response(
                refusal.status, {**headers, **refusal.headers}, refusal.body(DEFAULT)
            )
        else:
            await exchange.send_response(200, headers, msgspec.json.encode(said))

    async def _life(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._started()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stopped()
                await send({"type": "lifespan.shutdown.complete"})
                return
