"""The refusals: a sound dossier, one thing changed, and the one refusal that this must meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from avenant.agreement.canonical import digest
from avenant.agreement.types import Dossier
from avenant.consent.attest import AboutConnection, Attestation, attest
from avenant.consent.dsse import SIGNED, seal
from avenant.consent.keys import public
from avenant.consent.sign import sign
from avenant.consent.status import next_change, status, text_at, text_in_force
from avenant.errors import AvenantError, InputError, InputErrors, Refused
from avenant.instants import instant
from tests.parties import DAY, HOUR, KNOWING, World, key, line

SUPPLIER_0 = "0-agreement.supplier"
DEPARTMENT_0 = "0-agreement.department"
SUPPLIER_1 = "1-amendment.supplier"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two instruments, both signed by both; the second takes effect in eight days."""
    made = World(tmp_path)
    made.agree(0)
    made.now += HOUR
    made.amend()
    made.agree(1)
    made.now += HOUR
    return made


def file(world: World, stem: str) -> Path:
    """The envelope whose name starts so."""
    (found,) = (world.path / "signatures").glob(f"{stem}.*")
    return found


def codes(error: AvenantError) -> set[str]:
    """The codes of one error, or of several reported together."""
    several = error.errors if isinstance(error, InputErrors) else (error,)
    assert all(e.message and e.hint for e in several)
    return {e.code for e in several}


def refused(action: Callable[[], object]) -> set[str]:
    """The codes with which an action is refused."""
    with pytest.raises(AvenantError) as caught:
        action()
    return codes(caught.value)


def test_the_sound_dossier_is_not_refused(world: World) -> None:
    """The dossier that every case below breaks is in force, both instruments agreed."""
    assert [("in force", ()), ("agreed", ())] == [
        (i.state, i.lacking) for i in world.status().instruments
    ]


def flip(world: World) -> None:
    """One byte of the amendment's prose is another."""
    path = world.path / "1-amendment.md"
    path.write_text(path.read_text().replace("is not used", "is now used", 1))


def resign(world: World) -> None:
    """The supplier's key signs the agreement once more, an hour later, into another file."""
    sound = file(world, SUPPLIER_0)
    again = sound.with_name("0-agreement.again.dsse.json")
    again.write_bytes(sound.read_bytes())
    world.forge(again, lambda s: msgspec.structs.replace(s, at=s.at + HOUR))


def attestation(world: World) -> None:
    """A sound attestation by a party's key lies among the signatures."""
    who = public(key("supplier")).id
    about = AboutConnection("army", digest(b"key"))
    facts = {"tiny": {"purpose": ("office-work",)}}
    said = Attestation(facts, about, who, world.now, world.now + DAY)
    file(world, SUPPLIER_0).write_bytes(attest(said, key("supplier")))


def changed(**fields: object) -> Callable[[World], None]:
    """The supplier signs soundly, but another payload."""
    return lambda world: world.forge(
        file(world, SUPPLIER_0), lambda s: msgspec.structs.replace(s, **fields)
    )


def strange(world: World) -> None:
    """A key of nobody signs the very same payload."""
    world.forge(file(world, SUPPLIER_0), lambda s: s, "stranger")


def swapped(world: World) -> None:
    """The supplier's envelope carries the department's signature."""
    one, two = file(world, SUPPLIER_0), file(world, DEPARTMENT_0)
    take = slice(two.read_bytes().index(b'"sig":'), None)
    one.write_bytes(one.read_bytes()[: one.read_bytes().index(b'"sig":')] + two.read_bytes()[take])


def unordered(world: World) -> None:
    """The payload's keys stand in another order, and the supplier signed that."""
    file(world, SUPPLIER_0).write_bytes(
        seal(b'{"number":0,"agreement":"tiny"}', SIGNED, key("supplier"))
    )


