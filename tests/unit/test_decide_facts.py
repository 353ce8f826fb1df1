"""Facts say who established them: what an axis carries, by the standing of what was said about it (§5)."""

from __future__ import annotations

import pytest

from avenant.agreement.compiled import compile_text
from avenant.agreement.types import FactRules, Facts
from avenant.decide.decider import Decider
from avenant.decide.explain import would_change
from avenant.decide.facts import (
    MOST_COMBINATIONS,
    checked,
    combinations,
    effective_values,
    facts_of_names,
    parse_fact,
    stated,
)
from avenant.decide.types import Fact, Outcome, Seen, Standing
from avenant.errors import InputError, Span
from avenant.vocabulary.types import Vocabulary
from tests.dossiers import errors
from tests.small_texts import small_text, vocabulary

SPOKEN = vocabulary()
E, C, S = Standing.ESTABLISHED, Standing.CLAIMED, Standing.SUSPECTED


def fact(category: str, source: str, standing: Standing, axis: str = "purpose") -> Fact:
    """One fact about the purpose."""
    return Fact(axis, category, source, standing)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), None),
        # established: `any` gives way to it
        ((fact("good", "army", E),), ("good",)),
        ((fact("good", "army", E), fact("harm", "army", E)), ("good", "harm")),
        # it gives way to a finer one from another source, and to nothing else
        ((fact("harm", "army", E), fact("big-harm", "token", E)), ("big-harm",)),
        ((fact("big-harm", "token", E), fact("harm", "army", E)), ("big-harm",)),
        ((fact("harm", "army", E), fact("harm.other", "token", E)), ("harm.other",)),
        ((fact("any", "army", E), fact("harm", "token", E)), ("harm",)),
        ((fact("harm", "army", E), fact("big-harm", "army", E)), ("harm", "big-harm")),
        ((fact("harm", "army", E), fact("good", "token", E)), ("harm", "good")),
        ((fact("good", "army", E), fact("good", "token", E)), ("good",)),
        # claimed: added, and `any` stays as long as nobody established the axis
        ((fact("good", "caller", C),), ("any", "good")),
        ((fact("any", "caller", C),), ("any",)),
        ((fact("good", "army", E), fact("harm", "caller", C)), ("good", "harm")),
        ((fact("harm", "army", E), fact("big-harm", "caller", C)), ("harm", "big-harm")),
        ((fact("big-harm", "army", E), fact("harm", "caller", C)), ("big-harm", "harm")),
        # suspected: not effective_values, unless the call is decided with it
        ((fact("harm", "observer", S),), None),
        ((fact("good", "army", E), fact("harm", "observer", S)), ("good",)),
    ],
)
def test_what_an_axis_carries(facts: tuple[Fact, ...], expected: tuple[str, ...] | None) -> None:
    """All established and claimed categories, less those that another entitled source made finer."""
    assert expected == effective_values(facts, SPOKEN).get("purpose")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((fact("harm", "observer", S),), ("any", "harm")),
        ((fact("good", "army", E), fact("harm", "observer", S)), ("good", "harm")),
        ((fact("harm", "army", E), fact("big-harm", "observer", S)), ("harm", "big-harm")),
    ],
)
def test_with_suspicions_they_count_as_claimed(
    facts: tuple[Fact, ...], expected: tuple[str, ...]
) -> None:
    """Decided with its suspicions, a call carries them beside everything else."""
    assert expected == effective_values(facts, SPOKEN, suspicions=True)["purpose"]


def test_an_axis_is_never_empty() -> None:
    """Whatever is said, each axis of each combination has a leaf: an empty product would permit everything."""
    for standing in Standing:
        facts = (fact("harm", "one", standing), fact("meant", "two", standing, "mind"))
        for suspicions in (False, True):
            values = effective_values(facts, SPOKEN, suspicions=suspicions)
            assert all(values.values())
            boxes = combinations(values, SPOKEN)
            assert boxes
            assert all(all(box) for box in boxes)
    assert [SPOKEN.full] == combinations({}, SPOKEN)


