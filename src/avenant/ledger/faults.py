"""The errors of writing a ledger: each code has its sentence and its remedy in the catalogue.

raise no_decision(id)       # an outcome whose decision is not open
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from avenant.errors import Refused, Unavailable
from avenant.messages import say


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
