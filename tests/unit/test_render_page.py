"""The page without a browser: what it says first, and how prose is cut into marked pieces."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import avenant
from avenant.analyse.types import Report
from avenant.findings.types import Severity
from avenant.library import Text
from avenant.render.marks import Mark, marked, paragraphs
from avenant.render.page import page
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written

EMPTY = {"br", "hr", "link", "meta"}


@cache
def sample() -> tuple[Report, Text]:
    """The sample and its report."""
    text = avenant.load(ROOT / "agreements/openai-dow@1")
    return text.check(), text


def outcome(report: Report) -> tuple[str, str]:
    """The tone and the sentence that the page of a report begins with."""
    html = page(report, sample()[1].in_force)
    found = re.search(r'<p class="outcome ([a-z]+)">(.+?)</p>', html)
    assert found
    return found[1], found[2]


def test_ways_through_come_first() -> None:
    """A way that nobody has accepted is what matters most."""
    report, _ = sample()
    ways = sum(p.ways for p in report.principles)
    tone, told = outcome(report)
    assert ("error", True) == (tone, told.startswith(f"{ways} loopholes "))


def test_accepted_ways_are_no_open_ones() -> None:
    """What the parties accepted is not counted again; what else is an error is."""
    report, _ = sample()
    accepted = tuple(
        replace(f, accepted="known") if f.code == "loophole" else f for f in report.findings
    )
    errors = sum(f.severity is Severity.ERROR and not f.accepted for f in accepted)
    assert errors
    tone, told = outcome(replace(report, findings=accepted))
    assert ("error", True) == (tone, f"{errors} error" in told)


def test_a_text_that_lets_nothing_through() -> None:
    """No finding: proved; and where no principle was stated, that is said instead."""
    report, _ = sample()
    none = replace(report, findings=())
    assert ("good", "No loophole in any principle (proved).") == outcome(none)
    tone, told = outcome(replace(none, principles=()))
    assert ("good", True) == (tone, "no principle" in told)


def test_what_was_cut_off_is_never_good() -> None:
    """A limit that was reached is what the page begins with, however little was found."""
    report, _ = sample()
    cut = replace(report, findings=(), complete=False, digest="")
    assert "warning" == outcome(cut)[0]


def test_every_tag_is_closed() -> None:
    """The page is well formed: each tag that is opened is closed, in order."""
    opened: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in EMPTY:
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert tag == opened.pop()

    report, text = sample()
    Tags().feed(page(report, text.in_force, [clause for _, clause in text.stated]))
    assert [] == opened


PROSE = "one two\n\nthree four\n\n- five"
MARKS = st.lists(
    st.builds(
        lambda a, b, number, severity: Mark(min(a, b), max(a, b) + 1, number, severity),
        st.integers(0, len(PROSE) - 1),
        st.integers(0, len(PROSE) - 1),
        st.integers(1, 5),
        st.sampled_from(Severity),
    ),
    max_size=8,
)


@given(MARKS)
def test_pieces_are_the_prose(marks: list[Mark]) -> None:
    """However marks overlap, the pieces are the prose, and each finding begins once."""
    pieces = marked(PROSE, sorted(marks))
    assert PROSE == "".join(piece.text for piece in pieces)
    numbers = {mark.number for mark in marks}
    assert sorted(numbers) == sorted(n for piece in pieces for n in piece.begins)
    ends = {(m.number, m.end) for m in marks}
    assert len(ends) == sum(len(piece.ends) for piece in pieces)
    at = 0
    for piece in pieces:
        over = [m for m in marks if m.start <= at < m.end]
        worst = min((list(Severity).index(m.severity) for m in over), default=None)
        assert worst == (list(Severity).index(piece.severity) if piece.severity else None)
        at += len(piece.text)


@given(MARKS)
def test_paragraphs_lose_nothing(marks: list[Mark]) -> None:
    """Cut into paragraphs, the pieces keep their words, beginnings and ends."""
    pieces = marked(PROSE, sorted(marks))
    cut = paragraphs(pieces)
    assert PROSE == "\n\n".join("".join(p.text for p in paragraph) for paragraph in cut)
    flat = [p for paragraph in cut for p in paragraph]
    assert sorted(n for p in pieces for n in p.begins) == sorted(n for p in flat for n in p.begins)
    assert sorted(n for p in pieces for n in p.ends) == sorted(n for p in flat for n in p.ends)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_is_missing(language: str) -> None:
    """The page is made in either language: a sentence that the catalogue lacks would raise."""
    from avenant.languages import speak

    speak(language)
    try:
        report, text = sample()
        html = page(report, text.in_force, [clause for _, clause in text.stated])
    finally:
        speak("en")
    assert f'<html lang="{language}">' in html


def test_what_somebody_wrote_is_escaped(tmp_path: Path) -> None:
    """Where no browser runs too: no tag of a text's title, label, clause, note or party is one of the page."""
    lie = "<script>alert(1)</script>"
    hostile = (
        AGREEMENT.replace("title: Use of the assistant by the town", f'title: "{lie}"')
        .replace("label: Invented for a test.", f'label: "{lie}"')
        .replace("name: The town", f'name: "{lie}"')
        .replace("The [police]", "&lt;script&gt;alert(1)&lt;/script&gt; The [police]")
        .replace("the town knows this", "&lt;script&gt;alert(1)&lt;/script&gt; knows this")
    )
    text = avenant.load(written(tmp_path / "town", {"0-agreement.md": hostile}))
    html = page(text.check(), text.in_force)
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert "<script" not in html
    assert "default-src 'none'" in html
