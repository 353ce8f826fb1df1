"""HTTP/1.1 by h11, one request at a time, within limits: what uvicorn serves connections with.

- A connection that says nothing, a head that is slow and a body that does not end are closed at their times.
- A head whose lines end in LF alone is refused: a proxy in front may see other headers than we do.
- No protocol is ever switched to: a request that asks for an upgrade gets an ordinary answer.
- A client that takes nothing of a complete answer is cut off.

    uvicorn.Config(app, http=protocol(LIMITS), ws="none", …)

A message with both a length and a transfer coding is the application's to refuse: see `exchange`.

Source: uvicorn's `H11Protocol`; RFC 9112 §2.2 and §9.3.
"""

from __future__ import annotations

import asyncio
import re

import h11
import msgspec
from h11._receivebuffer import ReceiveBuffer, blank_line_regex
from h11._util import LocalProtocolError
from uvicorn.protocols.http.h11_impl import H11Protocol

from avenant.gateway.limits import Limits
from avenant.languages import say

_LEAVING = 2  # seconds that a client has to stop sending and read its answer
_BARE = re.compile(rb"(?<!\r)\n")


def protocol(limits: Limits) -> type[H11Protocol]:
    """Return the class of connections that holds these limits."""

    class Limited(OneRequest):
        LIMITS = limits

    return Limited


class _StrictLines(ReceiveBuffer):
    """Bytes received; the lines of a head or a trailer end in CR LF, where h11 also takes LF alone."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        end = blank_line_regex.search(self._data)
        if end is not None and _BARE.search(self._data, 0, end.end()):
            raise LocalProtocolError("a line ends in LF alone")
        return super().maybe_extract_lines()


class OneRequest(H11Protocol):
    """A connection; `LIMITS` is set by `protocol`."""

    LIMITS: Limits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head, or close at once when there are too many connections."""
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: float = 0  # seconds that the timer was set to; 0: none runs
        self._leaving = False  # answered, and what still comes is thrown away
        self._unsent = 0  # bytes of an answer that the client had not taken when we last looked
        self.conn._receive_buffer = _StrictLines()
        super().connection_made(transport)
        if len(self.connections) > self.LIMITS.connections:
            self._answer("503 Service Unavailable", "busy", say("gateway.busy"))
            transport.close()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; whatever part of a request is not complete then has its time."""
        if not (self._leaving or self.transport.is_closing()):
            super().data_received(data)
            self._wait()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of this one."""
        super().on_response_complete()
        self._wait()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP in the form of every other answer, and close."""
        self._turn_away("400 Bad Request", "bad_http", say("gateway.bad-http"))

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; while an answer is still being taken, give it as long again."""
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent == self._unsent:
            self.transport.abort()
        elif unsent and not self.transport.is_closing():
            self._unsent = unsent
            self.timeout_keep_alive_task = self.loop.call_later(
                self.LIMITS.idle_seconds, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    def _wait(self) -> None:
        """Set the timer for what the connection waits for; it runs on while that stays the same."""
        seconds = self._patience()
        if self._leaving or seconds == self._waiting:
            return
        self._stop()
        if seconds and not self.transport.is_closing():
            self._waiting = seconds
            self._timer = self.loop.call_later(seconds, self._late)

    def _patience(self) -> float:
        if self.conn.their_state is h11.SEND_BODY:
            # The application answers a slow body at its time; this closes the connection after that.
            return self.LIMITS.body_seconds + 1
        if self.conn.their_state is not h11.IDLE:
            return 0
        if not self._began or self.conn.trailing_data[0]:
            return self.LIMITS.head_seconds
        # Between two requests uvicorn has a timer of its own, but not after a body that outlasted its answer.
        return 0 if self.timeout_keep_alive_task else self.LIMITS.idle_seconds

    @property
    def _began(self) -> bool:
        """Whether there was a request."""
        return self.scope is not None

    def _stop(self) -> None:
        self._waiting = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._waiting, self._timer = 0, None
        if self._leaving or self.conn.their_state is not h11.IDLE:
            self.transport.close()
        elif self.conn.trailing_data[0]:
            self._turn_away("408 Request Timeout", "too_slow", say("gateway.too-slow"))
        else:
            self.transport.close()

    def _turn_away(self, status: str, code: str, message: str) -> None:
        """Close, with an answer where none is under way, which a client that is still sending has time to read."""
        self._stop()
        if self._began and not self.cycle.response_complete:
            self.transport.close()
            return
        self._answer(status, code, message)
        self._leaving = True
        self.transport.write_eof()
        self._timer = self.loop.call_later(_LEAVING, self._late)

    def _answer(self, status: str, code: str, message: str) -> None:
        error = {"type": "invalid_request_error", "code": code, "message": message}
        body = msgspec.json.encode({"error": error})
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
