"""References to sections that the text does not have.

"section 12", « l'article 9 » in a text whose numbers end at 7. A reference that names another text ("Article 6 of
Regulation (EU) 2016/679", « l'article 4 de la loi … ») is that text's. A text that does not number its sections is not
judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from avenant.languages.patterns import any_pattern, any_word
from avenant.prose.passages import Passage
from avenant.prose.tokens import Sentence
from avenant.prose.types import Category, Effect, Mark, Polarity

_NUMBER = r"[\s#*>]*(?:§+\s*|(?:{})\s+)?(?P<number>\d{1,3}(?:\.\d{1,3})*|[A-Z](?=[.)\s]))"
_LEAST = 2  # numbers that make a text one that numbers its sections
_ELSEWHERE = 9  # tokens behind a reference in which the text that it is of is named


def numbers_of(passage: Passage) -> frozenset[str]:
    """The numbers of the headings and numbered items of a prose: `{"1", "2", "2.1"}`."""
    prose = passage.prose
    found: set[str] = set()
    for piece in prose.pieces:
        if piece.kind in ("heading", "item"):
            line = prose.lines[prose.line(piece.start) - 1]
            if match := any_pattern("numbered", _NUMBER).match(prose.source, line):
                found.add(match["number"].upper())
    return frozenset(found)


def dangling(passage: Passage, known: Set[str]) -> Iterator[Mark]:
    """The references of a prose to sections that are not among `known`."""
    if len(known) < _LEAST:
        return
    tokens, plain = passage.tokens, passage.prose.plain
    for sentences in passage.by_piece:
        lexicon = passage.lexicon_at(sentences)
        for sentence in sentences:
            for i in range(sentence.first, sentence.last - 1):
                if tokens.words[i] not in lexicon.sections:
                    continue
                found = re.match(
                    r"[\s\x00]*(\d{1,3}(?:\.\d{1,3})*)(?![\w/-])", plain[tokens.ends[i] :][:16]
                )
                if found is None or _known(found[1], known) or _elsewhere(passage, sentence, i):
                    continue
                start, end = tokens.starts[i], tokens.ends[i] + found.end(1)
                yield Mark(Category.DANGLING, start, end, Effect.OPEN, Polarity.NEITHER)


def _known(number: str, known: Set[str]) -> bool:
    """Whether a section is there: itself, or its parent where the text numbers no deeper."""
    if number in known:
        return True
    top = number.partition(".")[0]
    return "." in number and top in known and not any(k.startswith(f"{top}.") for k in known)


def _elsewhere(passage: Passage, sentence: Sentence, i: int) -> bool:
    """Whether a reference is to another text: a law is named right before or behind it."""
    tokens = passage.tokens
    lexicon = passage.lexicon_at((sentence,))
    near = range(max(sentence.first, i - 3), min(sentence.last, i + _ELSEWHERE))
    for j in near:
        word = tokens.words[j]
        law = word in lexicon.law.heads or word in lexicon.law.acronyms
        if law and tokens.words[j - 1] not in any_word("own"):
            return True
    return False
