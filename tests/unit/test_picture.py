"""The picture of the story: drawn from what a console recorded, and loading nothing from outside."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from avenant.languages import plural
from demo.picture import as_svg

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = [DOCS / "story.svg", DOCS / "house.svg"]


def drawn() -> str:
    """A picture of two words."""
    console = Console(record=True, file=io.StringIO(), width=100)
    console.print("[green]permitted[/] by")
    return as_svg(console, "make demo")


def outside(svg: str) -> list[str]:
    """What a picture would load: fonts, styles, images, links. Namespaces and words are not loaded."""
    return re.findall(r'@font-face|@import|url\((?!#)[^)]*|(?:href|src)="[^"#][^"]*', svg)


@pytest.mark.parametrize(
    "svg",
    [drawn(), *(picture.read_text("utf-8") for picture in PICTURES)],
    ids=["drawn", *(picture.stem for picture in PICTURES)],
)
def test_a_picture_loads_nothing(svg: str) -> None:
    """It is whole in itself, and well-formed."""
    assert [] == outside(svg)
    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_loading_is_seen() -> None:
    """The check can fail: Rich's own format loads a font."""
    console = Console(record=True, file=io.StringIO())
    console.print("permitted")
    assert "@font-face" in outside(console.export_svg())


def test_the_kept_picture_is_of_the_whole_story() -> None:
    """From its first section to the damage at the end, with every outcome on the way."""
    told = " ".join("".join(ElementTree.parse(PICTURES[0]).getroot().itertext()).split())
    assert plural("cli.check.ways", 3) in told  # in the words that `check` has today
    for words in ("signed in haste", "permitted", "refused", "undetermined", "failed (upstream)"):
        assert words in told
    assert "damaged" in told
