"""The text in force at any moment, without a restart and without a gap.

- A dossier's texts are derived ahead: the one in force and the one that follows, so that a call at the very instant
  of effect is decided by the new text.
- An instrument counts from the moment that the gateway's own ledger gives it (`known`), whatever its signatures say.
- While the dossier cannot be relied on, or nothing is in force, no call is decided: an older text could permit what the
  files that cannot be read forbid. `guard` is asked on each look too, and raises while the clock is not believed.

    texts = TextSchedule(check)
    texts.take(dossier, {0: since}, now)   # raises nothing; `texts.fault` says what is wrong
    texts.at(now).decider.decide(facts)    # raises Unavailable when no text can be relied on
    texts.same(now, later)                 # whether one text is in force at both moments
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text
from avenant.agreement.consolidate import in_force, principles_of
from avenant.agreement.types import Clause, Digest, Dossier, InForce
from avenant.decide.decider import Decider
from avenant.errors import AvenantError, InputError, Unavailable
from avenant.instants import Instant
from avenant.languages import say
from avenant.vocabulary.types import Vocabulary

log = logging.getLogger(__name__)

Check = Callable[[InForce, Decider], None]

UNREADABLE = "text_unreadable"
_EVER = datetime.min.replace(tzinfo=UTC)


class ActiveText(Struct, frozen=True):
    """A text in force, ready to decide by."""

    text: InForce
    decider: Decider


class _Span(Struct, frozen=True):
    """An interval of one text, or of none; with what decides by it, where that was asked for."""

    since: Instant
    until: Instant | None
    text: InForce | None
    active: ActiveText | None = None

    def holds(self, now: Instant) -> bool:
        return self.since <= now and (self.until is None or now < self.until)

    @property
    def digest(self) -> Digest | None:
        return self.text.digest if self.text else None


class TextSchedule:
    """The texts of one dossier; `check` raises when a text must not be served."""

    def __init__(self, check: Check) -> None:
        self._check = _once(check)
        self._timeline: _Timeline | None = None
        self._ahead: tuple[_Span, ...] = ()
        self.fault: AvenantError | None = None
        self.guard: Callable[[], None] = _unguarded

    @property
    def aside(self) -> tuple[InputError, ...]:
        """What is wrong with public statements under the text: shown, and stopping nothing."""
        return self._timeline.aside if self._timeline else ()

    def at(self, now: Instant) -> ActiveText:
        """The text in force; Unavailable when there is none, or none that can be relied on."""
        if self.fault is not None or self._timeline is None:
            raise _as_clients_see(self.fault)
        self.guard()
        # The clock may have jumped over what was derived ahead.
        span = next((s for s in self._ahead if s.holds(now)), None) or self._timeline.served(now)
        if span.active is None:
            message = say("gateway.no-text")
            raise Unavailable("no_text_in_force", message, None, say("gateway.no-text-hint"))
        return span.active

    def same(self, one: Instant, other: Instant) -> bool:
        """Whether the same text, by its digest, is in force at both moments; False while none can be derived."""
        timeline = self._timeline
        try:
            return timeline is not None and (
                timeline.span(one).digest == timeline.span(other).digest
            )
        except AvenantError:
            return False

    def take(self, dossier: Dossier, effects: Mapping[int, Instant], now: Instant) -> bool:
        """Serve this dossier, its instruments counting from these moments; True when that changes anything."""
        known = self._timeline
        if known is None or dossier != known.dossier or effects != known.effects:
            known = _Timeline(dossier, dict(effects), self._check)
        elif self.fault is None:
            return self.refresh(now)
        return self._serve(known, now)

    def refresh(self, now: Instant) -> bool:
        """Derive ahead what time has brought near; True when another text is in force than before."""
        if self.fault is not None or self._timeline is None:
            return False
        if self._ahead and self._ahead[0].holds(now):
            return False
        return self._serve(self._timeline, now)

    def stop(self, fault: AvenantError) -> bool:
        """Decide no call until a dossier is taken again; True when that was not so already."""
        changed = self.fault is None or str(self.fault) != str(fault)
        self.fault = fault
        return changed

    def _serve(self, timeline: _Timeline, now: Instant) -> bool:
        try:
            current = timeline.served(now)
            ahead = (
                (current,) if current.until is None else (current, timeline.served(current.until))
            )
        except AvenantError as error:
            return self.stop(error)
        except Exception:
            # INVARIANT: what cannot be derived is not served by what was derived before.
            log.exception("deriving the texts of the dossier")
            return self.stop(Unavailable("internal", say("gateway.internal")))
        # Another thread may be deciding: the timeline is whole before anybody sees it.
        self._timeline, self._ahead, self.fault = timeline, ahead, None
        return True


class _Timeline:
    """All texts of a dossier whose instruments count from given moments, each derived when it is asked about."""

    def __init__(
        self,
        dossier: Dossier,
        effects: Mapping[int, Instant],
        check: Check,
    ) -> None:
        self.dossier, self.effects = dossier, effects
        self._check = check
        self._spans: list[_Span] = []
        self._actives: tuple[ActiveText, ...] = ()
        self.aside: tuple[InputError, ...] = ()

    def span(self, now: Instant) -> _Span:
        """The span at a moment."""
        found = next((span for span in self._spans if span.holds(now)), None)
        if found is None:
            found = self._derived(now)
            self._spans.append(found)
        return found

    def served(self, now: Instant) -> _Span:
        """The span at a moment, with what decides by its text."""
        span = self.span(now)
        return span if span.text is None else replace(span, active=self._active(span.text))

    def _derived(self, now: Instant) -> _Span:
        number = max((n for n, since in self.effects.items() if since <= now), default=None)
        if number is None:
            return _Span(_EVER, self.effects.get(0), None)
        text = in_force(self.dossier, number, self.effects, now)
        return _Span(text.since, text.until, text)

    def _active(self, text: InForce) -> ActiveText:
        known = next((active for active in self._actives if active.text == text), None)
        if known is None:
            principles, self.aside = _principles(self.dossier, text.vocabulary)
            known = ActiveText(text, Decider(compile_text(text, principles)))
            self._check(text, known.decider)
            self._actives = (*self._actives, known)
        return known


def _once(check: Check) -> Check:
    """The check of each text, by its digest, done once: a signature that is added changes no rule."""
    checked: set[Digest] = set()

    def once(text: InForce, decider: Decider) -> None:
        if text.digest not in checked:
            check(text, decider)
            checked.add(text.digest)

    return once


def _unguarded() -> None:
    """No clock to compare with."""


def _as_clients_see(fault: AvenantError | None) -> AvenantError:
    """The fault itself where a client may know it; else that the text cannot be read: the operator sees why."""
    if isinstance(fault, Unavailable):
        return fault
    message, hint = say("gateway.text-unreadable"), say("gateway.text-unreadable-hint")
    return Unavailable(UNREADABLE, message, None, hint)


def _principles(
    dossier: Dossier, vocabulary: Vocabulary
) -> tuple[list[tuple[str, Clause]], tuple[InputError, ...]]:
    """Return the principles of public statements, and the faults of those that cannot be read: they stop nothing."""
    principles: list[tuple[str, Clause]] = []
    faults: list[InputError] = []
    for statement in dossier.statements:
        try:
            principles += [(statement.id, c) for c in principles_of(statement, vocabulary)]
        except InputError as error:
            faults.append(error)
    return principles, tuple(faults)
