"""Verifies a ledger, or an exported copy of one, and names each damage.

    verified = verify(Path("ledger.db"), key="avenant.example/openai-dow+ac3aa4d1+AQ…")
    verified.good, verified.size, verified.counts, verified.root
    for problem in verified.problems:
        print(problem.message)     # entry 14, decision on call 01936c5e: record does not match its commitment

What is checked: the checkpoint's signature; that the entries, and every node that is kept, give its root; that each
record has its one spelling and matches its entry; that ids are unique and time does not go back; that each outcome
follows its decision, once; that the instruments' bytes are the recorded ones; and, in a copy, that every file is
there, whole, and none else.

What it cannot show:
- With the ledger's own key (`key=None`) it shows that the ledger agrees with itself. Whoever holds the private key can
  write another ledger that does; give the key that was published.
- A ledger from whose end entries were cut *together with* an older checkpoint is a sound, older ledger. Only somebody
  who holds a later checkpoint or receipt can tell: give it as `at_least`.
- What was never recorded is not there. A log cannot prove that nothing was left out.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec

from avenant.errors import InputError
from avenant.ledger.call_audit import CallAudit
from avenant.ledger.diagnose import root_of, swaps, truth, whole
from avenant.ledger.note import Checkpoint, Note, VerifierKey
from avenant.ledger.problem import Named, Problem, guessed, problem
from avenant.ledger.record import KINDS, Record
from avenant.ledger.source import CopySource, KeptRecord, Source, StoreSource
from avenant.ledger.tiles import WIDTH, tile_path
from avenant.ledger.tree import leaf_hash

# More entries than this, missing at the end, are told as one.
_FAR = WIDTH * WIDTH


class Verified(msgspec.Struct, frozen=True):
    """What was verified, and all that was found. `root` in hex; `first` and `last` are the times of records, in ns."""

    origin: str
    size: int
    root: str
    key: str
    key_given: bool
    counts: dict[str, int]
    intact: int  # entries that the signed root covers and whose record is the recorded one
    open: tuple[UUID, ...]  # decisions that have no outcome yet
    first: int | None
    last: int | None
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Nothing is damaged."""
        return not self.problems


def verify(
    path: Path, key: str | None = None, at_least: str | None = None, ended: bool = False
) -> Verified:
    """Verify the ledger in the file `path`, or the copy in the folder `path`.

    `key`: the public key from outside; None takes the ledger's own word for it. `at_least`: a checkpoint (the text of
    a signed note) that somebody else holds; the ledger must contain its tree. `ended`: no call is under way any more,
    so a decision without an outcome is a problem; otherwise it is listed as open.
    Raises InputError when there is nothing to verify, or `key` or `at_least` is malformed.
    """
    trusted = VerifierKey.parse(key) if key is not None else None
    if path.is_dir():
        return _Verification(CopySource(path), trusted, at_least, ended).run()
    from avenant.ledger.store_sqlite import SqliteStore  # an auditor with a copy needs no database

    store = SqliteStore.inspect(path)
    try:
        with store.snapshot():
            return _Verification(StoreSource(store), trusted, at_least, ended).run()
    finally:
        store.close()


