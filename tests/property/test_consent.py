"""Consent at large: no changed envelope passes, and quorum and effect are what a direct reading of the rule says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from avenant.agreement.types import Dossier, Party
from avenant.consent.dsse import SIGNED, read_envelope
from avenant.consent.effect import agreed, effect, lacking
from avenant.consent.keys import parse_public, public
from avenant.consent.types import Signature
from avenant.consent.verify import signatures
from avenant.errors import InputError, Span
from avenant.instants import Instant, instant
from tests.depth import times
from tests.parties import HOUR, World, key, line

START = instant("2026-03-01")
AT = Span("0-agreement.md", 1)
NAME = "0-agreement.supplier"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dossier, str, Instant]:
    """A dossier that two parties signed, and the name of the supplier's envelope."""
    world = World(tmp_path_factory.mktemp("signed"))
    world.agree(0)
    dossier = world.dossier()
    return dossier, next(n for n in dossier.envelopes if n.startswith(NAME)), world.now


def passes(signed: tuple[Dossier, str, Instant], raw: bytes) -> bool:
    """Whether the dossier holds with other bytes in place of the supplier's envelope."""
    dossier, name, now = signed
    try:
        signatures(replace(dossier, envelopes={**dossier.envelopes, name: raw}), now)
    except InputError:
        return False
    return True


def test_no_flipped_bit_passes(signed: tuple[Dossier, str, Instant]) -> None:
    """Every single bit of an envelope, flipped, is refused: there is no second envelope a bit away."""
    dossier, name, _ = signed
    raw = dossier.envelopes[name]
    who = public(key("supplier"))
    assert passes(signed, raw)
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            envelope = read_envelope(bytes(flipped), SIGNED, AT)
        except InputError:
            continue
        assert not envelope.signed_by(who), bit
        assert not passes(signed, bytes(flipped)), bit


@settings(max_examples=times(300))
@given(data=st.data())
def test_no_changed_envelope_passes(
    signed: tuple[Dossier, str, Instant], data: st.DataObject
) -> None:
    """Cut, doubled, swapped, overwritten or arbitrary bytes are an InputError, and nothing else is raised."""
    dossier, name, _ = signed
    raw = dossier.envelopes[name]
    start, end = sorted(
        data.draw(st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw))), label="span")
    )
    other = data.draw(
        st.one_of(
            st.binary(max_size=40),
            st.just(raw[start:end] * 2),
            st.just(raw[start:end][::-1]),
            st.sampled_from(list(dossier.envelopes.values())),
        ),
        label="bytes",
    )
    made = raw[:start] + other + raw[end:]
    if made not in dossier.envelopes.values():
        assert not passes(signed, made)


def party(id: str, threshold: int) -> Party:
    """A party; only its id and threshold count here."""
    return Party(id, id, "", threshold, (), (), AT)


PARTIES = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(
    lambda thresholds: tuple(party(f"p{i}", n) for i, n in enumerate(thresholds))
)


@st.composite
def signings(draw: st.DrawFn) -> tuple[tuple[Party, ...], tuple[Signature, ...]]:
    """Parties, and signatures of their keys at various hours, each key at most once."""
    parties = draw(PARTIES)
    keys = [(p.id, f"{p.id}/{n}") for p in parties for n in range(4)]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True))
    hours = draw(st.lists(st.integers(0, 9), min_size=len(chosen), max_size=len(chosen)))
    return parties, tuple(
        Signature(who, name, "", START + timedelta(hours=hour), "")
        for (who, name), hour in zip(chosen, hours, strict=True)
    )


def complete(parties: Sequence[Party], found: Sequence[Signature], when: Instant) -> bool:
    """The rule, read directly: by then each party has its threshold of distinct keys."""
    return all(
        len({s.key for s in found if s.party == p.id and s.at <= when}) >= p.threshold
        for p in parties
    )


@settings(max_examples=times(500))
@given(case=signings())
def test_agreed_is_the_first_moment_of_a_complete_quorum(
    case: tuple[tuple[Party, ...], tuple[Signature, ...]],
) -> None:
    """The moment of agreement is the first one at which the quorum, read directly, is complete."""
    parties, found = case
    moments = sorted({s.at for s in found})
    first = next((m for m in moments if complete(parties, found, m)), None)
    assert first == agreed(parties, found)
    assert (first is None) == bool(lacking(parties, found))


@settings(max_examples=times(300))
@given(case=signings(), data=st.data())
def test_a_later_signature_never_moves_an_agreement(
    case: tuple[tuple[Party, ...], tuple[Signature, ...]], data: st.DataObject
) -> None:
    """Once agreed, further signatures at that moment or later change nothing."""
    parties, found = case
    before = agreed(parties, found)
    if before is None:
        return
    who = data.draw(st.sampled_from(parties))
    late = Signature(who.id, "another", "", before + data.draw(st.integers(0, 3)) * HOUR, "")
    assert before == agreed(parties, (*found, late))


@settings(max_examples=times(300))
@given(
    st.lists(st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(0, 20))), min_size=1)
)
def test_effects_never_go_back(chain: list[tuple[int, int | None]]) -> None:
    """Along a chain of instruments no effect is before its predecessor's, its own date or its agreement."""
    effects: list[Instant] = []
    for own, moment in chain:
        at = None if moment is None else START + moment * HOUR
        before = effects[-1] if effects else None
        effects.append(effect(START + own * HOUR, before, at))
        assert effects[-1] in {START + own * HOUR, before, at}
        assert effects[-1] >= max(START + own * HOUR, at or START)
    assert all(one <= two for one, two in pairwise(effects))


@settings(max_examples=times(300))
@given(data=st.data())
def test_a_public_key_has_one_line(data: st.DataObject) -> None:
    """Whatever line is read prints as itself; everything else is an InputError."""
    good = line("supplier")
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(good)), st.integers(0, len(good)))))
    made = good[:start] + data.draw(st.text(max_size=12)) + good[end:]
    try:
        read = parse_public(made, AT)
    except InputError:
        return
    assert made == str(read)


def test_the_fixture_signs_into_its_own_folder(tmp_path: Path) -> None:
    """Two parties write two files, whose names tell people which is whose."""
    world = World(tmp_path)
    world.agree(0)
    names = sorted(path.name.rsplit(".", 3)[0] for path in (tmp_path / "signatures").iterdir())
    assert ["0-agreement.department", "0-agreement.supplier"] == names
