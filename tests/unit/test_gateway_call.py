"""The rules of a call, each as a play of events and commands: no socket, no ledger, no clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from avenant.decide.types import Decision, Outcome
from avenant.errors import Unavailable
from avenant.gateway.call import Call
from avenant.gateway.commands import (
    Cancel,
    Decide,
    Forward,
    Keep,
    Record,
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
    NotRecorded,
    Recorded,
    Request,
    TimeIsUp,
    UpstreamAnswered,
    UpstreamEnded,
    UpstreamFailed,
)
from avenant.gateway.refusal import failure
from avenant.gateway.wire import ROUTES
from avenant.gateway.wire.types import ChatRequest
from tests.playbook import Playbook, where

WIRE = ROUTES["POST /v1/chat/completions"]
BODY = b'{"model":"sample"}'
EVENT = b'data: {"model":"sample"}\n\n'
ANSWER = b'{"model":"sample","usage":{"total_tokens":2}}'
DONE = b"data: [DONE]\n\n"
RECORD = {"outcome": "…"}
JSON = {"content-type": "application/json"}
SSE = {"content-type": "text/event-stream"}
BROKE = Unavailable("upstream_broke", "it broke")


def decided(outcome: Outcome = Outcome.PERMITTED, *, stream: bool = False) -> Decided:
    """A decision about a chat; one that does not permit comes with what its client gets."""
    decision = Decision(outcome=outcome, text="agreement@1", digest="sha256:0", reason=None)
    request = ChatRequest("sample", stream, (), BODY)
    refusal = None if outcome is Outcome.PERMITTED else failure("invalid_facts", "no")
    return Decided(decision, RECORD, refusal, WIRE, WIRE, request)


def begun(decision: Decided) -> Playbook:
    """A play up to the decision, which is not durable yet."""
    return (
        Playbook(Call().step)
        >> Request("call-1", b"s" * 16)
        << Decide()
        >> decision
    )  # fmt: skip


def forwarded(*, stream: bool = False) -> Playbook:
    """A play of a permitted call up to the model server's turn."""
    accept = "text/event-stream" if stream else "application/json"
    return (
        begun(decided(stream=stream))
        << Record(RECORD)
        >> Recorded("receipt")
        << Forward("POST", "/chat/completions", BODY, accept)
    )


def streaming() -> Playbook:
    """A play of a streamed call up to its first words."""
    return (
        forwarded(stream=True)
        >> UpstreamAnswered(200, SSE)
        << where(SendHead, status=200)
        >> Chunk(EVENT)
        << SendChunk(EVENT)
    )


def failed(reason: str, status: int | None) -> where:
    """The record of an outcome that failed."""
    return where(
        Record,
        decision=None,
        outcome__outcome=Outcome.FAILED,
        outcome__reason=reason,
        outcome__status=status,
    )


def test_a_decision_is_durable_before_the_first_byte() -> None:
    """Until the decision is durable nothing goes to the upstream or to the client; then the upstream is asked."""
    (
        begun(decided())
        << Record(RECORD)
        >> Recorded("receipt")
        << Forward("POST", "/chat/completions", BODY, "application/json")
    ).check()


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNDETERMINED, Outcome.FAILED])
def test_what_is_not_permitted_is_not_forwarded(outcome: Outcome) -> None:
    """Decision and outcome are recorded together; only then the client hears of it, with its receipt."""
    (
        begun(decided(outcome))
        << where(Record, decision=RECORD, outcome__outcome=outcome, outcome__status=400)
        >> Recorded("receipt")
        << where(
            SendResponse,
            status=400,
            **{"headers__avenant-receipt": "receipt", "headers__avenant-decision": outcome.value},
        )
    ).check()


def test_an_answer_waits_for_its_outcome() -> None:
    """A JSON answer is sent when its outcome is durable, unchanged."""
    (
        forwarded()
        >> UpstreamAnswered(200, JSON)
        >> Chunk(ANSWER[:9])
        >> Chunk(ANSWER[9:])
        >> UpstreamEnded()
        << where(Record, outcome__outcome=Outcome.PERMITTED, outcome__usage={"total_tokens": 2})
        >> Recorded()
        << where(SendResponse, status=200, content=ANSWER)
    ).check()


def test_the_end_of_a_stream_waits_for_its_outcome() -> None:
    """Events pass as they come; `[DONE]` is held back until the outcome is durable, and no more is read."""
    (
        streaming()
        >> Chunk(EVENT + DONE)
        << SendChunk(EVENT)
        << Cancel()
        << where(Record, outcome__outcome=Outcome.PERMITTED, outcome__status=200)
        >> Recorded()
        << SendEnd(DONE)
    ).check()


@pytest.mark.parametrize(
    "late", [UpstreamEnded(), ClientDisconnected(), GatewayStopped(), Recorded()]
)
def test_one_outcome(late: Event) -> None:
    """Whatever happens after the outcome is recorded, no second one is."""
    (
        streaming()
        >> Chunk(DONE)
        << Cancel()
        << Record
        >> Recorded()
        << SendEnd(DONE)
        >> late
    ).check()  # fmt: skip


