"""Six published policies: as many loopholes as a person counted before the search was run, laid to the same clauses."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from avenant.analyse.types import Report
from avenant.findings.types import Finding
from avenant.library import load
from tests.conformance import ROOT

POLICIES = ROOT / "tests" / "policies"


class Counted(msgspec.Struct, frozen=True):
    """What a person counted for one principle, and in which clauses; `named` instead, where it `differs`."""

    count: int
    clauses: tuple[str, ...]
    why: str
    named: tuple[str, ...] | None = None
    differs: str = ""
    recounted: str = ""


COUNTS = msgspec.yaml.decode(
    (POLICIES / "counts.yaml").read_bytes(), type=dict[str, dict[str, Counted]]
)


@pytest.fixture(scope="module", params=sorted(COUNTS))
def checked(request: pytest.FixtureRequest) -> tuple[dict[str, Counted], Report]:
    """What was counted in one policy, and its report."""
    return COUNTS[request.param], load(POLICIES / request.param).check()


def named(finding: Finding) -> set[str]:
    """The clauses to which a loophole is laid."""
    assert finding.box is not None
    return {p.clause for p in (*finding.box.passes, *finding.box.permits)}


def test_each_policy_is_counted() -> None:
    """Every policy of the folder has its counts, and they are six."""
    assert sorted(p.name for p in Path(POLICIES).iterdir() if p.is_dir()) == sorted(COUNTS)
    assert len(COUNTS) == 6


def test_a_person_counts_the_same(checked: tuple[dict[str, Counted], Report]) -> None:
    """The ways found through each principle, all of them, are those that a person counted, give or take one."""
    counts, report = checked
    assert sorted(counts) == sorted(p.clause for p in report.principles)
    assert [] == [
        (p.clause, counts[p.clause].count, p.ways)
        for p in report.principles
        if not p.complete
        or abs(p.ways - counts[p.clause].count) > 1
        or (p.ways == 0) != (counts[p.clause].count == 0)
    ]


def test_a_person_blames_the_same(checked: tuple[dict[str, Counted], Report]) -> None:
    """Each loophole is laid to the clauses in which a person found it, and to no other."""
    counts, report = checked
    for clause, counted in counts.items():
        blamed = set().union(*(named(f) for f in report.findings if f.principle == clause))
        assert set(counted.clauses if counted.named is None else counted.named) == blamed
