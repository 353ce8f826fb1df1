"""A text compiled over an index: what decisions and checks ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import avenant
from avenant.agreement import compiled
from avenant.agreement.compiled import compile_text
from tests.small_texts import small_text

ROOT = Path(__file__).resolve().parents[2]
ALL = "permit (principal, action, resource);"
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
GOOD = 'forbid (principal, action, resource) when { resource in Purpose::"good" };'


def test_rules_are_asked_for_by_effect() -> None:
    """Permissions, prohibitions and the sides of each clause are the text's own rules, principles left out."""
    text = compile_text(small_text({"all": ALL, "ban": f"{HARM}\n{GOOD}"}, {"p": HARM}))
    assert ["all/1"] == [rule.id for rule in text.permissions]
    assert ["ban/1", "ban/2"] == [rule.id for rule in text.prohibitions]
    assert {"all": (text.permissions, ()), "ban": ((), text.prohibitions)} == text.by_clause
    assert ["p"] == [name for name, _ in text.principles]


def test_principles_of_statements_have_the_statements_name() -> None:
    """A statement may use a clause id of the text: its principles are told apart by the statement's id."""
    (principle,) = small_text({"all": ALL}, {"p": HARM}).principles
    text = compile_text(small_text({"all": ALL}, {"p": GOOD}), [("2026-02-28", principle)])
    assert ["p", "2026-02-28/p"] == [name for name, _ in text.principles]


def test_a_check_compiles_its_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings, scenarios, required uses and remedies share one index, and so does `decide`."""
    texts: list[int] = []
    together = compiled.compile_together

    def counted(space: Any, *those: Any) -> Sequence[Any]:
        texts.append(len(those))
        return together(space, *those)

    monkeypatch.setattr(compiled, "compile_together", counted)
    text = avenant.load(ROOT / "agreements" / "openai-dow@0")
    report = text.check()
    text.decide({"purpose": "translation"})
    assert report.ordinary is not None
    assert any(finding.remedy for finding in report.findings)
    assert [1 + len(text.others)] == [sum(texts)]
