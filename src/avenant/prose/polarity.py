"""Where a statement bans and where it permits, token by token.

- The verb of a condition or of a relative clause ("If it may …, we shall …", "when the tool may …") is not the
  statement's.
- The last operator before a place governs it; what stands before the first operator belongs to that one:
  "Consistent with applicable law, the system shall not be used …" is all ban. `But` and a semicolon part statements.
- An exception turns it round to the end of its part of the sentence: "… except for lawful uses". One that stands first
  or between the verb and its object ends at its comma: "must not, unless authorised, …".
- Inside an exception a measure by law works on the statement that is excepted from: "… unless the law permits it"
  narrows the ban, however far the exception goes. So does a list that says what must be done: "… without preserving
  watermarks or other signs" asks for more.
- A list item, a cell, and a sentence without an operator of its own take the polarity of what they stand under; one
  that goes on ("This includes …") that of the sentence before.

    statement = read_statement(tokens, sentence, lexicon, prose, Above(Polarity.BAN, None), terms, "item")
    statement.at(token, Category.INTENT)        # Polarity.BAN
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.prose.prose import Kind
from avenant.prose.read import Lexicon, Term
from avenant.prose.spans import Spans
from avenant.prose.tokens import Sentence, Tokens
from avenant.prose.types import Category, Operator, Polarity

_INNER = 5  # tokens before a verb in which a clause within begins
_REACH = 10  # tokens of an aside before a verb
_BETWEEN = frozenset(";:,")  # what may end an exception
_NAMED = {Operator.BANNED: Operator.BAN, Operator.ALLOWED: Operator.PERMISSION}
_OF = {
    Operator.BAN: Polarity.BAN,
    Operator.PERMISSION: Polarity.PERMISSION,
    Operator.DUTY: Polarity.NEITHER,
}


class Found(Struct, frozen=True):
    """A term of the list at tokens `[first, last)`."""

    first: int
    last: int
    term: Term


class Statement(Struct, frozen=True):
    """A sentence with its operators: (first token, the one behind, operator), its exceptions, and what it inherits."""

    operators: tuple[tuple[int, int, Operator], ...]
    exceptions: Spans  # the tokens that an exception turns round
    conditions: Spans  # those of them that say what must be done: "without preserving …"
    neutral: Spans  # verbs that are no operators: "content that may …"
    inherited: Polarity | None
    clarifies: bool
    last: int  # the token behind its last
    opens: bool  # what stands before the first operator belongs to what is inherited
    reach: tuple[
        int, ...
    ]  # the token with which each operator's statement begins; INVARIANT: in order

    def operator(self, token: int) -> Operator | None:
        """The operator that governs a token; None where only what it stands under can."""
        before = bisect_right(self.reach, token)
        if not before:
            return None
        first, _, operator = self.operators[before - 1]
        led = token < first and before == 1 and self.opens and self.inherited
        return None if led else operator

    def governing(self, token: int) -> Polarity:
        """The polarity of the statement around a token, exceptions left aside."""
        operator = self.operator(token)
        return _OF[operator] if operator else self.inherited or Polarity.NEITHER

    def kind(self, token: int) -> str:
        """What the statement around a token is: `ban`, `permission`, `duty` or `neither`."""
        return self.operator(token) or self.governing(token)

    def at(self, token: int, category: Category | None = None) -> Polarity:
        """The polarity at a token, for a word of a category."""
        polarity = self.governing(token)
        match category:
            case Category.LAW_RELATIVE:
                return polarity
            case Category.OPEN_LIST if self.conditions.around(token):
                return polarity
            case _:
                return polarity.turned if self.exceptions.around(token) else polarity

    def behind_neutral(self, first: int, last: int) -> bool:
        """Whether a verb belongs to a clause of its own: "content that could …", and not "it could result …"."""
        return self.neutral.holds(first, last) and first not in self.neutral.firsts

    def end(self) -> Polarity:
        """The polarity that what stands under this statement takes."""
        return self.at(self.last - 1)


class Above(Struct, frozen=True):
    """The polarity of what a sentence stands under, and of the sentence before it; None where there is none."""

    lead: Polarity | None
    before: Polarity | None


def read_statement(
    tokens: Tokens,
    sentence: Sentence,
    lexicon: Lexicon,
    plain: str,
    above: Above,
    terms: Sequence[Found],
    kind: Kind,
) -> Statement:
    """The statement of one sentence.

    An item, by `kind`, goes on with its lead-in. Verbs inside a law-relative one of `terms` are no operators: "as
    permitted by law" permits nothing.
    """
    laws = Spans((t.first, t.last) for t in terms if t.term.category is Category.LAW_RELATIVE)
    found = tuple(
        (first, last, op)
        for first, last, op in lexicon.operators.found(tokens.words, sentence.first, sentence.last)
        if (op is Operator.EXCEPT or not laws.meets(first, last))
        and not (last < sentence.last and tokens.words[last].isdigit())  # "May 2024"
    )
    ends = plain[sentence.start : sentence.end].rstrip()
    named = _NAMED if kind in ("heading", "cell") or ends.endswith(":") else {}
    mains = [(a, b, named.get(op, op)) for a, b, op in found if named.get(op, op) in _OF]
    if not mains and found and found[0][0] == sentence.first and found[0][2] is Operator.OPENING:
        mains = [(found[0][0], found[0][1], Operator.BAN)]
    aside = _condition(tokens, sentence, lexicon, plain)
    if any(first >= aside for first, _, _ in mains):
        mains = [main for main in mains if main[0] >= aside]
    mains[1:] = [
        main
        for main in mains[1:]
        if main[2] is Operator.BAN or not _inner(tokens, lexicon, plain, main[0])
    ]
    found = tuple(f for f in found if not _manner(tokens, lexicon, f, mains, above.lead))
    exceptions = tuple(_exceptions(tokens, sentence, plain, found, mains))
    turned = Spans(exceptions)
    goes_on = bool(found) and found[0][0] == sentence.first and found[0][2] is Operator.GOES_ON
    # Verbs of an exception's own clause change nothing: "unless the owner may object".
    operators = tuple(m for m in mains if m[2] is Operator.BAN or not turned.around(m[0]))
    return Statement(
        operators,
        turned,
        Spans(span for span in exceptions if _asks(tokens, span[0], lexicon)),
        Spans((first, last) for first, last, op in found if op is Operator.NEUTRAL),
        (above.before if goes_on else None) or above.lead,
        any(op is Operator.CLARIFIES for _, _, op in found),
        sentence.last,
        kind in ("item", "cell"),
        tuple(
            _aside(tokens, plain, operators[i - 1][1], first)
            if i
            else _parted(tokens, sentence, lexicon, plain, first)
            for i, (first, _, _) in enumerate(operators)
        ),
    )


def _condition(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str) -> int:
    """The token behind the clause that begins a sentence with `if`; its verbs are not the statement's."""
    if tokens.words[sentence.first] in lexicon.clauses.opening:
        for token in range(sentence.first + 1, sentence.last):
            if "," in plain[tokens.ends[token - 1] : tokens.starts[token]]:
                return token
    return sentence.first


