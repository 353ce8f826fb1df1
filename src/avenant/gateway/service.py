"""A service that was opened: it runs until it is told to stop, and looks meanwhile at what it serves.

Every quarter of a second it looks at the clock, the dossier's files, the ledger and the revocations, and tells what
changed. What cannot be looked at once is looked at again soon; nothing here decides a call.

    service = open_service(dossier, config, tell=print)      # `serve`
    run(service)                                             # until SIGINT or SIGTERM; returns the exit code
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn
import uvloop

from avenant.errors import AvenantError, Unavailable
from avenant.gateway.app import Gateway
from avenant.gateway.clock import Timekeeper, moment
from avenant.gateway.config import Config
from avenant.gateway.confirm import confirmed_step
from avenant.gateway.entries import clock_entry
from avenant.gateway.ledger import OpenLedger
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.notices import serving_lines
from avenant.gateway.protocol import protocol
from avenant.gateway.pulse import Pulse
from avenant.gateway.revoked import Revocations, known_connections
from avenant.gateway.runner import CallHandler
from avenant.gateway.texts import TextSchedule
from avenant.gateway.upstream import HttpUpstream
from avenant.gateway.watch import Watch
from avenant.instants import Instant, shown, written
from avenant.languages import say, trouble
from avenant.ledger.note import VerifierKey
from avenant.ledger.record import content_id
from avenant.ledger.sequencer import Ledger

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25  # seconds between two looks at the dossier's files
_GRACE = 5  # seconds that calls under way have to end when the gateway stops

Tell = Callable[[str], None]


@dataclass(slots=True)
class Service:
    """All that serves one dossier: opened, checked, and not yet listening."""

    config: Config
    texts: TextSchedule
    kept: OpenLedger
    upstream: HttpUpstream
    clock: Timekeeper
    tell: Tell
    calls: CallHandler
    revocations: Revocations
    watch: Watch
    pulse: Pulse
    limits: Limits = LIMITS
    watching: asyncio.Task[None] | None = None

    @property
    def ledger(self) -> Ledger:
        """What is recorded."""
        return self.kept.ledger

    def app(self) -> Gateway:
        """The application, to be run by one server."""
        return Gateway(
            self.watch.connections,
            self.calls,
            self.texts,
            self.ledger,
            self.clock,
            shown=self._state,
            confirm=self._confirm,
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
        await self.kept.outcomes.close()
        await self.upstream.close()
        await asyncio.to_thread(self.kept.close, self.clock())

    async def _watch(self) -> None:
        """Look at the clock, the dossier's files and the ledger, and tell what has changed."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except Exception:
                log.exception("looking at what is served")  # the next look is soon

    async def _look(self) -> None:
        self.pulse.beat()
        if await asyncio.to_thread(self.watch.inspect):
            self._tell_text()
        for line in await asyncio.to_thread(
            lambda: list(self.kept.inspect(self.clock.readings().wall))
        ):
            self.tell(line)
        await self._look_at_revocations(moment(self.clock()))

    async def _look_at_revocations(self, now: Instant) -> None:
        self.revocations.know(known_connections(self.watch.connections, ()))
        with contextlib.suppress(AvenantError):  # no text, or no ledger: the next look is soon
            text = self.texts.at(now).text
            for line in await asyncio.to_thread(self.revocations.refresh, text):
                self.tell(line)
            for body in self.revocations.unrecorded:
                await self.ledger.append("revocation", body, at=self.clock(), id=content_id(body))
                self.revocations.recorded(body)

    def _tell_text(self) -> None:
        for line in serving_lines(self.texts, self.watch.connections.current, moment(self.clock())):
            self.tell(line)

    def _state(self) -> dict[str, object]:
        """What `/health` shows of the clock and the folder."""
        return {
            "clock": {
                **self.clock.shown(),
                "ledger": VerifierKey.parse(self.ledger.key).name,
            },
            "aside": [str(error) for error in self.watch.aside],
        }

    async def _confirm(self, raw: bytes) -> dict[str, object]:
        """Believe the clock, if who holds the ledger's key says so; what that record says."""
        step = confirmed_step(raw, VerifierKey.parse(self.ledger.key))
        event, anchor = self.clock.confirmation(step)
        item = clock_entry(event)
        await self.ledger.append(item.kind, item.body, at=item.at, id=item.id)
        self.clock.believe(anchor)
        self.tell(say("gateway.clock-confirmed", shown=shown(moment(event.shown))))
        return {**item.body, "record": str(item.id), "time": written(moment(self.clock()))}


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
