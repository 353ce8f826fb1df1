"""Quorum and effect on a clock under the test's hand: what is in force when, and when that changes next."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from avenant.agreement.canonical import digest
from avenant.consent.status import next_change, text_at, text_in_force
from avenant.consent.types import Status
from avenant.errors import InputError, Refused
from avenant.instants import Instant, instant
from tests.parties import DAY, HOUR, World


def in_force(world: World) -> str | None:
    """The id of the text in force now."""
    text = text_in_force(world.dossier(), world.now)
    assert text is None or not text.draft
    return text.id if text else None


def change(world: World) -> Instant | None:
    """When that changes next."""
    return next_change(world.dossier(), world.now)


def read(world: World, number: int | None = None, on: str | None = None) -> tuple[str, bool]:
    """What a reader gets: the text's id, and whether it is a draft."""
    moment = None if on is None else instant(on)
    text = text_at(world.dossier(), number, moment, now=world.now)
    return text.id, text.draft


def test_an_unsigned_dossier_is_a_draft(tmp_path: Path) -> None:
    """Nobody has signed: readers get drafts by their own dates, and nothing is in force."""
    world = World(tmp_path)
    world.amend()
    known = world.status()
    assert (True, None) == (known.draft, known.in_force)
    assert ["draft", "draft"] == [i.state for i in known.instruments]
    assert ["2026-03-01", "2026-03-10"] == [i.since.date().isoformat() for i in known.instruments]
    assert (None, None) == (in_force(world), change(world))
    assert ("tiny@0", True) == read(world)
    assert ("tiny@1", True) == read(world, on="2026-03-10")
    assert ("tiny@1", True) == read(world, 1)


def test_before_its_first_date_nothing_is_in_force(tmp_path: Path) -> None:
    """A reader who asks about a day before the first text is told when that takes effect."""
    with pytest.raises(InputError) as caught:
        read(World(tmp_path), on="2026-02-01")
    assert "nothing-in-force" == caught.value.code
    assert "1 March 2026" in caught.value.message


def test_it_takes_both_parties(tmp_path: Path) -> None:
    """With one of two parties it is pending since that signature; with the other it is in force from the last one."""
    world = World(tmp_path)
    world.sign(0, "supplier")
    first = world.now
    (one,) = world.status().instruments
    assert ("pending", first) == (one.state, one.pending_since)
    assert [("department", 1)] == [(who.party, who.signatures) for who in one.lacking]
    assert (None, True) == (in_force(world), world.status().draft)

    world.now += HOUR
    world.sign(0, "department")
    (one,) = world.status().instruments
    assert ("in force", world.now, ()) == (one.state, one.since, one.lacking)
    assert ["supplier", "department"] == [s.party for s in one.signatures]
    assert ("tiny@0", False) == read(world)

    world.now -= HOUR / 2
    with pytest.raises(InputError, match="signed-later"):
        world.status()


def test_each_party_has_its_own_threshold(tmp_path: Path) -> None:
    """Where the supplier needs two keys, one key of it and one of the other party are not enough."""
    world = World(tmp_path, threshold=2)
    world.agree(0)
    (one,) = world.status().instruments
    assert [("supplier", 1)] == [(who.party, who.signatures) for who in one.lacking]
    world.now += HOUR
    world.sign(0, "supplier", "supplier-two")
    assert ("tiny@0", world.now) == (in_force(world), world.status().instruments[0].since)


def test_signed_early_it_waits_for_its_date(tmp_path: Path) -> None:
    """Signed before its own date, an instrument is agreed; the text changes at that instant by the clock alone."""
    world = World(tmp_path, now=instant("2026-02-20"))
    world.agree(0)
    assert ("agreed", None) == (world.status().instruments[0].state, in_force(world))
    assert instant("2026-03-01") == change(world)
    world.now = instant("2026-03-01")
    assert ("tiny@0", None) == (in_force(world), change(world))


