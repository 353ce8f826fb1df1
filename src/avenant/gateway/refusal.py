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

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field, structs

from avenant.agreement.types import InForce
from avenant.consent.revoke import Revocation
from avenant.decide.explain import (
    explained,
    not_named,
    reason,
    sources,
    unread_names,
    would_change,
)
from avenant.decide.types import Decision, Explained, Outcome, Quoted
from avenant.errors import AvenantError
from avenant.gateway.wire.types import ErrorFormat
from avenant.instants import shown
from avenant.languages import say

MOST_QUOTED = 12  # rules whose words an answer holds
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
    "too_many_calls": 429,
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


class Refusal(Struct, frozen=True):
    """An answer that is not the model's."""

    status: int
    kind: str
    code: str
    message: str
    avenant: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, wire: ErrorFormat) -> bytes:
        """The answer's body in a wire format."""
        return wire.refuse(self.kind, self.code, self.message, self.avenant)


def failure(code: str, message: str, hint: str | None = None) -> Refusal:
    """A request that cannot be answered, by code; the remedy follows the message."""
    status = _STATUS.get(code, 503)
    kind = _REQUEST if status < 500 else _GATEWAY
    headers = {"retry-after": "1"} if status in (429, 503) else {}
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
    """A refused or undetermined call: the clauses, what is missing, what would change it, and the record's id.

    Of the rules that an undetermined call rests on, the first are quoted: words take longer than the decision.
    """
    told = explained(
        structs.replace(
            decision,
            cited=decision.cited[:MOST_QUOTED],
            also=decision.also[:MOST_QUOTED],
            nearest=decision.nearest[:MOST_QUOTED],
        ),
        text,
    )
    avenant: dict[str, Any] = {
        "text": decision.text,
        "missing": [
            {
                "axis": m.axis,
                "may_establish": list(m.may_establish),
                "unread": [{"kind": seen.kind, "name": seen.name} for seen in m.unread],
                "claimed": list(m.claimed),
            }
            for m in decision.missing
        ],
        "perhaps_others": decision.perhaps_others,
        "cited": _clauses(told.cited),
        "cited_others": len(decision.cited) - len(told.cited),
        "nearest": [
            clause | {"kept_by": list(cited.kept_by)}
            for clause, cited in zip(_clauses(told.nearest), _first(told.nearest), strict=True)
        ],
        "also": _clauses(told.also),
        "would_change": list(told.would_change),
        "record": record,
    }
    code = decision.outcome.value
    sentence = ". ".join(_sentences(told, text))
    return Refusal(403, _VIOLATION, code, sentence, avenant, {"x-should-retry": "false"})


def of_revocation(revocation: Revocation) -> Refusal:
    """A call of a connection that was revoked; why it was is not for the holder of its key."""
    message = say("gateway.connection-revoked", id=revocation.connection, at=shown(revocation.at))
    headers = {"x-should-retry": "false"}
    return Refusal(403, _VIOLATION, "connection_revoked", message, None, headers)


def _first(quoted: Iterable[Quoted]) -> list[Quoted]:
    """The first rule of each clause."""
    clauses: dict[str, Quoted] = {}
    for one in quoted:
        clauses.setdefault(one.clause, one)
    return list(clauses.values())


def _clauses(quoted: Iterable[Quoted]) -> list[dict[str, Any]]:
    """Each clause once, with its prose."""
    return [{"clause": q.clause, "number": q.number, "prose": q.prose} for q in _first(quoted)]


def _sentences(told: Explained, text: InForce) -> Iterator[str]:
    """What to know and to do, in the order of its use: why, what is nearest or missing, what would change it."""
    if told.reason:
        yield reason(told) or told.reason
    elif told.outcome is Outcome.UNDETERMINED:
        yield from _undetermined(told, text)
    elif not told.cited:
        yield say("gateway.none-permits")
        if told.nearest:
            near = told.nearest[0]
            yield say("gateway.nearest", clause=near.label, axes=", ".join(near.kept_by))
        if told.also:
            labels = dict.fromkeys(q.label for q in told.also)
            yield say("gateway.also", clauses=", ".join(labels))
    else:
        for q in told.cited:
            yield say("gateway.forbids", clause=q.label, rule=q.rendering)
    changes = told.would_change
    if told.outcome is Outcome.UNDETERMINED and not told.reason:
        plain = {m.axis for m in told.missing if not (m.unread or m.claimed or m.suspected)}
        changes = tuple(would_change(told, text, leave_out=plain))
    if changes:
        yield say("gateway.to-change", what=say("phrases.part").join(changes))


def _undetermined(told: Explained, text: InForce) -> Iterator[str]:
    for seen in unread_names(told):
        yield not_named(seen, text.facts)
    axes = [
        m.axis if m.fine else say("gateway.axis-by", axis=m.axis, who=sources(m))
        for m in told.missing
    ]
    if told.perhaps_others:
        axes.append(say("decide.perhaps-others"))
    if axes:
        yield say("gateway.missing", axes=", ".join(axes))
