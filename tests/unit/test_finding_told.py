"""What stands behind a finding's title says the title no second time."""

import pytest

from avenant.findings.types import Finding, Severity


@pytest.mark.parametrize(
    ("title", "message", "told"),
    [
        ("§2 use", "§2 use rests on effect", "rests on effect"),
        ("R1", "R1, 2 March: missing", "2 March: missing"),
        ("§1", "§10 use rests on effect", "§10 use rests on effect"),
        ("§2 “grave”", "says how much", "says how much"),
        ("", "says how much", "says how much"),
    ],
)
def test_a_title_is_said_once(title: str, message: str, told: str) -> None:
    """A message that begins with its title is told without it; part of another word is no title."""
    finding = Finding("gap", "gap", Severity.NOTE, None, "", (), title, message)
    assert told == finding.told
