"""Definitions and conditions that go in a circle; and reports that prove nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import Clause, ClauseKind, InForce, Reference
from avenant.findings.types import Finding, Severity
from tests.checked import check
from tests.small_texts import clause, small_text, vocabulary

ALL = "permit (principal, action, resource);"
GOOD = 'permit (principal, action, resource) when { resource in Purpose::"good" };'
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
SPOKEN = vocabulary()


def found(text: InForce, code: str) -> list[Finding]:
    """The findings of one code on a text."""
    return [f for f in check(text).findings if f.code == code]


def with_prose(kind: ClauseKind, *proses: str, language: str = "en") -> InForce:
    """A text of one permit, and a clause of each prose; links are read from the prose."""
    clauses: list[Clause] = []
    for n, prose in enumerate(proses, 2):
        made = clause(f"c{n}", n, "", SPOKEN)
        clauses.append(
            replace(made, kind=kind, prose={language: prose}, source=f"## {n}.\n\n{prose}\n")
        )
    text = small_text({"good": GOOD})
    return replace(text, clauses=(*text.clauses, *clauses))


def defined_as(words: str) -> InForce:
    """The permit for what is good, where the text itself defines what is good."""
    text = small_text({"all": GOOD})
    spoken = text.vocabulary
    at = text.clauses[0].at
    categories = tuple(
        replace(c, definition={"en": words}, at=at) if c.id == "good" else c
        for c in spoken.categories
    )
    return replace(text, vocabulary=replace(spoken, categories=categories))


@pytest.mark.parametrize(
    ("words", "circular"),
    [
        ("What section 1 permits.", True),
        ("Whatever §1 allows.", True),
        ("Ce que permet l'article 1.", True),
        ("What section 12 permits.", False),
        ("One of two sections.", False),
    ],
)
def test_a_permission_for_what_it_permits(words: str, circular: bool) -> None:
    """The clause tests a category whose definition is what that clause permits."""
    findings = found(defined_as(words), "circular")
    assert (["circular:all+purpose.good"] if circular else []) == [f.id for f in findings]
    for finding in findings:
        assert Severity.ERROR is finding.severity
        assert ("the word good",) == finding.words
        assert "§1 all → purpose=good → §1 all" in finding.message


def test_the_core_vocabulary_cites_no_section_of_this_text() -> None:
    """A definition that stands elsewhere speaks of another text's sections."""
    text = defined_as("What section 1 permits.")
    spoken = text.vocabulary
    categories = tuple(
        replace(c, at=replace(c.at, file="core.yaml") if c.at else None) for c in spoken.categories
    )
    text = replace(text, vocabulary=replace(spoken, categories=categories))
    assert [] == found(text, "circular")


@pytest.mark.parametrize(
    ("proses", "circular"),
    [
        (('"Care" means attention. "Attention" means care.',), True),
        (('"Care" means what attention is.', '"Attention" means care.'), True),
        (('"Care" means attention. "Attention" means a look.',), False),
        (('"Service" means any service.',), True),
        (('"Agreement" means this agreement.',), False),
        (("« Soin » désigne l'attention. « Attention » désigne le soin.",), True),
        (('"Care" means attention; "attention" means care.',), True),
        (('"Care" means attention; "service" means care.',), False),
        (('He said "care" and "attention", which means nothing.',), False),
    ],
)
def test_terms_that_are_defined_by_each_other(proses: tuple[str, ...], circular: bool) -> None:
    """Each term stands in the definition of the other, or in its own."""
    assert circular == bool(found(with_prose("declaratory", *proses), "circular"))


@pytest.mark.parametrize(
    ("prose", "circular"),
    [
        ("[Good](#purpose.good) means what [the first section](#good) permits.", True),
        ("[Good](#purpose.good) is what [is meant](#mind.meant), and nothing else.", False),
        (
            "[Good](#purpose.good) means [meant](#mind.meant). [Meant](#mind.meant) means [good](#purpose.good).",
            True,
        ),
        ("[Good](#purpose.good) purposes, see [the first section](#good).", False),
    ],
)
def test_categories_that_a_definitions_clause_defines(prose: str, circular: bool) -> None:
    """The first link of a sentence that defines is what the rest defines."""
    assert circular == bool(found(with_prose("definitions", prose), "circular"))


def test_sections_that_say_as_the_other_provides() -> None:
    """Prose alone that refers to prose alone and back says nothing; where a rule stands at one end, it does."""
    text = with_prose("declaratory", "As the third section says.", "As the second section says.")
    good, one, two = text.clauses
    one = replace(one, references=(Reference(None, "c3", one.at),))
    two = replace(two, references=(Reference(None, "c2", two.at),))
    (finding,) = found(replace(text, clauses=(good, one, two)), "circular")
    assert "§2 c2 → §3 c3 → §2 c2" in finding.message
    ruled = replace(clause("c3", 3, HARM, SPOKEN), references=two.references)
    assert [] == found(replace(text, clauses=(good, one, ruled)), "circular")


def test_a_text_that_permits_nothing_proves_nothing() -> None:
    """Without a permit, or with one that is forbidden whole, no loophole is no proof."""
    forbidding = {"harm": HARM}
    for clauses in (forbidding, {"all": GOOD, "no": GOOD.replace("permit", "forbid")}):
        (finding,) = found(small_text(clauses, {"p": HARM}), "permits-nothing")
        assert Severity.ERROR is finding.severity
    assert [] == found(small_text({"all": ALL}), "permits-nothing")


def test_a_principle_that_every_use_violates_is_an_error() -> None:
    """One that tests nothing, and one whose tests add up to everything."""
    every = (
        "forbid (principal, action, resource);",
        'forbid (principal, action, resource) when { resource in Mind::"meant" || resource in Mind::"unmeant" };',
        f'{HARM} forbid (principal, action, resource) unless {{ resource in Purpose::"harm" }};',
    )
    for rules in every:
        (finding,) = found(small_text({"all": ALL}, {"p": rules}), "total-principle")
        assert (Severity.ERROR, "p") == (finding.severity, finding.clause)
    assert [] == found(small_text({"all": ALL}, {"p": HARM}), "total-principle")


def test_a_principle_without_a_forbid_in_this_period_is_an_error() -> None:
    """Nothing can violate it, and the report does not call that proved."""
    text = small_text({"all": ALL}, {"p": HARM})
    all_, principle = text.clauses
    idle = replace(text, clauses=(all_, replace(principle, rules=())))
    report = check(idle)
    assert ["idle-principle:p"] == [f.id for f in report.findings if f.code == "idle-principle"]
    assert 0 == report.principles[0].ways
    assert 0 < report.open_errors
