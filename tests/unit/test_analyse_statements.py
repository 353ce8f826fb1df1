"""What was announced against the text: each finding on a small text, and what keeps it silent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text
from avenant.agreement.types import Clause, InForce, Reference, Statement
from avenant.analyse.checks.statements import Announcement, against_text
from avenant.errors import Span
from avenant.findings.types import Finding, Severity
from avenant.region import Budget
from avenant.rules.types import Word
from tests.checked import check
from tests.small_texts import clause, small_text, vocabulary

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
MEANT_HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" && resource in Mind::"meant" };'
BIG_HARM = HARM.replace("harm", "big-harm")
AT = Span("statements/said.md", 9, "s2")
SPOKEN = vocabulary()


def statement(
    *passages: Clause, day: int = 28, month: int = 2, id: str = "said", by: str = "The Maker"
) -> Statement:
    """Something said in 2026, with passages that no rule tests."""
    date = datetime(2026, month, day, tzinfo=UTC)
    return Statement(id, by, date, "https://example.org", "en", "", (), f"{id}.md", passages)


def passage(*categories: str, id: str = "s2", prose: str = "", target: str | None = None) -> Clause:
    """An announced passage that links to categories, or to a clause."""
    words = tuple(Word(f"said {c}", c.split(".")[0], c.split(".")[1], AT) for c in categories)
    made = clause(id, 9, "", SPOKEN)
    references = (Reference(None, target, AT),) if target else ()
    return replace(made, number="", at=AT, words=words, references=references, prose={"en": prose})


def found(
    text: InForce,
    code: str,
    *statements: Statement,
    principles: tuple[tuple[str, Clause], ...] = (),
) -> list[Finding]:
    """The findings of one code."""
    return [f for f in check(text, principles, statements=statements).findings if f.code == code]


def stated(source: str, id: str = "s1") -> tuple[str, Clause]:
    """A principle that a statement says."""
    return "said", clause(id, 9, source, SPOKEN, principle=True)


def test_the_principles_of_a_statement_that_something_gets_through_are_summed_up() -> None:
    """One finding names each principle with its loopholes; what holds is not in it."""
    held = HARM.replace("harm", "good")
    text = small_text({"all": OFFICE, "ban": MEANT_HARM, "good": held})
    said = (stated(BIG_HARM, "p"), stated(held, "q"), stated(HARM, "r"))
    (finding,) = found(text, "statement-broader", statement(), principles=said)
    assert ("statement-broader:said", Severity.WARNING) == (finding.id, finding.severity)
    assert "P 1 loophole; R 1 loophole" in finding.message
    assert ("the word big-harm", "the word harm") == finding.words


def test_the_text_is_not_told_twice_what_gets_through_its_principles() -> None:
    """Its loopholes say so; as a statement it would be said again."""
    text = small_text({"all": OFFICE, "ban": MEANT_HARM}, {"p": HARM, "q": BIG_HARM})
    codes = {f.code for f in check(text).findings}
    assert {"loophole"} == {c for c in codes if c == "loophole" or c.startswith("statement")}


def test_a_statement_that_repeats_a_principle_of_the_text_refers_to_it() -> None:
    """It is asked once, as the text's; what is announced beyond the text is still said of the statement."""
    text = small_text({"all": OFFICE, "ban": MEANT_HARM}, {"p": HARM})
    report = check(text, (stated(HARM),), statements=(statement(),))
    assert [("p", 1, None), ("said/s1", 1, "P")] == [
        (p.clause, p.ways, p.repeats) for p in report.principles
    ]
    assert ["loophole:p:mind"] == [f.id for f in report.findings if f.code == "loophole"]
    assert ["statement-broader:said"] == [
        f.id for f in report.findings if f.code.startswith("statement")
    ]


def test_a_statement_on_more_or_less_than_a_principle_repeats_none() -> None:
    """Only what rules out exactly the same uses is the same principle."""
    text = small_text({"all": OFFICE}, {"p": HARM})
    report = check(text, (stated(BIG_HARM),), statements=(statement(),))
    assert [None, None] == [p.repeats for p in report.principles]


