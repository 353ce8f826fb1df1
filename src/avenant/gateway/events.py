"""What happens to a call: the events that `call.Call.step` takes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from avenant.agreement.types import FactRules
from avenant.decide.types import Decision
from avenant.errors import AvenantError
from avenant.gateway.record import Body
from avenant.gateway.refusal import Refusal
from avenant.gateway.wire.types import ChatRequest, ErrorFormat, WireFormat


class Request(Struct, frozen=True):
    """A request with a valid credential has come; `salt`: 16 random bytes for the digest of its answer."""

    id: str
    salt: bytes


class Decided(Struct, frozen=True):
    """The request was read and decided; `record` is the body of its decision.

    `refusal`: what the client gets unless the call is permitted; `wire` is None for a route without a format.
    """

    decision: Decision
    record: Body
    refusal: Refusal | None
    errors: ErrorFormat
    wire: WireFormat | None = None
    request: ChatRequest | None = None  # None: a list of models, or nothing that could be read
    rules: FactRules = field(default_factory=FactRules)


class Recorded(Struct, frozen=True):
    """What was to be recorded is durable; `receipt`: that of the decision, where it was recorded."""

    receipt: str | None = None


class NotRecorded(Struct, frozen=True):
    """The ledger did not confirm; `decided`: whether the decision is, or may be, in the ledger."""

    decided: bool


class UpstreamAnswered(Struct, frozen=True):
    """The head of the model server's answer is there."""

    status: int
    headers: Mapping[str, str]


class Chunk(Struct, frozen=True):
    """A part of the answer's body is there."""

    content: bytes


class UpstreamEnded(Struct, frozen=True):
    """The answer's body has ended."""


class UpstreamFailed(Struct, frozen=True):
    """There is no answer, or no more of it; `error` is None for what nobody foresaw."""

    error: AvenantError | None


class ClientDisconnected(Struct, frozen=True):
    """The client has left."""


class TimeIsUp(Struct, frozen=True):
    """The call has lasted as long as it may."""


class GatewayStopped(Struct, frozen=True):
    """The gateway must stop."""


Interruption = ClientDisconnected | TimeIsUp | GatewayStopped
Event = (
    Request
    | Decided
    | Recorded
    | NotRecorded
    | UpstreamAnswered
    | Chunk
    | UpstreamEnded
    | UpstreamFailed
    | Interruption
)
