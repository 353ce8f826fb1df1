"""The page of findings: every kind that the code knows is on it, with a text that has it and what to do."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from avenant.analyse import checks
from avenant.analyse.checks.registry import CHECKS, KINDS
from avenant.analyse.compare.declared_effect import NAMED, STATED
from avenant.languages.read import catalogue
from avenant.library import load
from tests.conformance import ROOT
from tools import findings_page
from tools.findings_examples import EXAMPLES, Example


def codes() -> set[str]:
    """The kinds of findings that have a name in the catalogue."""
    keys = (k.removeprefix("finding.") for k in catalogue("en") if k.startswith("finding."))
    return {key for key in keys if not key.endswith("-many")}


def test_the_page_is_current() -> None:
    """The page is what its tool writes today; its texts are read and analysed on the way."""
    told = "run: PYTHONPATH=. python tools/findings_page.py"
    assert findings_page.PAGE.read_text("utf-8") == findings_page.page(), told


def test_every_kind_of_finding_has_an_example() -> None:
    """The catalogue's kinds and the examples are the same, and none is shown twice."""
    assert sorted(codes()) == sorted(example.code for example in EXAMPLES)


def test_every_kind_of_the_checks_is_a_kind_of_the_catalogue() -> None:
    """What a check makes has a name in the catalogue; and each name is of a kind that some check makes."""
    made = [kind.code for check in CHECKS for kind in check.kinds]
    assert len(set(made)) == len(made)
    assert codes() == {*KINDS, NAMED.code, STATED.code}


def test_each_file_of_checks_is_in_the_registry() -> None:
    """A check that is written is asked: no file of the folder holds one that the tuple lacks."""
    for module in iter_modules(checks.__path__):
        held = vars(import_module(f"{checks.__name__}.{module.name}"))
        if module.name != "registry":
            own = [*held.get("CHECKS", ()), *([held["CHECK"]] if "CHECK" in held else [])]
            assert [] == [check for check in own if check not in CHECKS], module.name


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
        for key in (f"finding.{example.code}", f"help.{example.code}"):
            assert catalogue(language)[key]
