"""What was struck from a text and what was inserted, word by word.

    segments("It is not intentionally used.", "It is not used.", "en")
    # same "It is not", struck " intentionally", same " used."

Enforced: struck and same words in order are the text before, same and inserted ones the text after. Sentences are
matched first and words inside the sentences that differ, so that a sentence which moved past another is not torn into
its articles. Words are those of the language: in French, an elided article is a word (`l'`, `qu'`), `aujourd'hui` is
one, and so is `1 000 000` with its thin spaces; in English, `U.S.` and `persons'`. Curly and straight apostrophes, and
the kinds of space, are typography and no change of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import TypeVar

from msgspec import Struct

from avenant.analyse.types import Segment
from avenant.languages.read import lexicon

T = TypeVar("T")

CODE = "code"  # the language of rules and blocks

_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?"
_INNER = r"[^\W\d_]+(?:[-\u2010\u2011'\u2019][^\W\d_]+)*"
_ABBREVIATION = r"(?:[^\W\d_]\.){2,}"
_CODE = r"\w+(?:-\w+)*|&&|\|\||[^\w\s]"
_TYPOGRAPHY = str.maketrans({"\u2019": "'", "\u2010": "-", "\u2011": "-"})
_SPACE = re.compile(r"[\u00a0\u202f]")
_ENDS = frozenset(".!?;:")
_REWRITTEN = 0.4  # of their words; passages that share fewer are replaced whole
_MOST = 300_000  # pairs of equal words; beyond, what lies between the same beginning and end is replaced whole


class _Token(Struct, frozen=True):
    """A word or a sign, as written and as compared, with the space before it."""

    gap: str
    text: str
    key: str


def segments(was: str, now: str, language: str) -> tuple[Segment, ...]:
    """The two texts as runs of what is the same, struck and inserted; no run is empty."""
    old, new = _tokens(was, language), _tokens(now, language)
    found: list[Segment] = []
    for before, after in _cleaned(list(_runs(old, new))):
        if _keys(before) == _keys(after):
            if found and found[-1].kind == "same":
                found[-1] = Segment("same", found[-1].text + _written(after))
            else:
                found.append(Segment("same", _written(after)))
        else:
            if before:
                found.append(Segment("struck", _written(before)))
            if after:
                found.append(Segment("inserted", _written(after)))
    return tuple(found)


def words(text: str, language: str) -> tuple[str, ...]:
    """The words of a text as they are compared, signs left out."""
    return tuple(t.key for t in _tokens(text, language) if t.key[0].isalnum())


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How many words two passages share, between 0 and 1: Dice's coefficient over their words, each as often as it
    stands (L. R. Dice, "Measures of the Amount of Ecologic Association Between Species", Ecology 26(3), 1945).
    """
    if not one or not other:
        return 0.0
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / (len(one) + len(other))


Run = tuple[list[_Token], list[_Token]]  # of the text before, of the text after


def _tokens(text: str, language: str) -> list[_Token]:
    text = unicodedata.normalize("NFC", text)
    found, at = [], 0
    for match in _word(language).finditer(text):
        word = match[0]
        key = _SPACE.sub(" ", word.translate(_TYPOGRAPHY))
        found.append(_Token(text[at : match.start()], word, key))
        at = match.end()
    return found


@cache
def _word(language: str) -> re.Pattern[str]:
    """A word or a sign of a language, or of code."""
    if language == CODE:
        return re.compile(_CODE)
    written = lexicon(language, "words")
    elided = rf"(?:{written['elided']})['\u2019](?=\w)|" if written["elided"] else ""
    end = "['\u2019]?" if written["possessive"] else ""
    words = rf"{elided}{_NUMBER}|{_ABBREVIATION}|{_INNER}{end}|\w+|[^\w\s]"
    return re.compile(words, re.IGNORECASE)


def _keys(tokens: Sequence[_Token]) -> list[str]:
    return [token.key for token in tokens]


def _written(tokens: Sequence[_Token]) -> str:
    return "".join(token.gap + token.text for token in tokens)


def _runs(old: list[_Token], new: list[_Token]) -> Iterator[Run]:
    """Sentences first, words in those that differ."""
    before, after = _sentences(old), _sentences(new)
    keys, others = ([tuple(_keys(sentence)) for sentence in side] for side in (before, after))
    for run in _matched(before, after, keys, others):
        one, other = ([token for sentence in side for token in sentence] for side in run)
        if _keys(one) == _keys(other) or alike(_keys(one), _keys(other)) < _REWRITTEN:
            yield one, other
        else:
            yield from _matched(one, other, _keys(one), _keys(other))


def _matched(
    before: list[T], after: list[T], keys: Sequence[Hashable], others: Sequence[Hashable]
) -> Iterator[tuple[list[T], list[T]]]:
    counts, other_counts = Counter(keys), Counter(others)
    if sum(counts[key] * other_counts[key] for key in counts) > _MOST:
        yield from _between(before, after, keys, others)
        return
    matcher = SequenceMatcher(None, keys, others, autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        yield before[i:j], after[k:m]


def _between(
    before: list[T], after: list[T], keys: Sequence[Hashable], others: Sequence[Hashable]
) -> Iterator[tuple[list[T], list[T]]]:
    """The same beginning, what lies between, the same end: what takes no search."""
    shorter = min(len(keys), len(others))
    head = next((i for i in range(shorter) if keys[i] != others[i]), shorter)
    most = shorter - head
    tail = next((i for i in range(most) if keys[-1 - i] != others[-1 - i]), most)
    yield before[:head], after[:head]
    yield before[head : len(before) - tail], after[head : len(after) - tail]
    yield before[len(before) - tail :], after[len(after) - tail :]


def _sentences(tokens: list[_Token]) -> list[list[_Token]]:
    found: list[list[_Token]] = []
    ended = True
    for token in tokens:
        if ended or "\n" in token.gap:
            found.append([])
        found[-1].append(token)
        ended = token.text in _ENDS
    return found


def _cleaned(runs: list[Run]) -> list[Run]:
    """Without the odd article or comma that two rewritten passages happen to share."""
    kept: list[Run] = []
    for at, (before, after) in enumerate(runs):
        same = _keys(before) == _keys(after)
        following = runs[at + 1] if at + 1 < len(runs) else None
        if same and kept and following is not None:
            around = (_size(kept[-1]), _size(following))
            changed = _keys(kept[-1][0]) != _keys(kept[-1][1])
            between = changed and _keys(following[0]) != _keys(following[1])
            odd = len(after) <= max(2, min(around) // 4) and len(after) < min(around)
            same = not (between and odd)
        joins = kept and not same and _keys(kept[-1][0]) != _keys(kept[-1][1])
        if joins:
            kept[-1] = (kept[-1][0] + before, kept[-1][1] + after)
        else:
            kept.append((before, after))
    return kept


def _size(run: Run) -> int:
    return max(len(run[0]), len(run[1]))
