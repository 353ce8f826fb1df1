"""The words of a paragraph: plain text, links with their exact line, and the notes of a quotation.

    passages = read_inline(token, place, quoted=True, faults)

A signed text hides nothing: raw HTML, pictures, link titles and empty links are errors, not skipped.
Links of the prose are `[intentionally](#intent.deliberate)` (a word that a test stands for),
`[section 8](#surveillance)` (a clause), or a web address.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token
from msgspec import Struct
from msgspec.structs import replace

from avenant.errors import Span
from avenant.languages import say
from avenant.source.diagnostics import Diagnostics

# `> **Reading.** …`: what a quotation of a clause can be, in the languages of documents.
NOTES = {
    "Reading": "reading",
    "Encoding": "encoding",
    "Accepted": "accepted",
    "Lecture": "reading",
    "Encodage": "encoding",
    "Accepté": "accepted",
}

# Control, format and filler characters: what they hide is signed and not seen (Trojan Source, CVE-2021-42574).
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U000e0000-\U000e0fff]"
)
_CATEGORY = re.compile(r"#([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)")
_CLAUSE = re.compile(r"#([a-z][a-z0-9-]*)")
_OUTSIDE = re.compile(r"(https?://|mailto:)\S+")


class Link(Struct, frozen=True):
    """A link of the prose: `axis` and `category`, or a `clause`; neither for a web address."""

    text: str
    axis: str | None
    category: str | None
    clause: str | None
    at: Span


@dataclass(slots=True)
class Passage:
    """A run of plain words; `note` says which kind of note it opens, None for prose."""

    note: str | None
    at: Span
    parts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, with single spaces."""
        return _spaced("".join(self.parts))


def link_with_offset(state: StateInline, silent: bool) -> bool:
    """CommonMark's link rule, which also keeps where in its paragraph the link begins."""
    start, before = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opening = next(t for t in state.tokens[before:] if t.type == "link_open")
        opening.meta["span"] = (start, state.pos)
    return True


def read_inline(
    token: Token, at: Span, columns: Sequence[int], quoted: bool, faults: Diagnostics
) -> tuple[Passage, ...]:
    """The passages of one `inline` token whose first line is at `at`, each line so many `columns` to the right.

    In a quotation each line that begins with a note's bold word begins a passage; else there is one.
    """
    # The parser leaves empty texts beside emphasis.
    children = [c for c in token.children or () if c.type != "text" or c.content]
    passages = [Passage(None, at)]
    opened: tuple[Token, Span, int] | None = (
        None  # a link: its token, place, and the parts before it
    )
    skip = 0
    line = at
    fresh = True
    for i, child in enumerate(children):
        if skip:
            skip -= 1
            continue
        here = passages[-1]
        if fresh and (word := _bold(children[i : i + 3])) is not None:
            note = _note(word, quoted, line, faults)
            if note is not None:
                passages.append(Passage(note, line))
                skip, fresh = 2, False
                continue
        fresh = False
        match child.type:
            case "text" | "code_inline":
                # Character references, `&#8203;`, have become what they stand for by now.
                if found := HIDDEN.search(child.content):
                    faults.add("hidden-character", line, code=f"U+{ord(found[0]):04X}")
                here.parts.append(child.content)
            case "softbreak" | "hardbreak":
                here.parts.append(" ")
                line, fresh = line.down(1), True
            case "link_open":
                place = _shifted(at.within(token.content, *child.meta["span"]), at, columns)
                opened = (child, place, len(here.parts))
            case "link_close" if opened is not None:
                opening, place, first = opened
                text = _spaced("".join(here.parts[first:]))
                here.links.append(_link(opening, text, place, faults))
                opened = None
            case "html_inline":
                faults.add("html", line)
            case "image":
                faults.add("picture", line)
            case _:
                pass  # emphasis: its words follow as text
    return tuple(p for p in passages if p.note or p.parts)


def _shifted(span: Span, top: Span, columns: Sequence[int]) -> Span:
    """A span of a paragraph as it is in the file: each of its lines begins so many `columns` to the right."""
    start, end = columns[span.line - top.line], columns[span.end_line - top.line]
    return replace(span, column=span.column + start, end_column=span.end_column + end)


def _bold(children: Sequence[Token]) -> str | None:
    match [c.type for c in children]:
        case ["strong_open", "text", "strong_close"]:
            return children[1].content
        case _:
            return None


def _note(bold: str, quoted: bool, at: Span, faults: Diagnostics) -> str | None:
    word = bold.rstrip(".:")
    if word in NOTES and bold == f"{word}.":
        if not quoted:
            faults.add("note-outside-quotation", at, word=word)
        return NOTES[word] if quoted else None
    near = difflib.get_close_matches(word, NOTES, n=1, cutoff=0.75)
    if quoted and near:
        faults.add("unknown-note", at, say("agreement.unknown-note-hint", note=near[0]), word=bold)
    return None


def _link(opening: Token, text: str, at: Span, faults: Diagnostics) -> Link:
    target = str(opening.attrs.get("href", ""))
    if "title" in opening.attrs:
        faults.add("link-title", at)
    if not text:
        faults.add("empty-link", at, target=target)
    if match := _CATEGORY.fullmatch(target):
        return Link(text, match[1], match[2], None, at)
    if match := _CLAUSE.fullmatch(target):
        return Link(text, None, None, match[1], at)
    if not _OUTSIDE.fullmatch(target):
        faults.add("link-to-nothing", at, target=target)
    return Link(text, None, None, None, at)


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")
