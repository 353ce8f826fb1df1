"""Words struck and inserted, in English, in French and in rules."""

from __future__ import annotations

import pytest

from avenant.analyse.compare import textdiff
from avenant.analyse.compare.textdiff import CODE, alike, segments, words


def marked(was: str, now: str, language: str = "en") -> str:
    """The change as one line: `[-struck-]{+inserted+}`."""
    marks = {"same": "{}", "struck": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(marks[s.kind].format(s.text) for s in segments(was, now, language))


def test_one_phrase_deleted_is_one_phrase_struck() -> None:
    """Nothing else of the sentence is touched."""
    was = "It shall not be intentionally used for domestic surveillance."
    now = "It shall not be used for domestic surveillance."
    expected = "It shall not be[- intentionally-] used for domestic surveillance."
    assert expected == marked(was, now)
    assert expected.replace("[-", "{+").replace("-]", "+}") == marked(now, was)


def test_a_sentence_that_moved_is_struck_and_inserted_whole() -> None:
    """It is not torn into the words that it shares with the one it passed."""
    one, other = "The use is free of charge.", "The data is kept for a year."
    assert f"{{+{other} +}}{one}[- {other}-]".replace(" +}", "+} ") == marked(
        f"{one} {other}", f"{other} {one}"
    )


def test_rewritten_passages_are_not_held_together_by_an_article() -> None:
    """An article or a comma that two long passages happen to share is struck and inserted with them."""
    was = "for the monitoring of private messages, of the unconstrained and general kind"
    now = "for surveys by any public body whatsoever, the police and intelligence included"
    assert "the-]" not in marked(was, now)
    assert 3 >= len(segments(was, now, "en"))


def test_typography_is_no_change() -> None:
    """Curly apostrophes, thin spaces, other hyphens and line breaks are the same words."""
    was = "L'IA n'est pas employée ; est-il 1\u202f000 fois aujourd'hui ?"
    now = "L\u2019IA n\u2019est pas\nemployée\u202f; est\u2011il 1\u00a0000 fois aujourd\u2019hui\u202f?"
    assert ["same"] == [s.kind for s in segments(was, now, "fr")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'usage qu'on en fait", ("L'", "usage", "qu'", "on", "en", "fait")),
        ("jusqu’à aujourd'hui, c'est-à-dire", ("jusqu'", "à", "aujourd'hui", "c'", "est-à-dire")),
        ("quelqu'un, presqu'île, prud'homme", ("quelqu'un", "presqu'île", "prud'homme")),
        ("1\u202f000\u202f000 de personnes", ("1 000 000", "de", "personnes")),
        ("D'autres s'y opposent", ("D'", "autres", "s'", "y", "opposent")),
    ],
)
def test_french_words(text: str, expected: tuple[str, ...]) -> None:
    """An elided article is a word of its own; what only looks elided is one word."""
    assert expected == words(text, "fr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U.S. persons' data", ("U.S.", "persons'", "data")),
        ("don't over-the-air 1,000,000", ("don't", "over-the-air", "1,000,000")),
    ],
)
def test_english_words(text: str, expected: tuple[str, ...]) -> None:
    """Abbreviations, possessives and compounds are one word each."""
    assert expected == words(text, "en")


def test_only_the_article_changed() -> None:
    """In French, a change of the noun leaves its elided article alone."""
    assert "L'[-usage-]{+emploi+} est libre." == marked(
        "L'usage est libre.", "L'emploi est libre.", "fr"
    )


def test_rules_change_by_their_tests() -> None:
    """In a rule, names with hyphens and operators are one word each."""
    was = 'resource in Data::"private" && resource in Scale::"bulk"'
    now = 'resource in Data::"private"'
    assert 'resource in Data::"private"[- && resource in Scale::"bulk"-]' == marked(was, now, CODE)
    assert 'A::"[-us-persons-]{+us-nationals+}"' == marked(
        'A::"us-persons"', 'A::"us-nationals"', CODE
    )


def test_nothing_against_something() -> None:
    """What is new is inserted whole, what is gone is struck whole, and nothing has no segment."""
    assert ("{+a b+}", "[-a b-]", "") == (marked("", "a b"), marked("a b", ""), marked("", ""))


def test_a_very_long_passage_is_replaced_between_its_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of pairs of equal words no finer comparison is tried, so it ends."""
    was, now = "a b c d e f", "a b x d y f"
    assert "a b[- c-]{+ x+} d[- e-]{+ y+} f" == marked(was, now)
    monkeypatch.setattr(textdiff, "_MOST", 3)
    assert "a b[- c d e-]{+ x d y+} f" == marked(was, now)
    assert "a b c d e f" == marked(was, was)
    assert "a b[- c d e f-]" == marked(was, "a b")


def test_half_a_megabyte_of_one_sentence_ends() -> None:
    """Ten thousand sentences that are all alike are more pairs than anybody compares."""
    sentence = "It shall not be used for this. "
    was, now = sentence * 10_000, sentence * 9_000 + "It may. " + sentence * 1_000
    changed = [s for s in segments(was, now, "en") if s.kind != "same"]
    assert [("inserted", "It may.")] == [(s.kind, s.text.strip()) for s in changed]


def test_alike_counts_shared_words() -> None:
    """The share of words that two passages have in common, each as often as it stands."""
    assert 1.0 == alike(("a", "b"), ("b", "a"))
    assert 0.5 == alike(("a", "a"), ("a", "b"))
    assert 0.0 == alike((), ("a",))
