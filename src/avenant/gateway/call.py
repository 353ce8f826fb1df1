"""The way of one call with a valid credential, from its body to its one outcome.

- Exactly one `decision` and one `outcome` are recorded, whatever happens.
- The decision is durable before the first byte to anyone, the upstream included.
- The outcome is durable before the last byte to the client: the body of a JSON answer and the `[DONE]` of a
  stream wait for it. A call that is not forwarded has both before its first byte.
- What is not permitted is not forwarded. What fails in an unforeseen way is `failed`, and not forwarded.
- A client that leaves stops the upstream. A stream that fails ends with an error event and a broken connection.

    await Calls(ledger, outcomes, upstream, texts, revocations, clock).answer(exchange, connection)
"""

from __future__ import annotations

import asyncio
import logging
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from avenant.decide.types import Decision, Outcome
from avenant.errors import AvenantError, InputError
from avenant.gateway.admission import claims, facts_of_call
from avenant.gateway.clock import Clock, moment
from avenant.gateway.exchange import Exchange, Gone
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.outcomes import Outcomes
from avenant.gateway.reading import Reader
from avenant.gateway.record import Body, Ended, Salted, decision_body, outcome_body
from avenant.gateway.refusal import Refusal, failure, of_decision, of_error, of_revocation
from avenant.gateway.relay import JSON, STREAM, Answer, Relay
from avenant.gateway.revoked import Revocations
from avenant.gateway.standing import Connection, Standings
from avenant.gateway.texts import Serving, Texts
from avenant.gateway.upstream import Upstream
from avenant.gateway.wire_openai import OPENAI, Asked, WireFormat
from avenant.ledger.item import Item
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Ledger
from avenant.messages import say

log = logging.getLogger(__name__)

_NO_LEDGER = "ledger_unavailable"

CHAT = "POST /v1/chat/completions"
MODELS = "GET /v1/models"


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
    answer: Answer | None = None


