"""The way of one call with a valid credential, from its body to its one outcome.

- Exactly one `decision` and one `outcome` are recorded, whatever happens.
- The decision is durable before the first byte to anyone, the upstream included.
- The outcome is durable before the last byte to the client: the body of a JSON answer and the `[DONE]` of a
  stream wait for it. A call that is not forwarded has both before its first byte.
- What is not permitted is not forwarded. What fails in an unforeseen way is `failed`, and not forwarded.
- A client that leaves stops the upstream. A stream that fails ends with an error event and a broken connection.

    await Calls(ledger, upstream, texts, clock).answer(exchange, connection)
"""

from __future__ import annotations

import asyncio
import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from avenant.decide.types import Decision, Outcome
from avenant.errors import AvenantError, InputError, Unavailable
from avenant.gateway.admission import claims, facts_of_call
from avenant.gateway.exchange import Exchange, Gone
from avenant.gateway.record import Body, Ended, Salted, decision_body, outcome_body
from avenant.gateway.refusal import Refusal, failure, of_decision, of_error
from avenant.gateway.standing import Connection, Standings
from avenant.gateway.texts import Clock, Serving, Texts, moment
from avenant.gateway.upstream import Reply, Upstream
from avenant.gateway.wire_openai import OPENAI, Asked, WireFormat
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Ledger
from avenant.messages import say

log = logging.getLogger(__name__)

CHAT = "POST /v1/chat/completions"
MODELS = "GET /v1/models"

_MOST_ANSWER = 64 * 1024 * 1024  # bytes of a JSON answer held back until its outcome is durable
# Of the upstream's headers, these are the client's; connections, cookies and keys are between it and us.
_COMES_DOWN = (
    "content-type",
    "retry-after",
    "retry-after-ms",
    "openai-processing-ms",
    "openai-version",
)


@dataclass(slots=True)
class Call:
    """One request with a valid credential, on its way."""

    id: UUID
    connection: Connection
    exchange: Exchange
    body: bytes | None = None
    asked: Asked | None = None
    serving: Serving | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Finish:
    """How a call ended, and what is held back until that is durable."""

    ended: Ended
    refusal: Refusal | None = None  # in place of an answer
    answer: tuple[int, dict[str, str], bytes] | None = None  # a whole answer
    last: bytes | None = None  # the last event of a stream that is whole