def test_a_client_that_leaves_stops_the_upstream() -> None:
    """The upstream is stopped first, the outcome recorded as failed, and nothing more sent."""
    (
        streaming()
        >> ClientDisconnected()
        << Cancel()
        << failed("client_disconnected", 200)
        >> Chunk(EVENT)
        >> Recorded()
    ).check()


def test_a_client_that_leaves_before_the_decision_is_durable() -> None:
    """Its call is not forwarded, and recorded as failed with no status: nobody was told one."""
    (
        begun(decided())
        << Record(RECORD)
        >> ClientDisconnected()
        >> Recorded("receipt")
        << failed("client_disconnected", None)
        >> Recorded()
    ).check()


@pytest.mark.parametrize(
    ("event", "reason", "status"),
    [
        (UpstreamFailed(BROKE), "upstream_broke", 502),
        (UpstreamFailed(None), "internal", 503),
        (TimeIsUp(), "call_too_long", 504),
        (GatewayStopped(), "gateway_stopped", 503),
    ],
)
def test_what_failed_is_recorded_as_failed(event: Event, reason: str, status: int) -> None:
    """A call without an answer is `failed`, and its client gets the status that is recorded."""
    play = forwarded() >> event
    if not isinstance(event, UpstreamFailed):
        play <<= Cancel()
    (
        play
        << failed(reason, status)
        >> Recorded()
        << where(SendResponse, status=status, **{"headers__avenant-decision": "failed"})
    ).check()


def test_an_error_inside_a_200_has_failed() -> None:
    """What the model server says failed is not an answer, whatever its status."""
    (
        forwarded()
        >> UpstreamAnswered(200, JSON)
        >> Chunk(b'{"error":{"message":"no","code":"theirs"}}')
        >> UpstreamEnded()
        << failed("upstream_error", 502)
        >> Recorded()
        << where(SendResponse, status=502)
    ).check()


@pytest.mark.parametrize(
    "event", [UpstreamEnded(), UpstreamFailed(BROKE), Chunk(b'data: {"error":{"code":1}}\n\n')]
)
def test_a_stream_that_fails_never_ends(event: Event) -> None:
    """Its last part is an error event, after its outcome is durable; the end of the answer is never sent."""
    play = streaming() >> event
    if isinstance(event, Chunk):
        play <<= Cancel()
    (
        play
        << where(Record, outcome__outcome=Outcome.FAILED, outcome__status=200)
        >> Recorded()
        << SendChunk
    ).check()  # fmt: skip


@pytest.mark.parametrize("play", [forwarded, streaming])
def test_an_answer_whose_outcome_is_not_recorded_is_withheld(play: Callable[[], Playbook]) -> None:
    """The client gets a failure in its place, and that is what is kept, with what the model server did."""
    played = play()
    if play is forwarded:
        played >>= UpstreamAnswered(200, JSON)
        played >>= Chunk(ANSWER)
        played >>= UpstreamEnded()
    else:
        played >>= Chunk(DONE)
        played <<= Cancel()
    status = 503 if play is forwarded else 200
    (
        played
        << where(Record, outcome__outcome=Outcome.PERMITTED)
        >> NotRecorded(decided=True)
        << where(
            Keep,
            outcome__outcome=Outcome.FAILED,
            outcome__reason="ledger_unavailable",
            outcome__status=status,
        )
        << (where(SendResponse, status=503) if play is forwarded else SendChunk)
    ).check()


@pytest.mark.parametrize("outcome", [Outcome.PERMITTED, Outcome.REFUSED])
def test_without_a_durable_decision_nothing_is_forwarded(outcome: Outcome) -> None:
    """The client gets 503; a decision that is not in the ledger has no outcome to keep."""
    (
        begun(decided(outcome))
        << Record
        >> NotRecorded(decided=False)
        << where(SendResponse, status=503, **{"headers__avenant-decision": "failed"})
    ).check()


@pytest.mark.parametrize("outcome", [Outcome.PERMITTED, Outcome.REFUSED])
def test_a_decision_that_may_be_durable_keeps_its_outcome(outcome: Outcome) -> None:
    """Where nobody knows whether the decision was written, its outcome is kept, and nothing is forwarded."""
    (
        begun(decided(outcome))
        << Record
        >> NotRecorded(decided=True)
        << where(Keep, outcome__reason="ledger_unavailable", outcome__status=503)
        << where(SendResponse, status=503)
    ).check()


def test_a_client_that_left_keeps_its_reason() -> None:
    """That a client left stays the reason of its outcome, also when that is recorded late."""
    (
        streaming()
        >> ClientDisconnected()
        << Cancel()
        << failed("client_disconnected", 200)
        >> NotRecorded(decided=True)
        << where(Keep, outcome__reason="client_disconnected")
    ).check()


def test_a_gateway_that_stops_before_it_forwards() -> None:
    """A call whose decision becomes durable while the gateway stops is not forwarded, and its client is told."""
    (
        begun(decided())
        << Record(RECORD)
        >> GatewayStopped()
        >> Recorded("receipt")
        << failed("gateway_stopped", 503)
        >> Recorded()
        << where(SendResponse, status=503)
    ).check()
