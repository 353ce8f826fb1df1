"""The hardened counter-draft: nothing that its principles rule out is permitted, and ordinary work is; both proved."""

from __future__ import annotations

from pathlib import Path

import pytest

import avenant
from avenant.agreement.types import Clause
from avenant.cli import app
from avenant.findings.types import Order
from tests.checked import check
from tests.conformance import ROOT

HARDENED = avenant.load(ROOT / "agreements" / "openai-dow-hardened")
SOFT = avenant.load(ROOT / "agreements" / "openai-dow@1")
PUBLISHED = ("r1", "r2", "r3", "s1")


def test_check_finds_no_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command exits 0, says of each principle that it has no loophole, and that no ordinary use is lost."""
    monkeypatch.chdir(ROOT)
    assert 0 == app.run(["--lang", "en", "check", "openai-dow-hardened"])
    out = capsys.readouterr().out
    assert len(PUBLISHED) == out.count("no loophole (proved over 11 of 12 clauses)")
    assert "28 of 28 permitted (proved over 11 of 12 clauses)" in out
    assert "no party's text" in out


def test_its_principles_are_the_published_ones() -> None:
    """R1 to R3 and S1 rule out at least what they rule out of the text that they are published with."""
    soft = {c.id: c for c in (*SOFT.in_force.principles, *(c for _, c in SOFT.stated))}
    for id in PUBLISHED:
        hard = HARDENED.in_force.clause(id)
        assert hard is not None
        for rule, other in zip(soft[id].rules, hard.rules, strict=True):
            tested = {(t.axis, t.category) for t in rule.tests()}
            widened = {(a, "domestic" if c == "us-persons" else c) for a, c in tested}
            assert widened == {(t.axis, t.category) for t in other.tests()}


def test_it_is_stricter_than_what_was_signed() -> None:
    """It permits nothing that the text of 2 March does not permit."""
    assert Order.STRICTER == SOFT.compare(HARDENED).order


def test_the_same_ordinary_uses_are_held_against_both() -> None:
    """Both texts permit all of them, so the hardened one loses none."""
    hard, soft = HARDENED.ordinary(), SOFT.ordinary()
    assert [(u.name, u.use) for u in hard] == [(u.name, u.use) for u in soft]
    for text in (HARDENED, SOFT):
        kept = text.check().ordinary
        assert kept is not None
        assert (28, 28) == (kept.uses, kept.permitted)


@pytest.mark.parametrize("dossier", ["openai-dow", "openai-dow-hardened"])
def test_the_uses_stand_in_each_dossier(dossier: str) -> None:
    """A dossier that is copied somewhere else keeps its ordinary uses: a file, no link, and the corpus's own words."""
    file = ROOT / "agreements" / dossier / "ordinary.yaml"
    assert not file.is_symlink()
    assert (ROOT / "conformance" / "ordinary.yaml").read_text("utf-8") == file.read_text("utf-8")


def test_a_ban_too_wide_is_found(tmp_path: Path) -> None:
    """Were its bans to reach ordinary work, `check` would say so: the proof can fail."""
    dossier = tmp_path / "hardened"
    dossier.mkdir()
    source = Path(HARDENED.dossier.path)
    text = (source / "0-agreement.md").read_text("utf-8")
    ban = 'unless { resource in Oversight::"judged" && resource in Approval::"approved" };'
    assert ban in text
    (dossier / "0-agreement.md").write_text(text.replace(f"\n{ban}", ";"), "utf-8")
    report = avenant.load(dossier).check(ordinary=source / "ordinary.yaml")
    lost = [f for f in report.findings if f.code == "ordinary-use-lost"]
    assert ["a treatment that a physician decides", "a veteran's benefit that a human decides"] == (
        sorted(f.title for f in lost)
    )
    assert {"decisions"} == {f.clause for f in lost}


@pytest.mark.parametrize(
    "clause", [c for c in HARDENED.in_force.clauses if c.rules], ids=lambda clause: clause.id
)
def test_every_test_has_its_word_and_every_word_its_test(clause: Clause) -> None:
    """What a rule tests and what the prose links are the same categories, no more and no fewer."""
    tested = {(t.axis, t.category) for rule in clause.rules for t in rule.tests()}
    assert tested == {(word.axis, word.category) for word in clause.words}


def test_what_is_tested_can_be_established() -> None:
    """No rule rests on what nobody may establish, and the department does not sign for its own connections."""
    axes = {t.axis for rule in HARDENED.in_force.rules for t in rule.tests()}
    assert set() == {a for a in axes if not HARDENED.in_force.facts.may_establish(a)}
    assert ("supplier",) == HARDENED.in_force.facts.signed_by["connection"]


def test_it_is_written_in_both_languages() -> None:
    """Every clause has its prose in English and in French."""
    for clause in HARDENED.in_force.clauses:
        assert {"en", "fr"} == set(clause.prose)


def test_no_published_principle_has_a_way_through() -> None:
    """All that was announced with the published text, in it or in statements, is ruled out by the hardened one."""
    asked = [*(("", c) for c in SOFT.in_force.principles), *SOFT.stated]
    said = tuple((f"published-{i}", clause) for i, (_, clause) in enumerate(asked))
    report = check(HARDENED.in_force, said)
    assert report.complete
    assert 2 * len(PUBLISHED) == len(report.principles)
    assert {0} == {p.ways for p in report.principles}
