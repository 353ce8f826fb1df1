"""Word documents (.docx, ECMA-376 part 1, WordprocessingML) -> passages.

Read here and not through a converter, for what matters in a contract: numbers that Word counts and stores nowhere, and
tracked changes, of which one must say which text is meant. Headings are those of the styles' outline levels.

    read_word(data, "policy.docx", changes=None)      # InputError `tracked-changes` where the text has some

Left out and said: comments, pictures, hidden words, the table of contents, page headers and footers. Footnotes stand
after their paragraph.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from avenant.importing.numbering import Numbering
from avenant.importing.numbers import numbered
from avenant.importing.ooxml import LARGEST, W, main_part, truth, value
from avenant.importing.styles import Styles
from avenant.importing.types import Changes, Passage, Pile, Reading, Run, fault, spaced

_ADDED = (f"{W}ins", f"{W}moveTo")
_DELETED = (f"{W}del", f"{W}moveFrom")
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read_word(data: bytes, file: str, changes: Changes | None) -> Reading:
    """The passages of a document; `changes` says which text is meant where changes are tracked."""
    package = Package(data, file)
    main = main_part(package.names) or ""
    body = package.part(main)
    if body is None:
        raise fault("damaged", file, kind="Word")
    notes = {
        kind: {value(n, "id"): n for n in (package.part(f"word/{kind}s.xml") or ())}
        for kind in ("footnote", "endnote")
    }
    tracked = sum(
        _tracked(part) for part in (body, *notes["footnote"].values(), *notes["endnote"].values())
    )
    if tracked and changes is None:
        raise fault("tracked-changes", file, count=tracked)
    links = package.part(main.replace("word/", "word/_rels/") + ".rels")
    return _Reader(package, links, notes, changes or "accepted", tracked).read(body)


class Package:
    """The zip of a document: its XML parts, each read within limits and without entities."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise fault("damaged", file, kind="Word") from error
        self.names = frozenset(self._zip.namelist())

    def part(self, name: str) -> Element | None:
        """The root of one part, or None where the package has none of that name."""
        if name not in self.names:
            return None
        try:
            # What the directory says is all that is unpacked: what does not add up to it is damaged.
            if self._zip.getinfo(name).file_size > LARGEST:
                raise fault("unpacks-too-large", self.file, most=LARGEST >> 20)
            data = self._zip.read(name)
            # A document type can define entities that expand without end; no Word document has one.
            if b"<!DOCTYPE" in data[:4096]:
                raise fault("damaged", self.file, kind="Word")
            return ElementTree.fromstring(data)  # noqa: S314  no document type, so no entities
        except (
            *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError),
            *(NotImplementedError, RuntimeError, OSError, ValueError),
        ) as error:
            raise fault("damaged", self.file, kind="Word") from error


def _tracked(part: Element) -> int:
    """How many changes are tracked: insertions, deletions and moves, of words and of paragraph ends."""
    return sum(1 for tag in (*_ADDED, *_DELETED) for _ in part.iter(tag))


def _outermost(parent: Element, name: str) -> Iterator[Element]:
    """The elements of a name below another, but not those inside one of them: a table in a cell is its words."""
    for element in parent:
        if element.tag == f"{W}{name}":
            yield element
        else:
            yield from _outermost(element, name)


