"""Calls by the official SDK, and what came of each: from its answer or exception, and from the ledger.

The SDK tells outcome, clauses and what is missing. What a permitted call rests on, the principles that it is against
and the admission that let it past are in the record of its decision, which the answer names by `x-request-id`.

    caller = Caller("http://127.0.0.1:8080/v1", ledger, text)
    caller.call(key, "Translate …").outcome                  # "permitted"
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openai
from openai import OpenAI, Stream
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from avenant.agreement.types import InForce
from avenant.languages import say
from avenant.ledger.inspection import records
from demo.model import NAME
from demo.stage import Fault

# Left to chance, the model now and then ends before its first word.
_SEED = 1
_LAST = 8  # entries among which the record of the call just made is


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one call."""

    outcome: str
    clause: str
    against: Sequence[str] = ()
    words: str = ""  # what the model said


@dataclass(frozen=True, slots=True)
class Caller:
    """Applications that call through one gateway; `text` numbers its clauses."""

    url: str
    ledger: Path
    text: InForce

    def call(
        self, key: str, prompt: str, claims: Sequence[str] = (), *, stream: bool = False
    ) -> Answered:
        """One call with the key of a connection; `claims` go into the header, as its own word."""
        headers = {"Avenant-Facts": ", ".join(claims)} if claims else {}
        with OpenAI(base_url=self.url, api_key=key, max_retries=0, timeout=60) as client:
            try:
                raw = client.chat.completions.with_raw_response.create(
                    model=NAME,
                    messages=[{"role": "user", "content": prompt}],
                    extra_headers=headers,
                    stream=stream,
                    seed=_SEED,
                )
                words = _words(raw.parse())
            except openai.PermissionDeniedError as error:
                return self._refused(error)
            except openai.APIStatusError as error:
                return _failed(error)
            except openai.APIConnectionError as error:
                raise Fault(say("demo.no-gateway", url=self.url, why=error.message)) from None
        decision = self._decision(raw.headers["x-request-id"])
        return Answered(
            raw.headers["avenant-decision"],
            self._rests_on(decision),
            tuple(decision["against"]),
            words,
        )

    def _refused(self, error: openai.PermissionDeniedError) -> Answered:
        """The object of the refusal: its clauses and, of an undetermined call, what is missing."""
        assert isinstance(error.body, dict)
        told = error.body["avenant"]
        outcome = error.code or ""
        if not told["missing"]:
            clauses = ", ".join(f"§{c['number']} {c['clause']}" for c in told["cited"])
            return Answered(outcome, clauses)
        axes = ", ".join(m["axis"] for m in told["missing"])
        clauses = " ".join(f"§{c['number']}" for c in told["cited"])
        return Answered(outcome, say("demo.not-known", clauses=clauses, axes=axes))

    def _decision(self, id: str) -> Mapping[str, Any]:
        for _, record in records(self.ledger, last=_LAST):
            if str(record.id) == id:
                return record.body
        raise Fault(say("demo.not-recorded", id=id))

    def _rests_on(self, decision: Mapping[str, Any]) -> str:
        cited = dict.fromkeys(self._label(cited["clause"]) for cited in decision["cited"])
        past = [
            say("demo.let-past", clause=self._label(p["rule"]).split()[0], number=p["admission"])
            for p in decision["past"]
        ]
        return ", ".join([*cited, *past])

    def _label(self, rule: str) -> str:
        clause = self.text.clause(rule.partition("/")[0])
        return clause.label if clause else rule


def _words(said: ChatCompletion | Stream[ChatCompletionChunk]) -> str:
    """What the model said; of a stream, all its pieces, read to the end."""
    if isinstance(said, ChatCompletion):
        return said.choices[0].message.content or ""
    return "".join(piece.choices[0].delta.content or "" for piece in said if piece.choices)


def _failed(error: openai.APIStatusError) -> Answered:
    """A call that no clause refused, and that was not answered: `failed (upstream)`, with status and code."""
    outcome = error.response.headers.get("avenant-decision", "")
    code = error.code or ""
    part = code.partition("_")[0]
    return Answered(f"{outcome} ({part})", say("demo.failed", status=error.status_code, code=code))
