"""Laws named without the version that is meant.

"the Privacy Act of 1974", « la loi n° 78-17 du 6 janvier 1978 »: the year in a name tells which law it is and not as it
stood when. A change of the law then changes the text, either way, and nobody signs it. Dated are: "as in force on
1 March 2026", "(dtd 25 January 2023)", « dans sa rédaction en vigueur au 1er mars 2026 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.prose.prose import GONE
from avenant.prose.read import Lexicon
from avenant.prose.tokens import Sentence, Tokens
from avenant.prose.types import Category, Effect, Mark, Polarity

_DATE_NEAR = 14  # tokens behind a law's name in which its date may stand
_LONGEST = 12  # tokens of a name
_LOOSE = re.compile(rf"[\s{GONE}\-’'(),/.°&]*")  # what may stand between the words of a name
_TIGHT = re.compile(rf"[\s{GONE}\-’'&.]*")


def undated(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str) -> Iterator[Mark]:
    """The laws that a sentence names without a version."""
    words, heads, acronyms = tokens.words, lexicon.law.heads, lexicon.law.acronyms
    behind = sentence.first
    for i in range(sentence.first, sentence.last):
        word = words[i]
        if i < behind or not (word in heads or word in acronyms):
            continue
        written = plain[tokens.starts[i] : tokens.ends[i]]
        span: tuple[int, int] | None
        if word in acronyms:
            title = (
                i + 1 < sentence.last and words[i + 1] in heads
            )  # "the FISA Act": that is the name
            span = (i, i + 1) if written.isupper() and not title else None
        elif lexicon.law.leading:
            span = _behind(tokens, sentence, lexicon, plain, i)
        else:
            span = _before(tokens, sentence, lexicon, plain, i)
        if span is None or span[0] < behind:
            continue
        behind = span[1]
        if not _dated(tokens, sentence, lexicon, span[1]):
            start, end = tokens.starts[span[0]], tokens.ends[span[1] - 1]
            yield Mark(Category.UNDATED_LAW, start, end, Effect.OPEN, Polarity.NEITHER)


def _capital(tokens: Tokens, plain: str, i: int) -> bool:
    return plain[tokens.starts[i]].isupper()


def _joined(tokens: Tokens, plain: str, i: int, gap: re.Pattern[str]) -> bool:
    """Whether token `i` follows the one before it within one name."""
    return gap.fullmatch(plain, tokens.ends[i - 1], tokens.starts[i]) is not None


def _before(
    tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str, head: int
) -> tuple[int, int] | None:
    """English: `the National Security Act of 1947`, `Executive Order 12333`, `Regulation (EU) 2016/679`."""
    law = lexicon.law
    if not _capital(tokens, plain, head):
        return None
    last = head + 1
    while last < sentence.last and _numbering(tokens, plain, last):
        last += 1
    if (
        last + 1 < sentence.last
        and tokens.words[last] in law.dating
        and re.fullmatch(r"(1[6-9]|20)\d\d", tokens.words[last + 1])
    ):
        last += 2
    first = head
    while first > max(sentence.first, head - _LONGEST) and _joined(tokens, plain, first, _TIGHT):
        before = first - 1
        if not (_capital(tokens, plain, before) or tokens.words[before] in law.joins):
            break
        first = before
    while first < head and tokens.words[first] in law.joins | law.generic:
        first += 1
    if plain[tokens.starts[first] : tokens.ends[head]].isupper() and first < head:
        return None  # all of it is in capitals, which then name nothing
    named = first < head or (last > head + 1 and tokens.words[head] in law.numbered)
    return (first, last) if named else None


def _numbering(tokens: Tokens, plain: str, i: int) -> bool:
    """Whether a token goes on with a law's number: `(EU)`, `2016`, `679`, `3000`."""
    gap = plain[tokens.ends[i - 1] : tokens.starts[i]]
    word = plain[tokens.starts[i] : tokens.ends[i]]
    if not _LOOSE.fullmatch(gap) or "," in gap:
        return False
    if word.isdigit():
        return "(" not in gap
    return word in ("EU", "EC", "EEC", "UE", "CE", "No", "n") or (
        word.isupper() and len(word) <= 3 and "/" in gap
    )


def _behind(
    tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str, head: int
) -> tuple[int, int] | None:
    """French: « la loi n° 78-17 du 6 janvier 1978 », « le code de la sécurité intérieure »."""
    law, words = lexicon.law, tokens.words
    last = head + 1
    while last < sentence.last and last < head + _LONGEST and _numbering(tokens, plain, last):
        last += 1
    if last > head + 1 and words[head] in law.numbered:
        return head, _with_day(tokens, sentence, lexicon, last)
    if (day := _with_day(tokens, sentence, lexicon, last)) > last:
        return head, day
    if words[head] in law.titled:
        return _titled(tokens, sentence, lexicon, plain, head)
    word = plain[tokens.starts[last] : tokens.ends[last]] if last < sentence.last else ""
    if word[:1].isupper() and not word.isupper() and _joined(tokens, plain, last, _TIGHT):
        return head, last + 1  # « la loi Informatique et libertés »
    return None


def _with_day(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, last: int) -> int:
    """« du 6 janvier 1978 » belongs to the name."""
    day = tokens.words[last : last + 4]
    if (
        len(day) == 4
        and day[0] in lexicon.law.dating
        and (re.fullmatch(r"\d{1,2}", day[1]) or day[1] in lexicon.law.ordinals)
        and day[3].isdigit()
    ):
        return min(last + 4, sentence.last)
    return last


def _titled(
    tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str, head: int
) -> tuple[int, int] | None:
    """« le code de la commande publique »: the words behind `de`, to the first that joins nothing."""
    words, law, joins = tokens.words, lexicon.law, lexicon.law.joins
    last = head + 1
    if last >= sentence.last or words[last] not in joins:
        alone = words[head] in law.alone and _capital(tokens, plain, head)
        whole = last < sentence.last and f"{words[head]} {words[last]}" in law.whole
        return (head, last + whole) if alone or whole else None
    while last < sentence.last and words[last] in joins and _joined(tokens, plain, last, _TIGHT):
        last += 1
    named = 0
    while (
        last < sentence.last
        and named < 3
        and words[last] not in lexicon.stopwords
        and _joined(tokens, plain, last, _TIGHT)
    ):
        last, named = last + 1, named + 1
    return (head, last) if named else None


def _dated(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, last: int) -> bool:
    until = min(last + _DATE_NEAR, sentence.last)
    return any(
        any(re.fullmatch(r"(19|20)\d\d", w) for w in tokens.words[end : end + 6])
        for _, end, _ in lexicon.law.dated.found(tokens.words, last, until)
    )
