"""The sample agreement signed by throw-away keys, its connections, a gateway in this process, and what it recorded.

world = GatewayWorld(tmp_path)                 # instruments 0 and 1 in force since ten minutes
world.connect("army", OFFICE)
with world.serving(model_url) as gateway:
    gateway.client("army").chat.completions.create(model="sample", messages=[...])
    gateway.records()
"""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import uvloop
from openai import OpenAI

from avenant.agreement.canonical import digest
from avenant.agreement.reading.read import read_dossier
from avenant.consent.attest import AboutConnection, Attestation, attest
from avenant.consent.dsse import encoded
from avenant.consent.keys import public
from avenant.consent.sign import sign
from avenant.consent.write import write_envelope
from avenant.gateway.clock import boot_clock
from avenant.gateway.config import Config, LedgerEntry
from avenant.gateway.serve import open_service
from avenant.gateway.service import Service, listen, server
from avenant.instants import written
from avenant.ledger.record import Record
from tests.parties import KNOWING, key, line

SAMPLE = Path(__file__).parents[1] / "agreements" / "openai-dow"
MINUTE = timedelta(minutes=1)

OFFICE = {
    "operation": ["draft"],
    "purpose": ["office-work"],
    "effect": ["advice"],
    "legality": ["lawful"],
}
TRANSLATION = {**OFFICE, "operation": ["translate"], "purpose": ["translation"]}
TRACKING = {
    "operation": ["track"],
    "purpose": ["surveillance"],
    "data": ["location"],
    "provenance": ["purchased"],
    "population": ["us-persons"],
    "effect": ["advice"],
    "legality": ["lawful"],
}


def api_key(connection: str) -> str:
    """The key that a connection's application sends."""
    return f"av-{connection}-key"


@dataclass
class Clocks:
    """A wall clock and a boot clock under the test's hand; both go on by themselves from where they were put."""

    ahead: timedelta = timedelta()  # how far the wall clock is from the right time
    passed: timedelta = timedelta()  # how much time has passed that the test did not wait for

    def wall(self) -> int:
        """What the wall clock shows, in ns since 1970."""
        return time.time_ns() + ns(self.ahead + self.passed)

    def boot(self) -> int:
        """What the boot clock shows, in ns."""
        return boot_clock() + ns(self.passed)


def ns(period: timedelta) -> int:
    """A period in nanoseconds."""
    return period // timedelta(microseconds=1) * 1000


