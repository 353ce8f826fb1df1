"""OpenAI's chat completions on the wire: a request read, an error written, an answer understood.

What is sent upstream is what was read, written anew, and only fields whose meaning is known (`openai_fields`): the
decision and the model server cannot disagree on what is asked for.

    request = OPENAI_CHAT.read(b'{"model": "sample", "messages": [], "stream": true}')
    request.model, request.stream, request.tools      # "sample", True, ()
    OPENAI_CHAT.event(b"data: [DONE]\\n\\n").last       # True

Formats: OpenAI's API reference (chat, errors); what its SDK takes for an error or for the end of a stream is one here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from avenant.errors import InputError, raise_all
from avenant.gateway.limits import LIMITS, cut
from avenant.gateway.wire.openai_fields import CHAT, KNOWN_REFUSED, UNREAD_PARTS
from avenant.gateway.wire.openai_tools import tools_of
from avenant.gateway.wire.shape import Problem, problems
from avenant.gateway.wire.sse import data_of, fields_of
from avenant.gateway.wire.types import AnswerSummary, ChatRequest, WireFormat
from avenant.languages import say
from avenant.source.nodes import nearest_of

_HINTED = 4  # unknown fields for which the nearest spelling is looked for, as it costs time
_MARK = b"\xef\xbb\xbf"


_NULL = msgspec.Raw(b"null")


class _Head(msgspec.Struct):
    """The fields of an answer that the gateway reads, unread; all others are passed over without being built."""

    error: msgspec.Raw = _NULL
    usage: msgspec.Raw = _NULL
    model: msgspec.Raw = _NULL


_HEAD = msgspec.json.Decoder(_Head)


class OpenAIChat:
    """`POST /v1/chat/completions`, JSON and server-sent events."""

    upstream = ("POST", "/chat/completions")
    listing = False

    def read(self, body: bytes) -> ChatRequest:
        """Return the request; InputError `unreadable_request`, `unknown_field` or `too_many`."""
        chat = _object_of(body)
        found = islice(problems(CHAT, chat), LIMITS.problems)
        faults = [_fault(problem, hinted=place < _HINTED) for place, problem in enumerate(found)]
        raise_all([*faults, *_faults_of_head(chat)])
        tools = tools_of(chat)
        if None in tools:
            raise _unreadable(say("gateway.nameless-tool"))
        for name, size, most in (
            ("messages", len(chat.get("messages") or ()), LIMITS.messages),
            ("tools", len(tools), LIMITS.tools),
            ("model", len(chat["model"]), LIMITS.name_characters),
            ("tools[].name", max(map(len, tools), default=0), LIMITS.name_characters),
        ):
            if size > most:
                hint = say("gateway.too-many-hint")
                raise InputError(
                    "too_many", say("gateway.too-many", name=name, size=size, most=most), None, hint
                )
        body = msgspec.json.encode({**chat, "store": False})
        return ChatRequest(chat["model"], bool(chat.get("stream")), tools, body, _unread(chat))

    def refuse(
        self, kind: str, code: str, message: str, avenant: Mapping[str, Any] | None = None
    ) -> bytes:
        """Return `{"error": {"type", "code", "message", "avenant"}}`."""
        error: dict[str, Any] = {"type": kind, "code": code, "message": message}
        if avenant is not None:
            error["avenant"] = avenant
        return msgspec.json.encode({"error": error})

    def error_frame(self, error: bytes) -> bytes:
        """Return an event that the SDK raises as `APIError`."""
        return b"data: " + error + b"\n\n"

    def event(self, frame: bytes) -> AnswerSummary:
        """Return what an event says: `[DONE]` is the last; an `error` that is not empty is one, as in the SDK."""
        fields = fields_of(frame)
        data = data_of(frame)
        # llama.cpp writes its errors into a field of that name.
        errors = [value for name, value in fields if name == b"error"]
        if errors or (b"event", b"error") in fields:
            said = errors[0] if errors else data or b""
            return AnswerSummary(error=_said_of(said).error or _error(_loose(said)) or {})
        if data is not None and data.lstrip().startswith(b"[DONE]"):
            return AnswerSummary(last=True)
        return _said_of(data or b"")

    def answer(self, content: bytes) -> AnswerSummary | None:
        """Return what a JSON object says; None for anything else."""
        said = _said_of(content)
        return None if said is _NOTHING else said

    def only_models(self, listing: bytes, models: Mapping[str, Any]) -> bytes:
        """Return `data` less the models that the text does not name; llama.cpp's own `models` goes."""
        if not models:
            return listing
        said = _loose(listing)
        data = said.get("data") if isinstance(said, dict) else None
        rows = data if isinstance(data, list) else []
        kept = [row for row in rows if isinstance(row, dict) and str(row.get("id")) in models]
        return msgspec.json.encode({"object": "list", "data": kept})


