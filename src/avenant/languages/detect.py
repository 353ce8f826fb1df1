"""Tell which language a text is in by its little words, which each language's folder lists.

Those of languages that have no folder are counted too, for "de", "la" and "que" are Spanish as much as French.

>>> language_of(
...     "Le fournisseur ne doit pas employer le système pour la surveillance des personnes."
... )
'fr'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from avenant.languages.read import FOLDER, foreign, languages, lexicon

_FEW = 12  # words; a shorter text is in no language for certain
_RARE = 12  # a text has at least one common word of its language in so many
_READ = 200_000  # characters


class Little(NamedTuple):
    """The little words of a language: the `common` ones, `all` of them, and whether accents are a sign of it."""

    common: frozenset[str]
    all: frozenset[str]
    accented: bool


@cache
def little(language: str, root: Path = FOLDER) -> Little:
    """Return the little words of a language."""
    read = lexicon(language, "little", root)
    common = frozenset(read["common"].split())
    return Little(common, common | frozenset(read["more"].split()), read["accented"])


def language_of(text: str, root: Path = FOLDER) -> str | None:
    """Return the language of a text.

    None where its words are rare in the text, or less than twice as frequent as those of any other language.
    """
    counts, others, words = _counted(text, root)
    first, *rest = sorted(counts, key=lambda name: -counts[name])
    most = counts[first]
    next_ = max([others, *(counts[name] for name in rest)])
    return first if most > 2 * next_ and most * _RARE >= words else None


def is_foreign(text: str, root: Path = FOLDER) -> bool:
    """Return whether a text of more than a few words is clearly in a language that has no folder."""
    counts, others, words = _counted(text, root)
    most = max(counts.values())
    return words >= _FEW and (most * _RARE < words or most < 2 * others)


def counts(words: Sequence[str], root: Path = FOLDER) -> Mapping[str, int]:
    """Count the little words of each language among lower-case words, and those with an accent where it is a sign."""
    found = {name: sum(map(little(name, root).all.__contains__, words)) for name in languages(root)}
    if not "".join(words).isascii():
        accents = len(words) - sum(map(str.isascii, words))
        for name in found:
            found[name] += accents if little(name, root).accented else 0
    return found


def _counted(text: str, root: Path) -> tuple[dict[str, int], int, int]:
    """Count the common words of each language in a text, those of foreign languages, and all words."""
    words = re.findall(r"[^\W\d_]+", text[:_READ].casefold())
    found = {
        name: sum(map(little(name, root).common.__contains__, words)) for name in languages(root)
    }
    ours = frozenset[str]().union(*(little(name, root).common for name in found))
    others = foreign(root) - ours  # a language that has a folder is foreign no more
    return found, sum(map(others.__contains__, words)), len(words)
