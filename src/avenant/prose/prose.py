"""Any text -> its prose: the words that people read, in pieces, each with the lead-in that it stands under.

Plain text and Markdown alike: headings, paragraphs, list items (`- …`, `(a) …`, `1. …`) and table cells. Blanked are
what is no prose (fences, front matter, comments, tags, our own `> **Reading.** …` notes) and what only marks it up.

    prose = read_prose("You may not:\\n- profile [adults](#a.b)\\n")
    [prose.words(p.start, p.end) for p in prose.pieces]      # ["You may not:", "profile adults"]
    prose.pieces[1].lead                                     # 0: the item stands under the first piece

INVARIANT: `plain` is as long as `source`, with the same line breaks, and every character of it that is not blank
stands in exactly one piece; so an offset is a place in the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Literal

from msgspec import Struct

from avenant.languages.patterns import alternatives, any_pattern

Kind = Literal["heading", "paragraph", "item", "cell"]

# A character that is not there for the reader, inside a word or out: markup, soft hyphens, zero-width characters.
GONE = "\x00"
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060\ufeff]")

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,400})\]\(([^()\s]{0,400})(?:\s+\"[^\"\n]*\")?\)")
_MARKUP = re.compile(r"\*+|`+|~~|\\(?=[!-/:-@\[-`{-~])|(?<![^\W_])_+|_+(?![^\W_])")
_ATTRIBUTES = re.compile(r"\{[#.][^{}\n]*\}\s*$")

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTE = re.compile(r" {0,3}(?:> ?)+")
_NOTE = re.compile(
    r"\s*\*\*(?:Reading|Encoding|Accepted|Lecture|Encodage|Accepté)\.\*\*", re.IGNORECASE
)
_ATX = re.compile(r" {0,3}#{1,6}(?:\s+|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*$")
_BREAK = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE_OF_TABLE = re.compile(r"[\s|:\-]+$")
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?P<marker>[-*+•▪◦‣–—·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,6})[.)]|"
    r"\d{1,2}(?:\.\d{1,2}){1,3}\.?|\d{1,3}°)(?P<gap>[ \t]+)(?=\S)"
)
_BEFORE_ITEM = re.compile(r"(?:[:;,.!?—]|\b(?:and|or|et|ou))\s*$")
_BULLETS = "-*+•"
_TAIL = 80  # characters by which a line's end is judged
_TITLE_LENGTH = 90  # characters; a longer line is a paragraph


class Piece(Struct, frozen=True):
    """A heading, paragraph, list item or cell: `[start, end)` of the prose's `plain`.

    `lead` is the piece under which it stands: a lead-in, the column's head, else the heading; None at the top.
    `section` is the heading around it.
    """

    kind: Kind
    start: int
    end: int
    lead: int | None
    section: int | None


class Linked(Struct, frozen=True):
    """A link of the prose: its words, `[start, end)`, and its target."""

    start: int
    end: int
    target: str


class Prose(Struct, frozen=True):
    """A text as read: pieces in order, links in order."""

    source: str
    plain: str
    pieces: tuple[Piece, ...]
    links: tuple[Linked, ...]
    lines: tuple[int, ...]  # the offset at which each line begins

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.lines, offset)

    def words(self, start: int, end: int) -> str:
        """What a reader sees between two offsets, with single spaces."""
        return " ".join(self.plain[start:end].replace(GONE, "").split())


def read_prose(text: str) -> Prose:
    """The prose of a text in Markdown or plain; never fails: what is no markup is words."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ENTITY.sub(_character, text)
    reader = _Reader(text)
    reader.read()
    plain, links = _unmarked("".join(reader.lines))
    return Prose(text, plain, tuple(reader.pieces), links, tuple(reader.starts))


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for; a line break among them is a space, so that lines stay the file's."""
    found = html.unescape(entity[0])
    return " " if found in "\n\r" else found


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _gone(text: str) -> str:
    return re.sub(r"[^\n]", GONE, text)


def _unmarked(text: str) -> tuple[str, tuple[Linked, ...]]:
    """The text with markup taken out of sight, and the links that were in it."""
    links: list[Linked] = []

    def shown(link: re.Match[str]) -> str:
        links.append(Linked(link.start(1), link.end(1), link[2]))
        before, after = link.start(1) - link.start(), link.end() - link.end(1)
        return GONE * before + link[1] + _gone(text[link.end() - after : link.end()])

    plain = _LINK.sub(shown, text)
    return _MARKUP.sub(lambda m: GONE * len(m[0]), plain), tuple(links)


