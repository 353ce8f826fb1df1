"""What sound records say of each other: every id once, time never back, one outcome after each decision.

calls = CallAudit()
for index, record in enumerate(records):
    calls.take(index, record)
calls.problems, calls.open        # open: decisions that have no outcome yet
"""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from avenant.ledger.problem import Named, Problem, named, problem
from avenant.ledger.record import Record


class CallAudit:
    """A walk over all records of a ledger, in order."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.open: dict[UUID, int] = {}  # decision -> index
        self.files: dict[
            tuple[int, str], tuple[Named, str]
        ] = {}  # index and name -> SHA-256 in hex
        self.problems: list[Problem] = []
        self.first: int | None = None
        self.last: int | None = None
        self._ids: set[UUID] = set()
        self._ended: set[UUID] = set()

    def take(self, index: int, record: Record) -> None:
        """The next record."""
        what = named(record)
        self.counts[record.kind] += 1
        if record.id in self._ids:
            self.problems.append(problem("id-twice", index, what))
        self._ids.add(record.id)
        if self.last is not None and record.at < self.last:
            self.problems.append(problem("time", index, what))
        self.first = record.at if self.first is None else self.first
        self.last = record.at
        if record.kind == "decision":
            self.open[record.id] = index
        elif record.kind == "outcome":
            self._outcome(index, what)
        for name, digest in what.files:
            self.files[index, name] = what, digest

    def _outcome(self, index: int, what: Named) -> None:
        if what.call is not None and self.open.pop(what.call, None) is not None:
            self._ended.add(what.call)
        elif what.call in self._ended:
            self.problems.append(problem("second-outcome", index, what))
        else:
            self.problems.append(problem("no-decision", index, what))
