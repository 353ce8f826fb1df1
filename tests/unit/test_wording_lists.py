"""The term lists and the sentences: each term has its source, each kind its words in both languages."""

from __future__ import annotations

from itertools import product

import pytest

from avenant.languages import LANGUAGES
from avenant.languages.read import catalogue
from avenant.prose.phrases import Tree, expanded
from avenant.prose.read import lexicon, listed
from avenant.prose.tokens import split_words
from avenant.prose.types import Category, Effect, Operator, Polarity, severity
from tools import wording_page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_group_of_terms_names_a_published_source(language: str) -> None:
    """A source has a title and an address, and each is used."""
    read = listed(language)
    used = {group["source"] for group in read["terms"]}
    used |= {read[part]["source"] for part in ("passive", "time", "law")}
    assert set(read["sources"]) == used
    for source in read["sources"].values():
        assert source["title"]
        assert source["url"].startswith("http")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_is_found(language: str) -> None:
    """Each phrase of a term list is found where it stands, whole; a shorter one does not hide it."""
    terms = lexicon(language).terms
    for group in listed(language)["terms"]:
        for phrase in group["phrases"]:
            for plain in expanded(str(phrase)):
                words = split_words(plain.replace("…", " "))
                assert (0, len(words)) in [(a, b) for a, b, _ in terms.found(words, 0, len(words))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_know_each_kind(language: str) -> None:
    """No kind of term and no operator is known in one language only."""
    read = listed(language)
    listed_kinds = {Category(group["category"]) for group in read["terms"]}
    assert set(listed("en")["terms"][0]) >= {"category", "effect", "source", "phrases"}
    assert {Category(g["category"]) for g in listed("en")["terms"]} == listed_kinds
    assert {operator.value for operator in Operator} == set(read["operators"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_kind_has_its_sentences(language: str) -> None:
    """A kind is named alone and in number, and says what is wrong; each direction says why."""
    known = catalogue(language)
    for category in Category:
        assert f"wording.{category}" in known
        assert f"finding.wording-{category}" in known
        assert f"finding.wording-{category}-many" in known
    for effect, polarity in product(Effect, (Polarity.BAN, Polarity.PERMISSION)):
        if effect is not Effect.OPEN:
            assert f"wording.{effect}-{polarity}" in known


def test_severity_follows_polarity() -> None:
    """The whole table: what narrows a ban or widens a permission is an error, the reverse a note."""
    table = {
        (effect.value, polarity.value): severity(effect, polarity).value
        for effect, polarity in product(Effect, Polarity)
    }
    assert {
        ("narrows", "ban"): "error",
        ("narrows", "permission"): "note",
        ("narrows", "neither"): "warning",
        ("widens", "ban"): "note",
        ("widens", "permission"): "error",
        ("widens", "neither"): "warning",
        ("loosens", "ban"): "error",
        ("loosens", "permission"): "error",
        ("loosens", "neither"): "warning",
        ("open", "ban"): "warning",
        ("open", "permission"): "warning",
        ("open", "neither"): "warning",
    } == table


def test_the_longest_phrase_wins() -> None:
    """Of two phrases at a place the longer is found, over a gap too; none overlap."""
    tree = Tree(
        [("shall", "duty"), ("shall not", "ban"), ("no … may", "ban"), ("may", "permission")]
    )
    words = split_words("no person may; it shall not; it shall")
    assert ["ban", "ban", "duty"] == [value for _, _, value in tree.found(words, 0, len(words))]


def test_a_gap_has_an_end() -> None:
    """What stands further off than the gap is not the same phrase."""
    tree = Tree([("no … may", "ban")])
    near, far = split_words("no " + "x " * 8 + "may"), split_words("no " + "x " * 9 + "may")
    assert 1 == len(list(tree.found(near, 0, len(near))))
    assert 0 == len(list(tree.found(far, 0, len(far))))


def test_the_page_of_the_terms_is_current() -> None:
    """The page is what its tool writes today."""
    told = "run: python tools/wording_page.py"
    assert wording_page.PAGE.read_text("utf-8") == wording_page.page(), told
