"""Where a statement bans and where it permits, token by token.

- The last operator before a place governs it; what stands before the first operator belongs to that one:
  "Consistent with applicable law, the system shall not be used …" is all ban.
- An exception turns it round to the end of its part of the sentence: "… except for lawful uses". One that stands first
  or between the verb and its object ends at its comma: "must not, unless authorised, …".
- A list item, a cell, and a sentence without an operator of its own take the polarity of what they stand under.

    statement = read_statement(tokens, sentence, lexicon, prose, inherited)
    statement.at(token)                   # Polarity.BAN
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from avenant.analyse.wording.prose import Kind
from avenant.analyse.wording.read import Lexicon, Term
from avenant.analyse.wording.spans import Spans
from avenant.analyse.wording.tokens import Sentence, Tokens
from avenant.analyse.wording.types import Category, Operator, Polarity

_BETWEEN = frozenset(";:,")  # what may end an exception
_NAMED = {Operator.BANNED: Operator.BAN, Operator.ALLOWED: Operator.PERMISSION}
_OF = {
    Operator.BAN: Polarity.BAN,
    Operator.PERMISSION: Polarity.PERMISSION,
    Operator.DUTY: Polarity.NEITHER,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A term of the list at tokens `[first, last)`."""

    first: int
    last: int
    term: Term


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its operators: (first token, the one behind, operator), its exceptions, and what it inherits."""

    operators: tuple[tuple[int, int, Operator], ...]
    exceptions: Spans  # the tokens that an exception turns round
    neutral: Spans  # verbs that are no operators: "content that may …"
    inherited: Polarity | None
    clarifies: bool
    last: int  # the token behind its last
    opens: bool  # what stands before the first operator belongs to what is inherited

    def governing(self, token: int) -> Polarity:
        """The polarity of the statement around a token, exceptions left aside."""
        before = bisect_right(self.operators, token, key=lambda operator: operator[0])
        if before:
            return _OF[self.operators[before - 1][2]]
        if self.operators and not (self.opens and self.inherited):
            return _OF[self.operators[0][2]]
        return self.inherited or Polarity.NEITHER

    def at(self, token: int) -> Polarity:
        """The polarity at a token."""
        polarity = self.governing(token)
        return polarity.turned if self.exceptions.around(token) else polarity

    def end(self) -> Polarity:
        """The polarity that what stands under this statement takes."""
        return self.at(self.last - 1)


def read_statement(
    tokens: Tokens,
    sentence: Sentence,
    lexicon: Lexicon,
    plain: str,
    inherited: Polarity | None,
    terms: Sequence[Found],
    kind: Kind,
) -> Statement:
    """The statement of one sentence.

    `inherited` is the polarity of what it stands under; an item, by `kind`, goes on with its lead-in. Verbs inside a
    law-relative one of `terms` are no operators: "as permitted by law" permits nothing.
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
    exceptions = Spans(_exceptions(tokens, sentence, plain, found, mains))
    return Statement(
        # Verbs of an exception's own clause change nothing: "unless the owner may object".
        tuple(m for m in mains if m[2] is Operator.BAN or not exceptions.around(m[0])),
        exceptions,
        Spans((first, last) for first, last, op in found if op is Operator.NEUTRAL),
        inherited,
        any(op is Operator.CLARIFIES for _, _, op in found),
        sentence.last,
        kind in ("item", "cell"),
    )


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
