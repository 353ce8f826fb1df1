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


def streamed(*pieces: bytes, kind: str = "text/event-stream", end: bytes = b"0\r\n\r\n") -> bytes:
    """A stream of pieces, under a media type; without its end, its body is cut off."""
    head = STREAM.replace(b"text/event-stream", kind.encode("latin-1"))
    return head + b"".join(map(framed, pieces)) + end


def unframed(kind: str, body: bytes) -> bytes:
    """An answer that ends where the connection does."""
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n".encode() + body


OTHER, DATED, UNKNOWN = (
    {old: old.replace(b'"model":"sample"', b'"model":"%b"' % name) for old in (ANSWER, CHUNK)}
    for name in (b"stranger", b"sample-2026-12-01", b"elsewhere")
)
# What SDKs accept, each in its own mode.
SPELLINGS = {
    "ends-with-the-body": streamed(CHUNK, b"data: [DONE]"),
    "ends-with-a-line": streamed(CHUNK, b"data: [DONE]\n"),
    "crlf": streamed(CHUNK.replace(b"\n", b"\r\n"), DONE.replace(b"\n", b"\r\n")),
    "cr": streamed(CHUNK.replace(b"\n", b"\r"), DONE.replace(b"\n", b"\r")),
    "no-space": streamed(CHUNK.replace(b"data: ", b"data:"), b"data:[DONE]\n\n"),
    "comments": streamed(b": hello\n\n", b": there\nfield: 5\n" + CHUNK, b": ping\n\n", DONE),
    "media-type": streamed(CHUNK, DONE, kind='Text/Event-Stream ; Charset="UTF-8"'),
    "no-media-type": streamed(CHUNK, DONE, kind="application/octet-stream"),
    "error-null": streamed(CHUNK.replace(b'"id"', b'"error":null,"id"'), DONE),
    "split-anywhere": streamed(*(bytes([byte]) for byte in CHUNK + DONE)),
    "until-closed": unframed("text/event-stream", CHUNK + DONE),
}
SAYS |= SPELLINGS
SAYS |= {
    "mark": streamed(b"\xef\xbb\xbf" + CHUNK, DONE),
    "mark-then-error": streamed(b"\xef\xbb\xbfdata: " + ERROR + b"\n\n", DONE),
    "mark-json": whole("200 OK", b"\xef\xbb\xbf" + ANSWER),
    "json-until-closed": unframed("application/json", ANSWER),
    "json-cut-off": unframed("application/json", ANSWER[:-20]),
    "json-cut-off-chunked": streamed(ANSWER, kind="application/json", end=b""),
    "media-type-json": whole("200 OK", ANSWER).replace(b"application/json", b"Application/JSON; a=b"),
    "error-null-json": whole("200 OK", ANSWER.replace(b'"id"', b'"error":null,"id"')),
    "error-in-200": whole("200 OK", ERROR),
    "error-word-in-200": whole("200 OK", b'{"error":"from the model server"}'),
    "error-in-two-lines": streamed(CHUNK, b'data: {"error":\ndata: {"message":"from the model server"}}\n\n', DONE),
    "error-event": streamed(CHUNK, b'event: error\ndata: {"message":"from the model server"}\n\n', DONE),
    "error-at-the-end": streamed(CHUNK, b"data: " + ERROR),
    "raw-bytes": whole("200 OK", ANSWER).replace(
        b"application/json", b"application/json\r\nx-request-id: r\xff\xe9\r\nopenai-version: \xff\r\nretry-after: 1"
    ),
    "raw-media-type": whole("200 OK", ANSWER).replace(b"application/json", b"application/json\xff"),
    "raw-bytes-stream": streamed(CHUNK, DONE).replace(b"transfer", b"x-request-id: \xff\r\ntransfer", 1),
    "long-request-id": whole("200 OK", ANSWER, "x-request-id: " + "r" * 5000),
    "many-counts": whole("200 OK", ANSWER.replace(
        b'"total_tokens":2', b",".join(b'"%d":%d' % (n, 10**30 if n == 3 else n) for n in range(50_000)))),
    "proxy": whole("407 Proxy Authentication Required", ERROR),
    "forbids-in-words": whole("403 Forbidden", b"<html>no</html>"),
    "other-model": whole("200 OK", OTHER[ANSWER]),
    "dated-model": whole("200 OK", DATED[ANSWER]),
    "unknown-model": whole("200 OK", UNKNOWN[ANSWER]),
    "no-model": whole("200 OK", ANSWER.replace(b'"model":"sample",', b"")),
    "other-model-stream": streamed(CHUNK, OTHER[CHUNK], CHUNK, DONE),
    "unknown-model-stream": streamed(UNKNOWN[CHUNK], DONE),
    "dated-model-stream": streamed(DATED[CHUNK], DONE),
    "endless-event": streamed(CHUNK, b"data: " + b"x" * 3_000_000),
    "large-answer": whole("200 OK", ANSWER.replace(b"word", b"w" * 20_000_000)),
}  # fmt: skip
CLOSES = {
    *("dies-mid-stream", "answers-then-closes", "until-closed"),
    *("json-until-closed", "json-cut-off", "json-cut-off-chunked"),
}


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
