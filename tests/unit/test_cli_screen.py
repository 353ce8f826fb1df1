"""Two columns on the screen, each wrapped in its own."""

from __future__ import annotations

import pytest

from avenant.render.terminal.screen import Screen


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("  + §9", "Any use", ["  + §9    Any use"]),
        ("  + §9", "Any use " * 12, ["  + §9    " + "Any use " * 10 + "Any use", " " * 10 + "Any use"]),
        ("  + §9 agencies", "Any use", ["  + §9 agencies", "          Any use"]),
    ],
    ids=["short", "wrapped", "long on the left"],
)  # fmt: skip
def test_columns(
    left: str, right: str, expected: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The right column stands at its place in every line; a long left one has a line of its own."""
    Screen().columns(left, right.strip(), 10)
    assert expected == capsys.readouterr().out.splitlines()


def test_a_no_break_space_is_no_place_to_break(capsys: pytest.CaptureFixture[str]) -> None:
    """French keeps a quotation mark with its word and a semicolon with what it ends, in colour and without."""
    words = "abc " * 23 + "«\u202fsurveillance\u202f» ;"
    for printed in (Screen().text, Screen().row):
        printed(words)
        assert "«\u202fsurveillance\u202f» ;" == capsys.readouterr().out.splitlines()[1].strip()
    Screen().columns("", words, 2, "red")
    assert "  «\u202fsurveillance\u202f» ;" == capsys.readouterr().out.splitlines()[1]
