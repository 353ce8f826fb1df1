"""Decides one call: what is asked for, what is known of it, and what the text in force says.

    await CallDecider(texts, revocations, reader, clock).decide(id, exchange, connection)     # Decided

It raises nothing but when it is cancelled: what fails here is `Decided` as `failed`, and says why.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from avenant.agreement.types import FactRules
from avenant.decide.types import Decision, Outcome
from avenant.errors import AvenantError, InputError
from avenant.gateway.admission import claims, facts_of_call
from avenant.gateway.clock import Clock, moment
from avenant.gateway.events import Decided
from avenant.gateway.exchange import ClientDisconnected, Exchange
from avenant.gateway.reading import Reader
from avenant.gateway.record import decision_body
from avenant.gateway.refusal import Refusal, failure, of_decision, of_error, of_revocation
from avenant.gateway.revoked import Revocations
from avenant.gateway.standing import Connection, Standings
from avenant.gateway.texts import ActiveText, TextSchedule
from avenant.gateway.wire import ROUTES, errors_of
from avenant.gateway.wire.types import ChatRequest
from avenant.languages import say

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Progress:
    """How far the deciding of one call has come."""

    exchange: Exchange
    connection: Connection
    body: bytes | None = None
    request: ChatRequest | None = None
    active: ActiveText | None = None


@dataclass(slots=True)
class CallDecider:
    """Decides calls by the text that is in force when their body is read."""

    texts: TextSchedule
    revocations: Revocations
    reader: Reader
    clock: Clock
    standings: Standings = field(default_factory=Standings)

    async def decide(self, id: UUID, exchange: Exchange, connection: Connection) -> Decided:
        """Read the request and decide it; returns the decision, its record, and what its client gets instead."""
        progress = _Progress(exchange, connection)
        decision, refusal = await self._decision(id, progress)
        work = partial(
            decision_body,
            exchange.route,
            connection.id,
            progress.body,
            progress.request,
            decision,
        )
        try:
            record = await self.reader.apart(len(progress.body or b""), work)
        except asyncio.CancelledError:
            record = work()
        rules = progress.active.text.facts if progress.active else FactRules()
        wire = ROUTES.get(exchange.route)
        errors = errors_of(exchange.route)
        return Decided(decision, record, refusal, errors, wire, progress.request, rules)

    async def _decision(self, id: UUID, call: _Progress) -> tuple[Decision, Refusal | None]:
        try:
            return await self._judged(id, call)
        except asyncio.CancelledError:
            refusal = failure("gateway_stopped", say("gateway.client-left"))
        except ClientDisconnected:
            refusal = failure("client_disconnected", say("gateway.client-left"))
        except InputError as error:
            refusal = of_error(error)
        except AvenantError as error:
            refusal = failure(error.code, error.message, error.hint)
        except Exception:
            log.exception("deciding %s", id)
            refusal = failure("internal", say("gateway.internal"))
        return _undecided(call, refusal.code, Outcome.FAILED), refusal

    async def _judged(self, id: UUID, call: _Progress) -> tuple[Decision, Refusal | None]:
        call.active = self.texts.at(moment(self.clock()))
        if (revocation := self.revocations.of(call.connection)) is not None:
            refusal = of_revocation(revocation)
            return _undecided(call, refusal.code, Outcome.REFUSED), refusal
        if call.connection.fault is not None:
            raise call.connection.fault
        route = call.exchange.route
        if route not in ROUTES:
            raise _unknown_route(route)
        if ROUTES[route].listing:
            return _undecided(call, "listing", Outcome.PERMITTED), None
        call.body = await call.exchange.body()
        now = moment(self.clock())
        active = call.active = self.texts.at(now)  # a slow body may outlast a text
        claimed = claims(call.exchange.headers(), active.text.vocabulary)
        call.request = await self.reader.read(route, call.body)
        standing = self.standings.of(call.connection, active.text, now)
        facts = facts_of_call(standing, active.text, claimed, call.request)
        decision = active.decider.decide(facts)
        if decision.outcome is Outcome.PERMITTED:
            return decision, None
        return decision, of_decision(decision, str(id), active.text)


def _undecided(call: _Progress, reason: str, outcome: Outcome) -> Decision:
    """What is recorded of a request that no clause was asked about."""
    text, digest = ("none", "none")
    if call.active is not None:
        text, digest = call.active.text.id, call.active.text.digest
    return Decision(outcome=outcome, text=text, digest=digest, reason=reason)


def _unknown_route(route: str) -> InputError:
    message, hint = say("gateway.unknown-route", route=route), say("gateway.unknown-route-hint")
    return InputError("unknown_route", message, None, hint)
