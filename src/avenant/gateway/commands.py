"""What is to be done for a call: the commands that `call.Call.step` returns, and the events that each leads to."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from avenant.gateway.record import Body, Ended


class Decide(Struct, frozen=True):
    """Read the request and decide it: Decided."""


class Record(Struct, frozen=True):
    """Make a decision, an outcome, or both in one flush durable: Recorded or NotRecorded."""

    decision: Body | None = None
    outcome: Ended | None = None


class Keep(Struct, frozen=True):
    """Record an outcome as soon as that is possible; nobody waits for it."""

    outcome: Ended


class Forward(Struct, frozen=True):
    """Ask the model server: UpstreamAnswered, Chunk …, UpstreamEnded; or UpstreamFailed."""

    method: str
    path: str
    body: bytes | None
    accept: str


class Cancel(Struct, frozen=True):
    """Stop the model server: read no more of its answer."""


class SendResponse(Struct, frozen=True):
    """Send the client an answer at once."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class SendHead(Struct, frozen=True):
    """Send the client the status and headers of a stream."""

    status: int
    headers: Mapping[str, str]


class SendChunk(Struct, frozen=True):
    """Send the client a part of a stream."""

    content: bytes


class SendEnd(Struct, frozen=True):
    """Send the client the last part of a stream; without it the connection breaks."""

    content: bytes


Send = SendResponse | SendHead | SendChunk | SendEnd
Command = Decide | Record | Keep | Forward | Cancel | Send
