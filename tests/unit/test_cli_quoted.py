"""The quoted lines of an error: the place underlined, both passages where two collide."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.cli import app
from avenant.errors import InputError, Span
from avenant.render.terminal.quoted import drawn

LINE = "permit when Purpose"


def quoted(line: str, at: Span, *also: Span, width: int = 60) -> list[str]:
    """The lines drawn for an error on a file that has the same line everywhere."""
    error = InputError("code", "message", at, None, also)
    error.quote({"a.md": "\n".join([line] * 120), "b.md": line})
    return list(drawn(error, width))


@pytest.mark.parametrize(
    ("line", "word", "marks"),
    [
        ("permit when Purpose", "when", "       ^^^^"),
        ("\tpermit when", "when", "        ^^^^"),
        ("名前 when", "when", "     ^^^^"),
        ("when 名前", "名前", "     ^^^^"),
        ("e\u0301te\u0301 when", "when", "    ^^^^"),
    ],
    ids=["plain", "tab", "wide before", "wide", "combining"],
)
def test_the_marks_stand_below_the_place(line: str, word: str, marks: str) -> None:
    """Columns are characters, marks are cells: tabs, wide and combining characters are allowed for."""
    start = line.index(word)
    at = Span("a.md", 1).within(line, start, start + len(word))
    assert [f"1 │ {line}".replace("\t", " "), f"  │ {marks}"] == quoted(line, at)


def test_a_place_that_is_a_whole_file_quotes_nothing() -> None:
    """What is said of a file has no line to show."""
    assert [] == quoted(LINE, Span("a.md", 1))


@pytest.mark.parametrize("start", [0, 40, 500_000])
def test_a_long_line_is_cut_around_the_place(start: int) -> None:
    """However long the line is, the place is seen and the screen is not left."""
    line = "x" * start + "WORD" + "y" * 500_000
    shown, marks = quoted(line, Span("a.md", 1).within(line, start, start + 4))
    assert max(len(shown), len(marks)) <= 60
    assert "WORD" == shown[marks.index("^") : marks.rindex("^") + 1]


def test_two_passages_that_collide_are_both_shown() -> None:
    """Each has its line; one of another file names the file."""
    here, there = Span("a.md", 120).within(LINE, 0, 6), Span("b.md", 1).within(LINE, 7, 11)
    assert [
        "120 │ permit when Purpose",
        "    │ ^^^^^^",
        "    ┌ b.md",
        "  1 │ permit when Purpose",
        "    │        ^^^^",
    ] == quoted(LINE, here, there)


def test_a_place_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    """The rest of it is not shown."""
    at = Span("a.md", 1).within(f"{LINE}\n{LINE}", 7, 30)
    assert ["1 │ permit when Purpose", "  │        ^^^^^^^^^^^^"] == quoted(LINE, at)


AGREEMENT = """\
---
avenant: 1
instrument: agreement
number: 0
agreement: small
title: Small
language: en
effective: 2026-03-01
vocabulary: core@1-draft
parties:
  maker: {name: The Maker, role: provider, threshold: 1, keys: []}
---

# Small

## 1. Use {#use}

> **Encoding.** Everything.

The system may be used [for translation](#purpose.translatoin), if nobody objects.

```cedar
permit (principal, action, resource) when { resource in Purpose::"translation" };
```

## 2. Again {#use}

Nothing.
"""


def test_the_command_line_quotes_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link is underlined from bracket to bracket; two headings of one id are both shown."""
    file = tmp_path / "0-agreement.md"
    file.write_text(AGREEMENT, "utf-8")
    assert 2 == app.run(["check", str(tmp_path)])
    said = capsys.readouterr().err
    assert (
        "      26 │ ## 2. Again {#use}\n"
        "         │ ^^^^^^^^^^^^^^^^^^\n"
        "      16 │ ## 1. Use {#use}\n"
        "         │ ^^^^^^^^^^^^^^^^\n"
    ) in said
    file.write_text(AGREEMENT.replace("Again {#use}", "Again {#again}"), "utf-8")
    assert 2 == app.run(["check", str(tmp_path)])
    shown, marks = capsys.readouterr().err.splitlines()[1:3]
    assert "[for translation](#purpose.translatoin)" == shown[marks.index("^") : len(marks)]
