"""Over which clauses an answer holds: what is compared, what is left out, and what proves nothing."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import Block, Clause, InForce
from avenant.analyse.compare.compare import compare
from avenant.analyse.coverage import align
from avenant.analyse.types import Comparison
from avenant.errors import Span
from avenant.findings.types import Order
from avenant.render.covers import first, one_sided, over, proved
from avenant.render.said import inside
from tests.checked import check
from tests.small_texts import clause, said, small_text, vocabulary

ALL = "permit (principal, action, resource);"
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
GOOD = HARM.replace("harm", "good")
SPOKEN = vocabulary()


def text(agreement: str = "small", /, **clauses: tuple[str, str]) -> InForce:
    """A text of clauses: id -> (prose, rule); without a rule, the words stand alone."""
    made = small_text({id: rule for id, (_, rule) in clauses.items()})
    worded = (replace(c, prose=said(clauses[c.id][0]), words=()) for c in made.clauses)
    return replace(made, agreement=agreement, clauses=tuple(worded), number=1)


def slot(clause: Clause) -> Clause:
    """The clause with a place for a rule that is still to be written."""
    block = Block("cedar", "// rule to be written\n", Span("0-agreement.md", 9, clause.id))
    return replace(clause, blocks=(block,))


def with_slots(of: InForce) -> InForce:
    """The text with a slot below each clause that has no rule."""
    return replace(of, clauses=tuple(c if c.rules else slot(c) for c in of.clauses))


FREE = ("All is free.", ALL)
BANNED = ("No harm.", HARM)


def summary(found: Comparison) -> tuple[Order, tuple[str, ...], list[tuple[str, str, bool]]]:
    """The order, what it covers, and the clauses with a rule in one text."""
    sides = [(one.clause, one.encoded, one.compared) for one in found.one_sided]
    return found.order, found.covered, sides


def test_clauses_with_rules_in_both_texts_are_compared() -> None:
    """With those that were inserted or repealed whole with their rules."""
    before = text(all=FREE, ban=BANNED, gone=("No good.", GOOD))
    after = text(all=FREE, ban=BANNED, new=("No good at all.", GOOD))
    found = compare(before, after)
    assert (Order.EQUAL, ("all", "ban", "new", "gone"), []) == summary(found)


@pytest.mark.parametrize("encoded", ["before", "after"])
def test_a_rule_under_the_same_words_is_left_out_of_both_texts(encoded: str) -> None:
    """A rule that came to words that stood changes nothing of what was agreed, and makes no text stricter."""
    ruled, bare = text(all=FREE, ban=BANNED), text(all=FREE, ban=("No harm.", ""))
    texts = (ruled, bare) if encoded == "before" else (bare, ruled)
    found = compare(*texts)
    assert (Order.EQUAL, ("all",), [("ban", encoded, False)]) == summary(found)
    assert [encoded == "before"] == [one.may_widen for one in found.left_out]


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        (BANNED, ("Harm is free.", ""), Order.LOOSER),
        (("Some harm is banned.", ""), BANNED, Order.STRICTER),
    ],
)
def test_a_rule_that_changed_with_its_words_is_compared_as_it_decides(
    before: tuple[str, str], after: tuple[str, str], order: Order
) -> None:
    """A prohibition that is rewritten into none is no encoding; and it is listed, for the words may mean the same."""
    found = compare(text(all=FREE, ban=before), text(all=FREE, ban=after))
    side = "before" if before is BANNED else "after"
    assert (order, ("all", "ban"), [("ban", side, True)]) == summary(found)


def test_a_rule_that_is_still_to_be_written_is_left_out_whatever_the_words() -> None:
    """The slot says so: the clause is not encoded yet."""
    before = text(all=FREE, ban=BANNED)
    after = with_slots(text(all=FREE, ban=("No harm of any kind.", "")))
    assert (Order.EQUAL, ("all",), [("ban", "before", False)]) == summary(compare(before, after))


def test_where_nothing_is_left_nothing_is_compared() -> None:
    """Neither `equal` nor a list that would be taken for complete."""
    bare, other = text(ban=("No harm.", "")), text(ban=("Harm is free.", ""))
    found = compare(bare, other)
    assert (Order.NOT_COMPARED, (), []) == summary(found)
    assert [False, False] == [
        answer.complete for answer in (found.newly_refused, found.newly_permitted)
    ]
    assert [Order.NOT_COMPARED] == [change.effect for change in found.changes]
    assert Order.NOT_COMPARED is compare(text(ban=BANNED), bare).order


def test_a_text_of_another_dossier_without_a_rule_is_not_compared() -> None:
    """It is not encoded, and not a text that permits nothing, so that nothing of it is inside."""
    ours, theirs = text("ours", all=FREE, ban=BANNED), text("theirs", other=("You may use it.", ""))
    for pair in ((ours, theirs), (theirs, ours)):
        found = compare(*pair, inside=True)
        assert (Order.NOT_COMPARED, 1) == (found.order, len(found.unruled))
        assert "not-compared" == inside(found)[0]


def test_a_repealed_rule_is_a_change_of_one_dossier() -> None:
    """What was the only rule of a text is gone with its clause: stricter, and no gap in the encoding."""
    before, after = text(all=FREE, note=("A note.", "")), text(note=("A note.", ""))
    assert Order.STRICTER is compare(before, after).order
    assert Order.LOOSER is compare(after, before).order


def test_two_texts_that_permit_nothing_are_equal_trivially() -> None:
    """No use differs, whatever they forbid: the order is true, and proves nothing."""
    found = compare(text(ban=BANNED), text(ban=("No good.", GOOD)))
    assert (Order.EQUAL, True, ("before", "after")) == (found.order, found.trivial, found.empty)
    assert not compare(text(all=FREE), text(all=FREE, ban=BANNED)).trivial


def test_a_text_that_permits_nothing_is_inside_trivially() -> None:
    """The reseller's text forbids and permits nothing: that it is inside was not tested."""
    ours, theirs = text("ours", all=FREE), text("theirs", ban=BANNED)
    found = compare(ours, theirs, inside=True)
    assert (("after",), "error") == (found.empty, inside(found)[0])


