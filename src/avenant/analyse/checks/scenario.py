"""Scenarios: a text does something else than the scenario beside its clause says."""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Scenario
from avenant.analyse.check import Check
from avenant.decide.decider import Decider
from avenant.decide.types import Fact, Standing
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say

SCENARIO = Kind("scenario", Severity.ERROR, Group.STRUCTURE)


def scenarios(text: CompiledText) -> Iterator[Finding]:
    """Scenarios whose `expect` is not what the text does; their facts count as established."""
    decider: Decider | None = None
    for clause in text.text.clauses:
        for n, scenario in enumerate(clause.scenarios, 1):
            decider = decider or Decider(text)
            outcome = decider.decide(_facts(scenario)).outcome.value
            if outcome != scenario.expect:
                yield SCENARIO.found(
                    f"{clause.id}/{n}",
                    say("findings.scenario", expected=scenario.expect, outcome=outcome),
                    title=clause.label,
                    clause=clause.id,
                    at=scenario.at,
                )


def _facts(scenario: Scenario) -> Iterator[Fact]:
    for axis, categories in scenario.use.items():
        for category in categories:
            yield Fact(axis, category, "scenario", Standing.ESTABLISHED)


CHECK = Check((SCENARIO,), lambda inquiry, _: scenarios(inquiry.text))
