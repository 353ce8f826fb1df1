"""The marks of one sentence: terms of the list, passives without an actor, acts without a time.

- a term is marked at its longest, with the words in front that belong to it ("except as permitted by law");
- a duty or permission in the passive without `by …` leaves open who must or may: marked. In a ban nobody may, so no
  actor is missing;
- a duty to notify, delete, return … in a sentence without any time has no bound: marked.

A term inside a term that the text defines is not vague.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.languages.patterns import any_pattern, any_word
from avenant.prose.polarity import Found, Statement
from avenant.prose.read import Innocent, Lexicon
from avenant.prose.spans import Spans
from avenant.prose.tokens import Sentence, Tokens
from avenant.prose.types import Category, Effect, Mark, Operator, Polarity

_OPENING, _CLOSING = '"“«‘„', '"”»’“'
_NEAR = 3  # tokens between a duty's verb and the act
_AGENT = 14  # tokens behind a participle in which its actor may stand
_ASIDE = 8  # tokens of an aside between a verb and its participle


def terms_of(tokens: Tokens, sentence: Sentence, lexicon: Lexicon) -> tuple[Found, ...]:
    """The terms of a sentence, each with the words in front that belong to it; none overlap."""
    found: list[Found] = []
    least = sentence.first
    for first, last, term in lexicon.terms.found(tokens.words, sentence.first, sentence.last):
        if isinstance(term, Innocent):
            continue
        behind = tokens.words[last] if last < sentence.last else ""
        if term.category is Category.LAW_RELATIVE and behind in lexicon.law.others:
            continue  # "the applicable law enforcement"
        if term.followed and behind not in term.followed:
            continue
        while term.before and first > least and tokens.words[first - 1] in term.before:
            first -= 1
        if found and term.before and found[-1].term == term:
            between = tokens.words[found[-1].last : first]
            if len(between) <= _NEAR and any_word("joining").issuperset(between):
                first = found.pop().first  # "applicable law and regulations": one measure
        found.append(Found(first, last, term))
        least = last
    return tuple(found)


def marks_of(
    tokens: Tokens,
    sentence: Sentence,
    lexicon: Lexicon,
    statement: Statement,
    plain: str,
    terms: Sequence[Found],
    defined: Spans,
) -> Iterator[Mark]:
    """The marks of a sentence; `defined` are the tokens of terms that the text defines."""
    for found in terms:
        if defined.holds(found.first, found.last):
            continue
        category = found.term.category
        if category is Category.MODAL and statement.behind_neutral(found.first, found.last):
            continue  # "content that could …"
        if found.term.within and statement.kind(found.first) not in found.term.within:
            continue
        start, end = tokens.starts[found.first], tokens.ends[found.last - 1]
        if _quoted(plain, start, end):
            continue  # the word is spoken of, not used
        yield Mark(
            category,
            start,
            end,
            found.term.effect,
            statement.at(found.first, category),
            statement.clarifies,
        )
    for first, last, op in statement.operators:
        if op in (Operator.DUTY, Operator.PERMISSION):
            yield from _passive(tokens, sentence, lexicon, statement, plain, (first, last, op))
        if op is Operator.DUTY and Category.TIME not in {t.term.category for t in terms}:
            yield from _timeless(tokens, sentence, lexicon, last)


def _quoted(plain: str, start: int, end: int) -> bool:
    before, after = plain[max(0, start - 2) : start].strip(), plain[end : end + 2].strip()
    return before[-1:] in _OPENING and after[:1] in _CLOSING and bool(before and after)


def _passive(
    tokens: Tokens,
    sentence: Sentence,
    lexicon: Lexicon,
    statement: Statement,
    plain: str,
    operator: tuple[int, int, Operator],
) -> Iterator[Mark]:
    passive, words = lexicon.passive, tokens.words
    first, last, op = operator
    if words[last - 1] in passive.possible:
        return
    if words[last - 1] in passive.fused:
        act = _past_adverbs(words, _past_aside(tokens, plain, last), sentence.last)
    else:
        be = _past_adverbs(words, _past_aside(tokens, plain, last), sentence.last)  # "may also be"
        if be >= sentence.last or words[be] not in passive.auxiliaries:
            return
        act = _past_adverbs(words, be + 1, sentence.last)
    if act >= sentence.last:
        return
    if not _participle(words[act], lexicon):
        return
    if op is Operator.PERMISSION and not passive.chances.isdisjoint(_forms(words[act])):
        return  # "the output may be biased": it can be
    polarity = statement.at(first)
    if polarity is not Polarity.BAN and not _actor(words, act + 1, sentence.last, lexicon):
        start, end = tokens.starts[first], tokens.ends[act]
        yield Mark(Category.PASSIVE, start, end, Effect.WIDENS, polarity)


def _past_adverbs(words: Sequence[str], i: int, last: int) -> int:
    while i < last and _adverb(words[i]):
        i += 1
    return i


def _past_aside(tokens: Tokens, plain: str, i: int) -> int:
    """The token behind an aside that begins at token `i`: "will, where possible, be notified"."""
    if "," not in plain[tokens.ends[i - 1] : tokens.starts[i] if i < len(tokens.starts) else None]:
        return i
    for j in range(i + 1, min(i + _ASIDE, len(tokens.starts))):
        if "," in plain[tokens.ends[j - 1] : tokens.starts[j]]:
            return j
    return i


def _actor(words: Sequence[str], first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether somebody is named behind a participle: "by an officer", and not "by default" or "by 1 March".

    What stands behind another participle is that one's: "as determined by the board".
    """
    passive = lexicon.passive
    return any(
        words[i] in passive.agents
        and (i == first or not _participle(words[i - 1], lexicon))
        and words[i + 1] not in passive.ways
        and not words[i + 1][0].isdigit()
        for i in range(first, min(first + _AGENT, last - 1))
    )


def _adverb(word: str) -> bool:
    """`only` is none: what may only be done so is banned otherwise, and lacks no actor."""
    return any_pattern("adverb").fullmatch(word) is not None


def _participle(word: str, lexicon: Lexicon) -> bool:
    passive = lexicon.passive
    if word in passive.states:
        return False
    known = not passive.participles.isdisjoint(_forms(word))
    return known or (len(word) > 3 and word.endswith(passive.endings))


def _forms(word: str) -> set[str]:
    """A participle in the masculine singular, among others: « revues » is « revu »."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("e")}


def _timeless(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, last: int) -> Iterator[Mark]:
    words = tokens.words
    for act in range(last, min(last + _NEAR, sentence.last)):
        if words[act] in lexicon.verbs:
            said = words[sentence.first : sentence.last]
            if lexicon.bounds.isdisjoint(said) and not any(w.isdigit() for w in said):
                start, end = tokens.starts[act], tokens.ends[act]
                yield Mark(Category.TIME, start, end, Effect.LOOSENS, Polarity.NEITHER)
            return