def test_a_statement_is_summed_up_under_whoever_made_it() -> None:
    """Who and when; its principles go by the statement's id."""
    said = clause("s1", 9, HARM, SPOKEN, principle=True)
    text = small_text({"all": OFFICE, "ban": MEANT_HARM})
    (finding,) = found(text, "statement-broader", statement(), principles=(("said", said),))
    assert "statement-broader:said" == finding.id
    assert ("The Maker, 28 February 2026", ("The Maker",)) == (finding.title, finding.who)


def test_what_nothing_in_the_text_tests_is_missing_and_not_broader() -> None:
    """No rule tests the axis of the principle, and all of it gets through."""
    text, said = small_text({"all": OFFICE}), (stated(MEANT_HARM),)
    (finding,) = found(text, "statement-missing", statement(), principles=said)
    assert ("statement-missing:said/s1:purpose+mind", "by purpose, mind") == (
        finding.id,
        finding.title,
    )
    assert [] == found(text, "statement-broader", statement(), principles=said)


def test_an_axis_that_the_text_need_not_test_is_not_missing() -> None:
    """What is banned in every mind needs no test of the mind."""
    text, said = small_text({"all": OFFICE, "ban": HARM}), (stated(MEANT_HARM),)
    assert [] == found(text, "statement-missing", statement(), principles=said)
    assert [] == found(text, "statement-broader", statement(), principles=said)


def test_a_ban_that_goes_on_beyond_a_principle_is_a_note() -> None:
    """Meant harm is announced; the text bans harm, meant or not. The other way round there is nothing to say."""
    text = small_text({"all": OFFICE, "ban": HARM})
    (finding,) = found(
        text, "statement-narrower", statement(), principles=(stated(MEANT_HARM, "p"),)
    )
    assert ("statement-narrower:said", Severity.NOTE) == (finding.id, finding.severity)
    assert "P by mind (§2 ban)" in finding.message
    other = small_text({"all": OFFICE, "ban": MEANT_HARM})
    assert [] == found(other, "statement-narrower", statement(), principles=(stated(HARM),))


@pytest.mark.parametrize(
    "unless",
    [
        'unless { action in Action::"look" } unless { principal in Organisation::"desk" }',
        'unless { principal in Organisation::"desk" || action in Action::"look" }',
    ],
)
def test_a_principle_is_freed_of_one_exception_and_not_of_all(unless: str) -> None:
    """The ban goes beyond the principle to the desk; by operation it does not, however the exceptions are written."""
    harm = 'forbid (principal, action, resource) when { resource in Purpose::"harm" }'
    ban = f'{harm} unless {{ action in Action::"look" }};'
    text, said = small_text({"all": OFFICE, "ban": ban}), (stated(f"{harm} {unless};", "p"),)
    (finding,) = found(text, "statement-narrower", statement(), principles=said)
    assert "P by organisation (§2 ban)" in finding.message


def test_a_ban_on_something_else_is_not_beyond_the_principle() -> None:
    """A ban that meets the principle by the way, and is not about it, goes on beyond it as bans do."""
    touch = 'forbid (principal, action in Action::"touch", resource);'
    text = small_text({"all": OFFICE, "ban": touch})
    said = (stated(MEANT_HARM),)
    assert [] == found(text, "statement-narrower", statement(), principles=said)


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("purpose.harm",), False),
        (("purpose.big-harm",), False),  # below what is tested
        (("purpose.good",), True),  # the axis is tested, and not this
        (("operation.touch",), True),
    ],
)
def test_a_passage_on_what_no_rule_tests_is_missing(words: tuple[str, ...], missing: bool) -> None:
    """Tested is its category, or one above or below it."""
    text = small_text({"all": OFFICE, "ban": HARM})
    assert missing == bool(found(text, "statement-missing", statement(passage(*words))))


def test_a_passage_on_a_clause_that_is_not_in_force_is_missing() -> None:
    """The clause is named; once it stands, nothing is missing."""
    text = small_text({"all": OFFICE, "ban": HARM})
    (finding,) = found(text, "statement-missing", statement(passage(target="later")))
    assert "statement-missing:said/s2:later" == finding.id
    assert [] == found(text, "statement-missing", statement(passage(target="ban")))


