"""HTML -> passages: the words that a reader of the page sees, and nothing that runs.

Scripts, styles, forms' machinery and what the page hides are never looked into. Where the page marks its main part,
the rest (menus, footers) is left out and counted; without such a mark only `nav` is.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from avenant.importing.numbers import counted
from avenant.importing.types import Kind, Passage, Pile, Reading, Run, spaced

# What is left out with all that stands in it.
_SILENT = {
    **dict.fromkeys(("script", "style", "template", "noscript", "head"), None),
    **dict.fromkeys(("svg", "canvas", "iframe", "object", "video", "audio", "map"), "embedded"),
    **dict.fromkeys(("select", "textarea", "button"), "control"),
    "nav": "navigation",
}
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|header|hr|html|legend|li|main|menu|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|title|tr|ul|h[1-6]"
)
_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_SIBLING = re.compile("li|tr|td|th|dd|dt")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OUTSIDE = re.compile(r"(https?://|mailto:)\S+")


def read_html(text: str, file: str) -> Reading:
    """A page, or a piece of one."""
    pile = Pile(file)
    html = Html(pile)
    html.read(text)
    return pile.reading(html.title)


class Html(HTMLParser):
    """Walks tags as browsers do where people forget to close them: a block ends the block before it."""

    def __init__(self, pile: Pile) -> None:
        super().__init__(convert_charrefs=True)
        self.pile = pile
        self.title = ""
        self._found: list[tuple[bool, Passage]] = []  # in the main part of the page, or not
        self._main = 0
        self._silent: list[str] = []  # the tag that began the silence, and those of its name within
        self._runs: list[Run] = []
        self._url: str | None = None
        self._kind: tuple[Kind, int] = ("paragraph", 0)
        self._marker = ""
        self._lists: list[tuple[str, str, int]] = []  # tag, type, next number
        self._cells: list[Run] | None = None
        self._bold = 0
        self._weak = False  # a word of the passage is not bold
        self._titling = False

    def read(self, text: str) -> None:
        """Read all of it, and add the passages to the pile."""
        # A `<` that no `>` follows is a sign; to look for its end again and again would take minutes.
        end = text.rfind(">") + 1
        self.feed(text[:end] + text[end:].replace("<", "&lt;"))
        self.close()
        self._end_row()
        inside = [passage for main, passage in self._found if main]
        for main, passage in self._found:
            if main or not inside:
                self.pile.add(passage)
            else:
                self.pile.leave("outside-main", passage.words[:60])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "title" and "head" in self._silent[:1]:
            self._titling = True
        if tag == "body" and self._silent[:1] == ["head"]:
            self._silent.clear()
        if self._silent and not self._ends_silence(tag):
            if tag == self._silent[0]:
                self._silent.append(tag)
            return
        self._silent.clear()
        hidden = "hidden" in given or _HIDDEN.search(given.get("style") or "")
        if not _VOID.fullmatch(tag) and (tag in _SILENT or hidden):
            code = "hidden" if hidden else _SILENT[tag]
            if code:
                self.pile.leave(code)
            if _BLOCK.fullmatch(tag):
                self._flush()
            self._silent.append(tag)
            return
        if _BLOCK.fullmatch(tag):
            self._flush()
        match tag:
            case "main":
                self._main += 1
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._kind = ("heading", int(tag[1]))
            case "ol" | "ul" | "menu":
                start = given.get("start") or "1"
                number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
                self._lists.append((tag, given.get("type") or "1", number))
            case "li":
                self._item(given.get("value"))
            case "tr":
                self._end_row()
                self._cells = []
            case "td" | "th":
                self._flush()
            case "br":
                self._say(" ")
            case "img":
                self.pile.leave("image")
            case "a":
                target = given.get("href") or ""
                self._url = target if _OUTSIDE.fullmatch(target) else None
                if target and self._url is None:
                    self.pile.leave("inner-link")
            case "b" | "strong":
                self._bold += 1
            case _:
                pass

    def _ends_silence(self, tag: str) -> bool:
        """Whether a tag ends the silent element that nobody closed: a block a paragraph, an item the item before."""
        silent = self._silent[0]
        if silent == "p":
            return _BLOCK.fullmatch(tag) is not None
        return silent == tag and _SIBLING.fullmatch(tag) is not None

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._titling = False
        if self._silent:
            if tag == self._silent[0]:
                self._silent.pop()
            return
        if tag in ("td", "th") and self._cells is not None:
            self._flush()
        elif tag in ("tr", "table", "tbody", "thead", "tfoot"):
            self._end_row()
        elif _BLOCK.fullmatch(tag):
            self._flush()
        match tag:
            case "main" if self._main:
                self._main -= 1
            case "ol" | "ul" | "menu" if self._lists:
                self._lists.pop()
            case "a":
                self._url = None
            case "b" | "strong" if self._bold:
                self._bold -= 1
            case _:
                pass

    def handle_data(self, data: str) -> None:
        if self._titling:
            self.title = spaced(f"{self.title}{data}")
        elif not self._silent:
            self._say(data)

    def _say(self, words: str) -> None:
        if words.strip() and not self._bold:
            self._weak = True
        if self._runs and self._runs[-1].url == self._url:
            words = self._runs.pop().words + words
        self._runs.append(Run(words, self._url))

    def _item(self, value: str | None) -> None:
        tag, kind, number = self._lists[-1] if self._lists else ("ul", "1", 1)
        if value and re.fullmatch(r"-?\d{1,6}", value):
            number = int(value)
        if self._lists:
            self._lists[-1] = (tag, kind, number + 1)
        self._kind = ("item", max(len(self._lists) - 1, 0))
        self._marker = counted(number, kind) + "." if tag == "ol" else "•"

    def _flush(self) -> None:
        """End the passage that stands open."""
        runs, self._runs = tuple(self._runs), []
        strong, self._weak = not self._weak, False
        if not any(run.words.strip() for run in runs):
            return
        if self._cells is not None:
            self._cells.append(Run(spaced("".join(run.words for run in runs))))
            return
        kind, level = self._kind
        self._keep(Passage(kind, runs, level, self._marker, strong))
        self._kind, self._marker = ("paragraph", 0), ""

    def _end_row(self) -> None:
        """End the row that stands open."""
        self._flush()
        cells, self._cells = self._cells, None
        if cells:
            self._keep(Passage("row", tuple(cells)))

    def _keep(self, passage: Passage) -> None:
        self._found.append((self._main > 0, passage))