def test_an_amendment_replaces_the_text_at_its_effect(tmp_path: Path) -> None:
    """Up to the microsecond before its effect the old text is in force, from it on the new one."""
    world = World(tmp_path)
    world.agree(0)
    world.amend()
    world.agree(1)
    effect = instant("2026-03-10")
    assert ("tiny@0", effect) == (in_force(world), change(world))
    world.now = effect - HOUR / 3_600_000_000
    assert ("tiny@0", effect) == (in_force(world), change(world))
    world.now = effect
    assert ("tiny@1", None) == (in_force(world), change(world))
    assert ["superseded", "in force"] == [i.state for i in world.status().instruments]
    assert [effect, None] == [i.until for i in world.status().instruments]
    assert ("tiny@0", False) == read(world, on="2026-03-05")
    assert ("tiny@0", False) == read(world, 0)


def test_a_text_changes_by_its_own_dates_too(tmp_path: Path) -> None:
    """A rule that ends on a date is a change of the text in force, though no instrument takes effect then."""
    world = World(tmp_path)
    path = world.path / "0-agreement.md"
    ends = '@until("2026-05-01")\npermit (principal'
    path.write_text(path.read_text().replace("permit (principal", ends))
    world.agree(0)
    seen = [(change(world), text_in_force(world.dossier(), world.now))]
    assert instant("2026-05-01") == seen[0][0]
    world.now = instant("2026-05-01")
    seen.append((change(world), text_in_force(world.dossier(), world.now)))
    assert [1, 0] == [len(text.rules) for _, text in seen if text]
    assert ("tiny@0", None) == (in_force(world), seen[1][0])


def test_a_partly_signed_amendment_changes_nothing(tmp_path: Path) -> None:
    """With one of two parties the predecessor stays in force without end; a reader of `@1` gets a draft."""
    world = World(tmp_path)
    world.agree(0)
    world.amend(effective="2026-03-01")
    world.sign(1, "supplier")
    world.now += 30 * DAY
    assert ("tiny@0", None) == (in_force(world), change(world))
    assert ["in force", "pending"] == [i.state for i in world.status().instruments]
    assert ("tiny@0", False) == read(world)
    assert ("tiny@1", True) == read(world, 1)
    world.sign(1, "department")
    assert ("tiny@1", world.now) == (in_force(world), world.status().instruments[1].since)


def test_an_effect_is_never_before_its_predecessors(tmp_path: Path) -> None:
    """An amendment that names an earlier date than its predecessor takes effect with it, not before."""
    world = World(tmp_path, now=instant("2026-02-01"))
    world.agree(0)
    world.amend(effective="2026-02-10")
    world.agree(1)
    assert [instant("2026-03-01")] * 2 == [i.since for i in world.status().instruments]
    world.now = instant("2026-02-20")
    assert (None, instant("2026-03-01")) == (in_force(world), change(world))
    world.now = instant("2026-03-01")
    assert "tiny@1" == in_force(world)


def test_more_signatures_than_needed_change_no_effect(tmp_path: Path) -> None:
    """A second key of a party that signs later moves nothing: the effect is the last signature needed."""
    world = World(tmp_path)
    world.agree(0)
    effect = world.status().instruments[0].since
    world.now += DAY
    first = next((world.path / "signatures").glob("0-agreement.supplier.*"))
    second = first.with_name("0-agreement.second.dsse.json")
    second.write_bytes(first.read_bytes())
    world.forge(second, lambda s: msgspec.structs.replace(s, at=world.now), "supplier-two")
    (one,) = world.status().instruments
    assert (3, effect) == (len(one.signatures), one.since)


def test_each_party_knows_its_own_report(tmp_path: Path) -> None:
    """The status shows which report each party knew when it signed: signing in haste, never blind."""
    world = World(tmp_path)
    reports = [digest(b"seven loopholes open"), digest(b"none")]
    world.sign(0, "supplier", knowing=reports[0])
    world.now += HOUR
    world.sign(0, "department", knowing=reports[1])
    assert reports == [s.knowing for s in world.status().instruments[0].signatures]


def test_an_unknown_number_is_refused(tmp_path: Path) -> None:
    """A reader of `@7` is told which the last one is."""
    with pytest.raises(Refused, match="no-such-number") as caught:
        read(World(tmp_path), 7)
    assert "0" in str(caught.value.hint)


def test_a_status_is_json_and_back(tmp_path: Path) -> None:
    """The status prints as JSON and reads back as itself."""
    world = World(tmp_path)
    world.agree(0)
    known = world.status()
    assert known == msgspec.json.decode(msgspec.json.encode(known), type=Status)
