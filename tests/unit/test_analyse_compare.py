"""Comparisons of small texts: the order, the boxes each way, and what stands beside."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from avenant.agreement.types import Counterpart, InForce
from avenant.analyse.compare.compare import compare
from avenant.analyse.types import Comparison
from avenant.findings.types import Order
from avenant.vocabulary.types import Vocabulary
from tests.small_texts import TREES, Tree, said, small_text, vocabulary

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
GUEST = 'permit (principal in Organisation::"guest", action, resource);'
VAULT = 'forbid (principal in Organisation::"vault", action, resource);'
HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
MEANT = HARM.replace('harm" }', 'harm" && resource in Mind::"meant" }')


def beside(found: Comparison) -> dict[str, str]:
    """What stands beside the regions, by id."""
    return {f.id: f.message for f in found.beside}


def effects(found: Comparison) -> dict[str, Order | None]:
    """What each changed clause does."""
    return {change.clause: change.effect for change in found.changes}


def banded(bulk: int) -> Vocabulary:
    """The small vocabulary with a size axis of three bands, the last over `bulk`."""
    sizes: Mapping[str, Tree] = {"one": {}, "list": {}, "bulk": {}}
    spoken = vocabulary({**TREES, "size": sizes}, {("mind", "any"), ("size", "any")})
    over = {"one": 0, "list": 1, "bulk": bulk}
    return replace(
        spoken,
        categories=tuple(
            replace(c, over=over[c.id]) if c.axis == "size" else c for c in spoken.categories
        ),
    )


def test_a_further_ban_is_stricter_by_one_box() -> None:
    """What is newly refused is said as narrow as it was permitted, with the clause that refuses it."""
    before = small_text({"all": OFFICE}, {"p": HARM})
    after = small_text({"all": OFFICE, "ban": MEANT}, {"p": HARM}, number=1)
    found = compare(before, after)
    assert Order.STRICTER == found.order
    (box,) = found.newly_refused.boxes
    assert {
        "organisation": ("desk", "vault", "office.other"),
        "purpose": ("big-harm", "small-harm", "harm.other"),
        "mind": ("meant",),
    } == box.leaves
    assert ("purpose", "mind") == box.foreground
    assert ((("§1 all",), ("§2 ban",))) == (box.permitted_by, box.owed_to)
    assert () == found.newly_permitted.boxes
    (principle,) = found.still_open
    assert (1, 1, Order.STRICTER) == (principle.was, principle.ways, principle.order)


def test_what_was_refused_before_does_not_split_what_is_newly_refused() -> None:
    """A new ban over a corner that an old one refused already is one box, grown over the corner."""
    corner = 'forbid (principal, action in Action::"push", resource) when { resource in Purpose::"big-harm" };'
    ban = 'forbid (principal, action in Action::"touch", resource) when { resource in Purpose::"harm" };'
    before = small_text({"all": OFFICE, "corner": corner})
    found = compare(before, small_text({"all": OFFICE, "corner": corner, "ban": ban}, number=1))
    (box,) = found.newly_refused.boxes
    assert ("push", "pull", "touch.other") == box.leaves["operation"]
    assert ("big-harm", "small-harm", "harm.other") == box.leaves["purpose"]


@pytest.mark.parametrize(
    ("clauses", "order"),
    [
        ({"all": OFFICE, "vault": VAULT}, Order.EQUAL),
        ({"all": OFFICE, "vault": VAULT, "harm": HARM}, Order.STRICTER),
        ({"all": OFFICE}, Order.LOOSER),
        ({"all": OFFICE, "harm": HARM}, Order.INCOMPARABLE),
        ({"every": OFFICE, "vault": VAULT, "again": VAULT}, Order.EQUAL),
    ],
)
def test_the_order_follows_from_which_side_is_empty(clauses: dict[str, str], order: Order) -> None:
    """Stricter, equal, looser or incomparable to a text that keeps the vault out; names do not matter."""
    before = small_text({"all": OFFICE, "vault": VAULT})
    assert order == compare(before, small_text(clauses, number=1)).order


def test_a_category_that_moved_is_looser_though_no_rule_changed() -> None:
    """Moving the vault out of the office that a ban names lets the vault through."""
    ban = 'forbid (principal in Organisation::"office", action, resource);'
    clauses = {"all": "permit (principal, action, resource);", "ban": ban}
    moved = vocabulary(
        {**TREES, "organisation": {"office": {"desk": {}}, "vault": {}, "guest": {}}}
    )
    found = compare(small_text(clauses), small_text(clauses, spoken=moved, number=1))
    assert Order.LOOSER == found.order
    (box,) = found.newly_permitted.boxes
    assert {"organisation": ("vault",)} == box.leaves
    assert Order.STRICTER == compare(small_text(clauses, spoken=moved), small_text(clauses)).order


def test_a_raised_threshold_is_looser_though_no_rule_changed() -> None:
    """Raising `bulk` from 100 to 1,000 newly permits what lies between."""
    clauses = {
        "all": "permit (principal, action, resource);",
        "ban": 'forbid (principal, action, resource) when { resource in Size::"bulk" };',
    }
    few, many = (small_text(clauses, spoken=banded(over)) for over in (100, 1_000))
    found = compare(few, many)
    assert Order.LOOSER == found.order
    (box,) = found.newly_permitted.boxes
    assert ("size",) == box.foreground
    assert ("§2 ban",) == box.owed_to
    assert Order.STRICTER == compare(many, few).order


def test_a_principle_that_only_the_text_after_can_say_has_no_ways_before() -> None:
    """A principle beside the texts is asked of the text before only if its vocabulary can say it."""
    clauses = {"all": OFFICE}
    spoken = vocabulary({**TREES, "purpose": {"harm": {"new-harm": {}}, "good": {}}})
    said_later = small_text(
        clauses, {"p": HARM.replace('harm"', 'new-harm"')}, spoken=spoken, number=1
    )
    asked = [("2026-02-28", said_later.principles[0])]
    bare = replace(said_later, clauses=said_later.clauses[:1])
    (principle,) = compare(small_text(clauses), bare, asked).still_open
    assert (None, 1) == (principle.was, principle.ways)
    (again,) = compare(bare, bare, asked).still_open
    assert (1, 1, Order.EQUAL) == (again.was, again.ways, again.order)


def test_naming_a_further_source_is_looser_and_naming_fewer_stricter() -> None:
    """Who may establish an axis is compared by inclusion; other sources are in no order."""
    clauses = {"all": OFFICE, "ban": HARM}

    def by(*sources: str) -> InForce:
        return small_text(clauses, established={"purpose": sources})  # type: ignore[dict-item]

    name = "changed-sources:purpose"
    assert "looser" in beside(compare(by("connection"), by("connection", "approver")))[name]
    assert "stricter" in beside(compare(by("connection"), by("nobody")))[name]
    assert "in part" in beside(compare(by("connection"), by("approver")))[name]
    assert {} == beside(compare(by("nobody"), by()))


def test_switches_names_signers_and_definitions_are_listed_without_an_order() -> None:
    """What has no order is listed as it was and as it is."""
    text = small_text({"all": OFFICE})
    spoken = text.vocabulary
    worded = replace(
        spoken,
        categories=(replace(spoken.categories[0], definition=said("anew")), *spoken.categories[1:]),
    )
    other = replace(
        text,
        vocabulary=worded,
        switches={"mode": "watch"},
        facts=replace(
            text.facts,
            signed_by={"connection": ("maker",)},
            models={"sample": "small"},
            tools={"fire": {"operation": "touch"}},
            inside={"acme": (Counterpart("office", "partner", text.clauses[0].at),)},
        ),
    )
    changed = {
        "changed-signers:connection": "office → maker: no order is known",
        "changed-switch:mode": "nothing → watch: no order is known",
        "changed-model:sample": "nothing → small: no order is known",
        "changed-tool:fire": "nothing → operation=touch: no order is known",
        "changed-inside:acme": "nothing → office=partner: no order is known",
        "changed-definition:organisation.office": "office → anew: no order is known",
    }
    found = compare(text, other)
    assert changed == beside(found)
    assert Order.EQUAL == found.order


@pytest.mark.parametrize("steps", range(0, 40, 4))
def test_a_limit_on_steps_never_proves_an_order(steps: int) -> None:
    """Cut off, the order is the right one because a box was found, or it is not finished."""
    before = small_text({"all": OFFICE, "vault": VAULT, "harm": HARM})
    after = small_text({"all": OFFICE, "meant": MEANT}, number=1)
    whole, cut = compare(before, after), compare(before, after, steps=steps)
    assert cut.order in (Order.UNFINISHED, whole.order)
    assert whole.order != Order.UNFINISHED


def test_a_list_that_is_cut_off_says_that_others_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """A further use was found and not listed: that is known. Where steps ran out before, it is not."""
    before = small_text({"all": OFFICE})
    vault = 'forbid (principal in Organisation::"vault", action, resource) when { resource in Purpose::"good" };'
    after = small_text({"all": OFFICE, "ban": HARM, "vault": vault}, number=1)
    whole = compare(before, after).newly_refused
    assert (True, False) == (whole.complete, whole.others)
    assert len(whole.boxes) > 1
    monkeypatch.setattr("avenant.analyse.compare.compare.LIMIT", 1)
    cut = compare(before, after).newly_refused
    assert (1, False, True) == (len(cut.boxes), cut.complete, cut.others)
    monkeypatch.undo()
    steps = compare(before, after, steps=1).newly_refused
    assert (False, False) == (steps.complete, steps.others)


def test_time_up_at_once_is_not_finished() -> None:
    """A deadline that has passed leaves an order that algebra alone cannot prove unfinished."""
    before = small_text({"all": OFFICE})
    after = small_text({"all": OFFICE, "ban": HARM}, number=1)
    assert Order.UNFINISHED == compare(before, after, stop=lambda: True).order


@pytest.mark.parametrize(
    ("rest", "doubled", "order"),
    [({"guest": GUEST}, OFFICE, Order.STRICTER), ({"all": OFFICE}, VAULT, Order.LOOSER)],
)
def test_what_two_clauses_do_together_is_owed_to_each(
    rest: dict[str, str], doubled: str, order: Order
) -> None:
    """Of two clauses that say the same, taking one away shows nothing; when both go or come, it is theirs."""
    less = small_text(rest)
    more = small_text({**rest, "one": doubled, "two": doubled}, number=1)
    gone, back = compare(more, less), compare(less, more)
    assert (order, {"one": order, "two": order}) == (gone.order, effects(gone))
    other = Order.LOOSER if order is Order.STRICTER else Order.STRICTER
    assert (other, {"one": other, "two": other}) == (back.order, effects(back))
