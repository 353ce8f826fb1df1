"""Lines of a terminal 100 wide: something on the left, a place on the right, one colour an outcome.

Colour goes away in a pipe and under NO_COLOR; the word is always there too.

    screen = Screen()
    screen.row("  past §6 monitoring", "0-agreement.md:58")
    screen.text("Any body of the department; querying; of U.S. persons.", indent=4)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from avenant.languages import say

WIDTH = 100
LEAST = 60

# rich takes a no-break space for any other and breaks there; while it wraps, these stand in (Unicode: private use).
_HELD = {0x00A0: 0xE000, 0x202F: 0xE001}
_RELEASED = {held: space for space, held in _HELD.items()}

STYLES = {
    "permitted": "green",
    "stricter": "green",
    "equal": "green",
    "verified": "green",
    "refused": "red",
    "looser": "red",
    "damaged": "red",
    "error": "red",
    "undetermined": "yellow",
    "incomparable": "yellow",
    "not finished": "yellow",
    "not-compared": "yellow",
    "warning": "yellow",
    "failed": "magenta",
    "note": "cyan",
}


class Screen:
    """Where a verb writes what people read; programs read `--json`."""

    def __init__(self, *, stderr: bool = False) -> None:
        self._console = Console(
            stderr=stderr,
            width=_width(),
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=False,
        )
        self.width = self._console.width

    @property
    def coloured(self) -> bool:
        """Whether colours are shown: not in a pipe, not under NO_COLOR."""
        return self._console.color_system is not None and not self._console.no_color

    def row(self, left: str | Text, right: str | Text = "", style: str = "") -> None:
        """One line, `right` at the right edge; what does not fit is wrapped under its own beginning."""
        line = left.copy() if isinstance(left, Text) else Text(left, style)
        end = right if isinstance(right, Text) else Text(right, "dim")
        room = self.width - (end.cell_len + 2 if end.cell_len else 0)
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        # What is wrapped stands two deeper than its beginning, so every piece gets the room of the deepest.
        pieces = self._wrapped(line[indent:], max(room - indent - 2, 30))
        for i, piece in enumerate(pieces):
            piece.rstrip()
            piece = Text(" " * (indent if i == 0 else indent + 2)) + piece
            if i == 0 and end.cell_len:
                piece += Text(" " * max(self.width - piece.cell_len - end.cell_len, 2)) + end
            self._console.print(piece, crop=False)

    def columns(
        self, left: str | Text, right: str | Text, at: int, style: str = "", under: str = ""
    ) -> None:
        """`right` beside `left`, from column `at` on, each wrapped in its own; a long `left` has lines of its own.

        `under` stands on the left of what is wrapped: the lines of a tree go on.
        """
        head = left if isinstance(left, Text) else Text(left, style)
        words = right if isinstance(right, Text) else Text(right)
        pieces = self._wrapped(words, self.width - at)
        if head.cell_len < at - 1:
            # Assembled: appended to, `head` would lend its colour to what follows.
            line = Text.assemble(head, " " * (at - head.cell_len), pieces.pop(0))
            line.rstrip()
            self._console.print(line, crop=False)
        else:
            self.row(head)
        for piece in pieces:
            piece.rstrip()
            self._console.print(Text.assemble((under.ljust(at), "dim"), piece), crop=False)

    def text(self, text: str, indent: int = 0, style: str = "") -> None:
        """A paragraph, wrapped and indented."""
        for line in self._wrapped(Text(text, style), self.width - indent):
            line = Text(" " * indent) + line
            line.rstrip()
            self._console.print(line, crop=False)

    def _wrapped(self, text: Text, width: int) -> list[Text]:
        """Lines of at most `width` columns, broken at spaces that may be."""
        held = text.copy()
        held.plain = held.plain.translate(_HELD)
        lines = list(held.wrap(self._console, width))
        for line in lines:
            line.plain = line.plain.translate(_RELEASED)
        return lines

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    def rule(self, title: str) -> None:
        """A title in a line across the screen."""
        head = f"── {title} "
        self._console.print(Text(head + "─" * max(0, self.width - cell_len(head)), "bold"))


def _width() -> int:
    """The terminal's, within reason: some report none at all, and columns want room."""
    if not sys.stdout.isatty():
        return WIDTH  # the same output everywhere is what people diff and quote
    return max(LEAST, min(WIDTH, os.get_terminal_size().columns or WIDTH))


def word(name: str, shown: str | None = None, width: int = 0) -> Text:
    """An outcome, order or severity in its colour."""
    return Text((shown or name).ljust(width), STYLES.get(name, ""))


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """A spinner on standard error for what lasts longer than a second: what is done, and how far it is, as it is told.

    Nothing is shown in a pipe, and nothing for quick work.
    """
    if not sys.stderr.isatty():
        yield lambda far: None
        return
    import threading

    status = Console(stderr=True).status(doing)
    timer = threading.Timer(1.0, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda far: status.update(say("phrases.colon", subject=doing, said=far))
    finally:
        timer.cancel()
        status.stop()
