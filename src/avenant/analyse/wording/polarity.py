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

from collections.abc import Sequence
from dataclasses import dataclass

from avenant.analyse.wording.prose import Kind
from avenant.analyse.wording.read import Lexicon, Term
from avenant.analyse.wording.tokens import Sentence, Tokens
from avenant.analyse.wording.types import Category, Operator, Polarity

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
class Zone:
    """Tokens `[first, last)` that an exception turns round."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its operators: (first token, the one behind, operator), its exceptions, and what it inherits."""

    operators: tuple[tuple[int, int, Operator], ...]
    zones: tuple[Zone, ...]
    neutral: tuple[tuple[int, int], ...]  # verbs that are no operators: "content that may …"
    inherited: Polarity | None
    clarifies: bool
    last: int  # the token behind its last
    opens: bool  # what stands before the first operator belongs to what is inherited

    def governing(self, token: int) -> Polarity:
        """The polarity of the statement around a token, exceptions left aside."""
        before = [op for first, _, op in self.operators if first <= token]
        if before:
            return _OF[before[-1]]
        if self.operators and not (self.opens and self.inherited):
            return _OF[self.operators[0][2]]
        return self.inherited or Polarity.NEITHER

    def at(self, token: int) -> Polarity:
        """The polarity at a token."""
        polarity = self.governing(token)
        turned = sum(zone.first <= token < zone.last for zone in self.zones)
        return polarity.turned if turned % 2 else polarity

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
    shielded = [(t.first, t.last) for t in terms if t.term.category is Category.LAW_RELATIVE]
    found = tuple(
        (first, last, op)
        for first, last, op in lexicon.operators.found(tokens.words, sentence.first, sentence.last)
        if (op is Operator.EXCEPT or not any(a < last and first < b for a, b in shielded))
        and not (last < sentence.last and tokens.words[last].isdigit())  # "May 2024"
    )
    exceptions = [(first, last) for first, last, op in found if op is Operator.EXCEPT]
    titled = kind in ("heading", "cell") or plain[sentence.start : sentence.end].rstrip().endswith(
        ":"
    )
    named = {Operator.BANNED: Operator.BAN, Operator.ALLOWED: Operator.PERMISSION} if titled else {}
    mains = [(a, b, named.get(op, op)) for a, b, op in found if named.get(op, op) in _OF]
    if not mains and found and found[0][0] == sentence.first and found[0][2] is Operator.OPENING:
        mains = [(found[0][0], found[0][1], Operator.BAN)]
    zones: list[Zone] = []
    kept: list[tuple[int, int, Operator]] = []
    for first, last in exceptions:
        if zones and first < zones[-1].last:
            continue  # "except …, unless …": one exception
        zones.append(Zone(last, _end(tokens, sentence, plain, first, last, mains)))
    for main in mains:
        inside = any(zone.first <= main[0] < zone.last for zone in zones)
        if not inside or main[2] is Operator.BAN:
            kept.append(main)
    # A ban behind an exception is a new statement: the exception ends before it.
    zones = [
        Zone(z.first, min([z.last, *(m[0] for m in kept if z.first <= m[0] < z.last)]))
        for z in zones
    ]
    clarifies = any(op is Operator.CLARIFIES for _, _, op in found)
    neutral = tuple((first, last) for first, last, op in found if op is Operator.NEUTRAL)
    return Statement(
        tuple(kept),
        tuple(zones),
        neutral,
        inherited,
        clarifies,
        sentence.last,
        kind in ("item", "cell"),
    )


def _end(
    tokens: Tokens,
    sentence: Sentence,
    plain: str,
    first: int,
    last: int,
    mains: Sequence[tuple[int, int, Operator]],
) -> int:
    """Where an exception ends that stands at `[first, last)`."""
    # It begins the sentence, or stands between the verb and the rest: it ends at its comma.
    opens = not any(main[0] < first for main in mains) and any(main[0] >= last for main in mains)
    between = any(main[1] == first for main in mains)
    stops = ";:" + ("," if opens or between else "")
    for token in range(last, sentence.last - 1):
        if any(stop in plain[tokens.ends[token] : tokens.starts[token + 1]] for stop in stops):
            return token + 1
    return sentence.last
