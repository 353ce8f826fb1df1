"""What is in force when: the status of a dossier, its text, and the next moment at which that text changes.

    status(dossier, now)             # who signed, who is missing, what is in force since when
    text_in_force(dossier, now)      # what may be enforced; None when nothing is in force
    next_change(dossier, now)        # when to ask again, if no file changes before
    text_at(dossier, 1, None, now=now)      # what a reader asks about: `@1`, or what is in force on a date; or a draft

All verify the envelopes first and raise what is wrong with them (see `verify`). A dossier is a draft until instrument 0
has its quorum; a draft counts from its own dates, says that it is one, and is never enforced.
"""

from __future__ import annotations

from collections.abc import Callable

from avenant.agreement import consolidate
from avenant.agreement.consolidate import every_interval, in_force
from avenant.agreement.types import Dossier, InForce, Instrument
from avenant.consent.effect import agreed, effect, lacking
from avenant.consent.faults import fault, refusal
from avenant.consent.types import InstrumentStatus, State, Status
from avenant.consent.verify import signatures
from avenant.errors import Span
from avenant.instants import Instant, shown


def status(dossier: Dossier, now: Instant) -> Status:
    """The status of every instrument at `now`; raises InputError, all at once, where the envelopes do not hold."""
    signed = signatures(dossier, now)
    parties = dossier.instruments[0].parties
    moments = [agreed(parties, signed[i.number]) for i in dossier.instruments]
    since: list[Instant] = []
    for instrument, moment in zip(dossier.instruments, moments, strict=True):
        since.append(effect(instrument.effective, since[-1] if since else None, moment))
    # INVARIANT: signatures come in order, so the agreed instruments are the first ones, and effects never go back.
    count = sum(moment is not None for moment in moments)
    current = max((n for n in range(count) if since[n] <= now), default=None)

    def state(number: int) -> State:
        if number < count:
            if current is None or number > current:
                return State.AGREED
            return State.IN_FORCE if number == current else State.SUPERSEDED
        return State.PENDING if signed[number] else State.DRAFT

    return Status(
        agreement=dossier.instruments[0].agreement,
        at=now,
        draft=count == 0,
        in_force=current,
        instruments=tuple(
            InstrumentStatus(
                number=n,
                kind=instrument.kind,
                title=instrument.title,
                file=instrument.file,
                digest=instrument.digest,
                state=state(n),
                signatures=signed[n],
                lacking=lacking(parties, signed[n]),
                agreed=moments[n],
                since=since[n],
                until=since[n + 1] if n + 1 < count else None,
            )
            for n, instrument in enumerate(dossier.instruments)
        ),
    )


def text_in_force(dossier: Dossier, now: Instant) -> InForce | None:
    """The text that binds at `now`, or None. Drafts never do."""
    return _binding(dossier, status(dossier, now), now)


def next_change(dossier: Dossier, now: Instant) -> Instant | None:
    """The first moment after `now` at which the text in force changes by what is agreed already.

    The next instrument's effect, or the end of an interval of the text: an admission's period, a rule's dates.
    """
    known = status(dossier, now)
    moments = [i.since for i in known.instruments if i.complete]
    text = _binding(dossier, known, now)
    if text is not None and text.until is not None:
        moments.append(text.until)
    return min((moment for moment in moments if moment > now), default=None)


def text_at(dossier: Dossier, number: int | None, on: Instant | None, *, now: Instant) -> InForce:
    """The text that a reader means by `DOSSIER[@N]`, on a date or without one, by what is known now.

    With a number, the text after that instrument, at its effect unless `on` says otherwise, superseded or not; a draft
    when the instrument is not agreed. Without, the text in force at `on`, by default now; of a draft, the one that
    counts from its own dates, or is still to count. Raises InputError `nothing-in-force` when there is none.
    """
    known = status(dossier, now)
    if number is not None:
        draft = not require_number(known, number).complete
        return in_force(dossier, number, _effects(known, draft=draft), on, draft=draft)
    effects = _effects(known, draft=known.draft)
    if known.draft and on is None and all(since > now for since in effects.values()):
        last = max(
            effects
        )  # nobody is bound by it yet; whoever names no date means what is being written
        return in_force(dossier, last, effects, draft=True)
    on = now if on is None else on
    started = [n for n, since in effects.items() if since <= on]
    if not started:
        first = known.instruments[0]
        at, since = Span(first.file, 1), shown(first.since)
        raise fault("nothing-in-force", at, on=shown(on), since=since, id=known.agreement)
    return in_force(dossier, started[-1], effects, on, draft=known.draft)


def texts_beside(dossier: Dossier, text: InForce, now: Instant) -> tuple[InForce, ...]:
    """The same text in its other intervals between dates of change."""
    effects = _effects(status(dossier, now), draft=text.draft)
    texts = every_interval(dossier, text.number, effects, text.draft)
    return tuple(other for other in texts if other.since != text.since)


def trying(
    dossier: Dossier, number: int, now: Instant
) -> Callable[[Instrument], tuple[InForce, ...]]:
    """What consolidates one unsigned amendment after another to the text after an instrument."""
    return consolidate.trying(dossier, number, _effects(status(dossier, now), draft=True))


def require_number(known: Status, number: int) -> InstrumentStatus:
    """The instrument of that number; Refused `no-such-number` says which there are."""
    last = len(known.instruments) - 1
    if not 0 <= number <= last:
        raise refusal("no-such-number", None, number=number, agreement=known.agreement, last=last)
    return known.instruments[number]


def require_agreed(known: Status, number: int) -> InstrumentStatus:
    """The instrument, once its quorum is complete; Refused `no-quorum` or `one-party-twice` says who is missing."""
    chosen = known.instruments[number]
    if chosen.complete:
        return chosen
    missing = ", ".join(who.party for who in chosen.lacking)
    signers = [signature.party for signature in chosen.signatures]
    twice = next((party for party in signers if signers.count(party) > 1), None)
    if twice is None or any(who.party == twice for who in chosen.lacking):
        raise refusal("no-quorum", Span(chosen.file, 1), missing=missing)
    count = signers.count(twice)
    raise refusal(
        "one-party-twice", Span(chosen.file, 1), party=twice, count=count, missing=missing
    )


def _binding(dossier: Dossier, known: Status, now: Instant) -> InForce | None:
    if known.in_force is None:
        return None
    return in_force(dossier, known.in_force, _effects(known, draft=False), now, draft=False)


def _effects(known: Status, *, draft: bool) -> dict[int, Instant]:
    """The effects that count: of agreed instruments, for a draft of all; a draft never ends what is in force."""
    return {i.number: i.since for i in known.instruments if draft or i.complete}
