"""The README: what it shows of the sample is what the sample and the commands say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from avenant.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SAMPLE = (ROOT / "agreements" / "openai-dow" / "1-amendment.md").read_text("utf-8")


def block(language: str) -> str:
    """The first fenced block of a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_clause_and_its_rule_are_the_sample_s() -> None:
    """The rule stands in the sample as it is shown, and so does each link of the clause."""
    assert block("cedar") in SAMPLE
    assert set(re.findall(r"\[[^\]]+\]\(#[^)]+\)", block("markdown"))) <= set(
        re.findall(r"\[[^\]]+\]\(#[^)]+\)", SAMPLE)
    )


def test_what_is_found_is_what_check_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of the picture is a line of the command's answer, in its order."""
    monkeypatch.chdir(ROOT)
    assert 1 == app.run(["check", "openai-dow"])
    printed = iter(capsys.readouterr().out.splitlines())
    missing = [line for line in block("text").splitlines() if line and line not in printed]
    assert [] == missing
