"""Import, whatever is written: no word lost, added or moved, no id twice, and what is made is read without fault."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from html import escape
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import InputError
from avenant.importing.compose import Front, markdown
from avenant.importing.cut import Cut, Section, cut_up
from avenant.importing.html import read_html
from avenant.importing.plain import read_marked, read_text
from avenant.importing.types import Passage, Reading, Run
from avenant.library import load
from avenant.source.diagnostics import Diagnostics
from avenant.source.inline import HIDDEN
from avenant.source.markdown import read_markdown
from tests.imports import ids, imported_words, words_of

PARTIES = (("supplier", "[The supplier]", "provider"), ("customer", "[The customer]", "customer"))

# Letters of words, and every sign that Markdown, HTML or this format reads as something.
SIGNS = "#*_-+=~`[](){}<>!&|\\:;.,?'\"§$%/@^ "
WORDS = st.text(st.sampled_from("abcdé1 " + SIGNS), min_size=1, max_size=24)
MARKERS = st.sampled_from(
    (
        "1. ",
        "2. ",
        "2.1 ",
        "(a) ",
        "- ",
        "• ",
        "Article 3 – ",
        "§ 4 ",
        "## ",
        "> ",
        "I. ",
        "1) ",
        "",
        "",
        "    ",
    )
)
LINES = st.builds(lambda marker, words: marker + words, MARKERS, WORDS)
# Pieces that together are links, references, tags, code, rules, headings, items, quotations and hard breaks.
PIECES = (
    *(
        "[x]",
        "(#a.b)",
        "(y)",
        "]: z",
        "![",
        "&amp;",
        "&#8203;",
        "<b>",
        "<!-- c -->",
        "<http://d>",
        "`e`",
        "``",
    ),
    *(
        "**f**",
        "_g_",
        "\\",
        "\\\\",
        "# h",
        "---",
        "===",
        "~~~",
        "> i",
        "- j",
        "+ k",
        "1. l",
        "2) m",
        "{#n}",
        "***",
    ),
    *(
        "o_p_q",
        "!",
        "|",
        ":",
        " ",
        "  ",
        "\n",
        "r" * 60,
        " s ",
        "**Reading.** ",
        "é",
        "&",
        "<",
        "*",
        "_",
        "`",
    ),
    *("[", "]"),
)
SIGNED = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join).filter(str.strip)
# Anything at all, marks of direction and half characters included.
ANYTHING = st.text(max_size=400)


def dossier(reading: Reading) -> Path:
    """The folder of what was read, which its own reader must read without fault."""
    folder = Path(tempfile.mkdtemp()) / "x"
    folder.mkdir()
    text = markdown(cut_up(reading, "Untitled", "en"), Front("x", "en", "2026-01-01", PARTIES))
    (folder / "0-agreement.md").write_text(text, encoding="utf-8")
    load(folder)
    return folder


def holds(reading: Reading, words: Sequence[str]) -> None:
    """The import holds these words in this order, and no id twice."""
    folder = dossier(reading)
    assert list(words) == imported_words(folder)
    found = ids(folder)
    assert len(set(found)) == len(found)


def readable(text: str) -> bool:
    """Whether there is a letter or digit in what people see of a text."""
    return bool(words_of(HIDDEN.sub("", text)))


@given(st.lists(LINES, min_size=1, max_size=12).map("\n".join))
def test_plain_text_keeps_every_word(text: str) -> None:
    """Lines with any sign, number or bullet keep all their words."""
    if readable(text):
        holds(read_text(text, "x.txt"), words_of(text))


@given(
    st.lists(
        st.tuples(st.sampled_from(("h1", "h2", "p", "li", "td")), WORDS), min_size=1, max_size=10
    )
)
def test_html_keeps_every_word(parts: list[tuple[str, str]]) -> None:
    """Pages made of headings, paragraphs, items and cells keep all their words, whatever signs stand in them."""
    words = [word for _, text in parts for word in words_of(text)]
    wrap = {"li": "<ul><li>{}</ul>", "td": "<table><tr><td>{}</table>"}
    page = "".join(
        wrap.get(tag, f"<{tag}>{{}}</{tag}>").format(escape(text)) for tag, text in parts
    )
    if words:
        holds(read_html(page, "x.html"), words)


@given(
    st.lists(
        st.tuples(st.sampled_from(("# ", "## ", "", "- ", "> ", "1. ")), WORDS),
        min_size=1,
        max_size=10,
    )
)
def test_markdown_keeps_every_word(parts: list[tuple[str, str]]) -> None:
    """Markdown whose signs are escaped shows its words, and so does the import."""
    # Character references are the one mark that no backslash takes away from inside a word.
    quoted = [
        (mark, "".join(f"\\{c}" if c in SIGNS.strip() else c for c in text.strip()))
        for mark, text in parts
    ]
    words = [
        w
        for mark, text in parts
        for w in (["1"] if mark == "1. " and readable(text) else []) + words_of(text)
    ]
    source = "\n\n***\n\n".join(mark + text for mark, text in quoted if readable(text))
    if source:
        holds(read_marked(source, "x.md"), words)


KINDS = ("paragraph", "heading", "item")


@pytest.mark.parametrize("kind", KINDS)
def test_each_pair_of_signs_stays(kind: str) -> None:
    """Of every two pieces, one behind the other and on two lines, each sign is read back, and no link is made."""
    pairs = list(product(PIECES, repeat=2))
    texts = [one + other for one, other in pairs] + [f"{one}x\n{other}" for one, other in pairs]
    # A line of a hundred signs is full: what follows begins the next.
    texts += [f"{'x' * 99} {piece}" for piece in PIECES]
    stay(kind, [text for text in texts if text.strip()])


@given(st.sampled_from(KINDS), SIGNED)
def test_every_sign_stays_a_sign(kind: str, words: str) -> None:
    """The same of many pieces."""
    stay(kind, [words])


def stay(kind: str, texts: Sequence[str]) -> None:
    """Each text, in a paragraph, heading or item of its own, is read back sign for sign; nothing is a link or note."""
    meant = [" ".join(words.split()) for words in texts]
    sections = []
    for n, words in enumerate(texts):
        marker = "-" if kind == "item" else ""
        passage = Passage("item" if marker else "paragraph", (Run(words),), marker=marker)
        headed = kind == "heading"
        sections.append(Section(f"h{n}", meant[n] if headed else "H", [] if headed else [passage]))
    cut = Cut("T", False, (), tuple(sections), ())
    text = markdown(cut, Front("x", "en", "2026-01-01", PARTIES))
    faults = Diagnostics()
    _, *found, ours = read_markdown(text, "x", faults).sections
    faults.raise_all()
    assert ours.heading is not None
    assert ("facts", len(texts)) == (ours.heading.id, len(found))
    for n, section in enumerate(found):
        assert section.heading is not None
        assert (f"h{n}", [], []) == (section.heading.id, section.links, section.notes)
        if kind == "heading":
            assert (meant[n], []) == (section.heading.words, section.paragraphs)
        else:
            assert ["- " * (kind == "item") + meant[n]] == section.paragraphs


@given(ANYTHING)
def test_anything_is_read_or_refused(text: str) -> None:
    """Whatever stands in a file, a dossier without fault is made of it, or one error says why not."""
    for read in (read_text, read_marked, read_html):
        reading: Reading | None = None
        with suppress(InputError):
            reading = read(text.replace("\r", "\n"), "x")
        if reading is not None:
            dossier(reading)
