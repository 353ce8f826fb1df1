"""Exceptions and alternatives of rules: each finding on a small text, and what keeps it silent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.findings.types import Finding, Severity
from avenant.rules.parse import parse_rules
from tests.checked import check
from tests.small_texts import clause, small_text, vocabulary

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
MEANT = 'permit (principal, action, resource) when { resource in Mind::"meant" };'
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" }'
SPOKEN = vocabulary()


def found(text: InForce, code: str) -> list[Finding]:
    """The findings of one code on a text."""
    return [f for f in check(text).findings if f.code == code]


def worded(id: str, number: int, source: str, *linked: str) -> Clause:
    """A clause whose prose has a word for these categories only."""
    made = clause(id, number, source, SPOKEN)
    words = tuple(w for w in made.words if w.category in linked)
    return replace(made, words=words, rules=parse_rules(source, made.at, id, 1, SPOKEN, words))


def beside(*clauses: Clause, permit: str = OFFICE) -> InForce:
    """A text of one permit and these clauses."""
    text = small_text({"all": permit})
    return replace(text, clauses=(*text.clauses, *clauses))


def test_an_exception_of_all_that_is_permitted_leaves_a_ban_that_bans_nothing() -> None:
    """Only what is meant is permitted, and what is meant is excepted; the example is a permitted harm."""
    text = small_text({"all": MEANT, "ban": f'{HARM} unless {{ resource in Mind::"meant" }};'})
    (finding,) = found(text, "exception-covers-rule")
    assert ("exception-covers-rule:ban/1", Severity.ERROR) == (finding.id, finding.severity)
    assert ("the word meant",) == finding.words
    assert finding.box is not None
    assert ("big-harm", "small-harm", "harm.other") == finding.box.leaves["purpose"]
    assert ("meant",) == (finding.box.witness["mind"],)
    assert [] == found(text, "dead-clause")  # the exception says why


def test_what_another_clause_bans_is_let_past_by_no_exception() -> None:
    """The same ban without its exception closes the finding; then the first one is dead, and no more than that."""
    bans = {"ban": f'{HARM} unless {{ resource in Mind::"meant" }};', "further": f"{HARM};"}
    text = small_text({"all": MEANT, **bans})
    assert [] == found(text, "exception-covers-rule")
    assert ["dead-clause:ban"] == [f.id for f in found(text, "dead-clause")]


@pytest.mark.parametrize(
    ("permit", "exception"),
    [
        (OFFICE, 'resource in Mind::"meant"'),  # the unmeant harm of the office is banned
        (MEANT, 'action in Action::"push"'),  # and so is the meant harm by other operations
        (MEANT.replace("meant", "unmeant"), 'resource in Mind::"meant"'),
    ],
)
def test_an_exception_of_a_part_of_what_is_permitted_is_an_exception(
    permit: str, exception: str
) -> None:
    """As long as the ban binds something that is permitted but for it, its exception is not too wide."""
    text = small_text({"all": permit, "ban": f"{HARM} unless {{ {exception} }};"})
    assert [] == found(text, "exception-covers-rule")


def test_a_ban_on_what_nobody_may_do_is_dead_and_not_its_exception_s_fault() -> None:
    """Where the ban speaks of nothing that is permitted, its exception takes nothing out."""
    ban = 'forbid (principal in Organisation::"guest", action, resource) unless { resource in Mind::"meant" };'
    text = small_text({"all": OFFICE, "ban": ban})
    assert [] == found(text, "exception-covers-rule")
    assert ["dead-clause:ban"] == [f.id for f in found(text, "dead-clause")]


@pytest.mark.parametrize(
    ("when", "unless", "beyond"),
    [
        ('resource in Purpose::"big-harm"', 'resource in Purpose::"good"', True),
        ('resource in Purpose::"big-harm"', 'resource in Purpose::"harm" && resource in Mind::"meant"', True),
        ('resource in Purpose::"harm"', 'resource in Purpose::"big-harm"', False),
        ('resource in Purpose::"harm"', 'resource in Mind::"meant"', False),
        ('!(resource in Mind::"meant")', 'resource in Purpose::"good"', False),
        (
            'resource in Purpose::"big-harm" || resource in Purpose::"good"',
            'resource in Purpose::"good" && resource in Mind::"meant"',
            False,
        ),
        ('resource in Purpose::"big-harm" || resource in Mind::"meant"', 'resource in Purpose::"good"', False),
    ],
)  # fmt: skip
def test_an_exception_that_names_what_its_rule_does_not_bind(
    when: str, unless: str, beyond: bool
) -> None:
    """On one axis, the exception's categories reach beyond those that the rule binds there, or they do not."""
    rule = f"forbid (principal, action, resource) when {{ {when} }} unless {{ {unless} }};"
    found_ = found(small_text({"all": OFFICE, "ban": rule}), "exception-beyond-rule")
    assert (["exception-beyond-rule:ban/1:purpose"] if beyond else []) == [f.id for f in found_]