class _Verification:
    """One run. The steps stand in the order in which each relies on the one before."""

    def __init__(
        self, source: Source, trusted: VerifierKey | None, at_least: str | None, ended: bool
    ) -> None:
        self._source = source
        self._trusted = trusted
        self._at_least = at_least
        self._ended = ended
        self._problems: list[Problem] = []
        self._wrong: dict[
            int, str
        ] = {}  # index -> code of what is wrong with the entry or its record
        self._swapped: dict[int, int] = {}
        self._named: dict[int, Named] = {}  # what the records at those indexes seem to be
        self._calls = CallAudit()

    def run(self) -> Verified:
        key = self._key()
        signed, claimed = self._checkpoint(key)
        there = self._source.estimated_size()
        # Only a signature makes us look for more than there is, and not for any number of entries.
        size = claimed.size if claimed and signed and claimed.size - there < _FAR else there
        root = claimed.root if claimed and claimed.size == size else None
        leaves = [leaf and leaf_hash(leaf) for leaf in self._source.leaves(size)]
        proven, right = self._tree(size, root, leaves, signed)
        if claimed and signed:
            self._ends(there, claimed.size)
        self._records(size, right)
        self._report()
        if proven:
            self._nodes(size, right)
        if not self._wrong:
            self._order(proven)
        self._outside(key, signed, [hash for hash in right if hash is not None] if proven else None)
        self._source.finish()
        self._faults()
        counts = self._calls.counts
        return Verified(
            origin=claimed.origin if claimed else key.name if key else "",
            size=size,
            root=root.hex() if root else "",
            key=str(key) if key else "",
            key_given=self._trusted is not None,
            counts={kind: counts[kind] for kind in KINDS if kind in counts},
            intact=size - len(self._wrong) if proven and signed else 0,
            open=tuple(self._calls.open),
            first=self._calls.first,
            last=self._calls.last,
            problems=tuple(self._problems),
        )

    # ---- the head

    def _key(self) -> VerifierKey | None:
        """The key to verify with: the one from outside, else the ledger's own."""
        data = self._source.key()
        own = None
        try:
            own = VerifierKey.parse((data or b"").decode().removesuffix("\n"))
        except (InputError, UnicodeDecodeError):
            own = None
        if data is not None and (own is None or f"{own}\n".encode() != data):
            self._add("bad-key", file="key")
            own = None
        if self._trusted is not None and own is not None and own != self._trusted:
            self._add("other-key", file="key", key=own)
        return self._trusted or own

    def _checkpoint(self, key: VerifierKey | None) -> tuple[bool, Checkpoint | None]:
        """Is the checkpoint signed, and what does it say? An unsigned one still helps to find the damage."""
        data = self._source.checkpoint()
        if data is None:
            return False, None
        try:
            note = Note.parse(data)
            claimed = Checkpoint.parse(note.text)
        except InputError:
            self._add("bad-checkpoint", file="checkpoint")
            return False, None
        # One signature: a line that this key cannot vouch for would be bytes that nothing covers.
        if key and len(note.signatures) == 1 and claimed.origin == key.name and note.signed_by(key):
            return True, claimed
        self._add("unsigned-checkpoint", file="checkpoint", key=key.name if key else "?")
        return False, claimed

    # ---- the tree

    def _tree(
        self, size: int, root: bytes | None, leaves: list[bytes | None], signed: bool
    ) -> tuple[bool, list[bytes | None]]:
        """Do we know the leaf hashes under the root, and which are they (or are they believed to be)?"""
        tiles = self._source.leaf_hashes(size)
        nodes = self._source.nodes(size)
        level1 = [hash for tile, row in nodes.items() if tile.level == 1 for hash in row]
        right = None
        if root is not None:
            columns = [leaves] if tiles is None else [leaves, tiles]
            if any((hashes := whole(c)) is not None and root_of(hashes) == root for c in columns):
                right = truth(root, columns)
            elif signed:
                right = truth(root, [*columns, self._from_records(size)], level1)
            if right is None and signed and None not in leaves:
                self._add("tree")
        believed: list[bytes | None] = [*right] if right is not None else leaves
        for one, other in swaps(leaves, believed):
            self._wrong[one] = self._wrong[other] = "swapped"
            self._swapped[one] = other
        for at, (leaf, hash) in enumerate(zip(leaves, believed, strict=True)):
            if leaf is None:
                self._wrong[at] = "missing-entry"
            elif leaf != hash and at not in self._wrong:
                self._wrong[at] = "entry"
        for at, (hash, kept) in enumerate(zip(believed, tiles or believed, strict=True)):
            if kept is not None and kept != hash:
                width = min(WIDTH, size - at // WIDTH * WIDTH)
                self._add("node", file=tile_path(0, at // WIDTH, width), number=at % WIDTH)
        return right is not None, believed

    def _from_records(self, size: int) -> list[bytes | None]:
        return [_hash_of(_parsed(kept)) for kept in self._source.records(size)]

    def _nodes(self, size: int, right: list[bytes | None]) -> None:
        """Every node that is kept above the leaves follows from them."""
        row = [hash for hash in right if hash is not None]
        level = 0
        for tile, kept in self._source.nodes(size).items():
            while level < tile.level:
                full = range(0, len(row) // WIDTH * WIDTH, WIDTH)
                row = [root_of(row[at : at + WIDTH]) for at in full]
                level += 1
            for at, hash in enumerate(kept):
                if hash is not None and hash != row[tile.start + at]:
                    path = tile_path(tile.level, tile.index, tile.width)
                    self._add("node", file=path, number=at)
                elif hash is None:
                    path = tile_path(tile.level, tile.index, tile.width)
                    self._add("missing-node", file=path, number=at)

    def _ends(self, there: int, claimed: int) -> None:
        """Does the ledger end where its checkpoint says?"""
        if there > claimed:
            self._add("extra-entry", index=claimed)
        elif claimed - there >= _FAR:
            self._add("missing-entry", index=there)
        kept = self._source.size()
        if kept is not None and kept != claimed:
            self._add("size", kept=kept, size=claimed)

    # ---- the records

    def _records(self, size: int, right: list[bytes | None]) -> None:
        found: dict[int, bytes | None] = {}
        for at, kept in enumerate(self._source.records(size)):
            record = _parsed(kept)
            hash = _hash_of(record)
            sound = hash is not None and hash == right[at]
            if not sound and at not in self._wrong:
                self._wrong[at] = "record" if kept.record is not None else "missing-record"
                found[at] = hash
            if record is not None and sound:
                if kept.id is not None and kept.id != record.id:
                    self._wrong[at] = "record-id"
                self._calls.take(at, record)
            if at in self._wrong:
                self._named[at] = guessed(kept.record)
        column = [found.get(at, hash) for at, hash in enumerate(right)]
        for one, other in swaps(column, right):
            self._wrong[one] = self._wrong[other] = "swapped-records"
            self._swapped[one] = other

    def _report(self) -> None:
        for at, code in sorted(self._wrong.items()):
            if not code.startswith("swapped"):
                self._add(code, index=at)
            elif at in self._swapped:
                self._add(code, index=at, other=self._swapped[at])
        files = dict(self._calls.files)
        # What a damaged record seems to name is not to be called superfluous on top of it.
        for at, what in self._named.items():
            files |= {(at, name): (what, digest) for name, digest in what.files}
        for (at, name), (what, digest) in files.items():
            data = self._source.file(digest)
            if data is None or sha256(data).hexdigest() != digest:
                code = "missing-instrument" if data is None else "instrument"
                self._problems.append(problem(code, at, what, f"instruments/{digest}", name=name))

    def _order(self, proven: bool) -> None:
        """What the records say of each other. Only where all are sound: a damaged one would be missed everywhere."""
        self._problems += self._calls.problems
        if self._ended:
            for id, at in self._calls.open.items():
                self._problems.append(problem("no-outcome", at, Named("decision", id, id)))
        waiting = self._source.waiting()
        if proven and waiting is not None and waiting != frozenset(self._calls.open.values()):
            self._add("waiting")

    # ---- from outside, and the files

    def _outside(self, key: VerifierKey | None, signed: bool, right: list[bytes] | None) -> None:
        if self._at_least is None or key is None:
            return
        held = Checkpoint.opened(self._at_least, key)
        if right is None or held.size > len(right):
            self._add("behind", index=held.size - 1, size=held.size)
        elif root_of(right[: held.size]) != held.root:
            self._add("fork", size=held.size)

    def _faults(self) -> None:
        for fault in self._source.faults:
            self._add(fault.code, file=fault.file, detail=fault.detail)

    def _add(
        self, code: str, index: int | None = None, file: str | None = None, **values: object
    ) -> None:
        what = self._named.get(index) if index is not None else None
        self._problems.append(
            problem(code, index, what, file, **{name: str(value) for name, value in values.items()})
        )


def _parsed(kept: KeptRecord) -> Record | None:
    try:
        return Record.parse(kept.record or b"")
    except InputError:
        return None


def _hash_of(record: Record | None) -> bytes | None:
    return leaf_hash(record.entry().leaf()) if record is not None else None
