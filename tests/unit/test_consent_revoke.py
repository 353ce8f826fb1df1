"""Revocations: whose officer may end which connection, and what stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import InForce
from avenant.consent.attest import AboutConnection, Attestation, attest
from avenant.consent.dsse import ATTESTATION, RECORD, encoded, seal
from avenant.consent.keys import public
from avenant.consent.revoke import Revocation, may_revoke, revoke, revoked
from avenant.consent.status import text_at
from avenant.errors import InputError, Refused
from tests.parties import AGREEMENT, World, key, line

ARMY = AboutConnection("army", f"sha256:{'a' * 64}")
PARTIES = ("supplier", "department")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The small agreement."""
    return World(tmp_path)


def text(
    world: World, *, any_party: bool = False, signers: str = "department, supplier"
) -> InForce:
    """Its text, with an officer of each party; `any_party` adds the switch, `signers` may sign connections."""
    written = AGREEMENT.format(
        threshold=1,
        supplier=[line("supplier")],
        department=[line("department")],
        officers=[line("department-officer")],
    )
    written = written.replace(
        f"keys: {[line('supplier')]}",
        f"keys: {[line('supplier')]}, officers: {[line('supplier-officer')]}",
    )
    written = written.replace("connection: [department]", f"connection: [{signers}]")
    if any_party:
        written += "\n```switches\nrevoke: any\n```\n"
    world.write("0-agreement.md", written)
    return text_at(read_dossier(world.path), 0, None, now=world.now)


def attestation(world: World, signer: str | None) -> bytes:
    """What an officer of a party signed about the connection; None: nobody did."""
    said = Attestation(
        by=public(key(f"{signer}-officer")).id,
        about=ARMY,
        facts={"tiny": {"purpose": ("office-work",)}},
        not_before=world.now,
        not_after=world.now + timedelta(days=1),
    )
    return attest(said, key(f"{signer}-officer")) if signer else encoded(said)


def revocation(world: World, **changes: str) -> Revocation:
    """What an officer would sign."""
    said = {"agreement": "tiny", "connection": "army", "key": ARMY.key, "why": "lost"}
    return Revocation(**{**said, **changes}, at=world.now)


@pytest.mark.parametrize(
    ("signer", "any_party", "signers", "may"),
    [
        ("department", False, "department, supplier", ["department"]),
        ("supplier", False, "department, supplier", ["supplier"]),
        ("supplier", False, "department", ["supplier"]),
        ("stranger", False, "department", ["department"]),
        (None, False, "department", ["department"]),
        (None, False, "department, supplier", ["department", "supplier"]),
        ("department", True, "department", ["supplier", "department"]),
        (None, True, "department", ["supplier", "department"]),
    ],
)
def test_who_may_revoke(
    world: World, signer: str | None, any_party: bool, signers: str, may: Sequence[str]
) -> None:
    """The party whose officer signed it, and only that; any party by the switch; else those that may sign."""
    found = text(world, any_party=any_party, signers=signers)
    raw = attestation(world, signer)
    assert list(may) == list(may_revoke(found, raw))
    for party in PARTIES:
        envelope = seal(encoded(revocation(world)), RECORD, key(f"{party}-officer"))
        code = revoked(envelope, found, {ARMY: raw}).code
        assert (None if party in may else "no-officer") == code
        if party in may:
            signed = revoke(revocation(world), party, found, raw, key(f"{party}-officer"))
            assert envelope == signed
        else:
            with pytest.raises(Refused) as raised:
                revoke(revocation(world), party, found, raw, key(f"{party}-officer"))
            assert "not-yours-to-revoke" == raised.value.code


@pytest.mark.parametrize("signer", ["department", "supplier", "stranger"])
def test_only_officers(world: World, signer: str) -> None:
    """A party's signing key, and a stranger's, revoke nothing; the verb refuses them."""
    found = text(world, any_party=True)
    raw = attestation(world, "department")
    envelope = seal(encoded(revocation(world)), RECORD, key(signer))
    assert "no-officer" == revoked(envelope, found, {ARMY: raw}).code
    with pytest.raises(Refused) as raised:
        revoke(revocation(world), "department", found, raw, key(signer))
    assert "key-of-no-officer" == raised.value.code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreement": "other"}, "other-agreement"),
        ({"connection": "navy"}, "no-such-connection"),
        ({"key": f"sha256:{'b' * 64}"}, "no-such-connection"),
    ],
)
def test_about_something_else(world: World, changes: dict[str, str], code: str) -> None:
    """What is about another agreement, connection or key stops nothing, and says so."""
    found = text(world)
    raw = attestation(world, "department")
    envelope = seal(encoded(revocation(world, **changes)), RECORD, key("department-officer"))
    read = revoked(envelope, found, {ARMY: raw})
    assert (code, True) == (read.code, bool(read.reason))


def test_other_bytes(world: World) -> None:
    """A payload that the officer's key did not sign stops nothing."""
    found = text(world)
    raw = attestation(world, "department")
    sound = seal(encoded(revocation(world)), RECORD, key("department-officer"))
    other = seal(encoded(revocation(world, why="other")), RECORD, key("department-officer"))
    head, _, tail = sound.partition(b'"signatures"')
    mixed = other.partition(b'"signatures"')[0] + b'"signatures"' + tail
    assert head + b'"signatures"' + tail == sound
    assert "bad-signature" == revoked(mixed, found, {ARMY: raw}).code


@pytest.mark.parametrize(
    ("payload", "kind", "code"),
    [
        (b"{}", RECORD, "malformed-payload"),
        (None, ATTESTATION, "wrong-payload-type"),
        (b'{"kind":"opinion"}', RECORD, "malformed-payload"),
    ],
)
def test_what_is_no_revocation(world: World, payload: bytes | None, kind: str, code: str) -> None:
    """An envelope of something else is an error that says so."""
    raw = seal(payload or encoded(revocation(world)), kind, key("department-officer"))
    with pytest.raises(InputError) as raised:
        revoked(raw, text(world), {ARMY: None})
    assert code == raised.value.code


@pytest.mark.parametrize(
    ("field", "value"), [("why", " "), ("key", "sha256:00"), ("key", "a" * 64)]
)
def test_a_payload_means_something(world: World, field: str, value: str) -> None:
    """No reason, and a digest in another spelling, are refused where they are written."""
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec reports it as malformed
        revocation(world, **{field: value})
