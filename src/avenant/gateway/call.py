"""The way of one call with a valid credential: events in, commands out. No I/O, no clock, no event loop.

The rules that are enforced here, each shown by a test of `tests/unit/test_gateway_call.py`:

1. The decision is durable before the first byte to anyone, the upstream included.
2. What is not permitted is not forwarded; its decision and its outcome are recorded together, before its answer.
3. The outcome is durable before the last byte: the body of a JSON answer and the last event of a stream wait for it.
4. Every request with a credential gets exactly one outcome.
5. A client that leaves stops the upstream, and is not forwarded when it leaves while its decision is recorded.
6. What failed is recorded as failed: an upstream that breaks, an error that it reports, a call that lasts too long.
7. A stream that fails ends with an error event, and never with the end of the answer: its connection breaks.
8. An answer whose outcome cannot be recorded is withheld, and is kept as `failed`, `ledger_unavailable`.
9. Without a durable decision nothing is forwarded. One that may be durable all the same keeps its outcome.
10. A gateway that stops ends the call as `failed`, `gateway_stopped`.

    call = Call()
    call.step(Request("01936…", salt))       # (Decide(),)
    call.step(Decided(…))                    # (Record(decision),)
    call.step(Recorded("eyJ…"))              # (Forward(…),)

`runner` performs the commands. A call that waits for a person (Hold) will have its place between Decided and Record.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from msgspec.structs import replace

from avenant.decide.types import Outcome
from avenant.errors import AvenantError
from avenant.gateway.commands import (
    Cancel,
    Command,
    Decide,
    Forward,
    Keep,
    Record,
    Send,
    SendChunk,
    SendEnd,
    SendHead,
    SendResponse,
)
from avenant.gateway.events import (
    Chunk,
    ClientDisconnected,
    Decided,
    Event,
    GatewayStopped,
    Interruption,
    NotRecorded,
    Recorded,
    Request,
    TimeIsUp,
    UpstreamAnswered,
    UpstreamEnded,
    UpstreamFailed,
)
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.record import Ended, Salted
from avenant.gateway.refusal import Refusal, failure
from avenant.gateway.relay import JSON, STREAM, Relay
from avenant.languages import say

NO_LEDGER = "ledger_unavailable"
_LEFT = "client_disconnected"


class Stage(Enum):
    """What the call waits for."""

    REQUEST = auto()
    DECISION = auto()
    DECISION_RECORDED = auto()
    ANSWER = auto()
    OUTCOME_RECORDED = auto()
    NOTHING = auto()


class Call:
    """One call. `step` takes what has happened and returns what is to be done, in that order."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.stage = Stage.REQUEST
        self._limits = limits
        self._salt = b""
        self._status: int | None = None  # what the client was told so far
        self._headers: dict[str, str] = {}
        self._interruption: Interruption | None = None
        self._outcome: Ended | None = None
        self._answer: tuple[Send, ...] = ()  # what waits until the outcome is durable
        self._decided: Decided
        self._relay: Relay

    def step(self, event: Event) -> tuple[Command, ...]:
        """Return the commands that an event leads to; an event that no longer matters leads to none."""
        return tuple(self._commands(event))

    def _commands(self, event: Event) -> Iterator[Command]:
        match self.stage, event:
            case Stage.REQUEST, Request(id, salt):
                self.stage, self._salt = Stage.DECISION, salt
                self._headers["x-request-id"] = id
                yield Decide()
            case Stage.DECISION, Decided():
                self._headers["avenant-decision"] = event.decision.outcome.value
                self._headers["avenant-text"] = event.decision.text
                self._decided = event
                yield from self._record_decision()
            case Stage.DECISION_RECORDED, Recorded(receipt):
                self._headers["avenant-receipt"] = receipt or ""
                yield from self._begin()
            case Stage.DECISION_RECORDED, NotRecorded(decided):
                yield from self._end_without_ledger(decided=decided)
            case Stage.DECISION_RECORDED, ClientDisconnected() | GatewayStopped():
                self._interruption = event
            case Stage.ANSWER, ClientDisconnected() | TimeIsUp() | GatewayStopped():
                yield Cancel()
                yield from self._interrupt(event)
            case Stage.ANSWER, UpstreamAnswered(status, headers):
                self._relay.begin(status, headers)
                if self._relay.streams:
                    head = {**self._relay.headers, **self._headers, "cache-control": "no-cache"}
                    yield self._told(SendHead(status, head))
            case Stage.ANSWER, Chunk(content):
                yield from self._pass_on(self._relay.feed(content))
                if self._relay.failure is not None or self._relay.last is not None:
                    yield Cancel()
                    yield from self._answered()
            case Stage.ANSWER, UpstreamEnded():
                yield from self._pass_on(self._relay.end())
                yield from self._answered()
            case Stage.ANSWER, UpstreamFailed(error):
                yield from self._fail(_failure_of(error))
            case Stage.OUTCOME_RECORDED, Recorded():
                self.stage = Stage.NOTHING
                yield from self._answer
            case Stage.OUTCOME_RECORDED, NotRecorded():
                yield from self._end_without_ledger(decided=True)
            case _:
                pass

    # ---- deciding

    def _record_decision(self) -> Iterator[Command]:
        self.stage = Stage.DECISION_RECORDED
        refusal, outcome = self._decided.refusal, None
        if refusal is not None:
            content = refusal.body(self._decided.errors)
            answer = Salted(self._salt)
            answer.feed(content)
            decision = self._decided.decision
            left = refusal.code == _LEFT
            outcome = self._outcome = Ended(
                decision.outcome, decision.reason, None if left else refusal.status, answer
            )
        yield Record(self._decided.record, outcome)

    def _begin(self) -> Iterator[Command]:
        """The decision is durable: refuse, or forward."""
        if self._outcome is not None:
            self.stage = Stage.NOTHING
            if self._decided.refusal is not None and self._outcome.status is not None:
                yield self._refused(self._decided.refusal)
            return
        wire, request = self._decided.wire, self._decided.request
        # INVARIANT: what is permitted has a format; a route without one is refused.
        assert wire is not None
        self._relay = Relay(wire, self._limits, self._decided.rules, request, Salted(self._salt))
        if self._interruption is not None:
            yield from self._interrupt(self._interruption)
            return
        self.stage = Stage.ANSWER
        accept = STREAM if request is not None and request.stream else JSON
        yield Forward(*wire.upstream, request.body if request else None, accept)

    # ---- answering

    def _pass_on(self, content: bytes) -> Iterator[Command]:
        if content:
            yield SendChunk(content)

    def _answered(self) -> Iterator[Command]:
        """All of the answer is there, or it has failed: record how, and let its end wait."""
        relay = self._relay
        if relay.failure is not None:
            yield from self._fail(_failure_of(relay.failure))
            return
        outcome, reason = Outcome.PERMITTED, None
        if not relay.fine:
            outcome, reason = Outcome.FAILED, "upstream_error"
        ended = Ended(outcome, reason, relay.status, relay.answer, relay.usage, relay.upstream)
        if relay.last is not None:
            answer: Send = SendEnd(relay.last)
        else:
            self._headers["avenant-decision"] = outcome.value
            answer = SendResponse(relay.status, {**relay.headers, **self._headers}, relay.content)
        yield from self._record_outcome(ended, (answer,))

    def _fail(self, refusal: Refusal) -> Iterator[Command]:
        status = refusal.status if self._status is None else self._status
        ended = Ended(Outcome.FAILED, refusal.code, status, upstream=self._relay.upstream)
        yield from self._record_outcome(ended, (self._failure(refusal),))

    def _interrupt(self, event: Interruption) -> Iterator[Command]:
        match event:
            case ClientDisconnected():
                ended = Ended(Outcome.FAILED, _LEFT, self._status)
                yield from self._record_outcome(ended, ())
            case TimeIsUp():
                yield from self._fail(failure("call_too_long", say("gateway.call-too-long")))
            case GatewayStopped():
                yield from self._fail(failure("gateway_stopped", say("gateway.client-left")))

    def _record_outcome(self, ended: Ended, answer: tuple[Send, ...]) -> Iterator[Command]:
        self.stage = Stage.OUTCOME_RECORDED
        self._outcome, self._answer = ended, answer
        yield Record(outcome=ended)

    def _end_without_ledger(self, *, decided: bool) -> Iterator[Command]:
        """Withhold the answer; of a decision that is or may be recorded, keep how its call ended."""
        self.stage = Stage.NOTHING
        refusal = failure(NO_LEDGER, say("gateway.ledger-unavailable"))
        status = refusal.status if self._status is None else self._status
        ended = self._outcome or Ended(Outcome.FAILED, NO_LEDGER, status)
        if isinstance(self._interruption, ClientDisconnected):
            ended = Ended(Outcome.FAILED, _LEFT, None)
        left = ended.reason == _LEFT
        if not left:
            ended = replace(ended, outcome=Outcome.FAILED, reason=NO_LEDGER, status=status)
        if decided:
            yield Keep(ended)
        if not left:
            yield self._failure(refusal)

    # ---- what the client is told

    def _failure(self, refusal: Refusal) -> Send:
        """A failure as the client is told: an answer of its own, or the last event of a stream that has begun."""
        self._headers["avenant-decision"] = Outcome.FAILED.value
        if self._status is None:
            return self._refused(refusal)
        # INVARIANT: no SendEnd follows; the server breaks the connection, and no client takes the stream for whole.
        return SendChunk(self._decided.errors.error_frame(refusal.body(self._decided.errors)))

    def _refused(self, refusal: Refusal) -> Send:
        headers = {"content-type": JSON, **self._headers, **refusal.headers}
        return SendResponse(refusal.status, headers, refusal.body(self._decided.errors))

    def _told(self, head: SendHead) -> SendHead:
        self._status = head.status
        return head


def _failure_of(error: AvenantError | None) -> Refusal:
    if error is None:
        return failure("internal", say("gateway.internal"))
    return failure(error.code, error.message, error.hint)
