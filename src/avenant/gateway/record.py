"""What the ledger keeps of a call: the bodies of its `decision` and its `outcome`.

Content is not kept. Of a request and an answer there is a salted digest: whoever is shown the salt and the
content can check that they belong together, and nobody can guess short content from the digest.

    decision    route, connection, model, stream, request_digest, request_salt, facts, outcome, cited, also, nearest,
                missing (axis, who may establish it, unread names …), perhaps_others, against, past, reason, text,
                text_digest
    outcome     decision (the id of its record), outcome, reason, status, answer_digest, answer_salt, usage,
                upstream_request
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from avenant.decide.types import Cited, Decision, Outcome
from avenant.gateway.wire_openai import Asked

Body = Mapping[str, Any]


class Salted:
    """A running SHA-256 over a 16-byte random salt and the content fed to it."""

    def __init__(self) -> None:
        salt = os.urandom(16)
        self.salt = salt.hex()
        self._hash = sha256(salt)

    def feed(self, content: bytes) -> None:
        """Add content in the order in which it is sent."""
        self._hash.update(content)

    @property
    def digest(self) -> str:
        """`sha256:…` of the salt and all content so far."""
        return f"sha256:{self._hash.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended, as it is recorded: once."""

    outcome: Outcome
    reason: str | None
    status: int | None  # what the client was told; None when there was nobody left to tell
    answer: Salted | None = None
    usage: Mapping[str, int] | None = None
    upstream_request: str | None = None


def decision_body(
    route: str, connection: str, request: bytes | None, asked: Asked | None, decision: Decision
) -> Body:
    """The body of a `decision` record: what was asked, what was known, what was decided and why."""
    digest = Salted() if request is not None else None
    if digest is not None and request is not None:
        digest.feed(request)
    return {
        "route": route,
        "connection": connection,
        "model": asked.model if asked else None,
        "stream": asked.stream if asked else None,
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
        "reason": decision.reason,
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
        "usage": dict(ended.usage) if ended.usage else None,
        "upstream_request": ended.upstream_request,
    }
