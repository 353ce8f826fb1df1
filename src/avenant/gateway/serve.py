"""Starting: everything is read and checked before the first request is taken.

1. the configuration, the dossier, the signatures, the text in force, the connections: every fault stops the start;
2. the text against stock Cedar: a difference stops the start, and later a text that differs is not served;
3. the ledger is opened, and calls that a crash interrupted get their outcome;
4. the clock is judged by what the ledger knows; a dossier that lacks what the ledger knows, and a clock that has
   stepped, stop the calls and not the start: both are put right while the gateway runs;
5. the instruments that are agreed and the connections' attestations are recorded, each once;
6. the socket is opened (`service`). From then on files and clocks are watched, and texts change at their instants.

    service = open_service(Path("agreements/openai-dow"), config, tell=print)
    run(service)                          # until SIGINT or SIGTERM; returns the exit code
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID

from avenant.agreement.types import InForce
from avenant.consent.status import status
from avenant.decide.crosscheck import crosscheck
from avenant.decide.decider import Decider
from avenant.errors import InputError, Refused, Unavailable
from avenant.gateway.clock import Clock, Event, Timekeeper, boot_clock, history, moment
from avenant.gateway.config import UPSTREAM_KEY, Config
from avenant.gateway.entries import clock_entry
from avenant.gateway.known import ROLLED_BACK
from avenant.gateway.ledger import open_ledger
from avenant.gateway.limits import LIMITS, Limits
from avenant.gateway.mend import known_at
from avenant.gateway.notices import serving_lines
from avenant.gateway.pulse import Pulse
from avenant.gateway.read import Folder, config_at
from avenant.gateway.revoked import Revocations, known_connections
from avenant.gateway.runner import CallHandler
from avenant.gateway.service import Service, Tell, run
from avenant.gateway.standing import connections
from avenant.gateway.state import Body, LastSeen
from avenant.gateway.texts import TextSchedule
from avenant.gateway.upstream import HttpUpstream, usable_key
from avenant.gateway.watch import Watch
from avenant.instants import Instant
from avenant.languages import say
from avenant.ledger.receipt import Receipt
from avenant.ledger.record import content_id
from avenant.ledger.sequencer import Item, Ledger
from avenant.ledger.store_sqlite import is_there
from avenant.rules.export import Exported, export
from avenant.rules.write import read_exported
from avenant.source.diagnostics import Diagnostics

DIFFERS = "cedar-differs"


def open_service(
    folder: Path,
    config: Config,
    *,
    tell: Tell,
    cedar: Exported | None = None,
    clock: Clock = time.time_ns,
    boot: Clock = boot_clock,
    new_ledger: bool = False,
    settings: Path | None = None,
    limits: Limits = LIMITS,
) -> Service:
    """Read, check and open everything; raises AvenantError for whatever would keep the gateway from doing its work.

    `cedar`: an exported folder that the first text is held against, instead of against its own export. `clock` and
    `boot` are the wall clock and the boot clock, in ns. `new_ledger`: begin a ledger where there is none, though its
    key has been used before. `settings`: the configuration's file, so that its connections may change. A dossier that
    lacks what its ledger knows, and a clock that has stepped, stop the calls and not the start.
    """
    if config.upstream is None:
        hint = say("gateway.no-upstream-hint")
        raise Refused("no-upstream", say("gateway.no-upstream"), None, hint)
    upstream_key = usable_key(os.environ.get(UPSTREAM_KEY))
    source, texts = Folder(folder), TextSchedule(_check(cedar))
    agreement = _agreement(source, config)
    there = is_there(config.ledger.path / "ledger.db")
    # No ledger is begun for nothing.
    agreed = [] if there else _rehearse(source, texts, moment(clock()))
    connections(config, folder)
    origin = f"avenant.example/{agreement}"
    # Not the clock's time: whether it is believed is not known yet.
    kept = open_ledger(config, folder, origin, agreed, now=0, new=new_ledger, tell=tell)
    ledger = kept.ledger
    try:
        keeper = _keeper(ledger, clock, boot)
        upstream = HttpUpstream(config.upstream, upstream_key)
        watch = Watch(source, agreement, config, ledger, texts, keeper, upstream, tell, settings)
        _begin(watch, keeper, texts, ledger)
        revocations = _revocations(folder, ledger, watch, kept.state.seen, keeper, texts, tell)
        if (error := kept.note(keeper())) is not None:
            raise error
        for line in serving_lines(texts, watch.connections.current, moment(keeper()), strict=True):
            tell(line)
        pulse = Pulse(keeper, texts, ledger, tell)
    except BaseException:
        ledger.close()
        raise
    calls = CallHandler(ledger, kept.outcomes, upstream, texts, revocations, keeper, limits=limits)
    return Service(
        config, texts, kept, upstream, keeper, tell, calls, revocations, watch, pulse, limits
    )


def _agreement(folder: Folder, config: Config) -> str:
    """The id of the agreement in a folder; where it cannot be read, that of its ledger, whose files it may lack."""
    try:
        return folder.dossier(Diagnostics()).id
    except InputError:
        path = config.ledger.path / "ledger.db"
        known = known_at(path, folder) if is_there(path) else ()
        if not known:
            raise
        return known[0].agreement


def _rehearse(folder: Folder, texts: TextSchedule, now: Instant) -> list[Body]:
    """Raise what would keep a dossier that no ledger knows from being served; number and digest of what is agreed."""
    dossier = folder.dossier(Diagnostics())
    agreed = [i for i in status(dossier, now).instruments if i.complete]
    texts.take(dossier, {i.number: i.since for i in agreed}, now)
    if texts.fault is not None:
        raise texts.fault
    texts.at(now)
    return [{"number": i.number, "digest": i.digest} for i in agreed]


def _keeper(ledger: Ledger, clock: Clock, boot: Clock) -> Timekeeper:
    """The time by these clocks and this ledger; a step whose record is lost is noticed anew."""

    def keep(event: Event) -> UUID:
        item = clock_entry(event)

        def done(future: Future[Receipt]) -> None:
            if future.exception() is not None:
                keeper.forget(item.id)

        ledger.put(item).add_done_callback(done)
        return item.id

    keeper = Timekeeper(clock, boot, lambda: ledger.last, keep)
    return keeper


def _begin(watch: Watch, keeper: Timekeeper, texts: TextSchedule, ledger: Ledger) -> None:
    """Judge the clock by what the ledger knows, and only then record what is new by it."""
    past = history(ledger.last or None, ledger.lasting())
    watch.recall()
    keeper.start(past, texts.same)
    watch.inspect()
    if texts.fault is not None and texts.fault.code != ROLLED_BACK:
        raise texts.fault
    texts.guard = lambda: keeper.watch(texts.same)


def _revocations(
    folder: Path,
    ledger: Ledger,
    watch: Watch,
    seen: LastSeen | None,
    clock: Clock,
    texts: TextSchedule,
    tell: Tell,
) -> Revocations:
    """What was revoked, in this ledger, in one that is lost, and in the folder; each is recorded once."""
    old = seen.revocations if seen else ()
    ledger.append_all(Item("revocation", body, clock(), content_id(body)) for body in old)
    lasting = ledger.lasting()
    revocations = Revocations(folder, lasting, known_connections(watch.connections, lasting))
    with contextlib.suppress(
        Unavailable
    ):  # no text that can be relied on yet: looked at again soon
        for line in revocations.started(texts.at(moment(clock())).text):
            tell(line)
    for body in revocations.unrecorded:
        ledger.append_all([Item("revocation", body, clock(), content_id(body))])
        revocations.recorded(body)
    return revocations


def serve(
    dossier: Path,
    *,
    upstream: str | None,
    config: Path | None,
    cedar: Path | None,
    new_ledger: bool,
    tell: Tell,
) -> int:
    """`avenant serve`: 0 after an orderly end, 1 when the text and the exported folder differ."""
    settings = config_at(config).with_upstream(upstream)
    exported = None if cedar is None else read_exported(cedar)
    try:
        service = open_service(
            dossier, settings, tell=tell, cedar=exported, new_ledger=new_ledger, settings=config
        )
    except Refused as error:
        if error.code != DIFFERS:
            raise
        tell(error.message)
        tell(error.hint or "")
        return 1
    return run(service)


def _check(cedar: Exported | None) -> Callable[[InForce, Decider], None]:
    """Holds a text against stock Cedar: the first against the folder that was given, each other as it is written."""
    given = [cedar] if cedar is not None else []

    def check(text: InForce, decider: Decider) -> None:
        exported = given.pop() if given else export(text.rules, text.vocabulary, as_written=True)
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
