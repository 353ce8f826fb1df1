"""Prose -> tokens in sentences: words as they are matched, each with its place.

    tokens = tokenised(read_prose("Data shall not be kept. It may be shared."))
    tokens.words                             # ("data", "shall", …), folded: case, ligatures, typographic forms
    [s.first for s in tokens.sentences]      # [0, 5]

Hyphens and apostrophes part words (`high-risk` is `high risk`, `n'est` is `n est`), so that the spelling of a term does
not matter. Line breaks are spaces. INVARIANT: the sentences of a piece follow on each other and leave no token out.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from msgspec import Struct

from avenant.prose.prose import GONE, Prose

_WORD = re.compile(rf"[^\W_]+(?:{GONE}+[^\W_]+)*")
_END = re.compile(r"[.!?…](?:[.!?…\x00\"»”’)\]]|\s(?=»))*(?=\s+[\x00\"«“‘'(\[\s]*[A-ZÀ-ÞŒ0-9§])")
# What a full stop follows without ending a sentence.
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|no|nos|art|arts|al|sec|para|p|pp|mr|mrs|ms|dr|st|inc|corp|ltd|co|m|mme|me|n|ex|[A-Za-z])|"
    r"\b(?:[A-Z]\.)+[A-Z])$",
    re.IGNORECASE,
)


class Sentence(Struct, frozen=True):
    """Tokens `[first, last)` of piece `piece`; `[start, end)` are its offsets in the prose."""

    piece: int
    first: int
    last: int
    start: int
    end: int


class Tokens(Struct, frozen=True):
    """The tokens of a prose: what they read, where they begin and end; and its sentences, in order."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[Sentence, ...]


def folded(word: str) -> str:
    """A word as it is compared: `ﬁnal` is `final`, `Étude` is `étude`."""
    lower = word.lower()
    return lower if lower.isalnum() and lower.isascii() else _folded(lower)


def _folded(lower: str) -> str:
    word = lower.replace(GONE, "") if GONE in lower else lower
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).lower())


def split_words(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase of a term list."""
    return tuple(map(folded, _WORD.findall(phrase)))


def first_word(phrase: str) -> tuple[str, int] | None:
    """The first token of a phrase, and how many characters lie behind it; None where there is none."""
    found = _WORD.search(phrase)
    return (folded(found[0]), len(phrase) - found.end()) if found else None


def tokenised(prose: Prose) -> Tokens:
    """The tokens and sentences of all pieces."""
    plain = prose.plain
    lower = plain.lower()
    if len(lower) != len(plain):  # `İ` in lower case is two characters: then word by word
        lower = plain
    spans = [m.span() for m in _WORD.finditer(lower)]
    starts, ends = (tuple(side) for side in zip(*spans, strict=True)) if spans else ((), ())
    written = [lower[start:end] for start, end in spans]
    folds = {
        word: _folded(word) for word in set(written)
    }  # a text says the same words over and over
    words = tuple(map(folds.__getitem__, written))
    sentences: list[Sentence] = []
    for number, piece in enumerate(prose.pieces):
        begin = piece.start
        for end in (*_breaks(plain, piece.start, piece.end), piece.end):
            first, last = bisect_left(starts, begin), bisect_left(starts, end)
            sentences.append(Sentence(number, first, last, begin, end))
            begin = end
    return Tokens(words, starts, ends, tuple(sentences))


def _breaks(plain: str, start: int, end: int) -> list[int]:
    """Where one sentence of a piece ends and the next begins."""
    return [
        m.end()
        for m in _END.finditer(plain, start, end)
        if plain[m.start()] != "."
        or not _SHORT.search(plain, max(start, m.start() - 12), m.start())
    ]
