"""Ordinary uses held against a text: each is permitted, or a finding says which clause stands in its way.

    report = with_ordinary(report, text, uses)
    report.ordinary.permitted, report.ordinary.uses         # 24, 24: proved, as a decision is exact

The facts of a use are supposed established, whoever may establish them. A use that is not complete is permitted only if
all of its points are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText
from avenant.agreement.reading.ordinary import OrdinaryUse
from avenant.analyse.types import Ordinary, Report
from avenant.decide.decider import Decider
from avenant.decide.types import Decision, Fact, Outcome, Standing
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say
from avenant.vocabulary.phrases import spoken

LOST = Kind("ordinary-use-lost", Severity.ERROR, Group.ORDINARY)


def with_ordinary(report: Report, text: CompiledText, uses: Sequence[OrdinaryUse]) -> Report:
    """The report with how many of the uses the text permits, and a finding for each that it does not.

    Its digest stays: ordinary uses are no part of what is signed.
    """
    if not uses:
        return report
    decider = Decider(text)
    lost = tuple(
        _lost(use, decision)
        for use in uses
        if (decision := decider.decide(_facts(use))).outcome is not Outcome.PERMITTED
    )
    return replace(
        report,
        ordinary=Ordinary(len(uses), len(uses) - len(lost)),
        findings=(*report.findings, *lost),
    )


def _facts(use: OrdinaryUse) -> Iterator[Fact]:
    for axis, categories in use.use.items():
        for category in categories:
            yield Fact(axis, category, "ordinary use", Standing.ESTABLISHED)


def _lost(use: OrdinaryUse, decision: Decision) -> Finding:
    name = spoken(use.name)
    clauses = tuple(dict.fromkeys(c.label for c in decision.cited))
    values = {"use": name, "clauses": ", ".join(clauses)}
    if decision.outcome is Outcome.REFUSED:
        message = say("ordinary.refused" if clauses else "ordinary.no-permit", **values)
    else:
        missing = ", ".join(m.axis for m in decision.missing)
        message = say("ordinary.undetermined", **values, axes=missing)
    return LOST.found(
        _slug(next(iter(use.name.values()))),
        message,
        title=name,
        clause=decision.cited[0].clause if decision.cited else None,
        at=use.at,
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
