"""The run of mutants is itself able to fail: it is tried on a package of one function."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import mutants
from tools.mutants import Mutant, Wrong

pytestmark = pytest.mark.real  # each mutant is a pytest process of its own

SOURCE = "def permitted(a: int, b: int) -> bool:\n    return a > 0 and b >= 0\n"
TESTS = """
from avenant.rule import permitted


def test_strong() -> None:
    assert not permitted(0, 1)


def test_weak() -> None:
    assert permitted(1, 1)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose package has one function and two tests, one of which sees little."""
    (tmp_path / "src" / "avenant").mkdir(parents=True)
    (tmp_path / "src" / "avenant" / "__init__.py").write_text("")
    (tmp_path / "src" / "avenant" / "rule.py").write_text(SOURCE)
    (tmp_path / "test_rule.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def mutant(
    test: str = "test_strong", old: str = "a > 0", new: str = "a >= 0", file: str = "rule.py"
) -> Mutant:
    """A break of the one function, which `test_strong` sees and `test_weak` does not."""
    return Mutant(f"{file} {old} {new}", file, old, new, f"test_rule.py::{test}")


def test_a_seen_break_is_killed(root: Path) -> None:
    """A mutant whose test fails is killed, and the source itself is left as it was."""
    assert 0 == mutants.survey([mutant()], root, least=1)
    assert SOURCE == (root / "src" / "avenant" / "rule.py").read_text()


def test_an_unseen_break_survives(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A test that passes all the same is reported, and the run fails."""
    assert 1 == mutants.survey([mutant(), mutant("test_weak", "b >= 0", "True")], root, least=1)
    assert "survived" in capsys.readouterr().out


def test_a_break_that_stops_the_test_from_running_kills_nothing(root: Path) -> None:
    """A mutant that cannot be imported is broken, not killed."""
    became, _ = mutants.fate(mutant(old="def permitted", new="def allowed"), root)
    assert "broken" == became


def test_a_test_that_fails_unmutated_is_refused(root: Path) -> None:
    """A test that fails anyway shows nothing about a mutant."""
    (root / "src" / "avenant" / "rule.py").write_text(SOURCE.replace("a > 0", "a >= 0"))
    with pytest.raises(Wrong, match="does not pass"):
        mutants.survey([mutant(old="b >= 0", new="b > 0")], root, least=1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (mutant(old="c > 0"), "stands 0 times"),
        (mutant(old="int"), "stands 2 times"),
        (mutant(new="a >"), "does not compile"),
        (mutant(file="gone.py"), "no file gone.py"),
    ],
)
def test_a_break_that_cannot_be_made_is_refused(root: Path, wrong: Mutant, message: str) -> None:
    """A mutant that no longer fits the source stops the run and says why."""
    with pytest.raises(Wrong, match=message):
        mutants.survey([wrong], root, least=1)


def test_a_short_list_is_refused(root: Path) -> None:
    """Fewer than twelve mutants are too few."""
    with pytest.raises(Wrong, match="too few"):
        mutants.survey([mutant()] * 11, root)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[mutant]]\nname = "n"', "mutant 1 needs"),
        ('[[mutant]]\nname="n"\nfile="f"\nold="a"\nnew="a"\ntest="t"', "a `new` that differs"),
        ('[[mutant]]\nname="n"\nfile="f"\nold="a"\nnew="b"\ntest="t"\n' * 2, "share a name"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A mutant lacks no field, changes something, and has a name of its own."""
    listed = tmp_path / "mutants.toml"
    listed.write_text(text)
    with pytest.raises(Wrong, match=message):
        mutants.read(listed)
