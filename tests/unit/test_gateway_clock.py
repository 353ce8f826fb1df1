"""The rules of the clock, and what a ledger knows: pure functions, and clocks under the test's hand."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avenant.consent.effect import for_deciding
from avenant.consent.types import InstrumentStatus, State, Status
from avenant.errors import Refused, Unavailable
from avenant.gateway.clock import (
    GAP,
    SECOND,
    SLACK,
    Anchor,
    Event,
    History,
    Timekeeper,
    believed_at_start,
    history,
    moment,
)
from avenant.gateway.known import (
    KnownInstrument,
    Lack,
    effects,
    known_of,
    lacks,
    rolled_back,
    unrecorded,
)
from avenant.instants import Instant
from avenant.ledger.record import Record, content_id, seal
from tests.depth import times

HOUR = 3600 * SECOND
NOW = 1_800_000_000 * SECOND
CHANGE = NOW + HOUR  # the text changes here


@dataclass
class Hands:
    """Two clocks, a ledger's last time, and the events that were handed to it."""

    wall: int = NOW
    boot: int = 7 * HOUR
    last: int = 0
    kept: list[tuple[UUID, Event]] = field(default_factory=list)

    def keeper(self) -> Timekeeper:
        """A timekeeper that goes by them."""
        return Timekeeper(lambda: self.wall, lambda: self.boot, lambda: self.last, self.keep)

    def keep(self, event: Event) -> UUID:
        """Take an event, as a ledger does."""
        self.kept.append((uuid4(), event))
        return self.kept[-1][0]

    def record(self, keeper: Timekeeper) -> int:
        """A record at the keeper's time."""
        self.last = max(self.last, keeper())
        return self.last

    def go(self, period: int, ahead: int = 0) -> None:
        """Time passes; the wall clock gains `ahead` besides."""
        self.boot += period
        self.wall += period + ahead

    @property
    def said(self) -> list[tuple[str, bool]]:
        """What was recorded: each event, and whether calls were decided."""
        return [(event.event, event.deciding) for _, event in self.kept]


def same(one: Instant, other: Instant) -> bool:
    """One text before `CHANGE`, another from it on."""
    return (one < moment(CHANGE)) == (other < moment(CHANGE))


