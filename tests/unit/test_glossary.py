"""The glossary: the words that the program shows are the words of the page, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.languages import say

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "glossary.md").read_text(
    "utf-8"
)
SHOWN = (
    *("outcome.permitted", "outcome.refused", "outcome.undetermined"),
    *("consent-state.superseded", "order.looser", "order.stricter", "order.incomparable"),
)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("key", SHOWN)
def test_a_word_that_is_shown_is_on_the_page(key: str, lang: str) -> None:
    """Outcomes, orders and states have one word each, and the glossary has it."""
    assert say(key, lang=lang) in PAGE


def test_each_word_stands_once() -> None:
    """One row for each idea."""
    rows = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| **")]
    assert len(rows) == len(set(rows)) > 30
