"""An outcome that could not be written: what the caller is told meanwhile, and what is recorded in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avenant.ledger.verify import verify
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, Served
from tests.stories.test_ledger_lost import ask, ledger, post, until

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

Answer = tuple[int, str | None]


class Meanwhile(FaultyUpstream):
    """A model server while whose answer something happens, once."""

    meanwhile: Callable[[], object] | None = None

    @property
    def mode(self) -> str:
        """What it does; asked for each request, before its answer."""
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self._mode = mode


@pytest.fixture
def upstream() -> Iterator[Meanwhile]:
    """A model server that answers."""
    with Meanwhile() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path) -> GatewayWorld:
    """The sample in force, with one connection."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    return world


def away(world: GatewayWorld) -> None:
    """Move the ledger's folder away."""
    ledger(world).parent.rename(world.path / "elsewhere")


def back(world: GatewayWorld) -> None:
    """Put it back."""
    (world.path / "elsewhere").rename(ledger(world).parent)


def ended(gateway: Served, count: int = 1) -> list[dict[str, Any]]:
    """The bodies of the outcomes, once there are so many."""
    return [record.body for record in gateway.ended(count)]


def test_back_in_time_the_caller_gets_the_answer(world: GatewayWorld, upstream: Meanwhile) -> None:
    """When the ledger is back within two seconds, the answer is given, and recorded as given."""
    with world.serving(upstream.url) as gateway:

        def happens() -> None:
            away(world)
            threading.Timer(0.5, back, (world,)).start()

        upstream.meanwhile = happens
        assert (200, None) == post(gateway)
        (outcome,) = ended(gateway)
        assert ("permitted", None, 200) == (
            outcome["outcome"],
            outcome["reason"],
            outcome["status"],
        )
    assert () == verify(ledger(world), ended=True).problems


def test_too_late_the_record_says_what_happened(world: GatewayWorld, upstream: Meanwhile) -> None:
    """When it is not, the caller is answered 503, and that is recorded once the ledger is back, with the usage."""
    with world.serving(upstream.url) as gateway:
        upstream.meanwhile = lambda: away(world)
        assert (503, "ledger_unavailable") == post(gateway)
        back(world)
        until(gateway, 200)
        (outcome,) = ended(gateway)
        assert ("failed", "ledger_unavailable", 503) == (
            outcome["outcome"],
            outcome["reason"],
            outcome["status"],
        )
        assert 2 == outcome["usage"]["total_tokens"]
        assert (200, None) == post(gateway)
        assert not list((world.path / "ledger.state").glob("*.outcomes"))
    assert () == verify(ledger(world), ended=True).problems


def test_the_next_start_knows_it(world: GatewayWorld, upstream: Meanwhile) -> None:
    """When the gateway stops before the ledger is back, the next start ends the call as what it was."""
    with world.serving(upstream.url) as gateway:
        upstream.meanwhile = lambda: away(world)
        assert (503, "ledger_unavailable") == post(gateway)
    back(world)
    with world.serving(upstream.url) as gateway:
        (outcome,) = ended(gateway)
        assert ("failed", "ledger_unavailable") == (outcome["outcome"], outcome["reason"])
    with world.serving(upstream.url) as gateway:
        assert 1 == len(gateway.records("outcome"))
    assert () == verify(ledger(world), ended=True).problems


def test_many_at_once(world: GatewayWorld, upstream: Meanwhile) -> None:
    """Of many calls under way when the ledger goes, each has its one outcome in the end, and none is `interrupted`."""
    with world.serving(upstream.url) as gateway:
        answers: list[Answer] = []
        stop = threading.Event()

        def call() -> None:
            while not stop.is_set():
                answers.append(post(gateway))

        callers = [threading.Thread(target=call) for _ in range(8)]
        for caller in callers:
            caller.start()
        for pause in (0.3, 0.6, 2.5):
            time.sleep(0.5)
            away(world)
            time.sleep(pause)
            back(world)
        time.sleep(0.5)
        stop.set()
        for caller in callers:
            caller.join()
        until(gateway, 200)
        decisions = gateway.records("decision")
        outcomes = ended(gateway, len(decisions))
        assert sorted(str(d.id) for d in decisions) == sorted(o["decision"] for o in outcomes)
        assert "interrupted" not in {outcome["reason"] for outcome in outcomes}
        given = sum(answer == (200, None) for answer in answers)
        # A commit that was not confirmed may be there all the same: more may be recorded as given than was.
        assert given <= sum(outcome["outcome"] == "permitted" for outcome in outcomes)
        assert {(200, None), (503, "ledger_unavailable")} == set(answers)
    assert () == verify(ledger(world), ended=True).problems


# A gateway that, after SIGUSR2, may write nowhere beyond the first pages of a file: SQLite meets a full disk. SIGUSR1
# makes room.
SERVER = """
import resource, signal, sys
from avenant.cli.app import run

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)

def limit(signum, frame):
    size = 8_192 if signum == signal.SIGUSR2 else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))

signal.signal(signal.SIGUSR1, limit)
signal.signal(signal.SIGUSR2, limit)
sys.exit(run(sys.argv[1:]))
"""


def test_a_full_disk(world: GatewayWorld, upstream: Meanwhile) -> None:
    """A gateway on a full disk answers 503 and says so; with room again it serves, no record lost or doubled."""
    config = world.path / "avenant.yaml"
    config.write_text(f"listen: 127.0.0.1:0\nupstream: {upstream.url}\n")
    command = ["serve", str(world.dossier), "--config", str(config)]
    gateway = subprocess.Popen(
        [sys.executable, "-c", SERVER, *command],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert gateway.stdout is not None
    try:
        port = next(
            int(line.rsplit(":", 1)[1].split("/")[0])
            for line in gateway.stdout
            if "listening" in line
        )
        served: Any = type("Port", (), {"port": port})
        answers = [post(served) for _ in range(5)]
        gateway.send_signal(signal.SIGUSR2)
        while answers[-1][0] == 200 and len(answers) < 400:
            answers.append(post(served))
        assert (503, "ledger_unavailable") == answers[-1]
        assert until(served, 503)["status"].startswith("ledger_")
        asked = len(upstream.requests)
        answers.append(post(served))
        assert asked == len(upstream.requests)
        gateway.send_signal(signal.SIGUSR1)
        until(served, 200)
        answers.append(post(served))
        assert (200, None) == answers[-1]
        assert "serving" == ask(served, "GET", "/health")[1]["status"]
    finally:
        gateway.terminate()
        gateway.wait(20)
        gateway.stdout.close()
    verified = verify(ledger(world), ended=True)
    assert () == verified.problems
    given = sum(answer == (200, None) for answer in answers)
    assert given <= verified.counts["decision"] <= len(answers)
