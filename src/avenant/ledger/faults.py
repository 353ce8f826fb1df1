"""The errors of writing a ledger: each code has its sentence and its remedy in the catalogue.

raise no_decision(id)       # an outcome whose decision is not open
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from avenant.errors import InputError, Refused, Unavailable
from avenant.languages import say


def id_taken(id: UUID) -> Refused:
    """Another record has the id; the same record again is no error."""
    return Refused("id-taken", say("ledger.id-taken", id=id), None, say("ledger.id-taken-hint"))


def no_decision(id: UUID) -> Refused:
    """The outcome's decision is not open, or never was."""
    return Refused(
        "no-decision", say("ledger.no-decision", id=id), None, say("ledger.no-decision-hint")
    )


def closed() -> Unavailable:
    """The ledger is closed, or its thread has ended."""
    return Unavailable("ledger-closed", say("ledger.closed"), None, say("ledger.closed-hint"))


def damaged(path: Path) -> Unavailable:
    """The tree does not have the root that the checkpoint signed: nothing is written to it."""
    return Unavailable(
        "ledger-damaged", say("ledger.damaged", path=path), None, say("ledger.damaged-hint")
    )


def gone(path: Path) -> Unavailable:
    """The ledger's file is not at its path, or is empty."""
    return Unavailable("ledger-gone", say("ledger.gone", path=path), None, say("ledger.gone-hint"))


def replaced(path: Path) -> Unavailable:
    """Another file is at the ledger's path, beside the ledger's own log."""
    return Unavailable(
        "ledger-replaced", say("ledger.replaced", path=path), None, say("ledger.replaced-hint")
    )


def behind(path: Path, size: int) -> Unavailable:
    """The ledger at the path lacks entries that this key has signed for: an older copy, or another ledger."""
    return Unavailable(
        "ledger-behind",
        say("ledger.behind", path=path, size=size),
        None,
        say("ledger.behind-hint"),
    )


def unconfirmed(problem: str) -> Unavailable:
    """The store did not confirm a change: nobody knows whether it happened."""
    return Unavailable(
        "ledger-unknown",
        say("ledger.unknown", problem=problem),
        None,
        say("ledger.unknown-hint"),
    )


def other_key(path: Path, key: str) -> InputError:
    """The ledger at the path is another key's."""
    return InputError(
        "other-ledger-key",
        say("ledger.other-key", path=path, key=key),
        None,
        say("ledger.other-key-hint"),
    )
