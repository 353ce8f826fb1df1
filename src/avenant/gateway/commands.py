"""What is to be done for a call: the commands that `call.Call.step` returns, and the events that each leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avenant.gateway.record import Body, Ended


@dataclass(frozen=True, slots=True)
class Decide:
    """Read the request and decide it: Decided."""


@dataclass(frozen=True, slots=True)
class Record:
    """Make a decision, an outcome, or both in one flush durable: Recorded or NotRecorded."""

    decision: Body | None = None
    outcome: Ended | None = None


@dataclass(frozen=True, slots=True)
class Keep:
    """Record an outcome as soon as that is possible; nobody waits for it."""

    outcome: Ended


@dataclass(frozen=True, slots=True)
class Forward:
    """Ask the model server: UpstreamAnswered, Chunk …, UpstreamEnded; or UpstreamFailed."""

    method: str
    path: str
    body: bytes | None
    accept: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the model server: read no more of its answer."""


@dataclass(frozen=True, slots=True)
class SendResponse:
    """Send the client an answer at once."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class SendHead:
    """Send the client the status and headers of a stream."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SendChunk:
    """Send the client a part of a stream."""

    content: bytes


@dataclass(frozen=True, slots=True)
class SendEnd:
    """Send the client the last part of a stream; without it the connection breaks."""

    content: bytes


Send = SendResponse | SendHead | SendChunk | SendEnd
Command = Decide | Record | Keep | Forward | Cancel | Send
