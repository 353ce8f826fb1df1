"""Attestations: what a signed fact is worth, and why one that does not hold only claims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from avenant.agreement.canonical import digest
from avenant.agreement.types import InForce
from avenant.consent.attest import (
    AboutCall,
    AboutConnection,
    Attestation,
    Attested,
    Mapped,
    attest,
    attested,
    require_officer,
)
from avenant.consent.dsse import ATTESTATION, encoded, seal
from avenant.consent.keys import public
from avenant.consent.status import text_in_force
from avenant.decide.types import Standing
from avenant.errors import InputError, Refused, Span
from tests.parties import DAY, World, key, line

ARMY = AboutConnection("army", digest(b"av-army-1"))
CALL = AboutCall(digest(b"a call"))
AT = Span("connections/army.dsse.json", 1)
OFFICER = public(key("officer")).id


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The agreement, in force; `officer` attests for the department, as connection and as approver."""
    made = World(tmp_path)
    made.agree(0)
    return made


@pytest.fixture
def text(world: World) -> InForce:
    """The text in force."""
    found = text_in_force(world.dossier(), world.now)
    assert found is not None
    return found


def said(world: World) -> Attestation:
    """What the officer says of the army's connection, for a day: two axes that the text names, one that it does not."""
    facts = {
        "purpose": ("office-work",),
        "effect": ("advice",),
        "approval": ("approved",),
    }
    return Attestation({"tiny": facts}, ARMY, OFFICER, world.now, world.now + DAY)


def changed(attestation: Attestation, **fields: object) -> Attestation:
    """The same but for these fields."""
    return msgspec.structs.replace(attestation, **fields)


def standings(found: Attested) -> dict[str, Standing]:
    """The standing of each axis's fact."""
    return {fact.axis: fact.standing for fact in found.facts}


def test_facts_are_established_on_the_axes_that_the_text_names(world: World, text: InForce) -> None:
    """A connection's facts are established where the text names the connection, and claimed elsewhere."""
    found = attested(attest(said(world), key("officer")), ARMY, text, world.now, AT)
    assert {
        "purpose": Standing.ESTABLISHED,
        "effect": Standing.CLAIMED,  # nobody may establish it
        "approval": Standing.CLAIMED,  # an approver may, a connection may not
    } == standings(found)
    assert {"connection army"} == {fact.source for fact in found.facts}
    assert (None, None, world.now + DAY) == (found.code, found.reason, found.until)


def test_an_approval_is_the_same_thing_about_a_call(world: World, text: InForce) -> None:
    """About one call, the officer speaks as approver: the approval is established, the purpose only claimed."""
    raw = attest(changed(said(world), about=CALL, texts=(text.digest,)), key("officer"))
    found = attested(raw, CALL, text, world.now, AT)
    assert Standing.ESTABLISHED == standings(found)["approval"]
    assert Standing.CLAIMED == standings(found)["purpose"]
    assert {f"approver {OFFICER}"} == {fact.source for fact in found.facts}
    # For the call next to it, or under another text, it is worth nothing.
    assert "other-subject" == attested(raw, AboutCall(digest(b"next")), text, world.now, AT).code
    later = replace(text, digest=digest(b"other"))
    assert "other-text" == attested(raw, CALL, later, world.now, AT).code


def test_the_whole_chain_is_attested(world: World, text: InForce) -> None:
    """Several values of one axis are all carried, each established, in their order."""
    facts = {"tiny": {"purpose": ("office-work", "translation")}}
    raw = attest(changed(said(world), facts=facts), key("officer"))
    found = attested(raw, ARMY, text, world.now, AT)
    assert ["office-work", "translation"] == [fact.category for fact in found.facts]
    assert {Standing.ESTABLISHED} == {fact.standing for fact in found.facts}


def resealed(name: str) -> Callable[[World], bytes]:
    """The officer's words, sealed by another key."""
    return lambda world: seal(encoded(said(world)), ATTESTATION, key(name))


def tampered(world: World) -> bytes:
    """The officer's signature under another purpose."""
    sound = attest(said(world), key("officer"))
    other = attest(
        changed(said(world), facts={"tiny": {"purpose": ("translation",)}}), key("officer")
    )
    return other[: other.index(b'"sig"')] + sound[sound.index(b'"sig"') :]


def by(**fields: object) -> Callable[[World], bytes]:
    """Soundly signed by the officer, with these fields changed."""
    return lambda world: attest(changed(said(world), **fields), key("officer"))


WORTHLESS: dict[str, Callable[[World], bytes]] = {
    "unsigned": lambda world: encoded(said(world)),
    "bad-signature": tampered,
    "no-officer": resealed("department"),
    "other-agreement": by(facts={"other": {"purpose": ("office-work",)}}),
    "unsupported-map": by(map=(Mapped("team", "x", {"purpose": ("translation",)}, None),)),
    "other-subject": by(about=AboutConnection("army", digest(b"another key"))),
    "not-yet": lambda w: by(not_before=w.now + DAY / 2)(w),
    "expired": lambda w: by(not_before=w.now - DAY, not_after=w.now)(w),
}


