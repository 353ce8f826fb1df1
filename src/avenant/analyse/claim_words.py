"""The words by which an instrument says what it does, from each language's folder; `claims` reads sentences with them.

A word is given whole, or as a stem before `*`. What a verb claims hangs on what it is said of: to extend a prohibition
is to tighten, to extend a permission is to widen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from avenant.languages.read import lexicon


def pattern(words: str) -> re.Pattern[str]:
    """Words separated by spaces, as a pattern that matches one of them whole."""
    return re.compile("|".join(re.escape(w).replace(r"\*", r"\w*") for w in words.split()))


class Words(Struct, frozen=True):
    """The words of one language, each kind as a pattern of one whole word, in lower case."""

    tighten: re.Pattern[str]  # firmer, whatever it is said of
    loosen: re.Pattern[str]  # wider, whatever it is said of
    support: re.Pattern[str]  # more of it: firmer of a clause, or of what protects
    more: re.Pattern[str]  # more of it: says nothing of a clause
    limit: re.Pattern[str]  # less of it: firmer of a clause
    less: re.Pattern[str]  # less of it: says nothing of a clause
    weaken: re.Pattern[str]  # less of it: wider of a clause
    permit: re.Pattern[str]  # wider, where something is said to be new or nothing
    firmer: re.Pattern[str]  # comparatives in one word
    wider: re.Pattern[str]
    broader: re.Pattern[str]  # comparatives that hang on their noun: more of it
    narrower: re.Pattern[str]  # less of it
    increase: re.Pattern[str]  # before an adjective: `more strict`
    decrease: re.Pattern[str]
    strict: re.Pattern[str]  # adjectives
    lax: re.Pattern[str]
    further: re.Pattern[str]  # before or behind a noun: `further safeguards`
    protects: re.Pattern[str]  # nouns
    permits: re.Pattern[str]
    reference: re.Pattern[str]  # before a clause's number
    narrowing: re.Pattern[str]  # nouns of `limit`, when something follows that is limited
    determiner: re.Pattern[str]  # before a noun: what follows is no verb
    editorial: re.Pattern[str]  # nouns and adjectives, when they are said of the instrument
    explains: re.Pattern[str]  # verbs, when they are said of a clause or of words
    wording: re.Pattern[str]  # what is explained or corrected: words, text
    change: re.Pattern[str]  # verbs: an instrument that does not is editorial
    negation: re.Pattern[str]
    only: re.Pattern[str]  # undoes a negation: « ne fait que »
    nothing: re.Pattern[str]
    turn: re.Pattern[str]  # ends what a negation is about
    be: re.Pattern[str]
    have: re.Pattern[str]
    now: re.Pattern[str]  # a sentence with it speaks of a change
    hedge: re.Pattern[str]  # what follows is wished, asked for or supposed, and not said to be done
    itself: re.Pattern[str]  # phrases that name the instrument
    opening: re.Pattern[str]  # before the first word that counts
    to: re.Pattern[str]  # behind `limit`: what a clause is limited to
    idiom: re.Pattern[str]  # phrases that call it editorial
    firm: re.Pattern[str]  # phrases that call it firmer


@cache
def words_of(language: str) -> Words:
    """Return the words of a language; its lists are compiled when they are first asked for."""
    read = lexicon(language, "claims")
    return Words(**{name: _compiled(read[name]) for name in Words.__struct_fields__})


def _compiled(words: str | Sequence[str]) -> re.Pattern[str]:
    """Compile a list of words, or phrases that are regular expressions."""
    return pattern(words) if isinstance(words, str) else re.compile("|".join(words), re.IGNORECASE)
