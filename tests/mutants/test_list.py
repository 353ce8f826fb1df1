"""The list of mutants: each still finds the line that it breaks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.mutants import Mutant, read

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "mutant", read(ROOT / "tests" / "mutants" / "mutants.toml"), ids=lambda mutant: mutant.name
)
def test_each_mutant_can_be_made(mutant: Mutant, tmp_path: Path) -> None:
    """A change of the source that leaves a mutant behind would make `make mutants` show nothing."""
    copy = tmp_path / "avenant" / mutant.file
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / "src" / "avenant" / mutant.file, copy)
    mutant.put_into(tmp_path)
    assert mutant.test.partition("::")[0] in {
        str(p.relative_to(ROOT)) for p in ROOT.glob("tests/**/*.py")
    }
