"""Runs of tokens that do not overlap, in order, and what lies in them: asked in a few steps, however many there are.

spans = Spans([(3, 5), (9, 12)])
spans.around(4), spans.meets(4, 8), spans.holds(9, 11)       # all True
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """Spans `[first, last)`; INVARIANT: each ends before the next begins."""

    __slots__ = ("firsts", "lasts")

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        pairs = tuple(spans)
        self.firsts = tuple(first for first, _ in pairs)
        self.lasts = tuple(last for _, last in pairs)

    def around(self, token: int) -> bool:
        """Whether a token lies in one of them."""
        return self.holds(token, token + 1)

    def meets(self, first: int, last: int) -> bool:
        """Whether one of them shares a token with `[first, last)`."""
        i = bisect_right(self.lasts, first)
        return i < len(self.firsts) and self.firsts[i] < last

    def holds(self, first: int, last: int) -> bool:
        """Whether `[first, last)` lies in one of them."""
        i = bisect_right(self.firsts, first) - 1
        return i >= 0 and last <= self.lasts[i]

    def begun(self, first: int) -> int | None:
        """Where the first of them begins that begins at `first` or behind; None where none does."""
        i = bisect_left(self.firsts, first)
        return self.firsts[i] if i < len(self.firsts) else None
