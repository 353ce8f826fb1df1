"""Starting and stopping: everything is read and checked before the first request is taken.

1. the configuration, the dossier, the signatures, the text in force, the connections: every fault stops the start;
2. the text against stock Cedar: a difference stops the start, and later a text that differs is not served;
3. the ledger is opened, and calls that a crash interrupted get their outcome;
4. the instruments that are agreed and the connections' attestations are recorded, each once;
5. the socket is opened. From then on the dossier's files are watched, and texts change at their instants.

    service = open_service(Path("agreements/openai-dow"), config, tell=print)
    run(service)                          # until SIGINT or SIGTERM; returns the exit code
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import uvicorn
import uvloop

from avenant.agreement.types import Dossier, InForce
from avenant.consent.status import status
from avenant.decide.crosscheck import crosscheck
from avenant.decide.decider import Decider
from avenant.errors import AvenantError, Refused, Unavailable
from avenant.gateway.app import Gateway
from avenant.gateway.call import Calls
from avenant.gateway.config import UPSTREAM_KEY, Config
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.notices import connection_lines, text_line
from avenant.gateway.protocol import protocol
from avenant.gateway.read import Folder, config_at, files_of, signer_at
from avenant.gateway.standing import Connection, connections
from avenant.gateway.texts import Clock, Serving, Texts, moment
from avenant.gateway.upstream import HttpUpstream, usable_key
from avenant.gateway.write import new_signing_key
from avenant.instants import Instant
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Item, Ledger
from avenant.messages import say, trouble
from avenant.rules.export import Exported, export
from avenant.rules.write import read_exported

log = logging.getLogger(__name__)

DIFFERS = "cedar-differs"
LOOK_EVERY = 0.25  # seconds between two looks at the dossier's files
_GRACE = 5  # seconds that calls under way have to end when the gateway stops

Tell = Callable[[str], None]


@dataclass(slots=True)
class Service:
    """All that serves one dossier: opened, checked, and not yet listening."""

    config: Config
    found: tuple[Connection, ...]
    texts: Texts
    ledger: Ledger
    upstream: HttpUpstream
    clock: Clock
    tell: Tell
    calls: Calls
    limits: Limits = LIMITS
    watching: asyncio.Task[None] | None = None

    def app(self) -> Gateway:
        """The application, to be run by one server."""
        return Gateway(
            self.found,
            self.calls,
            self.texts,
            self.ledger,
            self.clock,
            started=self._start,
            stopped=self._stop,
            limits=self.limits,
        )

    async def _start(self) -> None:
        self.watching = asyncio.create_task(self._watch())

    async def _stop(self) -> None:
        if self.watching is not None:
            self.watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.watching
        await self.calls.settled()
        await self.upstream.close()
        await asyncio.to_thread(self.ledger.close)

    async def _watch(self) -> None:
        """Look at the dossier's files, and tell what has changed."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = moment(self.clock())
            if await asyncio.to_thread(self.texts.refresh, now):
                self._tell_text()
                if self.texts.fault is None and self.texts.dossier is not None:
                    await self._record_instruments(self.texts.dossier)

    def _tell_text(self) -> None:
        now = moment(self.clock())
        try:
            for line in _lines(self.found, self.texts.at(now), now):
                self.tell(line)
        except AvenantError as error:
            self.tell(say("gateway.not-serving", why=str(self.texts.fault or error)))

    async def _record_instruments(self, dossier: Dossier) -> None:
        try:
            for body, files in instrument_bodies(dossier, self.clock()):
                await self.ledger.append(
                    "instrument", body, at=self.clock(), id=_id_of(body), files=files
                )
        except AvenantError as error:
            self.tell(say("gateway.not-recorded", why=str(error)))


def open_service(
    folder: Path,
    config: Config,
    *,
    tell: Tell,
    cedar: Exported | None = None,
    clock: Clock = time.time_ns,
    limits: Limits = LIMITS,
) -> Service:
    """Read, check and open everything; raises AvenantError for whatever would keep the gateway from doing its work.

    `cedar`: an exported folder that the first text is held against, instead of against its own export.
    """
    if config.upstream is None:
        hint = say("gateway.no-upstream-hint")
        raise Refused("no-upstream", say("gateway.no-upstream"), None, hint)
    upstream_key = usable_key(os.environ.get(UPSTREAM_KEY))
    now = moment(clock())
    texts = Texts(Folder(folder), _check(cedar))
    texts.refresh(now)
    if texts.fault is not None:
        raise texts.fault
    serving = texts.at(now)
    found = connections(config, folder)
    for line in _lines(found, serving, now):
        tell(line)

    entry = config.ledger
    if new_signing_key(entry.key_file):
        tell(say("gateway.new-key", file=entry.key_file))
    origin = entry.origin or f"avenant.example/{serving.text.agreement}"
    ledger = Ledger.open(entry.path / "ledger.db", signer_at(entry.key_file, origin), clock())
    try:
        _record_start(ledger, texts.dossier, found, clock)
    except BaseException:
        ledger.close()
        raise
    tell(say("gateway.ledger", path=entry.path, size=ledger.size, key=ledger.key))
    upstream = HttpUpstream(config.upstream, upstream_key)
    calls = Calls(ledger, upstream, texts, clock, limits=limits)
    return Service(config, found, texts, ledger, upstream, clock, tell, calls, limits)


