"""What is handed to a ledger: one record to append, and what its kind obliges it to name.

- An `outcome` names its decision's id in the field `decision`.
- An `instrument` names its files in the field `files`, `{name: "sha256:…"}`, and brings their bytes.

    Item("outcome", {"decision": str(call), "outcome": "permitted"}, at=now, id=new_id(now))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from avenant.errors import InputError
from avenant.languages import say
from avenant.ledger.record import is_uuid


class Item(NamedTuple):
    """One record to append; see `Ledger.append`."""

    kind: str
    body: Mapping[str, Any]
    at: int
    id: UUID
    files: Sequence[bytes] = ()


def decision_of(item: Item) -> UUID | None:
    """The decision that an outcome ends; None for a record of another kind."""
    if item.kind != "outcome":
        return None
    match item.body.get("decision"):
        case str(id) if is_uuid(id):
            return UUID(id)
    raise InputError("bad-record", say("ledger.cannot-keep", why=say("ledger.outcome-names")))


def files_of(item: Item) -> tuple[tuple[str, bytes], ...]:
    """The bytes of the files that an instrument names, under their SHA-256 in hex."""
    if item.kind != "instrument":
        return ()
    given = {sha256(data).hexdigest(): data for data in item.files}
    named = item.body.get("files")
    for name, digest in named.items() if isinstance(named, Mapping) else ():
        if not isinstance(digest, str) or digest.removeprefix("sha256:") not in given:
            raise InputError(
                "no-file",
                say("ledger.no-file", name=name, digest=digest),
                None,
                say("ledger.no-file-hint"),
            )
    return tuple(given.items())
