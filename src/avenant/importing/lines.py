"""Lines -> passages, for texts that know no more than lines: plain text, and the text of a PDF.

    for passage in passages_of(lines): ...

A blank line, a number or a bullet begins a passage; lines between are joined. A short line that stands alone, ends
without a full stop and is numbered, in capitals, strong, or followed by a paragraph is a heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.importing.numbers import ITEM, numbered
from avenant.importing.types import Passage, Run

SHORT = 90  # characters of a heading, at most
_END = (".", ";", ",", ":", "…", "?", "!")


class Line(Struct, frozen=True):
    """A line and how it stands: `gap` is an empty line or a wider space before it, `indent` the columns."""

    words: str
    gap: bool = False
    strong: bool = False
    indent: int = 0


def passages_of(lines: Sequence[Line]) -> Iterator[Passage]:
    """The passages of these lines, in order."""
    blocks = list(_blocks(lines))
    for i, block in enumerate(blocks):
        words = " ".join(line.words for line in block)
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        strong = all(line.strong for line in block)
        if _heads(block, words, after, strong):
            yield Passage("heading", (Run(words),), level=_level(words), strong=strong)
        elif match := ITEM.fullmatch(words):
            depth = min(block[0].indent // 4, 3)
            yield Passage("item", (Run(match["rest"]),), level=depth, marker=match["mark"])
        else:
            yield Passage("paragraph", (Run(words),), strong=strong)


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        begins = line.gap or ITEM.fullmatch(line.words) or numbered(line.words)
        if block and (begins or line.strong != block[-1].strong):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _heads(block: Sequence[Line], words: str, after: Sequence[Line] | None, strong: bool) -> bool:
    """Whether a block is a heading."""
    if len(words) > SHORT or len(block) > 2 or words.endswith(_END) or ITEM.fullmatch(words):
        return False
    if not any(c.isalpha() for c in words):
        return False
    number = numbered(words)
    title = number.rest if number else words
    if number or strong or (title.isupper() and len(title) > 3):
        return title[:1].isupper() or title[:1].isdigit() or not title
    # A line alone before a paragraph, which begins as titles do.
    return (
        len(block) == 1
        and len(words) <= SHORT * 2 // 3
        and words[:1].isupper()
        and after is not None
        and sum(len(line.words) for line in after) > len(words)
    )


def _level(words: str) -> int:
    found = numbered(words)
    return 1 + found.number.count(".") if found else 1
