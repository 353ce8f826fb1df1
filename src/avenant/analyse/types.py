"""What is proved: boxes, findings, comparisons and the report that a signature names."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal

import msgspec


class Severity(StrEnum):
    """How much it matters: errors make `check` exit 1 and must be named by whoever signs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Passes(msgspec.Struct, frozen=True):
    """Where a box gets past one ban: the test that fails there, and the word of the prose that it stands for."""

    clause: str
    label: str
    rule: str
    axis: str
    category: str
    word: str | None
    at: str
    also: tuple[str, ...] = ()  # further words of the clause that stand for the same test


class Permit(msgspec.Struct, frozen=True):
    """A permit that lets a box in, and its words; named where no ban speaks of what the principle is about."""

    clause: str
    label: str
    rule: str
    words: tuple[str, ...]
    at: str


class Box(msgspec.Struct, frozen=True):
    """A set of uses: per axis the leaves, only the axes that it narrows, and the box in plain words, in three parts.

    `foreground` are the axes that make it new, said by `sentence`. `only` is what is true, on the other axes, of every
    use with that foreground, said by `condition`. `example` are the axes on which the box is narrower than that, said
    by `instance`: where there are any, other cases exist. `witness` is a complete use inside the box.

    The hole is where the box `passes` bans; where no ban speaks of it, in the `permits`. In a comparison, `refused_by`
    are the clauses of the text that refuses it, and `owed_to` those that changed and to which the difference is owed.
    """

    leaves: dict[str, tuple[str, ...]]
    foreground: tuple[str, ...]
    only: dict[str, tuple[str, ...]]
    example: tuple[str, ...]
    witness: dict[str, str]
    passes: tuple[Passes, ...]
    permits: tuple[Permit, ...]
    sentence: str
    condition: str
    instance: str
    permitted_by: tuple[str, ...]
    refused_by: tuple[str, ...] = ()
    owed_to: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The boxes found; `complete` says that there are no more, `others` that there are: the list was cut off.

    With neither, the search ended before it was known. `steps` is its cost, the same everywhere.
    """

    boxes: tuple[Box, ...]
    complete: bool
    steps: int
    others: bool = False


class Amending(msgspec.Struct, frozen=True):
    """One change of a remedy: an `insert` after the clause, or that clause's `replace` or `repeal`.

    A clause is replaced by itself, with another expectation of a scenario. `new` is the new clause as Markdown by
    language: with its rule in the text's own, prose alone in a translation.
    """

    verb: Literal["insert", "replace", "repeal"]
    clause: str
    new: dict[str, str] = {}


class Remedy(msgspec.Struct, frozen=True):
    """What closes findings, proved: the changes, and the ids of all that they close.

    Applying it closes the boxes, permits nothing new, and keeps the `ordinary` uses that were counted: proved on the
    text that comes of it. `order` is how that text stands to the one before; `summary` says it in a line.
    """

    changes: tuple[Amending, ...]
    closes: tuple[str, ...]
    order: Order
    ordinary: int
    summary: str


class Spot(msgspec.Struct, frozen=True):
    """One clause of a finding that is about several: where in it, and at which words."""

    clause: str
    label: str
    at: str
    words: tuple[str, ...]


class Interval(msgspec.Struct, frozen=True):
    """The same text between other dates: its digest, its order to this text, and the loopholes of each principle."""

    since: str
    text_digest: str
    order: Order
    ways: dict[str, int]
    complete: bool  # whether the order and each of those lists is whole


class Finding(msgspec.Struct, frozen=True):
    """One thing that somebody should know before signing. `id` is stable over runs: `loophole:r1:operation`.

    `who` are the names of those whose word it is about: who establishes a fact, who announced something.
    """

    code: str
    id: str
    severity: Severity
    clause: str | None
    at: str
    words: tuple[str, ...]
    title: str
    message: str
    choices: tuple[str, ...] = ()
    box: Box | None = None
    accepted: str | None = None
    who: tuple[str, ...] = ()
    clauses: tuple[Spot, ...] = ()  # where it is about several clauses; `clause` is the first
    remedy: Remedy | None = None  # beside the digest, as it follows from the text and ordinary uses
    interval: Interval | None = None

    def through(self, principle: str) -> bool:
        """Whether it is a way through a principle: `loophole:r1:…`, or, of its second forbid, `loophole:r1/2:…`.

        `loophole:blog/r1:…` is not through `blog`: a statement may have the name of a principle.
        """
        return re.match(rf"loophole:{re.escape(principle)}(/\d+)?:", self.id) is not None

    @property
    def told(self) -> str:
        """The message as it stands behind the title: a sentence about a clause begins with its label, which is it."""
        rest = self.message.removeprefix(self.title)
        return rest.lstrip(" ,") if self.title and rest[:1] in (" ", ",") else self.message


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


class Order(StrEnum):
    """How two texts stand to each other; never a score."""

    STRICTER = "stricter"
    EQUAL = "equal"
    LOOSER = "looser"
    INCOMPARABLE = "incomparable"
    UNFINISHED = "not finished"
    NOT_COMPARED = "not-compared"

    @property
    def key(self) -> str:
        """What the catalogues of messages call it."""
        return self.name.lower().replace("_", "-")


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
    """A principle that was tested: its words, how many ways through it were found, and whether those are all.

    `unknown` are its prohibitions of which not even that is known whether they have a loophole: `r1`, or `r1/2`.

    Two kinds hold without a proof. `trivial`: the text permits nothing. `idle`: no use could violate it.

    `repeats` is the label of the principle of the text that a public statement says once more: it is asked once, there.

    In a comparison, `was` is the ways through the text before, and `order` how what gets through now stands to what got
    through then.
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


class Wording(msgspec.Struct, frozen=True):
    """The wording findings of one text, a dossier's or any other; `complete` unless it was stopped."""

    text: str  # "openai-dow@1", or the file's name
    language: str
    sentences: int
    findings: tuple[Finding, ...]
    complete: bool = True

    @property
    def open_errors(self) -> int:
        """How many findings are errors that nobody has accepted."""
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
