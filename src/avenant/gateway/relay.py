"""The model server's answer on its way to the client: understood, passed on unchanged, its last byte held back.

- What the server says failed has failed, whatever its status: an error object inside a 200, in JSON or in a stream.
- Its 401, 403 and 407 are about us and it: they reach the client as a 502 with its message, never as our refusal.
- Events end as SDKs let them: with the body, too. A stream without its last event is a failure.
- The model that answered is held against the one decided about (`answered_by_other`).
- Headers whose value is not printable text are not passed on.

    answer = await Relay(wire, exchange, limits, rules, asked).relay(reply)
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from avenant.agreement.types import FactRules
from avenant.errors import Unavailable
from avenant.gateway.events import Events
from avenant.gateway.exchange import Exchange
from avenant.gateway.limits import LIMITS, Limits, cut, printable
from avenant.gateway.record import Salted, Theirs
from avenant.gateway.upstream import Reply
from avenant.gateway.wire_openai import Answered, Asked, WireFormat
from avenant.messages import say

log = logging.getLogger(__name__)

STREAM, JSON = "text/event-stream", "application/json"
# Of the upstream's headers, these are the client's; connections, cookies and keys are between it and us.
_COMES_DOWN = ("retry-after", "retry-after-ms", "openai-processing-ms", "openai-version")
_OUR_MATTER = {401: "upstream_refused_key", 403: "upstream_refused", 407: "upstream_refused_key"}


class Answer(Struct, frozen=True):
    """An answer of which all but the end is sent.

    `last`: the last event of a stream. Else `content` is all of it, with its status and headers.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    last: bytes | None = None

    @property
    def fine(self) -> bool:
        """Whether the model answered."""
        return self.status < 300


@dataclass(slots=True)
class Relay:
    """One answer being passed on; what was seen of it so far is here even when it fails."""

    wire: WireFormat
    exchange: Exchange
    limits: Limits = LIMITS
    rules: FactRules = field(default_factory=FactRules)
    asked: Asked | None = None  # None: a list of models
    ours: Mapping[str, str] = field(default_factory=dict)  # headers of our own
    theirs: Theirs = field(default_factory=Theirs)
    salted: Salted = field(default_factory=Salted)
    usage: Mapping[str, int] | None = None

    async def relay(self, reply: Reply) -> Answer:
        """Send all of a reply but its end; Unavailable when it is none that the client may have for an answer."""
        self.theirs.status = reply.status
        self.theirs.request = reply.headers.get("x-request-id")
        down = {n: v for n in _COMES_DOWN if (v := printable(reply.headers.get(n, "")))}
        kind = reply.headers.get("content-type", "")
        if reply.status < 300 and self._streams(kind):
            return await self._stream(reply, {**down, "content-type": printable(kind) or STREAM})
        down["content-type"] = printable(kind) or JSON
        content = await self._whole(reply)
        said = self.wire.answer(content)
        if reply.status in _OUR_MATTER:
            raise self._failed(_OUR_MATTER[reply.status], said)
        if reply.status >= 400:
            self._note_error(said)
            self.salted.feed(content)
            return Answer(reply.status, down, content)
        if not 200 <= reply.status < 300 or said is None:
            raise Unavailable("upstream_unreadable", say("gateway.upstream-unreadable"))
        if said.error is not None:
            raise self._failed("upstream_error", said)
        self._note(said)
        if self.asked is None:
            content = self.wire.only_models(content, self.rules.models)
        self.salted.feed(content)
        return Answer(reply.status, down, content)

    def _streams(self, kind: str) -> bool:
        """Whether the body is a stream: by its media type, or because one was asked for and it is nothing else."""
        media = kind.partition(";")[0].strip().lower()
        asked = self.asked is not None and self.asked.stream
        return media == STREAM or (asked and media != JSON and not media.endswith("+json"))

    async def _whole(self, reply: Reply) -> bytes:
        most = self.limits.event_bytes if self.asked is None else self.limits.answer_bytes
        content = bytearray()
        async for chunk in reply.chunks():
            content += chunk
            if len(content) > most:
                raise Unavailable("upstream_too_large", say("gateway.upstream-too-large"))
        return bytes(content)

    async def _stream(self, reply: Reply, down: Mapping[str, str]) -> Answer:
        await self.exchange.start(reply.status, {**down, **self.ours, "cache-control": "no-cache"})
        events = Events()
        async for chunk in reply.chunks():
            last = await self._pass_on(events.feed(chunk))
            if last is not None:
                return Answer(reply.status, down, last=last)
        last = await self._pass_on([events.rest] if events.rest else [])
        if last is None:
            raise Unavailable("upstream_broke", say("gateway.upstream-cut"))
        return Answer(reply.status, down, last=last)

    async def _pass_on(self, frames: list[bytes]) -> bytes | None:
        """Send events up to the last, which is returned; up to an error, which is raised."""
        out: list[bytes] = []
        try:
            for frame in frames:
                said = self.wire.event(frame)
                if said.error is not None:
                    raise self._failed("upstream_error", said)
                self.salted.feed(frame)
                if said.last:
                    return frame
                self._note(said)
                out.append(frame)
        finally:
            if out:
                await self.exchange.piece(b"".join(out))
        return None

    def _note(self, said: Answered) -> None:
        self.usage = said.usage or self.usage
        if said.model is None or self.asked is None or self.theirs.other:
            return
        if said.model == self.theirs.model:
            return
        self.theirs.model = said.model
        self.theirs.other = is_other(self.asked.model, said.model, self.rules)
        if self.theirs.other:
            names = {"asked": cut(self.asked.model, 64), "answered": cut(said.model, 64)}
            log.warning(say("gateway.answered-by-other", **names))

    def _note_error(self, said: Answered | None) -> str:
        """Keep the code of the server's error; return its message, for the client."""
        error: Mapping[str, Any] = (said.error if said else None) or {}
        code = error.get("code") or error.get("type")
        self.theirs.error = str(code) if isinstance(code, str | int) else None
        message = error.get("message")
        return cut(message, self.limits.told_characters) if isinstance(message, str) else ""

    def _failed(self, code: str, said: Answered | None) -> Unavailable:
        message = self._note_error(said)
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
