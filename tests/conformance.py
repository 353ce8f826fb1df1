"""The conformance file as cases: one call under one text, for whoever runs it (library, command line, gateway).

for case in cases():
    decision = avenant.load(case.text, on=case.on).decide(case.facts)
    assert case.expected == case.told_of(decision)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from avenant.decide.types import Decision, Fact, Standing

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "conformance" / "openai-dow.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of the table."""

    name: str
    connection: str
    agreement: str
    number: int
    on: str
    established: tuple[str, ...]  # "axis=category"
    claimed: tuple[str, ...]
    expected: Mapping[str, object]

    @property
    def text(self) -> str:
        """The text as a reader names it: `agreements/openai-dow@1`."""
        return f"{ROOT / 'agreements' / self.agreement}@{self.number}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the call, for the library."""
        kinds = ((self.established, Standing.ESTABLISHED), (self.claimed, Standing.CLAIMED))
        return tuple(
            Fact(*fact.split("="), source="conformance", standing=standing)
            for facts, standing in kinds
            for fact in facts
        )

    def told_of(self, decision: Decision) -> Mapping[str, object]:
        """What the expectation speaks of, as this decision says it."""
        told: Mapping[str, object] = {
            "outcome": str(decision.outcome),
            "cited": list(dict.fromkeys(cited.clause for cited in decision.cited)),
            "missing": [missing.axis for missing in decision.missing],
            "nobody": [m.axis for m in decision.missing if not m.may_establish],
            "against": list(decision.against),
            "past": [{"clause": p.clause, "admission": str(p.admission)} for p in decision.past],
        }
        return {key: told[key] for key in self.expected}


def cases() -> Iterator[Case]:
    """Every case under every text, in the order of the file."""
    # Base loader: dates and numbers stay the words that they are.
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for case in read["cases"]:
        for key, expected in case["expect"].items():
            text = read["texts"][key]
            yield Case(
                name=f"{case['name']} @{key}",
                connection=case["connection"],
                agreement=read["agreement"],
                number=int(text["number"]),
                on=text["on"],
                established=tuple(case["facts"].get("established", ())),
                claimed=tuple(case["facts"].get("claimed", ())),
                expected={"against": [], "past": [], **expected},
            )
