"""What is proved of a text, and of two: the report that a signature names, and the comparison."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from avenant.findings.types import Box, Finding, Order, Severity


class Answer(msgspec.Struct, frozen=True):
    """The boxes found; `complete` says that there are no more, `others` that there are: the list was cut off.

    With neither, the search ended before it was known. `steps` is its cost, the same everywhere.
    """

    boxes: tuple[Box, ...]
    complete: bool
    steps: int
    others: bool = False


class Basis(StrEnum):
    """What a clause rests on: what the gateway sees, what somebody attests, what nobody can establish."""

    GATEWAY = "gateway"
    ATTESTATION = "attestation"
    NOBODY = "nobody"


class Enforced(msgspec.Struct, frozen=True):
    """How far one clause can be enforced: its weakest basis, who attests, and its axes by their basis."""

    clause: str
    label: str
    basis: Basis
    who: tuple[str, ...]
    axes: dict[Basis, tuple[str, ...]]


class Uncovered(msgspec.Struct, frozen=True):
    """A clause outside a proof: it has words and no rule. `slot`: its rule is still to be written."""

    clause: str
    label: str
    slot: bool


Side = Literal["before", "after"]
"""One of two texts that are compared; their ids may be the same."""


class OneSided(msgspec.Struct, frozen=True):
    """A clause of two texts that has a rule in one of them only.

    `compared`: its words changed with its rule, so the change is taken as made. Else it is left out of both texts.
    `may_widen`: what was left out is a prohibition that went, or a permission that came.
    """

    clause: str
    label: str
    encoded: Side
    compared: bool
    may_widen: bool


class Principle(msgspec.Struct, frozen=True):
    """A principle that was tested: its words, how many loopholes in it were found, and whether those are all.

    `unknown` are its prohibitions of which not even that is known whether they have a loophole: `r1`, or `r1/2`.

    Two kinds hold without a proof. `trivial`: the text permits nothing. `idle`: no use could violate it.

    `repeats` is the label of the principle of the text that a public statement says once more: it is asked once, there.

    In a comparison, `was` counts the loopholes in the text before, and `order` says how what gets through now stands to
    what got through then.
    """

    clause: str
    label: str
    words: str
    ways: int
    complete: bool
    was: int | None = None
    order: Order | None = None
    idle: bool = False
    trivial: bool = False
    repeats: str | None = None
    unknown: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether the text keeps it, by a proof that tested something."""
        return self.complete and not (self.ways or self.idle or self.trivial)


class Unfinished(msgspec.Struct, frozen=True):
    """A check that ran out of steps, by the code of what it finds, and the clause or date at which it did."""

    check: str
    at: str | None


class Ordinary(msgspec.Struct, frozen=True):
    """How many ordinary uses were held against the text, and how many it permits: all of each box, so it is proved."""

    uses: int
    permitted: int


class Report(msgspec.Struct, frozen=True):
    """All findings on one text, without times and machine: its digest is what `sign --knowing` names.

    `digest` is empty where it is not known whether each principle is kept, or where a clock stopped the search.
    """

    text: str
    text_digest: str
    since: str
    until: str | None
    draft: bool
    title: str
    labels: tuple[str, ...]
    clauses: int
    binding: int
    principles: tuple[Principle, ...]
    findings: tuple[Finding, ...]
    axes: int
    complete: bool
    digest: str = ""
    enforced: tuple[Enforced, ...] = ()
    accepted: int = 0  # how many findings a clause accepts, with a reason
    unfinished: tuple[Unfinished, ...] = ()  # with `complete`, none
    ordinary: Ordinary | None = (
        None  # None where none are stated; beside the digest, as they are no part of the text
    )
    covered: tuple[str, ...] = ()  # ids of the clauses that every proof here is about
    uncovered: tuple[Uncovered, ...] = ()

    @property
    def vain(self) -> tuple[Principle, ...]:
        """The principles that hold without a proof: `check` exits 1 on them, whatever was accepted."""
        own = (p for p in self.principles if p.repeats is None)
        return tuple(p for p in own if p.idle or p.trivial)

    @property
    def open_errors(self) -> int:
        """How many errors nobody has accepted: `check` exits 1 on them, and who signs must know them."""
        return sum(f.severity is Severity.ERROR and not f.accepted for f in self.findings)


class Segment(msgspec.Struct, frozen=True):
    """A run of words: in both texts, struck from the one before, or inserted in the one after."""

    kind: Literal["same", "struck", "inserted"]
    text: str


ChangeKind = Literal[
    "replaced",  # its words are others
    "inserted",
    "repealed",
    "encoding",  # its words stand; its rules, blocks or notes are others
    "translation",  # its words stand; a translation of them is another
    "scope",  # it stands as it stood; what it covers is other: by a definition, a date or an admission
    "moved",
    "renumbered",
]


class TextChange(msgspec.Struct, frozen=True):
    """One clause that changed: its words beside what they do.

    `clause` and `label` are those of the text after, of a repealed clause those of the text before; `was` is the label
    before where it is another. `by_words` says that two clauses of different ids were taken for one because their words
    are alike. `effect` is how the text stands by what this clause changes of all that differs, `equal` when no decision
    that differs is owed to it; None for a principle, which binds nothing. `refused` and `permitted` are places in
    the boxes of the comparison.
    """

    clause: str
    label: str
    kind: ChangeKind
    at: str
    was: str | None
    by_words: bool
    segments: tuple[Segment, ...]  # title, prose and reading; empty when no language is common
    encoding: tuple[Segment, ...]  # linked words, notes and blocks
    effect: Order | None
    refused: tuple[int, ...] = ()
    permitted: tuple[int, ...] = ()


class Body(msgspec.Struct, frozen=True):
    """A body of the text after, and what it is in the text before: stated, or one by its id."""

    body: str
    counts_as: str
    stated: bool


class Comparison(msgspec.Struct, frozen=True):
    """From text `before` to text `after`: boxes each way over the joint vocabulary, and what no order is known for."""

    before: str
    after: str
    order: Order
    newly_refused: Answer
    newly_permitted: Answer
    beside: tuple[
        Finding, ...
    ]  # changes of facts, switches, definitions: listed, ordered where an order exists
    still_open: tuple[Principle, ...]
    changes: tuple[TextChange, ...] = ()
    findings: tuple[
        Finding, ...
    ] = ()  # of severity error: what an instrument says of itself and is not
    bodies: tuple[
        Body, ...
    ] = ()  # which organisations of the one were taken for which of the other
    stated: bool = False  # each instrument that widens says so of itself (`order: looser`)
    covered: tuple[str, ...] = ()  # ids of the clauses that the order is about
    uncovered: tuple[Uncovered, ...] = ()  # with a rule in neither text
    one_sided: tuple[OneSided, ...] = ()  # with a rule in one of the two
    empty: tuple[Side, ...] = ()  # which texts permit nothing, of what is compared
    unruled: tuple[Side, ...] = ()  # which texts have no rule: why nothing is compared

    @property
    def left_out(self) -> tuple[OneSided, ...]:
        """The clauses that have a rule in one text only, and are left out of both."""
        return tuple(one for one in self.one_sided if not one.compared)

    @property
    def trivial(self) -> bool:
        """Whether the order proves nothing, as neither text permits anything."""
        return len(self.empty) == 2
