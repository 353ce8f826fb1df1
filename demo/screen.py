"""What the story shows, 100 wide: on the terminal, and on a recording when a picture is made of it.

Colour goes away in a pipe and under NO_COLOR; the word of each outcome is always there too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.text import Text

from avenant.decide.types import Outcome
from avenant.languages import say
from avenant.render.terminal.screen import STYLES, WIDTH
from demo.picture import as_svg

_COLUMNS = (38, 6, 19)  # call, for, outcome; the clause has the rest
_OUTCOMES = {outcome.value for outcome in Outcome}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Rich would end the process from here; the story has things to put away first."""
        raise  # noqa: PLE0704  called while a BrokenPipeError is handled


class Screen:
    """Where the story is told. `recorded`: keep it all for a picture."""

    def __init__(self, *, recorded: bool) -> None:
        self._terminal = _Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._recording: Console | None = None
        if recorded:
            self._recording = Console(
                record=True,
                file=io.StringIO(),
                force_terminal=True,
                color_system="truecolor",
                width=WIDTH,
                highlight=False,
                markup=False,
                emoji=False,
                no_color=False,
            )

    @property
    def live(self) -> bool:
        """Whether somebody looks on, rather than a program."""
        return self._terminal.is_terminal

    def line(self, line: Text) -> None:
        """One line."""
        self._terminal.print(line)
        if self._recording:
            self._recording.print(line)

    def text(self, text: str, style: str = "") -> None:
        """One line in one style."""
        self.line(Text(text, style))

    def section(self, title: str) -> None:
        """A title in a line across the screen."""
        self.text("")
        head = f"── {title} "
        self.text(head + "─" * (WIDTH - len(head)), "bold")

    def command(self, words: str) -> None:
        """A command, as one would type it."""
        self.line(Text.assemble(("$ ", "dim"), (words, "bold")))

    def output(self, written: str) -> None:
        """What a command wrote, in its own colours."""
        for line in written.rstrip("\n").split("\n"):
            self.line(Text.from_ansi(line))

    def heads(self, *heads: str) -> None:
        """The line above a table of calls: call, for, outcome, clause."""
        *cells, last = heads
        columns = zip(cells, _COLUMNS, strict=True)
        self.text("  " + "".join(head.ljust(width) for head, width in columns) + last, "dim")

    def row(self, call: str, whose: str, outcome: str, clause: str, against: str = "") -> None:
        """One line of a table of calls; an outcome has its colour, and so has what goes against a principle."""
        line = Text(f"  {call.ljust(_COLUMNS[0])}{whose.ljust(_COLUMNS[1])}")
        name, _, part = outcome.partition(" ")
        shown = f"{say(f'outcome.{name}')} {part}" if name in _OUTCOMES else outcome
        line.append(shown.ljust(_COLUMNS[2]), STYLES.get(name, ""))
        line.append(clause)
        if against:
            line.append(" " * max(2, WIDTH - line.cell_len - len(against)))
            line.append(against, "bold red")
        line.rstrip()
        self.line(line)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Say on a terminal what is being waited for; it goes away."""
        if not self.live:
            yield
            return
        with self._terminal.status(what):
            yield

    def save(self, file: Path, title: str) -> None:
        """Write the recording as a picture."""
        assert self._recording is not None
        file.write_text(as_svg(self._recording, title), "utf-8")
