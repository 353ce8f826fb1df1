"""Who asks the checks: steps of its own for each, and what ran out of them by name.

asker = Asker(steps=500_000, stop=None)
findings = list(asker.all(dead.CHECK, inquiry))
asker.unfinished                    # (Unfinished("dead-clause", "limit"),): it ended at that clause
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from avenant.agreement.types import Clause
from avenant.analyse.check import Check, Inquiry
from avenant.analyse.types import Unfinished
from avenant.findings.types import Finding
from avenant.region import Budget, Exhausted


class Asker:
    """Gives each check its budget, and remembers those that were cut off."""

    def __init__(self, steps: int | None, stop: Callable[[], bool] | None) -> None:
        self.unfinished: list[Unfinished] = []
        self.stopped = False  # by the clock, which is another one on each machine
        self._steps, self._stop = steps, stop

    def budget(self) -> Budget:
        """Return the steps of one check."""
        return Budget(self._steps, self._stop and self._time_is_up)

    def cut_off(self, check: str, at: str | None) -> None:
        """Remember that a check ended before its end."""
        self.unfinished.append(Unfinished(check, at))

    def all(self, check: Check, inquiry: Inquiry) -> Iterator[Finding]:
        """Yield what a check finds until its end, or until it is cut off."""
        try:
            yield from check.run(inquiry, self.budget())
        except Exhausted as cut:
            self.cut_off(check.code, next(iter(cut.args), None))

    def _time_is_up(self) -> bool:
        assert self._stop is not None
        self.stopped = self.stopped or self._stop()
        return self.stopped


@contextmanager
def asked_of(clause: Clause) -> Iterator[None]:
    """Name the clause at which a budget ends: region.Exhausted goes on with its id."""
    try:
        yield
    except Exhausted as cut:
        raise Exhausted(*(cut.args or (clause.id,))) from None
