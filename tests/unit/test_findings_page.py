"""The page of findings: every kind that the code knows is on it, with a text that has it and what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import avenant.analyse
from avenant.languages.read import catalogue
from avenant.library import load
from avenant.prose.types import Category
from tests.conformance import ROOT
from tools import findings_page
from tools.findings_examples import EXAMPLES, Example

SOURCES = tuple(Path(avenant.analyse.__file__).parent.rglob("*.py"))
MAKERS = {"Finding", "about", "_finding", "_on"}  # what is called with a code first


def codes() -> set[str]:
    """The kinds of findings that have a name in the catalogue."""
    keys = (k.removeprefix("finding.") for k in catalogue("en") if k.startswith("finding."))
    return {key for key in keys if not key.endswith("-many")}


def constants(node: ast.AST) -> Iterator[str]:
    """Every string that is written out in a tree."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_the_page_is_current() -> None:
    """The page is what its tool writes today; its texts are read and analysed on the way."""
    told = "run: PYTHONPATH=. python tools/findings_page.py"
    assert findings_page.PAGE.read_text("utf-8") == findings_page.page(), told


def test_every_kind_of_finding_has_an_example() -> None:
    """The catalogue's kinds and the examples are the same, and none is shown twice."""
    assert sorted(codes()) == sorted(example.code for example in EXAMPLES)


def test_every_code_of_the_source_is_a_kind_of_the_catalogue() -> None:
    """What a finding is made with has a name; and each name is of a finding that is made."""
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCES]
    made = {
        node.args[0].value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in MAKERS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(made) > 15
    assert set() == made - codes()
    strings = {f"wording-{category}" for category in Category}
    strings |= {value for tree in trees for value in constants(tree)}
    assert set() == codes() - strings


def test_every_finding_of_the_sample_is_of_a_kind_on_the_page() -> None:
    """A code that is put together as the code runs is seen here."""
    for number in range(3):
        report = load(ROOT / "agreements" / f"openai-dow@{number}").check()
        assert set() == {f.code for f in report.findings} - codes()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_an_example_has_its_finding(example: Example) -> None:
    """The text of each example has a finding of its kind, with a sentence, and the kind has its help and its French."""
    found = findings_page.finding_of(example)
    assert found.message
    assert found.id == example.code or found.id.startswith(f"{example.code}:")
    for language in ("en", "fr"):
        for key in (f"finding.{example.code}", f"render.help.{example.code}"):
            assert catalogue(language)[key]
