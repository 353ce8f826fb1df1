"""Sets of leaves in plain words: short, exact, and in the words of the screens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import Span
from avenant.languages import LANGUAGES
from avenant.source.nodes import read_yaml
from avenant.vocabulary.extend import extended
from avenant.vocabulary.phrases import describe, phrase, sentence, spoken
from avenant.vocabulary.read import core
from avenant.vocabulary.types import Vocabulary

BLOCK = """
organisation:
  department:
    phrase: the department
    other: any other body of the department
    children:
      intelligence:
        phrase: the department's intelligence agencies
        within: its intelligence agencies
        children: {nsa: {phrase: the NSA}, dia: {phrase: the DIA}}
      army: {phrase: the Army}
      navy: {phrase: the Navy}
"""
VOCABULARY: Vocabulary = extended(core(), read_yaml(BLOCK, Span("0-agreement.md", 1)))


def mask(axis: str, given: str) -> int:
    """`a b -c`: the leaves of a and b; only words with a minus: all but those."""
    taken, kept = 0, 0
    for word in given.split():
        if word.startswith("-"):
            taken |= VOCABULARY.mask(axis, word[1:])
        else:
            kept |= VOCABULARY.mask(axis, word)
    return (kept or VOCABULARY.mask(axis, "any")) & ~taken


def test_a_box_reads_as_on_the_screens() -> None:
    """The sentence of the first loophole of the sample, word for word."""
    narrowed = {
        "organisation": mask("organisation", "department -intelligence"),
        "operation": mask("operation", "-monitor"),
        "purpose": mask("purpose", "surveillance"),
        "population": mask("population", "us-persons"),
        "scale": mask("scale", "bulk"),
    }
    box = [
        narrowed.get(a.id, full) for a, full in zip(VOCABULARY.axes, VOCABULARY.full, strict=True)
    ]
    expected = (
        "the department except its intelligence agencies; any operation but monitoring; for surveillance; "
        "of U.S. persons; in bulk"
    )
    assert expected == sentence(VOCABULARY, box)
    assert "for surveillance; in bulk" == sentence(VOCABULARY, box, {"purpose", "scale", "place"})


def test_the_whole_says_that_nothing_is_narrowed() -> None:
    """The box of everything is any use."""
    assert "any use" == sentence(VOCABULARY, VOCABULARY.full)


@pytest.mark.parametrize(
    ("axis", "given", "expected"),
    [
        ("operation", "any", "any operation"),
        ("operation", "track", "tracking"),
        ("operation", "track watch", "tracking or watching"),
        ("operation", "monitor -track", "monitoring except tracking"),
        ("operation", "-track", "any operation but tracking"),
        ("operation", "-monitor -decide", "any operation but monitoring and deciding"),
        ("purpose", "translation surveillance", "for surveillance or translation"),
        ("purpose", "-surveillance", "for any purpose but surveillance"),
        ("purpose", "intelligence.other", "for other intelligence"),
        ("purpose", "other", "for another purpose"),
        ("data", "none private", "with private information or without data"),
        ("data", "private -location", "with private information except location data"),
        ("organisation", "intelligence.other", "the department's intelligence agencies, of a kind not listed"),
        ("organisation", "department -intelligence", "the department except its intelligence agencies"),
        ("oversight", "-none", "under any oversight but none"),
        ("scale", "individual list", "one person at a time or on a list of persons"),
        ("effect", "-weapon-release", "with any effect but weapon release"),
    ],
)  # fmt: skip
def test_sets_in_words(axis: str, given: str, expected: str) -> None:
    """Positive or with an exception, whichever takes fewer names; a shared preposition is said once."""
    assert expected == describe(VOCABULARY, axis, mask(axis, given), "en")


def test_words_of_another_language() -> None:
    """A phrase in French where there is one, else in the language there is."""
    assert "pour la surveillance" == phrase(core(), "purpose", "surveillance", "fr")
    assert "the NSA" == phrase(VOCABULARY, "organisation", "nsa", "fr")
    assert "" == spoken(None)


@given(st.data())
def test_different_sets_have_different_words(data: st.DataObject) -> None:
    """A description names one set, in each language: two sets that are described alike are the same."""
    lang = data.draw(st.sampled_from(LANGUAGES))
    axis = data.draw(st.sampled_from([a.id for a in VOCABULARY.axes]))
    full = VOCABULARY.mask(axis, "any")
    one, two = (data.draw(st.integers(1, full)) for _ in range(2))
    alike = describe(VOCABULARY, axis, one, lang) == describe(VOCABULARY, axis, two, lang)
    assert (one == two) == alike
