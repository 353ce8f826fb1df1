"""A text over three axes: what no rule tests is asked for by nobody, is no finding, and costs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avenant.cli import app
from avenant.decide.types import Fact, Outcome, Standing
from avenant.decide.whatif import what_if
from avenant.gateway.rehearse import rehearsed
from avenant.library import Text, load
from tests.dossiers import written

AGREEMENT = """\
---
avenant: 1
agreement: bank
instrument: agreement
number: 0
title: Use of the assistant by the bank
language: en
effective: 2026-01-01
label: Invented for a test.
vocabulary: core@1-draft
parties:
  bank: {name: The bank, role: customer, threshold: 1, keys: [], officers: []}
sources:
  - {url: "https://example.org/bank", retrieved: 2026-01-02}
---

# Use of the assistant by the bank

## 1. Facts {#facts .definitions}

```facts
operation: {established-by: connection}
purpose: {established-by: connection}
recourse: {established-by: connection}
signed-by: {connection: [bank]}
models: {sample: general}
```

## 2. Use {#use}

The bank uses the assistant.

```cedar
permit (principal, action, resource);
```

## 3. Credit {#credit}

No [credit](#purpose.credit) is [decided](#operation.decide) without [recourse](#recourse.contestable).

```cedar
forbid (principal, action in Action::"decide", resource)
when { resource in Purpose::"credit" }
unless { resource in Recourse::"contestable" };
```
"""
TESTED = {"operation", "purpose", "recourse"}


@pytest.fixture
def text(tmp_path: Path) -> Text:
    """The bank's text, read from its folder."""
    return load(str(written(tmp_path, {"0-agreement.md": AGREEMENT})))


def established(**facts: str) -> list[Fact]:
    """Facts that the connection established."""
    return [Fact(axis, c, "connection", Standing.ESTABLISHED) for axis, c in facts.items()]


def test_three_facts_decide(text: Text) -> None:
    """With the three axes known the decision is made, whatever is not known of the others."""
    outcomes = [
        text.decider.decide(established(operation="score", purpose="credit", recourse=recourse))
        for recourse in ("contestable", "no-recourse")
    ]
    assert [Outcome.PERMITTED, Outcome.REFUSED] == [d.outcome for d in outcomes]
    assert all(not d.missing for d in outcomes)


def test_only_what_is_tested_is_missing(text: Text) -> None:
    """With nothing known, the three axes are asked for and no other."""
    decision = text.decider.decide(())
    assert TESTED == {m.axis for m in decision.missing}
    assert TESTED == {text.in_force.vocabulary.axes[axis].id for axis in text.decider.index.axes}


def test_what_no_rule_tells_apart_is_one_answer(text: Text) -> None:
    """Of the many purposes that settle it, the first is named and the others counted."""
    decision = text.decider.decide(established(operation="score"))
    found = {tuple(s.answers.items()): s for s in what_if(text.decider, decision)}
    assert {(("purpose", "combat"),), (("recourse", "contestable"),)} == set(found)
    assert found[("purpose", "combat"),].others > 10
    assert 0 == found[("recourse", "contestable"),].others


def test_a_rehearsed_request_is_asked_for_no_more(text: Text, tmp_path: Path) -> None:
    """A request as a developer sends it, with no facts: only the three axes are missing."""
    body = tmp_path / "body.json"
    body.write_text(
        json.dumps({"model": "sample", "messages": [{"role": "user", "content": "Hello"}]}), "utf-8"
    )
    decision = text.decider.decide(rehearsed(text, body, None))
    assert Outcome.UNDETERMINED is decision.outcome
    assert {m.axis for m in decision.missing} <= TESTED


def test_no_finding_is_about_an_axis_that_is_not_tested(text: Text) -> None:
    """Neither who establishes it nor that nobody does is anybody's concern."""
    untested = {axis.id for axis in text.in_force.vocabulary.axes} - TESTED
    found = text.check().findings
    assert found
    for finding in found:
        assert not untested & set(finding.id.split(":")), finding.id
        assert finding.box is None or not untested & set(finding.box.leaves), finding.id


def test_ask_names_no_other_axis(text: Text, capsys: pytest.CaptureFixture[str]) -> None:
    """What a person reads asks for the three axes alone."""
    assert 1 == app.run(["--lang", "en", "ask", str(text.dossier.path), "operation=score"])
    asked = [
        line.split()[1].lower() for line in capsys.readouterr().out.splitlines() if " ? " in line
    ]
    assert {"purpose", "recourse"} == set(asked)
