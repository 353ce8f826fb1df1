"""A ledger for tests: a key that is always the same, a clock under the test's hand, calls and an instrument."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.ledger.export import export
from avenant.ledger.note import Signer
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Item, Ledger

AGREEMENT = b"# Use of the AI system by the department\n"
START = 1_772_409_600_000_000_000  # 2 March 2026, 00:00Z


def signer(seed: int = 1, name: str = "avenant.example/test") -> Signer:
    """A throw-away key; another seed, another key."""
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


class Clock:
    """A time in ns that goes on by a second whenever somebody asks."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        self.now += 1_000_000_000
        return self.now


def decision(clock: Clock, **body: object) -> Item:
    """A decision to append."""
    at = clock()
    return Item("decision", {"outcome": "permitted", **body}, at, new_id(at))


def outcome(clock: Clock, of: UUID, **body: object) -> Item:
    """The outcome of a decision."""
    at = clock()
    return Item("outcome", {"decision": str(of), "outcome": "permitted", **body}, at, new_id(at))


def instrument(clock: Clock, data: bytes = AGREEMENT) -> Item:
    """An instrument with its bytes."""
    at = clock()
    files = {"0-agreement.md": f"sha256:{sha256(data).hexdigest()}"}
    return Item("instrument", {"agreement": "test", "files": files}, at, new_id(at), (data,))


def calls(clock: Clock, count: int) -> Iterator[Item]:
    """Decisions, each followed by its outcome."""
    for n in range(count):
        decided = decision(clock, clause="all-lawful", n=n)
        yield decided
        yield outcome(clock, decided.id)


def filled(path: Path, count: int = 12) -> Ledger:
    """An open ledger with an instrument and `count` calls: 2·count + 1 entries."""
    clock = Clock()
    ledger = Ledger.open(path, signer(), START)
    ledger.append_all([instrument(clock), *calls(clock, count)])
    return ledger


def copied(folder: Path, count: int = 12) -> Path:
    """An exported copy of such a ledger."""
    filled(folder / "ledger.db", count).close()
    export(folder / "ledger.db", folder / "copy")
    return folder / "copy"


KEY = str(signer().key)
