"""Records: one spelling, commitments computed here from the documented formula, disclosure field by field."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import InputError
from avenant.ledger.record import KINDS, Disclosure, Entry, Record, is_uuid7, new_id, seal
from tests.ledgers import START

ID = new_id(START, lambda count: bytes(range(count)))
BODY = {"outcome": "refused", "cited": ["agencies/1"], "facts": {"z": 1, "a": None}}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=10,
)
bodies = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"])).filter(
        lambda n: n not in ("id", "kind", "at")
    ),
    values,
    max_size=5,
)


def by_hand(record: dict[str, Any]) -> bytes:
    """The commitment, from the formula in the documentation and the standard library alone."""
    fields = {"id": record["id"], "kind": record["kind"], "at": record["at"], **record["body"]}
    opened = b""
    for name in sorted(fields):
        value, written = msgspec.json.encode(fields[name], order="sorted"), name.encode()
        opened += sha256(
            b"avenant/field/1"
            + b64decode(record["salts"][name])
            + len(written).to_bytes(4, "big")
            + written
            + len(value).to_bytes(4, "big")
            + value
        ).digest()
    return sha256(b"avenant/record/1" + len(fields).to_bytes(4, "big") + opened).digest()


@given(bodies)
def test_seal_and_parse(body: dict[str, Any]) -> None:
    """Whatever is sealed has one spelling, is read back, and is committed to as the documentation says."""
    sealed = seal(ID, "decision", START, body)
    record = Record.parse(sealed.record)
    assert (ID, "decision", START) == (record.id, record.kind, record.at)
    assert body == record.body
    assert sealed.record == record.canonical()
    assert sealed.entry == record.entry()
    assert by_hand(msgspec.json.decode(sealed.record)) == sealed.entry.commitment
    assert 33 == len(sealed.entry.leaf())
    assert sealed.entry == Entry.parse(sealed.entry.leaf())


def test_the_same_record_twice_looks_different() -> None:
    """Salts are fresh, so an entry tells nothing, not even that two records are alike."""
    assert seal(ID, "decision", START, BODY).entry != seal(ID, "decision", START, BODY).entry


@given(bodies, st.data())
def test_disclosure(body: dict[str, Any], data: st.DataObject) -> None:
    """The chosen fields are opened and hold; no other value or salt is handed over."""
    sealed = seal(ID, "decision", START, body)
    record = Record.parse(sealed.record)
    names = data.draw(st.sets(st.sampled_from(["id", "kind", "at", *body])))
    text = msgspec.json.encode(record.disclose(*names))
    disclosed = msgspec.json.decode(text, type=Disclosure)
    everything = {"id": str(ID), "kind": "decision", "at": START, **body}
    assert {name: everything[name] for name in names} == disclosed.check(sealed.entry)
    assert {record.salts[name] for name in names} == {b64decode(f.salt) for f in disclosed.opened}


def test_a_false_disclosure() -> None:
    """Another value, name, place or salt, or another entry's fields, are refused."""
    sealed = seal(ID, "decision", START, BODY)
    disclosed = Record.parse(sealed.record).disclose("outcome")
    (field,) = disclosed.opened
    replace = msgspec.structs.replace
    false = (
        replace(field, value=msgspec.Raw(b'"permitted"')),
        replace(field, name="income"),
        replace(field, index=field.index - 1),
        replace(field, index=99),
        replace(field, index=-1),
        replace(field, salt="AAAAAAAAAAAAAAAAAAAAAA=="),
        replace(field, salt=field.salt.rstrip("=")),
    )
    for bent in false:
        with pytest.raises(InputError, match="bad-disclosure"):
            replace(disclosed, opened=(bent,)).check(sealed.entry)
    with pytest.raises(InputError, match="bad-disclosure"):
        disclosed.check(seal(ID, "decision", START, BODY).entry)
    with pytest.raises(InputError, match="bad-disclosure"):
        replace(disclosed, commitments=disclosed.commitments[:-1]).check(sealed.entry)


def test_disclosing_an_unknown_field() -> None:
    """A field that is not there is named, with those that are."""
    with pytest.raises(InputError) as raised:
        Record.parse(seal(ID, "decision", START, BODY).record).disclose("outcom")
    assert "no-such-field" == raised.value.code
    assert "outcome" in str(raised.value.hint)


GOOD = seal(ID, "decision", START, BODY).record


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b",", b", "),
        (b'{"at"', b' {"at"'),
        (b'"}}', b'"}}\n'),
        (b"refused", b"refuse\\u0064"),
        (b'"a":null', b'"a":null,"a":null'),
        (b'"a":null,"z":1', b'"z":1,"a":null'),
        (b'"z":1', b'"z":1.0e0'),
        (b'"z":1', b'"z":-0'),
        (b'"kind":"decision"', b'"kind":"decisions"'),
        (b'"kind":"decision"', b'"kind":"decision","more":1'),
        (b'"id":"0', b'"id":"{0'),
        (b'"at":1', b'"at":-1'),
        (b'"at":1', b'"at":"1'),
        (b'"outcome":"refused"', b'"outcome":"refused","also":1'),
        (b"==", b"="),
        (b"refused", b"refus\xffd"),
        (b"refused", b"\\ud800"),
        (GOOD, b""),
        (GOOD, b"null"),
        (GOOD, GOOD + GOOD),
        (GOOD, b"[" * 100_000),
    ],
)
def test_other_spellings_are_refused(old: bytes, new: bytes) -> None:
    """Anything but the one spelling of a whole record is refused, whatever a decoder would make of it."""
    bent = GOOD.replace(old, new, 1)
    assert bent != GOOD
    with pytest.raises(InputError) as raised:
        Record.parse(bent)
    assert "bad-record" == raised.value.code


def test_upper_case_id_is_another_spelling() -> None:
    """A UUID has one spelling too."""
    assert any(c.isalpha() for c in str(ID))
    with pytest.raises(InputError, match="bad-record"):
        Record.parse(GOOD.replace(str(ID).encode(), str(ID).upper().encode()))


@pytest.mark.parametrize(
    ("id", "kind", "at", "body"),
    [
        (ID, "decison", START, {}),
        (uuid4(), "decision", START, {}),
        (UUID(int=0), "decision", START, {}),
        (ID, "decision", -1, {}),
        (ID, "decision", 1 << 63, {}),
        (ID, "decision", START, {"id": 1}),
        (ID, "decision", START, {"at": 1}),
        (ID, "decision", START, {"x": object()}),
        (ID, "decision", START, {"x": {1: 2}}),
        (ID, "decision", START, {"x": "\ud800"}),
        (ID, "decision", START, {"\ud800": 1}),
        (ID, "decision", START, {1: 1}),
    ],
)
def test_what_cannot_be_kept(id: UUID, kind: str, at: int, body: dict[str, Any]) -> None:
    """What has no place in a record is refused before it is one, and the message says why."""
    with pytest.raises(InputError) as raised:
        seal(id, kind, at, body)
    assert "bad-record" == raised.value.code
    assert "cannot be recorded" in raised.value.message


@given(st.integers(0, (1 << 63) - 1))
def test_new_ids(at: int) -> None:
    """Ids are UUIDs of version 7 that begin with their millisecond, and differ."""
    id = new_id(at)
    assert is_uuid7(id)
    assert at // 1_000_000 % (1 << 48) == id.int >> 80
    assert id != new_id(at)


def test_kinds() -> None:
    """Every kind can be kept."""
    for kind in KINDS:
        assert kind == Record.parse(seal(ID, kind, START, {}).record).kind
