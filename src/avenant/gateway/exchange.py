"""One HTTP exchange over ASGI: a body read within a limit, an answer whole or in pieces, a client that leaves.

A bare ASGI application learns of a disconnect from `receive` alone: `gone` must be watched while the upstream
works, or nothing is ever cancelled.

    exchange = Exchange(scope, receive, send)
    body = await exchange.body()                 # raises Gone, or InputError `too_large`
    gone = asyncio.create_task(exchange.gone())
    await exchange.start(200, {"content-type": "text/event-stream"})
    await exchange.piece(b"data: {}\\n\\n")
    await exchange.end(b"data: [DONE]\\n\\n")

An answer begun and never ended makes the server break the connection: so a stream fails.

Source: the ASGI specification 3.0, HTTP connection scope.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any

from avenant.errors import InputError
from avenant.messages import say

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_BYTES = 32 * 1024 * 1024  # of a request


class Gone(Exception):
    """The client has left before its request was read."""


class Exchange:
    """A request and its answer; `status` is what the client was told so far."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        self._receive = receive
        self._send = send
        self.status: int | None = None
        self.ended = False

    @property
    def route(self) -> str:
        """`POST /v1/chat/completions`, cut to a length that can be kept."""
        return f"{self.method} {self.path}"[:200]

    def headers(self) -> Iterator[tuple[str, str]]:
        """Names in lower case, and values."""
        for name, value in self._headers:
            yield name.decode("latin-1").lower(), value.decode("latin-1")

    def header(self, name: str) -> str | None:
        """The header's value when it is given exactly once."""
        values = [value for key, value in self.headers() if key == name]
        return values[0] if len(values) == 1 else None

    async def body(self) -> bytes:
        """The whole request; Gone when the client leaves first, InputError when it is over 32 MB."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                message_ = say("gateway.too-large", most=MOST_BYTES // 1024 // 1024)
                raise InputError("too_large", message_)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def gone(self) -> None:
        """Returns when the client has left; only after `body`."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the status and the headers."""
        self.status = status
        encoded = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})

    async def piece(self, content: bytes) -> None:
        """Send a part of the body; waits while the client is slow to read."""
        await self._send({"type": "http.response.body", "body": content, "more_body": True})

    async def end(self, content: bytes = b"") -> None:
        """Send the last part of the body."""
        self.ended = True
        await self._send({"type": "http.response.body", "body": content, "more_body": False})

    async def whole(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Send an answer at once."""
        await self.start(status, {**headers, "content-length": str(len(content))})
        await self.end(content)