BREAKS: dict[str, tuple[Callable[[World], object], set[str]]] = {
    "a changed byte": (flip, {"changed-file"}),
    "a file that was signed is gone": (
        changed(files={"0-agreement.md": digest(b""), "0-agreement.fr.md": digest(b"")}),
        {"changed-file", "missing-file"},
    ),
    "a signature over other bytes": (swapped, {"bad-signature"}),
    "an unknown key": (strange, {"unknown-key"}),
    "an envelope cut off": (
        lambda w: file(w, SUPPLIER_0).write_bytes(file(w, SUPPLIER_0).read_bytes()[:-9]),
        {"malformed-envelope"},
    ),
    "a payload in another spelling": (unordered, {"malformed-payload"}),
    "an attestation among signatures": (attestation, {"wrong-payload-type"}),
    "one key twice": (resign, {"signed-twice"}),
    "a signature of tomorrow": (
        changed(at=instant("2026-03-03T09:00:00Z")),
        {"signed-later"},
    ),
    "another agreement": (changed(agreement="other"), {"other-agreement"}),
    "other rules or categories": (changed(decides=digest(b"")), {"decides-differs"}),
    "another kind": (changed(kind="amendment"), {"other-kind"}),
    "an act of one party": (
        changed(kind="suspension", party="supplier", under=digest(b"")),
        {"unsupported-kind"},
    ),
    "another predecessor": (changed(previous=digest(b"")), {"fork"}),
    "an instrument that is not there": (changed(number=7), {"no-instrument"}),
    "a predecessor without its quorum": (
        lambda w: file(w, DEPARTMENT_0).unlink(),
        {"predecessor-unsigned"},
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_one_change_meets_its_refusal(world: World, name: str) -> None:
    """Each change is refused by its own code, and then nothing is in force, read or signed."""
    change, expected = BREAKS[name]
    change(world)
    dossier = world.dossier()
    assert expected == refused(lambda: status(dossier, world.now))
    assert expected == refused(lambda: text_in_force(dossier, world.now))
    assert expected == refused(lambda: next_change(dossier, world.now))
    assert expected == refused(lambda: text_at(dossier, 0, None, now=world.now))
    assert expected == refused(
        lambda: sign(dossier, 0, "supplier", key("supplier"), KNOWING, world.now)
    )


def test_several_changes_are_reported_at_once(world: World) -> None:
    """Two envelopes with two faults are one error that names both."""
    strange(world)
    file(world, DEPARTMENT_0).write_bytes(b"{}")
    assert {"unknown-key", "malformed-envelope"} == refused(world.status)


def test_a_byte_of_a_predecessor_is_refused_before_the_signatures_are_read(world: World) -> None:
    """The instrument that follows names the agreement's digest, so its reader sees the change first."""
    path = world.path / "0-agreement.md"
    path.write_text(path.read_text().replace("may use", "may bse", 1))
    assert {"previous-differs"} == refused(world.status)


def test_a_translation_that_nobody_signed_is_refused(world: World) -> None:
    """A file that comes to a signed instrument later is not covered by its signatures."""
    dossier = world.dossier()
    files = {**dossier.instruments[1].files, "1-amendment.fr.md": digest(b"")}
    more = replace(dossier.instruments[1], files=files)
    later = replace(dossier, instruments=(dossier.instruments[0], more))
    assert {"unsigned-file"} == refused(lambda: status(later, world.now))


def chained(world: World, change: Callable[[Dossier], Dossier]) -> set[str]:
    """The refusal of a dossier that no reader would hand out."""
    return refused(lambda: status(change(world.dossier()), world.now))


def test_gaps_and_forks_are_refused_even_unread(world: World) -> None:
    """A missing instrument, none at all, two of a number, another predecessor: each its own."""
    world.amend(2)

    def keep(*numbers: int) -> Callable[[Dossier], Dossier]:
        return lambda d: replace(d, instruments=tuple(d.instruments[n] for n in numbers))

    def rechained(dossier: Dossier) -> Dossier:
        one = replace(dossier.instruments[1], previous=digest(b"another past"))
        return replace(dossier, instruments=(dossier.instruments[0], one))

    assert {"gap"} == chained(world, keep(0, 2))
    assert {"gap"} == chained(world, keep(1, 2))
    assert {"gap"} == chained(world, keep())
    assert {"two-of-a-number"} == chained(world, keep(0, 1, 1))
    assert {"fork"} == chained(world, rechained)
    # The signatures on what is cut off at the end still tell.
    assert {"no-instrument"} == chained(world, keep(0))


def test_a_kind_without_a_known_rule_of_change_is_refused(world: World) -> None:
    """A key change is not signed, and one that is signed holds nothing."""
    world.amend(2)

    def key_change(dossier: Dossier) -> Dossier:
        last = replace(dossier.instruments[2], kind="key-change")
        return replace(dossier, instruments=(*dossier.instruments[:2], last))

    dossier = key_change(world.dossier())
    assert {"unsupported-kind"} == refused(
        lambda: sign(dossier, 2, "supplier", key("supplier"), KNOWING, world.now)
    )
    world.agree(2)
    assert {"other-kind"} == chained(world, key_change)
    for party in ("supplier", "department"):
        envelope = file(world, f"2-amendment.{party}")
        world.forge(envelope, lambda s: msgspec.structs.replace(s, kind="key-change"), party)
    assert {"unsupported-kind"} == chained(world, key_change)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({"supplier": ("supplier", "department")}, {"shared-key"}),
        ({"department": ()}, {"no-keys"}),
        ({"threshold": 3}, {"bad-threshold"}),
        ({"threshold": 0}, {"bad-threshold"}),
    ],
)
def test_unsound_parties_are_refused(
    tmp_path: Path, lines: dict[str, object], code: set[str]
) -> None:
    """A shared key, a party without keys, a threshold that cannot be or asks for nobody: each its own refusal."""
    world = World(tmp_path)
    dossier = world.dossier()
    supplier, department = dossier.instruments[0].parties
    names = {"supplier": world.supplier, "department": world.department, **lines}
    changed = (
        replace(
            supplier,
            keys=tuple(line(n) for n in names["supplier"]),
            threshold=names.get("threshold", 1),
        ),
        replace(department, keys=tuple(line(n) for n in names["department"])),
    )
    broken = replace(dossier, instruments=(replace(dossier.instruments[0], parties=changed),))
    assert code == refused(lambda: sign(broken, 0, "supplier", key("supplier"), KNOWING, world.now))
    signed = replace(broken, envelopes={"0-agreement.x.dsse.json": b"{}"})
    assert code == refused(lambda: status(signed, world.now))


