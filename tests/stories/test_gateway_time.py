"""Time at a real gateway: clocks that are turned, instruments that are dated back, heartbeats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from avenant.cli.app import run
from avenant.consent.keys import parse_private
from avenant.gateway.clock import moment
from avenant.gateway.confirm import signed_confirmation
from avenant.ledger.note import Signer
from avenant.ledger.verify import verify
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import MINUTE, OFFICE, TRANSLATION, Clocks, GatewayWorld, Served
from tests.parties import key

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

HOUR = timedelta(hours=1)
PERMITTED, REFUSED, STEPPED = (200, None), (403, "refused"), (503, "clock_stepped")


@pytest.fixture
def world(tmp_path: Path) -> GatewayWorld:
    """The sample since a month, with two connections."""
    since = datetime.now(UTC) - timedelta(days=30)
    world = GatewayWorld(tmp_path, since=since)
    for id, facts, chain in (("army", OFFICE, ("army",)), ("nsa", TRANSLATION, ("nsa",))):
        world.connect(id, facts, chain, until=since + timedelta(days=1000))
    return world


@pytest.fixture
def url() -> Iterator[str]:
    """A model server."""
    with FaultyUpstream() as upstream:
        yield upstream.url


def answered(gateway: Served, connection: str = "army") -> tuple[int, str | None]:
    """Status and code of one call."""
    answer = gateway.post(connection)
    return answer.status, answer.code


def admit(world: GatewayWorld, since: timedelta, until: timedelta, signed: timedelta) -> None:
    """Admit the excluded body for a period, by moments from now."""
    now = datetime.now(UTC)
    world.admit_nsa(now + since, now + until)
    world.sign(2, now + signed)


def steps(gateway: Served) -> list[tuple[str, bool]]:
    """What the ledger holds of its clock: step or confirmation, and whether calls were decided."""
    return [(r.body["event"], r.body.get("deciding", True)) for r in gateway.records("clock")]


def confirm(
    gateway: Served, world: GatewayWorld, step: str | None = None
) -> tuple[int, str | None]:
    """Confirm the clock with the ledger's key; status and code."""
    private = parse_private((world.path / "ledger" / "key").read_bytes(), None, None)
    signer = Signer("avenant.example/openai-dow", private)
    raw = signed_confirmation(signer, step or gateway.health()["clock"]["step"])
    answer = gateway.send("/v1/clock", raw)
    return answer.status, answer.code


def times(gateway: Served) -> list[datetime]:
    """The times of all records, which must not fall."""
    found = [record.at for record in gateway.records()]
    assert sorted(found) == found
    return [moment(at) for at in found]


