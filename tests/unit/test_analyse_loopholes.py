"""Loopholes on small texts: what gets through, at which test, at which word, and under which id."""

from __future__ import annotations

from avenant.analyse.types import Report
from avenant.findings.types import Finding
from tests.checked import check
from tests.small_texts import small_text

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
BIG_HARM = 'forbid (principal, action, resource) when { resource in Purpose::"big-harm" };'


def ways(report: Report) -> dict[str, Finding]:
    """The loopholes of a report by id."""
    return {f.id: f for f in report.findings if f.code == "loophole"}


def test_a_ban_of_two_conditions_is_passed_in_two_ways() -> None:
    """Each condition of a ban beyond the principle's own is a loophole, at the word that it stands for."""
    limit = (
        'forbid (principal, action in Action::"touch", resource) '
        'when { resource in Purpose::"harm" && resource in Mind::"meant" };'
    )
    found = ways(check(small_text({"all": OFFICE, "limit": limit}, {"p": BIG_HARM})))
    assert ["loophole:p:operation", "loophole:p:mind"] == list(found)
    by_operation, by_mind = found.values()
    assert ("the word touch",) == by_operation.words
    assert ("the word meant",) == by_mind.words
    assert "0-agreement.md:21" == by_mind.at
    assert by_mind.box is not None
    assert {
        "organisation": ("desk", "vault", "office.other"),
        "purpose": ("big-harm",),
        "mind": ("unmeant",),
    } == by_mind.box.leaves
    assert ("purpose", "mind") == by_mind.box.foreground
    assert ("§1 all",) == by_mind.box.permitted_by
    assert ("limit is encoded so", "p is encoded so") == by_mind.choices


def test_nothing_permitted_is_no_loophole() -> None:
    """A ban that holds wherever the principle does leaves no loophole, and the list is complete."""
    report = check(small_text({"all": OFFICE, "limit": BIG_HARM}, {"p": BIG_HARM}))
    assert {} == ways(report)
    assert [(0, True)] == [(p.ways, p.complete) for p in report.principles]


def test_no_ban_at_all_is_one_way_unopposed() -> None:
    """Where no ban speaks of the principle's uses, one box says so."""
    found = ways(check(small_text({"all": OFFICE}, {"p": BIG_HARM})))
    assert ["loophole:p:unopposed"] == list(found)
    (way,) = found.values()
    assert way.box is not None
    assert () == way.box.passes
    assert {
        "organisation": ("desk", "vault", "office.other"),
        "purpose": ("big-harm",),
    } == way.box.leaves


def test_a_ban_of_other_uses_is_not_named() -> None:
    """A ban that shares an axis with the principle but speaks of other uses is not what a box gets past."""
    other = 'forbid (principal, action, resource) when { resource in Purpose::"good" };'
    found = ways(check(small_text({"all": OFFICE, "other": other}, {"p": BIG_HARM})))
    assert ["loophole:p:unopposed"] == list(found)


def test_an_exception_is_passed_at_its_own_word() -> None:
    """What an `unless` lets through gets past at the exception's test."""
    limit = (
        'forbid (principal, action, resource) when { resource in Purpose::"harm" } '
        'unless { action in Action::"look" };'
    )
    found = ways(check(small_text({"all": OFFICE, "limit": limit}, {"p": BIG_HARM})))
    assert ["loophole:p:operation"] == list(found)
    (way,) = found.values()
    assert way.box is not None
    assert [("operation", "look")] == [(p.axis, p.category) for p in way.box.passes]
    assert ("look",) == way.box.leaves["operation"]


def test_an_exception_inside_a_test_is_passed_at_the_exception_alone() -> None:
    """Where a ban's test and its exception are on one axis, only the one that settles it is named."""
    limit = (
        'forbid (principal, action, resource) when { resource in Purpose::"harm" } '
        'unless { resource in Purpose::"big-harm" };'
    )
    (way,) = ways(check(small_text({"all": OFFICE, "limit": limit}, {"p": BIG_HARM}))).values()
    assert way.box is not None
    assert ["big-harm"] == [p.category for p in way.box.passes]


def test_an_axis_on_which_no_single_test_settles_it_names_all_its_tests() -> None:
    """A box in part outside a ban's test and for the rest inside its exception gets past at both together."""
    limit = (
        'forbid (principal, action, resource) when { resource in Purpose::"harm" } '
        'unless { resource in Purpose::"big-harm" };'
    )
    everything = (
        'forbid (principal, action in Action::"look", resource) when { resource in Mind::"meant" };'
    )
    both = everything.replace(
        "};", '&& (resource in Purpose::"big-harm" || resource in Purpose::"good") };'
    )
    (way,) = ways(check(small_text({"all": OFFICE, "limit": limit}, {"p": both}))).values()
    assert way.box is not None
    assert ["harm", "big-harm"] == [p.category for p in way.box.passes]


def test_two_ways_at_the_same_axes_have_different_ids() -> None:
    """Where two boxes pass at the same axes, the tests that they pass tell them apart."""
    clauses = {
        "all": OFFICE,
        "one": 'forbid (principal, action in Action::"touch", resource) '
        'when { resource in Purpose::"harm" && resource in Mind::"meant" };',
        "two": 'forbid (principal, action in Action::"look", resource) '
        'when { resource in Purpose::"harm" && resource in Mind::"unmeant" };',
    }
    found = ways(check(small_text(clauses, {"p": BIG_HARM})))
    same = "loophole:p:operation+mind"
    assert [f"{same}:one.touch+two.unmeant", f"{same}:one.meant+two.look"] == list(found)


def test_a_principle_of_two_forbids_is_asked_one_by_one() -> None:
    """The loopholes of each forbid carry its number, and the principle counts all."""
    both = (
        BIG_HARM
        + ' forbid (principal, action, resource) when { resource in Purpose::"small-harm" };'
    )
    report = check(small_text({"all": OFFICE}, {"p": both}))
    assert ["loophole:p/1:unopposed", "loophole:p/2:unopposed"] == list(ways(report))
    assert [2] == [p.ways for p in report.principles]


def test_unrelated_clauses_do_not_make_more_ways() -> None:
    """A clause about other axes narrows the background and splits no box."""
    few = {
        "all": OFFICE,
        "limit": "forbid (principal, action, resource) "
        'when { resource in Purpose::"harm" && resource in Mind::"meant" };',
    }
    more = few | {"vault": 'forbid (principal in Organisation::"vault", action, resource);'}
    ids = [list(ways(check(small_text(c, {"p": BIG_HARM})))) for c in (few, more)]
    assert ["loophole:p:mind"] == ids[0] == ids[1]


def test_a_statement_s_principle_is_tested_beside_the_text_s() -> None:
    """A principle of a statement goes by the statement's name, though the text has one of the same id."""
    text = small_text({"all": OFFICE}, {"p": BIG_HARM})
    report = check(text, [("2026-02-28", text.principles[0])])
    assert ["loophole:p:unopposed", "loophole:2026-02-28/p:unopposed"] == list(ways(report))


def test_the_witness_is_a_complete_use_in_the_box() -> None:
    """A witness has a leaf on each axis, and each is in the box."""
    limit = 'forbid (principal, action, resource) when { resource in Mind::"meant" };'
    text = small_text({"all": OFFICE, "limit": limit}, {"p": BIG_HARM})
    for way in ways(check(text)).values():
        assert way.box is not None
        assert list(text.vocabulary.position) == list(way.box.witness)
        assert all(way.box.witness[axis] in some for axis, some in way.box.leaves.items())
