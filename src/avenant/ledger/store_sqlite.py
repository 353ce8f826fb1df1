"""The ledger's store in one SQLite file: WAL, `synchronous=FULL`, one transaction a batch.

Rules enforced here:
- One writer: a lock file beside the store is held as long as the store is open for writing. The operating system
  releases it when the process dies, however it dies.
- A change starts from the head that it was made for (compare-and-swap), or does not happen.
- COMMIT has returned before `append` returns. When it raises, nobody knows whether the change is there: the caller
  must close, open again and read. Opening copies the write-ahead log into the file and syncs it, so what is read then
  is on the disk, also after a failed sync (whose pages the kernel may have dropped from a later sync of the log).
- A change is acknowledged only while the files at the store's paths are those that it writes (see `footing`).
- SQLite before 3.51.3 is refused: it can lose committed pages when the log is reset.

    store = SqliteStore.open(Path("ledger.db"), key, first)     # made, with its first checkpoint, when it is not there
    reader = SqliteStore.inspect(Path("ledger.db"))         # reads beside a running writer, never writes
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self
from uuid import UUID

import apsw

from avenant.errors import InputError, Unavailable
from avenant.languages import say, trouble
from avenant.ledger.faults import gone, other_key, unconfirmed
from avenant.ledger.footing import Footing
from avenant.ledger.record import CONTENT_IDS
from avenant.ledger.store import Change, Head, Row

_APPLICATION = 0x41764C31  # "AvL1": tells a ledger from any other SQLite file
_OLDEST = (3, 51, 3)
_CHUNK = 128  # rows a statement; fewer statements, fewer hand-overs of the interpreter's lock
_WAL_PAGES = 4000  # 16 MB: checkpoints into the main file are rare, and a restart stays short

_SCHEMA = f"""
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL, size INTEGER NOT NULL,
                   checkpoint TEXT NOT NULL) STRICT;
