"""What the operator is told at the start: what is served, and per connection what an ordinary call will meet.

A connection is decided with nothing but what it stands for. What is then missing is what nobody states unless a call's
own claim or the gateway does, and the clauses that rest on it are those that will hold its calls up.

    army   undetermined until known: constraint (the connection's signed facts), intent (nobody)
           held up by §6 monitoring, §8 surveillance
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.decide.explain import reason
from avenant.decide.types import Decision, Outcome
from avenant.errors import AvenantError, Unavailable
from avenant.gateway.known import ROLLED_BACK
from avenant.gateway.standing import Connection, Standings
from avenant.gateway.texts import ActiveText, TextSchedule
from avenant.instants import Instant, shown
from avenant.languages import say

# What the operator can put right while the gateway runs.
_STARTS_STOPPED = (ROLLED_BACK, "clock_stepped")


def text_line(active: ActiveText) -> str:
    """`openai-dow@1, in force since 2026-03-02`."""
    text = active.text
    until = say("gateway.until", until=shown(text.until)) if text.until else ""
    return say("gateway.serving", text=text.id, since=shown(text.since)) + until


def serving_lines(
    texts: TextSchedule, found: Sequence[Connection], now: Instant, *, strict: bool = False
) -> Iterator[str]:
    """What is served and what each connection will meet; or why nothing is.

    `strict` raises what keeps a start from being useful: no text in force, a connection that cannot be used.
    """
    try:
        active = texts.at(now)
    except AvenantError as error:
        if strict and error.code not in _STARTS_STOPPED:
            raise
        yield say("gateway.not-serving", why=str(texts.fault or error))
        return
    yield text_line(active)
    yield from connection_lines(found, active, now, strict=strict)
    if not found:
        yield say("gateway.no-connections")


def connection_lines(
    found: Sequence[Connection], active: ActiveText, now: Instant, *, strict: bool
) -> Iterator[str]:
    """Some lines a connection, in the order given; raises Unavailable for one that cannot be used, if `strict`."""
    standings = Standings()
    width = max((len(connection.id) for connection in found), default=0)
    for connection in found:
        try:
            standing = standings.of(connection, active.text, now)
        except Unavailable as error:
            if strict and connection.fault is None:
                raise
            told = [say("gateway.connection-stopped", why=error.message)]
        else:
            told = list(_told(active.decider.decide(standing.facts)))
            if standing.reason:
                told.append(say("gateway.only-claims", why=standing.reason))
        for i, line in enumerate(told):
            yield f"  {(connection.id if i == 0 else '').ljust(width)}  {line}"


def _told(decision: Decision) -> Iterator[str]:
    clauses = ", ".join(dict.fromkeys(cited.label for cited in decision.cited))
    if decision.outcome is Outcome.PERMITTED:
        yield say("gateway.stands-permitted", clauses=clauses)
    elif decision.outcome is Outcome.REFUSED:
        yield say("gateway.stands-refused", clauses=clauses or say("gateway.no-clause"))
    elif not decision.missing:
        yield reason(decision) or say("gateway.stands-undetermined")
    else:
        nobody = [m.axis for m in decision.missing if not m.may_establish]
        others = [m.axis for m in decision.missing if m.may_establish]
        if others:
            yield say("gateway.stands-missing", axes=", ".join(others))
        if nobody:
            yield say("gateway.stands-nobody", axes=", ".join(nobody))
        yield say("gateway.held-up", clauses=clauses)
