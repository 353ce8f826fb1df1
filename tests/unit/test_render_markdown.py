"""Markdown reports: what somebody wrote into a text is shown, and does nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from avenant.render.markdown import escaped

FORGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = "<script>alert(1)</script> ![x](http://x.y) [a](javascript:b) `c` *d* ~~e~~ | f"


def shown(markdown: str) -> str:
    """What a reader of the rendered Markdown reads."""
    tokens = FORGE.parse(markdown)
    assert ["paragraph_open", "inline", "paragraph_close"] == [t.type for t in tokens]
    kinds = {c.type for c in tokens[1].children or ()}
    assert kinds <= {"text", "html_inline", "text_special"}, kinds
    comments = {c.content for c in tokens[1].children or () if c.type == "html_inline"}
    assert comments <= {"<!-- -->"}
    return "".join(c.content for c in tokens[1].children or () if c.type != "html_inline")


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "1. a",
        "- a",
        "# a",
        "=",
        "+ a",
        "> a",
        "&amp; &#60;",
        "a@b.c",
        "\\",
        "12) x",
        "2026",
    ],
)
def test_what_is_written_is_what_is_read(text: str) -> None:
    """Text that would be Markdown or HTML is shown as it stands."""
    assert text == shown(escaped(text))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_text_is_one_paragraph_of_plain_words(text: str) -> None:
    """Whatever somebody writes, a reader reads those words and nothing acts."""
    line = " ".join(text.split())
    if line:
        assert line == shown(escaped(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see http://x.y", "see http\\://x.y"),
        ("www.x.y", "www\\.x.y"),
        ("ask @somebody", "ask @<!-- -->somebody"),
        ("high-stakes: 1.5 a. b", "high-stakes: 1.5 a. b"),
    ],
)
def test_a_forge_makes_no_link_and_calls_nobody(text: str, expected: str) -> None:
    """Addresses and names, which forges turn into links and notices, are broken; plain prose is left alone."""
    assert expected == escaped(text)