@dataclass(slots=True)
class _Level:
    """One level of the list that is open: its indent, how it numbers, its last marker, lead-in and last item."""

    indent: int
    shape: str
    marker: str
    lead: int | None
    last: int


@dataclass(slots=True)
class _Open:
    """The piece that is being read: where it begins and ends so far, and how it looks."""

    kind: Kind
    start: int
    end: int
    lead: int | None
    first: str  # its first line, as written
    last: str  # its last
    spaced: bool  # an empty line stands before it
    lines: int = 1


class _Reader:
    """Walks the lines once. `lines` are rewritten in place, what is no prose as blanks of the same length."""

    def __init__(self, text: str) -> None:
        text = _INVISIBLE.sub(GONE, text) if not text.isascii() else text
        text = _COMMENT.sub(lambda m: _blank(m[0]), text) if "<!--" in text else text
        text = _TAG.sub(lambda m: GONE * len(m[0]), text) if "<" in text else text
        self.lines = [f"{line}\n" for line in text.split("\n")]
        self.lines[-1] = self.lines[-1][:-1]
        self.starts = [0, *accumulate(map(len, self.lines[:-1]))]
        self.pieces: list[Piece] = []
        self._open: _Open | None = None
        self._section: int | None = None
        self._levels: list[_Level] = []
        self._columns: list[int] | None = None  # the head cells of the table that is open
        self._noting = False
        self._spaced = True  # the line before was empty

    def read(self) -> None:
        """Fill `pieces`."""
        fence = ""
        for i in range(self._front_matter(), len(self.lines)):
            line = self.lines[i]
            if fence:
                closing = line.strip()
                if closing.startswith(fence) and not closing.strip(fence[0]):
                    fence = ""
                self.lines[i] = _blank(line)
            elif match := _FENCE.match(line):
                fence = match[1]
                self._close()
                self._noting = False
                self.lines[i] = _blank(line)
            else:
                self.lines[i] = self._line(line, self.starts[i])
        self._close()

    def _front_matter(self) -> int:
        """How many lines the front matter takes; they are blanked."""
        if self.lines[0].rstrip() != "---":
            return 0
        end = next((i for i, s in enumerate(self.lines[1:], 1) if s.rstrip() == "---"), -1)
        self.lines[: end + 1] = [_blank(line) for line in self.lines[: end + 1]]
        return end + 1

    def _line(self, line: str, offset: int) -> str:
        """Read one line; returns it with its markers blanked, or all of it where it is a note of ours."""
        quote = _QUOTE.match(line)
        words = " " * quote.end() + line[quote.end() :] if quote else line
        empty = not words.strip(" \t\n" + GONE)
        if quote and _NOTE.match(line, quote.end()):
            self._close()
            self._noting = True
        elif not quote and (empty or _ATX.match(line) or _ITEM.match(line)):
            self._noting = False  # a note goes on to the end of its quotation
        if self._noting:
            return _blank(line)
        if empty:
            self._close(spaced=True)
            self._columns = None
            self._spaced = True
            return words
        spaced, self._spaced = self._spaced, False
        return self._words(words, offset, spaced)

    def _words(self, line: str, offset: int, spaced: bool) -> str:
        end = offset + len(line)
        if head := _ATX.match(line):
            self._close()
            line = _ATTRIBUTES.sub(lambda m: _blank(m[0]), " " * head.end() + line[head.end() :])
            self._begin("heading", offset, line, None, spaced)
            self._close()
            return line
        if self._open and self._open.lines == 1 and _UNDERLINE.match(line):
            self._open.kind, self._open.lead = "heading", None
            self._close()
            return _blank(line)
        if _BREAK.match(line):
            self._close()
            return _blank(line)
        if _ROW.match(line):
            self._close()
            self._row(line, offset)
            return re.sub(r"[|]", " ", line)
        if (item := _ITEM.match(line)) and self._begins(item["marker"]):
            self._close()
            lead = self._level(len(item["indent"].expandtabs(4)), item["marker"])
            self._begin("item", offset + item.end(), line[item.end() :], lead, spaced, line)
            return " " * item.end() + line[item.end() :]
        if self._open:
            self._open.end, self._open.last = end, line
            self._open.lines += 1
            return line
        indented = len(line) - len(line.lstrip()) >= 2
        lead = self._levels[-1].lead if self._levels and indented else self._section
        if not indented:
            self._levels = []
        self._begin("paragraph", offset, line, lead, spaced)
        return line

    def _begin(
        self, kind: Kind, start: int, line: str, lead: int | None, spaced: bool, first: str = ""
    ) -> None:
        self._open = _Open(kind, start, start + len(line), lead, first or line, line, spaced)

    def _begins(self, marker: str) -> bool:
        """Whether a marker begins an item: a wrapped line may begin with a dash or `I.` by chance."""
        if self._open is None or marker in _BULLETS:
            return True
        goes_on = any(level.shape == _shape(marker, level) for level in self._levels)
        return goes_on or bool(_BEFORE_ITEM.search(self._open.last[-_TAIL:]))

    def _level(self, indent: int, marker: str) -> int | None:
        """Opens or goes on with a level of the list; the lead-in of its items."""
        while self._levels and self._levels[-1].indent > indent:
            self._levels.pop()
        before = len(self.pieces) - 1
        colon = before >= 0 and self._last.rstrip().endswith((":", "—"))
        same = [
            i
            for i, level in enumerate(self._levels)
            if level.shape == _shape(marker, level)
            # `(i) …:` and then `(i)`: a level below.
            and not (colon and marker == level.marker and marker not in _BULLETS)
        ]
        if self._levels and self._levels[-1].indent == indent and same:
            del self._levels[same[-1] + 1 :]
            level = self._levels[-1]
            level.marker, level.last = marker, before + 1
            return level.lead
        if self._levels and (self._levels[-1].indent < indent or colon):
            lead: int | None = self._levels[-1].last
        elif self._levels:
            self._levels, lead = [], self._section  # another list begins
        else:
            lead = before if self._leads(before) else self._section
        self._levels.append(_Level(indent, _shape(marker), marker, lead, before + 1))
        return lead

    def _leads(self, piece: int) -> bool:
        """Whether what stands before a list leads into it: it ends in a colon or dash, or not at all."""
        if piece < 0 or self.pieces[piece].kind != "paragraph":
            return False
        return not re.search(r"[.;!?]['\"»”’)\]*_\s]*$", self._last[-_TAIL:])

    def _row(self, line: str, offset: int) -> None:
        """The cells of one row; the first row of a table holds the heads of its columns."""
        if _RULE_OF_TABLE.match(line):
            return
        bars = [m.start() for m in re.finditer(r"(?<!\\)\|", line)]
        heads, first = self._columns or [], self._columns is None
        cells: list[int] = []
        for column, (left, right) in enumerate(pairwise(bars)):
            lead = heads[column] if column < len(heads) else self._section
            cells.append(len(self.pieces))
            self.pieces.append(
                Piece("cell", offset + left + 1, offset + right, lead, self._section)
            )
        if first:
            self._columns = cells

    def _close(self, spaced: bool = False) -> None:
        """Ends the open piece; a lone short line of a plain text may be a title."""
        piece, self._open = self._open, None
        if piece is None:
            return
        self._last = piece.last
        led = piece.lead is not None and self.pieces[piece.lead].kind != "heading"
        if spaced and piece.spaced and piece.lines == 1 and not led and _is_title(piece.first):
            piece.kind, piece.lead = "heading", None
        if piece.kind == "heading":
            self._section, self._levels = len(self.pieces), []
        section = self._section if piece.kind != "heading" else None
        self.pieces.append(Piece(piece.kind, piece.start, piece.end, piece.lead, section))


