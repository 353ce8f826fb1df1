"""The gateway's time: which clock is believed, and what happens when the clock steps.

Three clocks are read: the wall clock, the boot clock (`CLOCK_BOOTTIME`: it counts sleep, and nobody sets it), and the
time of the ledger's last record, which never goes back.

- The wall clock may differ from the boot clock, since the start or the last confirmation, by 5 s and 500 ppm of the
  time passed. While it does not, a call is decided and recorded at the later of wall clock and ledger.
- Beyond that the clock has *stepped*. The boot clock then says which time was expected, and calls go by that: a wrong
  clock never moves the ledger. They are decided only while the text in force is the same at both readings. The step is
  recorded once. Where the texts differ, no call is decided until somebody confirms the clock.
- A start more than two hours after the ledger's last record, or before it, is a step between that record and the clock.
- A confirmation is recorded and never lowers the ledger's time. A step that stopped the calls outlasts a restart.

    keeper = Timekeeper(time.time_ns, boot_clock, lambda: ledger.last, ledger.put)
    keeper.start(history, texts.same)
    keeper.watch(texts.same)               # raises Unavailable `clock_stepped` while no call may be decided
    now = keeper()                         # nanoseconds since 1970: what decides, and what the record bears
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from avenant.errors import Refused, Unavailable
from avenant.instants import Instant, shown, written
from avenant.languages import say
from avenant.ledger.record import Record

Clock = Callable[[], int]  # nanoseconds; of the wall clock, since 1970 in UTC
Same = Callable[[Instant, Instant], bool]  # whether one text is in force at both moments
Keep = Callable[["Event"], UUID]  # hands a record to the ledger, and returns its id

SECOND = 1_000_000_000
SLACK = 5 * SECOND
PPM = 500  # what a quartz clock gains or loses at worst, and what the kernel slews at most
HOUR = 3600 * SECOND
GAP = 2 * HOUR  # a gateway that runs records a heartbeat each hour


def moment(ns: int) -> Instant:
    """The instant of a clock reading, to the microsecond below."""
    return datetime.fromtimestamp(ns // SECOND, UTC) + timedelta(
        microseconds=ns // 1000 % 1_000_000
    )


def boot_clock() -> int:
    """Nanoseconds since the machine started, sleep counted (Linux; `clock_gettime(2)`)."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Anchor(Struct, frozen=True):
    """A moment at which the wall clock was believed: both clocks' readings, in ns."""

    wall: int
    boot: int

    def expected(self, boot: int) -> int:
        """What the wall clock should show when the boot clock shows this."""
        return self.wall + boot - self.boot

    def holds(self, now: Anchor) -> bool:
        """Whether the wall clock shows what it should, give or take what is allowed."""
        allowed = SLACK + abs(now.boot - self.boot) * PPM // 1_000_000
        return abs(now.wall - self.expected(now.boot)) <= allowed


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of a `clock` record; `shown` and `expected` in ns since 1970.

    `step`: the clock shows another time than expected, and whether calls are still decided. `confirm`: somebody who
    holds the ledger's key says that the clock is right; `step` is the id of the record that this answers.
    """

    event: str  # step | confirm
    shown: int
    expected: int
    deciding: bool = True
    at_start: bool = False
    step: str | None = None


class History(Struct, frozen=True):
    """What a ledger says of its clock: its last record's time, and the last step and confirmation in it."""

    last: int | None  # None: an empty ledger
    stopped: tuple[UUID, Event] | None = (
        None  # a step that stopped the calls and was never confirmed
    )
    confirmed: Event | None = None


def history(last: int | None, records: Iterable[Record]) -> History:
    """Read the clock's history from a ledger's records in their order; other kinds are passed over."""
    stopped: tuple[UUID, Event] | None = None
    confirmed: Event | None = None
    for record in records:
        if record.kind != "clock":
            continue
        event = msgspec.convert(record.body, Event)
        if event.event == "confirm":
            stopped, confirmed = None, event
        elif not event.deciding:
            stopped = record.id, event
    return History(last, stopped, confirmed)


def believed_at_start(past: History, wall: int) -> bool:
    """Whether a start at this reading needs no look at the texts: it follows the last record by two hours at most.

    A clock that was confirmed while it was behind the ledger is believed until it has caught up with it.
    """
    if past.last is None or past.last - SLACK <= wall <= past.last + GAP:
        return True
    return past.confirmed is not None and past.confirmed.shown <= wall < past.last


