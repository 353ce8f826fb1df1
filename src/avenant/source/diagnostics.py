"""Collects what is wrong with a document, so that one reading reports all of it.

faults = Diagnostics()
faults.add("no-clause-id", Span("0-agreement.md", 30))      # a sentence and a remedy from the catalogue
with faults.collect():
    number = instant("2026-13-01")                            # an InputError raised by another part
faults.raise_all()
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

from avenant.errors import InputError, InputErrors, Span, raise_all
from avenant.languages import say

MOST = 100  # errors in one report; a hundred are corrected before the rest is read


def fault(code: str, at: Span | None, hint: str | None = None, /, **values: object) -> InputError:
    """The error `code`: its sentence is `agreement.<code>`, its remedy `agreement.<code>-hint` unless given."""
    remedy = hint or say(f"agreement.{code}-hint", lang=None, **values)
    return InputError(code, say(f"agreement.{code}", lang=None, **values), at, remedy)


@dataclass(slots=True)
class Diagnostics:
    """The errors of one reading, raised together in the order of their places.

    `sources` are the texts that were read, by file: an error that is raised here quotes its lines.
    """

    found: list[InputError] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def add(self, code: str, at: Span, hint: str | None = None, /, **values: object) -> None:
        """Record one error and read on."""
        self.found.append(fault(code, at, hint, **values))

    def collide(self, code: str, at: Span, before: Span, /, **values: object) -> None:
        """Record an error about two passages that cannot both stand, the second at `at`."""
        error = fault(code, at, **values)
        error.also = (before,)
        self.found.append(error)

    def collect(self) -> Diagnostics:
        """`with faults.collect(): …` records an InputError that the block raises; what follows is still read."""
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if isinstance(error, InputErrors):
            self.found.extend(error.errors)
        elif isinstance(error, InputError):
            self.found.append(error)
        return isinstance(error, InputError)

    def raise_all(self) -> None:
        """Raise what was recorded, if anything; the same fault of the same place counts once."""
        once = {(e.code, e.message, e.at): e for e in self.found}
        ordered = sorted(once.values(), key=_place)
        if len(ordered) > MOST:
            rest = fault("more-faults", ordered[MOST].at, count=len(ordered) - MOST)
            ordered = [*ordered[:MOST], rest]
        for error in ordered:
            error.quote(self.sources)
        raise_all(ordered)


def _place(error: InputError) -> tuple[str, int, int]:
    return (error.at.file, error.at.line, error.at.column) if error.at else ("", 0, 0)
