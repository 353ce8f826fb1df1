"""What the ledger keeps: private records, and the public entries that commit to them.

A record's fields are committed one by one, each under its own random salt; the entry commits to the list. So an entry
says nothing, and has the same size whatever it stands for; a field is disclosed by handing over its salt and value,
and every other field stays closed. `id`, `kind` and `at` are fields like those of the body.

    field  = SHA-256("avenant/field/1"  || salt, 16 bytes || length of name, 4 || name || length of value, 4 || value)
    record = SHA-256("avenant/record/1" || number of fields, 4 || field commitments in the order of their names)
    entry  = 0x01 || record                                  33 bytes: the leaf of the tree

(Lengths are big-endian; a value is its canonical JSON. The two openings have different lengths and cannot be confused.)

Canonical JSON is what `msgspec` writes with sorted keys: UTF-8, no spare space, shortest numbers. Each record has that
one spelling, and any other is refused.

    sealed = seal(uuid, "decision", at, {"outcome": "refused", "clause": "agencies"})
    record = Record.parse(sealed.record)
    assert record.entry() == sealed.entry
    disclosed = record.disclose("outcome")
    assert disclosed.check(sealed.entry) == {"outcome": "refused"}
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

import msgspec

from avenant.errors import InputError
from avenant.languages import say
from avenant.ledger.note import decode64, encode64

Kind = Literal[
    "decision",
    "outcome",
    "instrument",
    "attestation",
    "revocation",
    "order",
    "heartbeat",
    "clock",
    "connection",
    "statement",
]
KINDS: tuple[str, ...] = get_args(Kind)

_FIELD = b"avenant/field/1"
_RECORD = b"avenant/record/1"
_VERSION = 1
_SALT = 16
_HEAD = frozenset({"id", "kind", "at"})
CONTENT_IDS = bytes(6) + b"\x80"  # above every id of `content_id`, and below any of this century
_LAST = 1 << 63  # the store keeps times and indexes in 63 bits

_json = msgspec.json.Encoder(order="sorted").encode


class Entry(msgspec.Struct, frozen=True):
    """The public leaf: a version and the commitment to a record, 33 bytes in all."""

    version: int
    commitment: bytes

    def leaf(self) -> bytes:
        """The bytes that are hashed into the tree."""
        return self.version.to_bytes(1) + self.commitment

    @classmethod
    def parse(cls, leaf: bytes) -> Entry | None:
        """The entry of a leaf's bytes; None when they are no entry of a known version."""
        if len(leaf) == 33 and leaf[0] == _VERSION:
            return cls(_VERSION, leaf[1:])
        return None


class Sealed(NamedTuple):
    """A record ready to be appended: its canonical bytes, its entry, and what the sequencer needs to know of it."""

    id: UUID
    kind: str
    body: Mapping[str, Any]
    entry: Entry
    record: bytes


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One private record. `at` is in nanoseconds since 1970 (UTC); a salt is 16 random bytes, one a field."""

    id: UUID
    kind: str
    at: int
    body: dict[str, Any]
    salts: dict[str, bytes]

    @classmethod
    def parse(cls, data: bytes) -> Record:
        """Read a record's canonical JSON; raises InputError `bad-record` for any other bytes."""
        try:
            record = _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
            raise _bad_record() from None
        # INVARIANT: one record, one spelling. Everything that a decoder forgives is caught by writing it again.
        if record.canonical() != data:
            raise _bad_record()
        if record.kind not in KINDS or not is_uuid7(record.id) or not 0 <= record.at < _LAST:
            raise _bad_record()
        if record.salts.keys() != record.body.keys() | _HEAD or record.body.keys() & _HEAD:
            raise _bad_record()
        if any(len(salt) != _SALT for salt in record.salts.values()):
            raise _bad_record()
        return record

    def canonical(self) -> bytes:
        """The one spelling of this record, as JSON."""
        return _json(self)

    def fields(self) -> Iterable[tuple[str, bytes, bytes]]:
        """Name, salt and canonical value of each field, in the order of the names."""
        values = {"id": str(self.id), "kind": self.kind, "at": self.at, **self.body}
        return ((name, self.salts[name], _json(values[name])) for name in sorted(values))

    def entry(self) -> Entry:
        """The entry that commits to this record."""
        return _entry([_commit(*field) for field in self.fields()])

    def disclose(self, *names: str) -> Disclosure:
        """Open these fields to somebody who holds the entry, and no others."""
        fields = list(self.fields())
        unknown = sorted(set(names) - {name for name, _, _ in fields})
        if unknown:
            raise InputError(
                "no-such-field",
                say("ledger.no-field", field=unknown[0]),
                None,
                say("ledger.no-field-hint", known=", ".join(name for name, _, _ in fields)),
            )
        return Disclosure(
            tuple(encode64(_commit(*field)) for field in fields),
            tuple(
                Opened(at, name, encode64(salt), msgspec.Raw(value))
                for at, (name, salt, value) in enumerate(fields)
                if name in names
            ),
        )


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One disclosed field: its place among the commitments, name, salt (base64) and value."""

    index: int
    name: str
    salt: str
    value: msgspec.Raw


class Disclosure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All field commitments of a record (base64), and the fields that are opened."""

    commitments: tuple[str, ...]
    opened: tuple[Opened, ...]

    def check(self, entry: Entry) -> dict[str, Any]:
        """The disclosed fields, shown to be the entry's; raises InputError `bad-disclosure` when they are not."""
        commitments = [decode64(text) or b"" for text in self.commitments]
        good = all(len(c) == 32 for c in commitments) and _entry(commitments) == entry
        for field in self.opened:
            salt = decode64(field.salt) or b""
            good = (
                good
                and len(salt) == _SALT
                and 0 <= field.index < len(commitments)
                and _commit(field.name, salt, bytes(field.value)) == commitments[field.index]
            )
        if not good:
            raise InputError(
                "bad-disclosure",
                say("ledger.bad-disclosure"),
                None,
                say("ledger.bad-disclosure-hint"),
            )
        return {field.name: msgspec.json.decode(field.value) for field in self.opened}


