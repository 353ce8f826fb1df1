"""What a wire format reads and writes, whichever it is.

request = OPENAI_CHAT.read(b'{"model": "sample", "messages": []}')     # ChatRequest
OPENAI_CHAT.event(b"data: [DONE]\\n\\n").last                            # True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct


class ChatRequest(Struct, frozen=True):
    """What a request asks for, as far as the gateway reads it; `body` goes upstream.

    `unread`: kinds of content that the gateway sees and cannot read, such as `image_url`.
    """

    model: str
    stream: bool
    tools: tuple[str, ...]
    body: bytes
    unread: tuple[str, ...] = ()


class AnswerSummary(Struct, frozen=True):
    """What an event of a stream, or a whole answer, says of itself; `error` is what the model server says failed."""

    last: bool = False
    error: Mapping[str, Any] | None = None
    usage: Mapping[str, int] | None = None
    model: str | None = None


class ErrorFormat(Protocol):
    """How a route says that a request was refused or failed."""

    def refuse(
        self, kind: str, code: str, message: str, avenant: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return the body of every answer that is not the model's: refusals and failures alike."""

    def error_frame(self, error: bytes) -> bytes:
        """Return `error`, a body by `refuse`, as the last event of a stream that failed."""


class WireFormat(ErrorFormat, Protocol):
    """One route's dialect: how a request is read, an error said, and an answer understood."""

    @property
    def upstream(self) -> tuple[str, str]:
        """The method and the path by which the model server is asked."""

    @property
    def listing(self) -> bool:
        """Whether the route lists models: it has no body, no clause decides it, and its answer is filtered."""

    def read(self, body: bytes) -> ChatRequest:
        """Return the request; InputError says what about it cannot be read, or must not go up."""

    def event(self, frame: bytes) -> AnswerSummary:
        """Return what an event of a stream says."""

    def answer(self, content: bytes) -> AnswerSummary | None:
        """Return what a whole JSON answer says; None when it is not one."""

    def only_models(self, listing: bytes, models: Mapping[str, Any]) -> bytes:
        """Return a list of models less those that the text does not name; all, when it names none."""