def test_nobody_makes_no_quorum(tmp_path: Path) -> None:
    """An agreement without parties is never in force, whatever lies among its signatures."""
    dossier = World(tmp_path).dossier()
    nobody = replace(dossier.instruments[0], parties=())
    signed = replace(dossier, instruments=(nobody,), envelopes={"x.dsse.json": b""})
    assert {"no-parties"} == refused(lambda: status(signed, instant("2026-03-02")))
    unsigned = replace(signed, envelopes={})
    assert text_in_force(unsigned, instant("2026-03-02")) is None


SIGNING: dict[str, tuple[tuple[int, str, str], str]] = {
    "a party that is not one": ((0, "suplier", "supplier"), "unknown-party"),
    "a key of nobody": ((0, "supplier", "stranger"), "key-of-nobody"),
    "a key of the other party": ((0, "supplier", "department"), "key-of-other-party"),
    "an officer's key": ((0, "department", "officer"), "key-of-nobody"),
    "no such instrument": ((5, "supplier", "supplier"), "no-such-number"),
    "before its predecessor": ((1, "supplier", "supplier"), "no-quorum"),
}


@pytest.mark.parametrize("name", SIGNING)
def test_signing_is_refused(tmp_path: Path, name: str) -> None:
    """Whoever may not sign is told why, and nothing is written."""
    (number, party, holder), code = SIGNING[name]
    world = World(tmp_path)
    world.amend()
    with pytest.raises(Refused) as caught:
        world.sign(number, party, holder)
    assert code == caught.value.code
    assert not (world.path / "signatures").exists()


