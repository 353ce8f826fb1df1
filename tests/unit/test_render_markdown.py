"""Markdown reports: what somebody wrote into a text is shown, and does nothing."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import avenant
from avenant.languages import speak
from avenant.render.markdown import comparison_markdown, escaped, report_markdown
from avenant.render.said import order, way
from tests.conformance import ROOT

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
    line = re.sub(" +", " ", text).strip(" ")
    if line.strip():
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


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_comparison_says_what_is_newly_permitted(language: str) -> None:
    """The order, each box of both sides and each clause that changed are there, as a forge shows them."""
    speak(language)
    try:
        texts = [avenant.load(ROOT / f"agreements/openai-dow@{n}") for n in (1, 0)]
        comparison = texts[0].compare(texts[1])
        markdown = comparison_markdown(comparison)
        word, _ = order(comparison)
    finally:
        speak("en")
    read = as_read(markdown)
    boxes = (*comparison.newly_permitted.boxes, *comparison.newly_refused.boxes)
    assert boxes
    for said in (word, *(b.sentence[1:] for b in boxes), *(c.label for c in comparison.changes)):
        assert said in read


def test_a_report_says_each_way_through() -> None:
    """Each principle, each way with its words and places, and the digest to sign by."""
    report = avenant.load(ROOT / "agreements/openai-dow@1").check()
    read = as_read(report_markdown(report))
    for principle in report.principles:
        assert " ".join(principle.words.split()) in read
    ways = [f.box for f in report.findings if f.box and f.code == "loophole"]
    assert ways
    for box in ways:
        assert way(box) in read
        for p in box.passes:
            assert f'"{p.word}" {p.at}' in read
    assert report.digest[:15] in read


def as_read(markdown: str) -> str:
    """The text of the Markdown as a forge renders it, its tags taken out."""
    return html.unescape(re.sub(r"<[^>]*>", "", FORGE.render(markdown)))
