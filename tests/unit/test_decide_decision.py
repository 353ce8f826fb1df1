"""What a Decision says: the outcome, the rules cited, what is missing, what would change it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text
from avenant.agreement.types import FactRules, InForce
from avenant.decide.decider import Decider
from avenant.decide.explain import explained, not_named
from avenant.decide.types import Decision, Explained, Fact, Outcome, Seen, Standing
from avenant.decide.whatif import what_if
from avenant.errors import Span
from avenant.languages import say
from avenant.rules.types import And, In, Pass
from tests.small_texts import clause, small_text, vocabulary

ALL = "permit (principal, action, resource);"
HEAD = "forbid (principal, action, resource) "
HARM = f'{HEAD}when {{ resource in Purpose::"harm" }};'
BIG = f'{HEAD}when {{ resource in Purpose::"big-harm" }};'
MEANT = f'{HEAD}when {{ resource in Purpose::"harm" && resource in Mind::"meant" }};'
GUEST = 'forbid (principal in Organisation::"guest", action, resource);'
FULL = {"organisation": "desk", "operation": "look", "purpose": "good", "mind": "unmeant"}

E, C, S = Standing.ESTABLISHED, Standing.CLAIMED, Standing.SUSPECTED


def facts(values: Mapping[str, str | tuple[str, ...]], standing: Standing = E) -> tuple[Fact, ...]:
    """Values as facts of one standing."""
    return tuple(
        Fact(axis, one, "asked", standing)
        for axis, value in values.items()
        for one in ((value,) if isinstance(value, str) else value)
    )


def decided(
    clauses: Mapping[str, str] | InForce, *given: Fact, **values: str | tuple[str, ...]
) -> Explained:
    """The decision on a use that is complete but for the values named; `any` leaves an axis out."""
    text = clauses if isinstance(clauses, InForce) else small_text(clauses)
    wanted = {a: v for a, v in {**FULL, **values}.items() if v != "any"}
    return explained(Decider(compile_text(text)).decide((*facts(wanted), *given)), text)


def cited(decision: Decision) -> list[tuple[str, str]]:
    """Rule and truth of each citation."""
    return [(c.rule, c.truth) for c in decision.cited]


# -- cited (§3)


def test_permitted_cites_the_permits_that_hold() -> None:
    """Each permit that certainly holds, in the order of the text; not one that possibly holds."""
    text = {"all": ALL, "look": ALL.replace("action", 'action in Action::"look"', 1)}
    assert [("all/1", "true"), ("look/1", "true")] == cited(decided(text))
    assert [("all/1", "true")] == cited(decided(text, operation="any"))


def test_permitted_by_several_together_cites_all_that_possibly_hold() -> None:
    """Where no permit covers the use and several do together, they are cited."""
    text = {
        "meant": ALL.replace(";", ' when { resource in Mind::"meant" };'),
        "unmeant": ALL.replace(";", ' when { resource in Mind::"unmeant" };'),
    }
    decision = decided(text, mind="any")
    assert Outcome.PERMITTED == decision.outcome
    assert [("meant/1", "unknown"), ("unmeant/1", "unknown")] == cited(decision)


def test_refused_cites_the_bans_that_certainly_hold() -> None:
    """Of two bans, the one that holds on all of the use is cited, the one that may hold is not."""
    decision = decided({"all": ALL, "harm": HARM, "big": BIG}, purpose="harm")
    assert Outcome.REFUSED == decision.outcome
    assert [("harm/1", "true")] == cited(decision)
    assert [("harm/1", "true"), ("big/1", "true")] == cited(
        decided({"all": ALL, "harm": HARM, "big": BIG}, purpose="big-harm")
    )


def test_refused_by_several_together_cites_all_that_possibly_hold() -> None:
    """Where no ban covers the use and several do together, they are cited."""
    text = {"all": ALL, "meant": MEANT, "unmeant": MEANT.replace("meant", "unmeant")}
    decision = decided(text, purpose="harm", mind="any")
    assert Outcome.REFUSED == decision.outcome
    assert [("meant/1", "unknown"), ("unmeant/1", "unknown")] == cited(decision)


def test_refused_by_silence_cites_nothing() -> None:
    """Where no clause permits and none forbids, nothing is cited, and a permission is what would change it."""
    decision = decided({"harm": HARM})
    assert (Outcome.REFUSED, ()) == (decision.outcome, decision.cited)
    assert ("an amendment that permits this use, signed by maker and office",) == (
        decision.would_change
    )


def test_undetermined_cites_what_tests_a_missing_axis() -> None:
    """Rules of either effect that possibly hold and test a missing axis, and no other."""
    text = {"all": ALL, "meant": MEANT, "guest": GUEST, "good": HARM.replace("harm", "good")}
    decision = decided(text, purpose="harm", mind="any")
    assert Outcome.UNDETERMINED == decision.outcome
    assert [("meant/1", "unknown")] == cited(decision)


def test_a_mixture_is_cited_by_its_worst_combinations() -> None:
    """The ban that refuses one of two purposes is cited, and shown on the combination where it holds."""
    decision = decided({"all": ALL, "harm": HARM}, purpose=("good", "big-harm"))
    assert (Outcome.REFUSED, [("harm/1", "true")]) == (decision.outcome, cited(decision))
    (test,) = decision.cited[0].tests
    assert "big-harm" == (test.fact.category if test.fact else None)


def test_a_citation_carries_the_words_the_tests_and_the_facts() -> None:
    """Clause, number, place, prose, rendering; per test its truth, its word and the fact that it met."""
    decision = decided(
        {"all": ALL, "meant": MEANT.replace(";", ' unless { action in Action::"push" };')},
        purpose="big-harm",
        mind="any",
    )
    (one,) = decision.cited
    assert ("meant", "2", "§2 meant", "forbid", "unknown", 0) == (
        one.clause,
        one.number,
        one.label,
        one.effect,
        one.truth,
        one.instrument,
    )
    assert "0-agreement.md:20" == one.at
    assert "the word harm the word meant the word push" == one.prose
    assert "Forbidden: any use, harm, meant, except push" == one.rendering
    assert [
        ("purpose", "harm", "true", "the word harm", "big-harm", False),
        ("mind", "meant", "unknown", "the word meant", None, False),
        ("operation", "push", "false", "the word push", "look", True),
    ] == [
        (t.axis, t.category, t.truth, t.word, t.fact.category if t.fact else None, t.negated)
        for t in one.tests
    ]


# -- missing


def test_missing_says_who_may_establish_and_the_words() -> None:
    """Per axis, the sources that the text names for it, and the words of the prose that rest on it."""
    text = small_text(
        {"all": ALL, "meant": MEANT}, established={"mind": ("connection", "approver")}
    )
    decision = decided(text, purpose="any", mind="any")
    assert [
        ("purpose", (), ("the word harm",)),
        ("mind", ("connection", "approver"), ("the word meant",)),
    ] == [(m.axis, m.may_establish, m.words) for m in decision.missing]
    assert (
        (
            "nobody can establish purpose: an amendment must first say who may, "
            "signed by maker and office"
        ),
        f"mind, established by {say('source.connection')} or {say('source.approver')}",
    ) == decision.would_change


def test_an_axis_that_cannot_matter_is_not_missing() -> None:
    """What is open and makes no difference is not asked for."""
    decision = decided({"all": ALL, "meant": MEANT}, purpose="harm", mind="any", operation="any")
    assert ["mind"] == [m.axis for m in decision.missing]


def test_over_combinations_missing_is_the_union() -> None:
    """Two combinations that are open on different axes miss both."""
    text = {
        "all": ALL,
        "meant": MEANT,
        "touch": HEAD.replace("action", 'action in Action::"push"')
        + 'when { resource in Purpose::"good" };',
    }
    decision = decided(text, purpose=("harm", "good"), mind="any", operation="touch")
    assert ["operation", "mind"] == [m.axis for m in decision.missing]


# -- suspicions (§5)


def suspicion(axis: str, category: str) -> Fact:
    """What an observer is not sure of."""
    return Fact(axis, category, "observer", S)


@pytest.mark.parametrize(
    ("suspected", "values", "outcome"),
    [
        (("purpose", "good"), {"operation": "push"}, "permitted"),  # permitted even with it
        (("purpose", "good"), {"purpose": "harm"}, "refused"),  # refused even without it
        (("purpose", "harm"), {}, "undetermined"),  # refused with it alone
        (("mind", "meant"), {"purpose": "good"}, "permitted"),  # cannot matter
    ],
)
def test_a_suspicion_neither_permits_nor_refuses(
    suspected: tuple[str, str], values: Mapping[str, str], outcome: str
) -> None:
    """A call is decided without its suspicions and with them, and is open where the two differ."""
    text = {"all": ALL, "harm": HARM}
    assert outcome == decided(text, suspicion(*suspected), **values).outcome


def test_a_suspicion_is_what_is_missing() -> None:
    """The axis suspected, what is suspected there, the ban that rests on it, and the way to settle it."""
    decision = decided(
        {"all": ALL, "harm": HARM, "meant": MEANT},
        suspicion("purpose", "small-harm"),
        suspicion("purpose", "big-harm"),
    )
    (missing,) = decision.missing
    assert ("purpose", ("small-harm", "big-harm"), ("connection",)) == (
        missing.axis,
        missing.suspected,
        missing.may_establish,
    )
    assert [("harm/1", "true")] == cited(decision)
    assert ((), ()) == (decision.against, decision.past)
    assert (
        "an attestation about this very call on purpose, by somebody who may establish it",
    ) == decision.would_change


def test_beside_a_suspicion_what_is_open_anyway_is_missing_too() -> None:
    """A call that is undetermined without its suspicions says both, and cites the rules of both."""
    text = {"all": ALL, "meant": MEANT, "guest": GUEST}
    decision = decided(text, suspicion("organisation", "guest"), purpose="harm", mind="any")
    assert [("mind", ()), ("organisation", ("guest",))] == [
        (m.axis, m.suspected) for m in decision.missing
    ]
    assert ["meant/1", "guest/1"] == [rule for rule, _ in cited(decision)]
    assert 2 == len(decision.would_change)


# -- against, past


PRINCIPLES = {"p": f"{HARM}\n{BIG.replace('Purpose', 'Mind').replace('big-harm', 'meant')}"}


def test_permitted_against_a_principle_that_certainly_holds() -> None:
    """A permitted call that certainly meets one forbid of a principle is told so, one that may meet it is not."""
    text = small_text({"all": ALL}, PRINCIPLES)
    label = next(c.label for c in text.clauses if c.id == "p")
    assert (label,) == decided(text, purpose="harm").against
    assert (label,) == decided(text, mind="meant").against
    assert (label,) == decided(text, purpose=("good", "small-harm")).against
    assert () == decided(text, purpose="any", mind="any").against
    assert () == decided(text).against


def test_only_a_permitted_call_is_against_a_principle() -> None:
    """A refused call met the text, and that is all there is to say."""
    text = small_text({"all": ALL, "big": BIG}, PRINCIPLES)
    decision = decided(text, purpose="big-harm")
    assert (Outcome.REFUSED, ()) == (decision.outcome, decision.against)


def test_principles_stated_beside_the_text_are_tested_and_never_enforced() -> None:
    """What was said in public forbids nothing and is named when met."""
    spoken = vocabulary()
    said = clause("s1", 9, HARM, spoken, principle=True)
    decider = Decider(compile_text(small_text({"all": ALL}), [("said", said)]))
    decision = decider.decide(facts({**FULL, "purpose": "harm"}))
    assert (Outcome.PERMITTED, (said.label,)) == (decision.outcome, decision.against)


def admitted(text: InForce) -> InForce:
    """The text with a pass of instrument 2: the guest, past the ban on guests, for what is good."""
    at = Span("2-admission.md", 1)
    let = Pass(2, And((In("organisation", "guest", at), In("purpose", "good", at))))
    clauses = tuple(
        replace(c, rules=tuple(replace(r, passes=(let,)) for r in c.rules))
        if c.id == "guest"
        else c
        for c in text.clauses
    )
    return replace(text, clauses=clauses)


def test_past_names_the_ban_and_the_admission() -> None:
    """A call that an admission lets past a ban says which and by what; another use of the same body stays refused."""
    text = admitted(small_text({"all": ALL, "guest": GUEST}))
    decision = decided(text, organisation="guest")
    assert Outcome.PERMITTED == decision.outcome
    assert [("guest", "guest/1", 2)] == [(p.clause, p.rule, p.admission) for p in decision.past]
    assert () == decided(text).past
    assert Outcome.REFUSED == decided(text, organisation="guest", purpose="harm").outcome
    assert Outcome.REFUSED == decided(text, organisation="guest", purpose=("good", "harm")).outcome


# -- would change, otherwise


def test_a_ban_on_a_body_is_changed_by_an_admission() -> None:
    """Where one ban stands and tests nothing but who acts, an admission of that body is the remedy."""
    decision = decided({"all": ALL, "guest": GUEST}, organisation="guest")
    assert ("an admission of guest, signed by maker and office",) == decision.would_change
    assert ("§1 all",) == decision.otherwise


def test_any_other_ban_is_changed_by_an_amendment() -> None:
    """Of a ban on what is done, or of two bans, an amendment of the clauses is the remedy."""
    text = {"all": ALL, "guest": GUEST, "harm": HARM}
    assert ("an amendment of §3 harm, signed by maker and office",) == decided(
        text, purpose="harm"
    ).would_change
    assert ("an amendment of §2 guest and §3 harm, signed by maker and office",) == decided(
        text, organisation="guest", purpose="harm"
    ).would_change


def test_otherwise_names_only_permits_that_hold_on_all() -> None:
    """Without a permit behind the ban there is nothing to promise; a permit of one combination is not enough."""
    some = ALL.replace(";", ' when { resource in Mind::"meant" };')
    assert () == decided({"some": some, "guest": GUEST}, organisation="guest").otherwise
    both = decided({"some": some, "guest": GUEST}, organisation="guest", mind=("meant", "unmeant"))
    assert () == both.otherwise
    assert ("§1 some",) == decided(
        {"some": some, "guest": GUEST}, organisation="guest", mind="meant"
    ).otherwise
    assert () == decided({"all": ALL}).otherwise


# -- where no permission can hold

LOOK = 'permit (principal in Organisation::"office", action in Action::"look", resource) '
NARROW = {
    "far": LOOK + 'when { resource in Purpose::"good" && resource in Mind::"meant" };',
    "near": LOOK + 'when { resource in Purpose::"good" };',
    "as-near": LOOK.replace("look", "touch") + 'when { resource in Purpose::"harm" };',
}


def test_a_ban_is_not_to_blame_where_nothing_permits() -> None:
    """No ban is cited: the permits that fewest axes keep from holding are named, and the bans come behind."""
    decision = decided({**NARROW, "harm": HARM, "guest": GUEST}, purpose="harm")
    assert (Outcome.REFUSED, []) == (decision.outcome, cited(decision))
    assert [("§2 near", ("purpose",)), ("§3 as-near", ("operation",))] == [
        (near.label, near.kept_by) for near in decision.nearest
    ]
    assert [("harm/1", "true")] == [(c.rule, c.truth) for c in decision.also]
    assert (
        "an amendment that permits this use and changes §4 harm, signed by maker and office",
    ) == decision.would_change
    assert () == decision.otherwise


def test_a_ban_that_only_may_hold_is_not_named_behind() -> None:
    """What possibly forbids the use is no reason for anything while nothing permits it."""
    decision = decided({**NARROW, "meant": MEANT}, purpose="harm", mind="any")
    assert ((), ()) == (decision.cited, decision.also)
    assert ("an amendment that permits this use, signed by maker and office",) == (
        decision.would_change
    )


def test_a_nearest_permission_says_which_facts_keep_it() -> None:
    """Its failing tests carry the facts of the use."""
    near = decided(NARROW, purpose="small-harm").nearest[0]
    assert [("good", "false", "small-harm")] == [
        (t.category, t.truth, t.fact.category if t.fact else None)
        for t in near.tests
        if t.axis in near.kept_by
    ]


def test_of_a_mixture_that_nothing_permits_the_refused_part_is_nearest() -> None:
    """One purpose is permitted and another is not: the permission lacks the other one alone."""
    decision = decided({"near": NARROW["near"]}, purpose=("good", "harm"))
    assert [("near/1", ("purpose",))] == [(n.rule, n.kept_by) for n in decision.nearest]


# -- to change it, only where it would


def test_an_admission_is_offered_only_where_it_is_enough() -> None:
    """Two bans, a red line, or a body that no category names: then an admission changes nothing, and is not offered."""
    text = {"all": ALL, "guest": GUEST, "all-guests": GUEST}
    assert ("an amendment of §2 guest and §3 all-guests, signed by maker and office",) == decided(
        text, organisation="guest"
    ).would_change
    red = small_text({"all": ALL, "guest": GUEST})
    red = replace(red, clauses=(red.clauses[0], replace(red.clauses[1], red_line=True)))
    assert ("an amendment of §2 guest, signed by maker and office",) == decided(
        red, organisation="guest"
    ).would_change


def test_all_that_is_needed_is_said() -> None:
    """A mixture refused by a ban on one value, and by silence on another, needs both."""
    text = {"near": NARROW["near"], "guest": GUEST, "office": NARROW["as-near"]}
    decision = decided(text, organisation=("desk", "guest"))
    assert (
        "an amendment that permits this use and changes §2 guest, signed by maker and office",
    ) == (decision.would_change)


# -- names that the text does not read


def tool(name: str, axis: str) -> Fact:
    """The fact of a tool without a value on an axis."""
    return Fact(axis, "any", "gateway", C, Seen("tool", name))


def test_an_unread_name_leaves_its_axis_open_next_to_what_is_established() -> None:
    """It is named with its axis; a line of the text is what would close it, and no further fact."""
    text = small_text({"all": ALL, "touch": HARM.replace("action", 'action in Action::"touch"', 1)})
    decision = decided(text, tool("pay", "operation"), purpose="harm")
    (missing,) = decision.missing
    assert ("operation", (Seen("tool", "pay"),), True) == (
        missing.axis,
        missing.unread,
        missing.fine,
    )
    assert (
        "`pay` with values for operation in `facts: tools`, by an amendment signed by maker and office",
    ) == decision.would_change


def test_an_unlisted_name_is_told_from_the_listed_ones() -> None:
    """`gpt-4o` is not one of this text's models, and which are is said; a listed one lacks a value."""
    rules = FactRules(models={"sample": "general"}, tools={"pay": {"operation": "touch"}})
    assert "`gpt-4o` is not one of this text's models: sample" == not_named(
        Seen("model", "gpt-4o"), rules
    )
    assert "the text gives the tool `pay` no value here" == not_named(Seen("tool", "pay"), rules)
    assert "names none" in not_named(Seen("model", "gpt-4o"), FactRules())


