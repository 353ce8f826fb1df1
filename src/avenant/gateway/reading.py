"""Requests read: small ones at once, large ones by a process of their own, so that the event loop goes on.

A thread would not do: the JSON reader holds the interpreter's lock for as long as it reads (16 MB of `[[],[],…`: half a
second and more). The process is started for the first large request, reads one at a time, and is killed when one takes
too long; its memory is bounded.

    reader = Reader(LIMITS)
    request = await reader.read("POST /v1/chat/completions", body)        # raises InputError
    reader.close()

On its pipes: the route and then the body, each behind its length in eight bytes; back a length, then `_Reply` in
MessagePack.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Self, TypeVar

import msgspec

from avenant.errors import InputError, raise_all
from avenant.gateway.config import UPSTREAM_KEY
from avenant.gateway.limits import Limits
from avenant.gateway.wire import ROUTES
from avenant.gateway.wire.types import ChatRequest
from avenant.languages import language, say, speak

_MEMORY = 1024**3  # bytes that the process may have
T = TypeVar("T")


class _Reply(msgspec.Struct):
    """What was read, or the faults: code, message and remedy."""

    request: ChatRequest | None
    faults: list[tuple[str, str, str | None]] = []

    @classmethod
    def of(cls, route: str, body: bytes) -> Self:
        """Read a request."""
        try:
            return cls(ROUTES[route].read(body))
        except InputError as error:
            errors = getattr(error, "errors", (error,))
            return cls(None, [(e.code, e.message, e.hint) for e in errors])
        except MemoryError:
            much = _too_much()
            return cls(None, [(much.code, much.message, much.hint)])


class Reader:
    """Reads requests, of whatever size, without stopping the event loop for long."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._queue = asyncio.Lock()  # so that no thread waits for another
        self._one = threading.Lock()

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The process that reads large requests, once there was one."""
        return self._process

    async def read(self, route: str, body: bytes) -> ChatRequest:
        """Return what a request asks for; InputError says why it cannot be read or must not go up."""
        if len(body) <= self._limits.parse_bytes:
            return ROUTES[route].read(body)
        async with self._queue:
            reply = await asyncio.to_thread(self._apart, route, body)
        raise_all([InputError(code, message, None, hint) for code, message, hint in reply.faults])
        assert reply.request is not None
        return reply.request

    async def apart(self, size: int, work: Callable[[], T]) -> T:
        """Do work over `size` bytes that lets go of the interpreter's lock: in a thread when they are many."""
        return work() if size <= self._limits.parse_bytes else await asyncio.to_thread(work)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _apart(self, route: str, body: bytes) -> _Reply:
        with self._one:
            return self._exchanged(route, body)

    def _exchanged(self, route: str, body: bytes) -> _Reply:
        if self._process is None or self._process.poll() is not None:
            self._process = _started()
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(self._limits.parse_seconds, process.kill)
        late.start()
        try:
            _write(process.stdin, route.encode())
            _write(process.stdin, body)
            return msgspec.msgpack.decode(_read(process.stdout), type=_Reply)
        except (OSError, EOFError):
            self.close()
            raise _too_much() from None
        finally:
            late.cancel()


def _started() -> subprocess.Popen[bytes]:
    environment = {name: v for name, v in os.environ.items() if name != UPSTREAM_KEY}
    return subprocess.Popen(  # noqa: S603 - this module, by this interpreter
        [sys.executable, "-m", __spec__.name, language()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,  # a Ctrl-C is for the gateway; this one ends with its pipe
    )


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """Return one message; EOFError when the other side has ended."""
    size = pipe.read(8)
    data = pipe.read(int.from_bytes(size, "big")) if len(size) == 8 else b""
    if not data:
        raise EOFError
    return data


def _too_much() -> InputError:
    why = say("gateway.too-much-to-read")
    return InputError("unreadable_request", say("gateway.unreadable", why=why))


def _main() -> None:
    speak(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    while True:
        try:
            route = _read(sys.stdin.buffer).decode()
            body = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(sys.stdout.buffer, msgspec.msgpack.encode(_Reply.of(route, body)))


if __name__ == "__main__":
    _main()