@pytest.mark.parametrize(
    ("passed", "ahead", "holds"),
    [
        (0, 5 * SECOND, True),
        (0, 5 * SECOND + 1, False),
        (0, -5 * SECOND, True),
        (0, -5 * SECOND - 1, False),
        (1000 * SECOND, 5 * SECOND + SECOND // 2, True),
        (1000 * SECOND, 5 * SECOND + SECOND // 2 + 1, False),
        (30 * 24 * HOUR, 21 * 60 * SECOND, True),
    ],
)
def test_five_seconds_and_500_ppm(passed: int, ahead: int, holds: bool) -> None:
    """The wall clock may differ from the boot clock by 5 s and by half a millisecond a second, and by no more."""
    anchor = Anchor(NOW, 0)
    assert holds == anchor.holds(Anchor(NOW + passed + ahead, passed))


@pytest.mark.parametrize(
    ("last", "confirmed", "believed"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW - GAP, None, True),
        (NOW - GAP - 1, None, False),
        (NOW + SLACK, None, True),
        (NOW + SLACK + 1, None, False),
        (NOW + HOUR, NOW - 1, True),
        (NOW + HOUR, NOW + 1, False),
        (NOW - GAP - 1, NOW - GAP - 2, False),
    ],
)
def test_which_start_is_believed(last: int | None, confirmed: int | None, believed: bool) -> None:
    """A start up to two hours after the last record is; one before it only where that was confirmed."""
    event = None if confirmed is None else Event("confirm", confirmed, NOW)
    assert believed == believed_at_start(History(last, None, event), NOW)


def test_time_is_the_later_of_clock_and_ledger() -> None:
    """While the clock is believed its reading counts, unless the ledger has recorded a later one."""
    hands = Hands()
    keeper = hands.keeper()
    assert NOW == keeper()
    hands.last = NOW + 3 * SECOND
    assert NOW + 3 * SECOND == keeper()


def test_a_step_is_recorded_once_and_again_when_the_clock_steps_again() -> None:
    """However often the clocks are looked at, a step is one record; another step is another."""
    hands = Hands()
    keeper = hands.keeper()
    hands.go(0, -HOUR)
    for _ in range(3):
        keeper.watch(same)
    assert [("step", True)] == hands.said
    hands.go(0, -HOUR)
    keeper.watch(same)
    assert [("step", True)] * 2 == hands.said
    hands.go(0, 2 * HOUR)
    keeper.watch(same)
    assert keeper.step is None


@pytest.mark.parametrize("ahead", [-9000 * HOUR, -HOUR, HOUR // 2])
def test_while_stepped_the_boot_clock_says_what_time_it_is(ahead: int) -> None:
    """A clock that is ahead does not move the ledger's time, and one that is behind does not hold it up."""
    hands = Hands()
    keeper = hands.keeper()
    hands.record(keeper)
    hands.go(0, ahead)
    keeper.watch(same)
    assert NOW == hands.record(keeper)
    hands.go(20 * 60 * SECOND)
    assert NOW + 20 * 60 * SECOND == hands.record(keeper)


def test_a_stop_outlasts_a_restart() -> None:
    """A start finds the step that stopped the calls in its ledger, and goes on to decide none."""
    hands = Hands(last=NOW)
    stop = Event("step", NOW + 2 * HOUR, NOW, deciding=False)
    keeper = hands.keeper()
    keeper.start(history(NOW, records(stop)), same)
    with pytest.raises(Unavailable):
        keeper.watch(same)
    assert [] == hands.kept


def test_a_step_that_could_not_be_kept_is_noticed_anew() -> None:
    """A step whose record is lost is recorded at the next look, stopped or not."""
    for ahead, deciding in ((-HOUR, True), (2 * HOUR, False)):
        hands = Hands()
        keeper = hands.keeper()
        hands.go(0, ahead)
        for _ in range(2):
            with contextlib.suppress(Unavailable):
                keeper.watch(same)
            keeper.forget(hands.kept[-1][0])
        assert [("step", deciding)] * 2 == hands.said


def test_a_confirmation_names_its_step_and_is_history() -> None:
    """Confirmed, the clock is believed; a restart that reads the ledger knows of the stop and of its end."""
    hands = Hands()
    keeper = hands.keeper()
    hands.record(keeper)
    hands.go(0, 2 * HOUR)
    with pytest.raises(Unavailable):
        keeper.watch(same)
    (id, step) = hands.kept[-1]
    with pytest.raises(Refused):
        keeper.confirmation(str(uuid4()))
    assert step == step_of(step)
    event, anchor = keeper.confirmation(str(id))
    keeper.believe(anchor)
    keeper.watch(same)
    assert (NOW + 2 * HOUR, str(id)) == (event.shown, event.step)
    past = history(hands.last, records(step, event))
    assert (None, event) == (past.stopped, past.confirmed)


def records(*events: Event) -> list[Record]:
    """A ledger's records of these events."""
    bodies = [msgspec.to_builtins(event) for event in events]
    return [Record.parse(seal(content_id(body), "clock", NOW, body).record) for body in bodies]


def step_of(event: Event) -> Event | None:
    """The step that a ledger with this event alone is stopped by."""
    stopped = history(NOW, records(event)).stopped
    return stopped[1] if stopped else None


moves = st.lists(
    st.tuples(
        st.integers(0, 3 * HOUR),
        st.sampled_from([0, 0, 0, SECOND, -SECOND, 6 * SECOND, HOUR, -HOUR, 9000 * HOUR]),
        st.sampled_from(["call", "call", "call", "confirm", "restart"]),
    ),
    max_size=12,
)


@settings(max_examples=times(300))
@given(moves)
def test_whatever_the_clock_does_nothing_reopens(turns: list[tuple[int, int, str]]) -> None:
    """Over random steps, confirmations and restarts time never falls, and what the text has left stays left.

    Until a restart or a confirmation, a call is decided by the text of the time that the boot clock says, give or take
    what is allowed, or of the ledger's later time.
    """
    hands = Hands()
    keeper = hands.keeper()
    anchor: Anchor | None = keeper.readings()
    changed = False
    for period, ahead, then in turns:
        hands.go(period, ahead)
        if then == "confirm" and keeper.step is not None:
            event, anchor = keeper.confirmation(str(keeper.step[0]))
            hands.last = max(hands.last, event.shown)
            keeper.believe(anchor)
        elif then == "restart":
            stopped, keeper, anchor = keeper.stopped, hands.keeper(), None
            keeper.start(History(hands.last or None, stopped), same)
        try:
            keeper.watch(same)
            decided = True
        except Unavailable:
            decided = False
        now, before = keeper(), hands.last
        assert now >= before
        hands.last = now
        if not decided:
            continue
        assert not (changed and now < CHANGE)
        changed = now >= CHANGE
        if anchor is not None and now != before:
            expected = anchor.expected(hands.boot)
            assert same(moment(now), moment(expected)) or anchor.holds(Anchor(now, hands.boot))


# ---- what a ledger knows


T0 = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def instrument(number: int, since: Instant, counts: str, at: Instant, digest: str = "a") -> Record:
    """An `instrument` record."""
    body = {
        "agreement": "town",
        "number": number,
        "instrument": "amendment",
        "digest": f"sha256:{digest * 64}",
        "since": since.isoformat().replace("+00:00", "Z"),
        "counts": counts,
        "files": {
            f"{number}-amendment.md": "sha256:b",
            f"signatures/{number}.dsse.json": "sha256:c",
        },
    }
    ns = int(at.timestamp()) * SECOND
    return Record.parse(seal(content_id(body), "instrument", ns, body).record)


def shown(number: int, *, complete: bool = True, digest: str = "a") -> InstrumentStatus:
    """An instrument as the folder shows it."""
    agreed = T0 if complete else None
    return InstrumentStatus(
        number, "amendment", "", "", f"sha256:{digest * 64}", State.AGREED, (), (), agreed, T0, None
    )


def test_from_when_an_instrument_counts() -> None:
    """By its signatures where the dossier was new to the ledger, else not before its record."""
    known = known_of(
        [
            instrument(0, T0, "signatures", T0 + 9 * DAY),
            instrument(1, T0 + DAY, "record", T0 + 9 * DAY),
            instrument(2, T0 + 20 * DAY, "record", T0 + 9 * DAY),
        ]
    )
    assert {0: T0, 1: T0 + 9 * DAY, 2: T0 + 20 * DAY} == effects(known)
    assert T0 + DAY == for_deciding(T0 + DAY, None)


def test_of_two_of_a_number_the_first_counts() -> None:
    """The ledger's order decides, not the signers' dates; another agreement's are its own."""
    first, second = (instrument(0, T0, "record", T0 + n * DAY, "ab"[n]) for n in (0, 1))
    assert [f"sha256:{'a' * 64}"] == [i.digest for i in known_of([first, second], "town")]
    assert () == known_of([first], "city")


def test_what_a_folder_lacks() -> None:
    """An instrument that is not agreed in the folder, or has other bytes, is lacking, with the file that is missing."""
    known: tuple[KnownInstrument, ...] = known_of(
        [instrument(n, T0, "signatures", T0) for n in (0, 1)]
    )
    assert () == lacks(known, [shown(0), shown(1)], lambda *_: True)
    assert [(1, None)] == numbers(lacks(known, [shown(0)], lambda *_: False))
    assert [(1, "1-amendment.md")] == numbers(
        lacks(known, [shown(0), shown(1, complete=False)], lambda *_: True)
    )
    gone = lacks(known, [shown(0, digest="f"), shown(1)], lambda name, _: "/" in name)
    assert [(0, "signatures/0.dsse.json")] == numbers(gone)
    assert "dossier_rolled_back" == rolled_back(gone[0]).code


def numbers(found: tuple[Lack, ...]) -> list[tuple[int, str | None]]:
    """Number and file of each."""
    return [(lack.number, lack.file) for lack in found]


def test_an_instrument_is_recorded_once() -> None:
    """What is known by its number is not recorded again; what is not agreed is not recorded at all."""
    known = known_of([instrument(0, T0, "signatures", T0)])
    instruments = (shown(0), shown(1), shown(2, complete=False))
    status = Status("town", T0, False, 0, instruments)
    assert [1] == [i.number for i in unrecorded(known, status)]
