"""What an instrument says of itself, held against what it does.

- *editorial*: what calls itself a clarification or a correction changes no decision;
- *firmer*: what calls itself a tightening, a firmer rule or one guarantee more refuses more, and permits nothing new;
- *no wider*: what says that it weakens nothing permits nothing new;
- one that states its order (`order: looser`) stands in that order.

Where it does not, that is an error: `named-otherwise`, `stated-otherwise`. `claims` reads it in the title, in the prose
before the changes, and in the title of a clause that is replaced or inserted, which speaks for that clause alone; so
does prose that names a clause. What is not proved is held against nobody: a text that is not compared, a guarantee in
a clause without a rule, or one that stands beside the rules, as fewer sources of a fact.

    found_otherwise(act, done)      # instrument 2 calls itself "Clarification", and the text is looser
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.agreement.types import Change, InForce, Instrument
from avenant.analyse import claims
from avenant.analyse.claims import Claim, Direction
from avenant.analyse.compare.metadata import metadata_changes
from avenant.analyse.types import OneSided, TextChange
from avenant.errors import Span
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Order, Severity
from avenant.languages import quoted, say

NAMED = Kind("named-otherwise", Severity.ERROR, Group.STRUCTURE)
STATED = Kind("stated-otherwise", Severity.ERROR, Group.STRUCTURE)

WIDER = (Order.LOOSER, Order.INCOMPARABLE)
_UNPROVED = (Order.UNFINISHED, Order.NOT_COMPARED)


class Act(Struct, frozen=True):
    """An instrument, the text before it and the text after it."""

    instrument: Instrument
    before: InForce
    after: InForce


class Done(Struct, frozen=True):
    """What an instrument does: how it leaves the text, clause by clause, and the clauses encoded on one side."""

    order: Order
    changed: Sequence[TextChange]
    left_out: Sequence[OneSided]


class Named(Struct, frozen=True):
    """A claim of an instrument; `clause`: of that clause alone."""

    claim: Claim
    clause: str | None
    at: Span


def names(act: Act) -> Iterator[Named]:
    """Every claim that the instrument makes, each direction once for the whole and once a clause."""
    instrument, top = act.instrument, Span(act.instrument.file, 1)
    found = [Named(c, None, top) for c in _read(instrument, instrument.title)]
    for claim in claims.read(instrument.introduction, instrument.language):
        clauses = [] if claim.itself else [_numbered(act, n) for n in claim.numbers]
        known = [Named(claim, clause, top) for clause in clauses if clause]
        found += known or [Named(claim, None, top)]
    for change in instrument.changes:
        found += _in_new_title(act, change)
    first: dict[tuple[str | None, Direction], Named] = {}
    for named in found:
        first.setdefault((named.clause, named.claim.direction), named)
    yield from first.values()


def found_otherwise(act: Act, done: Done) -> Iterator[Finding]:
    """Where the instrument is not what it says."""
    number = act.instrument.number
    # Who may establish what, and what names stand for, decide calls too; a definition's words do not.
    others = [f for f in metadata_changes(act.before, act.after) if f.code != "changed-definition"]
    for named in names(act):
        what = _broken(act, named, done, others)
        if what:
            yield _finding(
                NAMED,
                f"{number}/{named.clause}" if named.clause else str(number),
                named.clause,
                named.at,
                (named.claim.words,),
                say(
                    f"compare.named-{named.claim.direction.value}",
                    number=number,
                    words=quoted(named.claim.words),
                    what=what,
                ),
            )
    stated, order = act.instrument.order, done.order
    if stated is not None and order not in _UNPROVED and Order(stated.order) is not order:
        yield _finding(
            STATED,
            str(number),
            None,
            stated.at,
            (),
            say(
                "compare.stated-otherwise",
                number=number,
                stated=say(f"order.{stated.order}"),
                proved=say(f"order.{order.key}"),
            ),
        )


def states_widening(act: Act) -> bool:
    """Whether the instrument says that it widens: by its stated order, or by being an admission."""
    stated = act.instrument.order
    return act.instrument.kind == "admission" or (
        stated is not None and stated.order in ("looser", "incomparable")
    )


def _broken(act: Act, named: Named, done: Done, others: Sequence[Finding]) -> str:
    """What the instrument does that is not what it claims; empty where it keeps it, or nothing is proved."""
    effects = {change.clause: change.effect for change in done.changed}
    order = done.order if named.clause is None else effects.get(named.clause) or Order.EQUAL
    left_out = [one for one in done.left_out if named.clause in (None, one.clause)]
    match named.claim.direction:
        case Direction.EDITORIAL:
            broken = order is not Order.EQUAL
            beside_it = [one.label for one in left_out]
            beside_it += [f.title for f in others] if named.clause is None else []
        case Direction.FIRMER if not _limits_prohibition(act, named):
            broken = order in WIDER or _gives_nothing(named, order, done, others)
            beside_it = [one.label for one in left_out if one.may_widen]
        case Direction.NO_WIDER:
            broken = order in WIDER
            beside_it = [one.label for one in left_out if one.may_widen]
        case _:
            return ""  # more room was announced, and nobody is misled by less
    if broken and order not in _UNPROVED:
        return say(f"compare.is-{order.key}")
    return ", ".join(beside_it)


def _gives_nothing(named: Named, order: Order, done: Done, others: Sequence[Finding]) -> bool:
    """Whether nothing at all became firmer, not even what no rule decides."""
    if order is not Order.EQUAL or others or done.left_out:
        return False
    if done.order not in (Order.EQUAL, Order.LOOSER):
        return False  # firmer by another clause, which the sentence may speak of too
    return not any(change.effect is Order.NOT_COMPARED for change in done.changed)


def _limits_prohibition(act: Act, named: Named) -> bool:
    """« limits section 3 to research »: of a clause that only prohibits, that says that it is narrowed."""
    was = [act.before.clause(_numbered(act, n) or "") for n in named.claim.numbers]
    effects = {rule.effect for clause in was if clause for rule in clause.rules}
    return named.claim.down_to and effects == {"forbid"}


def _finding(
    kind: Kind, id: str, clause: str | None, at: Span, words: tuple[str, ...], message: str
) -> Finding:
    title = say(f"finding.{kind.code}")
    return kind.found(id, message, title=title, clause=clause, at=at, words=words)


def _read(instrument: Instrument, title: str) -> Iterator[Claim]:
    return claims.read(title, instrument.language, heading=True)


def _numbered(act: Act, number: str) -> str | None:
    """The id of the clause of that number, before or after the instrument."""
    clauses = (*act.before.clauses, *act.after.clauses)
    return next((c.id for c in clauses if c.number == number), None)


def _in_new_title(act: Act, change: Change) -> Iterator[Named]:
    """The claims in the title of a clause that is replaced, unless it had that title, or inserted.

    An inserted clause may be about corrections and clarifications; a replaced one that is called so is one.
    """
    new = change.new
    was = act.before.clause(change.clause) if change.clause and change.verb == "replace" else None
    if new is None or (was is not None and was.title == new.title):
        return
    for claim in _read(act.instrument, new.title):
        if was is not None or claim.direction is Direction.FIRMER:
            yield Named(claim, new.id, new.at)
