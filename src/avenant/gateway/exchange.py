"""One HTTP exchange over ASGI: a body read within a limit, an answer whole or in pieces, a client that leaves.

A bare ASGI application learns of a disconnect from `receive` alone: `disconnected` must be watched while the upstream
works, or nothing is ever cancelled.

    exchange = Exchange(scope, receive, send)
    body = await exchange.body()                 # raises ClientDisconnected, or InputError `too_large`, `too_slow`
    disconnected = asyncio.create_task(exchange.disconnected())
    await exchange.send_head(200, {"content-type": "text/event-stream"})
    await exchange.send_chunk(b"data: {}\\n\\n")
    await exchange.send_end(b"data: [DONE]\\n\\n")

An answer begun and never ended makes the server break the connection: so a stream fails.

A head with more fields or bytes than the limits allow, or one that gives both a length and a transfer coding (RFC 9112
§6.3: two readers may see two bodies), has a `fault`, and its connection is closed after the answer.

Source: the ASGI specification 3.0, HTTP connection scope.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any

from avenant.errors import InputError, Unavailable
from avenant.gateway.limits import LIMITS, Limits, cut
from avenant.languages import say

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


# A body that is too large is read on to this many times the limit, and thrown away: who still sends reads no answer.
_FARTHEST = 4


class ClientDisconnected(Exception):
    """The client has left before its request was read."""


class Room:
    """The bytes of request bodies that are held at once, over all calls."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Hold `size` bytes more; Unavailable `busy` when there is no room for them."""
        if size > self._left:
            raise Unavailable("busy", say("gateway.busy"))
        self._left -= size

    def give(self, size: int) -> None:
        """Let go of `size` bytes."""
        self._left += size


class Exchange:
    """A request and its answer; `status` is what the client was told so far."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        limits: Limits = LIMITS,
        room: Room | None = None,
    ) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._version: str = scope["http_version"]
        self._headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        self._receive = receive
        self._send = send
        self._limits = limits
        self._room = room or Room(limits.bodies_bytes)
        self._held = 0
        self.status: int | None = None

    @property
    def route(self) -> str:
        """`POST /v1/chat/completions`, cut to a length that can be kept."""
        return cut(f"{self.method} {self.path}")

    @property
    def fault(self) -> InputError | None:
        """What is wrong with the head, if anything."""
        names = {name for name, _ in self.headers()}
        both = {"content-length", "transfer-encoding"} <= names
        if both or self._version not in {"1.0", "1.1"}:
            return InputError("bad_http", say("gateway.bad-http"))
        size = sum(len(name) + len(value) for name, value in self._headers)
        if len(self._headers) > self._limits.head_fields or size > self._limits.head_bytes:
            return InputError("head_too_large", say("gateway.head-too-large"))
        return None

    def headers(self) -> Iterator[tuple[str, str]]:
        """Names in lower case, and values."""
        for name, value in self._headers:
            yield name.decode("latin-1").lower(), value.decode("latin-1")

    def header(self, name: str) -> str | None:
        """The header's value when it is given exactly once."""
        values = [value for key, value in self.headers() if key == name]
        return values[0] if len(values) == 1 else None

    async def body(self) -> bytes:
        """Read the whole request.

        ClientDisconnected when the client leaves first, InputError when it is too large or too slow, Unavailable when
        too much is held already. What was read is held until `release`.
        """
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await self._body()
        except TimeoutError:
            raise InputError("too_slow", say("gateway.too-slow")) from None

    async def _body(self) -> bytes:
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            part, more = message.get("body", b""), message.get("more_body", False)
            size += len(part)
            if size <= self._limits.body_bytes:
                self._room.take(len(part))
                self._held += len(part)
                parts.append(part)
            elif size > _FARTHEST * self._limits.body_bytes:
                break
        most = self._limits.body_bytes
        if size > most:
            raise InputError("too_large", say("gateway.too-large", most=most // 1024 // 1024))
        return b"".join(parts)

    def release(self) -> None:
        """Let go of the room that the body took."""
        self._room.give(self._held)
        self._held = 0

    async def disconnected(self) -> None:
        """Returns when the client has left; only after `body`."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status and the headers."""
        self.status = status
        encoded = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})

    async def send_chunk(self, content: bytes) -> None:
        """Send a part of the body; waits while the client is slow to read."""
        await self._send({"type": "http.response.body", "body": content, "more_body": True})

    async def send_end(self, content: bytes = b"") -> None:
        """Send the last part of the body."""
        await self._send({"type": "http.response.body", "body": content, "more_body": False})

    async def send_response(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Send an answer at once."""
        await self.send_head(status, {**headers, "content-length": str(len(content))})
        await self.send_end(content)
