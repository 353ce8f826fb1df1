"""CommonMark -> sections: a heading with its id, the prose below it, notes and fenced blocks, each with its line.

    document = read_markdown(text, "0-agreement.md", faults)
    document.sections[3].heading.id             # "surveillance"

What is not read is an error, for a signed text hides nothing: raw HTML and comments, link definitions, pictures,
indented code, invisible characters, a fence that does not end, a second front matter, words nested too deep to show.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

from avenant import languages
from avenant.errors import Span
from avenant.languages import say
from avenant.languages.read import lexicon
from avenant.source.diagnostics import Diagnostics
from avenant.source.inline import HIDDEN, Link, Passage, link_with_offset, read_inline
from avenant.source.nodes import Node, read_yaml

LANGUAGES = ("cedar", "vocabulary", "facts", "switches", "scenario")
CLASSES = ("principle", "red-line", "definitions", "announced")
_DEEPEST = 12  # nested block tokens; the parser drops what is nested beyond 20

_ATTRIBUTES = re.compile(r"(?P<words>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*", re.DOTALL)
# `8. Title`, `§ 8. Title`, `8.1 Title`, `Article 8 – Title`, each also without title; not `8 Title`: years begin so.
_NUMBER = re.compile(
    r"(?:(?:§+|article|art\.|section|clause)\s*(?P<named>\d+(?:\.\d+)*[a-z]?)(?:er)?(?:\s*[.:–—-])?"
    r"|(?P<dotted>\d+(?:\.\d+)*[a-z]?)\."
    r"|(?P<deep>\d+(?:\.\d+)+[a-z]?))"
    r"(?:\s+(?P<title>.+))?",
    re.DOTALL | re.IGNORECASE,
)
_ID = re.compile(r"[a-z][a-z0-9-]*")


@cache
def slots() -> Mapping[str, str]:
    """Return what a `cedar` block says, by language, in whose place a rule is still to be written."""
    return {language: lexicon(language, "format")["slot"] for language in languages.LANGUAGES}


class Block(Struct, frozen=True):
    """A fenced block of a clause: `cedar`, `vocabulary`, `facts`, `switches` or `scenario`; `at` is its first line."""

    language: str
    source: str
    at: Span

    @property
    def slot(self) -> bool:
        """Whether a rule is still to be written here: the clause binds nobody, and `check` says so."""
        return self.language == "cedar" and self.source.strip() in slots().values()


class Heading(Struct, frozen=True):
    """`## 8. Domestic surveillance {#surveillance .red-line}`; `id` is empty where none is given."""

    level: int
    words: str  # "8. Domestic surveillance"
    id: str
    classes: frozenset[str]
    at: Span

    @property
    def number(self) -> str:
        """`8`, or empty."""
        match = _NUMBER.fullmatch(self.words)
        return match["named"] or match["dotted"] or match["deep"] if match else ""

    @property
    def title(self) -> str:
        """The words without the number, or without the id that they repeat: `R1 No surveillance {#r1}`."""
        if match := _NUMBER.fullmatch(self.words):
            return match["title"] or self.words
        first, _, rest = self.words.partition(" ")
        if rest and self.id and first.rstrip(".:—–").lower() == self.id:
            return rest.lstrip("—–: ")
        return self.words


@dataclass(slots=True)
class Section:
    """A heading (None for what stands before the first) and what stands below it until the next."""

    heading: Heading | None
    at: Span
    paragraphs: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)  # of heading, prose and reading
    asides: list[Link] = field(default_factory=list)  # of the other notes
    notes: list[tuple[str, str, Span]] = field(default_factory=list)  # kind, words, place
    blocks: list[Block] = field(default_factory=list)
    source: str = ""

    @property
    def prose(self) -> str:
        """The words of the paragraphs, an empty line between them."""
        return "\n\n".join(self.paragraphs)

    def noted(self, kind: str) -> list[tuple[str, Span]]:
        """The notes of one kind: words and place."""
        return [(words, at) for note, words, at in self.notes if note == kind]


class Document(Struct, frozen=True):
    """One file: front matter, then sections in order; the first has the title for heading, or none."""

    file: str
    front: Node | None  # None after a fault: what is missing in it says nothing then
    sections: tuple[Section, ...]


def read_markdown(text: str, file: str, faults: Diagnostics) -> Document:
    """Read one document; `text` uses `\\n`. Records every fault and returns what could be read."""
    faults.sources[file] = text
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if found := HIDDEN.search(line):
            at = Span(file, number).within(line, *found.span())
            faults.add("hidden-character", at, code=f"U+{ord(found[0]):04X}")
    front, body = _front_matter(lines, file, faults)
    # The front matter's lines stay as empty ones, so that line numbers are the file's.
    blank = [""] * body + lines[body:]
    reader = _Reader(file, blank, faults)
    reader.read()
    return Document(file, front, tuple(reader.sections))


def _front_matter(lines: list[str], file: str, faults: Diagnostics) -> tuple[Node | None, int]:
    if lines[0].rstrip() != "---":
        faults.add("no-front-matter", Span(file, 1))
        return None, 0
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        faults.add("front-matter-open", Span(file, 1))
        return None, 0
    with faults.collect():
        read = read_yaml("\n".join(lines[1:end]), Span(file, 2))
        read.map()
        return read, end + 1
    return None, end + 1


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.inline.ruler.at("link", link_with_offset)
    return parser


class _Reader:
    """Walks the block tokens of one document, in order."""

    def __init__(self, file: str, lines: list[str], faults: Diagnostics) -> None:
        self.file = file
        self.lines = lines
        self.faults = faults
        self.sections = [Section(None, Span(file, 1))]
        self._starts = [0]
        self._quotes = 0
        self._noting = False  # in a quotation, after a note began
        self._marker = ""
        self._rule: int | None = None  # the line after a thematic break

    def read(self) -> None:
        env: dict[str, dict[str, dict[str, list[int]]]] = {}
        tokens = _parser().parse("\n".join(self.lines), env)
        for definition in env.get("references", {}).values():
            self.faults.add("link-definition", self._at(definition["map"][0]))
        for i, token in enumerate(tokens):
            self._token(token, tokens, i)
        for section, start, end in zip(
            self.sections, self._starts, [*self._starts[1:], len(self.lines)], strict=True
        ):
            section.source = _source(self.lines[start:end], section.heading)

    def _at(self, line: int) -> Span:
        """The words of one line, within the section that was begun last."""
        clause = self.sections[-1].heading.id if self.sections[-1].heading else None
        return self._words(line, clause or None)

    def _words(self, line: int, clause: str | None) -> Span:
        words = self.lines[line] if line < len(self.lines) else ""
        begin, end = len(words) - len(words.lstrip()), len(words.rstrip())
        whole = Span(self.file, line + 1, clause)
        return whole if begin >= end else whole.within(words, begin, end)

    def _columns(self, token: Token, line: int) -> tuple[int, ...]:
        """How far to the right each line of a paragraph begins in the file: behind `> `, `- ` or `## `."""
        pairs = zip(token.content.split("\n"), self.lines[line:], strict=False)
        return tuple(max(0, source.find(words)) for words, source in pairs)

    def _token(self, token: Token, tokens: list[Token], i: int) -> None:
        line = token.map[0] if token.map else 0
        if token.level > _DEEPEST:
            self.faults.add("too-deep", self._at(line))
            return
        match token.type:
            case "heading_open":
                self._heading(token, tokens[i + 1], line)
            case "inline" if tokens[i - 1].type != "heading_open":
                self._paragraph(token, line)
            case "fence":
                self._fence(token, line)
            case "html_block":
                self.faults.add("html", self._at(line))
            case "code_block":
                self.faults.add("indented", self._at(line))
            case "hr":
                self._rule = line + 1
            case "blockquote_open":
                self._quotes += 1
                self._noting = False
            case "blockquote_close":
                self._quotes -= 1
                self._noting = False
            case "list_item_open":
                self._marker = f"{token.info}{token.markup} "
            case _:
                pass  # openings and closings of paragraphs and lists

    def _heading(self, token: Token, content: Token, line: int) -> None:
        if token.markup in ("=", "-"):
            code = "second-front-matter" if self._rule == line else "underlined-heading"
            self.faults.add(code, self._at(line))
            return
        if token.level > 0:
            self.faults.add("nested-heading", self._at(line))
            return
        passages = read_inline(
            content, self._at(line), self._columns(content, line), False, self.faults
        )
        words = " ".join(p.text for p in passages)
        heading = self._parsed(int(token.tag[1]), words, self._words(line, None))
        section = Section(heading, self._words(line, heading.id or None))
        section.links.extend(link for p in passages for link in p.links)
        self.sections.append(section)
        self._starts.append(line)

    def _parsed(self, level: int, words: str, at: Span) -> Heading:
        match = _ATTRIBUTES.fullmatch(words)
        assert match is not None, "each part of the pattern may be empty"
        ids, classes = [], []
        for attribute in (match["attributes"] or "").split():
            kind, name = attribute[0], attribute[1:]
            if kind == "#":
                ids.append(name)
            elif kind == "." and name in CLASSES:
                classes.append(name)
            else:
                near = difflib.get_close_matches(name, CLASSES, n=1)
                hint = say("yaml.nearest-hint", nearest=f".{near[0]}") if near else None
                self.faults.add("unknown-attribute", at, hint, attribute=attribute)
        if len(ids) > 1:
            self.faults.add("two-ids", at, first=ids[0], second=ids[1])
        for id in ids:
            if not _ID.fullmatch(id):
                self.faults.add("bad-id", at, id=id)
        return Heading(level, match["words"], ids[0] if ids else "", frozenset(classes), at)

    def _paragraph(self, token: Token, line: int) -> None:
        section = self.sections[-1]
        marker, self._marker = self._marker, ""
        columns = self._columns(token, line)
        for passage in read_inline(token, self._at(line), columns, self._quotes > 0, self.faults):
            if passage.note is None and not self._noting:
                section.links.extend(passage.links)
                if section.heading is None and not section.paragraphs:
                    section.at = passage.at
                if passage.text:
                    section.paragraphs.append(marker + passage.text)
            else:
                self._note(section, passage)

    def _note(self, section: Section, passage: Passage) -> None:
        """A quotation's paragraph: a note, or the continuation of the one before it."""
        if passage.note is None:
            kind, words, at = section.notes.pop()
            section.notes.append((kind, f"{words} {passage.text}", at))
        else:
            if not passage.text:
                self.faults.add("empty-note", passage.at)
            kind, self._noting = passage.note, True
            section.notes.append((kind, passage.text, passage.at))
        (section.links if kind == "reading" else section.asides).extend(passage.links)

    def _fence(self, token: Token, line: int) -> None:
        assert token.map is not None, "the parser gives every fence its lines"
        language = token.info.strip()
        at = self._at(line)
        if token.level > 0:
            self.faults.add("nested-block", at)
        if token.map[1] - token.map[0] != token.content.count("\n") + 2:
            self.faults.add("open-block", at)
        if language not in LANGUAGES:
            near = difflib.get_close_matches(language, LANGUAGES, n=1)
            hint = say("yaml.nearest-hint", nearest=near[0]) if near else None
            self.faults.add("unknown-block", at, hint, language=language)
        self.sections[-1].blocks.append(Block(language, token.content, at.down(1)))


def _source(lines: list[str], heading: Heading | None) -> str:
    """The canonical Markdown of a section: its heading at level 2, no empty lines at the end."""
    text = "\n".join(lines).rstrip() + "\n"
    return "## " + text.lstrip(" #") if heading else text
