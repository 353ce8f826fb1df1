"""One tree of errors: what went wrong, where, and what to do about it.

    AvenantError            code, message, at, hint
    ├── InputError          a document, vocabulary, rule, fact or signature that cannot be read as meant (exit 2)
    │   └── InputErrors     several of them, reported at once
    ├── Refused             a rule of change says no: quorum, red line, order, date (exit 2)
    └── Unavailable         a store, upstream or clock that cannot be relied on now (exit 2; never forwarded)

Anything else that is raised is a bug of ours. `str(error)` is the log line; `hint` is the next step for a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace


class Place(Struct, frozen=True, order=True):
    """Where something stands: a file as the reader knows it, a 1-based line, and the clause around it.

    >>> str(Place("0-agreement.md", 41, "weapons"))
    '0-agreement.md:41'
    """

    file: str
    line: int
    clause: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def down(self, lines: int) -> Place:
        """The place `lines` further down in the same file and clause."""
        return replace(self, line=self.line + lines)


class AvenantError(Exception):
    """An error with a stable `code` (kebab-case), a `message` of one sentence, a place and a remedy."""

    def __init__(
        self, code: str, message: str, at: Place | None = None, hint: str | None = None
    ) -> None:
        super().__init__(code, message, at, hint)
        self.code = code
        self.message = message
        self.at = at
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        return f"{place}{self.message} [{self.code}]"


class InputError(AvenantError):
    """Something a person wrote cannot be read as meant; the place and the remedy are his."""


class InputErrors(InputError):
    """Several input errors found in one reading, in the order of their places."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        first = errors[0]
        super().__init__(first.code, first.message, first.at, first.hint)
        self.errors: tuple[InputError, ...] = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class Refused(AvenantError):
    """A rule of change forbids the step: the text and the envelopes stay as they were."""


class Unavailable(AvenantError):
    """A part that enforcement relies on does not answer as it must; nothing is forwarded."""


def raise_all(errors: Sequence[InputError]) -> None:
    """Raise what was collected: nothing, the one error, or all of them together."""
    flat: list[InputError] = []
    for error in errors:
        flat.extend(error.errors if isinstance(error, InputErrors) else (error,))
    flat.sort(key=lambda e: (e.at or Place("", 0)).file)
    if len(flat) == 1:
        raise flat[0]
    if flat:
        raise InputErrors(flat)
