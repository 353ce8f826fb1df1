"""One sequencer owns a ledger: it orders records, makes them durable, and only then acknowledges them.

Rules enforced here:
- Whoever appends is answered after COMMIT, with the index and the signed checkpoint that covers it; never before.
- There is no timer. Records that arrive while a flush runs form the next batch; an idle ledger flushes at once.
- The ledger's time never goes back: a record's `at` is at least that of the record before it.
- An outcome follows its decision, once. A record's id is its idempotency key: appending the same record again gives
  the receipt of the first; another record under that id is refused.
- When the store does not confirm, the outcome is unknown: every record of that batch fails with Unavailable, the store
  is opened again before anything else is written, and its head is the truth, if its tree has the root it signed.
- Nothing is acknowledged unless the store at the ledger's path is the one that was written, and no store is taken up
  again that lacks an entry which was acknowledged: unlinked, replaced, cut or rolled back, it fails closed.
- On opening, each decision left without an outcome gets one: the one that is known, else `failed`, `interrupted`.

    with Ledger.open(Path("ledger.db"), signer, now=time.time_ns()) as ledger:
        receipt = await ledger.append("decision", {"outcome": "permitted"}, at=now, id=call)
        await ledger.append("outcome", {"decision": str(call), "outcome": "permitted"}, at=now, id=new_id(now))

Records are sealed by the thread that appends and written by the ledger's own thread; any number of threads and event
loops may append.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Self
from uuid import UUID

from avenant.errors import AvenantError, Refused
from avenant.ledger.faults import (
    closed,
    gone,
    id_taken,
    no_decision,
    replaced,
    unconfirmed,
)
from avenant.ledger.item import Item, decision_of, files_of
from avenant.ledger.judge import Tree, judge
from avenant.ledger.note import Checkpoint, Signer
from avenant.ledger.reading import Reading
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import Entry, Record, new_id, seal
from avenant.ledger.store import Change, Head, OpenStore, Row, Store, opened_store
from avenant.ledger.store_sqlite import SqliteStore, is_there
from avenant.ledger.tree import Frontier, leaf_hash
from avenant.ledger.waiting import Answers, Waiting, answer

__all__ = ["Item", "Ledger"]

_log = logging.getLogger(__name__)
_LARGEST = 1024  # records a batch


class Ledger(Reading):
    """An open ledger. Make one with `open`, end it with `close` or `with`."""

    _store: Store
    _head: Head
    _tree: Frontier = Frontier()  # of all that was acknowledged
    _open: dict[UUID, int]  # decisions without an outcome, and their indexes

    def __init__(
        self, path: Path, signer: Signer, store: Store, checked: int, open_store: OpenStore
    ) -> None:
        super().__init__(path)
        self._open_store = open_store
        self.checked = checked  # the last entries that were verified when it was opened
        self._signer = signer
        self._seen: tuple[Tree, ...] = ()  # what a store must begin with to be taken up
        # From here on the store, head and tree are the flushing thread's.
        self._last = self._load(store)
        self._fault: AvenantError | None = None  # not None: the store is closed
        self._ready = Condition()
        self._queue: list[Waiting] = []
        self._asked = False
        self._idle = False
        self._closed = False
        self._thread = Thread(target=self._work, name="ledger", daemon=True)

    @classmethod
    def open(
        cls,
        path: Path,
        signer: Signer,
        now: int,
        *,
        new: bool = True,
        seen: Tree | None = None,
        last: int = 1,
        outcomes: Iterable[Item] = (),
        open_store: OpenStore = SqliteStore.open,
    ) -> Self:
        """Open the ledger at `path`, or make it if `new`; `now` in ns.

        Ends decisions that a crash left open: by those `outcomes` that are known, else as interrupted.
        `open_store` opens the store that is written to. The `last` entries are verified, and that it begins with the
        tree that was `seen` of it. Raises Unavailable when there is none and none is to be made, when another process
        has it, when the store cannot be used, and when it is not sound (see `judge`); InputError for a file that is no
        ledger, or that of another key.
        """
        checked = 0
        if is_there(path):
            # Before the right to write is taken, and a log that may be another's is copied into the file.
            with contextlib.closing(SqliteStore.inspect(path)) as found:
                checked = judge(found, signer.key, (seen,) if seen else (), last).checked
        elif seen is not None and seen.size:
            raise gone(path)
        store = opened_store(open_store, path, signer, new)
        try:
            ledger = cls(path, signer, store, checked, open_store)
        except BaseException:
            store.close()
            raise
        ledger._thread.start()
        try:
            for item in outcomes:
                # Refused: it was written after all, or its decision never was.
                with contextlib.suppress(Refused):
                    ledger.append_all([item])
            ledger.recover(now)
        except BaseException:
            ledger.close()
            raise
        return ledger

    @property
    def size(self) -> int:
        """Number of durable entries."""
        return self._head.size

    @property
    def last(self) -> int:
        """The time of the last record that was handed over, in ns; 0 in an empty ledger. It never goes back."""
        return self._last

    @property
    def checkpoint(self) -> str:
        """The signed note over the durable entries."""
        return self._head.checkpoint

    @property
    def key(self) -> str:
        """The public key that outsiders verify with."""
        return str(self._signer.key)

    async def append(
        self, kind: str, body: Mapping[str, Any], *, at: int, id: UUID, files: Sequence[bytes] = ()
    ) -> Receipt:
        """Append one record and wait until it is durable.

        `at` in ns; `id` a UUID version 7, the record's name and idempotency key. An `outcome` names its decision's id
        in the field `decision`; an `instrument` names its files in the field `files` (`{name: "sha256:…"}`) and hands
        over their bytes. Raises InputError or Refused for a record that cannot be kept, Unavailable when it is not
        known to be durable. A caller who stops waiting does not take the record back.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Receipt] = loop.create_future()
        self._put((Item(kind, body, at, id, files),), (future,), loop)
        return await future

    def append_all(self, items: Iterable[Item]) -> tuple[Receipt, ...]:
        """Append several records in order and wait, without an event loop; see `append`.

        Raises the first error; the records after a refused one are appended all the same.
        """
        kept = tuple(items)
        futures: tuple[Future[Receipt], ...] = tuple(Future() for _ in kept)
        self._put(kept, futures, None)
        return tuple(future.result() for future in futures)

    def put(self, item: Item) -> Future[Receipt]:
        """Hand over one record without waiting; whatever is appended after it is recorded after it."""
        future: Future[Receipt] = Future()
        self._put((item,), (future,), None)
        return future

    def recover(self, now: int) -> tuple[Receipt, ...]:
        """End each open decision as `failed: interrupted`; `now` in ns, or the time of the last record if later.

        Only while no call is under way: `open` does it before anybody can append.
        """
        now = max(now, self._last)
        return self.append_all(
            Item(
                "outcome",
                {"decision": str(decision), "outcome": "failed", "reason": "interrupted"},
                now,
                new_id(now),
            )
            for decision in self.open_decisions()
        )

    @property
    def fault(self) -> AvenantError | None:
        """Why nothing can be recorded at this moment, as far as is known; None while the ledger is sound."""
        if self._fault is None and not self._store.firm():
            return gone(self._path)
        return self._fault

    def inspect(self) -> None:
        """Have the ledger's thread look at its store soon, and take it up again if it can; `fault` then says."""
        with self._ready:
            self._asked = True
            self._ready.notify()

    def close(self) -> None:
        """Write what was handed over, then let go of the store and its lock."""
        with self._ready:
            self._closed = True
            self._ready.notify()
        if self._thread.ident is not None:
            self._thread.join()
        self.leave()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- the appending threads

    def _put(
        self,
        items: Sequence[Item],
        futures: Sequence[asyncio.Future[Receipt] | Future[Receipt]],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        with self._ready:
            if self._closed:
                raise closed()
            sealed = []
            last = self._last
            for item, future in zip(items, futures, strict=True):
                # INVARIANT: the queue's order is the ledger's order, so times that do not fall here do not fall there.
                last = max(last, item.at)
                record = seal(item.id, item.kind, last, item.body)
                sealed.append(Waiting(record, decision_of(item), files_of(item), future, loop))
            self._last = last
            self._queue += sealed
            if self._idle:
                self._ready.notify()

    # ---- the flushing thread

    def _work(self) -> None:
        while True:
            with self._ready:
                while not self._queue and not self._closed and not self._asked:
                    self._idle = True
                    self._ready.wait()
                self._idle = self._asked = False
                batch, self._queue = self._queue[:_LARGEST], self._queue[_LARGEST:]
                if not batch and self._closed:
                    return
            answer(self._flush(batch))

    def _flush(self, batch: list[Waiting]) -> Answers:
        """Make the batch durable, or fail all of it that is not refused."""
        try:
            if self._fault is None and not self._store.untouched():
                self._let_go(gone(self._path))
            if self._fault is not None:
                self._reopen()
            return self._append(batch)
        except AvenantError as error:
            self._let_go(error)
        except Exception as bug:  # noqa: BLE001 - fails closed, whatever it is
            _log.exception("ledger: unexpected error in a flush")
            self._let_go(unconfirmed(type(bug).__name__))
        assert self._fault is not None
        return [(waiting, self._fault) for waiting in batch]

    def _append(self, batch: list[Waiting]) -> Answers:
        answers: Answers = []
        taken: list[tuple[Waiting, int]] = []
        again: list[tuple[Waiting, int]] = []
        size, opened, closed = self._head.size, [], []
        known = self._store.find([waiting.sealed.id for waiting in batch])
        fresh: dict[UUID, Waiting] = {}
        for waiting in batch:
            id, decision = waiting.sealed.id, waiting.decision
            if id in known:
                if self._same(waiting, fresh.get(id), known[id]):
                    again.append((waiting, known[id]))
                else:
                    answers.append((waiting, id_taken(id)))
                continue
            if waiting.sealed.kind == "decision":
                self._open[id] = size
                opened.append(size)
            elif decision is not None:
                began = self._open.pop(decision, None)
                if began is None:
                    answers.append((waiting, no_decision(decision)))
                    continue
                if began in opened:
                    opened.remove(began)
                else:
                    closed.append(began)
            known[id], fresh[id] = size, waiting
            taken.append((waiting, size))
            size += 1
        if taken:
            self._commit(taken, opened, closed)
        for waiting, index in taken:
            entry = waiting.sealed.entry
            answers.append((waiting, Receipt(entry, index, None, self._head.checkpoint)))
        for waiting, index in again:
            (leaf,) = self._store.leaves(index, index + 1)
            answers.append(
                (waiting, Receipt(Entry(leaf[0], leaf[1:]), index, None, self._head.checkpoint))
            )
        return answers

    def _commit(
        self, taken: list[tuple[Waiting, int]], opened: list[int], closed: list[int]
    ) -> None:
        leaves = [waiting.sealed.entry.leaf() for waiting, _ in taken]
        tree, nodes = self._tree.extended(map(leaf_hash, leaves))
        checkpoint = Checkpoint(self._signer.name, tree.size, tree.root())
        head = Head(tree.size, self._signer.sign(str(checkpoint)))
        self._store.append(
            Change(
                self._head,
                head,
                [
                    Row(index, leaf, waiting.sealed.id, waiting.sealed.record)
                    for leaf, (waiting, index) in zip(leaves, taken, strict=True)
                ],
                nodes,
                [file for waiting, _ in taken for file in waiting.files],
                opened,
                closed,
            )
        )
        # INVARIANT: durable from here on; what is visible to others never runs ahead of the disk.
        self._tree, self._head = tree, head

    def _same(self, waiting: Waiting, fresh: Waiting | None, index: int) -> bool:
        """Is this the record that already has its id? Its time may differ: it is tried again later."""
        if fresh is not None:
            first = Record.parse(fresh.sealed.record)
        else:
            (row,) = self._store.read(index, index + 1)
            first = Record.parse(row.record)
        second = Record.parse(waiting.sealed.record)
        return (first.kind, first.body) == (second.kind, second.body)

    def _let_go(self, fault: AvenantError) -> None:
        """Close the store, unless that is done: what it holds is to be read anew."""
        sound, self._fault = self._fault is None, fault
        if sound:
            # The last connection to close copies a log that has lost its name into its file: first ours that reads.
            # The store lets go of the lock too: `_reopen` takes both again.
            for step in (self._store.steady, self.leave, self._store.close, self.again):
                try:
                    step()
                except AvenantError:
                    pass  # nothing is there to be read
                except Exception:  # noqa: BLE001 - it is opened again anyway
                    _log.exception("ledger: the store does not close")

    def _reopen(self) -> None:
        """Take up what is at the path, if all is in it that was acknowledged.

        After a flush that was not confirmed, what the store has now is what happened.
        """
        if not is_there(self._path):
            raise gone(self._path)
        if self._store.torn():
            raise replaced(self._path)
        self._seen = (Tree(self._tree.size, self._tree.root()),)
        self.again()
        with self._reading:
            # Before the right to write is taken: with it, the log is copied into the file, whatever file that is.
            judge(self._reader, self._signer.key, self._seen)
        store = opened_store(self._open_store, self._path, self._signer, new=False)
        try:
            self._load(store)
            store.rewrite()  # on a full disk all can be read
        except BaseException:
            store.close()
            raise
        self._fault = None

    def _load(self, store: Store) -> int:
        """Take a store's head as the truth, if it is sound; returns the time of its last record."""
        judged = judge(store, self._signer.key, self._seen)
        self._open = {row.id: row.index for row in store.open_rows()}
        self._store, self._head, self._tree = store, judged.head, judged.tree
        return judged.last
