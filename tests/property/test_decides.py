"""The digest of what decides, on random texts and vocabularies: shown words never change it, structure always does."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.decides import decides
from avenant.agreement.types import Digest, InForce
from avenant.rules.types import tests as each_test
from avenant.vocabulary.types import ANY, Axis, Category, Vocabulary
from tests.brute_force import random_text
from tests.depth import times

seeds = st.integers(0, 2**32 - 1)
Named = tuple[str, str]


def digest(text: InForce, vocabulary: Vocabulary | None = None) -> Digest:
    """What decides in a text, over its own vocabulary or another one."""
    spoken = vocabulary or text.vocabulary
    return decides("small", "en", spoken, text.clauses, text.facts, text.switches, text.admissions)


def drawn(seed: int) -> tuple[Random, InForce]:
    """A text whose facts name no axis, so that only its rules name something; definitions in two languages."""
    dice = Random(seed)
    text = random_text(dice)
    return dice, replace(text, facts=replace(text.facts, axes={}))


def named_by(text: InForce) -> set[Named]:
    """What its rules test."""
    return {(t.axis, t.category) for r in text.rules for t in each_test(r.condition)}


def kin(text: InForce) -> set[Named]:
    """What its rules test, with all above and below, by walking names upwards only."""
    vocabulary = text.vocabulary
    named = named_by(text)
    lines = {(c.axis, c.id): set(vocabulary.above(c.axis, c.id)) for c in vocabulary.categories}
    return {
        (axis, id)
        for (axis, id), line in lines.items()
        if any(a == axis and (n in line or id in lines[a, n]) for a, n in named)
    }


def changed(vocabulary: Vocabulary, one: Category, **fields: object) -> Vocabulary:
    """The vocabulary with one category changed; categories stay behind their parents."""
    categories = [replace(c, **fields) if c == one else c for c in vocabulary.categories]
    placed: list[Category] = []
    while categories:
        ready = {(c.axis, c.id) for c in placed}
        nxt = next(c for c in categories if c.parent == ANY or (c.axis, c.parent) in ready)
        categories.remove(nxt)
        placed.append(nxt)
    return Vocabulary(vocabulary.id, vocabulary.axes, tuple(placed))


def added(vocabulary: Vocabulary, axis: str, parent: str) -> Vocabulary:
    """The vocabulary with a new kind at the end of a list."""
    new = Category(axis, "brand-new", parent, {}, {"en": "new"}, {})
    return Vocabulary(vocabulary.id, vocabulary.axes, (*vocabulary.categories, new))


@settings(max_examples=times(80), deadline=None)
@given(seeds)
def test_what_is_shown_never_changes_it(seed: int) -> None:
    """Titles, phrases, IRIs, other languages, categories of no kin and axes that nothing names are not in it."""
    dice, text = drawn(seed)
    vocabulary, related = text.vocabulary, kin(text)
    one = dice.choice(vocabulary.categories)
    words = {**one.title, "de": "anders", "en": "shown", "fr": "montré"}
    others: list[Vocabulary] = [
        changed(vocabulary, one, title=words, phrase=words, within=words, other=words),
        changed(vocabulary, one, iri="https://example.org/other"),
        changed(vocabulary, one, definition={**one.definition, "fr": "autre", "de": "anders"}),
        Vocabulary(
            "other@2",
            (*vocabulary.axes, Axis("extra", {}, {"en": "More?"}, {}, "resource")),
            (*vocabulary.categories, Category("extra", "x", ANY, {}, {"en": "x"}, {})),
        ),
    ]
    for stranger in vocabulary.categories:
        here = (stranger.axis, stranger.id)
        if here not in related:
            others += [
                changed(vocabulary, stranger, definition={"en": "anything"}),
                added(vocabulary, stranger.axis, stranger.id),
            ]
    others += [added(vocabulary, axis.id, ANY) for axis in vocabulary.axes if not axis.complete]
    assert {digest(text)} == {digest(text, other) for other in others}


@settings(max_examples=times(80), deadline=None)
@given(seeds)
def test_structure_around_what_is_tested_always_changes_it(seed: int) -> None:
    """Kin that is moved, defined anew, made complete, bounded or given a kind below it is another digest."""
    dice, text = drawn(seed)
    vocabulary, related = text.vocabulary, sorted(kin(text))
    axis, id = dice.choice(related)
    one = vocabulary.category(axis, id)
    assert one is not None
    others = [
        changed(vocabulary, one, definition={**one.definition, "en": "another meaning"}),
        changed(vocabulary, one, complete=not one.complete),
        changed(vocabulary, one, over=7),
    ]
    parents = [
        c.id
        for c in vocabulary.categories
        if c.axis == axis and c.id != one.parent and id not in vocabulary.above(axis, c.id)
    ]
    parents += [ANY] if one.parent != ANY else []
    others += [changed(vocabulary, one, parent=parent) for parent in parents]
    others += [added(vocabulary, *dice.choice(sorted(named_by(text))))]
    strangers = [c for c in vocabulary.categories if (c.axis, c.id) not in related]
    for stranger in strangers:
        for a, named in named_by(text):
            # What comes to stand below a tested category counts as that.
            if a == stranger.axis and stranger.id not in vocabulary.above(a, named):
                others.append(changed(vocabulary, stranger, parent=named))
    assert digest(text) not in {digest(text, other) for other in others}


@settings(max_examples=times(80), deadline=None)
@given(seeds)
def test_another_rule_is_another_digest(seed: int) -> None:
    """A rule that is dropped, dated, or of the other effect, and an agreement of another name, decide otherwise."""
    dice, text = drawn(seed)
    at = dice.randrange(len(text.clauses))
    clause = text.clauses[at]
    rule = dice.choice(clause.rules)
    effect = "permit" if rule.effect == "forbid" else "forbid"
    seen = {digest(text)}
    for rules in (
        tuple(r for r in clause.rules if r is not rule),
        tuple(replace(r, effect=effect) if r is rule else r for r in clause.rules),
        tuple(replace(r, since=text.since) if r is rule else r for r in clause.rules),
    ):
        clauses = (*text.clauses[:at], replace(clause, rules=rules), *text.clauses[at + 1 :])
        seen.add(digest(replace(text, clauses=clauses)))
    assert 4 == len(seen)
