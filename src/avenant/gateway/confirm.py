"""Confirming the clock: who holds the ledger's key says that it is right, to a gateway that runs or to its ledger.

The confirmation is a DSSE envelope (see `signatures.md`) over `{"ledger": …, "step": …}`. It names the record of the
step that it answers: sent again after another step, it confirms nothing.

    raw = signed_confirmation(signer, step)          # POST /v1/clock
    confirmed_step(raw, signer.key)                  # the step; raises InputError, Refused
    confirm_in_ledger(config, wall)                  # when no gateway holds the ledger
"""

from __future__ import annotations

import msgspec

from avenant.consent.dsse import encoded, read_canonical, read_envelope, seal
from avenant.consent.keys import PublicKey
from avenant.errors import InputError, Refused
from avenant.gateway.clock import Event, History, believed_at_start, history
from avenant.gateway.config import Config
from avenant.gateway.entries import clock_entry
from avenant.gateway.read import ledger_key, signer_at
from avenant.languages import say
from avenant.ledger.note import Signer, VerifierKey
from avenant.ledger.sequencer import Ledger

CLOCK = "application/vnd.avenant.clock+json; v=1"


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That the clock of a ledger's gateway is right: the ledger's name, and the id of the step's record."""

    ledger: str
    step: str


def signed_confirmation(signer: Signer, step: str) -> bytes:
    """The envelope that confirms a step."""
    return seal(encoded(Confirmation(signer.name, step)), CLOCK, signer.private)


def confirmed_step(raw: bytes, key: VerifierKey) -> str:
    """The step that an envelope confirms; InputError for another form, Refused unless the ledger's key signed it."""
    try:
        envelope = read_envelope(raw, CLOCK, None)
        said = read_canonical(envelope.payload, Confirmation, None)
    except InputError as error:
        raise InputError("unreadable_request", error.message, None, error.hint) from None
    if said.ledger != key.name or not envelope.signed_by(PublicKey(key.public)):
        hint = say("gateway.not-ledgers-key-hint")
        raise Refused("not_ledgers_key", say("gateway.not-ledgers-key", key=key.name), None, hint)
    return said.step


def confirm_in_ledger(config: Config, wall: int) -> Event:
    """Record that the clock is right, in a ledger that no gateway holds; `wall` in ns is what it shows.

    Raises Unavailable `ledger-in-use` where one does; Refused `clock_not_stepped` where a start would believe it.
    """
    entry = config.ledger
    path = entry.path / "ledger.db"
    signer = signer_at(entry.key_file, ledger_key(path).name)
    with Ledger.open(path, signer, 0, new=False) as ledger:
        past = history(ledger.last or None, ledger.lasting())
        if past.stopped is None and believed_at_start(past, wall):
            hint = say("gateway.clock-not-stepped-hint")
            raise Refused("clock_not_stepped", say("gateway.clock-not-stepped"), None, hint)
        event = confirmation_of(past, wall)
        ledger.append_all([clock_entry(event)])
    return event


def confirmation_of(past: History, wall: int) -> Event:
    """The record of a confirmation without a gateway: between the last record and the clock."""
    step = str(past.stopped[0]) if past.stopped else None
    return Event("confirm", wall, past.last or 0, at_start=True, step=step)
