"""The words of the core vocabulary: each category can be told from every other, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from avenant.languages import LANGUAGES
from avenant.vocabulary.phrases import describe, phrase
from avenant.vocabulary.read import also, core
from avenant.vocabulary.types import ANY, OTHER, Axis, Category

CORE = core()
THINGS: tuple[Axis | Category, ...] = (*CORE.axes, *CORE.categories)


def name(thing: Axis | Category) -> str:
    """`axis` or `axis.category`."""
    return f"{thing.axis}.{thing.id}" if isinstance(thing, Category) else thing.id


def words(lang: str) -> Iterator[tuple[str, str]]:
    """Every text of the file in one language, with the name of what it belongs to."""
    for thing in THINGS:
        for key in ("title", "definition", "phrase", "within", "other"):
            if text := getattr(thing, key, None):
                yield f"{name(thing)} {key}", text[lang]
    for (axis, id), found in also().items():
        for word in found[lang]:
            yield f"{axis}.{id} also", word


def repeated(found: Iterator[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What stands more than once."""
    return [key for key, count in Counter(found).items() if count > 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_title_stands_once_on_its_axis(lang: str) -> None:
    """Two categories of an axis never have one title."""
    assert [] == repeated((c.axis, c.title[lang].casefold()) for c in CORE.categories)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_category_reads_differently(lang: str) -> None:
    """No two categories or `.other` leaves of an axis are spoken alike, nor like the whole axis."""
    spoken = (
        (axis.id, phrase(CORE, axis.id, id, lang))
        for axis in CORE.axes
        for id, _ in CORE.subtrees(axis.id)
    )
    assert [] == repeated(spoken)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_exception_reads_as_one(lang: str) -> None:
    """Each axis less one category is a phrase without holes, in which no space stands twice."""
    for axis in CORE.axes:
        full = CORE.mask(axis.id, ANY)
        for id, mask in CORE.subtrees(axis.id):
            if mask != full:
                said = describe(CORE, axis.id, full & ~mask, lang)
                assert said == said.strip(), id
                assert "  " not in said, id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_are_trimmed(lang: str) -> None:
    """No text begins or ends with a space, or has two in a row."""
    assert [] == [at for at, text in words(lang) if text != text.strip(" ") or "  " in text]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_definition_is_a_sentence(lang: str) -> None:
    """A category's definition begins with a capital and ends with a full stop; its title begins with a capital."""
    for category in CORE.categories:
        definition = category.definition[lang]
        assert definition[0].isupper(), name(category)
        assert definition.endswith("."), name(category)
        assert category.title[lang][0].isupper(), name(category)


def test_french_punctuation_has_its_narrow_space() -> None:
    """U+202F before `?`, `!` and `;`, U+00A0 before `:`, and none of them bare or after a common space."""
    wrong = [
        (at, text)
        for at, text in words("fr")
        if re.search("[^\u202f][?!;]|[^\u00a0]:", text) or '"' in text
    ]
    assert [] == wrong


def test_english_punctuation_has_no_space() -> None:
    """No space before `?`, `!`, `;` and `:` in English."""
    assert [] == [at for at, text in words("en") if re.search(r"\s[?!;:]", text)]


def test_inner_categories_say_their_other_kinds() -> None:
    """What has kinds and is not complete says in words what "none of them" is; so does each such axis."""
    inner = {(c.axis, c.parent) for c in CORE.categories}
    silent = [
        name(thing)
        for thing in THINGS
        if not thing.complete
        and thing.other is None
        and (isinstance(thing, Axis) or (thing.axis, thing.id) in inner)
    ]
    assert [] == silent


def test_bands_say_where_they_begin() -> None:
    """Bands rise from a first one that begins at the bottom."""
    lists: dict[tuple[str, str], list[int | None]] = {}
    for category in CORE.categories:
        lists.setdefault((category.axis, category.parent), []).append(category.over)
    bands = [found for found in lists.values() if any(over is not None for over in found)]
    assert bands
    for found in bands:
        assert found == sorted(set(found), key=lambda over: -1 if over is None else over)
        assert 0 == found[0]


def test_search_words_are_few_and_say_something_new() -> None:
    """A search word is of a category that stands, in both languages, and not its title or id again."""
    for (axis, id), found in also().items():
        category = CORE.category(axis, id)
        assert category is not None, id
        assert sorted(LANGUAGES) == sorted(found), id
        for lang, given in found.items():
            assert 0 < len(given) <= 4, id
            assert len(set(given)) == len(given), id
            own = {category.title[lang].casefold(), id}
            assert not own & {word.casefold() for word in given}, id


def test_no_category_is_called_as_the_axis_calls_its_rest() -> None:
    """`any`, `other` and `x.other` are nobody's id."""
    assert [] == [
        c.id for c in CORE.categories if c.id in (ANY, OTHER) or c.id.endswith(f".{OTHER}")
    ]
