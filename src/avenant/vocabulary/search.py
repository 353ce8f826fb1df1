"""Looking for a category by a word, in either language: by the beginnings of words, accents and capitals aside.

    found = search(core(), "sante")               # data.health ("santé"), purpose.health-care, …
    found.categories["purpose", "health-care"]    # where it says the word: {"id", "title", "definition", …}
    suggestions(core(), "hirring")                # ("hiring",): words that there are

Several words are all wanted, each somewhere in one category. A category that says them in its id, its title or its
search words (`also`) brings what stands below it; one that says them only in passing stands alone.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from avenant.languages import language
from avenant.vocabulary.read import also
from avenant.vocabulary.types import Axis, Category, Vocabulary

Key = tuple[str, str]  # axis, category


class Found(Struct, frozen=True):
    """What a search found: the axes and the categories to show, and of each match the search words that met it."""

    axes: frozenset[str]  # whose own title or id says it: shown whole
    categories: frozenset[Key]  # matches, with all above them and what they bring below
    by: Mapping[
        Key, tuple[str, ...]
    ]  # match -> its texts that say a word and that are neither id nor phrase


def folded(text: str) -> str:
    """Without accents, ligatures and capitals: "Œuvre à l'École" is "oeuvre a l'ecole"."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; a hyphen and an apostrophe part words."""
    return tuple(re.findall(r"[^\W_]+", folded(text)))


def search(vocabulary: Vocabulary, wanted: str) -> Found:
    """Every category of which a word in either language begins with each word wanted."""
    asked = words(wanted)
    axes: set[str] = set()
    shown: set[Key] = set()
    by: dict[Key, tuple[str, ...]] = {}
    if not asked:
        return Found(frozenset(), frozenset(), {})
    for axis in vocabulary.axes:
        if _says((axis.id, *axis.title.values()), asked):
            axes.add(axis.id)
    for category in vocabulary.categories:
        key = (category.axis, category.id)
        names = _names(category)
        if not _says((*names, *_texts(category)), asked):
            continue
        by[key] = tuple(text for text in names if any(_says((text,), (word,)) for word in asked))
        shown |= {(category.axis, id) for id in vocabulary.above(category.axis, category.id)}
        if _says(names, asked):
            shown |= {(category.axis, below.id) for below in _below(vocabulary, category)}
    for axis_id in axes:
        shown |= {(c.axis, c.id) for c in vocabulary.categories if c.axis == axis_id}
    return Found(frozenset(axes), frozenset(shown), by)


def suggestions(vocabulary: Vocabulary, wanted: str, count: int = 3) -> tuple[str, ...]:
    """Words of ids, and of the language's titles and search words, that are spelt most like it, the nearest first."""
    spelt: dict[str, str] = {}
    things: Sequence[Axis | Category] = (*vocabulary.axes, *vocabulary.categories)
    for thing in things:
        for text in _names(thing, language()):
            spelt.setdefault(folded(text), text)
            for word in re.findall(r"[^\W_]+", text):
                spelt.setdefault(folded(word), word.lower())
    near = difflib.get_close_matches(folded(wanted), spelt, n=count, cutoff=0.6)
    return tuple(spelt[word] for word in near)


def nearest_category(vocabulary: Vocabulary, axis: str, wanted: str) -> str | None:
    """The category of an axis that is spelt most like a word, in its id or its title: "traduction" is `translation`."""
    spelt: dict[str, str] = {}
    for id, _ in vocabulary.subtrees(axis):
        category = vocabulary.category(axis, id)
        for text in _names(category, language()) if category else (id,):
            spelt.setdefault(folded(text), id)
    near = difflib.get_close_matches(folded(wanted), spelt, n=1, cutoff=0.65)
    return spelt[near[0]] if near else None


def _says(texts: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether each word asked begins some word of the texts."""
    said = {word for text in texts for word in _words(text)}
    return all(any(word.startswith(part) for word in said) for part in asked)


_words = cache(words)


def _names(thing: Axis | Category, lang: str | None = None) -> tuple[str, ...]:
    """What it is called, in every language or in one: its id, its titles, and the words that people look for it by."""
    found = also().get((thing.axis, thing.id), {}) if isinstance(thing, Category) else {}
    said = [(k, (title,)) for k, title in thing.title.items()] + list(found.items())
    return (thing.id, *(w for k, given in said if lang in (None, k) for w in given))


def _texts(category: Category) -> tuple[str, ...]:
    return (*category.definition.values(), *category.phrase.values())


def _below(vocabulary: Vocabulary, category: Category) -> Iterator[Category]:
    for child in vocabulary.children(category.axis, category.id):
        yield child
        yield from _below(vocabulary, child)
