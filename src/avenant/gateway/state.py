"""The operator's state folder: how far a ledger was last seen, kept apart from it.

A ledger that is lost, or put back from a backup, cannot show by itself that it was longer. The file *last seen* can:
one per ledger, named after its origin, signed by the ledger's key.

    avenant/last-seen/1
    {"at":…,"connections":[…],"instruments":[…],"origin":"avenant.example/openai-dow","revocations":[…],"root":"…","size":25}

    — avenant.example/openai-dow rDqk0f…

- It decides nothing and only refuses: a ledger that does not begin with the tree that was last seen is not opened.
- What it knows stays owed: the bodies of the instruments and revocations that were recorded, and which connections.
- It lies neither in the dossier, which the parties share, nor in the ledger's folder, with which it would be lost.
- It is written when something new is known and, while the ledger grows, once a second; and at the end. A crash loses at
  most the last second: a backup that lacks no more than that is not noticed.

    state = State(Path("ledger.state"), signer)
    state.seen                                  # LastSeen, or None where nothing was seen yet
    state.note(ledger, now)                     # after the ledger has grown
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from avenant.errors import InputError, Span, Unavailable
from avenant.gateway.read import file_at
from avenant.gateway.write import replace_file
from avenant.languages import say
from avenant.ledger.judge import Tree
from avenant.ledger.note import Checkpoint, Note, Signer
from avenant.ledger.record import Record
from avenant.ledger.sequencer import Ledger

SEEN = "last-seen"
_HEAD = "avenant/last-seen/1"
_MOST = 64 * 1024 * 1024  # bytes of the file
# What is recorded once and outlives the ledger, by the kind of its record.
_KINDS = {"instrument": "instruments", "attestation": "connections", "revocation": "revocations"}

Body = Mapping[str, Any]


class LastSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a ledger was seen, when (in ns since 1970), and what it knew."""

    origin: str
    size: int
    root: bytes  # 32, base64 in JSON
    at: int
    instruments: tuple[dict[str, Any], ...]  # the bodies of their records, and their `at`
    connections: tuple[dict[str, Any], ...]  # `connection` and `key`
    revocations: tuple[dict[str, Any], ...]  # the bodies of their records

    @property
    def tree(self) -> Tree:
        """What the ledger must begin with."""
        return Tree(self.size, self.root)

    @property
    def known(self) -> tuple[int, int, int]:
        """The numbers of instruments, connections and revocations."""
        return len(self.instruments), len(self.connections), len(self.revocations)


class State:
    """The last-seen file of one ledger."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self._signer = signer
        self.file = state_file(folder, signer.name, SEEN)
        self.seen = self._read()
        self._writing = Lock()
        self._stamp: str | None = None  # the checkpoint that was noted last
        self._noted: set[UUID] = set()  # records that are in `seen`

    def note(self, ledger: Ledger, at: int) -> bool:
        """Write down how far the ledger has come, if it has; raises Unavailable `state-unwritable`.

        True when something was written. What was known before stays known.
        """
        with self._writing:
            return self._note(ledger, at)

    def _note(self, ledger: Ledger, at: int) -> bool:
        stamp = ledger.checkpoint
        if stamp == self._stamp:
            return False
        fresh = [r for r in ledger.lasting() if r.kind in _KINDS and r.id not in self._noted]
        seen = self._grown(Checkpoint.opened(stamp, self._signer.key), fresh, at)
        body = msgspec.json.encode(seen, order="sorted").decode()
        write_signed(self.file, _HEAD, body, self._signer)
        self.seen, self._stamp = seen, stamp
        self._noted |= {record.id for record in fresh}
        return True

    def _grown(self, signed: Checkpoint, fresh: Iterable[Record], at: int) -> LastSeen:
        """What is seen now: a ledger as far as it was signed, and what these records add to what was known."""
        known = {name: list(getattr(self.seen, name, ())) for name in _KINDS.values()}
        for record in fresh:
            facts, fact = known[_KINDS[record.kind]], _known(record)
            if fact not in facts:
                facts.append(fact)
        lists = {name: tuple(facts) for name, facts in known.items()}
        return LastSeen(signed.origin, signed.size, signed.root, at, **lists)

    def _read(self) -> LastSeen | None:
        body = read_signed(self.file, _HEAD, self._signer)
        if body is None:
            return None
        try:
            seen = msgspec.json.decode(body, type=LastSeen)
        except (msgspec.MsgspecError, ValueError):
            raise _unreadable(self.file, say("gateway.state-malformed")) from None
        if seen.origin != self._signer.name:
            raise _unreadable(self.file, say("gateway.state-unsigned", key=self._signer.name))
        return seen


def read_signed(file: Path, head: str, signer: Signer) -> str | None:
    """The one line of a file of the state folder, behind its head; None without a file.

    Raises InputError `state-unreadable` for what is not such a file, signed by this key.
    """
    data = file_at(file)
    if data is None:
        return None
    try:
        note = Note.parse(data, _MOST)
    except InputError:
        raise _unreadable(file, say("gateway.state-malformed")) from None
    first, _, body = note.text.partition("\n")
    if first != head or not note.signed_by(signer.key):
        raise _unreadable(file, say("gateway.state-unsigned", key=signer.name))
    return body


def write_signed(file: Path, head: str, body: str, signer: Signer) -> None:
    """Write a file of the state folder, durably; raises Unavailable `state-unwritable`."""
    replace_file(file, signer.sign(f"{head}\n{body}\n").encode())


def state_file(folder: Path, origin: str, ending: str) -> Path:
    """The path of a ledger's file in the state folder."""
    return folder / f"{quote(origin, safe='')}.{ending}"


def _unreadable(file: Path, why: str) -> InputError:
    message, hint = say("gateway.state-unreadable", why=why), say("gateway.state-unreadable-hint")
    return InputError("state-unreadable", message, Span(str(file), 1), hint)


def require_all(seen: LastSeen, agreed: Iterable[Body]) -> None:
    """Raise Unavailable `dossier-lacks` unless each instrument that was recorded is among those agreed now."""
    there = {(body["number"], body["digest"]) for body in agreed}
    for body in seen.instruments:
        if (body["number"], body["digest"]) not in there:
            message = say(
                "gateway.dossier-lacks", number=body["number"], agreement=body["agreement"]
            )
            raise Unavailable("dossier-lacks", message, None, say("gateway.dossier-lacks-hint"))


def _known(record: Record) -> dict[str, Any]:
    """What stays known of a record."""
    if record.kind == "attestation":
        return {name: record.body[name] for name in ("connection", "key")}
    if record.kind == "instrument":
        return {**record.body, "at": record.at}
    return dict(record.body)


def state_folder(given: Path | None, ledger: Path, dossier: Path) -> Path:
    """The state folder: `state:`, or the ledger's folder with `.state` behind its name.

    Raises InputError `state-in-dossier`, `state-in-ledger`.
    """
    folder = given or ledger.with_name(f"{ledger.resolve().name}.state")
    for code, other in (("state-in-dossier", dossier), ("state-in-ledger", ledger)):
        if folder.resolve().is_relative_to(other.resolve()):
            message = say(f"gateway.{code}", folder=folder, other=other)
            raise InputError(code, message, None, say("gateway.state-hint"))
    return folder