CREATE TABLE entry (at INTEGER PRIMARY KEY, leaf BLOB NOT NULL, id BLOB NOT NULL UNIQUE, record BLOB NOT NULL) STRICT;
CREATE TABLE node (level INTEGER, at INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, at)) STRICT, WITHOUT ROWID;
CREATE TABLE file (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (at INTEGER PRIMARY KEY) STRICT;
PRAGMA application_id = {_APPLICATION};
"""


class SqliteStore:
    """A `Store` in one file. A connection is used by one thread at a time."""

    def __init__(self, path: Path, connection: apsw.Connection, lock: int | None) -> None:
        self.path = path
        self._db = connection
        self._lock = lock
        self._footing: Footing | None = None

    @classmethod
    def open(cls, path: Path, key: str, first: str | None) -> Self:
        """Open for writing, alone. A ledger that does not exist is made, for this key and with this first checkpoint.

        Without `first` none is made. Raises Unavailable `ledger-gone` (then), `ledger-in-use`, `ledger-unreadable`;
        InputError `not-a-ledger`, `other-ledger-key`.
        """
        _check_version()
        if first is None and not is_there(path):
            raise gone(path)
        lock = _locked(path)
        try:
            create = 0 if first is None else apsw.SQLITE_OPEN_CREATE
            db = _connected(path, apsw.SQLITE_OPEN_READWRITE | create)
            try:
                new = _is_new(db, path)
                if new and first is None:
                    raise gone(path)
                if db.pragma("journal_mode", "wal") != "wal":
                    raise _unreadable(path, say("ledger.no-wal"))
                db.pragma("synchronous", "FULL")
                db.pragma("wal_autocheckpoint", _WAL_PAGES)
                store = cls(path, db, lock)
                if new and first is not None:
                    store._make(key, first)
                busy, logged, copied = db.execute("PRAGMA wal_checkpoint(FULL)").get
                if busy or logged != copied:
                    raise _unreadable(path, say("ledger.being-read"))
                if store.key() != key:
                    raise other_key(path, store.key())
                store._footing = Footing(path)
                return store
            except BaseException:
                db.close()
                raise
        except apsw.Error as error:
            os.close(lock)
            raise _unreadable(path, error) from None
        except BaseException:
            os.close(lock)
            raise

    @classmethod
    def inspect(cls, path: Path) -> Self:
        """Open for reading, beside whoever writes. Raises InputError `no-ledger`, `not-a-ledger`; Unavailable."""
        _check_version()
        if not path.is_file():
            raise InputError(
                "no-ledger", say("ledger.none", path=path), None, say("ledger.none-hint")
            )
        try:
            db = _connected(path, apsw.SQLITE_OPEN_READONLY)
            try:
                if _is_new(db, path):
                    raise _no_ledger(path)
            except BaseException:
                db.close()
                raise
            return cls(path, db, None)
        except apsw.Error as error:
            raise _unreadable(path, error) from None

    def append(self, change: Change) -> None:
        """See `Store.append`: one transaction, and on the disk when this returns."""
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            db.execute(
                "UPDATE head SET size = ?, checkpoint = ? WHERE size = ? AND checkpoint = ?",
                (change.new.size, change.new.checkpoint, change.old.size, change.old.checkpoint),
            )
            if db.changes() != 1:
                db.execute("ROLLBACK")
                raise Unavailable(
                    "ledger-moved", say("ledger.moved"), None, say("ledger.unknown-hint")
                )
            self._insert("entry", [(r.index, r.leaf, r.id.bytes, r.record) for r in change.rows])
            self._insert("node", [(n.level, n.index, n.hash) for n in change.nodes])
            for file in change.files:
                db.execute("INSERT OR IGNORE INTO file VALUES (?, ?)", file)
            self._insert("waiting", [(at,) for at in change.opened])
            if change.closed:
                marks = ",".join("?" * len(change.closed))
                db.execute(f"DELETE FROM waiting WHERE at IN ({marks})", tuple(change.closed))  # noqa: S608
            db.execute("COMMIT")
        except apsw.Error as error:
            with contextlib.suppress(apsw.Error):
                db.execute("ROLLBACK")
            raise unconfirmed(str(error)) from None
        if self._footing is not None and not self._footing.settle():
            raise unconfirmed(say("ledger.file-moved"))

    def rewrite(self) -> None:
        """Write the head as it is, durably: shows that something can be written. Raises as `append` does."""
        head = self.head()
        self.append(Change(head, head, []))

    def firm(self) -> bool:
        """See `Store.firm`."""
        return self._footing is None or self._footing.firm()

    def untouched(self) -> bool:
        """See `Store.untouched`."""
        return self._footing is None or self._footing.untouched()

    def read(self, low: int, high: int) -> Iterator[Row]:
        """See `Store.read`."""
        sql = "SELECT at, leaf, id, record FROM entry WHERE at >= ? AND at < ? ORDER BY at"
        return (_row(*row) for row in self._rows(sql, (low, high)))

    def head(self) -> Head:
        """See `Store.head`."""
        for size, checkpoint in self._rows("SELECT size, checkpoint FROM head"):
            return Head(size, checkpoint)
        raise _no_ledger(self.path)

    def key(self) -> str:
        """See `Store.key`."""
        for (key,) in self._rows("SELECT key FROM head"):
            return str(key)
        raise _no_ledger(self.path)

    def nodes(self, level: int, low: int, high: int) -> Sequence[bytes]:
        """See `Store.nodes`."""
        sql = "SELECT hash FROM node WHERE level = ? AND at >= ? AND at < ? ORDER BY at"
        return [hash for (hash,) in self._rows(sql, (level, low, high))]

    def leaves(self, low: int, high: int) -> Sequence[bytes]:
        """See `Store.leaves`."""
        sql = "SELECT leaf FROM entry WHERE at >= ? AND at < ? ORDER BY at"
        return [leaf for (leaf,) in self._rows(sql, (low, high))]

    def node_rows(self, level: int, low: int, high: int) -> Sequence[tuple[int, bytes]]:
        """The same with the index of each, so that one that is missing shows."""
        sql = "SELECT at, hash FROM node WHERE level = ? AND at >= ? AND at < ? ORDER BY at"
        return [(at, hash) for at, hash in self._rows(sql, (level, low, high))]

    def last(self) -> int:
        """The highest index of an entry; -1 in an empty ledger."""
        for (at,) in self._rows("SELECT coalesce(max(at), -1) FROM entry"):
            return int(at)
        return -1

    def find(self, ids: Sequence[UUID]) -> dict[UUID, int]:
        """See `Store.find`."""
        found = {}
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            sql = f"SELECT id, at FROM entry WHERE id IN ({','.join('?' * len(some))})"  # noqa: S608
            for id, at in self._rows(sql, tuple(one.bytes for one in some)):
                found[UUID(bytes=id)] = at
        return found

    def file(self, digest: str) -> bytes | None:
        """The bytes kept under a SHA-256 in hex."""
        for (data,) in self._rows("SELECT bytes FROM file WHERE digest = ?", (digest,)):
            return bytes(data)
        return None

    def files(self) -> Sequence[str]:
        """The digests under which bytes are kept."""
        return [str(digest) for (digest,) in self._rows("SELECT digest FROM file ORDER BY digest")]

    def open_rows(self) -> Sequence[Row]:
        """See `Store.open_rows`."""
        sql = "SELECT at, leaf, id, record FROM waiting JOIN entry USING (at) ORDER BY at"
        return [_row(*row) for row in self._rows(sql)]

    def lasting(self) -> Sequence[Row]:
        """See `Store.lasting`."""
        sql = "SELECT at, leaf, id, record FROM entry WHERE id < ? ORDER BY at"
        return [_row(*row) for row in self._rows(sql, (CONTENT_IDS,))]

    def waiting(self) -> Sequence[int]:
        """The indexes kept as open decisions."""
        return [at for (at,) in self._rows("SELECT at FROM waiting ORDER BY at")]

    def problems(self) -> Sequence[str]:
        """What SQLite itself finds wrong with the file; empty for a sound one."""
        found = [str(text) for (text,) in self._rows("PRAGMA integrity_check(10)")]
        return [text for text in found if text != "ok"]

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one moment, however the writer goes on."""
        try:
            self._db.execute("BEGIN")
        except apsw.Error as error:
            raise _unreadable(self.path, error) from None
        try:
            yield
        finally:
            with contextlib.suppress(apsw.Error):
                self._db.execute("COMMIT")

    def torn(self) -> bool:
        """Is another file at the path, beside the log of this one? Asked when the store is closed, too."""
        return self._footing is not None and self._footing.torn()

    def steady(self) -> None:
        """Make closing safe, and reading by others: see `Footing.steady`."""
        if self._footing is not None:
            self._footing.steady()

    def close(self) -> None:
        """See `Store.close`."""
        try:
            self._db.close()
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def _make(self, key: str, first: str) -> None:
        """Lay out a new file."""
        with self._db:
            self._db.execute(_SCHEMA)
            self._db.execute("INSERT INTO head VALUES (1, ?, 0, ?)", (key, first))
        _sync_folder(self.path)

    def _insert(self, table: str, rows: Sequence[tuple[apsw.SQLiteValue, ...]]) -> None:
        for start in range(0, len(rows), _CHUNK):
            some = rows[start : start + _CHUNK]
            marks = f"({','.join('?' * len(some[0]))})"
            self._db.execute(
                f"INSERT INTO {table} VALUES {','.join([marks] * len(some))}",  # noqa: S608
                [value for row in some for value in row],
            )

    def _rows(self, sql: str, values: tuple[apsw.SQLiteValue, ...] = ()) -> Iterator[tuple]:  # type: ignore[type-arg]
        try:
            yield from self._db.execute(sql, values)
        except apsw.Error as error:
            raise _unreadable(self.path, error) from None


def is_there(path: Path) -> bool:
    """Is there a file at the path with anything in it?"""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def _row(at: int, leaf: bytes, id: bytes, record: bytes) -> Row:
    return Row(at, leaf, UUID(bytes=id) if len(id) == 16 else UUID(int=0), record)


def _connected(path: Path, flags: int) -> apsw.Connection:
    db = apsw.Connection(str(path), flags=flags, statementcachesize=400)
    db.set_busy_timeout(5_000)
    return db


def _is_new(db: apsw.Connection, path: Path) -> bool:
    """Is the file empty? Raises InputError `not-a-ledger` when it is neither that nor a ledger; touches nothing."""
    try:
        made = db.pragma("application_id")
        if made == 0 and not db.execute("SELECT count(*) FROM sqlite_schema").get:
            return True
    except apsw.NotADBError:
        raise _no_ledger(path) from None
    if made != _APPLICATION:
        raise _no_ledger(path)
    return False


def _locked(path: Path) -> int:
    """The lock of a ledger's one sequencer: held until closed, or until the process ends."""
    try:
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unreadable(path, trouble(error)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise Unavailable(
            "ledger-in-use", say("ledger.in-use", path=path), None, say("ledger.in-use-hint")
        ) from None
    return lock


def _sync_folder(path: Path) -> None:
    """Make the names of new files durable, not only their bytes."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _check_version() -> None:
    if tuple(map(int, apsw.sqlite_lib_version().split("."))) < _OLDEST:
        raise Unavailable(
            "old-sqlite",
            say("ledger.old-sqlite", version=apsw.sqlite_lib_version()),
            None,
            say("ledger.old-sqlite-hint"),
        )


def _unreadable(path: Path, problem: object) -> Unavailable:
    return Unavailable(
        "ledger-unreadable",
        say("ledger.unreadable", path=path, problem=problem),
        None,
        say("ledger.unreadable-hint"),
    )


def _no_ledger(path: Path) -> InputError:
    return InputError(
        "not-a-ledger", say("ledger.not-one", path=path), None, say("ledger.none-hint")
    )