def _lines(found: tuple[Connection, ...], serving: Serving, now: Instant) -> Iterator[str]:
    yield text_line(serving)
    yield from connection_lines(found, serving, now)
    if not found:
        yield say("gateway.no-connections")


def serve(
    dossier: Path, *, upstream: str | None, config: Path | None, cedar: Path | None, tell: Tell
) -> int:
    """`avenant serve`: 0 after an orderly end, 1 when the text and the exported folder differ."""
    settings = config_at(config).with_upstream(upstream)
    exported = None if cedar is None else read_exported(cedar)
    try:
        service = open_service(dossier, settings, tell=tell, cedar=exported)
    except Refused as error:
        if error.code != DIFFERS:
            raise
        tell(error.message)
        tell(error.hint or "")
        return 1
    return run(service)


def run(service: Service, opened: socket.socket | None = None) -> int:
    """Serve until told to stop by SIGINT or SIGTERM; 0 after an orderly end."""
    listening = opened or listen(service.config)
    host, port = listening.getsockname()[:2]
    service.tell(say("gateway.listening", url=f"http://{host}:{port}/v1"))
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(server(service).serve(sockets=[listening]))
    return 0


def server(service: Service) -> uvicorn.Server:
    """The server of one process, not started."""
    return uvicorn.Server(
        uvicorn.Config(
            service.app(),
            http=protocol(service.limits),
            ws="none",
            h11_max_incomplete_event_size=service.limits.head_bytes,
            timeout_keep_alive=service.limits.idle_seconds,  # type: ignore[arg-type]  # seconds or parts of one
            loop="uvloop",
            lifespan="on",
            access_log=False,
            # A stream that failed is left unended on purpose, which uvicorn calls an error; ours are logged here.
            log_level="critical",
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
    )


def listen(config: Config) -> socket.socket:
    """The socket of the configuration; Unavailable when the address is taken."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=2048)
    except OSError as error:
        message = say("gateway.cannot-listen", host=config.host, port=config.port)
        hint = say("gateway.cannot-listen-hint", why=trouble(error))
        raise Unavailable("cannot-listen", message, None, hint) from None


def instrument_bodies(
    dossier: Dossier, now: int
) -> list[tuple[Mapping[str, Any], tuple[bytes, ...]]]:
    """The body and the files of an `instrument` record for each one that the parties have agreed."""
    bodies: list[tuple[Mapping[str, Any], tuple[bytes, ...]]] = []
    known = status(dossier, moment(now))
    for instrument, state in zip(dossier.instruments, known.instruments, strict=True):
        if not state.complete:
            continue
        files = dict(files_of(dossier, instrument))
        for signature in state.signatures:
            files[f"signatures/{signature.file}"] = dossier.envelopes[signature.file]
        body = {
            "agreement": instrument.agreement,
            "number": instrument.number,
            "instrument": instrument.kind,
            "digest": instrument.digest,
            "since": state.since,
            "files": {name: f"sha256:{sha256(data).hexdigest()}" for name, data in files.items()},
        }
        bodies.append((msgspec.to_builtins(body), tuple(files.values())))
    return bodies


def _record_start(
    ledger: Ledger, dossier: Dossier | None, found: tuple[Connection, ...], clock: Clock
) -> None:
    assert dossier is not None
    items = [
        Item("instrument", body, clock(), _id_of(body), files)
        for body, files in instrument_bodies(dossier, clock())
    ]
    for connection in found:
        if connection.attestation is not None:
            body = {
                "connection": connection.id,
                "key": connection.about.key,
                "envelope": connection.attestation.decode("utf-8", "replace"),
            }
            items.append(Item("attestation", body, clock(), _id_of(body)))
    ledger.append_all(items)


def _id_of(body: Mapping[str, Any]) -> UUID:
    """The same record, the same id: what is recorded already is not recorded again.

    A UUIDv7 at 1970, its random bits those of the body's digest.
    """
    digest = sha256(msgspec.json.encode(body, order="sorted")).digest()
    return new_id(0, lambda count: digest[:count])


def _check(cedar: Exported | None) -> Callable[[InForce, Decider], None]:
    """Holds a text against stock Cedar: the first against the folder that was given, each other against its export."""
    given = [cedar] if cedar is not None else []

    def check(text: InForce, decider: Decider) -> None:
        exported = given.pop() if given else export(text.rules, text.vocabulary)
        difference = crosscheck(decider, exported)
        if difference is None:
            return
        use = " ".join(f"{axis}={category}" for axis, category in difference.use.items())
        answers = {
            name: f"{effect} ({', '.join(sorted(rules)) or say('gateway.no-clause')})"
            for name, (effect, rules) in (("ours", difference.ours), ("cedars", difference.cedars))
        }
        message = say("gateway.cedar-differs", text=text.id, use=use, **answers)
        raise Refused(DIFFERS, message, None, say("gateway.cedar-differs-hint"))

    return check
