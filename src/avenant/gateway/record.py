"""What the ledger keeps of a call: the bodies of its `decision` and its `outcome`.

Content is not kept. Of a request and an answer there is a salted digest: whoever is shown the salt and the
content can check that they belong together, and nobody can guess short content from the digest.

    decision    route, connection, model, stream, request_digest, request_salt, facts, outcome, cited, also, nearest,
                missing (axis, who may establish it, unread names …), perhaps_others, against, past, reason, text,
                text_digest
    outcome     decision (the id of its record), outcome, reason, status, answer_digest, answer_salt, usage,
                upstream_request, upstream_status, upstream_error, answered_by, answered_by_other

No string from outside is recorded beyond a length: it is cut, with its length and its SHA-256 (`limits.cut`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct, field

from avenant.decide.types import Cited, Decision, Outcome
from avenant.gateway.limits import LIMITS, cut
from avenant.gateway.wire.types import ChatRequest

Body = Mapping[str, Any]


class Salted:
    """A running SHA-256 over a 16-byte salt, random unless it is given, and the content fed to it."""

    def __init__(self, salt: bytes | None = None) -> None:
        salt = os.urandom(16) if salt is None else salt
        self.salt = salt.hex()
        self._hash = sha256(salt)

    def feed(self, content: bytes) -> None:
        """Add content in the order in which it is sent."""
        self._hash.update(content)

    @property
    def digest(self) -> str:
        """`sha256:…` of the salt and all content so far."""
        return f"sha256:{self._hash.hexdigest()}"


@dataclass(slots=True)
class UpstreamReport:
    """What the model server said with its answer, as far as it came."""

    status: int | None = None
    request: str | None = None  # its own id of the call
    error: str | None = None  # the code or type of its error
    model: str | None = None  # the model that answered, by its word
    other: bool | None = (
        None  # whether that is another than was decided about; None: not to be known
    )


class Ended(Struct, frozen=True):
    """How a call ended, as it is recorded: once."""

    outcome: Outcome
    reason: str | None
    status: int | None  # what the client was told; None when there was nobody left to tell
    answer: Salted | None = None
    usage: Mapping[str, int] | None = None
    upstream: UpstreamReport = field(default_factory=UpstreamReport)


def decision_body(
    route: str, connection: str, body: bytes | None, request: ChatRequest | None, decision: Decision
) -> Body:
    """The body of a `decision` record: what was asked, what was known, what was decided and why."""
    digest = Salted() if body is not None else None
    if digest is not None and body is not None:
        digest.feed(body)
    return {
        "route": route,
        "connection": connection,
        "model": cut(request.model) if request else None,
        "stream": request.stream if request else None,
        "request_digest": digest.digest if digest else None,
        "request_salt": digest.salt if digest else None,
        "facts": msgspec.to_builtins(decision.facts),
        "outcome": decision.outcome.value,
        "cited": list(map(_rule, decision.cited)),
        "also": list(map(_rule, decision.also)),
        "nearest": [{**_rule(near), "kept_by": list(near.kept_by)} for near in decision.nearest],
        "missing": msgspec.to_builtins(decision.missing),
        "perhaps_others": decision.perhaps_others,
        "against": list(decision.against),
        "past": [{"rule": past.rule, "admission": past.admission} for past in decision.past],
        "reason": _cut(decision.reason),
        "text": decision.text,
        "text_digest": decision.digest,
    }


def _rule(cited: Cited) -> Body:
    return {
        "clause": cited.clause,
        "rule": cited.rule,
        "effect": cited.effect,
        "truth": cited.truth,
    }


def outcome_body(decision_id: str, ended: Ended) -> Body:
    """The body of an `outcome` record: how the call of that decision ended."""
    return {
        "decision": decision_id,
        "outcome": ended.outcome.value,
        "reason": ended.reason,
        "status": ended.status,
        "answer_digest": ended.answer.digest if ended.answer else None,
        "answer_salt": ended.answer.salt if ended.answer else None,
        "usage": _counts(ended.usage) if ended.usage else None,
        "upstream_request": _cut(ended.upstream.request),
        "upstream_status": ended.upstream.status,
        "upstream_error": _cut(ended.upstream.error),
        "answered_by": _cut(ended.upstream.model),
        "answered_by_other": ended.upstream.other,
    }


def _cut(text: str | None) -> str | None:
    return None if text is None else cut(text)


def _counts(usage: Mapping[str, int]) -> Mapping[str, int]:
    """The token counts: a few, none of them beyond what a record can hold."""
    counts = ((cut(name), count) for name, count in usage.items() if 0 <= count < 2**53)
    return dict(islice(counts, LIMITS.counts))
