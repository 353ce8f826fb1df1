"""What critics said that the published text lets through: fourteen rows, each found on the words that it names.

Each row is tied to words of the sample and to a kind of finding. The analysis knows none of them: it finds the same
under other names (`tests/property/test_analyse_sample.py`), and no string of its code is a category or clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from avenant.analyse.types import Report
from avenant.findings.types import Finding
from avenant.library import load
from tests.conformance import ROOT


@cache
def report(number: int = 1) -> Report:
    """The report on the text of 2 March, or on another of the dossier."""
    return load(ROOT / "agreements" / f"openai-dow@{number}").check()


def found(code: str, clause: str | None = None, number: int = 1) -> Iterator[Finding]:
    """The findings of a kind, on a clause where one is named."""
    return (
        f
        for f in report(number).findings
        if f.code == code and clause in (None, f.clause, *(spot.clause for spot in f.clauses))
    )


def ways(principle: str, axis: str, word: str) -> list[Finding]:
    """The loopholes of a principle that get past a ban on this axis at this word."""
    return [
        f
        for f in found("loophole", principle)
        if f.box
        and any(
            p.axis == axis and word in (p.word, *p.also) and word in f.words for p in f.box.passes
        )
    ]


def worded(clause: str, words: str) -> list[Finding]:
    """The findings on these words of a clause's prose."""
    return [
        f
        for f in report().findings
        if f.code.startswith("wording-") and f.clause == clause and words in f.words
    ]


def test_l01_all_lawful_purposes() -> None:
    """Legality rests with the party that the permission binds."""
    (finding,) = (f for f in found("vacuous", "all-lawful") if "lawful" in f.words)
    assert ("Department of War",) == finding.who


def test_l02_consistent_with_applicable_laws() -> None:
    """The ban is measured by law, as the customer reads it: a finding on the words, and one on who attests."""
    (finding,) = worded("surveillance", "Consistent with applicable laws")
    assert "wording-law-relative" == finding.code
    assert {("Department of War",)} == {f.who for f in found("vacuous", "surveillance")}


def test_l04_as_they_exist_today() -> None:
    """Said outside the text: no reference to law is dated but the directive of section 4."""
    (finding,) = (f for f in found("statement-missing") if f.id.endswith("/s2:date"))
    assert ("OpenAI",) == finding.who
    undated = {f.clause for f in found("wording-undated-law")}
    assert {"intelligence", "law-enforcement", "surveillance"} == undated
    assert {w for f in found("wording-undated-law") for w in f.words} == set(finding.words)


@pytest.mark.parametrize(
    ("principle", "word"),
    [
        ("r2", "law, regulation, or Department policy requires human control"),
        ("r3", "require approval by a human decisionmaker"),
    ],
)
def test_l05_where_law_or_policy_requires_human_control(principle: str, word: str) -> None:
    """No ban where none requires a human; and whom the clause binds says whether one does."""
    assert ways(principle, "authority", word)
    (finding,) = (f for f in found("vacuous", "weapons") if word in f.words)
    assert ("Department of War",) == finding.who


def test_l07_independently_direct() -> None:
    """A rubber stamp is enough."""
    (way,) = ways("r2", "oversight", "independently")
    assert way.box is not None
    assert "rubber-stamp" in way.box.leaves["oversight"]


def test_l11_private_information() -> None:
    """What anybody can read is not private."""
    (way,) = ways("r1", "data", "private information")
    assert way.box is not None
    assert "public" in way.box.leaves["data"]


def test_l12_unconstrained() -> None:
    """Any constraint at all makes monitoring constrained."""
    (way,) = ways("r1", "constraint", "unconstrained")
    assert way.box is not None
    assert ("constrained",) == way.box.leaves["constraint"]


def test_l13_as_consistent_with_these_authorities() -> None:
    """The words bring what the authorities permit into the ban."""
    (finding,) = worded("monitoring", "as consistent with these authorities")
    assert "wording-law-relative" == finding.code


def test_l17_intentionally() -> None:
    """Incidental collection, foreseen or not."""
    for way in (found_ways := ways("r1", "intent", "intentionally")):
        assert way.box is not None
        assert ("incidental",) == way.box.leaves["intent"]
    assert found_ways


def test_l18_deliberate() -> None:
    """The clarification narrows the ban again: a loophole at its word, and a finding on the word."""
    assert ways("r1", "intent", "deliberate")
    (finding,) = worded("surveillance", "deliberate")
    assert "wording-intent" == finding.code


def test_l20_tracking_surveillance_or_monitoring() -> None:
    """Querying or profiling what is held already."""
    (way,) = ways("r1", "operation", "tracking, surveillance, or monitoring")
    assert way.box is not None
    assert {"query", "profile"} <= set(way.box.leaves["operation"])


def test_l25_overlap_without_precedence() -> None:
    """The older ban and the added one limit the same, and nothing says which prevails; before, there was but one."""
    (finding,) = found("no-precedence")
    assert "no-precedence:monitoring+surveillance" == finding.id
    assert {"monitoring", "U.S. persons'", "tracking, surveillance, or monitoring"} <= set(
        finding.words
    )
    assert [] == list(found("no-precedence", number=0))


def test_l28_cloud_only() -> None:
    """Said outside the text: nothing in it tests where the system runs."""
    (finding,) = (f for f in found("statement-missing") if f.id.endswith("/s1:place"))
    assert ("cloud-only",) == finding.words
    assert "by place" == finding.title


def test_l34_the_announcement_is_broader() -> None:
    """R1 to R3 announce more than the clauses hold: each has its loopholes, which are said once, with it."""
    for principle in report().principles[:3]:
        assert 0 < principle.ways
    assert [] == [f for f in found("statement-broader") if f.id == "statement-broader:text"]