@dataclass
class GatewayWorld:
    """A folder with a dossier, its connections, and a ledger."""

    path: Path
    since: datetime = field(default_factory=lambda: datetime.now(UTC) - 10 * MINUTE)
    agreed: int = 1

    def __post_init__(self) -> None:
        self.since = self.since.replace(microsecond=0)
        self.dossier.mkdir(parents=True)
        previous = ""
        for number, name in enumerate(("0-agreement.md", "1-amendment.md")):
            previous = self._write(name, (SAMPLE / name).read_text("utf-8"), previous)
            if number <= self.agreed:
                self.sign(number, self.since)

    @property
    def dossier(self) -> Path:
        """The dossier's folder."""
        return self.path / "openai-dow"

    def _write(self, name: str, text: str, previous: str) -> str:
        """A file of the sample with throw-away keys, today's date and the chain made anew; returns its digest."""
        for party, officers in (("supplier", "[]"), ("department", f"[{line('officer')}]")):
            text = re.sub(
                rf"({party}: .*)keys: \[\], officers: \[\]",
                rf"\g<1>keys: [{line(party)}], officers: {officers}",
                text,
            )
        text = re.sub(r"(?m)^effective: .*$", f"effective: {written(self.since)}", text)
        text = re.sub(r"(?m)^previous: .*$", f"previous: {previous}", text)
        (self.dossier / name).write_text(text, "utf-8")
        return digest(text.encode())

    def admit_nsa(self, since: datetime, until: datetime) -> None:
        """Add the sample's admission for a period, unsigned."""
        text = (SAMPLE / "2-admission.md").read_text("utf-8")
        text = re.sub(r"(?m)^  since: .*$", f"  since: {written(since)}", text)
        text = re.sub(r"(?m)^  until: .*$", f"  until: {written(until)}", text)
        self._write("2-admission.md", text, read_dossier(self.dossier).instruments[1].digest)

    def sign(self, number: int, at: datetime) -> None:
        """Both parties sign an instrument."""
        for party in ("supplier", "department"):
            dossier = read_dossier(self.dossier)
            write_envelope(self.dossier, sign(dossier, number, party, key(party), KNOWING, at))

    def connect(
        self,
        id: str,
        facts: Mapping[str, list[str]],
        chain: tuple[str, ...] = ("army",),
        *,
        signed: bool = True,
        until: datetime | None = None,
    ) -> None:
        """Have the department's officer sign a connection's standing facts; unsigned ones are written bare."""
        attestation = Attestation(
            facts={
                "openai-dow": {
                    "organisation": chain,
                    **{axis: tuple(v) for axis, v in facts.items()},
                }
            },
            about=AboutConnection(id, f"sha256:{sha256(api_key(id).encode()).hexdigest()}"),
            by=public(key("officer")).id,
            not_before=self.since,
            not_after=until or self.since + timedelta(days=1),
        )
        raw = attest(attestation, key("officer")) if signed else encoded(attestation)
        folder = self.dossier / "connections"
        folder.mkdir(exist_ok=True)
        (folder / f"{id}.dsse.json").write_bytes(raw)

    def serving_by(
        self, clocks: Clocks, upstream: str, **more: Any
    ) -> AbstractContextManager[Served]:
        """The gateway, served by these clocks."""
        return self.serving(upstream, clock=clocks.wall, boot=clocks.boot, **more)

    def config(self, upstream: str, **more: Any) -> Config:
        """The operator's settings: a free port, the ledger beside the dossier."""
        ledger = LedgerEntry(self.path / "ledger")
        return Config(port=0, upstream=upstream, ledger=ledger, **more)

    @contextmanager
    def serving(self, upstream: str, **more: Any) -> Iterator[Served]:
        """The gateway, served in a thread of its own while the block runs."""
        told: list[str] = []
        config = more.pop("config", None) or self.config(upstream)
        service = open_service(self.dossier, config, tell=told.append, **more)
        listening = listen(service.config)
        running = server(service)
        thread = threading.Thread(target=uvloop.run, args=(running.serve([listening]),))
        thread.start()
        try:
            with ExitStack() as clients:
                yield Served(service, self.dossier, listening.getsockname()[1], told, clients)
        finally:
            running.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]

    @property
    def code(self) -> str | None:
        """The code of an error; None for an answer."""
        return self.body["error"]["code"] if "error" in self.body else None


@dataclass(frozen=True)
class Served:
    """A gateway at work."""

    service: Service
    dossier: Path
    port: int
    told: list[str]
    clients: ExitStack

    @property
    def url(self) -> str:
        """Where an SDK points."""
        return f"http://127.0.0.1:{self.port}/v1"

    def post(self, connection: str = "army", path: str = "/v1/chat/completions") -> Answer:
        """One call by hand: its status, its code and the whole answer."""
        body = json.dumps({"model": "sample", "messages": []}).encode()
        return self.send(path, body, {"authorization": f"Bearer {api_key(connection)}"})

    def send(self, path: str, body: bytes | None, headers: Mapping[str, str] = {}) -> Answer:
        """Any request; without a body a GET."""
        call = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, dict(headers))
        try:
            with urllib.request.urlopen(call) as answer:
                return Answer(answer.status, json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, json.load(error))

    def health(self) -> dict[str, Any]:
        """What `/health` says, whatever its status."""
        return dict(self.send("/health", None).body)

    def until(self, answer: Callable[[], object], expected: object) -> None:
        """Wait until something is as expected: the gateway looks a few times a second."""
        seen: object = None
        for _ in range(600):
            seen = answer()
            if seen == expected:
                return
            time.sleep(0.05)
        raise AssertionError(f"{seen!r}, not {expected!r}")

    def client(self, connection: str, **headers: str) -> OpenAI:
        """The official SDK, with a connection's key and no retries of its own."""
        client = OpenAI(
            base_url=self.url,
            api_key=api_key(connection),
            max_retries=0,
            default_headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        return self.clients.enter_context(client)

    def records(self, *kinds: str) -> list[Record]:
        """What the ledger holds, in order; of these kinds, or all."""
        ledger = self.service.ledger
        found = [ledger.record(index) for index in range(ledger.size)]
        return [record for record in found if not kinds or record.kind in kinds]

    def ended(self, count: int) -> list[Record]:
        """The outcomes, once there are `count` of them: some are recorded after the client has gone."""
        for _ in range(500):
            outcomes = self.records("outcome")
            if len(outcomes) >= count:
                return outcomes
            time.sleep(0.01)
        raise AssertionError(f"{len(self.records('outcome'))} outcomes, not {count}")