@pytest.mark.parametrize("code", WORTHLESS)
def test_what_does_not_hold_only_claims(world: World, text: InForce, code: str) -> None:
    """Each way in which an attestation does not hold leaves its facts as claims, and says why."""
    found = attested(WORTHLESS[code](world), ARMY, text, world.now, AT)
    assert (code, True) == (found.code, bool(found.reason))
    expected = set() if code == "other-agreement" else {Standing.CLAIMED}
    assert expected == {fact.standing for fact in found.facts}


@pytest.mark.parametrize("name", ["supplier", "stranger", "officer"])
def test_an_attestation_names_who_signs_it(world: World, text: InForce, name: str) -> None:
    """A key that is not the one named does not sign; what it seals all the same is no officer's word."""
    other = changed(said(world), by=public(key("department")).id)
    with pytest.raises(Refused, match="other-signer"):
        attest(other, key(name))
    raw = seal(encoded(other), ATTESTATION, key(name))
    assert "no-officer" == attested(raw, ARMY, text, world.now, AT).code


def test_the_clock_alone_ends_and_begins_it(world: World, text: InForce) -> None:
    """`until` is the moment from which the answer is another one: its beginning, then its end, then never."""
    raw = by(not_before=world.now + DAY, not_after=world.now + 2 * DAY)(world)
    seen = [attested(raw, ARMY, text, world.now + n * DAY, AT) for n in range(3)]
    assert ["not-yet", None, "expired"] == [found.code for found in seen]
    assert [world.now + DAY, world.now + 2 * DAY, None] == [found.until for found in seen]


def test_a_text_that_names_nobody_has_no_officers(world: World, text: InForce) -> None:
    """Without `signed-by` for a capacity, a party's officer is entitled to nothing."""
    silent = replace(text, facts=replace(text.facts, signed_by={"approver": ("department",)}))
    found = attested(attest(said(world), key("officer")), ARMY, silent, world.now, AT)
    assert "not-entitled" == found.code


def test_an_officer_attests_for_a_party_that_the_text_names(world: World, text: InForce) -> None:
    """An officer of a party that is not named is entitled to nothing; one of two named parties is entitled."""
    supplier, department = text.parties
    parties = (replace(supplier, officers=(line("two"),)), department)
    raw = attest(changed(said(world), by=public(key("two")).id), key("two"))
    codes = {
        signers: attested(
            raw,
            ARMY,
            replace(
                text, facts=replace(text.facts, signed_by={"connection": signers}), parties=parties
            ),
            world.now,
            AT,
        ).code
        for signers in (("department",), ("supplier", "department"))
    }
    assert {("department",): "not-entitled", ("supplier", "department"): None} == codes


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"purpos": ("office-work",)}, "unknown-axis"),
        ({"purpose": ("office",)}, "unknown-category"),
    ],
)
def test_facts_that_the_text_does_not_know_are_an_error(
    world: World, text: InForce, facts: dict[str, tuple[str, ...]], code: str
) -> None:
    """A fact outside the vocabulary of the text is refused by name and place: it may be what is forbidden."""
    with pytest.raises(InputError) as caught:
        attested(by(facts={"tiny": facts})(world), ARMY, text, world.now, AT)
    assert (code, AT) == (caught.value.code, caught.value.at)


@pytest.mark.parametrize(
    "payload",
    [
        b'{"facts":{}}',
        b"{}",
        b"",
        b"null",
    ],
)
def test_what_is_no_attestation_is_an_error(world: World, text: InForce, payload: bytes) -> None:
    """A payload that is no attestation is malformed, sealed or not."""
    for raw in (payload, seal(payload, ATTESTATION, key("officer"))):
        with pytest.raises(InputError, match="malformed"):
            attested(raw, ARMY, text, world.now, AT)


def test_an_attestation_says_something_for_some_time(world: World) -> None:
    """An empty period, no facts, and an axis without a category cannot be said."""
    for fields in (
        {"facts": {}},
        {"facts": {"tiny": {}}},
        {"facts": {"tiny": {"purpose": ()}}},
        {"about": CALL},
        {"texts": (digest(b"a text"),)},
        {"about": CALL, "texts": (digest(b"a text"),) * 2},
        {"not_after": world.now},
        {"not_before": world.now.replace(tzinfo=None)},
    ):
        with pytest.raises(ValueError, match=r"."):
            changed(said(world), **fields)


def test_nobody_can_attest_where_nobody_is_named(world: World, text: InForce) -> None:
    """A party without officers, and a text without signers, are refused by their own codes and say what to write."""
    officer = public(key("officer"))
    both = replace(text.facts, signed_by={"connection": ("supplier", "department")})
    none = replace(text.facts, signed_by={})
    cases = {
        "no-officers": (replace(text, facts=both), "supplier", str(officer)),
        "nobody-entitled": (replace(text, facts=none), "department", "{connection: [department]}"),
    }
    for code, (named, party, hint) in cases.items():
        with pytest.raises(Refused, match=code) as caught:
            require_officer(named, party, officer, "connection")
        assert hint in str(caught.value.hint)
    require_officer(text, "department", officer, "connection")
