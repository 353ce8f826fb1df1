"""What the documentation lists is what there is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests import figures

ROOT = Path(__file__).resolve().parents[2]


def test_every_target_of_make_has_its_line() -> None:
    """The page on `make` lists each target with the words that `make help` prints."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    page = (ROOT / "docs/reference/make.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## (.+)$", makefile, re.MULTILINE)
    assert targets
    assert targets == re.findall(r"^\| `make ([a-z]+)` \| (.+) \|$", page, re.MULTILINE)


def test_figures_replace_what_stood_between_the_marks() -> None:
    """A soak rewrites the table between the two marks of the page, and nothing around it."""
    page = figures.PAGE.read_text(encoding="utf-8")
    when = datetime(2026, 11, 24, tzinfo=UTC)
    rows = [("tests/b.py::test_y", "kills", "500"), ("tests/a.py::test_x", "examples", "9,000")]
    once = figures.with_figures(page, rows, when)
    head, table, tail = re.split(rf"{re.escape(figures.BEGIN)}|{re.escape(figures.END)}", once)
    assert page.startswith(head)
    assert page.endswith(tail)
    assert "| `a.py::test_x` | examples | 9,000 |\n| `b.py::test_y` | kills | 500 |\n" in table
    assert once == figures.with_figures(once, rows, when)


def test_every_decision_is_numbered_once() -> None:
    """Decisions are numbered 0001, 0002, … without a gap, and carry the number in their title."""
    pages = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    numbers = [re.findall(r"\A# (\d+)\. ", page.read_text(encoding="utf-8")) for page in pages]
    expected = list(range(1, len(pages) + 1))
    assert expected
    assert expected == [int(page.name[:4]) for page in pages]
    assert [[str(n)] for n in expected] == numbers
