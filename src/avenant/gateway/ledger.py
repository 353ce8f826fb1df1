"""Opening a gateway's ledger, and keeping an eye on it: what it was last seen to be, and whether it still is.

- A ledger is begun with a new key, or where `--new-ledger` says so; never silently beside a key that had one.
- A ledger that lacks what its last-seen file knows is refused.
- The start says whether the ledger is new, how much of it was verified, and what it knows.

    kept = open_ledger(config, dossier, origin, agreed, now=clock(), new=False, tell=print)
    kept.ledger, kept.state.seen
    for line in kept.inspect(clock()): …           # a few times a second: what has changed for the worse or the better
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from avenant.errors import AvenantError, Refused, Unavailable
from avenant.gateway.config import Config
from avenant.gateway.outcomes import Outcomes, forget, left
from avenant.gateway.read import signer_at
from avenant.gateway.state import SEEN, Body, LastSeen, State, require_all, state_file, state_folder
from avenant.gateway.write import new_signing_key
from avenant.instants import shown
from avenant.languages import plural, say
from avenant.ledger.note import Signer
from avenant.ledger.sequencer import Ledger
from avenant.ledger.store_sqlite import is_there

VERIFIED = 10_000  # entries at a start: half a second
_EVERY = 1_000_000_000  # ns between two notes of how far the ledger has come

Tell = Callable[[str], None]


@dataclass(slots=True)
class OpenLedger:
    """An open ledger and its last-seen file."""

    ledger: Ledger
    state: State
    outcomes: Outcomes
    _noted: int = 0  # when, in ns
    _lost: str | None = None  # why nothing can be recorded, as it was shown last
    _behind: str | None = None  # why the file is not up to date, as it was shown last

    def inspect(self, now: int) -> Iterator[str]:
        """Have the ledger looked at, note how far it has come, and say what has changed."""
        self.ledger.inspect()
        fault = self.ledger.fault
        lost = None if fault is None else str(fault)
        if lost != self._lost:
            self._lost = lost
            yield (
                say("gateway.ledger-back") if lost is None else say("gateway.ledger-lost", why=lost)
            )
        if fault is None and not 0 <= now - self._noted < _EVERY:
            self._noted = now
            error = self.note(now)
            behind = None if error is None else str(error)
            if behind is not None and behind != self._behind:
                yield say("gateway.not-noted", why=behind)
            self._behind = behind

    def note(self, now: int) -> AvenantError | None:
        """Write down how far the ledger has come; returns why that was not possible."""
        try:
            self.state.note(self.ledger, now)
        except AvenantError as error:
            return error
        return None

    def close(self, now: int) -> None:
        """Note the end, and close the ledger."""
        if self.ledger.fault is None:
            self.note(now)
        self.ledger.close()


def open_ledger(
    config: Config,
    dossier: Path,
    origin: str,
    agreed: Sequence[Body],
    *,
    now: int,
    new: bool,
    tell: Tell,
) -> OpenLedger:
    """Open the ledger of a configuration, or begin it.

    `agreed`: the number and digest of each instrument that the dossier shows as agreed.
    Raises InputError and Unavailable as `Ledger.open` and `State` do; Refused `ledger-exists` when `new` and there is
    one; Unavailable `ledger-gone` when there is none and its key is not new, `ledger-key-gone`.
    """
    entry = config.ledger
    origin = entry.origin or origin
    path, folder = entry.path / "ledger.db", state_folder(config.state, entry.path, dossier)
    there = is_there(path)
    if new and there:
        hint = say("gateway.ledger-exists-hint")
        raise Refused("ledger-exists", say("gateway.ledger-exists", path=path), None, hint)
    signer, fresh = _signer(entry.key_file, origin, state_file(folder, origin, SEEN), tell)
    state, waiting = State(folder, signer), state_file(folder, origin, "outcomes")
    if state.seen is not None and not there:
        # A ledger that is there knows them itself, and owes them while the gateway runs.
        require_all(state.seen, agreed)
    begun = new or fresh
    if not there and not begun:
        raise _lost(path, state.seen)
    ledger = Ledger.open(
        path,
        signer,
        now,
        new=begun,
        seen=None if new or state.seen is None else state.seen.tree,
        last=VERIFIED,
        outcomes=left(waiting, signer),
    )
    try:
        forget(waiting)
        for line in _lines(path, ledger, state.seen, begun=begun):
            tell(line)
        state.note(ledger, max(now, ledger.last))
    except BaseException:
        ledger.close()
        raise
    return OpenLedger(ledger, state, Outcomes(ledger, waiting, signer))


def _signer(file: Path, origin: str, last_seen: Path, tell: Tell) -> tuple[Signer, bool]:
    """The ledger's signing key, and whether it was made now: only where none can have been before."""
    if last_seen.exists() and not file.exists():
        hint = say("gateway.ledger-key-gone-hint", file=last_seen)
        raise Unavailable("ledger-key-gone", say("gateway.ledger-key-gone", file=file), None, hint)
    fresh = new_signing_key(file)
    if fresh:
        tell(say("gateway.new-key", file=file))
    return signer_at(file, origin), fresh


def _lost(path: Path, seen: LastSeen | None) -> Unavailable:
    """The key is there and the ledger is not."""
    message = say("gateway.no-ledger-for-key", path=path)
    if seen is not None:
        message = say("gateway.ledger-gone-since", path=path, size=seen.size, at=_moment(seen.at))
    return Unavailable("ledger-gone", message, None, say("gateway.no-ledger-for-key-hint"))


def _lines(path: Path, ledger: Ledger, seen: LastSeen | None, *, begun: bool) -> Iterator[str]:
    """Whether the ledger is new, how much of it was verified, and how far it was seen."""
    if begun:
        yield say("gateway.ledger-new", path=path, key=ledger.key)
    else:
        verified = say("gateway.ledger-all")
        if ledger.checked >= VERIFIED:
            verified = plural("gateway.ledger-last", ledger.checked)
        yield plural(
            "gateway.ledger", ledger.size, path=str(path), verified=verified, key=ledger.key
        )
    if seen is None:
        yield say("gateway.never-seen")
        return
    kinds = ("instruments", "connections", "revocations")
    known = [plural(f"gateway.known.{kind}", n) for kind, n in zip(kinds, seen.known, strict=True)]
    said = say("phrases.comma").join(known)
    yield plural("gateway.last-seen", seen.size, at=_moment(seen.at), known=said)


def _moment(ns: int) -> str:
    return shown(datetime.fromtimestamp(ns // 1_000_000_000, UTC))