# ---- requests


def _object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request, in which each key stands once."""
    try:
        said = msgspec.json.decode(body)
        twice: list[str] = []
        json.loads(body, object_pairs_hook=lambda pairs: _note_twice(pairs, twice))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _unreadable(cut(str(error))) from None
    if not isinstance(said, dict):
        raise _unreadable(say("gateway.not-an-object"))
    if twice:
        raise _unreadable(say("gateway.key-twice", name=cut(twice[0], 64)))
    return said


def _note_twice(pairs: list[tuple[str, Any]], twice: list[str]) -> None:
    if len(dict(pairs)) < len(pairs) and not twice:
        seen: set[str] = set()
        twice.append(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]


def _faults_of_head(chat: Mapping[str, Any]) -> Iterator[InputError]:
    model, stream = chat.get("model"), chat.get("stream")
    if not isinstance(model, str) or not model:
        yield _unreadable(say("gateway.no-model"))
    if stream is not None and not isinstance(stream, bool):
        yield _unreadable(say("gateway.bad-stream"))


def _fault(problem: Problem, *, hinted: bool) -> InputError:
    """Return the error for a field that does not go up, or for a value that cannot be read."""
    path = cut(problem.path, 120)
    top = problem.path.partition(".")[0]
    if problem.why in {"field", "value"} and top in KNOWN_REFUSED:
        hint = say(f"gateway.field-{KNOWN_REFUSED[top]}")
        return InputError("unknown_field", say("gateway.unknown-field", name=path), None, hint)
    match problem.why:
        case "field":
            name = problem.path.rpartition(".")[2]
            near = nearest_of(name[:64], problem.known) if hinted else None
            hint = near or say("gateway.unknown-field-hint")
            return InputError("unknown_field", say("gateway.unknown-field", name=path), None, hint)
        case "kind":
            known = ", ".join(f"`{kind}`" for kind in problem.known)
            hint = say("yaml.unknown-key-hint", known=known)
            return InputError("unknown_field", say("gateway.unknown-kind", name=path), None, hint)
        case _:
            return _unreadable(say("gateway.bad-shape", name=path))


def _unread(chat: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of content that cannot be read, each once."""
    kinds: dict[str, None] = {}
    for message in chat.get("messages") or ():
        content = message.get("content")
        for part in content if isinstance(content, list) else ():
            if part.get("type") in UNREAD_PARTS:
                kinds[part["type"]] = None
        if message.get("role") == "assistant" and message.get("audio") is not None:
            kinds["audio"] = None
    return tuple(kinds)


def _unreadable(why: str) -> InputError:
    hint = say("gateway.unreadable-hint")
    return InputError("unreadable_request", say("gateway.unreadable", why=why), None, hint)


# ---- answers

_NOTHING = AnswerSummary()


def _said_of(data: bytes) -> AnswerSummary:
    """Return what a JSON object says; `_NOTHING` for anything else. What Python's own reader takes is taken."""
    try:
        head = _HEAD.decode(data.removeprefix(_MARK))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = _loose(data)
        if not isinstance(said, dict):
            return _NOTHING
        error, usage, model = (said.get(name) for name in ("error", "usage", "model"))
    else:
        error, usage, model = map(_loose, (head.error, head.usage, head.model))
        if len(head.error) > LIMITS.event_bytes:
            error = {"message": ""}  # whatever it says
    counts = usage.items() if isinstance(usage, dict) else ()
    return AnswerSummary(
        error=_error(error),
        usage={k: v for k, v in counts if type(v) is int} or None,
        model=model if isinstance(model, str) and model else None,
    )


def _loose(data: bytes | msgspec.Raw) -> Any:
    """Return a JSON value that is not too large to be read here; None for anything else.

    NaN and lone halves of surrogate pairs are not JSON; SDKs read them, and servers write them.
    """
    if len(data) > LIMITS.event_bytes:
        return None
    try:
        return json.loads(bytes(data).removeprefix(_MARK))
    except (ValueError, RecursionError):
        return None


def _error(said: Any) -> Mapping[str, Any] | None:
    """Return what is said to have failed; None for null and for what is empty, as in the SDK."""
    if not said:
        return None
    return said if isinstance(said, dict) else {"message": str(said)}


class OpenAIModels(OpenAIChat):
    """`GET /v1/models`: a list, which the text narrows; its errors are those of the chat."""

    upstream = ("GET", "/models")
    listing = True


OPENAI_CHAT: WireFormat = OpenAIChat()
OPENAI_MODELS: WireFormat = OpenAIModels()
