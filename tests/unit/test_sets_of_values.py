"""The page on sets of values shows what stock Cedar and Avenant really do with the same facts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cedarpy
import pytest

from avenant.agreement.compiled import compile_text
from avenant.decide.decider import Decider
from avenant.decide.facts import parse_fact
from avenant.decide.types import Fact, Standing
from avenant.rules.export import export
from avenant.rules.reference import Reference
from avenant.vocabulary.read import core
from tests.small_texts import small_text

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "sets-of-values.md"
EXAMPLE = re.compile(
    r"^```cedar\n((?:(?!```).*\n)+)```\n\n\|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE
)
ROWS = [
    pytest.param(rules, *(cell.strip() for cell in row.strip("|").split("|")), id=f"{n}{row}")
    for n, (rules, table) in enumerate(EXAMPLE.findall(PAGE.read_text(encoding="utf-8")), 1)
    for row in table.splitlines()
]


def some_parent(rules: str, facts: list[tuple[str, str]]) -> str:
    """What Cedar answers when the use has every category given as a parent, and no other."""
    vocabulary = core()
    exported = export(small_text({"rules": rules}, spoken=vocabulary).rules, vocabulary)
    Reference(exported, vocabulary)  # raises unless Cedar finds the policies valid
    entity = {axis.id: axis.entity for axis in vocabulary.axes}
    parents = [{"type": entity[axis], "id": category} for axis, category in facts]
    use = {"uid": {"type": "Use", "id": "call"}, "attrs": {}, "parents": parents}
    schema = cedarpy.Schema.from_str(exported.schema)
    answer = cedarpy.is_authorized(
        {
            "principal": 'Organisation::"other"',
            "action": 'Action::"other"',
            "resource": 'Use::"call"',
            "context": {},
        },
        exported.policies,
        cedarpy.Entities.from_json_str(
            json.dumps([*json.loads(exported.entities), use]), schema=schema
        ),
        schema=schema,
    )
    assert not answer.diagnostics.errors
    return "permitted" if answer.decision == cedarpy.Decision.Allow else "refused"


def test_the_page_has_its_examples() -> None:
    """Every block of rules on the page is followed by a table that is run."""
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```cedar") == len(EXAMPLE.findall(page)) == 4


@pytest.mark.parametrize(("rules", "carried", "cedars", "ours"), ROWS)
def test_a_row_of_the_page(rules: str, carried: str, cedars: str, ours: str) -> None:
    """Stock Cedar, given every category as a parent, and Avenant answer as the page says."""
    facts = [parse_fact(word) for word in carried.split()]
    text = small_text({"rules": rules}, spoken=core())
    decision = Decider(compile_text(text)).decide(
        Fact(axis, category, "asked", Standing.ESTABLISHED) for axis, category in facts
    )
    assert (cedars, ours) == (some_parent(rules, facts), decision.outcome.value)