class Calls:
    """Takes calls through: decide, record, forward, record, answer."""

    def __init__(
        self,
        ledger: Ledger,
        outcomes: Outcomes,
        upstream: Upstream,
        texts: Texts,
        revocations: Revocations,
        clock: Clock,
        wire: WireFormat = OPENAI,
        limits: Limits = LIMITS,
    ) -> None:
        self._ledger = ledger
        self._outcomes = outcomes
        self._upstream = upstream
        self._texts = texts
        self._revocations = revocations
        self._clock = clock
        self._wire = wire
        self._limits = limits
        self._reader = Reader(limits)
        self.answered_by_other = 0  # calls that another model answered than was decided about
        self._standings = Standings()
        self._under_way: set[asyncio.Task[None]] = set()

    async def answer(self, exchange: Exchange, connection: Connection) -> None:
        """Answer one request with a valid credential."""
        # A task of its own: when the server gives the request up, its outcome is recorded all the same.
        task = asyncio.create_task(self._answer(exchange, connection))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: exchange.release())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def settled(self) -> None:
        """Returns when every call that was begun has ended, its outcome recorded."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await asyncio.to_thread(self._reader.close)

    async def _answer(self, exchange: Exchange, connection: Connection) -> None:
        call = Call(new_id(self._clock()), connection, exchange)
        call.headers["x-request-id"] = str(call.id)
        decision, refusal = await self._decided(call)
        call.headers["avenant-decision"] = decision.outcome.value
        call.headers["avenant-text"] = decision.text
        body = await self._reader.apart(
            len(call.body or b""),
            partial(decision_body, exchange.route, connection.id, call.body, call.asked, decision),
        )
        if refusal is not None:
            await self._turn_away(call, body, refusal)
            return
        await self._let_through(call, body)

    async def _decided(self, call: Call) -> tuple[Decision, Refusal | None]:
        """The decision, and what the client is told unless it is permitted."""
        try:
            call.serving = self._texts.at(moment(self._clock()))
            if (revocation := self._revocations.of(call.connection)) is not None:
                refusal = of_revocation(revocation)
                return _unjudged(call, refusal.code, Outcome.REFUSED), refusal
            if call.connection.fault is not None:
                raise call.connection.fault
            if call.exchange.route == MODELS:
                return _unjudged(call, "listing", Outcome.PERMITTED), None
            if call.exchange.route != CHAT:
                raise _unknown_route(call.exchange.route)
            call.body = await call.exchange.body()
            now = moment(self._clock())
            serving = call.serving = self._texts.at(now)  # a slow body may outlast a text
            said = claims(call.exchange.headers(), serving.text.vocabulary)
            call.asked = await self._reader.read(call.body)
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
        end = self._end(call, ended)
        receipt, recorded = await asyncio.gather(
            self._record(call, decided), self._append(end), return_exceptions=True
        )
        if isinstance(receipt, Receipt) and isinstance(recorded, Receipt):
            call.headers["avenant-receipt"] = _written(receipt)
        else:
            log.error("recording %s: %s", call.id, recorded)
            refusal = self._not_recorded(call, end, receipt)
        await self._send_refusal(call, refusal)

    async def _let_through(self, call: Call, decided: Body) -> None:
        """A permitted call: its decision durable, then the upstream, then its outcome durable, then the last byte."""
        gone = asyncio.create_task(call.exchange.gone())
        try:
            try:
                receipt = await self._record(call, decided)
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing is forwarded
                log.error("recording %s: %s", call.id, error)
                ended = Ended(Outcome.FAILED, _NO_LEDGER, 503)
                refusal = self._not_recorded(call, self._end(call, ended), error)
                await self._send_refusal(call, refusal)
                return
            call.headers["avenant-receipt"] = _written(receipt)
            finish = await self._forward_unless(call, gone)
            self.answered_by_other += bool(finish.ended.theirs.other)
            end = self._end(call, finish.ended)
            try:
                await self._outcomes.record(end)
            except Exception as error:  # noqa: BLE001 - whatever it is, the answer is withheld
                log.error("recording the end of %s: %s", call.id, error)
                finish = Finish(finish.ended, self._not_recorded(call, end, receipt))
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
        asked, relay = call.asked, self._relay(call)
        headers = dict(call.exchange.headers())
        accept = STREAM if asked is not None and asked.stream else JSON
        route = ("GET", "/models") if asked is None else ("POST", "/chat/completions")
        body = None if asked is None else asked.body
        try:
            async with (
                asyncio.timeout(self._limits.call_seconds),
                self._upstream.send(*route, headers, body, accept=accept) as reply,
            ):
                answer = await relay.relay(reply)
        except TimeoutError:
            refusal = failure("call_too_long", say("gateway.call-too-long"))
        except AvenantError as error:
            refusal = failure(error.code, error.message, error.hint)
        except Exception:
            log.exception("forwarding %s", call.id)
            refusal = failure("internal", say("gateway.internal"))
        else:
            outcome, reason = Outcome.PERMITTED, None
            if not answer.fine:
                outcome, reason = Outcome.FAILED, "upstream_error"
            return Finish(
                Ended(outcome, reason, answer.status, relay.salted, relay.usage, relay.theirs),
                answer=answer,
            )
        status = refusal.status if call.exchange.status is None else call.exchange.status
        ended = Ended(Outcome.FAILED, refusal.code, status, theirs=relay.theirs)
        return Finish(ended, refusal)

    def _relay(self, call: Call) -> Relay:
        relay = Relay(self._wire, call.exchange, self._limits, asked=call.asked, ours=call.headers)
        if call.serving is not None:
            relay.rules = call.serving.text.facts
        return relay

    async def _send(self, call: Call, finish: Finish) -> None:
        exchange = call.exchange
        if exchange.status is None:
            if finish.refusal is not None:
                call.headers["avenant-decision"] = Outcome.FAILED.value
                await self._send_refusal(call, finish.refusal)
            elif finish.answer is not None:
                answer = finish.answer
                call.headers["avenant-decision"] = finish.ended.outcome.value
                headers = {**answer.headers, **call.headers}
                await exchange.whole(answer.status, headers, answer.content)
        elif finish.refusal is not None:
            # INVARIANT: not ended here; the server breaks the connection, and no client takes it for whole.
            await exchange.piece(self._wire.error_frame(finish.refusal.body(self._wire)))
        elif finish.answer is not None and finish.answer.last is not None:
            await exchange.end(finish.answer.last)

    async def _send_refusal(self, call: Call, refusal: Refusal) -> None:
        headers = {"content-type": "application/json", **call.headers, **refusal.headers}
        await call.exchange.whole(refusal.status, headers, refusal.body(self._wire))

    async def _record(self, call: Call, decided: Body) -> Receipt:
        return await self._append(Item("decision", decided, self._clock(), call.id))

    def _end(self, call: Call, ended: Ended) -> Item:
        now = self._clock()
        return Item("outcome", outcome_body(str(call.id), ended), now, new_id(now))

    async def _append(self, item: Item) -> Receipt:
        return await self._ledger.append(item.kind, item.body, at=item.at, id=item.id)

    def _not_recorded(self, call: Call, end: Item, decision: object) -> Refusal:
        """What the client is told when its call cannot be recorded, and what will be recorded of it.

        `decision`: the receipt of its decision, or why there is none. One that nobody confirmed may be in the ledger.
        """
        call.headers["avenant-decision"] = Outcome.FAILED.value
        refusal = failure(_NO_LEDGER, say("gateway.ledger-unavailable"))
        if isinstance(decision, Receipt) or getattr(decision, "code", "") == "ledger-unknown":
            self._outcomes.keep(end._replace(body=self._withheld(call, end.body, refusal)))
        return refusal

    def _withheld(self, call: Call, body: Body, refusal: Refusal) -> Body:
        """An outcome whose answer was held back, because it could not be recorded in time."""
        if body["status"] is None:
            return body  # nobody was there to be told
        status = refusal.status if call.exchange.status is None else call.exchange.status
        return {**body, "outcome": Outcome.FAILED.value, "reason": _NO_LEDGER, "status": status}


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
