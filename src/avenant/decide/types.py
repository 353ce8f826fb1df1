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
    """One test of a rule on the use that was asked: `truth` is false, unknown or true.

    `negated`: the rule wants it not to hold, as in an `unless`.
    """

    axis: str
    category: str
    truth: str
    word: str | None
    fact: Fact | None
    negated: bool = False


class Cited(msgspec.Struct, frozen=True):
    """A rule that the outcome rests on. `truth` says how it holds there: true or unknown; false of a nearest permit.

    `kept_by` are the axes of the use that keep a nearest permission from holding.
    """

    clause: str
    number: str
    label: str
    rule: str
    effect: str
    truth: str
    instrument: int
    at: str  # "1-amendment.md:21"
    kept_by: tuple[str, ...] = ()


class Quoted(Cited, frozen=True, kw_only=True):
    """A rule in words: `rendering` is the rule's sentence, `prose` the clause's, in the text's own language."""

    rendering: str
    prose: str
    tests: tuple[Tested, ...]


class Missing(msgspec.Struct, frozen=True):
    """An axis on which more knowledge would settle the outcome, who may establish it, and what keeps it open.

    `may_establish` is empty where nobody may. `fine`: what is established leaves nothing open, and the axis is open
    for what is `unread` or `claimed` alone.
    """

    axis: str
    may_establish: tuple[str, ...]
    suspected: tuple[str, ...] = ()  # by an observer; only an attestation about this call helps
    unread: tuple[Seen, ...] = ()  # models and tools for which the text gives no value here
    claimed: tuple[str, ...] = ()  # categories of several kinds that the caller itself claims
    fine: bool = False


class Asked(Missing, frozen=True, kw_only=True):
    """A missing axis in words: those of the text that rest on it."""

    words: tuple[str, ...]


class Past(msgspec.Struct, frozen=True):
    """A forbid that would hold but for an admission."""

    clause: str
    rule: str
    admission: int


class Remedy(msgspec.Struct, frozen=True):
    """All that the parties would have to sign for a refused call not to be refused: proved, or not offered.

    Either an admission of `bodies` past the one clause, or an amendment of the `clauses`, which also permits the use
    where `permission` says so.
    """

    clauses: tuple[str, ...]  # labels
    permission: bool = False
    bodies: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one call under one text: facts, without a sentence. `explained` puts it in words.

    `cited` is what the outcome rests on. Where no permission can hold, nothing is cited: `nearest` are the permissions
    that fewest axes keep from holding, and `also` the forbids that hold as well. `perhaps_others`: the search for
    missing axes ended before it had looked at all. `against` names principles that some combination of a permitted call
    certainly meets. `otherwise` are the clauses that would permit a refused call if no forbid held.
    """

    outcome: Outcome
    cited: tuple[Cited, ...] = ()
    also: tuple[Cited, ...] = ()
    nearest: tuple[Cited, ...] = ()
    missing: tuple[Missing, ...] = ()
    perhaps_others: bool = False
    against: tuple[str, ...] = ()
    past: tuple[Past, ...] = ()
    remedy: Remedy | None = None
    otherwise: tuple[str, ...] = ()
    reason: str | None = None  # a code: `too-mixed`, `too-hard`, or why the call failed
    text: str
    digest: str
    facts: tuple[Fact, ...] = ()


class Explained(Decision, frozen=True, kw_only=True):
    """A decision in words, for a person to read: what the library returns, `ask` shows and `--json` prints.

    `would_change` says all that would make the outcome another one, and nothing that would not.
    """

    cited: tuple[Quoted, ...] = ()
    also: tuple[Quoted, ...] = ()
    nearest: tuple[Quoted, ...] = ()
    missing: tuple[Asked, ...] = ()
    would_change: tuple[str, ...] = ()
