"""What a search tells whoever watches it: what is being asked, and how many boxes were found so far.

told = ProgressReporter("R1", progress)         # a listener of `maximal_boxes`
"""

from __future__ import annotations

from collections.abc import Callable

from avenant.region import MaximalBox

Progress = Callable[[str, int], None]
"""Told what is being asked, the label of a principle or the code of a check, and the boxes found so far."""


class ProgressReporter:
    """Counts the boxes of one question."""

    def __init__(self, label: str, progress: Progress | None) -> None:
        self._label, self._progress, self._count = label, progress, 0

    def found(self, box: MaximalBox, spent: int) -> None:
        self._count += 1
        if self._progress is not None:
            self._progress(self._label, self._count)
