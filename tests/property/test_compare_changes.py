"""What a change of a clause does, against brute force; and its words, against the texts that they come from."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.compare.compare import compare
from avenant.analyse.compare.textdiff import CODE, segments
from avenant.findings.types import Order
from tests.depth import times
from tests.property.test_analyse_texts import POINTS, Point, meets
from tests.random_texts import texts


def permitted(clauses: tuple[Clause, ...]) -> set[Point]:
    """What clauses permit together."""
    rules = tuple(r for c in clauses if c.kind != "principle" for r in c.rules)
    return {p for p in POINTS if meets(rules, "permit", p) and not meets(rules, "forbid", p)}


def swapped(
    clauses: tuple[Clause, ...], out: Clause | None, put: Clause | None
) -> tuple[Clause, ...]:
    """The clauses with one taken out and another put in."""
    return (*(c for c in clauses if c != out), *((put,) if put else ()))


def named(clause: Clause, id: str) -> Clause:
    """A clause under another id, with its rules."""
    rules = (replace(r, clause=id, id=f"{id}/{n}") for n, r in enumerate(clause.rules, 1))
    return replace(clause, id=id, rules=tuple(rules))


@st.composite
def amended(draw: st.DrawFn) -> tuple[InForce, InForce]:
    """A text, and the same with some clauses gone, some with the rules of others, and sometimes a new one.

    Often a clause has a twin: then what both do shows in neither alone.
    """
    one, other = draw(texts()), draw(texts(number=1))
    if draw(st.booleans()):
        twin = draw(st.sampled_from([c for c in one.clauses if c.kind != "principle"]))
        one = replace(one, clauses=(*one.clauses, named(twin, "twin")))
    binding = [c for c in other.clauses if c.kind != "principle"]
    clauses = []
    for clause in one.clauses:
        fate = draw(st.sampled_from(["stays", "goes", "changes"]))
        if clause.kind == "principle" or fate == "stays":
            clauses.append(clause)
        elif fate == "changes":
            clauses.append(named(draw(st.sampled_from(binding)), clause.id))
    if draw(st.booleans()):
        clauses += [named(binding[0], name) for name in ("new", "newer")[: draw(st.integers(1, 2))]]
    return one, replace(one, clauses=tuple(clauses), number=1)


@given(amended())
@settings(max_examples=times(80))
def test_what_a_change_does_is_what_brute_force_finds(drawn: tuple[InForce, InForce]) -> None:
    """A use that differs is owed to a clause when changing it alone, or undoing it alone, makes a difference.

    Every box is some clause's, and where no clause does anything, the texts are equal.
    """
    before, after = drawn
    was, now = permitted(before.clauses), permitted(after.clauses)
    found = compare(before, after)
    orders = {
        (False, False): Order.EQUAL,
        (True, False): Order.STRICTER,
        (False, True): Order.LOOSER,
        (True, True): Order.INCOMPARABLE,
    }
    for change in found.changes:
        old, new = before.clause(change.clause), after.clause(change.clause)
        if change.effect is None:
            assert "principle" in {c.kind for c in (old, new) if c}
            continue
        alone = permitted(swapped(before.clauses, old, new))
        undone = permitted(swapped(after.clauses, new, old))
        gone = (was - now) & ((was - alone) | (undone - now))
        come = (now - was) & ((alone - was) | (now - undone))
        assert orders[bool(gone), bool(come)] == change.effect
    for side, answer in (("refused", found.newly_refused), ("permitted", found.newly_permitted)):
        claimed = {i for change in found.changes for i in getattr(change, side)}
        assert set(range(len(answer.boxes))) == claimed
    silent = all(change.effect in (None, Order.EQUAL) for change in found.changes)
    assert silent == (found.order is Order.EQUAL)


WORDS = st.lists(
    st.sampled_from(
        [
            "l'IA",
            "l’IA",
            "aujourd'hui",
            "not",
            "U.S.",
            "persons'",
            "1,000",
            "est-il",
            "a",
            "b",
            "c",
            "of",
        ]
    ),
    max_size=12,
)
SIGNS = st.sampled_from([" ", " ", " ", ". ", ", ", " ; ", ".\n\n", "\u202f; "])


@st.composite
def passages(draw: st.DrawFn) -> str:
    """Some words, with signs and paragraphs between them."""
    return "".join(word + draw(SIGNS) for word in draw(WORDS)).strip()


def bare(text: str) -> str:
    """A text without its spaces and typography."""
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    return "".join(text.split())


@given(passages(), passages(), st.sampled_from(["en", "fr", CODE]))
@settings(max_examples=times(300))
def test_segments_add_up_to_both_texts(was: str, now: str, language: str) -> None:
    """Same and struck are the text before, same and inserted the text after; equal texts have nothing struck."""
    found = segments(was, now, language)
    assert all(segment.text for segment in found)
    old, new = (
        "".join(s.text for s in found if s.kind in ("same", kind))
        for kind in ("struck", "inserted")
    )
    assert bare(was) == bare(old)
    assert " ".join(now.split()) == " ".join(new.split())
    changed = {s.kind for s in found} - {"same"}
    if was == now:
        assert set() == changed
