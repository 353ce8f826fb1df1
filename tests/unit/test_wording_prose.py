"""How a text is read: pieces, what leads into them, what is taken out of sight, where everything stands."""

from __future__ import annotations

import pytest

from avenant.prose.prose import read_prose
from avenant.prose.tokens import tokenised


def pieces(text: str) -> list[tuple[str, str, int | None]]:
    """Kind, words, lead of each piece."""
    prose = read_prose(text)
    return [(p.kind, prose.words(p.start, p.end), p.lead) for p in prose.pieces]


def test_headings_in_every_form() -> None:
    """`#`, underlined, bold, numbered, shouted, `Article 3`: all are headings; a numbered sentence is none."""
    text = (
        "# One {#one .red-line}\n\nTwo\n---\n\n**Three**\n\n4. Four\n\nFIVE\n\nArticle 6 – Six\n\n"
        "7. The supplier shall act.\n"
    )
    read = pieces(text)
    assert ["One", "Two", "Three", "Four", "FIVE", "Article 6 – Six"] == [
        words for kind, words, _ in read if kind == "heading"
    ]
    assert ("item", "The supplier shall act.") == read[-1][:2]


def test_lists_and_what_leads_into_them() -> None:
    """Items stand under their lead-in, nested ones under their item, a new list under the heading."""
    text = "Do not:\n\n- one\n  and more\n  - nested\n- two\n\nThen.\n\n(a) alone\n(b) too\n"
    assert [
        ("paragraph", "Do not:", None),
        ("item", "one and more", 0),
        ("item", "nested", 1),
        ("item", "two", 0),
        ("paragraph", "Then.", None),
        ("item", "alone", None),
        ("item", "too", None),
    ] == pieces(text)


def test_a_wrapped_line_that_begins_like_an_item() -> None:
    """A dash or a numeral at a line's beginning is no item where the line before does not end."""
    assert [("paragraph", "It is kept – unless – I. say so.", None)] == pieces(
        "It is kept – unless\n– I. say so.\n"
    )


def test_the_letters_of_a_list_and_its_numerals() -> None:
    """`(i)` after `(h)` goes on; after `(a) …:` it is a level below."""
    text = "Do not:\n(h) one;\n(i) two:\n(i) three;\n(ii) four;\n(j) five.\n"
    assert [None, 0, 0, 2, 2, 0] == [lead for _, _, lead in pieces(text)]


def test_cells_stand_under_the_head_of_their_column() -> None:
    """The first row of a table leads into the cells below it."""
    text = "| Allowed | Forbidden |\n|:--|--:|\n| a | b |\n"
    assert [("cell", "a", 0), ("cell", "b", 1)] == pieces(text)[2:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "---",
        "---\n",
        "```",
        "> ",
        "|",
        "| |",
        "# ",
        "- ",
        "**",
        "[](",
        "&#0;",
        "\x00",
        "\ufeff",
        "a\u2028b",
    ],
)
def test_what_is_hardly_a_text(text: str) -> None:
    """Nothing fails, and offsets stay within the text."""
    prose = read_prose(text)
    assert len(prose.source) == len(prose.plain)
    assert all(0 <= p.start <= p.end <= len(prose.plain) for p in prose.pieces)


def test_lines_are_those_of_the_file() -> None:
    """Front matter, fences, entities of line breaks and carriage returns move no line."""
    text = "---\r\na: b\r\n---\r\n\r\n```\r\nx\r\n```\r\na &#10; b\r\nlast\r\n"
    prose = read_prose(text)
    assert 9 == prose.line(prose.plain.index("last"))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("Use e.g. Facebook, i.e. Meta, as of No. 3.", 1),
        ("The U.S. Department acts. It acts.", 2),
        ("Art. 3 applies. « Fin. » Suite.", 3),
        ("Version 3.2 is out.", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    """Sentences end at a full stop and not at an abbreviation, a number or an initial."""
    tokens = tokenised(read_prose(text))
    assert count == sum(s.last > s.first for s in tokens.sentences)