def _manner(
    tokens: Tokens,
    lexicon: Lexicon,
    found: tuple[int, int, Operator],
    mains: Sequence[tuple[int, int, Operator]],
    led: Polarity | None,
) -> bool:
    """Whether a `without` says how, and excepts nothing: in a permission, "may end it without notice"."""
    first, _, op = found
    if op is not Operator.EXCEPT or tokens.words[first] not in lexicon.clauses.lacking:
        return False
    before = bisect_right(mains, first, key=lambda main: main[0])
    around = _OF[mains[max(before - 1, 0)][2]] if mains else led
    return around is Polarity.PERMISSION


def _inner(tokens: Tokens, lexicon: Lexicon, plain: str, verb: int) -> bool:
    """Whether a verb that is not the first belongs to a clause within: "… when the tool may fail"."""
    for token in range(verb - 1, max(verb - _INNER, 0), -1):
        if "," in plain[tokens.ends[token] : tokens.starts[token + 1]]:
            return False
        if tokens.words[token] in lexicon.clauses.inner:
            return True
    return False


def _aside(tokens: Tokens, plain: str, behind: int, verb: int) -> int:
    """The token with which a later verb's statement begins: that of an aside before it, "and, if lawful, shall not"."""
    commas = [
        token
        for token in range(verb, max(verb - _REACH, behind), -1)
        if "," in plain[tokens.ends[token - 1] : tokens.starts[token]]
    ]
    return commas[1] if commas[1:] and commas[0] == verb else verb


def _parted(tokens: Tokens, sentence: Sentence, lexicon: Lexicon, plain: str, verb: int) -> int:
    """The token with which the statement of the first verb begins: behind a `but` or a semicolon."""
    for token in range(verb - 1, sentence.first, -1):
        gap = plain[tokens.ends[token - 1] : tokens.starts[token]]
        if ";" in gap or tokens.words[token] in lexicon.clauses.but:
            return token
    return sentence.first


def _asks(tokens: Tokens, first: int, lexicon: Lexicon) -> bool:
    """Whether an exception's words, from token `first`, say what must be done: "without preserving"."""
    before, word = tokens.words[first - 1], tokens.words[first : first + 1]
    clauses = lexicon.clauses
    return before in clauses.lacking and bool(word) and word[0].endswith(clauses.doing)


def _exceptions(
    tokens: Tokens,
    sentence: Sentence,
    plain: str,
    found: Sequence[tuple[int, int, Operator]],
    mains: Sequence[tuple[int, int, Operator]],
) -> Iterator[tuple[int, int]]:
    """The tokens that each exception turns round; one inside another is the same exception."""
    bans = Spans((first, last) for first, last, op in mains if op is Operator.BAN)
    verbs = {last for _, last, _ in mains}
    behind = sentence.first
    for first, last, op in found:
        if op is not Operator.EXCEPT or first < behind:
            continue
        # It begins the sentence, or stands between the verb and the rest: then it ends at its comma.
        opens = bool(mains) and mains[0][0] > first
        stops = ";:," if opens or first in verbs else ";:"
        end = next(
            (
                token + 1
                for token in range(last, sentence.last - 1)
                if not _BETWEEN.isdisjoint(
                    gap := plain[tokens.ends[token] : tokens.starts[token + 1]]
                )
                and any(stop in gap for stop in stops)
            ),
            sentence.last,
        )
        # A ban behind an exception is a new statement.
        behind = min(end, bans.begun(last) or end)
        yield last, behind
