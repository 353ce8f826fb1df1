"""The model server's answer on its way to the client: understood, passed on unchanged, its last byte held back.

- What the server says failed has failed, whatever its status: an error object inside a 200, in JSON or in a stream.
- Its 401, 403 and 407 are about us and it: they reach the client as a 502 with its message, never as our refusal.
- Events end as SDKs let them: with the body, too. A stream without its last event is a failure.
- The model that answered is held against the one decided about (`answered_by_other`).
- Nothing is sent here, and nothing awaited: bytes in, bytes out.
- Headers whose value is not printable text are not passed on.

    relay = Relay(wire, limits, rules, request)
    relay.begin(200, {"content-type": "text/event-stream"})
    relay.feed(b'data: {"choices": []}\n\n')         # what the client may have now
    relay.feed(b"data: [DONE]\n\n"), relay.last      # b"", the event that waits for the outcome
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from avenant.agreement.types import FactRules
from avenant.errors import AvenantError, InputError, Unavailable
from avenant.gateway.limits import LIMITS, Limits, cut, printable
from avenant.gateway.record import Salted, UpstreamReport
from avenant.gateway.wire.sse import Events
from avenant.gateway.wire.types import AnswerSummary, ChatRequest, WireFormat
from avenant.languages import say

STREAM, JSON = "text/event-stream", "application/json"
# Of the upstream's headers, these are the client's; connections, cookies and keys are between it and us.
_COMES_DOWN = ("retry-after", "retry-after-ms", "openai-processing-ms", "openai-version")
_OUR_MATTER = {401: "upstream_refused_key", 403: "upstream_refused", 407: "upstream_refused_key"}


@dataclass(slots=True)
class Relay:
    """One answer being passed on; what was seen of it so far is here even when it fails.

    `streams`: whether its events are passed on as they come; else all of it is held back, in `content`.
    `last`: the event that ends a stream, once it was seen; it is held back.
    `failure`: why the answer is none that the client may have, once that is known.
    """

    wire: WireFormat
    limits: Limits = LIMITS
    rules: FactRules = field(default_factory=FactRules)
    request: ChatRequest | None = None  # None: a list of models
    answer: Salted = field(default_factory=Salted)
    upstream: UpstreamReport = field(default_factory=UpstreamReport)
    usage: Mapping[str, int] | None = None
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    streams: bool = False
    content: bytes = b""
    last: bytes | None = None
    failure: AvenantError | None = None
    _events: Events = field(default_factory=Events)
    _parts: bytearray = field(default_factory=bytearray)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head of the answer."""
        self.status = self.upstream.status = status
        self.upstream.request = headers.get("x-request-id")
        down = {n: v for n in _COMES_DOWN if (v := printable(headers.get(n, "")))}
        media = headers.get("content-type", "")
        self.streams = status < 300 and self._is_stream(media)
        default = STREAM if self.streams else JSON
        self.headers = {**down, "content-type": printable(media) or default}

    def feed(self, chunk: bytes) -> bytes:
        """Take a part of the body; return what of it the client may have now."""
        if self.streams:
            try:
                return self._passed(self._events.feed(chunk))
            except InputError as error:  # an event that does not end
                self.failure = error
                return b""
        self._parts += chunk
        most = self.limits.event_bytes if self.request is None else self.limits.answer_bytes
        if len(self._parts) > most:
            self.failure = Unavailable("upstream_too_large", say("gateway.upstream-too-large"))
        return b""

    def end(self) -> bytes:
        """Take the end of the body; return what of it the client may have before its outcome is durable."""
        if self.streams:
            rest = self._events.rest
            out = self._passed([rest] if rest else [])
            if self.last is None and self.failure is None:
                self.failure = Unavailable("upstream_broke", say("gateway.upstream-cut"))
            return out
        try:
            self.content = self._judged(bytes(self._parts))
            self.answer.feed(self.content)
        except AvenantError as error:
            self.failure = error
        return b""

    @property
    def fine(self) -> bool:
        """Whether the model answered."""
        return self.status < 300

    def _is_stream(self, media: str) -> bool:
        """Whether the body is a stream: by its media type, or because one was asked for and it is nothing else."""
        media = media.partition(";")[0].strip().lower()
        wanted = self.request is not None and self.request.stream
        return media == STREAM or (wanted and media != JSON and not media.endswith("+json"))

    def _judged(self, content: bytes) -> bytes:
        """The whole answer as the client may have it; Unavailable when it may not."""
        summary = self.wire.answer(content)
        if self.status in _OUR_MATTER:
            raise self._failed(_OUR_MATTER[self.status], summary)
        if self.status >= 400:
            self._note_error(summary)
            return content
        if not 200 <= self.status < 300 or summary is None:
            raise Unavailable("upstream_unreadable", say("gateway.upstream-unreadable"))
        if summary.error is not None:
            raise self._failed("upstream_error", summary)
        self._note(summary)
        if self.request is None:
            return self.wire.only_models(content, self.rules.models)
        return content

    def _passed(self, frames: list[bytes]) -> bytes:
        """Events up to the last, or up to one that is an error."""
        out: list[bytes] = []
        for frame in frames:
            summary = self.wire.event(frame)
            if summary.error is not None:
                self.failure = self._failed("upstream_error", summary)
                break
            self.answer.feed(frame)
            if summary.last:
                self.last = frame
                break
            self._note(summary)
            out.append(frame)
        return b"".join(out)

    def _note(self, summary: AnswerSummary) -> None:
        self.usage = summary.usage or self.usage
        if summary.model is None or self.request is None or self.upstream.other:
            return
        if summary.model == self.upstream.model:
            return
        self.upstream.model = summary.model
        self.upstream.other = is_other(self.request.model, summary.model, self.rules)

    def _note_error(self, summary: AnswerSummary | None) -> str:
        """Keep the code of the server's error; return its message, for the client."""
        error: Mapping[str, Any] = (summary.error if summary else None) or {}
        code = error.get("code") or error.get("type")
        self.upstream.error = str(code) if isinstance(code, str | int) else None
        message = error.get("message")
        return cut(message, self.limits.told_characters) if isinstance(message, str) else ""

    def _failed(self, code: str, summary: AnswerSummary | None) -> Unavailable:
        message = self._note_error(summary)
        sentence = {
            "upstream_refused_key": say("gateway.upstream-refused-key"),
            "upstream_refused": say("gateway.upstream-refused"),
            "upstream_error": say("gateway.upstream-error"),
        }[code]
        return Unavailable(code, f"{sentence}: {message}" if message else sentence)


def is_other(asked: str, answered: str, rules: FactRules) -> bool | None:
    """Return whether another model answered than was decided about, by the categories of a text.

    None where the text names no models. A name that the text does not know is another; so is one of another category.
    """
    if not rules.models:
        return None
    if answered == asked:
        return False
    category = _category(answered, asked, rules)
    # A model that the text does not name was decided about as any.
    return category is None or category != rules.models.get(asked, category)


def _category(answered: str, asked: str, rules: FactRules) -> str | None:
    if answered in rules.models:
        return rules.models[answered]
    for model in (asked, *rules.answers_as):
        if any(_matches(answered, pattern) for pattern in rules.answers_as.get(model, ())):
            return rules.models[model]
    return None


def _matches(name: str, pattern: str) -> bool:
    """Whether a name fits a pattern, in which `*` stands for any letters."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None
