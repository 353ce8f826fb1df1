"""The digest of a report: over facts of these types, each taken whole.

    digest(report)                      # "sha256:…"

What is a fact is written down here, field by field; a field that a type does not have is for display and is in no
digest. Sentences, titles and places are for display: each language has its own, and the digest of the text pins them.
So are times (a text takes effect when the last party signs), and what rests on required uses, which nobody signs.
"""

from __future__ import annotations

import hashlib

import msgspec

from avenant.analyse.types import Basis, Report, Unfinished
from avenant.findings.types import Order, Severity

Leaves = dict[str, tuple[str, ...]]


class PassesFacts(msgspec.Struct, frozen=True):
    """The test at which a box gets past a ban."""

    clause: str
    rule: str
    axis: str
    category: str


class PermitFacts(msgspec.Struct, frozen=True):
    """The permit that lets a box in."""

    clause: str
    rule: str


class BoxFacts(msgspec.Struct, frozen=True):
    """A set of uses, and what lets it through."""

    leaves: Leaves
    foreground: tuple[str, ...]
    only: Leaves
    example: tuple[str, ...]
    witness: dict[str, str]
    passes: tuple[PassesFacts, ...]
    permits: tuple[PermitFacts, ...]
    permitted_by: tuple[str, ...]
    refused_by: tuple[str, ...]
    owed_to: tuple[str, ...]


class IntervalFacts(msgspec.Struct, frozen=True):
    """What another interval permits."""

    since: str
    text_digest: str
    order: Order
    ways: dict[str, int]
    complete: bool


class SpotFacts(msgspec.Struct, frozen=True):
    """One of several clauses that a finding is about."""

    clause: str


class UncoveredFacts(msgspec.Struct, frozen=True):
    """A clause outside every proof."""

    clause: str
    slot: bool


class FindingFacts(msgspec.Struct, frozen=True):
    """One finding."""

    code: str
    id: str
    severity: Severity
    clause: str | None
    choices: tuple[str, ...]
    box: BoxFacts | None
    accepted: str | None
    who: tuple[str, ...]
    clauses: tuple[SpotFacts, ...]
    interval: IntervalFacts | None


class PrincipleFacts(msgspec.Struct, frozen=True):
    """How a principle was tested."""

    clause: str
    ways: int
    complete: bool
    unknown: tuple[str, ...]
    idle: bool
    trivial: bool
    repeats: str | None


class EnforcedFacts(msgspec.Struct, frozen=True):
    """What a clause rests on."""

    clause: str
    basis: Basis
    who: tuple[str, ...]
    axes: dict[Basis, tuple[str, ...]]


class ReportFacts(msgspec.Struct, frozen=True):
    """One report."""

    text: str
    text_digest: str
    clauses: int
    binding: int
    principles: tuple[PrincipleFacts, ...]
    findings: tuple[FindingFacts, ...]
    axes: int
    complete: bool
    unfinished: tuple[Unfinished, ...]
    enforced: tuple[EnforcedFacts, ...]
    accepted: int
    covered: tuple[str, ...]
    uncovered: tuple[UncoveredFacts, ...]


def digest(report: Report) -> str:
    """Return the SHA-256 over the canonical JSON of a report's facts."""
    facts = msgspec.convert(report, ReportFacts, from_attributes=True)
    canonical = msgspec.json.encode(facts, order="deterministic")
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"