def test_loopholes_are_counted_in_the_whole_texts() -> None:
    """What is left out of the order still closes loopholes: `check` counts it."""
    principle = clause("p", 9, HARM, SPOKEN, principle=True)
    before, after = text(all=FREE, ban=BANNED), text(all=FREE, ban=("No harm.", ""))
    before, after = (replace(t, clauses=(*t.clauses, principle)) for t in (before, after))
    (open_,) = compare(before, after).still_open
    assert (0, 1) == (open_.was, open_.ways)


def test_a_report_names_the_clauses_without_rules() -> None:
    """Its proofs are about the others, and it says how many there are."""
    report = check(text(all=FREE, spirit=("Be kind.", ""), ban=BANNED))
    assert (("all", "ban"), ["spirit"]) == (report.covered, [u.clause for u in report.uncovered])
    assert ("proved over 2 of 3 clauses", "2 of 3 clauses; §2 has no rule") == (
        proved(report),
        over(report),
    )
    whole = check(text(all=FREE, ban=BANNED))
    assert ("proved", "all 2 clauses") == (proved(whole), over(whole))


def test_a_slot_is_said_to_be_one() -> None:
    """A clause that awaits its rule is outside the proof, and told from prose that needs none."""
    report = check(with_slots(text(all=FREE, ban=("No harm.", ""))))
    assert [True] == [one.slot for one in report.uncovered]


def test_principles_of_a_text_that_permits_nothing_hold_trivially() -> None:
    """Each is marked, none is proved, and it is said first."""
    report = check(small_text({"ban": HARM}, {"p": HARM, "q": GOOD}))
    assert [(True, False)] * 2 == [(p.trivial, p.proved) for p in report.principles]
    assert 2 == len(report.vain)
    (told,) = first(report)
    assert told.startswith("P, Q hold trivially")


def test_a_clause_left_out_is_listed_by_its_text() -> None:
    """Each list is of one text: where the rule is."""
    found = compare(
        text(all=FREE, ban=("No harm.", "")), replace(text(all=FREE, ban=BANNED), number=2)
    )
    assert ["§2 has a rule in small@2 only: left out of both texts"] == list(one_sided(found))


def test_what_cannot_be_decided_is_not_said_to_change_no_decision() -> None:
    """A clause without a rule in either text: its change is compared by nobody."""
    before, after = text(all=FREE, spirit=("Be kind.", "")), text(all=FREE, spirit=("Be fast.", ""))
    assert {"spirit": Order.NOT_COMPARED} == {
        change.clause: change.effect for change in compare(before, after).changes
    }
    assert frozenset({"spirit"}) == align(before, after).undecided