def test_a_claim_of_several_kinds_keeps_its_axis_open() -> None:
    """Nothing takes a caller's claim away: the call would have to be made without it."""
    text = {"all": ALL, "big": BIG}
    decision = decided(text, Fact("purpose", "harm", "caller", C))
    (missing,) = decision.missing
    assert (("harm",), True) == (missing.claimed, missing.fine)
    assert ("the call without its own claim that purpose is harm",) == decision.would_change


# -- what if


def settled(
    text: Mapping[str, str], *given: Fact, **values: str
) -> list[tuple[dict[str, str], str]]:
    """The answers that would settle a use, with the outcome of each."""
    decider = Decider(compile_text(small_text(text)))
    decision = decided(text, *given, **values)
    return [(dict(s.answers), str(s.decision.outcome)) for s in what_if(decider, decision)]


def test_each_answer_that_settles_alone() -> None:
    """One missing axis: each of its categories, with the decision it would lead to."""
    assert [({"mind": "meant"}, "refused"), ({"mind": "unmeant"}, "permitted")] == settled(
        {"all": ALL, "meant": MEANT}, purpose="harm", mind="any"
    )


def test_where_no_single_answer_permits_one_set_does() -> None:
    """Two missing axes whose single answers only refuse: the first set of answers that permits is added."""
    text = {
        "some": 'permit (principal, action in Action::"look", resource) '
        'when { resource in Mind::"unmeant" };'
    }
    found = settled(text, operation="any", mind="any")
    assert ({"mind": "meant"}, "refused") in found
    assert ({"operation": "touch"}, "refused") in found
    assert ({"operation": "look", "mind": "unmeant"}, "permitted") == found[-1]
    assert 1 == sum(outcome == "permitted" for _, outcome in found)


def test_what_is_settled_has_no_answers() -> None:
    """A permitted or refused use asks nothing."""
    assert [] == settled({"all": ALL})
    assert [] == settled({"all": ALL, "harm": HARM}, purpose="harm")


def test_a_suspicion_has_no_answers() -> None:
    """What is suspected is settled by an attestation, not by one more fact; what is open beside it is still asked."""
    text = {"all": ALL, "meant": MEANT, "guest": GUEST}
    assert [] == settled(text, suspicion("organisation", "guest"))
    found = settled(text, suspicion("organisation", "guest"), purpose="harm", mind="any")
    assert [({"mind": "meant"}, "refused")] == found


def test_a_claim_against_a_use_is_no_answers_to_lift() -> None:
    """Where a caller's own claim keeps a use open, no supposed answer permits it."""
    text = {"all": ALL, "meant": MEANT}
    claim = Fact("purpose", "harm", "caller", C)
    found = settled(text, claim, mind="any")
    assert ({"mind": "unmeant"}, "permitted") in found
    assert ({"mind": "meant"}, "refused") in found
