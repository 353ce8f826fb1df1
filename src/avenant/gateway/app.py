"""The gateway's routes, as a bare ASGI application.

| route | credential | |
|---|---|---|
| `POST /v1/chat/completions` | yes | decided, recorded, forwarded or refused |
| `GET /v1/models` | yes | recorded; the models that the text names, else all of the upstream's |
| `GET /health` | no | the text in force and the size of the ledger; 503 while no text can be relied on |
| anything else | yes | recorded; 404 |

Without a valid credential: 401, counted and not recorded, or a stranger could buy a flush a packet. A head that two
readers could read differently, or that is beyond the limits, is answered and its connection closed, before anything.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from avenant.errors import AvenantError
from avenant.gateway.admission import admit
from avenant.gateway.call import Calls
from avenant.gateway.exchange import Exchange, Receive, Room, Scope, Send
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.refusal import Refusal, failure, of_error
from avenant.gateway.standing import Connection
from avenant.gateway.texts import Clock, Texts, moment
from avenant.gateway.wire_openai import OPENAI
from avenant.instants import written
from avenant.messages import say

log = logging.getLogger(__name__)

HEALTH = "GET /health"


class Sized(Protocol):
    """A ledger, as far as `/health` tells of it."""

    @property
    def size(self) -> int:
        """The number of entries."""


class Gateway:
    """The application that uvicorn runs; `started` and `stopped` are called in its event loop."""

    def __init__(
        self,
        connections: Sequence[Connection],
        calls: Calls,
        texts: Texts,
        ledger: Sized,
        clock: Clock,
        *,
        started: Callable[[], Awaitable[None]],
        stopped: Callable[[], Awaitable[None]],
        limits: Limits = LIMITS,
    ) -> None:
        self._connections = tuple(connections)
        self._calls = calls
        self._texts = texts
        self._ledger = ledger
        self._clock = clock
        self._started = started
        self._stopped = stopped
        self._limits = limits
        self._room = Room(limits.bodies_bytes)
        self.strangers = 0  # requests without a valid credential

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
        connection = admit(self._connections, exchange.header("authorization"))
        if connection is None:
            self.strangers += 1
            refusal = failure("invalid_api_key", say("gateway.no-credential"))
            await self._turn_away(exchange, refusal, {})
            return
        await self._calls.answer(exchange, connection)

    async def _turn_away(
        self, exchange: Exchange, refusal: Refusal, more: Mapping[str, str]
    ) -> None:
        headers = {"content-type": "application/json", **refusal.headers, **more}
        await exchange.whole(refusal.status, headers, refusal.body(OPENAI))

    async def _health(self, exchange: Exchange) -> None:
        told: dict[str, object] = {
            "ledger": self._ledger.size,
            "unauthenticated": self.strangers,
            "answered_by_other": self._calls.answered_by_other,
        }
        try:
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
            told |= {"status": error.code, "text": None}
            status = 503
        headers = {"content-type": "application/json"}
        await exchange.whole(status, headers, msgspec.json.encode(told))

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
