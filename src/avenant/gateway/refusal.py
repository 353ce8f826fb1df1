"""What the client is told instead of a model's answer: the status, the code, and what would change it.

| | status | code |
|---|---|---|
| refused, undetermined | 403, `x-should-retry: false` | `refused`, `undetermined` |
| revoked | 403, `x-should-retry: false` | `connection_revoked` |
| no text, ledger, anything unexpected | 503 | what failed |
| upstream | 502 | what failed |
| the request itself | 400, 404, 413 | what is wrong with it |
| no credential | 401 | `invalid_api_key` |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from avenant.agreement.types import InForce
from avenant.consent.revoke import Revocation
from avenant.decide.types import Decision, Outcome
from avenant.errors import AvenantError
from avenant.gateway.wire_openai import WireFormat
from avenant.instants import shown
from avenant.messages import say

_VIOLATION = "policy_violation"
_REQUEST = "invalid_request_error"
_GATEWAY = "gateway_error"

# The codes with a status of their own; what is not here is 503.
_STATUS = {
    "unreadable_request": 400,
    "unknown_field": 400,
    "too_many": 400,
    "bad_http": 400,
    "invalid_facts": 400,
    "invalid_api_key": 401,
    "not_ledgers_key": 403,
    "unknown_route": 404,
    "clock_not_stepped": 409,
    "too_slow": 408,
    "too_large": 413,
    "head_too_large": 431,
    "upstream_unavailable": 502,
    "upstream_broke": 502,
    "upstream_refused_key": 502,
    "upstream_refused": 502,
    "upstream_error": 502,
    "upstream_unreadable": 502,
    "upstream_too_large": 502,
    "event_too_long": 502,
    "call_too_long": 504,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not the model's."""

    status: int
    kind: str
    code: str
    message: str
    avenant: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, wire: WireFormat) -> bytes:
        """The answer's body in a wire format."""
        return wire.refuse(self.kind, self.code, self.message, self.avenant)


def failure(code: str, message: str, hint: str | None = None) -> Refusal:
    """A request that cannot be answered, by code; the remedy follows the message."""
    status = _STATUS.get(code, 503)
    kind = _REQUEST if status < 500 else _GATEWAY
    headers = {"retry-after": "1"} if status == 503 else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Refusal(status, kind, code, f"{message} ({hint})" if hint else message, None, headers)


def of_error(error: AvenantError) -> Refusal:
    """The refusal that an error of ours stands for; several input errors are told at once."""
    told = getattr(error, "errors", (error,))
    lines = [f"{e.message} ({e.hint})" if e.hint else e.message for e in told]
    code = error.code if error.code in _STATUS else "invalid_facts"
    return failure(code, say("phrases.part").join(lines))


def of_decision(decision: Decision, record: str, text: InForce) -> Refusal:
    """A refused or undetermined call: the clauses, what is missing, what would change it, and the record's id."""
    cited: dict[str, dict[str, str]] = {}
    for c in decision.cited:
        clause = text.clause(c.clause)
        number = c.number or (clause.number if clause else "")
        cited.setdefault(c.clause, {"clause": c.clause, "number": number, "prose": c.prose})
    avenant: dict[str, Any] = {
        "text": decision.text,
        "missing": [
            {"axis": m.axis, "may_establish": list(m.may_establish)} for m in decision.missing
        ],
        "cited": list(cited.values()),
        "would_change": list(decision.would_change),
        "record": record,
    }
    code = decision.outcome.value
    return Refusal(403, _VIOLATION, code, _sentence(decision), avenant, {"x-should-retry": "false"})


def of_revocation(revocation: Revocation) -> Refusal:
    """A call of a connection that was revoked; why it was is not for the holder of its key."""
    message = say("gateway.connection-revoked", id=revocation.connection, at=shown(revocation.at))
    headers = {"x-should-retry": "false"}
    return Refusal(403, _VIOLATION, "connection_revoked", message, None, headers)


def _sentence(decision: Decision) -> str:
    told = [_why(decision)]
    if decision.would_change and decision.outcome is Outcome.REFUSED:
        told.append(say("gateway.to-change", what=say("phrases.part").join(decision.would_change)))
    return ". ".join(told)


def _why(decision: Decision) -> str:
    if decision.reason:
        return decision.reason
    if decision.outcome is Outcome.UNDETERMINED:
        return say("phrases.part").join(_missing(decision))
    if not decision.cited:
        return say("gateway.none-permits")
    forbids = (say("gateway.forbids", clause=c.label, rule=c.rendering) for c in decision.cited)
    return ". ".join(forbids)


def _missing(decision: Decision) -> Iterator[str]:
    known = [m.axis for m in decision.missing if m.may_establish]
    nobody = [m.axis for m in decision.missing if not m.may_establish]
    if known:
        yield say("gateway.missing", axes=", ".join(known))
    if nobody:
        yield say("gateway.missing-nobody", axes=", ".join(nobody))
