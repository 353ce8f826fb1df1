"""OpenAI's chat completions on the wire: a request read, an error written, a stream cut into frames.

What is sent upstream is what was read, written anew: with two `model` keys in a body the decision and the
model server cannot disagree on which one counts.

    asked = OPENAI.read(b'{"model": "sample", "messages": [], "stream": true}')
    asked.model, asked.stream                    # "sample", True
    frames = Frames()
    frames.feed(b"data: {}\\n\\ndata: [DO")       # [b"data: {}\\n\\n"]: only whole events come out

Formats: OpenAI's API reference (chat, errors), the WHATWG's server-sent events (§9.2.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from avenant.errors import InputError
from avenant.messages import say

# A line end and an empty line; atomic, or a lone CR LF would read as two line ends.
_EVENT_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_LONGEST_EVENT = 8 * 1024 * 1024  # bytes without an end: not a stream that can be inspected


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for, as far as the gateway reads it; `body` goes upstream."""

    model: str
    stream: bool
    tools: tuple[str, ...]
    body: bytes


class Frames(Protocol):
    """Cuts a stream into whole events, each with its terminator."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that `chunk` completes."""

    @property
    def rest(self) -> bytes:
        """Bytes of an event that has not ended."""


class WireFormat(Protocol):
    """One dialect: how a request is read, an error said, and a stream cut and understood."""

    def read(self, body: bytes) -> Asked:
        """The request; InputError says what about it cannot be read."""

    def refuse(
        self, kind: str, code: str, message: str, avenant: Mapping[str, Any] | None = None
    ) -> bytes:
        """The body of every answer that is not the model's: refusals and failures alike."""

    def frames(self) -> Frames:
        """A cutter for one stream."""

    def error_frame(self, error: bytes) -> bytes:
        """`error`, a body by `refuse`, as the last event of a stream that failed."""

    def is_last(self, frame: bytes) -> bool:
        """Whether this event ends a stream that is whole."""

    def is_error(self, frame: bytes) -> bool:
        """Whether the model server says in this event that the stream failed."""

    def usage(self, answer: bytes) -> Mapping[str, int] | None:
        """The token counts that a frame or a whole JSON answer states."""

    def is_answer(self, answer: bytes) -> bool:
        """Whether these bytes are a whole JSON answer."""

    def only_models(self, listing: bytes, models: Mapping[str, str]) -> bytes:
        """A list of models less those that the text does not name; all, when it names none."""


class EventFrames:
    """Server-sent events: an event ends at an empty line, in any of the three spellings."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def rest(self) -> bytes:
        """Bytes of an event that has not ended."""
        return self._rest

    def feed(self, chunk: bytes) -> list[bytes]:
        """The events that `chunk` completes; InputError when one grows past 8 MB."""
        data = self._rest + chunk
        events: list[bytes] = []
        start = 0
        for end in _EVENT_END.finditer(data):
            events.append(data[start : end.end()])
            start = end.end()
        self._rest = data[start:]
        if len(self._rest) > _LONGEST_EVENT:
            raise InputError("event-too-long", say("gateway.event-too-long"))
        return events


def _data(event: bytes) -> Iterator[bytes]:
    for line in event.splitlines():
        if line.startswith(b"data:"):
            yield line[5:].strip()


class OpenAIChat:
    """`POST /v1/chat/completions`, JSON and server-sent events."""

    def read(self, body: bytes) -> Asked:
        """The model, whether it streams, and the tools it offers; InputError `unreadable-request`."""
        try:
            said = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _unreadable(str(error)) from None
        if not isinstance(said, dict):
            raise _unreadable(say("gateway.not-an-object"))
        model, stream, tools = said.get("model"), said.get("stream") or False, said.get("tools")
        if not isinstance(model, str) or not model:
            raise _unreadable(say("gateway.no-model"))
        if not isinstance(stream, bool):
            raise _unreadable(say("gateway.bad-stream"))
        if not isinstance(tools, list | None):
            raise _unreadable(say("gateway.bad-tools"))
        names: list[str] = []
        for tool in tools or ():
            function = tool.get("function", tool.get("custom")) if isinstance(tool, dict) else None
            name = function.get("name") if isinstance(function, dict) else None
            if not isinstance(name, str):
                raise _unreadable(say("gateway.bad-tools"))
            names.append(name)
        return Asked(model, stream, tuple(names), msgspec.json.encode(said))

    def refuse(
        self, kind: str, code: str, message: str, avenant: Mapping[str, Any] | None = None
    ) -> bytes:
        """`{"error": {"type", "code", "message", "avenant"}}`."""
        error: dict[str, Any] = {"type": kind, "code": code, "message": message}
        if avenant is not None:
            error["avenant"] = avenant
        return msgspec.json.encode({"error": error})

    def frames(self) -> Frames:
        """A cutter for one stream."""
        return EventFrames()

    def error_frame(self, error: bytes) -> bytes:
        """An event that the SDK raises as `APIError`."""
        return b"data: " + error + b"\n\n"

    def is_last(self, frame: bytes) -> bool:
        """`data: [DONE]`."""
        return b"[DONE]" in frame and any(data == b"[DONE]" for data in _data(frame))

    def is_error(self, frame: bytes) -> bool:
        """`data: {"error": …}`; llama.cpp also writes the field `error:`."""
        if b"error" not in frame:
            return False  # the usual case, without decoding
        if any(line.startswith(b"error:") for line in frame.splitlines()):
            return True
        return any("error" in said for said in map(_object, _data(frame)))

    def usage(self, answer: bytes) -> Mapping[str, int] | None:
        """`usage` of a chunk or a whole answer: prompt, completion and total tokens."""
        if b'"usage"' not in answer:
            return None
        datas = (answer,) if answer.lstrip().startswith(b"{") else _data(answer)
        for said in map(_object, datas):
            usage = said.get("usage")
            if isinstance(usage, dict):
                return {k: v for k, v in usage.items() if isinstance(v, int)}
        return None

    def is_answer(self, answer: bytes) -> bool:
        """Whether these bytes are a JSON object."""
        return bool(_object(answer))

    def only_models(self, listing: bytes, models: Mapping[str, str]) -> bytes:
        """`data` less the models that the text does not name; llama.cpp's own `models` goes."""
        if not models:
            return listing
        data = _object(listing).get("data")
        rows = data if isinstance(data, list) else []
        kept = [row for row in rows if isinstance(row, dict) and row.get("id") in models]
        return msgspec.json.encode({"object": "list", "data": kept})


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        said = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _unreadable(why: str) -> InputError:
    hint = say("gateway.unreadable-hint")
    return InputError("unreadable_request", say("gateway.unreadable", why=why), None, hint)


OPENAI: WireFormat = OpenAIChat()
