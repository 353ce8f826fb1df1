"""The model server behind the gateway: one request sent, its reply read as it comes.

- Nothing of the client's credentials goes up: only the headers named here, and the operator's own key.
- A request is sent again once, and only when it went out on a connection that had been used before and
  gave no byte: such a server had closed it (llama.cpp does after each stream). On a new connection, then.
- Leaving the block early closes the connection, so that the model server stops working.
- Redirects are not followed, proxies of the environment not used.

    async with upstream.send("POST", "/chat/completions", headers, body, accept="application/json") as reply:
        reply.status; reply.headers.get("content-type")
        async for chunk in reply.chunks(): ...
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Protocol

import aiohttp
from msgspec import Struct

from avenant.errors import Refused, Unavailable
from avenant.gateway.limits import LIMITS, printable
from avenant.languages import say

# Everything else that a client sends stays here: keys, cookies, hop-by-hop and `Avenant-*` headers, and those that
# would choose an organisation, a project, a beta or a deployment for it. `accept` and `content-type` are ours.
GOES_UP = frozenset({"user-agent", "traceparent", "tracestate"})
_PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=600)  # seconds
_BROKEN = (aiohttp.ClientError, TimeoutError, OSError)


class Reply(Protocol):
    """The head of an answer, and its body as it comes."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case; a byte that is no UTF-8 is a lone surrogate (PEP 383)."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The body; raises Unavailable when it ends before its end."""


class Upstream(Protocol):
    """Where permitted calls go."""

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        accept: str,
    ) -> AbstractAsyncContextManager[Reply]:
        """Send one request; Unavailable when no answer begins."""

    async def close(self) -> None:
        """Let go of all connections."""


class HttpReply(Struct, frozen=True):
    """A reply that aiohttp reads."""

    response: aiohttp.ClientResponse

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""
        return self.response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body; raises Unavailable when it ends before its end."""
        try:
            async for chunk in self.response.content.iter_any():
                yield chunk
        except _BROKEN as error:
            message = say("gateway.upstream-broke", why=_named(error))
            raise Unavailable("upstream_broke", message) from error


def usable_key(given: str | None) -> str | None:
    """Return the upstream's key without the line end that files of secrets have; Refused when no header can carry it.

    >>> usable_key("sk-x\\n")
    'sk-x'
    """
    key = (given or "").strip()
    if not key:
        return None
    if printable(key) is None or " " in key or "\t" in key:
        hint = say("gateway.bad-upstream-key-hint")
        raise Refused("bad-upstream-key", say("gateway.bad-upstream-key"), None, hint)
    return key


class HttpUpstream:
    """An OpenAI-compatible server at `base`, `http://127.0.0.1:8081/v1`, reached with `key` if it wants one."""

    def __init__(self, base: str, key: str | None) -> None:
        self._base = base.rstrip("/")
        self._key = key
        self._kept: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None

    def move(self, base: str) -> bool:
        """Send the calls from now on to another address; whether it is another."""
        before, self._base = self._base, base.rstrip("/")
        return before != self._base

    def _session(self, *, fresh: bool) -> aiohttp.ClientSession:
        # Made at the first call: a session belongs to the event loop that it is made in.
        if self._kept is None or self._fresh is None:
            trace = aiohttp.TraceConfig()
            trace.on_connection_reuseconn.append(_note_reuse)
            self._kept = _new_session(aiohttp.TCPConnector(limit=0), [trace])
            self._fresh = _new_session(aiohttp.TCPConnector(limit=0, force_close=True), [])
        return self._fresh if fresh else self._kept

    @asynccontextmanager
    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        accept: str,
    ) -> AsyncIterator[Reply]:
        """Send one request; Unavailable when no answer begins."""
        up = {name: v for name, v in headers.items() if name in GOES_UP and printable(v)}
        up["accept"] = accept
        up["accept-encoding"] = "identity"
        if body is not None:
            up["content-type"] = "application/json"
        if self._key:
            up["authorization"] = f"Bearer {self._key}"
        try:
            response = await self._answer(method, f"{self._base}{path}", up, body)
        except _BROKEN as error:
            message = say("gateway.upstream-down", why=_named(error))
            raise Unavailable("upstream_unavailable", message) from error
        try:
            yield HttpReply(response)
        finally:
            # Read to its end, a connection has gone back already; else this closes it.
            response.close()

    async def _answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> aiohttp.ClientResponse:
        used = SimpleNamespace(before=False)
        try:
            return await self._session(fresh=False).request(
                method,
                url,
                headers=headers,
                data=_in_pieces(body),
                allow_redirects=False,
                trace_request_ctx=used,
            )
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
            # Half a head is an answer that began; aiohttp keeps it in place of its sentence.
            began = not isinstance(getattr(error, "message", ""), str)
            if began or not used.before:
                raise
        return await self._session(fresh=True).request(
            method, url, headers=headers, data=_in_pieces(body), allow_redirects=False
        )

    async def close(self) -> None:
        """Let go of all connections."""
        for session in (self._kept, self._fresh):
            if session is not None:
                await session.close()


def _in_pieces(body: bytes | None) -> bytes | BytesIO | None:
    """A large body is written piece by piece, so that the event loop goes on in between."""
    return body if body is None or len(body) <= LIMITS.parse_bytes else BytesIO(body)


def _new_session(
    connector: aiohttp.TCPConnector, traces: list[aiohttp.TraceConfig]
) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        timeout=_PATIENCE,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=traces,
    )


async def _note_reuse(
    session: aiohttp.ClientSession,
    context: SimpleNamespace,
    params: aiohttp.TraceConnectionReuseconnParams,
) -> None:
    context.trace_request_ctx.before = True


def _named(error: BaseException) -> str:
    # Neither addresses nor keys: this sentence reaches the client.
    return type(error).__name__
