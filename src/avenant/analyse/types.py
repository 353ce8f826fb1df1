"""What is proved: boxes, findings, comparisons and the report that a signature names."""

from __future__ import annotations

from enum import StrEnum

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


class Box(msgspec.Struct, frozen=True):
    """A set of uses: per axis the leaves, only the axes that it narrows; `sentence` says it in plain words.

    `foreground` are the axes that make it new, the rest is background ("in a use that is otherwise …"). `witness` is a
    complete use inside it.
    """

    leaves: dict[str, tuple[str, ...]]
    foreground: tuple[str, ...]
    witness: dict[str, str]
    passes: tuple[Passes, ...]
    sentence: str
    background: str
    permitted_by: tuple[str, ...]
    refused_by: tuple[str, ...] = ()  # in a comparison: the clauses of the text that refuses it


class Answer(msgspec.Struct, frozen=True):
    """The boxes found; `complete` says that there are no more. `steps` is the search's cost, the same everywhere."""

    boxes: tuple[Box, ...]
    complete: bool
    steps: int


class Finding(msgspec.Struct, frozen=True):
    """One thing that somebody should know before signing. `id` is stable over runs: `loophole:r1:operation`."""

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


class Order(StrEnum):
    """How two texts stand to each other; never a score."""

    STRICTER = "stricter"
    EQUAL = "equal"
    LOOSER = "looser"
    INCOMPARABLE = "incomparable"
    UNFINISHED = "not finished"


class Principle(msgspec.Struct, frozen=True):
    """A principle that was tested: its words, and whether the list of ways through is complete.

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


class Report(msgspec.Struct, frozen=True):
    """All findings on one text, without times and machine: its digest is what `sign --knowing` names."""

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

    @property
    def open_errors(self) -> int:
        """How many errors nobody has accepted: `check` exits 1 on them, and who signs must know them."""
        return sum(f.severity is Severity.ERROR and not f.accepted for f in self.findings)


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