def test_a_misspelt_party_is_told_the_nearest(tmp_path: Path) -> None:
    """The refusal of an unknown party names the one that was probably meant."""
    with pytest.raises(Refused) as caught:
        World(tmp_path).sign(0, "suplier", "supplier")
    assert "`supplier`" in str(caught.value.hint)


def test_a_key_signs_once(tmp_path: Path) -> None:
    """A second signature by the same key is refused before it is made."""
    world = World(tmp_path)
    world.sign(0, "supplier")
    assert {"signed-already"} == refused(lambda: world.sign(0, "supplier"))


def test_two_keys_of_one_party_do_not_make_two_parties(tmp_path: Path) -> None:
    """A second key of a party that has signed is refused; were it there, the other party would still be missing."""
    world = World(tmp_path)
    world.sign(0, "supplier")
    assert {"party-signed"} == refused(lambda: world.sign(0, "supplier", "supplier-two"))
    # Both colleagues sign at once, each not knowing of the other: that harms nothing and counts once.
    first = file(world, SUPPLIER_0)
    second = first.with_name("0-agreement.supplier.b.dsse.json")
    second.write_bytes(first.read_bytes())
    world.forge(second, lambda s: s, "supplier-two")
    known = world.status()
    assert ("pending", 2) == (known.instruments[0].state, len(known.instruments[0].signatures))
    assert ["department"] == [who.party for who in known.instruments[0].lacking]
    assert text_in_force(world.dossier(), world.now) is None
    world.amend()
    with pytest.raises(Refused) as caught:
        world.sign(1, "supplier")
    assert "one-party-twice" == caught.value.code
    assert "still one party: missing department" in caught.value.message


def test_an_amendment_must_name_its_predecessor(tmp_path: Path) -> None:
    """Without `previous`, or with another, signing is refused, and the remedy prints the right one."""
    world = World(tmp_path)
    world.agree(0)
    world.amend()
    dossier = world.dossier()
    for previous, code in ((None, "no-previous"), (digest(b""), "other-previous")):
        one = replace(dossier.instruments[1], previous=previous)
        broken = replace(dossier, instruments=(dossier.instruments[0], one))
        with pytest.raises(Refused) as caught:
            sign(broken, 1, "supplier", key("supplier"), KNOWING, world.now)
        assert code == caught.value.code
        assert dossier.instruments[0].digest in str(caught.value.hint)


def test_a_text_that_cannot_be_derived_is_not_signed(tmp_path: Path) -> None:
    """An amendment whose text does not hold together is refused with the places, before anybody signs it."""
    world = World(tmp_path)
    world.agree(0)
    world.amend()
    path = world.path / "1-amendment.md"
    path.write_text(path.read_text().replace("#purposes", "#purpose"))
    with pytest.raises(InputError) as caught:
        world.sign(1, "supplier")
    assert "1-amendment.md" == caught.value.at.file


@pytest.mark.parametrize("knowing", ["", "8d10b7e2", "sha256:8d10b7e2", KNOWING.upper()])
def test_a_report_is_known_by_its_whole_digest(tmp_path: Path, knowing: str) -> None:
    """What is not the full digest of a report cannot be what the signer knew."""
    with pytest.raises(Refused) as caught:
        World(tmp_path).sign(0, "supplier", knowing=knowing)
    assert "bad-knowing" == caught.value.code


def test_a_signature_is_never_written_over(tmp_path: Path) -> None:
    """Writing an envelope over one that is there is refused, and the first stays."""
    world = World(tmp_path)
    envelope = world.envelope(0, "supplier")
    path = world.sign(0, "supplier")
    before = path.read_bytes()
    path.with_name("other").write_bytes(b"")
    from avenant.consent.write import write_envelope

    with pytest.raises(InputError) as caught:
        write_envelope(world.path, envelope)
    assert ("exists", before) == (caught.value.code, path.read_bytes())
