"""One tree of errors: what went wrong, where, and what to do about it.

    AvenantError            code, message, at, hint
    ├── InputError          a document, vocabulary, rule, fact or signature that cannot be read as meant (exit 2)
    │   └── InputErrors     several of them, reported at once
    ├── Refused             a rule of change says no: quorum, red line, order, date (exit 2)
    └── Unavailable         a store, upstream or clock that cannot be relied on now (exit 2; never forwarded)

Anything else that is raised is a bug of ours. `str(error)` is the log line; `hint` is the next step for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """Where something is written: a file as the reader knows it, lines and columns, and the clause around it.

    Lines and columns count from 1, columns in characters; the end is the first character behind. A column of 0 means
    the whole line: what is said of a file, a heading or a block has no narrower place.

    >>> str(Span("0-agreement.md", 41, "weapons"))
    '0-agreement.md:41'
    """

    file: str
    line: int
    clause: str | None = None
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def down(self, lines: int) -> Span:
        """Return the whole line that is `lines` further down in the same file and clause."""
        return Span(self.file, self.line + lines, self.clause)

    def within(self, text: str, start: int, end: int) -> Span:
        """Return the span of `text[start:end]`, where `text` begins at the first column of this line.

        >>> Span("a.md", 10).within("one\\ntwo three", 8, 13)
        Span(file='a.md', line=11, clause=None, column=5, end_line=11, end_column=10)
        """
        above, below = text.count("\n", 0, start), text.count("\n", 0, end)
        return Span(
            self.file,
            self.line + above,
            self.clause,
            start - text.rfind("\n", 0, start),
            self.line + below,
            end - text.rfind("\n", 0, end),
        )


class AvenantError(Exception):
    """An error with a stable `code` (kebab-case), a `message` of one sentence, a place and a remedy.

    `also` are further places that the message is about: the other of two passages that collide. `lines` are the lines
    at these places, by file and number, where whoever read the file gave them (`quote`).
    """

    def __init__(
        self,
        code: str,
        message: str,
        at: Span | None = None,
        hint: str | None = None,
        also: Sequence[Span] = (),
    ) -> None:
        super().__init__(code, message, at, hint)
        self.code = code
        self.message = message
        self.at = at
        self.hint = hint
        self.also = tuple(also)
        self.lines: dict[tuple[str, int], str] = {}

    @property
    def places(self) -> tuple[Span, ...]:
        """Every place that the error is about, its own first."""
        return () if self.at is None else (self.at, *self.also)

    def quote(self, sources: Mapping[str, str]) -> None:
        """Keep the lines that the error is about; `sources` are whole texts by the name of their file."""
        for at in self.places:
            if at.file in sources and (at.file, at.line) not in self.lines:
                lines = sources[at.file].split("\n", at.line)
                if 0 < at.line <= len(lines):
                    self.lines[at.file, at.line] = lines[at.line - 1]

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

    def quote(self, sources: Mapping[str, str]) -> None:
        """Keep the lines that each of the errors is about."""
        for error in self.errors:
            error.quote(sources)

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
    flat.sort(key=lambda e: (e.at or Span("", 0)).file)
    if len(flat) == 1:
        raise flat[0]
    if flat:
        raise InputErrors(flat)