def seal(
    id: UUID,
    kind: str,
    at: int,
    body: Mapping[str, Any],
    random: Callable[[int], bytes] = os.urandom,
) -> Sealed:
    """Commit to a record, with fresh salts.

    `at` in ns; body: field names to JSON values, or to what `msgspec` writes as such.
    Raises InputError `bad-record` naming what cannot be kept.
    """
    _check(id, kind, at, body)
    try:
        values = {name: _json(value) for name, value in body.items()}
        raw = {name: msgspec.Raw(value) for name, value in values.items()}
        values["id"], values["kind"], values["at"] = _json(id), _json(kind), _json(at)
        names = sorted(values)
        salt = random(_SALT * len(names))
        salts = {name: salt[n * _SALT : (n + 1) * _SALT] for n, name in enumerate(names)}
        entry = _entry([_commit(name, salts[name], values[name]) for name in names])
        record = _json({"at": at, "body": raw, "id": id, "kind": kind, "salts": salts})
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        # Among them: a name that is no text, a lone surrogate, a set within a set.
        raise _cannot_keep(say("ledger.not-json", problem=error)) from None
    return Sealed(id, kind, body, entry, record)


def new_id(at: int, random: Callable[[int], bytes] = os.urandom) -> UUID:
    """A UUID version 7 (RFC 9562 §5.7) for this moment, in ns: 48 bits of milliseconds, 74 random ones."""
    bits = int.from_bytes(random(10)) >> 6
    stamp = (at // 1_000_000 & (1 << 48) - 1) << 80
    return UUID(int=stamp | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)


def content_id(body: Mapping[str, Any]) -> UUID:
    """The same body, the same id: what is recorded already is not recorded again, and is found without a search.

    A UUIDv7 at 1970, its random bits those of the body's digest.
    """
    digest = sha256(_json(body)).digest()
    return new_id(0, lambda count: digest[:count])


def is_uuid7(id: UUID) -> bool:
    """Is this a UUID of version 7?"""
    return id.int >> 76 & 0xF == 7 and id.int >> 62 & 0b11 == 0b10


def is_uuid(text: str) -> bool:
    """Is this a UUID in its one spelling: lower case, with hyphens?"""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _check(id: UUID, kind: str, at: int, body: Mapping[str, Any]) -> None:
    if kind not in KINDS:
        raise _cannot_keep(say("ledger.unknown-kind", kind=kind, known=", ".join(KINDS)))
    if not is_uuid7(id):
        raise _cannot_keep(say("ledger.not-uuid7", id=id))
    if not 0 <= at < _LAST:
        raise _cannot_keep(say("ledger.bad-time", at=at))
    if not _HEAD.isdisjoint(body):
        raise _cannot_keep(say("ledger.reserved-field"))


def _commit(name: str, salt: bytes, value: bytes) -> bytes:
    return sha256(_FIELD + salt + _framed(name) + len(value).to_bytes(4) + value).digest()


@lru_cache(1024)
def _framed(name: str) -> bytes:
    """A name behind its length. Few names are ever used, and every record uses a dozen of them."""
    written = name.encode()
    return len(written).to_bytes(4) + written


def _entry(commitments: list[bytes]) -> Entry:
    count = len(commitments).to_bytes(4)
    return Entry(_VERSION, sha256(_RECORD + count + b"".join(commitments)).digest())


def _cannot_keep(why: str) -> InputError:
    return InputError("bad-record", say("ledger.cannot-keep", why=why), None, None)


def _bad_record() -> InputError:
    return InputError("bad-record", say("ledger.bad-record"), None, say("ledger.bad-record-hint"))


_decoder = msgspec.json.Decoder(Record)
