"""What is asked and answered: facts with their standing, uses, and the Decision that everything records and shows.

`Decision` and what it holds are msgspec structs, because they are printed, stored and sent: one JSON for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import msgspec

Use = Mapping[str, str]  # ONE category an axis; absent means `any`; complete when all are leaves


class Standing(StrEnum):
    """What a fact may do: see §5 of the semantics. Only an entitled source establishes."""

    ESTABLISHED = "established"
    CLAIMED = "claimed"
    SUSPECTED = "suspected"


class Outcome(StrEnum):
    """Of one call. A held call is an undetermined one that waits; that is a state, not an outcome."""

    PERMITTED = "permitted"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"
    FAILED = "failed"


class Seen(msgspec.Struct, frozen=True):
    """A model or a tool of a call, by the name that the upstream acts by."""

    kind: Literal["model", "tool"]
    name: str


class Fact(msgspec.Struct, frozen=True):
    """One category on one axis, who says so, and with what standing.

    `unread` is the model or tool for which the text gives no value on the axis. The category is then `any`, and it
    stands next to what is established (§5 of the semantics).
    """

    axis: str
    category: str
    source: str  # "connection army", "caller", "asked", "approver SHA256:…", "gateway"
    standing: Standing
    unread: Seen | None = None


class Tested(msgspec.Struct, frozen=True):
    """One test of a cited rule on the use that was asked: `truth` is false, unknown or true.

    `negated`: the rule wants it not to hold, as in an `unless`.
    """

    axis: str
    category: str
    truth: str
    word: str | None
    fact: Fact | None
    negated: bool = False


class Cited(msgspec.Struct, frozen=True):
    """A rule that the outcome rests on. `prose` is the clause's, in the text's own language."""

    clause: str
    number: str
    label: str
    rule: str
    effect: str
    truth: str
    rendering: str
    prose: str
    instrument: int
    at: str  # "1-amendment.md:21"
    tests: tuple[Tested, ...]


class Missing(msgspec.Struct, frozen=True):
    """An axis on which more knowledge would settle the outcome, and who may establish it; empty: nobody."""

    axis: str
    may_establish: tuple[str, ...]
    words: tuple[str, ...]  # the words of the text that rest on it
    suspected: tuple[
        str, ...
    ] = ()  # categories that an observer suspects; only an attestation about this call helps


class Past(msgspec.Struct, frozen=True):
    """A forbid that would hold but for an admission."""

    clause: str
    rule: str
    admission: int


class Decision(msgspec.Struct, frozen=True):
    """The answer to one call under one text.

    `against` names principles that some combination of a permitted call certainly meets. `would_change` says in plain
    words what would make the outcome another one. `otherwise` are the clauses that would permit a refused use if no ban
    stood.
    """

    outcome: Outcome
    cited: tuple[Cited, ...]
    missing: tuple[Missing, ...]
    against: tuple[str, ...]
    past: tuple[Past, ...]
    would_change: tuple[str, ...]
    text: str
    digest: str
    facts: tuple[Fact, ...]
    otherwise: tuple[str, ...] = ()
    reason: str | None = None  # of a failed or too mixed call
