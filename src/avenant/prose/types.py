"""The words of the wording analysis: categories, what a term does, polarity, and a mark on the prose."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from avenant.findings.types import Finding, Severity


class Category(StrEnum):
    """What is wrong with some words; a finding's code is `wording-` and one of these."""

    INTENT = "intent"
    LAW_RELATIVE = "law-relative"
    DEGREE = "degree"
    OPEN_LIST = "open-list"
    DISCRETION = "discretion"
    HORTATORY = "hortatory"
    MODAL = "modal"
    PASSIVE = "passive"
    TIME = "time"
    NOTWITHSTANDING = "notwithstanding"
    UNDATED_LAW = "undated-law"
    UNDEFINED = "undefined"
    UNUSED = "unused"
    REDEFINED = "redefined"
    DRIFTING = "drifting"
    DANGLING = "dangling"


class Effect(StrEnum):
    """What words do to the statement that they stand in."""

    NARROWS = "narrows"  # it reaches less
    WIDENS = "widens"  # it reaches more
    LOOSENS = "loosens"  # whoever applies it decides how far it reaches
    OPEN = "open"  # either way: nothing can be said of the direction


class Operator(StrEnum):
    """What a phrase does to the statement: makes it a ban, a permission or a duty; turns it round; neither."""

    BAN = "ban"
    PERMISSION = "permission"
    DUTY = "duty"
    BANNED = "banned"  # a ban in a heading or a lead-in: "Prohibited uses"
    ALLOWED = "allowed"  # likewise a permission
    OPENING = "opening"  # a ban where it begins a sentence without another: "No use for …"
    EXCEPT = "except"
    NEUTRAL = "neutral"
    CLARIFIES = "clarifies"
    GOES_ON = "goes-on"  # says more of the sentence before: "This includes …"


class Polarity(StrEnum):
    """What a statement is, at one place in it; a duty and a mere statement are neither ban nor permission."""

    BAN = "ban"
    PERMISSION = "permission"
    NEITHER = "neither"

    @property
    def turned(self) -> Polarity:
        """What an exception from it is: an exception from a ban permits."""
        match self:
            case Polarity.BAN:
                return Polarity.PERMISSION
            case Polarity.PERMISSION:
                return Polarity.BAN
            case Polarity.NEITHER:
                return Polarity.NEITHER


def severity(effect: Effect, polarity: Polarity) -> Severity:
    """Error for what narrows a ban or widens a permission, note for the reverse, warning where neither is known.

    What loosens hands the decision to whoever applies the words: he will narrow the ban that binds him and widen the
    permission that serves him.
    """
    match effect, polarity:
        case (Effect.OPEN, _) | (_, Polarity.NEITHER):
            return Severity.WARNING
        case (
            (Effect.LOOSENS, _)
            | (Effect.NARROWS, Polarity.BAN)
            | (Effect.WIDENS, Polarity.PERMISSION)
        ):
            return Severity.ERROR
        case _:
            return Severity.NOTE


class Mark(Struct, frozen=True):
    """Some words of a prose, `[start, end)`, and what is wrong with them.

    `clarified`: they stand in a sentence that says that it clarifies.
    """

    category: Category
    start: int
    end: int
    effect: Effect
    polarity: Polarity
    clarified: bool = False
    values: tuple[tuple[str, str], ...] = ()  # what its sentence takes


class Wording(Struct, frozen=True):
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
