"""What a sentence claims that an instrument does: nothing but words, more firmness, more room, or no more room.

    read("The parties reinforce section 3.", "en")       # firmer, at "reinforce", of section 3
    read("Removes a safeguard", "en", heading=True)      # wider: less of what protects
    read("Un contrôle de plus, sans rien permettre de nouveau", "fr")         # firmer; no wider

The direction follows from the verb and from what it is said of (`claim_words`); a negation turns "wider" into "no
wider" and takes every other claim back. What is wished, asked for or supposed claims nothing. Below a heading, a
sentence claims something of the instrument where it names the instrument, a clause, or what protects or permits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from avenant.analyse.claim_words import Words, words_of
from avenant.languages import LANGUAGES
from avenant.source.sentences import split_sentences

_REACH = 7  # words between a verb and what it is said of
_BEFORE = 5  # words in which a negation before a verb is looked for
_NEAR = 2  # words between an adjective and its noun
_BEYOND = (("plus", "que"), ("plus", "qu"))  # « plus qu'une clarification »


class Direction(Enum):
    """What is claimed of the uses that are permitted."""

    EDITORIAL = "editorial"  # none changes
    FIRMER = "firmer"  # fewer
    WIDER = "wider"  # more
    NO_WIDER = "no-wider"  # no more


class Claim(Struct, frozen=True):
    """A claim, the words that make it, and the numbers of the clauses that it is about.

    `itself`: it is about the instrument. `down_to`: it limits a clause *to* something, which widens a prohibition.
    """

    direction: Direction
    words: str
    numbers: tuple[str, ...] = ()
    itself: bool = False
    down_to: bool = False


class _Token(Struct, frozen=True):
    word: str  # in lower case
    start: int
    end: int


def read(text: str, language: str, *, heading: bool = False) -> Iterator[Claim]:
    """The claims of a heading or of a paragraph, in the order of its sentences."""
    if language not in LANGUAGES:
        return
    for sentence in split_sentences(text):
        yield from _Reader(sentence, words_of(language), heading).claims()


class _Reader:
    """One sentence, word by word."""

    def __init__(self, sentence: str, words: Words, heading: bool) -> None:
        self._sentence, self._words, self._heading = sentence, words, heading
        self._tokens = [
            _Token(m[0].lower(), *m.span())
            for m in re.finditer(r"\d+(?:\.\d+)*[a-z]?\b|[^\W\d_]+|§|[,;:(]", sentence)
        ]
        self._itself = bool(words.itself.search(sentence))

    def claims(self) -> Iterator[Claim]:
        """One claim a direction: the first."""
        found: dict[Direction, Claim] = {}
        for claim in (*self._directed(), *self._said_firm(), *self._editorial()):
            found.setdefault(claim.direction, claim)
        if {Direction.FIRMER, Direction.WIDER} <= found.keys():
            return  # more of one thing and less of another: no direction of the whole
        yield from found.values()

    def _directed(self) -> Iterator[Claim]:
        taken: set[int] = set()
        for i, token in enumerate(self._tokens):
            read = None if i in taken else self._read(i, token.word)
            if read is None or self._supposed(i) or self._describes(i):
                continue
            sign, said_of = read
            taken |= said_of
            if not self._about(i, said_of):
                continue
            negated = self._negated(i)
            if negated and sign > 0:
                continue
            direction = (
                Direction.FIRMER if sign > 0 else Direction.NO_WIDER if negated else Direction.WIDER
            )
            yield self._claim(direction, i, said_of)

    def _said_firm(self) -> Iterator[Claim]:
        for match in self._words.firm.finditer(self._sentence):
            i = next(n for n, token in enumerate(self._tokens) if token.end > match.start())
            if not (self._supposed(i) or self._negated(i)) and self._about(i, {i}):
                yield Claim(Direction.FIRMER, match[0], self._numbers(), self._itself)

    def _read(self, i: int, word: str) -> tuple[int, set[int]] | None:
        """The sign of what a word claims, 1 for firmer, and where the words stand that it is said of."""
        w = self._words
        noun, sign = self._object(i)
        at = {noun} if noun is not None and sign else set[int]()
        if self._is_noun(i):
            return self._quantified(i)
        if w.increase.fullmatch(word) or w.decrease.fullmatch(word):
            return self._compared(i, 1 if w.increase.fullmatch(word) else -1)
        if w.further.fullmatch(word):
            return None  # read at its noun
        for kind, value in ((w.broader, 1), (w.narrower, -1)):
            if kind.fullmatch(word) and (side := self._beside(i)) is not None:
                return value * self._sign(side), {side}
        for kind, value in ((w.firmer, 1), (w.wider, -1), (w.tighten, 1), (w.loosen, -1)):
            if kind.fullmatch(word):
                return value, at
        for kind, value, alone in (
            (w.support, 1, 1),
            (w.limit, -1, 1),
            (w.weaken, -1, -1),
            (w.more, 1, 0),
            (w.less, -1, 0),
        ):
            if kind.fullmatch(word):
                claimed = value * sign or (alone if noun is not None or self._heading else 0)
                return (claimed, at) if claimed else None
        if w.permit.fullmatch(word):
            return self._opened(i)
        return None

    def _is_noun(self, i: int) -> bool:
        """Whether a word that protects or permits is a noun here, and no verb of the same letters."""
        w, word = self._words, self._tokens[i].word
        if not (w.protects.fullmatch(word) or w.permits.fullmatch(word)):
            return False
        verb = any(kind.fullmatch(word) for kind in (w.limit, w.permit, w.less, w.more))
        before = self._tokens[i - 1].word if i else ""
        return not verb or bool(w.determiner.fullmatch(before) or w.further.fullmatch(before))

    def _sign(self, i: int) -> int:
        return 1 if self._words.protects.fullmatch(self._tokens[i].word) else -1

    def _beside(self, i: int) -> int | None:
        """The noun next to an adjective, on either side of it."""
        w, tokens = self._words, self._tokens
        near = (j for n in range(1, _NEAR + 1) for j in (i + n, i - n) if 0 <= j < len(tokens))
        return next(
            (
                j
                for j in near
                if w.protects.fullmatch(tokens[j].word) or w.permits.fullmatch(tokens[j].word)
            ),
            None,
        )

    def _quantified(self, i: int) -> tuple[int, set[int]] | None:
        """`further safeguards`, « une garantie de plus »: more of what a noun names."""
        w, tokens = self._words, self._tokens
        around = {j for j in range(i - _NEAR, i + _NEAR + 1) if 0 <= j < len(tokens) and j != i}
        more = {j for j in around if w.further.fullmatch(tokens[j].word)}
        more |= {
            j
            for j in around
            if j > i + 1 and w.increase.fullmatch(tokens[j].word) and tokens[j - 1].word == "de"
        }
        if more:
            return self._sign(i), more
        noun, sign = self._object(i)
        if self._heading and noun is not None and w.narrowing.fullmatch(tokens[i].word):
            return -sign or 1, {noun} if sign else set[int]()
        return None

    def _compared(self, i: int, sign: int) -> tuple[int, set[int]] | None:
        """`more strict`, « moins permissive », `less leeway`."""
        following = self._tokens[i + 1].word if i + 1 < len(self._tokens) else ""
        if self._words.strict.fullmatch(following):
            return sign, {i + 1}
        if self._words.lax.fullmatch(following):
            return -sign, {i + 1}
        noun = self._beside(i)
        return (sign * self._sign(noun), {noun}) if noun is not None and noun > i else None

    def _opened(self, i: int) -> tuple[int, set[int]] | None:
        """`permits further uses`, `permits nothing new`."""
        w = self._words
        ahead = range(i + 1, min(i + 5, len(self._tokens)))
        said_of = {j for j in ahead if w.further.fullmatch(self._tokens[j].word)}
        said_of |= {j for j in ahead if w.nothing.fullmatch(self._tokens[j].word)}
        return (-1, said_of) if said_of else None

    def _object(self, i: int) -> tuple[int | None, int]:
        """Where the noun or the clause stands that a verb is said of, and its sign: 1 for what protects."""
        w, tokens = self._words, self._tokens
        passive = any(w.be.fullmatch(t.word) for t in tokens[max(0, i - 3) : i])
        ahead = range(i + 1, min(i + 1 + _REACH, len(tokens)))
        behind = range(i - 1, max(-1, i - 1 - _REACH), -1)
        clause = None
        for span in (behind, ahead) if passive else (ahead,):
            for j in span:
                word = tokens[j].word
                if word in ",;:(" or w.turn.fullmatch(word):
                    break
                if w.protects.fullmatch(word) or w.permits.fullmatch(word):
                    return j, self._sign(j)
                if w.reference.fullmatch(word) or w.wording.fullmatch(word):
                    clause = j
                    if span is ahead:  # « renforce l'article 3, relatif aux exceptions »
                        return j, 0
        return clause, 0

    def _about(self, i: int, said_of: set[int]) -> bool:
        """Whether the sentence speaks of the instrument: always in a heading; below, where it names what it changes."""
        if self._heading or self._itself or i == 0:
            return True
        w, tokens = self._words, self._tokens
        past = tokens[i].word.endswith("ed") and not any(
            w.be.fullmatch(t.word) or w.have.fullmatch(t.word) for t in tokens[max(0, i - 3) : i]
        )
        named = bool(self._numbers()) or any(
            w.wording.fullmatch(t.word) or w.reference.fullmatch(t.word) for t in tokens
        )
        return named or (bool(said_of) and not past)

    def _editorial(self) -> Iterator[Claim]:
        w = self._words
        for match in w.idiom.finditer(self._sentence):
            yield Claim(Direction.EDITORIAL, match[0], (), True)
        opening = 0
        while opening < len(self._tokens) and w.opening.fullmatch(self._tokens[opening].word):
            opening += 1
        for i, token in enumerate(self._tokens):
            named = self._heading or self._itself or i == opening
            explains = w.explains.fullmatch(token.word) and (
                self._itself or i == opening or self._object(i)[0] is not None
            )
            if w.change.fullmatch(token.word):
                # `changes nothing` is the instrument's claim; what one part leaves alone is none of the whole.
                claims = self._itself and self._negated(i) and not self._numbers()
            else:
                claims = (
                    bool(explains or (named and w.editorial.fullmatch(token.word)))
                    and not self._negated(i)
                    and not self._supposed(i)
                )
            if claims:
                yield self._claim(Direction.EDITORIAL, i, set())

    def _describes(self, i: int) -> bool:
        """Whether a clause is the subject of a verb: `section 3 limits profiling` says what stands, and no change."""
        w, tokens = self._words, self._tokens
        before = [t.word for t in tokens[:i]]
        verb = any(
            k.fullmatch(tokens[i].word) for k in (w.support, w.limit, w.more, w.less, w.permit)
        )
        changed = any(w.be.fullmatch(word) for word in before[-3:]) or any(
            w.now.fullmatch(t.word) for t in tokens
        )
        named = any(w.reference.fullmatch(word) for word in before)
        return verb and named and not changed and not self._heading

    def _negated(self, i: int) -> bool:
        """Whether a negation stands before a word, in its part of the sentence, or `nothing` right behind it."""
        w = self._words
        behind = []
        for token in reversed(self._tokens[max(0, i - _BEFORE) : i]):
            if token.word in ",;:(" or w.turn.fullmatch(token.word):
                break
            behind.append(token.word)
        ahead = [t.word for t in self._tokens[i + 1 : i + 3]]
        if any(w.nothing.fullmatch(word) for word in ahead):
            return True
        if any(pair in _BEYOND for pair in zip(behind[1:], behind, strict=False)):
            return True
        denied = [n for n, word in enumerate(behind) if w.negation.fullmatch(word)]
        # « ne fait que préciser », `not only tightens`: the negation is undone between it and the verb.
        return bool(denied) and not any(w.only.fullmatch(word) for word in behind[: denied[0]])

    def _supposed(self, i: int) -> bool:
        return not self._heading and any(
            self._words.hedge.fullmatch(t.word) for t in self._tokens[:i]
        )

    def _numbers(self) -> tuple[str, ...]:
        """The numbers of the clauses that the sentence names."""
        tokens, w = self._tokens, self._words
        numbers = []
        for j, token in enumerate(tokens):
            referred = any(w.reference.fullmatch(t.word) for t in tokens[max(0, j - 4) : j])
            if token.word[0].isdigit() and referred:
                numbers.append(token.word)
        return tuple(dict.fromkeys(numbers))

    def _claim(self, direction: Direction, i: int, said_of: set[int]) -> Claim:
        tokens = self._tokens
        adjacent = [j for j in said_of if abs(j - i) <= _NEAR + 1]
        first, last = min((i, *adjacent)), max((i, *adjacent))
        words = self._sentence[tokens[first].start : tokens[last].end]
        limits = bool(self._words.limit.fullmatch(tokens[i].word))
        down_to = limits and any(self._words.to.fullmatch(t.word) for t in tokens[i + 1 :])
        return Claim(direction, words, self._numbers(), self._itself, down_to)