def _shape(marker: str, level: _Level | None = None) -> str:
    """How a marker numbers, in a level: `(b)` is `(a)`, `2.` is `1.`; `(i)` is `(a)` behind `(h)` and else itself."""
    letters = marker.strip("().")
    if letters.isalpha() and letters.isascii() and set(letters.lower()) <= set("ivx"):
        before = level.marker.strip("().")[:1] if level else ""
        follows = before and len(letters) == 1 and ord(letters) == ord(before) + 1
        if not follows or (level and "i" in level.shape):
            return re.sub(r"[a-zA-Z]+", "i", marker)
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "1", marker)))


@cache
def _title() -> re.Pattern[str]:
    """What a line looks like that is a title: in bold or in capitals, or with a number."""
    return re.compile(
        r"\*\*[^*]+\*\*|§+\s*\d.*|(?=[^a-zà-ÿ]*[A-ZÀ-Þ]{3})[^a-zà-ÿ]*|"
        rf"(?i:{alternatives('title')})\s+(?:\d|[A-Z]|[IVXLC]+\b).*|\d{{1,2}}(?:\.\d{{1,2}})*\.?\s+\S.*"
    )


def _is_title(line: str) -> bool:
    words = line.strip()
    if len(words) > _TITLE_LENGTH or words.endswith((".", ";", ":", ",", "!", "?")):
        return False
    return bool(_title().fullmatch(words)) and not any_pattern("verb", r"\b(?:{})\b").search(words)