def test_only_a_named_source_establishes() -> None:
    """What a source says establishes where the text names its capacity for the axis, and is a claim elsewhere."""
    at = Span("0-agreement.md", 1)
    rules = FactRules(
        {
            "purpose": Facts("purpose", ("connection",), None, at),
            "mind": Facts("mind", (), None, at),
        },
        {"connection": ("office",)},
    )
    said = [
        stated("purpose", "good", "connection", "connection army", rules),
        stated("purpose", "good", "approver", "approver SHA256:x", rules),
        stated("purpose", "good", None, "caller", rules),
        stated("mind", "meant", "connection", "connection army", rules),
        stated("operation", "look", "connection", "connection army", rules),
    ]
    assert [E, C, C, C, C] == [f.standing for f in said]


# -- what a call's model and tools say of it

NAMED = vocabulary(
    {
        "organisation": {"office": {}},
        "operation": {"look": {}, "touch": {}},
        "effect": {"advice": {}, "act": {}},
        "data": {"medical": {}},
        "model": {"general": {}, "special": {}},
    },
    set(),
)
HERE = Span("0-agreement.md", 1)
LINES = FactRules(
    {
        "model": Facts("model", ("gateway",), None, HERE),
        "operation": Facts("operation", ("connection",), None, HERE),
    },
    models={"sample": "general"},
    tools={"search": {"operation": "look"}, "chart": {"operation": "look", "data": "medical"}},
)


def of_names(
    model: str | None, *tools: str, rules: FactRules = LINES, spoken: Vocabulary = NAMED
) -> list[tuple[str, str, str, str | None]]:
    """What names say: axis, category, standing, and the name that is unread."""
    found = facts_of_names(model, tools, rules, spoken)
    assert {"gateway"} >= {f.source for f in found}
    return [(f.axis, f.category, f.standing.value, f.unread and f.unread.name) for f in found]


def test_a_listed_name_says_what_its_line_gives() -> None:
    """The line's values are the gateway's: established only where the text lets the gateway establish the axis."""
    assert [("model", "general", "established", None)] == of_names("sample")
    assert ("operation", "look", "claimed", None) in of_names(None, "search")


def test_a_listed_name_is_unread_where_its_line_gives_nothing() -> None:
    """On each axis of tools that another line gives, and on operation and effect, it adds `any`."""
    assert [
        ("operation", "look", "claimed", None),
        ("effect", "any", "claimed", "search"),
        ("data", "any", "claimed", "search"),
    ] == of_names(None, "search")


def test_an_unlisted_name_is_unread_on_every_axis_of_its_kind() -> None:
    """A tool or model that the text does not name adds `any`, and says which name it is of."""
    assert [("model", "any", "claimed", "gpt-4o")] == of_names("gpt-4o")
    assert [
        (axis, "any", "claimed", "Search") for axis in ("operation", "effect", "data")
    ] == of_names(None, "Search")
    assert [Seen("model", "x"), *[Seen("tool", "x")] * 3] == [
        f.unread for f in facts_of_names("x", ("x", "x"), LINES, NAMED)
    ]


def test_a_text_without_lines_names_nothing() -> None:
    """Then every model and tool is unread, on the axes that the vocabulary has; a call without tools says nothing."""
    assert [
        ("operation", "any", "claimed", "search"),
        ("effect", "any", "claimed", "search"),
        ("model", "any", "claimed", "sample"),
    ] == sorted(of_names("sample", "search", rules=FactRules()), key=lambda f: NAMED.position[f[0]])
    assert [("operation", "any", "claimed", "Pay")] == of_names("sample", "Pay", spoken=SPOKEN)
    assert [] == of_names(None)


@pytest.mark.parametrize("source", ["connection army", "gateway", "approver x"])
def test_what_is_unread_stays_next_to_what_is_established(source: str) -> None:
    """Nothing gives way to the `any` of an unread name, and it gives way to nothing."""
    known = Fact("operation", "look", source, E)
    unread = facts_of_names(None, ("Search",), LINES, NAMED)
    for facts in ((known, *unread), (*unread, known)):
        assert ("look", "any") == effective_values(facts, NAMED)["operation"]
    finer = (Fact("operation", "any", "token", E), known, *unread)
    assert ("look", "any") == effective_values(finer, NAMED)["operation"]


