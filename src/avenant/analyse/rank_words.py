"""The words by which prose ranks a clause, from each language's folder; `checks.claimed` reads sentences with them.

rank_words("en").over.search("In spite of section 2, the carrier may …")
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from avenant.languages.read import lexicon


class RankWords(Struct, frozen=True):
    """The patterns of one language."""

    over: re.Pattern[str]  # sets the clause aside that follows
    disapplied: re.Pattern[str]  # sets its subject aside: `section 2 does not apply`
    relative: re.Pattern[
        str
    ]  # before `disapplied`: not so in `whatever the sections below do not forbid`
    under: re.Pattern[str]  # yields to the clause that follows
    only: re.Pattern[str]
    may: re.Pattern[str]
    numbers: re.Pattern[str]  # a reference to clauses; group 1 is the numbers
    until: re.Pattern[str]  # between the ends of a range of numbers
    elsewhere: re.Pattern[str]  # behind a number: another text's, `section 2 of the Privacy Act`
    others: re.Pattern[str]  # all other clauses
    above: re.Pattern[str]  # all clauses before


@cache
def rank_words(language: str) -> RankWords:
    """Return the words of a language; they are compiled when they are first asked for."""
    read = lexicon(language, "precedence")
    names = RankWords.__struct_fields__
    return RankWords(**{name: re.compile(read[name], re.IGNORECASE) for name in names})
