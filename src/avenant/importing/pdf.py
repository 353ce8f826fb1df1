"""PDF -> passages: the lines of each page as they stand, without what repeats on every page.

A PDF knows where words stand and not what they are. A heading is what is larger or bold, or numbered and short; a
paragraph ends where the space between lines is wider. Left out and said: page headers, footers and numbers, tables of
contents, what is turned. Words divided at the end of a line are joined, and said which.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from statistics import median

from msgspec.structs import replace
from pypdf import PageObject, PdfReader

from avenant.errors import InputError
from avenant.importing.lines import Line, passages_of
from avenant.importing.types import MOST, Pile, Reading, fault, spaced

Progress = Callable[[str, int], None]

_MARGIN = 0.12  # of the page's height, above and below: where headers and footers stand
_LARGER = 1.12  # times the size of the body: a heading
_WIDER = 1.35  # times the usual distance of lines: a new paragraph
_ENDS = (".", ":", ";", "!", "?")  # of a sentence, or of its lead-in
_LONGEST_LEFT = 400  # characters of a line that is left out: a header, a number, a line of contents
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.)?\s*#+(?:\s*(?:/|of|sur|de|von)\s*#+)?\W*", re.IGNORECASE
)
_LEADER = re.compile(r".*(?:\.{4,}|(?:\. ){4,}|…{2,})\s*(?:\d+|[ivxlc]+)?", re.IGNORECASE)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@dataclass(slots=True)
class _Row:
    """A line of a page: its words, height (points from below), size, and whether all of it is bold."""

    page: int
    words: str
    y: float
    size: float
    bold: bool
    margin: bool  # it stands where headers and footers do
    turned: bool  # it is not written from left to right


def read_pdf(data: bytes, file: str, progress: Progress) -> Reading:
    """The passages of a PDF. `progress` is told each page. Raises InputError: password, no words in it, damaged."""
    # The library reports what it repairs to its log; whoever imports sees what comes out.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pile = Pile(file)
    try:
        reader = PdfReader(BytesIO(data))
        # Many a PDF is locked against printing only, and opens with the empty password.
        locked = reader.is_encrypted and not reader.decrypt("")
        if not locked:
            rows = _rows(reader, pile, progress)
            title = _title(reader)
    except InputError:
        raise
    except Exception as error:
        # A damaged file surfaces as whatever its reader stumbles over.
        raise fault("damaged", file, kind="PDF") from error
    if locked:
        raise fault("password", file)
    if not any(row.words for row in rows):
        raise fault("scanned", file)
    for passage in passages_of(_lines(_without_repeats(rows, pile), pile)):
        pile.add(passage)
    return pile.reading(title)


def _title(reader: PdfReader) -> str:
    """What the file calls itself; many say nothing, or nothing that can be read."""
    try:
        title = str((reader.metadata and reader.metadata.title) or "")
    except Exception:  # noqa: BLE001  as with the file itself
        return ""  # the words are all there; only the label of the file is not
    # The name of the file that it was printed from is no title.
    return "" if re.search(r"\.(docx?|rtf|odt|tex|indd|html?|pages)$", title) else title


def _rows(reader: PdfReader, pile: Pile, progress: Progress) -> list[_Row]:
    rows: list[_Row] = []
    size = 0
    for number, page in enumerate(reader.pages, 1):
        progress(pile.file, number)
        found = _page(page, number, pile)
        if not found:
            pile.leave("empty-page", str(number))
        rows += found
        size += sum(len(row.words) for row in found)
        if size > MOST:
            raise fault("too-long", pile.file, most=MOST // 1000)
    return rows


def _page(page: PageObject, number: int, pile: Pile) -> list[_Row]:
    rows: list[_Row] = []
    low, high = float(page.mediabox.bottom), float(page.mediabox.top)
    edge = (high - low) * _MARGIN

    def told(
        text: str,
        cm: list[float],
        tm: list[float],
        font: dict[str, object] | None,
        points: float,
    ) -> None:
        turned = abs(tm[1]) > abs(tm[0]) / 10
        # Lines go down the page, or, of what is turned, across it.
        across, down = (cm[i] * tm[4] + cm[i + 2] * tm[5] + cm[i + 4] for i in (0, 1))
        y = down if not turned else across if tm[1] < 0 else -across
        size = points * abs((tm[1] if turned else tm[3]) or 1) * abs(cm[3] or 1)
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for i, part in enumerate(text.split("\n")):
            if i or not rows or (part.strip() and _begins(rows[-1], turned, y)):
                rows.append(_Row(number, "", y, size, bold=True, margin=False, turned=turned))
            row = rows[-1]
            if part.strip():
                if not row.words.strip():
                    row.y, row.size, row.turned = y, size, turned
                    row.margin = not low + edge <= y <= high - edge
                row.bold = row.bold and bold
            row.words += part

    page.extract_text(visitor_text=told)
    for row in rows:
        row.words = spaced("".join(_LIGATURES.get(c, c) for c in row.words))
    return list(_upright([row for row in rows if row.words], pile))


def _begins(row: _Row, turned: bool, y: float) -> bool:
    """Whether words are of another line than a row; where nothing is turned, the library has told the lines apart."""
    return turned != row.turned or (turned and bool(row.words) and abs(row.y - y) > row.size / 2)


def _upright(rows: Sequence[_Row], pile: Pile) -> Iterator[_Row]:
    """The rows without what is turned beside them, as a stamp across the page; a page that is all turned stays."""
    turned = sum(len(row.words) for row in rows if row.turned)
    whole = turned * 2 > sum(len(row.words) for row in rows)
    for row in rows:
        if row.turned and not whole:
            pile.leave("turned", row.words[:60])
        else:
            yield row


def _without_repeats(rows: Sequence[_Row], pile: Pile) -> list[_Row]:
    """The rows without headers, footers and page numbers: what stands in a margin and repeats, numbers aside."""
    pages = len({row.page for row in rows})
    seen = Counter(
        (_shape(words), page) for page, words in {(r.page, r.words) for r in rows if r.margin}
    )
    often = Counter(shape for shape, _ in seen)
    out: dict[int, str] = {}  # the place of a row that goes, and why
    for i, row in enumerate(rows):
        shape = _shape(row.words)
        if len(shape) > _LONGEST_LEFT:
            continue
        if row.margin and _PAGE_NUMBER.fullmatch(shape):
            out[i] = "page-number"
        elif row.margin and often[shape] > 1 and often[shape] * 2 >= pages:
            out[i] = "page-header"
        elif _LEADER.fullmatch(row.words):
            out[i] = "contents"
    if len(out) == len(rows):
        return list(rows)  # what is all there is, is the text
    for i, code in out.items():
        pile.leave(code, "" if code == "page-number" else rows[i].words[:60])
    return [row for i, row in enumerate(rows) if i not in out]


def _shape(words: str) -> str:
    """Words with their numbers, Roman ones too, as `#`: what is left repeats."""
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", words)


def _lines(rows: Sequence[_Row], pile: Pile) -> list[Line]:
    weights: Counter[float] = Counter()
    for row in rows:
        weights[round(row.size, 1)] += len(row.words)
    body = weights.most_common(1)[0][0] if weights else 1.0
    steps = [
        (a.y - b.y, a.words.endswith(_ENDS))
        for a, b in pairwise(rows)
        if a.page == b.page and a.y > b.y and round(a.size, 1) == round(b.size, 1) == body
    ]
    # Where most paragraphs are short, the usual step is that between paragraphs; behind half a sentence it never is.
    inside = [step for step, ends in steps if not ends] or [step for step, _ in steps]
    usual = median(inside) if inside else body * 1.2
    lines: list[Line] = []
    before: _Row | None = None
    for row in rows:
        # Larger words stand further apart: a title of two lines is one.
        gap = before is None or _apart(before, row, usual * max(1.0, row.size / body))
        lines.append(Line(row.words, gap, row.bold or row.size > body * _LARGER))
        before = row
    return list(_joined(lines, pile))


def _apart(before: _Row, row: _Row, usual: float) -> bool:
    """Whether a paragraph ends between two rows."""
    if before.page != row.page or row.y > before.y:
        return before.words.endswith(_ENDS) or round(before.size, 1) != round(row.size, 1)
    return before.y - row.y > usual * _WIDER or round(before.size, 1) != round(row.size, 1)


def _joined(lines: Sequence[Line], pile: Pile) -> Iterator[Line]:
    """The lines with the words that were divided at their ends made whole."""
    known = frozenset(
        word.casefold() for line in lines for word in re.findall(r"\w+(?:-\w+)+", line.words)
    )
    held: Line | None = None
    for line in lines:
        if held is None:
            held = line
        elif not line.gap and re.search(r"[^\W\d_]-$", held.words) and line.words[:1].isalpha():
            words, whole = unhyphenated(held.words, line.words, known)
            pile.leave("divided", whole)
            held = replace(held, words=words)
        else:
            yield held
            held = line
    if held is not None:
        yield held


def unhyphenated(left: str, right: str, known: frozenset[str]) -> tuple[str, str]:
    """Two lines, of which the first ends in a hyphen, as one; and the word that was joined.

    The hyphen stays where the compound stands elsewhere in the text (`known`), or where the whole word does not and the
    next line begins with a capital or a digit.

    >>> unhyphenated("commercially acquired infor-", "mation", frozenset())
    ('commercially acquired information', 'information')
    >>> unhyphenated("an opt-", "in scheme", frozenset({"opt-in"}))
    ('an opt-in scheme', 'opt-in')
    """
    before, first = re.split(r"(?<=\s)(?=\S+$)|^(?=\S+$)", left, maxsplit=1)
    second, _, rest = right.partition(" ")
    compound = first + second
    whole = first[:-1] + second
    bare = re.sub(r"\W+$", "", compound).casefold()
    keep = bare in known or not second[:1].islower()
    joined = compound if keep else whole
    return f"{before}{joined}{' ' + rest if rest else ''}", re.sub(r"^\W+|\W+$", "", joined)
