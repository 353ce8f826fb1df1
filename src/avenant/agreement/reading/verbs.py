"""What an instrument does to a clause, in the words of any language: each language's folder lists them.

verb_of("insert after")          # "insert"
verb_of("insérer à la fin")      # "insert"
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from avenant.agreement.types import Verb
from avenant.languages import LANGUAGES
from avenant.languages.read import lexicon

AT_THE_END = "insert-at-the-end"


@cache
def verbs() -> Mapping[str, str]:
    """Return what each heading means: `replace`, `insert`, `insert-at-the-end` or `repeal`."""
    return {
        words: meant
        for language in LANGUAGES
        for meant, listed in lexicon(language, "format")["verbs"].items()
        for words in listed
    }


def verb_of(words: str) -> Verb | None:
    """Return the change that a heading in lower case asks for; None where it is not one."""
    meant = verbs().get(words)
    return cast(Verb, "insert" if meant == AT_THE_END else meant) if meant else None
