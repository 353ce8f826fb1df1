"""A ledger for tests: a key that is always the same, a clock under the test's hand, calls and an instrument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.errors import Unavailable
from avenant.ledger.export import export
from avenant.ledger.note import Signer
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Item, Ledger
from avenant.ledger.store import Change, OpenStore, Store
from avenant.ledger.store_sqlite import SqliteStore

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


def filled(path: Path, count: int = 12, open_store: OpenStore = SqliteStore.open) -> Ledger:
    """An open ledger with an instrument and `count` calls: 2·count + 1 entries."""
    clock = Clock()
    ledger = Ledger.open(path, signer(), START, open_store=open_store)
    ledger.append_all([instrument(clock), *calls(clock, count)])
    return ledger


def copied(folder: Path, count: int = 12) -> Path:
    """An exported copy of such a ledger."""
    filled(folder / "ledger.db", count).close()
    export(folder / "ledger.db", folder / "copy")
    return folder / "copy"


KEY = str(signer().key)


class Trouble:
    """Opens stores, as `Ledger.open` wants it, that come to grief when the test says so.

    trouble = Trouble()
    ledger = Ledger.open(path, signer(), START, open_store=trouble.open)
    trouble.before_commit = True           # the next append fails, and nothing was written
    """

    def __init__(self) -> None:
        self.before_commit = False  # the next append fails before COMMIT …
        self.after_commit = False  # … or after it: the caller cannot tell which
        self.stays_away = False  # no store can be opened
        self.meanwhile: Callable[[], object] | None = None  # happens after the look before a change

    def open(self, path: Path, key: str, first: str | None) -> Store:
        """Open the real store, and stand in front of it."""
        if self.stays_away:
            raise Unavailable("old-sqlite", "no store can be opened")
        return cast("Store", TroubledStore(SqliteStore.open(path, key, first), self))


class TroubledStore:
    """A store that does everything right but for its trouble."""

    def __init__(self, store: SqliteStore, trouble: Trouble) -> None:
        self._store = store
        self._trouble = trouble

    def append(self, change: Change) -> None:
        """Append, unless it is time to fail."""
        trouble = self._trouble
        before, after = trouble.before_commit, trouble.after_commit
        trouble.before_commit = trouble.after_commit = False
        if not before:
            self._store.append(change)
        if before or after:
            raise Unavailable("ledger-unknown", "disk full")

    def untouched(self) -> bool:
        """Look, and let happen what happens right after."""
        if self._trouble.meanwhile is None:
            return self._store.untouched()
        self._trouble.meanwhile()
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
