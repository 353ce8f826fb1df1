"""The words of all languages together, for what is read before its language is known.

any_pattern("duty", r"\b(?:{})\b").search("Le prestataire doit l'effacer.")
any_word("this")                                                # frozenset({"this", "present", "ce", …})
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from avenant.languages.read import FOLDER, languages, lexicon


@cache
def any_pattern(key: str, around: str = "{}", root: Path = FOLDER) -> re.Pattern[str]:
    """Return the pattern of the alternatives `key` of every language, whatever the case.

    `around` is a regular expression with `{}` where the alternatives go.
    """
    return re.compile(around.replace("{}", alternatives(key, root)), re.IGNORECASE)


def alternatives(key: str, root: Path = FOLDER) -> str:
    """Return the alternatives `key` of every language as one regular expression without a group around it."""
    written = (lexicon(name, "prose", root)[key] for name in languages(root))
    return "|".join(filter(None, written)) or "(?!)"  # none: nothing matches


@cache
def any_word(key: str, root: Path = FOLDER) -> frozenset[str]:
    """Return the words `key` of every language."""
    return frozenset(
        word for name in languages(root) for word in lexicon(name, "prose", root)[key].split()
    )
