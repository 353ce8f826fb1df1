"""A real request body decided as the gateway would, without one: `avenant ask --request body.json --connection army`.

rehearsed(text, Path("body.json"), "army")      # the facts of that call, each with its source and standing
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from avenant.agreement.types import InForce
from avenant.decide.types import Fact
from avenant.errors import InputError
from avenant.gateway.admission import facts_of_call
from avenant.gateway.config import Config
from avenant.gateway.read import request_at
from avenant.gateway.standing import Standing, Standings, connections
from avenant.gateway.wire_openai import OPENAI
from avenant.messages import say
from avenant.nodes import did_you_mean


def rehearsed(
    text: InForce,
    dossier: Path,
    request: Path,
    connection: str | None,
    claimed: tuple[tuple[str, str], ...],
    now: datetime,
    config: Config | None = None,
) -> tuple[Fact, ...]:
    """The facts of a call with this body by this connection; without one, by nobody known."""
    asked = OPENAI.read(request_at(request))
    standing = Standing((), None)
    if connection is not None:
        found = {c.id: c for c in connections(config or Config(), dossier)}
        if connection not in found:
            message = say("gateway.unknown-connection", id=connection)
            hint = did_you_mean(connection, tuple(found))
            raise InputError("unknown-connection", message, None, hint)
        standing = Standings().of(found[connection], text, now)
    return facts_of_call(standing, text, claimed, asked)
