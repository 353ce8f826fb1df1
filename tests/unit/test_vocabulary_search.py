"""Looking for a category by a word, and the tree in which it is shown."""

from __future__ import annotations

import pytest

from avenant.cli import app
from avenant.languages import speak
from avenant.vocabulary.read import also, core
from avenant.vocabulary.search import folded, nearest_category, search, suggestions, words

CORE = core()


def run(capsys: pytest.CaptureFixture[str], *arguments: str, lang: str = "en") -> tuple[int, str]:
    """The exit code of `avenant vocabulary …` and what it prints."""
    code = app.run(["--lang", lang, "vocabulary", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("sante", ("purpose", "health-care")),
        ("SANTÉ", ("data", "health")),
        ("hiring", ("purpose", "recruitment")),
        ("embauche", ("purpose", "recruitment")),
        ("deep fake", ("likeness", "real-person")),
        ("social credit", ("effect", "social-scoring")),
        ("credit social", ("effect", "social-scoring")),
        ("reconnaissance faciale", ("operation", "identify-remotely")),
        ("oeuvres d'autrui", ("content", "others-works")),
        ("us-persons", ("population", "us-persons")),
        ("exam", ("purpose", "grading")),
    ],
)
def test_a_word_finds_its_category(asked: str, key: tuple[str, str]) -> None:
    """By id, title or search word, in either language, accents and capitals aside."""
    found = search(CORE, asked)
    assert key in found.by
    assert key in found.categories


def test_every_search_word_finds_what_it_stands_beside() -> None:
    """No search word leads astray."""
    lost = [
        (key, word)
        for key, given in also().items()
        for words in given.values()
        for word in words
        if key not in search(CORE, word).by
    ]
    assert [] == lost


def test_a_match_comes_with_what_is_above_and_below() -> None:
    """The way down to a category, and the kinds of what is called so."""
    found = search(CORE, "liberty").categories
    assert {("effect", "high-stakes"), ("effect", "liberty"), ("effect", "expulsion")} <= found
    assert ("effect", "employment") not in found


def test_all_words_are_wanted() -> None:
    """Two words find fewer categories than one, and only the beginnings of words count."""
    both, one = search(CORE, "remote identification"), search(CORE, "identification")
    assert set(both.by) < set(one.by)
    assert {} == search(CORE, "dentification").by
    assert {} == search(CORE, " -'").by


def test_an_axis_is_found_by_its_title() -> None:
    """A French reader says Finalité, and gets the axis whole."""
    found = search(CORE, "finalite")
    assert {"purpose"} == found.axes
    assert {("purpose", c.id) for c in CORE.categories if c.axis == "purpose"} <= found.categories


def test_folding() -> None:
    """Accents, ligatures, capitals, hyphens and apostrophes."""
    assert "oeuvre a l'ecole" == folded("Œuvre à l'École")
    assert ("us", "persons", "d", "etat") == words("us-persons d'État")


def test_near_words_are_suggested() -> None:
    """A slip of the pen is answered with what there is."""
    assert "recruitment" in suggestions(CORE, "recrutment")
    assert () == suggestions(CORE, "qqqqqq")


def test_near_words_are_of_the_language() -> None:
    """Who reads French is not sent to English titles; ids are the same in every language."""
    speak("fr")
    try:
        near = suggestions(CORE, "surveillence", 9)
    finally:
        speak("en")
    assert "Surveillance" in near or "surveillance" in near
    assert [] == [word for word in near if "workplace" in word]


def test_a_category_is_known_by_its_title() -> None:
    """Who writes a title for an id is sent to the id, in the language that is spoken; a far word to nothing."""
    speak("fr")
    try:
        assert "translation" == nearest_category(CORE, "purpose", "traduction")
        assert "translation" == nearest_category(CORE, "purpose", "translaton")
        assert nearest_category(CORE, "purpose", "zzzz") is None
    finally:
        speak("en")
    assert "production" == nearest_category(CORE, "purpose", "traduction")


def test_an_axis_is_a_tree_with_its_definitions(capsys: pytest.CaptureFixture[str]) -> None:
    """Guides, phrases, definitions, thresholds, standard terms and the leaf for the rest."""
    code, out = run(capsys, "effect")
    lines = out.splitlines()
    assert 0 == code
    assert lines[0].endswith('resource in Effect::"…"')
    assert "│  ├─ social-scoring" in out
    assert "as a decision on hiring" in out
    assert any(line.startswith("└─ other ") for line in lines)
    assert "over 1 and up to 100" in run(capsys, "scale")[1]
    assert "https://w3id.org/dpv#CloudLocation" in run(capsys, "place")[1]


def test_the_tree_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    """Titles, definitions, phrases and the sentences around them, ids aside."""
    code, out = run(capsys, "purpose", "sante", lang="fr")
    assert 0 == code
    assert "Soins de santé · pour les soins de santé" in out
    assert "Health care" not in out
    assert "catégories sur 1 axe" in out


def test_an_axis_narrows_a_search(capsys: pytest.CaptureFixture[str]) -> None:
    """The first word may be an axis."""
    assert "data  " in run(capsys, "health")[1]
    assert "data  " not in run(capsys, "purpose", "health")[1]


@pytest.mark.parametrize(("lang", "near"), [("en", "near it: "), ("fr", "mots voisins\u202f: ")])
def test_nothing_found_is_said_with_what_is_near(
    lang: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, and the nearest words."""
    code, out = run(capsys, "recrutmant", lang=lang)
    assert 1 == code
    assert near in out
    assert "recruitment" in out