class Calls:
    """Takes calls through: decide, record, forward, record, answer."""

    def __init__(
        self,
        ledger: Ledger,
        upstream: Upstream,
        texts: Texts,
        clock: Clock,
        wire: WireFormat = OPENAI,
    ) -> None:
        self._ledger = ledger
        self._upstream = upstream
        self._texts = texts
        self._clock = clock
        self._wire = wire
        self._standings = Standings()
        self._under_way: set[asyncio.Task[None]] = set()

    async def answer(self, exchange: Exchange, connection: Connection) -> None:
        """Answer one request with a valid credential."""
        # A task of its own: when the server gives the request up, its outcome is recorded all the same.
        task = asyncio.create_task(self._answer(exchange, connection))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def settled(self) -> None:
        """Returns when every call that was begun has ended, its outcome recorded."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _answer(self, exchange: Exchange, connection: Connection) -> None:
        call = Call(new_id(self._clock()), connection, exchange)
        call.headers["x-request-id"] = str(call.id)
        decision, refusal = await self._decided(call)
        call.headers["avenant-decision"] = decision.outcome.value
        call.headers["avenant-text"] = decision.text
        body = decision_body(exchange.route, connection.id, call.body, call.asked, decision)
        if refusal is not None:
            await self._turn_away(call, body, refusal)
            return
        await self._let_through(call, body)

    async def _decided(self, call: Call) -> tuple[Decision, Refusal | None]:
        """The decision, and what the client is told unless it is permitted."""
        try:
            call.serving = self._texts.at(moment(self._clock()))
            if call.exchange.route == MODELS:
                return _unjudged(call, "listing", Outcome.PERMITTED), None
            if call.exchange.route != CHAT:
                raise _unknown_route(call.exchange.route)
            call.body = await call.exchange.body()
            now = moment(self._clock())
            serving = call.serving = self._texts.at(now)  # a slow body may outlast a text
            said = claims(call.exchange.headers(), serving.text.vocabulary)
            call.asked = self._wire.read(call.body)
            standing = self._standings.of(call.connection, serving.text, now)
            facts = facts_of_call(standing, serving.text, said, call.asked)
            decision = serving.decider.decide(facts)
            if decision.outcome is Outcome.PERMITTED:
                return decision, None
            return decision, of_decision(decision, str(call.id), serving.text)
        except Gone:
            refusal = failure("client_disconnected", say("gateway.client-left"))
        except InputError as error:
            refusal = of_error(error)
        except AvenantError as error:
            refusal = failure(error.code, error.message, error.hint)
        except Exception:
            log.exception("deciding %s", call.id)
            refusal = failure("internal", say("gateway.internal"))
        return _unjudged(call, refusal.code, Outcome.FAILED), refusal

    async def _turn_away(self, call: Call, decided: Body, refusal: Refusal) -> None:
        """A call that is not forwarded: both records in one flush, then the refusal."""
        answer = refusal.body(self._wire)
        salted = Salted()
        salted.feed(answer)
        status = None if refusal.code == "client_disconnected" else refusal.status
        ended = Ended(Outcome(decided["outcome"]), decided["reason"], status, salted)
        try:
            receipt, _ = await asyncio.gather(
                self._record(call, "decision", decided), self._record_end(call, ended)
            )
        except Exception:
            log.exception("recording %s", call.id)
            refusal = self._no_ledger(call)
        else:
            call.headers["avenant-receipt"] = _written(receipt)
        await self._send_refusal(call, refusal)

    async def _let_through(self, call: Call, decided: Body) -> None:
        """A permitted call: its decision durable, then the upstream, then its outcome durable, then the last byte."""
        gone = asyncio.create_task(call.exchange.gone())
        try:
            try:
                receipt = await self._record(call, "decision", decided)
            except Exception:
                log.exception("recording %s", call.id)
                await self._send_refusal(call, self._no_ledger(call))
                return
            call.headers["avenant-receipt"] = _written(receipt)
            finish = await self._forward_unless(call, gone)
            try:
                await self._record_end(call, finish.ended)
            except Exception:
                log.exception("recording the end of %s", call.id)
                finish = Finish(finish.ended, self._no_ledger(call))
            await self._send(call, finish)
        finally:
            gone.cancel()

    async def _forward_unless(self, call: Call, gone: asyncio.Task[None]) -> Finish:
        """Forward, and stop the upstream as soon as the client leaves or the gateway must stop."""
        if gone.done():
            return _left(call, "client_disconnected")
        work = asyncio.create_task(self._forward(call))
        why = "client_disconnected"
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            why = "gateway_stopped"
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))
        return _left(call, why) if work.cancelled() else work.result()

    async def _forward(self, call: Call) -> Finish:
        """The upstream's answer, all of it but the last byte sent; never raises but when cancelled."""
        headers = dict(call.exchange.headers())
        try:
            if call.asked is None:
                sent = self._upstream.send("GET", "/models", headers, None)
            else:
                sent = self._upstream.send("POST", "/chat/completions", headers, call.asked.body)
            async with sent as reply:
                return await self._relay(call, reply)
        except AvenantError as error:
            refusal = failure(error.code, error.message, error.hint)
        except Exception:
            log.exception("forwarding %s", call.id)
            refusal = failure("internal", say("gateway.internal"))
        status = refusal.status if call.exchange.status is None else call.exchange.status
        return Finish(Ended(Outcome.FAILED, refusal.code, status), refusal)

    async def _relay(self, call: Call, reply: Reply) -> Finish:
        if reply.status in {401, 403, 407}:
            # Our key is the operator's matter; a 403 here would read as the agreement's refusal.
            raise Unavailable("upstream_refused_key", say("gateway.upstream-refused-key"))
        if not 200 <= reply.status < 300 and reply.status < 400:
            raise Unavailable("upstream_unreadable", say("gateway.upstream-unreadable"))
        down = {name: reply.headers[name] for name in _COMES_DOWN if name in reply.headers}
        request = reply.headers.get("x-request-id")
        salted = Salted()
        if reply.status < 300 and down.get("content-type", "").startswith("text/event-stream"):
            return await self._stream(call, reply, down, salted, request)
        content = bytearray()
        async for chunk in reply.chunks():
            content += chunk
            if len(content) > _MOST_ANSWER:
                raise Unavailable("upstream_unreadable", say("gateway.upstream-unreadable"))
        answer = bytes(content)
        if reply.status < 300:
            if not self._wire.is_answer(answer):
                raise Unavailable("upstream_unreadable", say("gateway.upstream-unreadable"))
            if call.asked is None and call.serving is not None:
                answer = self._wire.only_models(answer, call.serving.text.facts.models)
        salted.feed(answer)
        fine = reply.status < 300
        ended = Ended(
            Outcome.PERMITTED if fine else Outcome.FAILED,
            None if fine else "upstream_error",
            reply.status,
            salted,
            self._wire.usage(answer),
            request,
        )
        return Finish(ended, answer=(reply.status, down, answer))

    async def _stream(
        self, call: Call, reply: Reply, down: dict[str, str], salted: Salted, request: str | None
    ) -> Finish:
        """Send each event as it is whole, and hold the last one back."""
        call.headers["cache-control"] = "no-cache"
        await call.exchange.start(reply.status, {**down, **call.headers})
        frames = self._wire.frames()
        usage: Mapping[str, int] | None = None
        async for chunk in reply.chunks():
            out: list[bytes] = []
            last: bytes | None = None
            failed = False
            for frame in frames.feed(chunk):
                if failed := self._wire.is_error(frame):
                    break
                salted.feed(frame)
                if self._wire.is_last(frame):
                    last = frame
                    break
                usage = self._wire.usage(frame) or usage
                out.append(frame)
            if out:
                await call.exchange.piece(b"".join(out))
            if failed:
                raise Unavailable("upstream_error", say("gateway.upstream-error"))
            if last is not None:
                ended = Ended(Outcome.PERMITTED, None, reply.status, salted, usage, request)
                return Finish(ended, last=last)
        raise Unavailable("upstream_broke", say("gateway.upstream-cut"))

    async def _send(self, call: Call, finish: Finish) -> None:
        exchange = call.exchange
        if exchange.status is None:
            if finish.refusal is not None:
                call.headers["avenant-decision"] = Outcome.FAILED.value
                await self._send_refusal(call, finish.refusal)
            elif finish.answer is not None:
                status, headers, content = finish.answer
                call.headers["avenant-decision"] = finish.ended.outcome.value
                await exchange.whole(status, {**headers, **call.headers}, content)
        elif finish.refusal is not None:
            # INVARIANT: not ended here; the server breaks the connection, and no client takes it for whole.
            await exchange.piece(self._wire.error_frame(finish.refusal.body(self._wire)))
        elif finish.last is not None:
            await exchange.end(finish.last)

    async def _send_refusal(self, call: Call, refusal: Refusal) -> None:
        headers = {"content-type": "application/json", **call.headers, **refusal.headers}
        await call.exchange.whole(refusal.status, headers, refusal.body(self._wire))

    async def _record(self, call: Call, kind: str, body: Body) -> Receipt:
        now = self._clock()
        return await self._ledger.append(
            kind, body, at=now, id=call.id if kind == "decision" else new_id(now)
        )

    async def _record_end(self, call: Call, ended: Ended) -> Receipt:
        return await self._record(call, "outcome", outcome_body(str(call.id), ended))

    def _no_ledger(self, call: Call) -> Refusal:
        call.headers["avenant-decision"] = Outcome.FAILED.value
        return failure("ledger_unavailable", say("gateway.ledger-unavailable"))


def _unjudged(call: Call, reason: str, outcome: Outcome) -> Decision:
    """What is recorded of a request that no clause was asked about."""
    text, digest = ("none", "none")
    if call.serving is not None:
        text, digest = call.serving.text.id, call.serving.text.digest
    return Decision(outcome=outcome, text=text, digest=digest, reason=reason)


def _left(call: Call, why: str) -> Finish:
    refusal = failure(why, say("gateway.client-left"))
    return Finish(Ended(Outcome.FAILED, why, call.exchange.status), refusal)


def _unknown_route(route: str) -> InputError:
    message, hint = say("gateway.unknown-route", route=route), say("gateway.unknown-route-hint")
    return InputError("unknown_route", message, None, hint)


def _written(receipt: Receipt) -> str:
    """The receipt as a header's value: its JSON in URL-safe base64."""
    return urlsafe_b64encode(receipt.json().encode()).decode()
