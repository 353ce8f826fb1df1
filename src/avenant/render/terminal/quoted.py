"""The lines that an error is about, with the place underlined; of two passages that collide, both.

    12 │ the model is not [used](#purpose.surveilance) against citizens
       │                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

A long line is cut around the place. Columns are counted in characters and drawn in cells: a wide character takes two, a
combining one none, a tab one.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from avenant.errors import AvenantError, Span

GUTTER = 3  # " │ "
BEFORE = 24  # characters kept to the left of a place in a line that is cut


def drawn(error: AvenantError, width: int) -> Iterator[str]:
    """Yield the quoted lines of an error, at most `width` cells each; none where no place is narrower than a file."""
    quoted = [
        (at, error.lines[at.file, at.line])
        for at in error.places
        if at.column and (at.file, at.line) in error.lines
    ]
    margin = max((len(str(at.line)) for at, _ in quoted), default=0)
    for i, (at, line) in enumerate(quoted):
        if i and at.file != quoted[0][0].file:
            yield f"{'':{margin}} ┌ {at.file}"
        yield from _passage(at, line, margin, width - margin - GUTTER)


def _passage(at: Span, line: str, margin: int, room: int) -> Iterator[str]:
    """One line, and the marks below it; a place that goes on below is marked to the line's end."""
    line = line.replace("\t", " ")
    start = at.column - 1
    end = at.end_column - 1 if at.end_line == at.line else len(line)
    first, last = 0, len(line)
    if len(line) > room or cell_len(line) > room:
        first = max(0, start - BEFORE)
        last = min(last, first + room)
        while cell_len(line[first:last]) > room - 2:  # two for the dots
            last -= 1
    head, tail = "…" if first else "", "…" if last < len(line) else ""
    before = cell_len(head + line[first:start])
    marks = max(1, cell_len(line[start : min(end, last)]))
    yield f"{at.line:>{margin}} │ {head}{line[first:last]}{tail}"
    yield f"{'':{margin}} │ {' ' * before}{'^' * marks}"