def test_a_permission_that_excepts_too_much_is_a_note() -> None:
    """It is no wider for it."""
    permit = (
        'permit (principal in Organisation::"desk", action, resource) '
        'unless { principal in Organisation::"guest" };'
    )
    (finding,) = found(small_text({"all": permit}), "exception-beyond-rule")
    assert Severity.NOTE is finding.severity
    assert "excepts guest, but its rule covers only desk" in finding.message


def test_a_part_of_an_exception_without_a_word_is_a_hidden_exemption() -> None:
    """The prose excepts what is meant; the rule also what is pushed, and that opens uses."""
    ban = f'{HARM} unless {{ resource in Mind::"meant" || action in Action::"push" }};'
    (finding,) = found(beside(worded("ban", 2, ban, "harm", "meant")), "hidden-exemption")
    assert ("hidden-exemption:ban/1:operation.push", Severity.ERROR) == (
        finding.id,
        finding.severity,
    )
    assert finding.box is not None
    assert ("push",) == finding.box.leaves["operation"]
    assert ("unmeant",) == finding.box.leaves["mind"]
    text = beside(worded("ban", 2, ban, "harm", "meant"))
    assert [] == found(text, "test-without-word")  # it is said once
    assert [] == found(beside(worded("ban", 2, ban, "harm", "meant", "push")), "hidden-exemption")


def test_a_whole_exception_without_a_word_is_one_too() -> None:
    """An `unless` that no word of the prose stands for."""
    ban = f'{HARM} unless {{ resource in Mind::"meant" }};'
    (finding,) = found(beside(worded("ban", 2, ban, "harm")), "hidden-exemption")
    assert "hidden-exemption:ban/1:mind.meant" == finding.id


@pytest.mark.parametrize(
    "second",
    [
        'forbid (principal, action, resource) when { resource in Purpose::"harm" && action in Action::"push" };',
        'forbid (principal in Organisation::"office", action, resource);',
    ],
)
def test_what_another_clause_bans_anyway_is_not_opened(second: str) -> None:
    """A part that lets nothing through is only a test without a word."""
    ban = f'{HARM} unless {{ resource in Mind::"meant" || action in Action::"push" }};'
    text = beside(worded("ban", 2, ban, "harm", "meant"), clause("more", 3, second, SPOKEN))
    assert [] == found(text, "hidden-exemption")


def test_a_part_of_a_permission_without_a_word() -> None:
    """The prose permits the desk; the rule also the guest. A second permit without a word is the same."""
    both = (
        "permit (principal, action, resource) "
        'when { principal in Organisation::"desk" || principal in Organisation::"guest" };'
    )
    two = (
        'permit (principal in Organisation::"desk", action, resource); '
        'permit (principal in Organisation::"guest", action, resource);'
    )
    for source, rule in ((both, "all/1"), (two, "all/2")):
        text = small_text({"x": HARM + ";"})
        text = replace(text, clauses=(worded("all", 1, source, "desk"), *text.clauses))
        (finding,) = found(text, "hidden-exemption")
        assert f"hidden-exemption:{rule}:organisation.guest" == finding.id
        assert finding.box is not None
        assert ("guest",) == finding.box.leaves["organisation"]


def test_an_and_of_a_permission_opens_nothing() -> None:
    """A test that narrows a permission is no exemption, with or without a word."""
    permit = 'permit (principal in Organisation::"desk", action, resource) when { resource in Mind::"meant" };'
    text = replace(small_text({}), clauses=(worded("all", 1, permit, "desk"),))
    assert [] == found(text, "hidden-exemption")


def test_a_clause_without_any_link_is_not_told_its_exemptions() -> None:
    """Each of its tests is said to have no word; that is enough."""
    ban = f'{HARM} unless {{ resource in Mind::"meant" }};'
    text = beside(worded("ban", 2, ban))
    assert [] == found(text, "hidden-exemption")
    assert 2 == len(found(text, "test-without-word"))