def test_a_clock_set_back_reopens_nothing(world: GatewayWorld, url: str) -> None:
    """An admission that is over stays over when the clock is set back, and nothing is decided until it is confirmed."""
    admit(world, -9 * MINUTE, -5 * MINUTE, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        assert REFUSED == answered(gateway, "nsa")
        clocks.ahead = -7 * MINUTE
        assert STEPPED == answered(gateway, "nsa")
        assert STEPPED == answered(gateway, "army")
        assert ("clock_stepped", False) == (
            gateway.health()["status"],
            gateway.health()["clock"]["deciding"],
        )
        assert (200, None) == confirm(gateway, world)
        assert REFUSED == answered(gateway, "nsa")
        assert PERMITTED == answered(gateway, "army")
        assert [("step", False), ("confirm", True)] == steps(gateway)
        times(gateway)


def test_a_step_within_one_text_is_recorded_and_stops_nothing(
    world: GatewayWorld, url: str
) -> None:
    """With the same text at both readings a step is recorded once, calls go on, and the ledger's time is not moved."""
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        assert PERMITTED == answered(gateway)
        clocks.ahead = timedelta(days=365)
        assert PERMITTED == answered(gateway)
        assert PERMITTED == answered(gateway)
        assert [("step", True)] == steps(gateway)
        clocks.ahead = timedelta()
        assert PERMITTED == answered(gateway)
        assert datetime.now(UTC) - times(gateway)[-1] < MINUTE
        assert datetime.now(UTC) > times(gateway)[-1]


def test_a_clock_ahead_opens_no_admission(world: GatewayWorld, url: str) -> None:
    """A clock that jumps into an admission's period opens nothing; set right, it still waits for a confirmation."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        assert REFUSED == answered(gateway, "nsa")
        clocks.ahead = 90 * MINUTE
        assert STEPPED == answered(gateway, "nsa")
        clocks.ahead = timedelta()
        assert STEPPED == answered(gateway, "nsa")
        assert (200, None) == confirm(gateway, world)
        assert REFUSED == answered(gateway, "nsa")
        assert datetime.now(UTC) > times(gateway)[-1]


def test_an_unconfirmed_step_stops_at_the_next_change(world: GatewayWorld, url: str) -> None:
    """A step that stopped nothing does as soon as the text differs between the clock and what was expected."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        clocks.ahead = 30 * MINUTE
        assert REFUSED == answered(gateway, "nsa")
        clocks.passed = 40 * MINUTE
        assert STEPPED == answered(gateway, "nsa")
        assert [("step", True), ("step", False)] == steps(gateway)


def test_sleep_is_no_step(world: GatewayWorld, url: str) -> None:
    """A machine that sleeps for a day has not changed its clock: both clocks have gone on."""
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        clocks.passed = timedelta(days=1)
        assert PERMITTED == answered(gateway)
        assert [] == steps(gateway)


def test_a_stop_outlasts_a_restart(world: GatewayWorld, url: str) -> None:
    """Starting again is no confirmation, though the clock looks right to the new process."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        clocks.ahead = 90 * MINUTE
        assert STEPPED == answered(gateway)
    with world.serving_by(clocks, url) as gateway:
        assert STEPPED == answered(gateway)
        assert any("NOT SERVING" in line for line in gateway.told)
        clocks.ahead = timedelta()
        assert (200, None) == confirm(gateway, world)
        assert PERMITTED == answered(gateway)
    with world.serving_by(clocks, url) as gateway:
        assert PERMITTED == answered(gateway)


@pytest.mark.parametrize("ahead", [3 * HOUR, -3 * HOUR], ids=["after", "before"])
@pytest.mark.parametrize("same", [True, False], ids=["one-text", "two-texts"])
def test_a_start_far_from_the_last_record(
    world: GatewayWorld, url: str, ahead: timedelta, same: bool
) -> None:
    """A start hours after the last record, or before it, is a step: recorded, and a stop where the text differs."""
    if not same:
        admit(world, ahead - HOUR, ahead + HOUR, -10 * MINUTE if ahead > HOUR else ahead - HOUR)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        answered(gateway)
    clocks.ahead = ahead
    with world.serving_by(clocks, url) as gateway:
        assert (PERMITTED if same else STEPPED) == answered(gateway)
        assert [("step", same)] == steps(gateway)
        if not same:
            assert (200, None) == confirm(gateway, world)
            assert PERMITTED == answered(gateway)
        times(gateway)
    assert verify(world.path / "ledger" / "ledger.db").good


def test_a_ledger_that_began_ahead(world: GatewayWorld, url: str) -> None:
    """A ledger whose first record was a year ahead goes on; confirmed, its time stands still and nothing comes back."""
    clocks = Clocks(ahead=timedelta(days=365))
    with world.serving_by(clocks, url) as gateway:
        answered(gateway)
        first = times(gateway)[-1]
        clocks.ahead = timedelta()
        assert PERMITTED == answered(gateway)
        assert times(gateway)[-1] > first
        assert (200, None) == confirm(gateway, world)
        assert PERMITTED == answered(gateway)
        assert PERMITTED == answered(gateway)
        stood = times(gateway)[-1]
        assert stood == times(gateway)[-3]
        assert gateway.records("clock")[-1].body["shown"] < gateway.records("clock")[-1].at
    with world.serving_by(clocks, url) as gateway:
        assert PERMITTED == answered(gateway)
        assert [("step", True), ("confirm", True)] == steps(gateway)


def test_only_the_ledgers_key_confirms_and_only_one_step(world: GatewayWorld, url: str) -> None:
    """Another key, other bytes, a step that was answered and no step at all confirm nothing, and are not recorded."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        unknown = "00000000-0000-7000-8000-000000000000"
        assert (409, "clock_not_stepped") == confirm(gateway, world, unknown)
        clocks.ahead = 90 * MINUTE
        assert STEPPED == answered(gateway)
        step = gateway.health()["clock"]["step"]
        forged = signed_confirmation(Signer("avenant.example/openai-dow", key("officer")), step)
        answer = gateway.send("/v1/clock", forged)
        assert (403, "not_ledgers_key") == (answer.status, answer.code)
        assert 400 == gateway.send("/v1/clock", b"{}").status
        assert STEPPED == answered(gateway)
        clocks.ahead = timedelta()
        assert (200, None) == confirm(gateway, world, step)
        assert (409, "clock_not_stepped") == confirm(gateway, world, step)
        assert [("step", False), ("confirm", True)] == steps(gateway)


def test_a_heartbeat_each_hour(world: GatewayWorld, url: str) -> None:
    """A gateway that nobody calls records each hour that it runs, what its clock shows and what is in force."""
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        for count in (1, 2):
            clocks.passed += HOUR
            gateway.until(lambda: len(gateway.records("heartbeat")), count)
        beat = gateway.records("heartbeat")[-1]
        assert "openai-dow@1" == beat.body["text"]
        assert abs(beat.at - beat.body["shown"]) < 10**9
        assert [] == steps(gateway)


def test_an_admission_dated_back_changes_nothing_before_its_record(
    world: GatewayWorld, url: str
) -> None:
    """What is signed for the past counts from its record, and the record says by which date."""
    with world.serving_by(Clocks(), url) as gateway:
        assert REFUSED == answered(gateway, "nsa")
        admit(world, -5 * MINUTE, 5 * MINUTE, -6 * MINUTE)
        gateway.until(lambda: gateway.health()["text"], "openai-dow@2")
        assert PERMITTED == answered(gateway, "nsa")
        kept = gateway.records("instrument")
        assert ["signatures", "signatures", "record"] == [r.body["counts"] for r in kept]
        decisions = gateway.records("decision")
        assert ["refused", "permitted"] == [r.body["outcome"] for r in decisions]
        assert decisions[0].at < kept[2].at <= decisions[1].at
        since = datetime.fromisoformat(gateway.health()["since"])
        assert since == moment(kept[2].at)


def test_a_new_ledger_counts_what_was_agreed_by_its_signatures(
    world: GatewayWorld, url: str
) -> None:
    """Instruments agreed before a ledger first records their dossier count from the dates of their signers."""
    admit(world, -5 * MINUTE, 5 * MINUTE, -6 * MINUTE)
    with world.serving_by(Clocks(), url) as gateway:
        assert PERMITTED == answered(gateway, "nsa")
        assert {"signatures"} == {r.body["counts"] for r in gateway.records("instrument")}


# ---- the verbs


def operator(world: GatewayWorld) -> list[str]:
    """`--config` with the operator's settings in a file."""
    file = world.path / "avenant.yaml"
    file.write_text("ledger: {path: ./ledger}\n", "utf-8")
    return ["--config", str(file)]


def test_the_verb_confirms_at_a_running_gateway(
    world: GatewayWorld, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`avenant clock confirm --gateway URL` signs for the step that waits; a second time there is none."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    with world.serving_by(clocks, url) as gateway:
        clocks.ahead = 90 * MINUTE
        assert STEPPED == answered(gateway)
        confirm = ["clock", "confirm", *operator(world)]
        assert 2 == run(confirm)  # the ledger is held
        assert 0 == run([*confirm, "--gateway", gateway.url])
        assert "confirmed" in capsys.readouterr().out
        assert PERMITTED == answered(gateway, "nsa")
        assert 2 == run([*confirm, "--gateway", gateway.url])
        assert 2 == run([*confirm, "--gateway", url])
        assert 2 == run([*confirm, "--gateway", "http://127.0.0.1:9"])
        assert 2 == run([*confirm, "--gateway", "file:///etc/passwd"])


def test_the_verb_confirms_in_a_ledger_that_nobody_holds(world: GatewayWorld, url: str) -> None:
    """Without a gateway the confirmation is recorded in the ledger, and the next start goes by it."""
    admit(world, HOUR, 2 * HOUR, -10 * MINUTE)
    clocks = Clocks()
    confirm = ["clock", "confirm", *operator(world)]
    with world.serving_by(clocks, url) as gateway:
        clocks.ahead = 90 * MINUTE
        assert STEPPED == answered(gateway)
    assert 0 == run(confirm)
    assert 2 == run(confirm)
    clocks.ahead = timedelta()
    with world.serving_by(clocks, url) as gateway:
        assert PERMITTED == answered(gateway)
        assert [("step", False), ("confirm", True)] == steps(gateway)


def test_status_shows_both_dates(
    world: GatewayWorld, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a ledger `status` shows from when each instrument counts there; without, whose clocks it goes by."""
    with world.serving_by(Clocks(), url) as gateway:
        admit(world, -5 * MINUTE, 5 * MINUTE, -6 * MINUTE)
        gateway.until(lambda: gateway.health()["text"], "openai-dow@2")
        recorded = moment(gateway.records("instrument")[-1].at)
    ledger = ["--ledger", str(world.path / "ledger")]
    assert 0 == run(["status", str(world.dossier), *ledger, "--json"])
    found = json.loads(capsys.readouterr().out)["instruments"]
    assert [found[0]["since"], found[1]["since"]] == [found[0]["counts"], found[1]["counts"]]
    assert recorded == datetime.fromisoformat(found[2]["counts"])
    assert datetime.fromisoformat(found[2]["since"]) < recorded
    assert 0 == run(["status", str(world.dossier), *ledger])
    assert "by the ledger" in capsys.readouterr().out
    assert 0 == run(["status", str(world.dossier)])
    assert "by the signers' clocks" in capsys.readouterr().out
