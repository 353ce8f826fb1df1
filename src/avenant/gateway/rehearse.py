"""A real request body decided as the gateway would, without one: `avenant ask --request body.json --connection army`.

rehearsed(text, Path("body.json"), "army")      # the facts of that call, each with its source and standing
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from avenant.agreement.types import Dossier, InForce
from avenant.decide.facts import checked, parse_fact
from avenant.decide.types import Fact
from avenant.errors import InputError
from avenant.gateway.admission import facts_of_call
from avenant.gateway.config import Config
from avenant.gateway.read import request_at
from avenant.gateway.standing import Standing, Standings, connections
from avenant.gateway.wire.openai_chat import OPENAI_CHAT
from avenant.instants import Instant
from avenant.languages import say
from avenant.source.nodes import did_you_mean


class Read(Protocol):
    """A text and the dossier that it is of, as the library reads them."""

    @property
    def dossier(self) -> Dossier:
        """The folder, read once."""

    @property
    def in_force(self) -> InForce:
        """The text."""


def rehearsed(
    text: Read,
    request: Path,
    connection: str | None,
    claimed: Sequence[str] = (),
    *,
    config: Config | None = None,
    now: Instant | None = None,
) -> tuple[Fact, ...]:
    """The facts of a call with this body on a connection of the dossier (or of `config`); without one, on none.

    `claimed`: what the caller's header would say, `axis=category`.
    """
    asked = OPENAI_CHAT.read(request_at(request))
    said = [parse_fact(fact) for fact in claimed]
    checked(said, text.in_force.vocabulary, None)
    standing = Standing((), None)
    if connection is not None:
        found = {c.id: c for c in connections(config or Config(), Path(text.dossier.path))}
        if connection not in found:
            message = say("gateway.unknown-connection", id=connection)
            hint = did_you_mean(connection, tuple(found)) if found else None
            raise InputError("unknown-connection", message, None, hint)
        moment = now or datetime.now(UTC)
        standing = Standings().of(found[connection], text.in_force, moment)
    return facts_of_call(standing, text.in_force, said, asked)
