"""The story: signed in haste, amended, served, called, one agency let in, and verified by a stranger.

Every line is computed: a command that is shown is run and its own output printed; an outcome is what the SDK raised or
returned. The facts of each call are those of its case in the conformance file.

    url, key = Story(stage, screen, port=0).play()       # gateway and model run until the stage is closed
"""

from __future__ import annotations

import json
import math
import shlex
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import yaml

import avenant
from avenant.languages import language, say
from demo.calls import Answered, Caller
from demo.damage import flip_one_byte
from demo.dossier import FILES, Copy
from demo.screen import Screen
from demo.stage import PATIENCE, ROOT, Fault, Ran, Server, Stage, free_port

NAME = "openai-dow"
CONFORMANCE = ROOT / "conformance" / f"{NAME}.yaml"
SUPPLIER, DEPARTMENT, OFFICER = (
    "supplier",
    "department",
    "officer",
)  # the officer is the department's
LEAST_PERIOD = 20  # seconds for which the agency is let in
LEDGER, DAMAGED = "ledger", "copy-with-one-byte-changed"
FEW_WORDS = 4  # of the streamed answer
_WHOSE = "organisation="


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of call: `title` in the catalogue, its case in the conformance file, and what is asked of the model."""

    title: str
    case: str
    prompt: str


OFFICE = Kind("office", "office", "Write the minutes of this morning's meeting.")
TRACKING = Kind(
    "tracking", "bought phone locations, deliberately", "Where has this phone been since Monday?"
)
UNSAID = Kind("unsaid", "bought phone locations, intent not said", TRACKING.prompt)
TRANSLATION = Kind("translation", "translation", "Translate: la presse de ce matin.")
PROFILE = Kind("profile", "profiling", "Write a profile of this person.")
UNDER_1 = (
    Kind("mathematics", "missile-defence mathematics", "Compute the time to intercept."),
    TRACKING,
    UNSAID,
    Kind("search", "search what is held, in bulk", "Who in these files was near the square?"),
    Kind("weapon", "weapon released, no human, law requires one", "Release at the target."),
    TRANSLATION,
)
KINDS = (OFFICE, *UNDER_1, PROFILE)


class Story:
    """One telling; `port` 0: the gateway is served on any free one."""

    def __init__(self, stage: Stage, screen: Screen, port: int) -> None:
        self._stage = stage
        self._screen = screen
        self._port = free_port(port)
        self._copy = Copy(stage.folder / NAME)
        cases = yaml.safe_load(CONFORMANCE.read_text("utf-8"))["cases"]
        self._cases: dict[str, Any] = {case["name"]: case for case in cases}
        self._keys: dict[str, str] = {}  # of the connections, by their names

    def play(self) -> tuple[str, str]:
        """Tell it; returns the gateway's URL and the key of an ordinary application."""
        self._screen.text(say("demo.title"), "bold")
        model = self._stage.start("demo.model", "--port", "0")
        self._signed_in_haste()
        took = self._amended()
        upstream = model.wait(_first_line)
        caller = self._served(upstream)
        self._called(caller, model)
        self._admitted(caller, upstream, took)
        self._verified()
        return caller.url, self._keys[self._connection(OFFICE)]

    def _signed_in_haste(self) -> None:
        keys = {
            who: self._quiet("keys", "new", f"{who}.key").strip()
            for who in (SUPPLIER, DEPARTMENT, OFFICER)
        }
        officers = {DEPARTMENT: keys.pop(OFFICER)}
        self._copy.agreement(_now() - timedelta(minutes=5), keys, officers)
        for label in avenant.load(self._copy.path).in_force.labels:
            self._screen.text(label)
        self._screen.text(say("demo.moved"))
        self._screen.section(say("demo.section.haste"))
        self._shown("check", f"{NAME}@0", "--brief")
        self._sign(0)
        self._shown("status", f"{NAME}@0")

    def _amended(self) -> float:
        """Returns the seconds that reading the report and signing took."""
        self._screen.section(say("demo.section.amended"))
        self._copy.amendment(_now())
        self._shown("compare", f"{NAME}@0", f"{NAME}@1")
        began = time.monotonic()
        self._sign(1)
        took = time.monotonic() - began
        self._shown("status", f"{NAME}@1")
        return took

    def _served(self, upstream: str) -> Caller:
        """The officer signs the connections, and the gateway starts."""
        for kind in KINDS:
            name = self._connection(kind)
            if name not in self._keys:
                facts = self._cases[kind.case]["facts"]["established"]
                signed = ("--as", DEPARTMENT, "--key", f"{OFFICER}.key")
                key = self._quiet("connection", "new", NAME, name, *signed, *facts)
                self._keys[name] = key.strip()
        self._screen.section(say("demo.section.calls"))
        config = self._stage.folder / "avenant.yaml"
        config.write_text(f"listen: 127.0.0.1:{self._port}\n", "utf-8")
        command = ("serve", NAME, "--upstream", upstream, "--config", config.name)
        self._screen.command(shlex.join(("avenant", *command)))
        url = f"http://127.0.0.1:{self._port}/v1"
        gateway = self._stage.start("avenant.cli", *_spoken(command))
        gateway.wait(lambda _: _health(url)["text"])
        text = avenant.load(self._copy.path).in_force
        return Caller(url, self._stage.folder / LEDGER / "ledger.db", text)

    def _called(self, caller: Caller, model: Server) -> None:
        heads = ("call", "for", "outcome", "clause")
        self._screen.heads(*(say(f"demo.head.{head}") for head in heads))
        office = self._call(caller, OFFICE, stream=True)
        words = " ".join(office.words.split()[:FEW_WORDS])
        self._screen.text(say("demo.streamed", words=words), "dim")
        for kind in UNDER_1:
            self._call(caller, kind)
        model.stop()
        self._call(caller, OFFICE, say("demo.call.office-down"))

    def _admitted(self, caller: Caller, upstream: str, took: float) -> None:
        """The admission is signed while the gateway runs; `took` is how long reading and signing took before."""
        self._screen.section(say("demo.section.admitted"))
        model = self._stage.start("demo.model", "--port", str(urlsplit(upstream).port))
        since = _now()
        # Long enough to sign and to call in, on a machine that is busy with other things.
        until = since + timedelta(seconds=max(LEAST_PERIOD, math.ceil(5 * took)))
        self._copy.admission(since, until)
        self._shown("compare", f"{NAME}@1", f"{NAME}@2")
        self._sign(2, shown=True)
        self._shown("status", f"{NAME}@2")
        self._taken_up(caller)
        model.wait(_first_line)
        began = time.monotonic()
        self._call(caller, TRANSLATION)
        self._call(caller, PROFILE)
        with self._screen.waiting(say("demo.waiting", until=f"{until:%H:%M:%S}")):
            while datetime.now(UTC) <= until:
                time.sleep(0.05)
        later = round(time.monotonic() - began)
        self._call(caller, TRANSLATION, say("demo.call.translation-later", seconds=later))

    def _taken_up(self, caller: Caller) -> None:
        """Wait until the gateway serves what was signed just now, and say what it lets through."""
        text = avenant.load(f"{self._copy.path}@2").in_force
        until = time.monotonic() + PATIENCE
        while (served := _health(caller.url)["text"]) != text.id:
            if time.monotonic() > until:
                raise Fault(say("demo.not-taken-up", text=text.id, served=served))
            time.sleep(0.05)
        for admission in text.admissions:
            clause = text.clause(admission.forbid.partition("/")[0])
            told = say(
                "demo.taken-up",
                text=served,
                body=admission.body,
                clause=clause.label if clause else admission.forbid,
                purposes=", ".join(admission.purposes),
                seconds=round((admission.until - admission.since).total_seconds()),
            )
            self._screen.text(told, "dim")

    def _verified(self) -> None:
        self._screen.section(say("demo.section.verified"))
        self._shown("ledger", "verify")
        self._quiet("ledger", "export", LEDGER, DAMAGED)
        entry, was, now = flip_one_byte(self._stage.folder / DAMAGED)
        self._screen.text(say("demo.damaged", entry=entry, was=was, now=now), "dim")
        self._shown("ledger", "verify", f"{DAMAGED}/")

    def _sign(self, number: int, *, shown: bool = False) -> None:
        """Both parties sign an instrument, knowing the report on it."""
        report = json.loads(self._ran("check", f"{NAME}@{number}", "--json", good=(0, 1)).out)
        knowing = report["digest"].removeprefix("sha256:")[:8]
        for party in (SUPPLIER, DEPARTMENT):
            named = f"{NAME}/{FILES[number]}"
            how = ("--key", f"{party}.key", "--as", party, "--knowing", knowing)
            if shown:
                self._screen.command(shlex.join(("avenant", "sign", named, *how)))
            self._quiet("sign", named, *how)

    def _call(
        self, caller: Caller, kind: Kind, title: str | None = None, *, stream: bool = False
    ) -> Answered:
        """Make one call and show what came of it."""
        facts = self._cases[kind.case]["facts"]
        whose = [fact.partition("=")[2] for fact in facts["established"] if fact.startswith(_WHOSE)]
        answered = caller.call(
            self._keys[self._connection(kind)], kind.prompt, facts.get("claimed", ()), stream=stream
        )
        against = say("demo.against", principles=", ".join(answered.against))
        self._screen.row(
            title or say(f"demo.call.{kind.title}"),
            ", ".join(whose),
            answered.outcome,
            answered.clause,
            against if answered.against else "",
        )
        return answered

    def _connection(self, kind: Kind) -> str:
        return str(self._cases[kind.case]["connection"])

    def _shown(self, *arguments: str) -> None:
        """A command on the screen, and what it says; 1 is an answer too: findings, or damage."""
        self._screen.command(shlex.join(("avenant", *arguments)))
        self._screen.output(self._ran(*arguments, good=(0, 1)).out)

    def _quiet(self, *arguments: str) -> str:
        return self._ran(*arguments).out

    def _ran(self, *arguments: str, good: tuple[int, ...] = (0,)) -> Ran:
        ran = self._stage.run("avenant.cli", *_spoken(arguments))
        if ran.code not in good:
            command = shlex.join(("avenant", *arguments))
            raise Fault(say("demo.command-failed", command=command, why=ran.err.strip()))
        return ran


def _spoken(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments of a command that speaks the language of the story."""
    return ("--lang", language(), *arguments)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _first_line(written: str) -> str | None:
    """The address that the model server writes when it is up."""
    line, end, _ = written.partition("\n")
    return line if end else None


def _health(url: str) -> dict[str, Any]:
    """What a gateway tells of itself; `text` is None while it does not serve."""
    try:
        with urllib.request.urlopen(url.removesuffix("/v1") + "/health", timeout=10) as answer:
            told: dict[str, Any] = json.load(answer)
            return told
    except (urllib.error.URLError, OSError):
        return {"text": None}