def many(values: int) -> Vocabulary:
    """Two axes of as many categories, and the two that every vocabulary has."""
    trees = {axis: {f"{axis}-{i}": {} for i in range(values)} for axis in ("purpose", "data")}
    return vocabulary({"organisation": {"office": {}}, "operation": {"look": {}}, **trees}, set())


@pytest.mark.parametrize(("values", "outcome"), [(64, "permitted"), (65, "undetermined")])
def test_beyond_4096_combinations_a_call_is_too_mixed(values: int, outcome: str) -> None:
    """64 × 64 combinations are decided, each; 65 × 65 are not, and say so."""
    spoken = many(65)
    decider = Decider(
        compile_text(small_text({"all": "permit (principal, action, resource);"}, spoken=spoken))
    )
    facts = tuple(
        Fact(axis, f"{axis}-{i}", "asked", E) for axis in ("purpose", "data") for i in range(values)
    )
    decision = decider.decide(facts)
    assert outcome == decision.outcome
    mixed = values * values > MOST_COMBINATIONS
    assert mixed == (decision.reason == "too-mixed")
    hints = ("split the call: fewer values on an axis",) if mixed else ()
    assert hints == tuple(would_change(decision, decider.text))
    assert facts == decision.facts


def test_suspicions_that_mix_too_much_leave_open_what_they_could_refuse() -> None:
    """A permitted call that its suspicions make too mixed is undetermined; a refused one stays refused."""
    spoken = many(65)
    text = small_text(
        {
            "all": "permit (principal, action, resource);",
            "none": 'forbid (principal in Organisation::"office", action, resource);',
        },
        spoken=spoken,
    )
    decider = Decider(compile_text(text))
    doubts = tuple(
        Fact(axis, f"{axis}-{i}", "observer", S) for axis in ("purpose", "data") for i in range(65)
    )
    known = Fact("organisation", "other", "army", E)
    banned = Fact("organisation", "office", "army", E)
    assert (Outcome.PERMITTED, Outcome.UNDETERMINED) == (
        decider.decide((known,)).outcome,
        decider.decide((known, *doubts)).outcome,
    )
    assert Outcome.REFUSED == decider.decide((banned, *doubts)).outcome


def test_facts_that_the_vocabulary_does_not_know_are_all_refused() -> None:
    """Each unknown axis and category is named, with the nearest spelling or the ones there are."""
    with pytest.raises(InputError) as raised:
        checked(
            (("purpos", "good"), ("purpose", "big-harn"), ("mind", "meant"), ("mind", "other")),
            SPOKEN,
            Span("request", 1),
        )
    assert [
        ("unknown-axis", "did you mean `purpose`?"),
        ("unknown-category", "did you mean `big-harm`?"),
        ("unknown-category", "known: `any`, `meant`, `unmeant`"),
    ] == [(e.code, e.hint) for e in errors(raised.value)]


@pytest.mark.parametrize("known", ["any", "harm", "big-harm", "harm.other", "other"])
def test_facts_may_say_whatever_holds_a_leaf(known: str) -> None:
    """Listed categories, `any` and the implicit leaves are facts; only rules may not name them."""
    checked([("purpose", known)], SPOKEN, None)


def test_a_fact_is_two_words_around_a_sign() -> None:
    """Blanks around the words do not count; what has no two words is an error that shows how to write one."""
    assert ("purpose", "good") == parse_fact(" purpose = good ")
    assert ("purpose", "a=b") == parse_fact("purpose=a=b")
    for text in ("purpose", "purpose=", "=good", "=", "", "  =  "):
        with pytest.raises(InputError) as raised:
            parse_fact(text)
        assert ("bad-fact", "write axis=category, such as purpose=translation") == (
            raised.value.code,
            raised.value.hint,
        )
