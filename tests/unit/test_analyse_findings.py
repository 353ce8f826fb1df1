"""What a text does to itself, what it rests on, and its words beside its tests: each finding on a small text."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import FactRules, InForce, Scenario
from avenant.analyse.checks.observability import bound
from avenant.errors import Span
from avenant.findings.types import Finding, Severity
from tests.checked import check
from tests.small_texts import clause, small_text, vocabulary

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
BIG_HARM = HARM.replace("harm", "big-harm")
AT = Span("0-agreement.md", 7, "all")


def found(text: InForce, code: str) -> list[Finding]:
    """The findings of one code on a text."""
    return [f for f in check(text).findings if f.code == code]


def ids(text: InForce, code: str) -> list[str]:
    """Their ids."""
    return [f.id for f in found(text, code)]


def test_a_clause_inside_another_is_dead() -> None:
    """A ban inside a wider ban changes nothing; the wider one does."""
    text = small_text({"all": OFFICE, "wide": HARM, "narrow": BIG_HARM})
    assert ["dead-clause:narrow"] == ids(text, "dead-clause")


def test_clauses_that_keep_each_other_alive_are_one_finding() -> None:
    """Of two equal clauses either may go, and not both: one finding names them; so it does of three."""
    text = small_text({"all": OFFICE, "one": HARM, "two": HARM})
    assert [] == ids(text, "dead-clause")
    (together,) = found(text, "dead-together")
    assert ("dead-together:one+two", "§2 one, §3 two") == (together.id, together.title)
    three = small_text({"all": OFFICE, "one": HARM, "two": HARM, "three": HARM})
    assert ["dead-together:one+two+three"] == ids(three, "dead-together")


def test_a_dead_clause_that_stands_in_for_nothing_is_in_no_set() -> None:
    """A narrow ban inside two equal wide ones is dead alone; the wide ones are dead together."""
    text = small_text({"all": OFFICE, "narrow": BIG_HARM, "one": HARM, "two": HARM})
    assert ["dead-clause:narrow"] == ids(text, "dead-clause")
    assert ["dead-together:one+two"] == ids(text, "dead-together")


def test_a_whole_and_its_parts_keep_each_other_alive() -> None:
    """Where parts add up to a whole, the whole may go or each part may: a set for each part, as small as can be."""
    part = 'forbid (principal, action, resource) when {{ resource in Purpose::"{}" }};'
    rest = f'{HARM[:-1]} unless {{ resource in Purpose::"big-harm" || resource in Purpose::"small-harm" }};'
    parts = {"big": part.format("big-harm"), "small": part.format("small-harm"), "rest": rest}
    text = small_text({"all": OFFICE, "whole": HARM, **parts})
    assert [f"dead-together:whole+{p}" for p in parts] == ids(text, "dead-together")
    assert [] == ids(text, "dead-clause")


def test_a_clause_dead_only_by_several_others_is_found() -> None:
    """Two bans that cover a third together make it dead, though neither does alone."""
    both = 'forbid (principal, action, resource) when {{ resource in Mind::"{}" }};'
    clauses = {"all": OFFICE, "a": both.format("meant"), "b": both.format("unmeant"), "c": BIG_HARM}
    assert "dead-clause:c" in ids(small_text(clauses), "dead-clause")


def test_a_permit_wholly_forbidden_is_a_conflict_and_not_called_dead() -> None:
    """A permit that bans cover is a conflict that names them."""
    desk = 'permit (principal in Organisation::"desk", action, resource) when { resource in Purpose::"big-harm" };'
    text = small_text({"all": OFFICE, "desk": desk, "ban": HARM})
    (conflict,) = found(text, "conflict")
    assert "conflict:desk/1" == conflict.id
    assert "§3 ban" in conflict.message
    assert [] == ids(text, "dead-clause")


def test_a_permit_partly_forbidden_is_no_conflict() -> None:
    """Bans that leave something of a permit are how agreements are written."""
    assert [] == ids(small_text({"all": OFFICE, "ban": HARM}), "conflict")


def test_what_no_permit_reaches_is_a_gap() -> None:
    """The gap is a note whose box is uses that no clause permits."""
    (gap,) = found(small_text({"all": OFFICE, "ban": HARM}), "gap")
    assert Severity.NOTE is gap.severity
    assert gap.box is not None
    assert {"organisation": ("guest", "other")} == gap.box.leaves
    assert [] == ids(small_text({"all": "permit (principal, action, resource);"}), "gap")


@pytest.mark.parametrize(
    ("use", "does"),
    [
        ({"organisation": ("desk",), "purpose": ("good",)}, "permitted"),
        ({"organisation": ("desk",), "purpose": ("big-harm",)}, "refused"),
        ({"organisation": ("desk",)}, "undetermined"),
        ({"organisation": ("desk", "guest"), "purpose": ("good",)}, "refused"),
    ],
)
def test_a_scenario_that_expects_something_else_is_an_error(
    use: dict[str, tuple[str, ...]], does: str
) -> None:
    """A scenario is silent when the text does what it expects, and an error when not."""
    clauses = {"all": OFFICE, "ban": HARM}
    for expect in ("permitted", "refused", "undetermined"):
        text = small_text(clauses, scenarios=(Scenario(use, expect, "all", AT),))
        errors = found(text, "scenario")
        assert (
            [] if expect == does else [("scenario:all/1", Severity.ERROR, "0-agreement.md:7")]
        ) == [(f.id, f.severity, f.at) for f in errors]


def test_an_axis_that_nobody_may_establish_is_unobservable() -> None:
    """A tested axis without a source is reported with the words that rest on it; an untested one is not."""
    text = small_text({"all": OFFICE, "ban": HARM}, established={"organisation": ("connection",)})
    (finding,) = found(text, "unobservable")
    assert ("unobservable:purpose@nobody", "ban", ("the word harm",)) == (
        finding.id,
        finding.clause,
        finding.words,
    )
    nobody = small_text({"all": OFFICE, "ban": HARM}, established={"purpose": ("gateway",)})
    assert ["unobservable:organisation@nobody"] == ids(nobody, "unobservable")


def test_an_axis_that_only_the_bound_party_establishes_is_vacuous() -> None:
    """With another party or the gateway among the sources, or a rule that binds another, it is not."""
    clauses = {"all": OFFICE, "ban": HARM}
    text = small_text(clauses)
    expected = [("vacuous:organisation@office", "all"), ("vacuous:purpose@office", "ban")]
    assert expected == [(f.id, f.clause) for f in found(text, "vacuous")]
    assert {("The Office",)} == {f.who for f in found(text, "vacuous")}
    both = replace(text, facts=replace(text.facts, signed_by={"connection": ("office", "maker")}))
    assert [] == ids(both, "vacuous")
    seen = small_text(clauses, established={"purpose": ("connection", "gateway")})
    assert [] == ids(seen, "vacuous")
    guest = {"all": 'permit (principal in Organisation::"guest", action, resource);'}
    assert [] == ids(small_text(guest), "vacuous")


def test_clauses_that_rest_on_one_axis_alike_are_one_finding() -> None:
    """The clauses are listed in it, each with its place and its words."""
    text = small_text({"all": OFFICE, "ban": HARM, "big": HARM.replace("harm", "big-harm")})
    finding = next(f for f in found(text, "vacuous") if f.id == "vacuous:purpose@office")
    assert ("purpose (2 clauses)", ("the word harm", "the word big-harm")) == (
        finding.title,
        finding.words,
    )
    assert [("ban", ("the word harm",)), ("big", ("the word big-harm",))] == [
        (spot.clause, spot.words) for spot in finding.clauses
    ]


def test_a_clause_that_accepts_its_own_share_leaves_the_group() -> None:
    """`vacuous:ban` is the id that the clause accepts; the other clauses stay one finding."""
    text = small_text({"all": OFFICE, "ban": HARM, "big": HARM.replace("harm", "big-harm")})
    all_, ban, big = text.clauses
    accepting = replace(ban, accepted={"vacuous:ban": "known"})
    report = check(replace(text, clauses=(all_, accepting, big)))
    assert {
        "vacuous:organisation@office": None,
        "vacuous:ban": "known",
        "vacuous:purpose@office": None,
    } == {f.id: f.accepted for f in report.findings if f.code == "vacuous"}
    assert [] == [f.id for f in report.findings if f.code == "accepted-nothing"]


def test_a_rule_binds_the_party_above_its_organisation() -> None:
    """A rule on a part of an organisation binds the party; one that names none, or excepts one, binds the users."""
    text = small_text(
        {
            "part": 'forbid (principal in Organisation::"vault", action, resource);',
            "none": HARM,
            "guest": 'forbid (principal in Organisation::"guest", action, resource);',
            "but": HARM.replace(";", ' unless { principal in Organisation::"guest" };'),
        }
    )
    assert [{"office"}, {"office"}, set(), {"office"}] == [set(bound(r, text)) for r in text.rules]


def test_words_and_tests_are_held_side_by_side() -> None:
    """A test without a word, and a word without a test, are findings at their places."""
    spoken = vocabulary()
    bare = clause("ban", 2, HARM, spoken, linked=False)
    wordy = clause("wordy", 3, HARM, spoken)
    wordy = replace(wordy, words=(*wordy.words, replace(wordy.words[0], category="good")))
    text = small_text({"all": OFFICE})
    text = replace(text, clauses=(*text.clauses, bare, wordy))
    assert ["test-without-word:ban:purpose.harm"] == ids(text, "test-without-word")
    assert ["word-without-test:wordy:purpose.good"] == ids(text, "word-without-test")


def test_prose_alone_is_said_to_bind_nobody() -> None:
    """A clause without rules is declaratory, and the report says so."""
    text = small_text({"all": OFFICE, "prose": ""})
    assert ["declaratory:prose"] == ids(text, "declaratory")
    assert (2, 1) == ((report := check(text)).clauses, report.binding)


def test_an_accepted_finding_carries_its_reason_and_an_idle_acceptance_is_found() -> None:
    """Accepting names a finding by id; an acceptance of nothing is itself reported."""
    text = small_text({"all": OFFICE}, {"p": HARM})
    accepting = replace(
        text.clauses[0], accepted={"loophole:p:unopposed": "on purpose", "loophole:p:gone": "was"}
    )
    report = check(replace(text, clauses=(accepting, *text.clauses[1:])))
    accepted = {f.id: f.accepted for f in report.findings if f.accepted}
    assert {"loophole:p:unopposed": "on purpose"} == accepted
    assert ["accepted-nothing:loophole:p:gone"] == [
        f.id for f in report.findings if f.code == "accepted-nothing"
    ]


def test_what_an_admission_lets_past_is_no_longer_banned() -> None:
    """The analysis asks about rules with their passes, as decisions do."""
    from avenant.rules.types import In, Pass

    text = small_text({"all": OFFICE, "ban": HARM}, {"p": HARM})
    admitted = Pass(2, In("operation", "look", AT))
    all_, ban, p = text.clauses
    let_past = replace(ban, rules=(replace(ban.rules[0], passes=(admitted,)),))
    assert [] == ids(text, "loophole")
    assert ["loophole:p:operation"] == ids(replace(text, clauses=(all_, let_past, p)), "loophole")


def test_facts_without_signers_count_as_any_party_s_word() -> None:
    """Where the text does not say who signs connections, every party might; then no axis is vacuous."""
    text = small_text({"all": OFFICE, "ban": HARM})
    facts = FactRules(text.facts.axes)
    assert [] == ids(replace(text, facts=facts), "vacuous")