class Timekeeper:
    """Tells the time to all of a gateway, and notices when the clock steps. Used by one thread."""

    def __init__(self, wall: Clock, boot: Clock, last: Clock, keep: Keep) -> None:
        self._wall, self._boot, self._last, self._keep = wall, boot, last, keep
        self._anchor = Anchor(wall(), boot())
        self._step: tuple[UUID, Event] | None = (
            None  # the last one recorded, until the clock holds again
        )
        self.stopped: tuple[UUID, Event] | None = None

    def __call__(self) -> int:
        """The time that decides and is recorded: by the wall clock while it is believed, and never back."""
        now = self.readings()
        believed = self.stopped is None and self._anchor.holds(now)
        return max(now.wall if believed else self._anchor.expected(now.boot), self._last())

    @property
    def step(self) -> tuple[UUID, Event] | None:
        """The step that waits for a confirmation: its record's id, and what it says."""
        return self.stopped or self._step

    def shown(self) -> dict[str, object]:
        """What `/health` says of the clocks: both as instants, and the step that waits for a confirmation."""
        step = self.step
        return {
            "time": written(moment(self())),
            "shown": written(moment(self._wall())),
            "deciding": self.stopped is None,
            "step": None if step is None else str(step[0]),
        }

    def readings(self) -> Anchor:
        """What the wall clock and the boot clock show now."""
        return Anchor(self._wall(), self._boot())

    def start(self, past: History, same: Same) -> None:
        """Take the clock of a start: believed, or recorded as a step."""
        now = self.readings()
        self._anchor, self.stopped = now, past.stopped
        if past.last is None:
            return
        if self.stopped is None and not believed_at_start(past, now.wall):
            self._note(now.wall, past.last, same, at_start=True)
        if self.stopped is not None or (self._step and now.wall < past.last):
            self._anchor = Anchor(past.last, now.boot)

    def watch(self, same: Same) -> None:
        """Compare the clocks; raises Unavailable `clock_stepped` while no call may be decided."""
        if self.stopped is None:
            now = self.readings()
            if self._anchor.holds(now):
                self._step = None
                return
            self._note(now.wall, self._anchor.expected(now.boot), same)
        if self.stopped is not None:
            raise stepped(self.stopped[1])

    def confirmation(self, step: str) -> tuple[Event, Anchor]:
        """The record that confirms the clock as it is now, and what to `believe` once it is kept.

        `step` is the id of the record that it answers; raises Refused `clock_not_stepped` when another waits, or none.
        """
        if self.step is None or str(self.step[0]) != step:
            hint = say("gateway.clock-not-stepped-hint")
            raise Refused("clock_not_stepped", say("gateway.clock-not-stepped"), None, hint)
        now = self.readings()
        return Event("confirm", now.wall, self._anchor.expected(now.boot), step=step), now

    def believe(self, anchor: Anchor) -> None:
        """Go by the wall clock again; what the ledger has recorded stays the least that is counted."""
        self._anchor, self._step, self.stopped = anchor, None, None

    def forget(self, step: UUID) -> None:
        """Notice a step anew: the ledger could not keep its record."""
        if self.step is not None and self.step[0] == step:
            self._step = self.stopped = None

    def _note(self, wall: int, expected: int, same: Same, *, at_start: bool = False) -> None:
        """Record a step, once; stop where the text is not the same at both readings."""
        deciding = same(moment(wall), moment(expected))
        if deciding and self._step and not _moved(self._step[1], wall, expected):
            return
        event = Event("step", wall, expected, deciding, at_start)
        self._step = self._keep(event), event
        if not deciding:
            self.stopped = self._step


def _moved(known: Event, wall: int, expected: int) -> bool:
    """Whether the clock has stepped again since a step was recorded."""
    return abs((wall - expected) - (known.shown - known.expected)) > SLACK


def stepped(event: Event) -> Unavailable:
    """The error of every call while the clock waits to be confirmed."""
    values = {"shown": shown(moment(event.shown)), "expected": shown(moment(event.expected))}
    hint = say("gateway.clock-stepped-hint")
    return Unavailable("clock_stepped", say("gateway.clock-stepped", **values), None, hint)
