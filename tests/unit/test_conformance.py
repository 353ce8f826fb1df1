"""The sample decides as its conformance file says: through the library, and through the command line."""

from __future__ import annotations

import msgspec
import pytest

import avenant
from avenant.cli.app import run
from avenant.decide.types import Decision
from tests.conformance import Case, cases

CASES = tuple(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_library_decides_as_the_table_says(case: Case) -> None:
    """Outcome, clauses, what is missing, principles met and admissions used, for each call under each text."""
    decision = avenant.load(case.text, on=case.on).decide(case.facts)
    assert case.expected == case.told_of(decision)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_line_decides_as_the_table_says(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    """`avenant ask --json` prints the same Decision, and its exit code is 0 exactly when permitted."""
    claimed = [word for fact in case.claimed for word in ("--claimed", fact)]
    argv = ["ask", case.text, *case.established, *claimed, "--on", case.on, "--json"]
    code = run(argv)
    decision = msgspec.json.decode(capsys.readouterr().out, type=Decision)
    assert case.expected == case.told_of(decision)
    assert (0 if case.expected["outcome"] == "permitted" else 1) == code


def test_the_table_is_whole() -> None:
    """Twelve calls under four texts, with each outcome among them."""
    assert 48 == len(CASES)
    assert {"permitted", "refused", "undetermined"} == {c.expected["outcome"] for c in CASES}
