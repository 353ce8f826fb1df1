"""What a ledger knows of a dossier: the instruments that it has recorded as agreed, and from when each counts here.

- An instrument is recorded once, when this gateway first finds it agreed, with the bytes of its files and signatures.
- For deciding it counts from the later of its effect and that record, so nothing signed today changes what was decided
  yesterday. Those agreed already when the ledger first records their dossier count by their signatures; the record
  says which (`counts: record | signatures`).
- What is recorded is never given up: an instrument that the folder no longer shows as agreed stops the dossier.

    known = known_of(records, "openai-dow")
    effects(known)                         # {0: 2026-02-28, 1: 2026-03-02}: from when each counts for deciding
    lacks(known, status.instruments, is_missing)      # (Lack(1, "1-amendment.md"),): what the folder lacks
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.types import Digest
from avenant.consent.effect import for_deciding
from avenant.consent.types import InstrumentStatus, Status
from avenant.errors import Unavailable
from avenant.gateway.clock import moment
from avenant.instants import Instant
from avenant.languages import say
from avenant.ledger.record import Record

ROLLED_BACK = "dossier_rolled_back"
BY_RECORD, BY_SIGNATURES = "record", "signatures"


class KnownInstrument(msgspec.Struct, frozen=True):
    """One agreed instrument as a ledger recorded it; `files` are its own and its signatures, by name in the folder."""

    agreement: str
    number: int
    digest: Digest  # of its file in the authoritative language
    since: Instant  # its effect, by the signers' clocks
    counts: Instant  # its effect for deciding, by this ledger: never before `since`
    files: Mapping[str, Digest]  # `1-amendment.md`, `signatures/1-amendment.supplier.….dsse.json` …


Known = tuple[KnownInstrument, ...]


class Lack(Struct, frozen=True):
    """A known instrument that the folder does not show as agreed; `file` is the first that is missing, if one is."""

    number: int
    file: str | None


class _Body(msgspec.Struct, frozen=True):
    """The fields of an `instrument` record that are read back."""

    agreement: str
    number: int
    digest: Digest
    since: Instant
    files: dict[str, Digest]
    counts: str = BY_SIGNATURES


def known_of(records: Iterable[Record], agreement: str | None = None) -> Known:
    """The instruments in the order of their numbers, of one agreement or all; of two of a number the first counts."""
    known: dict[tuple[str, int], KnownInstrument] = {}
    for record in records:
        if record.kind == "instrument":
            instrument = known_in(record)
            known.setdefault((instrument.agreement, instrument.number), instrument)
    return tuple(known[key] for key in sorted(known) if agreement in {None, key[0]})


def known_in(record: Record) -> KnownInstrument:
    """The instrument of an `instrument` record."""
    body = msgspec.convert(record.body, _Body)
    recorded = None if body.counts == BY_SIGNATURES else moment(record.at)
    return KnownInstrument(
        body.agreement,
        body.number,
        body.digest,
        body.since,
        for_deciding(body.since, recorded),
        body.files,
    )


def effects(known: Known) -> dict[int, Instant]:
    """From when each instrument counts for deciding, by number, without a gap from 0."""
    found: dict[int, Instant] = {}
    for number, instrument in enumerate(known):
        if instrument.number != number:
            break
        found[number] = instrument.counts
    return found


def unrecorded(known: Known, status: Status) -> tuple[InstrumentStatus, ...]:
    """The agreed instruments of a dossier that the ledger does not know yet."""
    numbers = {instrument.number for instrument in known}
    return tuple(i for i in status.instruments if i.complete and i.number not in numbers)


def counted(status: Status, known: Known) -> Status:
    """The status with the moment from which each instrument counts for deciding, by a ledger."""
    counts = {(i.number, i.digest): i.counts for i in known if i.agreement == status.agreement}
    return replace(
        status,
        instruments=tuple(
            replace(i, counts=counts.get((i.number, i.digest))) for i in status.instruments
        ),
    )


def lacks(
    known: Known, agreed: Iterable[InstrumentStatus], missing: Callable[[str, Digest], bool]
) -> tuple[Lack, ...]:
    """What a ledger knows as agreed and a folder does not show as agreed.

    `agreed`: the instruments that the folder shows as agreed; `missing` says of a file's name and digest whether the
    folder lacks it.
    """
    shown = {(i.number, i.digest) for i in agreed if i.complete}
    return tuple(
        Lack(instrument.number, _first(instrument, missing))
        for instrument in known
        if (instrument.number, instrument.digest) not in shown
    )


def rolled_back(lack: Lack) -> Unavailable:
    """Why no call of a dossier is decided that lacks what was agreed."""
    hint = say("gateway.rolled-back-hint")
    if lack.file is None:
        message = say("gateway.rolled-back", number=lack.number)
    else:
        message = say("gateway.rolled-back-file", number=lack.number, file=lack.file)
    return Unavailable(ROLLED_BACK, message, None, hint)


def _first(instrument: KnownInstrument, missing: Callable[[str, Digest], bool]) -> str | None:
    """The first file of the instrument that the folder lacks: its text, then its signatures."""
    names = sorted(instrument.files, key=lambda name: ("/" in name, name))
    return next((name for name in names if missing(name, instrument.files[name])), None)
