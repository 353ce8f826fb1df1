"""What is found: boxes of uses, findings, and the amendments that close them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec


class Severity(StrEnum):
    """How much it matters: errors make `check` exit 1 and must be named by whoever signs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


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

    The id is printed from its parts and never parsed. A loophole names the principle (`r1`) and its
    prohibition (`r1`, or `r1/2` where it has several); a finding about a rule, or about tests (`purpose.training`),
    names these. `who` are the names of those whose word it is about: who establishes a fact, who announced something.
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
    principle: str | None = None
    forbid: str | None = None
    rule: str | None = None
    tests: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The message as it stands behind the title: a sentence about a clause begins with its label, which is it."""
        rest = self.message.removeprefix(self.title)
        return rest.lstrip(" ,") if self.title and rest[:1] in (" ", ",") else self.message
