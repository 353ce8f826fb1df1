"""Markdown and plain text -> passages.

Of Markdown the words stay and the marks go: emphasis, links to places inside the document, code fences; a table is
rows; raw HTML is read as HTML. Its own front matter is left out, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from avenant.importing.html import Html
from avenant.importing.lines import Line, passages_of
from avenant.importing.types import Passage, Pile, Reading, Run, fault, spaced

_OUTSIDE = re.compile(r"(https?://|mailto:)\S+")
_UNDERLINE = re.compile(r"[=\-_*~]{3,}")


def read_text(text: str, file: str) -> Reading:
    """Plain text: paragraphs between empty lines, headings by how they stand."""
    pile = Pile(file)
    lines: list[Line] = []
    gap = False
    strong: set[int] = set()
    for raw in text.split("\n"):
        words = spaced(raw)
        if not words:
            gap = True
        elif _UNDERLINE.fullmatch(words):
            # What stands on the line above it is a heading; alone, it only divides.
            if lines and not gap:
                strong.add(len(lines) - 1)
            gap = True
        else:
            indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
            lines.append(Line(words, gap, indent=indent))
            gap = False
    marked = [Line(line.words, line.gap, i in strong, line.indent) for i, line in enumerate(lines)]
    for passage in passages_of(marked):
        pile.add(passage)
    return pile.reading()


def read_marked(text: str, file: str) -> Reading:
    """Markdown (CommonMark with tables)."""
    pile = Pile(file)
    title = ""
    if front := re.match(r"---\s*\n(.*?)\n(?:---|\.\.\.)\s*\n", text, re.DOTALL):
        if re.search(r"^avenant:", front[1], re.MULTILINE):
            raise fault("instrument-already", file)
        pile.leave("front-matter")
        if found := re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$", front[1], re.MULTILINE):
            title = found[1]
        text = text[front.end() :]
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    _Marked(pile).read(tokens)
    return pile.reading(title)


class _Marked:
    """Walks block tokens and keeps which list and which row they stand in."""

    def __init__(self, pile: Pile) -> None:
        self.pile = pile
        self._depth = -1
        self._marker = ""
        self._cells: list[Run] | None = None

    def read(self, tokens: Sequence[Token]) -> None:
        for i, token in enumerate(tokens):
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self._depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    self._depth -= 1
                case "list_item_open":
                    self._marker = f"{token.info}{token.markup}" if token.info else "•"
                case "tr_open":
                    self._cells = []
                case "tr_close":
                    self.pile.add(Passage("row", tuple(self._cells or ())))
                    self._cells = None
                case "inline":
                    self._inline(token, tokens[i - 1])
                case "fence" | "code_block":
                    for line in token.content.split("\n"):
                        self.pile.add(Passage("paragraph", (Run(line),)))
                case "html_block":
                    Html(self.pile).read(token.content)
                case _:
                    pass  # openings and closings; a ruled line says nothing

    def _inline(self, token: Token, opening: Token) -> None:
        runs = tuple(self._runs(token.children or ()))
        if self._cells is not None:
            self._cells.append(Run(" ".join(run.words for run in runs)))
        elif opening.type == "heading_open":
            self.pile.add(Passage("heading", runs, level=int(opening.tag[1])))
        elif self._depth >= 0 and self._marker:
            self.pile.add(Passage("item", runs, level=self._depth, marker=self._marker))
            self._marker = ""
        else:
            self.pile.add(Passage("paragraph", runs, strong=_strong(token.children or ())))

    def _runs(self, children: Sequence[Token]) -> Iterator[Run]:
        """Words between links, and the words of each link."""
        words: list[str] = []
        url: str | None = None
        for child in children:
            match child.type:
                case "text" | "code_inline":
                    words.append(child.content)
                case "softbreak" | "hardbreak":
                    words.append(" ")
                case "link_open":
                    yield Run("".join(words))
                    words = []
                    target = str(child.attrs.get("href", ""))
                    url = target if _OUTSIDE.fullmatch(target) else None
                    if url is None:
                        self.pile.leave("inner-link")
                case "link_close":
                    yield Run("".join(words), url)
                    words, url = [], None
                case "image":
                    self.pile.leave("image")
                case "html_inline" if re.match(r"<br\b", child.content, re.IGNORECASE):
                    words.append(" ")
                case _:
                    pass  # emphasis and inline HTML: the words inside follow as text
        yield Run("".join(words))


def _strong(children: Sequence[Token]) -> bool:
    """Whether all words of a paragraph are bold."""
    types = [c.type for c in children if c.type != "text" or c.content.strip()]
    return (
        types[:1] == ["strong_open"]
        and types[-1:] == ["strong_close"]
        and (types.count("strong_open") == 1)
    )