class _Reader:
    def __init__(
        self,
        package: Package,
        links: Element | None,
        notes: dict[str, dict[str, Element]],
        changes: Changes,
        tracked: int,
    ) -> None:
        self.pile = Pile(package.file)
        self._styles = Styles(package.part("word/styles.xml"))
        self._numbering = Numbering(package.part("word/numbering.xml"))
        self._links = {
            link.get("Id", ""): link.get("Target", "")
            for link in (links if links is not None else ())
            if link.get("Type") == _LINK and link.get("TargetMode") == "External"
        }
        self._notes = notes
        self._dropped = _DELETED if changes == "accepted" else _ADDED
        self._carried: list[Run] = []  # of a paragraph whose end is a change that is not meant
        self._pending: list[tuple[int, Element]] = []  # footnotes of the paragraph, by number
        self._noted = 0
        if tracked:
            self.pile.leave(f"tracked-{changes}", count=tracked)
        if (comments := package.part("word/comments.xml")) is not None and len(comments):
            self.pile.leave("comment", count=len(comments))
        around = [n for n in package.names if re.fullmatch(r"word/(header|footer)\d+\.xml", n)]
        for name in sorted(around):
            words = " ".join("".join((package.part(name) or Element("none")).itertext()).split())
            if words:
                self.pile.leave("page-header", words[:60])

    def read(self, document: Element) -> Reading:
        body = document.find(f"{W}body")
        self._blocks(body if body is not None else document)
        if self._carried:
            self.pile.add(Passage("paragraph", tuple(self._carried)))
        return self.pile.reading()

    def _blocks(self, parent: Element) -> None:
        for element in parent:
            match element.tag.removeprefix(W):
                case "p":
                    self._paragraph(element)
                case "tbl":
                    self._table(element)
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag":
                    if element.tag not in self._dropped:
                        self._blocks(element)
                case _:
                    pass  # properties of the section, bookmarks

    def _paragraph(self, paragraph: Element) -> None:
        style = self._styles.of(paragraph)
        runs = [*self._carried, *self._runs(paragraph)]
        self._carried = []
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and any(mark.find(tag) is not None for tag in self._dropped):
            self._carried = runs
            return
        words = "".join(run.words for run in runs)
        number = self._numbering.next(style.numbering) if words.strip() else ""
        if style.contents:
            self.pile.leave("contents", words.strip()[:60])
        elif style.title:
            self.pile.add(Passage("title", tuple(runs)))
        elif style.outline is not None:
            self.pile.add(Passage("heading", tuple(runs), style.outline + 1, number))
        elif number and numbered(number) is None:
            level = int(style.numbering[1]) if style.numbering else 0
            self.pile.add(Passage("item", tuple(runs), level, number))
        else:
            strong = bool(words.strip()) and self._strong(paragraph, style.bold)
            self.pile.add(Passage("paragraph", tuple(runs), marker=number, strong=strong))
        self._add_notes()

    def _add_notes(self) -> None:
        notes, self._pending = self._pending, []
        for number, note in notes:
            inner = [run for p in note.iter(f"{W}p") for run in (*self._runs(p), Run(" "))]
            self.pile.add(Passage("paragraph", tuple(inner), marker=f"[{number}]"))

    def _table(self, table: Element) -> None:
        for row in _outermost(table, "tr"):
            if any(row.find(f"{W}trPr/{tag}") is not None for tag in self._dropped):
                continue
            cells = []
            for cell in _outermost(row, "tc"):
                words = " ".join(
                    run.words for p in cell.iter(f"{W}p") for run in (*self._runs(p), Run(" "))
                )
                cells.append(Run(spaced(words)))
            self.pile.add(Passage("row", tuple(cells)))
        self._add_notes()

    def _runs(self, parent: Element, url: str | None = None) -> Iterator[Run]:
        """The words below an element that are meant, with their links."""
        for element in parent:
            if element.tag in self._dropped:
                continue
            match element.tag.removeprefix(W):
                case "r":
                    yield from self._run(element, url)
                case "hyperlink":
                    target = self._links.get(element.get(f"{_R}id", ""), "")
                    inside = not re.fullmatch(r"(https?://|mailto:)\S+", target)
                    if inside:
                        self.pile.leave("inner-link")
                    yield from self._runs(element, None if inside else target)
                case "pPr" | "sectPr" | "tbl":
                    pass
                case _:
                    yield from self._runs(element, url)

    def _run(self, run: Element, url: str | None) -> Iterator[Run]:
        properties = run.find(f"{W}rPr")
        if properties is not None and truth(properties.find(f"{W}vanish")):
            self.pile.leave("hidden")
            return
        for element in run:
            match element.tag.removeprefix(W):
                case "t" | "delText":
                    yield Run(element.text or "", url)
                case "tab" | "br" | "cr":
                    yield Run(" ", url)
                case "noBreakHyphen":
                    yield Run("\u2011", url)
                case "footnoteReference" | "endnoteReference" as reference:
                    notes = self._notes[reference.removesuffix("Reference")]
                    note = notes.get(value(element, "id"))
                    if note is not None:
                        self._noted += 1
                        self._pending.append((self._noted, note))
                        yield Run(f"[{self._noted}]", url)
                case "drawing" | "pict" | "object":
                    yield from self._drawn(element)
                case _ if element.tag == f"{_MC}AlternateContent":
                    choice = element.find(f"{_MC}Choice")
                    if choice is not None:
                        yield from self._drawn(choice)
                case _:
                    pass

    def _drawn(self, element: Element) -> Iterator[Run]:
        """The words of a text box; a picture has none, and is counted."""
        boxes = list(element.iter(f"{W}txbxContent"))
        if not boxes:
            self.pile.leave("image")
        for box in boxes:
            for paragraph in box.iter(f"{W}p"):
                yield Run(" ")
                yield from self._runs(paragraph)

    def _strong(self, paragraph: Element, bold: bool) -> bool:
        """Whether every word of a paragraph is bold."""
        for run in paragraph.iter(f"{W}r"):
            words = "".join(t.text or "" for t in run.iter(f"{W}t"))
            said = truth(run.find(f"{W}rPr/{W}b"))
            if words.strip() and not (bold if said is None else said):
                return False
        return True
