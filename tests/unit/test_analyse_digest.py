"""The digest of a report is over facts: each fact changes it, and nothing that is for display does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from avenant.analyse import digest as facts
from avenant.analyse.digest import digest
from avenant.analyse.types import Basis, Enforced, Principle, Report, Uncovered, Unfinished
from avenant.findings.types import Box, Finding, Interval, Order, Passes, Permit, Severity, Spot

PASSES = Passes("c", "§1 c", "c/1", "purpose", "harm", "harmful", "0.md:3")
PERMIT = Permit("a", "§2 a", "a/1", ("may",), "0.md:1")
BOX = Box(
    {"purpose": ("harm",)},
    ("purpose",),
    {"data": ("none",)},
    ("scale",),
    {"purpose": "harm"},
    (PASSES,),
    (PERMIT,),
    "for harm",
    "without data",
    "in bulk",
    ("§2 a",),
)
INTERVAL = Interval("2026-03-01", "sha256:1", Order.LOOSER, {"r1": 2}, True)
SPOT = Spot("c", "§1 c", "0.md:3", ("harmful",))
FINDING = Finding(
    "loophole",
    "loophole:r1:purpose",
    Severity.ERROR,
    "r1",
    "0.md:3",
    ("harmful",),
    "R1",
    "for harm",
    ("a choice",),
    BOX,
    who=("the town",),
    clauses=(SPOT,),
    interval=INTERVAL,
)
PRINCIPLE = Principle("r1", "R1", "Never harm.", 1, True)
ENFORCED = Enforced(
    "c", "§1 c", Basis.ATTESTATION, ("the town",), {Basis.ATTESTATION: ("purpose",)}
)
UNCOVERED = Uncovered("d", "§2 d", False)
UNFINISHED = Unfinished("dead-clause", "c")
REPORT = Report(
    "town@1",
    "sha256:2",
    "2026-01-01",
    None,
    True,
    "The title",
    ("a label",),
    3,
    2,
    (PRINCIPLE,),
    (FINDING,),
    15,
    False,
    enforced=(ENFORCED,),
    unfinished=(UNFINISHED,),
    covered=("c",),
    uncovered=(UNCOVERED,),
)

# What is shown and is no fact. A new field is one or the other: whoever adds it says which.
DISPLAY = {
    Report: {"since", "until", "draft", "title", "labels", "digest", "ordinary"},
    # A finding's principle, prohibition, rule and tests are parts of its id.
    Finding: {
        *("at", "words", "title", "message", "remedy"),
        *("principle", "forbid", "rule", "tests"),
    },
    Box: {"sentence", "condition", "instance"},
    Passes: {"label", "word", "at", "also"},
    Permit: {"label", "words", "at"},
    Principle: {"label", "words", "was", "order"},
    Enforced: {"label"},
    Interval: set(),
    Unfinished: set(),
    Spot: {"label", "at", "words"},
    Uncovered: {"label"},
}
FACTS = {
    Report: facts.ReportFacts,
    Finding: facts.FindingFacts,
    Box: facts.BoxFacts,
    Passes: facts.PassesFacts,
    Permit: facts.PermitFacts,
    Principle: facts.PrincipleFacts,
    Enforced: facts.EnforcedFacts,
    Interval: facts.IntervalFacts,
    Unfinished: Unfinished,
    Spot: facts.SpotFacts,
    Uncovered: facts.UncoveredFacts,
}


def test_each_field_is_a_fact_or_for_display() -> None:
    """No field is both, and none is neither."""
    for shown, digested in FACTS.items():
        fields = {f.name for f in msgspec.structs.fields(shown)}
        held = {f.name for f in msgspec.structs.fields(digested)}
        assert fields - held == DISPLAY[shown], shown


@dataclass(frozen=True, slots=True)
class Change:
    """A report with one field of one of its parts changed."""

    part: type
    field: str
    report: Report


def changes() -> Iterator[Change]:
    """Each field of each part, changed alone."""
    for part, within in PLACES.items():
        for field in msgspec.structs.fields(part):
            yield Change(part, field.name, within(field.name))


def _other(value: Any) -> Any:
    """Another value of the same type, as far as a digest can see."""
    match value:
        case Severity() | Order() | Basis():
            return next(member for member in type(value) if member is not value)
        case bool():
            return not value
        case int():
            return value + 1
        case str() | None:
            return f"{value} more"
        case dict():
            return {key: _other(held) for key, held in value.items()}
        case ():
            return ("more",)
        case tuple():
            return (*value, value[0])
        case msgspec.Struct():
            return None
        case _:
            raise AssertionError(value)


def _changed(value: Any, field: str) -> Any:
    held = getattr(value, field)
    # What is a struct or a list of them where there is none here: any value that can be encoded.
    match field:
        case "remedy" | "ordinary" | "order" if held is None:
            return replace(value, **{field: None})
        case _:
            return replace(value, **{field: _other(held)})


def _in_finding(finding: Finding) -> Report:
    return replace(REPORT, findings=(finding,))


def _in_box(box: Box) -> Report:
    return _in_finding(replace(FINDING, box=box))


PLACES = {
    Report: lambda f: _changed(REPORT, f),
    Finding: lambda f: _in_finding(_changed(FINDING, f)),
    Box: lambda f: _in_box(_changed(BOX, f)),
    Passes: lambda f: _in_box(replace(BOX, passes=(_changed(PASSES, f),))),
    Permit: lambda f: _in_box(replace(BOX, permits=(_changed(PERMIT, f),))),
    Principle: lambda f: replace(REPORT, principles=(_changed(PRINCIPLE, f),)),
    Enforced: lambda f: replace(REPORT, enforced=(_changed(ENFORCED, f),)),
    Interval: lambda f: _in_finding(replace(FINDING, interval=_changed(INTERVAL, f))),
    Unfinished: lambda f: replace(REPORT, unfinished=(_changed(UNFINISHED, f),)),
}


@pytest.mark.parametrize("change", tuple(changes()), ids=lambda c: f"{c.part.__name__}.{c.field}")
def test_a_fact_changes_the_digest_and_what_is_shown_does_not(change: Change) -> None:
    """One field is changed: the digest is another one exactly where the field is a fact."""
    same = digest(change.report) == digest(REPORT)
    assert (change.field in DISPLAY[change.part]) == same
