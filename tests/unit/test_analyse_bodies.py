"""Whether one text stays inside another, and which organisations are which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from avenant.analyse.compare.compare import compare
from avenant.analyse.types import Comparison
from avenant.errors import InputError
from tests.dossiers import derived, errors, written
from tests.terms import RESELLER, STATED, SUPPLIER


def compared(
    folder: Path,
    given: Sequence[tuple[str, str]] = (),
    *,
    inside: bool = True,
    reseller: str = RESELLER,
    supplier: str = SUPPLIER,
) -> Comparison:
    """From the supplier's text to the reseller's."""
    outer, inner = (
        derived(written(folder / name, {"0-agreement.md": text}))[-1]
        for name, text in (("supplier", supplier), ("reseller", reseller))
    )
    return compare(outer, inner, stated=given, inside=inside)


def shown(found: Comparison) -> list[tuple[str, str, bool]]:
    """Which bodies were taken for which."""
    return [(b.body, b.counts_as, b.stated) for b in found.bodies]


def test_inside_by_a_map_on_the_command_line(tmp_path: Path) -> None:
    """What is stated is shown, and what the supplier lets a certified partner do, the shop may do."""
    found = compared(tmp_path, [("shop", "certified"), ("customer", "end-user")])
    assert ((), True) == (found.newly_permitted.boxes, found.newly_permitted.complete)
    assert [("shop", "certified", True), ("customer", "end-user", True)] == shown(found)


def test_a_kind_that_is_not_known_never_helps(tmp_path: Path) -> None:
    """A shop that counts as a partner may be one that is not certified: that is the box that breaks it."""
    found = compared(tmp_path, [("shop", "partner"), ("customer", "end-user")])
    (box,) = found.newly_permitted.boxes
    assert ("§3 surveillance",) == box.refused_by
    assert "(as a partner, of a kind not listed)" in box.sentence
    assert "customer" not in box.sentence


def test_a_map_in_the_text(tmp_path: Path) -> None:
    """The reseller's text states it, where it is signed; then nothing is left to say on the command line."""
    found = compared(tmp_path, reseller=STATED)
    assert () == found.newly_permitted.boxes
    assert [("shop", "certified", True), ("customer", "end-user", True)] == shown(found)


def test_what_is_stated_above_holds_below_until_something_else_is(tmp_path: Path) -> None:
    """The laboratory of the shop counts as what the shop counts as, unless it is stated itself."""
    given = [("shop", "certified"), ("customer", "end-user"), ("lab", "partner")]
    (box,) = compared(tmp_path, given).newly_permitted.boxes
    assert ("lab-as-partner-other",) == box.leaves["organisation"]


def test_the_root_states_all_the_rest(tmp_path: Path) -> None:
    """`any` counts as something: every body of which nothing else is stated."""
    found = compared(tmp_path, [("any", "certified")])
    assert () == found.newly_permitted.boxes
    assert compared(tmp_path, [("any", "any")]).newly_permitted.boxes


def test_a_body_of_the_same_name_is_the_same_unless_it_is_stated(tmp_path: Path) -> None:
    """The supplier's `customer` is not the reseller's, when the reseller's counts as an end user."""
    supplier = SUPPLIER.replace("  end-user:", "  customer: {title: A customer}\n  end-user:")
    same = compared(tmp_path, [("shop", "certified")], supplier=supplier)
    assert ("customer", "customer", False) in shown(same)
    assert same.newly_permitted.boxes
    other = compared(
        tmp_path / "other", [("shop", "certified"), ("customer", "end-user")], supplier=supplier
    )
    assert () == other.newly_permitted.boxes


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ([], "unstated-bodies", "`shop`, `customer`"),
        ([("shop", "partner")], "unstated-bodies", "`customer`"),
        ([("shpo", "partner")], "unknown-body", "`shop`"),
        ([("shop", "partnre")], "unknown-counterpart", "`partner`"),
        ([("shop", "partner"), ("shop", "end-user")], "body-twice", "`end-user`"),
    ],
)
def test_what_is_not_said_well(
    tmp_path: Path, given: Sequence[tuple[str, str]], code: str, said: str
) -> None:
    """A body that is not known, not stated or stated twice is an error that names it; nothing is guessed."""
    with pytest.raises(InputError) as raised:
        compared(tmp_path, given)
    assert code == raised.value.code
    assert said in f"{raised.value.message} {raised.value.hint}"


def test_a_kind_of_a_body_that_both_know_is_stated_too(tmp_path: Path) -> None:
    """The reseller's `local` partner could be the one whom the supplier excludes; where none is listed, it is none."""
    listed = "certified: {phrase: a certified partner}, barred: {phrase: a barred partner}"
    barred = 'permit (principal in Organisation::"end-user", action, resource);\n'
    barred += 'forbid (principal in Organisation::"barred", action, resource);'
    supplier = SUPPLIER.replace("certified: {phrase: a certified partner}", listed)
    supplier = supplier.replace(barred.partition("\n")[0], barred)
    reseller = RESELLER.replace("shop: {title: The shop, phrase: the shop, ", "partner: {")
    reseller = reseller.replace("  customer:", "  end-user:").replace('"customer"', '"end-user"')
    reseller = reseller.replace("lab: {phrase: its laboratory}", "local: {phrase: a local partner}")
    reseller = reseller.replace('"shop"', '"local"').replace(
        "#organisation.shop", "#organisation.local"
    )
    reseller = reseller.replace("#organisation.customer", "#organisation.end-user")
    with pytest.raises(InputError) as raised:
        compared(tmp_path, supplier=supplier, reseller=reseller)
    assert "unstated-bodies" == raised.value.code
    assert "`local`" in raised.value.message
    assert "`shop`" not in raised.value.message
    both = compared(tmp_path / "2", [("local", "certified")], supplier=supplier, reseller=reseller)
    assert () == both.newly_permitted.boxes
    worse = compared(tmp_path / "3", [("local", "barred")], supplier=supplier, reseller=reseller)
    assert worse.newly_permitted.boxes
    plain = SUPPLIER.replace(", children: {certified: {phrase: a certified partner}}", "")
    plain = plain.replace('\nunless { principal in Organisation::"certified" };', ";")
    plain = plain.replace(", but [certified partners](#organisation.certified)", "")
    assert compared(tmp_path / "4", supplier=plain, reseller=reseller).newly_permitted.boxes


def test_a_map_in_the_text_that_is_wrong_names_its_line(tmp_path: Path) -> None:
    """Our bodies are checked when the text is read, the other's when the two are compared."""
    with pytest.raises(InputError) as raised:
        compared(tmp_path, reseller=STATED.replace("shop: certified", "shop: certifeid"))
    assert "unknown-counterpart" == raised.value.code
    assert raised.value.at is not None
    with pytest.raises(InputError) as raised:
        compared(tmp_path / "2", reseller=STATED.replace("shop: certified", "shpo: certified"))
    assert "unknown-category" == errors(raised.value)[0].code


def test_the_wrong_way_round_is_noticed(tmp_path: Path) -> None:
    """The text that states to be inside comes second."""
    with pytest.raises(InputError) as raised:
        compared(tmp_path, supplier=STATED, reseller=SUPPLIER)
    assert "wrong-way-round" == raised.value.code
    assert "acme shop --inside" in str(raised.value.hint)


def test_without_inside_no_map_is_asked_for(tmp_path: Path) -> None:
    """A plain comparison takes a body that the other text does not know for one of no listed kind."""
    found = compared(tmp_path, inside=False)
    assert found.newly_permitted.boxes
    assert [] == shown(found)
