"""How many calls a connection may make in a second: what is beyond is counted, neither decided nor recorded.

Each decision is a durable record. Without this limit one application could buy as many as the disk takes.

    rate = Rate(1_000)
    rate.takes("office")        # True; False for the 1,001st call within a second
    rate.beyond                 # how many calls were turned away since the start
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Rate:
    """A bucket for each connection: full at the start, filled again at the rate, emptied by its calls."""

    def __init__(self, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most = per_second
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}  # calls left, and when that was known
        self.beyond = 0

    def takes(self, connection: str) -> bool:
        """Return whether the connection may make one more call now, and take it."""
        now = self._now()
        left, known = self._left.get(connection, (self._most, now))
        left = min(self._most, left + (now - known) * self._most)
        if left < 1:
            self._left[connection] = left, now
            self.beyond += 1
            return False
        self._left[connection] = left - 1, now
        return True
