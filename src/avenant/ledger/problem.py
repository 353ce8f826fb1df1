"""One named damage, and the sentence that names it.

problem("record", 14, Named("decision", id, id)).message
# entry 14, decision on call 01936c5e: record does not match its commitment
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from avenant.languages import say
from avenant.ledger.record import KINDS, Record, is_uuid


class Problem(msgspec.Struct, frozen=True):
    """A damage: a stable code, the sentence, and where. `call` is the id of the decision that the record is, or ends;
    `file` a path in a copy.
    """

    code: str
    message: str
    index: int | None = None
    kind: str | None = None
    id: UUID | None = None
    call: UUID | None = None
    file: str | None = None


class Named(msgspec.Struct, frozen=True):
    """What a record says it is: true of a sound record, a pointer for people where it is damaged."""

    kind: str | None = None
    id: UUID | None = None
    call: UUID | None = None
    files: tuple[tuple[str, str], ...] = ()  # of an instrument: name, SHA-256 in hex


def named(record: Record) -> Named:
    """What a sound record is."""
    call = record.id if record.kind == "decision" else None
    if record.kind == "outcome":
        call = _uuid(record.body.get("decision"))
    files = record.body.get("files") if record.kind == "instrument" else None
    return Named(record.kind, record.id, call, _files(files))


def guessed(data: bytes | None) -> Named:
    """What a damaged record may have been: whatever of it can still be read."""
    try:
        read = msgspec.json.decode(data or b"")
    except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
        return Named()
    match read:
        case {"kind": str(kind), "id": id, "body": dict(body)} if kind in KINDS:
            call = {"decision": _uuid(id), "outcome": _uuid(body.get("decision"))}.get(kind)
            files = _files(body.get("files")) if kind == "instrument" else ()
            return Named(kind, _uuid(id), call, files)
    return Named()


def problem(
    code: str,
    index: int | None = None,
    what: Named | None = None,
    file: str | None = None,
    **values: str,
) -> Problem:
    """The damage `code` at an entry, or in a file, or of the whole ledger."""
    what = what or Named()
    sentence = say(f"ledger.problem.{code}", **values)
    subject = file
    if index is not None:
        match what:
            case Named("decision" | "outcome" as kind, call=UUID() as call):
                subject = say(f"ledger.entry-{kind}", index=index, call=str(call)[:8])
            case Named(str(kind), UUID() as id):
                named = say(f"ledger.kind.{kind}")
                subject = say("ledger.entry-kind", index=index, kind=named, id=str(id)[:8])
            case _:
                subject = say("ledger.entry", index=index)
    message = say("phrases.colon", subject=subject, said=sentence) if subject else sentence
    return Problem(code, message, index, what.kind, what.id, what.call, file)


def _uuid(value: Any) -> UUID | None:
    return UUID(value) if isinstance(value, str) and is_uuid(value) else None


def _files(value: Any) -> tuple[tuple[str, str], ...]:
    items = value.items() if isinstance(value, dict) else ()
    return tuple(
        (name, digest.removeprefix("sha256:")) for name, digest in items if isinstance(digest, str)
    )
