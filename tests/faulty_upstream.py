"""A model server that misbehaves on purpose: what no real one can be told to do.

with FaultyUpstream() as upstream:
    upstream.mode = "dies-mid-stream"
    upstream.url, upstream.requests, upstream.left
"""

from __future__ import annotations

import asyncio
import threading
from typing import Self

CHUNK = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"sample",'
CHUNK += b'"choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}\n\n'
DONE = b"data: [DONE]\n\n"
ANSWER = b'{"id":"c","object":"chat.completion","created":1,"model":"sample","choices":[{"index":0,'
ANSWER += b'"message":{"role":"assistant","content":"word"},"finish_reason":"stop"}],'
ANSWER += b'"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}'
ERROR = b'{"error":{"message":"from the model server","type":"t","code":"theirs"}}'

STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def framed(chunk: bytes) -> bytes:
    """One piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(chunk), chunk)


def whole(status: str, body: bytes, *headers: str) -> bytes:
    """An answer with its length."""
    lines = [f"HTTP/1.1 {status}", "content-type: application/json", *headers]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


SAYS: dict[str, bytes] = {
    "answers": whole("200 OK", ANSWER),
    "answers-then-closes": whole("200 OK", ANSWER),
    "silent": b"",
    "half-an-answer": whole("200 OK", ANSWER)[:-20],
    "stream-hangs": STREAM + framed(CHUNK) * 2,
    "dies-mid-stream": STREAM + framed(CHUNK) * 2 + b"40\r\ndata: {",
    "stream-without-end": STREAM + framed(CHUNK) * 2 + b"0\r\n\r\n",
    "stream-with-error": STREAM
    + framed(CHUNK)
    + framed(b"data: " + ERROR + b"\n\n")
    + framed(DONE),
    "refuses-key": whole("401 Unauthorized", ERROR, "www-authenticate: Bearer"),
    "forbids": whole("403 Forbidden", ERROR),
    "too-many": whole("429 Too Many Requests", ERROR, "retry-after: 7", "set-cookie: a=b"),
    "breaks": whole("500 Internal Server Error", ERROR),
    "moves": whole("307 Temporary Redirect", b"", "location: http://127.0.0.1:1/"),
    "no-json": whole("200 OK", b"<html>"),
}
CLOSES = {"dies-mid-stream", "answers-then-closes"}


class FaultyUpstream:
    """Listens on a free port of 127.0.0.1, in a thread; `mode` says what it does with the next request."""

    def __init__(self) -> None:
        self.mode = "answers"
        self.requests: list[str] = []  # head and body of each request
        self.seen = threading.Event()  # a request has come
        self.left = threading.Event()  # whoever asked has gone while it was being answered
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._one, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                body = await reader.readexactly(length)
                self.requests.append((head + body).decode())
                self.seen.set()
                mode = self.mode
                writer.write(SAYS[mode])
                await writer.drain()
                if mode in CLOSES:
                    # Without a word, as llama.cpp does after a stream.
                    await asyncio.sleep(0.02)
                    break
                if mode in {"silent", "half-an-answer", "stream-hangs"}:
                    await reader.read()  # until the other side leaves
                    self.left.set()
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left.set()
        finally:
            writer.close()
