"""Remedies of the sample, consolidated and held against z3."""

from __future__ import annotations

import pytest
import z3 as solver
from msgspec.structs import replace

import avenant
from avenant.agreement.compiled import compile_text
from avenant.agreement.proposal import read_proposal
from avenant.analyse.remedy import Remedies
from avenant.consent import trying
from avenant.errors import Span
from avenant.findings.types import Finding, Remedy
from avenant.rules.types import And, In, Or
from tests.conformance import ROOT
from tests.remedy_world import NOW
from tests.second_opinion import Opinion

NOWHERE = Span("ordinary.yaml", 1)


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("stated", [True, False], ids=["uses", "no-uses"])
def test_z3_agrees_on_the_sample_s_remedies(number: int, stated: bool) -> None:
    """With each remedy of the sample, z3 finds no use of the ways that it closes, and no required use lost."""
    text = avenant.load(ROOT / "agreements" / f"openai-dow@{number}")
    report = text.check()
    uses = text.ordinary() if stated else ()
    cut = replace(text.dossier, instruments=text.dossier.instruments[: number + 1])
    consolidate = trying(cut, number, NOW)
    remedies = Remedies(
        text.compiled,
        uses,
        report,
        cut,
        lambda: consolidate,
        others=[compile_text(other, text.stated) for other in text.others],
    )
    ways = {f.id: f for f in report.findings if f.code == "loophole"}
    assert ways
    z3 = Opinion(text.in_force.vocabulary)
    for way in ways.values():
        remedy = remedies.of(way)
        assert isinstance(remedy, Remedy)
        texts = consolidate(read_proposal(remedies.proposal(remedy)))
        (amended,) = (t for t in texts if t.since == text.in_force.since)
        principles = {c.id: c for c in (*amended.principles, *(c for _, c in text.stated))}
        for id in remedy.closes:
            box = ways[id].box
            assert box is not None
            forbids = z3.rules(principles[_principle(ways[id])].rules, "forbid")
            assert z3.none(z3.permitted(amended), forbids, z3.box(box.leaves, box.foreground))
        for use in uses:
            each = [Or(tuple(In(a, id, NOWHERE) for id in ids)) for a, ids in use.use.items()]
            assert z3.none(solver.Not(z3.permitted(amended)), z3.condition(And(tuple(each))))


def _principle(finding: Finding) -> str:
    return finding.id.split(":")[1].rpartition("/")[2]
