"""One prose -> its marks: piece by piece, each in its language, under the polarity of what it stands under.

    text = Passage(read_prose("You may not: …"), "en")
    marks = list(text.marks(defined))

The language is told or found: the one whose little words are more, for the whole text, and for a piece that is clearly
in the other one (an English quotation in a French text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from avenant.languages import LANGUAGES
from avenant.languages.detect import counts
from avenant.prose.law import undated
from avenant.prose.phrases import Tree
from avenant.prose.polarity import Above, Found, Statement, read_statement
from avenant.prose.prose import Prose
from avenant.prose.read import Lexicon, lexicon
from avenant.prose.spans import Spans
from avenant.prose.tokens import Sentence, Tokens, tokenised
from avenant.prose.types import Mark, Polarity
from avenant.prose.vague import marks_of, terms_of

_CLEAR = 2  # little words more by which a piece is clearly in the other language


_OFTEN = 256  # pieces between two words to whoever watches


@dataclass(slots=True)
class Watch:
    """Who is told the line that is being read, and who may end the reading; `stopped` when he did."""

    progress: Callable[[int], None] | None = None
    stop: Callable[[], bool] | None = None
    stopped: bool = False

    def goes_on(self, line: int) -> bool:
        """Whether to read on."""
        if self.progress is not None:
            self.progress(line)
        self.stopped = self.stopped or (self.stop is not None and self.stop())
        return not self.stopped


def language_of(words: Sequence[str]) -> str:
    """The language whose little words are more among these; English where they are as many."""
    found = counts(words)
    if len(set(found.values())) == 1:  # a few words and none of them little: whose terms are they?
        found = {name: sum(map(lexicon(name).terms.begins, words)) for name in LANGUAGES}
    return max(LANGUAGES, key=found.__getitem__)


class Passage(Struct, frozen=True, dict=True, eq=False):
    """A prose with its language; `forced` when nobody is to look for another one piece by piece.

    `base` is the polarity of what says nothing of it: a clause whose rules only forbid is a ban.
    """

    prose: Prose
    language: str | None = None
    forced: bool = False
    base: Polarity | None = None

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of the prose."""
        return tokenised(self.prose)

    @cached_property
    def spoken(self) -> str:
        """The language of the whole."""
        return self.language or language_of(self.tokens.words)

    def lexicon_at(self, sentences: Sequence[Sentence]) -> Lexicon:
        """The lexicon of one piece, given its sentences."""
        if not self.forced and sentences:
            found = counts(self.tokens.words[sentences[0].first : sentences[-1].last])
            best = max(LANGUAGES, key=found.__getitem__)
            if found[best] >= found[self.spoken] + _CLEAR:
                return lexicon(best)
        return lexicon(self.spoken)

    @cached_property
    def by_piece(self) -> tuple[tuple[Sentence, ...], ...]:
        """The sentences of each piece."""
        pieces: list[list[Sentence]] = [[] for _ in self.prose.pieces]
        for sentence in self.tokens.sentences:
            pieces[sentence.piece].append(sentence)
        return tuple(map(tuple, pieces))

    def marks(self, defined: Tree[str], watch: Watch) -> Iterator[Mark]:
        """The marks of all pieces but headings, in order; `defined` are the terms that the text defines."""
        polarities: list[Polarity | None] = []
        for number, (piece, sentences) in enumerate(
            zip(self.prose.pieces, self.by_piece, strict=True)
        ):
            if number % _OFTEN == 0 and not watch.goes_on(self.prose.line(piece.start)):
                return
            words = self.lexicon_at(sentences)
            lead = polarities[piece.lead] if piece.lead is not None else None
            inherited = self.base if lead is None else lead
            end = lead
            before = self._before(number, polarities)
            for sentence in sentences:
                if sentence.first == sentence.last:
                    continue
                terms = terms_of(self.tokens, sentence, words)
                above = Above(inherited, before)
                statement = read_statement(
                    self.tokens, sentence, words, self.prose.plain, above, terms, piece.kind
                )
                if piece.kind != "heading":
                    yield from self._of(sentence, words, statement, terms, defined)
                if statement.operators or statement.exceptions.firsts:
                    end = statement.end()
                elif statement.inherited is not None:
                    end = statement.inherited
                before = end
            polarities.append(end)

    def _before(self, number: int, polarities: Sequence[Polarity | None]) -> Polarity | None:
        """The polarity of the piece before one: a paragraph's, in the same section."""
        if number == 0:
            return None
        piece, earlier = self.prose.pieces[number], self.prose.pieces[number - 1]
        same = piece.section == earlier.section and earlier.kind == piece.kind == "paragraph"
        return polarities[number - 1] if same else None

    def _of(
        self,
        sentence: Sentence,
        words: Lexicon,
        statement: Statement,
        terms: Sequence[Found],
        defined: Tree[str],
    ) -> Iterator[Mark]:
        found = defined.found(self.tokens.words, sentence.first, sentence.last)
        spans = Spans((first, last) for first, last, _ in found)
        yield from marks_of(self.tokens, sentence, words, statement, self.prose.plain, terms, spans)
        yield from undated(self.tokens, sentence, words, self.prose.plain)
