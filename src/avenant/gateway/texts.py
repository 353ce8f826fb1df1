"""The text in force at any moment, without a restart and without a gap.

- A dossier's texts are derived ahead: the one in force and the one that follows, so that a call at the very instant
  of effect is decided by the new text.
- The dossier's files are looked at a few times a second; a change in them is read at once.
- While the dossier cannot be read, or nothing is in force, no call is decided: an older text could permit what the
  files that cannot be read forbid.

    texts = Texts(source, check)
    texts.refresh(now)                     # raises nothing; `texts.fault` says what is wrong
    texts.at(now).decider.decide(facts)    # raises Unavailable when no text can be relied on
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from avenant.agreement.consolidate import stated
from avenant.agreement.types import Dossier, InForce
from avenant.decide.decider import Decider
from avenant.errors import AvenantError, Unavailable
from avenant.instants import Instant
from avenant.messages import say

log = logging.getLogger(__name__)

Clock = Callable[[], int]  # nanoseconds since 1970, UTC
Stamp = tuple[tuple[str, int, int, int], ...]


def moment(ns: int) -> Instant:
    """The instant of a clock reading, to the microsecond below."""
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC) + timedelta(
        microseconds=ns // 1000 % 1_000_000
    )


class Source(Protocol):
    """Where a dossier's texts come from."""

    def stamp(self) -> Stamp:
        """What changes whenever a file of the dossier does."""

    def dossier(self) -> Dossier:
        """The dossier as it is now."""

    def in_force(self, dossier: Dossier, now: Instant) -> tuple[InForce | None, Instant | None]:
        """The text in force at a moment, and the next moment at which that changes."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A text in force, ready to decide by."""

    text: InForce
    decider: Decider


@dataclass(frozen=True, slots=True)
class _Interval:
    since: Instant
    until: Instant | None
    serving: Serving | None

    def holds(self, now: Instant) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


class Texts:
    """The texts of one dossier; `check` raises when a text must not be served."""

    def __init__(self, source: Source, check: Callable[[InForce, Decider], None]) -> None:
        self._source = source
        self._check = check
        self._stamp: Stamp | None = None
        self._dossier: Dossier | None = None
        self._ahead: tuple[_Interval, ...] = ()
        self.fault: AvenantError | None = None

    @property
    def dossier(self) -> Dossier | None:
        """The dossier as last read."""
        return self._dossier

    def at(self, now: Instant) -> Serving:
        """The text in force; Unavailable when there is none, or none that can be relied on."""
        if self.fault is not None:
            message = say("gateway.text-unreadable")
            raise Unavailable("text_unreadable", message, None, say("gateway.text-unreadable-hint"))
        interval = next((i for i in self._ahead if i.holds(now)), None)
        if interval is None:
            interval = self._derive(
                now, self._ahead
            )  # the clock has jumped over what was derived ahead
        if interval.serving is None:
            message = say("gateway.no-text")
            raise Unavailable("no_text_in_force", message, None, say("gateway.no-text-hint"))
        return interval.serving

    def refresh(self, now: Instant) -> bool:
        """Read the dossier if it has changed, and derive ahead; True when the texts are other ones than before."""
        try:
            stamp = self._source.stamp()
            known = self._ahead
            if stamp != self._stamp or self.fault is not None:
                self._dossier, known = self._source.dossier(), ()
            elif known and known[0].holds(now):
                return False
            current = self._derive(now, known)
            ahead: tuple[_Interval, ...] = (current,)
            if current.until is not None:
                ahead = (current, self._derive(current.until, known))
        except AvenantError as error:
            changed = self.fault is None or str(self.fault) != str(error)
            self.fault = error
            return changed
        except Exception:
            # INVARIANT: what cannot be derived is not served by what was derived before.
            log.exception("deriving the texts of the dossier")
            changed = self.fault is None
            self.fault = Unavailable("internal", say("gateway.internal"))
            return changed
        self._stamp, self._ahead, self.fault = stamp, ahead, None
        return True

    def _derive(self, now: Instant, ahead: tuple[_Interval, ...]) -> _Interval:
        if self._dossier is None:
            raise Unavailable("text_unreadable", say("gateway.text-unreadable"))
        text, until = self._source.in_force(self._dossier, now)
        if text is None:
            return _Interval(now, until, None)
        known = next((i.serving for i in ahead if i.serving and i.serving.text == text), None)
        if known is None:
            principles = stated(self._dossier, text.vocabulary)
            decider = Decider(text, [clause for _, clause in principles])
            self._check(text, decider)
            known = Serving(text, decider)
        return _Interval(min(now, text.since), until, known)
