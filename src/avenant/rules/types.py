"""What a rule says: membership and nothing else, with its place and the word of the prose that each test stands for."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Literal

from msgspec import Struct

from avenant.errors import Span
from avenant.instants import Instant
from avenant.languages import language

Effect = Literal["permit", "forbid"]


class Word(Struct, frozen=True):
    """A word of the prose that a test stands for: `[intentionally](#intent.deliberate)`.

    A translation of the text links words of its own to the same category. `text` and `at` are those of the language
    that the process speaks, where the text has a translation into it; `written` and `place` are always the text's own.
    """

    written: str
    axis: str
    category: str
    place: Span
    translations: tuple[tuple[str, str, Span], ...] = ()  # language, words, and where they stand

    @property
    def text(self) -> str:
        """The words, as a reader of the process's language finds them."""
        return next(
            (words for lang, words, _ in self.translations if lang == language()), self.written
        )

    @property
    def at(self) -> Span:
        """Where those words stand."""
        return next(
            (place for lang, _, place in self.translations if lang == language()), self.place
        )


class In(Struct, frozen=True):
    """The only test there is: the use's category on `axis` is `category` or below it."""

    axis: str
    category: str
    at: Span
    words: tuple[Word, ...] = ()  # of the clause's prose; several may say the same thing

    @property
    def name(self) -> str:
        """`purpose.training`."""
        return f"{self.axis}.{self.category}"

    @property
    def word(self) -> Word | None:
        """The first word that this test stands for; None when the prose has none."""
        return self.words[0] if self.words else None


class Not(Struct, frozen=True):
    """The operand does not hold."""

    operand: Condition


class And(Struct, frozen=True):
    """All of them hold; of none, true."""

    operands: tuple[Condition, ...]


class Or(Struct, frozen=True):
    """One of them holds; of none, false."""

    operands: tuple[Condition, ...]


Condition = In | Not | And | Or


def tests(condition: Condition) -> Iterator[In]:
    """Every test of a condition, in the order written."""
    return (test for test, _ in signed_tests(condition))


def signed_tests(condition: Condition, holds: bool = True) -> Iterator[tuple[In, bool]]:
    """Every test with whether it is wanted to hold: not so below an odd number of negations, as in an `unless`."""
    match condition:
        case In():
            yield condition, holds
        case Not(operand):
            yield from signed_tests(operand, not holds)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from signed_tests(operand, holds)


class Pass(Struct, frozen=True):
    """What an admission lets past a forbid, in its period: `unless { this body && these purposes }`."""

    admission: int  # the instrument's number
    condition: Condition


class Rule(Struct, frozen=True):
    """One Cedar policy of a clause. `condition` is canonical; `effective` is what holds with its passes."""

    id: str  # "surveillance/1": clause, then the rule's number in it
    effect: Effect
    condition: Condition
    clause: str
    source: str  # the Cedar text, as written
    at: Span
    since: Instant | None = None
    until: Instant | None = None
    passes: tuple[Pass, ...] = ()

    @property
    def effective(self) -> Condition:
        """The condition less what admissions let past."""
        if not self.passes:
            return self.condition
        return And((self.condition, *(Not(p.condition) for p in self.passes)))

    def tests(self) -> Iterator[In]:
        """Every test of the condition, in canonical order."""
        return tests(self.condition)


class Truth(IntEnum):
    """A rule on a box: TRUE at all points, FALSE at none, else UNKNOWN; never composed from the parts' truths."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2
