"""Which language a text is in, of the two that an instrument can have: by its commonest words.

Those of other languages are counted too, for "de", "la" and "que" are Spanish as much as French.

>>> language_of(
...     "Le fournisseur ne doit pas employer le système pour la surveillance des personnes."
... )
'fr'
"""

from __future__ import annotations

import re

_FEW = 12  # words, below which nothing is told

# The words that make up a third of any prose; none stands in both lists.
_COMMON = {
    "en": re.compile(
        "the|of|and|to|in|that|is|for|it|with|as|be|by|or|this|shall|are|from|which|not|any|will"
    ),
    "fr": re.compile(
        "les?|la|des?|du|et|une?|qu[ei]|dans|pour|par|sur|aux?|est|sont|ne|pas|ou|ce|cette|il"
    ),
    "other": re.compile(
        "der|das|und|nicht|für|von|zu|mit|ist|ein|eine|el|los|las|y|del|con|para|como|su|se|una"
        "|che|di|della|dei|per|sono|het|een|van|voor|niet|os|em|não|com|uma|dos|da"
    ),
}


def language_of(text: str) -> str | None:
    """`en` or `fr`; None where its words are rare, or not at least twice as frequent as those of any other."""
    counts, words = _counts(text)
    (first, most), (_, next_), _ = sorted(counts.items(), key=lambda item: -item[1])
    common = most > 2 * next_ and most * 12 >= words
    return first if common and first != "other" else None


def in_neither(text: str) -> bool:
    """Whether a text of more than a few words is clearly in another language than `en` and `fr`; it may be in both."""
    counts, words = _counts(text)
    most = max(counts["en"], counts["fr"])
    return words >= _FEW and (most * 12 < words or most < 2 * counts["other"])


def _counts(text: str) -> tuple[dict[str, int], int]:
    """How often the common words of each language stand in a text, and how many words it has."""
    words = re.findall(r"[^\W\d_]+", text[:200_000].casefold())
    found = {name: sum(map(bool, map(common.fullmatch, words))) for name, common in _COMMON.items()}
    return found, len(words)
