"""The sample dossier: each test stands for a word, each choice of encoding is written down, each file is labelled."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from avenant.agreement.consolidate import draft_effects, in_force, principles_of
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import Clause, InForce
from tests.conformance import ROOT

DOSSIER = read_dossier(ROOT / "agreements" / "openai-dow")
EFFECTS = draft_effects(DOSSIER)


def text(number: int) -> InForce:
    """The draft after an instrument."""
    return in_force(DOSSIER, number, EFFECTS, draft=True)


def clauses() -> tuple[Clause, ...]:
    """Every clause of the whole text, and the principles of the statements."""
    last = text(2)
    stated = (p for s in DOSSIER.statements for p in principles_of(s, last.vocabulary))
    return (*last.clauses, *stated)


@pytest.mark.parametrize("clause", clauses(), ids=lambda clause: clause.id)
def test_every_test_has_its_word_and_every_word_its_test(clause: Clause) -> None:
    """What a rule tests and what the prose links are the same categories, no more and no fewer."""
    tested = {(t.axis, t.category) for rule in clause.rules for t in rule.tests()}
    assert tested == {(word.axis, word.category) for word in clause.words}


def test_the_clauses_have_their_numbers() -> None:
    """The numbers that everything else cites."""
    expected = [
        ("definitions", "1"),
        ("all-lawful", "2"),
        ("weapons", "3"),
        ("testing", "4"),
        ("intelligence", "5"),
        ("monitoring", "6"),
        ("law-enforcement", "7"),
        ("surveillance", "8"),
        ("agencies", "9"),
    ]
    bound = [(c.id, c.number) for c in text(1).clauses if c.kind != "principle"]
    assert expected == bound
    assert expected[:7] == [(c.id, c.number) for c in text(0).clauses if c.kind != "principle"]
    assert ["R1", "R2", "R3"] == [c.label for c in text(1).principles]


def test_every_choice_of_encoding_is_written_beside_a_rule() -> None:
    """The choices are lettered from (a) without a gap, and those that the table rests on are among them."""
    letters = {
        letter for c in clauses() for choice in c.choices for letter in re.findall(r"^\((\w)\)", choice.text)
    }  # fmt: skip
    assert set("abcdefgh") <= letters
    assert {chr(ord("a") + i) for i in range(len(letters))} == letters


def test_choices_are_no_part_of_the_prose() -> None:
    """What is quoted from a clause are the words that were published."""
    assert [] == [c.id for c in clauses() if "Encoding" in c.prose["en"]]


def test_every_instrument_says_what_it_is() -> None:
    """Reconstructed, or invented: each file carries its label, and the reconstructed ones their sources."""
    for instrument in DOSSIER.instruments:
        invented = instrument.kind == "admission"
        assert (instrument.label or "").startswith("Invented" if invented else "Reconstructed")
        assert invented != bool(instrument.sources)


def test_no_reading_was_published() -> None:
    """An agreed reading is the parties' alone to give."""
    assert [] == [c.id for c in clauses() if c.reading is not None]


def test_each_instrument_names_its_predecessor() -> None:
    """The chain of the sample is whole as it is shipped."""
    for before, after in pairwise(DOSSIER.instruments):
        assert before.digest == after.previous


def test_nobody_can_establish_what_somebody_meant() -> None:
    """Who may establish what: the connection for what the table establishes, nobody for intent."""
    facts = text(0).facts
    assert () == facts.may_establish("intent")
    assert ("connection", "approver") == facts.may_establish("oversight")
    assert {"connection": ("department",), "approver": ("department",)} == dict(facts.signed_by)
