"""What an imported text is made of, whatever it was written in: passages in order, and what was left out.

    Passage("heading", (Run("Prohibited uses"),), level=1, marker="2.")
    Reading(passages, (Left("images", 2),))

A reader of one format yields passages and nothing else; what is a clause is decided from passages, by `cut`.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from avenant.errors import InputError, Span
from avenant.languages import say
from avenant.source.inline import HIDDEN

Changes = Literal["accepted", "original"]
Kind = Literal["title", "heading", "paragraph", "item", "row"]

EXAMPLES = 8  # of what was left out or changed: the rest is like these
# An instrument holds half a megabyte; what is marked up around the words needs room too.
MOST = 450_000


def spaced(words: str) -> str:
    """The words with one space where there were several; no-break spaces are the text's own, and stay.

    >>> spaced("  deux\\n mots\\u202f; ")
    'deux mots\\u202f;'
    """
    return re.sub(r"[ \t\n\r\f\v]+", " ", words).strip(" ")


class Run(Struct, frozen=True):
    """Words as they stand, and the web address that they link to."""

    words: str
    url: str | None = None


class Passage(Struct, frozen=True):
    """A heading, a paragraph, an item of a list or a row of a table.

    `marker` is a number or bullet that the source shows without holding it among the words. `level` is that of a
    heading (1 the highest) or of an item (0 the outermost). `strong`: all of it is bold, or larger than the rest.
    """

    kind: Kind
    runs: tuple[Run, ...]
    level: int = 0
    marker: str = ""
    strong: bool = False

    @property
    def words(self) -> str:
        """Marker and words, with single spaces; the cells of a row with a bar between them."""
        between = " | " if self.kind == "row" else ""
        words = between.join(run.words for run in self.runs)
        return spaced(f"{self.marker} {words}")


class Left(Struct, frozen=True):
    """What was left out or changed on the way: `import.left.<code>` says it, with the count and some examples."""

    code: str
    count: int
    examples: tuple[str, ...] = ()


class Reading(Struct, frozen=True):
    """All passages of one source; `title` is what the file calls itself beside its words."""

    passages: tuple[Passage, ...]
    left: tuple[Left, ...] = ()
    title: str = ""


# Characters that part lines or words and say nothing else; half a character, which no file can hold.
_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def fault(code: str, file: str | None, line: int = 1, /, **values: object) -> InputError:
    """The error `code`: its sentence is `import.<code>`, its remedy `import.<code>-hint`."""
    at = Span(file, line) if file else None
    remedy = say(f"import.{code}-hint", lang=None, **values)
    return InputError(code, say(f"import.{code}", lang=None, **values), at, remedy)


class Pile:
    """Passages and what is left out, as a reader finds them; raises InputError `too-long` beyond `MOST`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.passages: list[Passage] = []
        self._left: dict[str, tuple[int, list[str]]] = {}
        self._size = 0

    def add(self, passage: Passage) -> None:
        """Add a passage, unless it says nothing, without the characters that nobody sees."""
        passage = replace(passage, runs=tuple(self._seen(run) for run in passage.runs))
        if not passage.words:
            return
        self._size += len(passage.words.encode())
        if self._size > MOST:
            raise fault("too-long", self.file, most=MOST // 1000)
        self.passages.append(passage)

    def _seen(self, run: Run) -> Run:
        words = _BREAKS.sub(" ", run.words)
        words, hidden = HIDDEN.subn("", words)
        if hidden:
            self.leave("hidden-character", count=hidden)
        return replace(run, words=_SURROGATES.sub("\ufffd", words))

    def leave(self, code: str, example: str = "", count: int = 1) -> None:
        """Note that something was left out or changed."""
        number, examples = self._left.setdefault(code, (0, []))
        if example and example not in examples:
            examples.append(example)
        self._left[code] = (number + count, examples)

    def reading(self, title: str = "") -> Reading:
        """What was read; raises InputError `empty-source` when it says nothing."""
        if not self.passages:
            raise fault("empty-source", self.file)
        left = tuple(Left(c, n, tuple(e[:EXAMPLES])) for c, (n, e) in sorted(self._left.items()))
        return Reading(tuple(self.passages), left, spaced(HIDDEN.sub("", title)))