def test_a_passage_that_the_text_limits_only_on_further_conditions_is_broader() -> None:
    """It speaks of harm by the office; the ban also asks that it be meant. A ban of just that answers it."""
    office = MEANT_HARM.replace("principal,", 'principal in Organisation::"office",')
    said = statement(passage("organisation.office", "purpose.harm"))
    text = small_text({"all": OFFICE, "ban": office})
    (finding,) = found(text, "statement-broader", said)
    assert "S2, which §2 ban keeps only on further conditions (mind)" in finding.message
    plain = HARM.replace("principal,", 'principal in Organisation::"office",')
    assert [] == found(
        small_text({"all": OFFICE, "ban": office, "more": plain}), "statement-broader", said
    )


@pytest.mark.parametrize(
    ("prose", "fixed"),
    [
        ("The laws meant are those as they exist today.", True),
        ("The laws as they now stand at present are meant.", True),
        ("Les lois s'entendent telles qu'elles existent aujourd'hui.", True),
        ("Les lois en vigueur à ce jour sont seules visées.", True),
        ("The laws as amended from time to time are meant.", False),
        ("Laws exist today.", False),
    ],
)
def test_a_passage_that_fixes_the_law_as_of_its_day(prose: str, fixed: bool) -> None:
    """With laws in the text that have no date, that is missing from it."""
    text = small_text({"all": OFFICE, "ban": HARM})
    ground = compile_text(text)
    made = passage("purpose.harm", prose=prose)
    announced = Announcement("said", "The Maker", text.since, (), (made,))
    undated = Finding("x", "x:ban", Severity.WARNING, "ban", "", ("the Act of 1947",), "", "")
    findings = list(against_text(ground, (announced,), (), (undated,), {}, Budget()))
    assert (["statement-missing:said/s2:date"] if fixed else []) == [f.id for f in findings]
    assert [] == list(against_text(ground, (announced,), (), (), {}, Budget()))
    for finding in findings:
        assert ("the Act of 1947",) == finding.words
        assert "§2 ban" in finding.message


@pytest.mark.parametrize(
    ("mine", "its", "differ"),
    [
        (HARM, BIG_HARM, "P excludes uses that S1 does not"),
        (BIG_HARM, HARM, "S1 excludes uses that P does not"),
        (HARM, HARM, None),
        (HARM, HARM.replace("harm", "good"), None),  # they never meet
        (
            HARM,
            'forbid (principal, action in Action::"touch", resource);',
            None,
        ),  # no common subject
    ],
)
def test_two_announcements_on_one_subject(mine: str, its: str, differ: str | None) -> None:
    """The wider one is named, with a use that only it rules out."""
    said = clause("s1", 9, its, SPOKEN, principle=True)
    text = small_text({"all": OFFICE}, {"p": mine})
    findings = found(text, "statements-differ", statement(), principles=(("said", said),))
    assert ([differ] if differ else []) == [f.message.partition(", for")[0] for f in findings]
    for finding in findings:
        assert "statements-differ:p+said/s1" == finding.id
        assert finding.box is not None
        assert ("small-harm", "harm.other") == finding.box.leaves["purpose"]


@pytest.mark.parametrize("steps", range(0, 40, 2))
def test_a_limit_on_steps_is_never_a_statement_that_holds(steps: int) -> None:
    """Cut off after any number of steps, the report is the whole one or says that it is not finished."""
    said = clause("s1", 9, HARM, SPOKEN, principle=True)
    text = small_text({"all": OFFICE, "ban": MEANT_HARM}, {"p": BIG_HARM})
    asked, made = (("said", said),), (statement(passage("purpose.harm")),)
    whole = check(text, asked, statements=made)
    cut = check(text, asked, statements=made, steps=steps)
    assert cut == whole or not cut.complete


@pytest.mark.parametrize(
    ("day", "month", "said"),
    [(27, 2, "before this text"), (28, 2, "under this text"), (1, 4, "after this text")],
)
def test_it_is_said_whether_the_text_was_in_force_that_day(day: int, month: int, said: str) -> None:
    """A statement is held against this text, whenever it was made."""
    text = small_text({"all": OFFICE, "ban": HARM})
    text = replace(text, until=datetime(2026, 4, 1, tzinfo=UTC))
    (finding,) = found(
        text, "statement-missing", statement(passage("purpose.good"), day=day, month=month)
    )
    assert said in finding.message
