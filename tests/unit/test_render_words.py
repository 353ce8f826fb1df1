"""Where the words of a finding stand: in the file by line and column, in the prose by occurrence."""

from __future__ import annotations

from pathlib import Path

import pytest

import avenant
from avenant.render.words import Stretch, lines_of, occurrence, places, span, split_place
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, derived, written

SAMPLE = ROOT / "agreements" / "openai-dow"
TWICE = AGREEMENT.replace(
    "for [surveillance](#purpose.surveillance).",
    """for [surveillance](#purpose.surveillance), nor for the
the surveillance of the [police](#organisation.police) of a
[town](#organisation.town).""",
)


def at(folder: Path, place: Stretch, file: str) -> str:
    """What stands at a span of a file."""
    lines = (folder / file).read_text("utf-8").split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return " ".join(lines)


def test_each_word_of_the_sample_is_found_where_it_stands() -> None:
    """Every word at which a use gets past a ban stands at the span that is given for it."""
    text = avenant.load(SAMPLE)
    lines = lines_of([*text.in_force.clauses, *(clause for _, clause in text.stated)])
    passes = [p for f in text.check().findings if f.box for p in f.box.passes if p.word]
    assert len(passes) > 10
    for p in passes:
        assert p.word is not None
        place = span(p.at, p.word, lines)
        assert place is not None
        assert p.word == at(SAMPLE, place, split_place(p.at)[0])


@pytest.mark.parametrize(
    ("word", "line", "expected"),
    [
        ("surveillance", 0, "surveillance"),
        ("surveillance", 1, "surveillance"),
        ("intentionally used for surveillance", 0, None),
        ("the surveillance", 0, "the surveillance"),
        ("of the police of a town", 1, "of the [police](#organisation.police) of a [town"),
        ("encoding", 0, None),
        ("#purpose.surveillance", 0, None),
        ("Nothing is said", 0, None),
    ],
)
def test_a_word_may_be_broken_over_lines_and_hold_links(
    tmp_path: Path, word: str, line: int, expected: str | None
) -> None:
    """Lines and links do not hide a word; notes, rules and the targets of links are no prose."""
    text = derived(written(tmp_path, {"0-agreement.md": TWICE}))[0]
    clause = text.clause("watching")
    assert clause is not None
    first = next(w.at.line for w in clause.words if w.text == "surveillance")
    place = span(f"0-agreement.md:{first + line}", word, lines_of(text.clauses))
    if word.startswith("intentionally"):
        expected = "intentionally](#intent.deliberate) used for [surveillance"
    assert expected == (at(tmp_path, place, "0-agreement.md") if place else None)
    if place and line and word == "surveillance":
        assert first + 1 == place.line
        assert 1 == occurrence(f"0-agreement.md:{first + 1}", word, clause)


def test_places_in_prose() -> None:
    """In prose a word is found wherever it stands whole at its beginning."""
    prose = "the a  word, a word, and not 1a word,"
    assert ["a  word,", "a word,"] == [prose[start:end] for start, end in places("a word,", prose)]
