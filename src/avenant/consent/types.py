"""Who has consented to what: the status of a dossier, instrument by instrument."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from avenant.agreement.types import Digest, InstrumentKind
from avenant.instants import Instant


class State(StrEnum):
    """Of one instrument. Only `in force` and `superseded` are, or were, part of a text that binds."""

    DRAFT = "draft"  # nobody has signed it
    PENDING = "pending"  # somebody has, and the quorum lacks others
    AGREED = "agreed"  # the quorum is complete, its effect is to come
    IN_FORCE = "in force"  # the last one that has taken effect
    SUPERSEDED = "superseded"  # a later one has taken effect; its changes still stand in the text


class Signature(msgspec.Struct, frozen=True):
    """One verified signature: whose, by which key, knowing which report, and when by the signer's own word."""

    party: str
    key: str  # SHA256:…
    knowing: Digest
    at: Instant
    file: str


class Lacking(msgspec.Struct, frozen=True):
    """A party that has not reached its threshold, and how many of its keys must still sign."""

    party: str
    signatures: int


class InstrumentStatus(msgspec.Struct, frozen=True):
    """One instrument: who signed, who is missing, and from when to when its text is the one in force."""

    number: int
    kind: InstrumentKind
    title: str
    file: str
    digest: Digest
    state: State
    signatures: tuple[Signature, ...]  # in the order of their times
    lacking: tuple[Lacking, ...]  # empty once the quorum is complete
    agreed: Instant | None  # the last signature that the quorum needed
    since: Instant  # its effect once agreed, before that the earliest that it could have
    until: Instant | None  # the effect of the next agreed instrument
    counts: Instant | None = None  # from when it counts for deciding, by a ledger that was asked

    @property
    def pending_since(self) -> Instant | None:
        """The first signature of an instrument whose quorum is not complete."""
        return self.signatures[0].at if self.state is State.PENDING else None

    @property
    def complete(self) -> bool:
        """Whether every party has reached its threshold."""
        return self.agreed is not None


class ConnectionRevoked(msgspec.Struct, frozen=True):
    """A file that revokes a connection; one with a `fault` stops nothing."""

    file: str
    connection: str | None
    party: str | None  # of the officer who signed
    why: str | None
    at: Instant | None  # the signer's word
    fault: str | None = None


class Status(msgspec.Struct, frozen=True):
    """A dossier at a moment. It is a draft, all of it, until instrument 0 has its quorum."""

    agreement: str
    at: Instant
    draft: bool
    in_force: int | None  # the number of the last instrument in force
    instruments: tuple[InstrumentStatus, ...]
    revoked: tuple[ConnectionRevoked, ...] = ()
