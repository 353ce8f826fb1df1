"""The hooks, run by pre-commit itself from a copy of the repository, into an environment that it makes.

Nothing is fetched: what the package needs is that of the tests, by PYTHONPATH.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest

from avenant.cli import hook
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written
from tests.stories.test_action import BROKEN, git

CLEAN = AGREEMENT.replace("## R1 No watching", "## R1 No watching by the police").replace(
    'forbid (principal, action, resource) when { resource in Purpose::"surveillance" };\n',
    'forbid (principal in Organisation::"police", action, resource)\n'
    'when { resource in Purpose::"surveillance" };\n',
)
CLEAN = CLEAN.replace(
    "> **Reading.**",
    "> **Accepted.** wording-intent:watching:intentionally: as agreed.\n\n> **Reading.**",
    1,
)


@pytest.mark.real
def test_pre_commit_runs_the_hooks(tmp_path: Path) -> None:
    """A commit of a broken text is refused with the place; one without open errors passes both hooks."""
    ours = tmp_path / "avenant"
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "src"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            ours.mkdir(exist_ok=True)
            shutil.copy(source, ours / name)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for repository in (ours, theirs):
        git(repository, "init", "--quiet")
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--allow-empty", "--message", "all of it")
    (theirs / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: {ours}, rev: {git(ours, 'rev-parse', 'HEAD')},"
        " hooks: [{id: avenant-read}, {id: avenant-check}]}]\n"
    )
    surroundings = {
        **os.environ,
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "PYTHONPATH": site.getsitepackages()[0],
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this one as "no isolation"
        "LANG": "C.UTF-8",
    }

    def commit(text: str) -> subprocess.CompletedProcess[str]:
        written(theirs / "agreements" / "town", {"0-agreement.md": text})
        git(theirs, "add", "--all")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run"],
            cwd=theirs,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )

    broken = commit(BROKEN)
    assert 1 == broken.returncode
    assert "0-agreement.md:" in broken.stdout
    assert "lawfull" in broken.stdout
    clean = commit(CLEAN)
    assert 0 == clean.returncode, clean.stdout + clean.stderr
    assert 2 == clean.stdout.count("Passed")


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [("read", AGREEMENT, 0), ("read", BROKEN, 2), ("check", CLEAN, 0), ("check", BROKEN, 2)],
)
def test_each_dossier_is_looked_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
    text: str,
    expected: int,
) -> None:
    """Files of one dossier are one dossier, other files are none, and options go to the verb."""
    dossier = written(tmp_path / "town", {"0-agreement.md": text, "README.md": "a"})
    other = written(tmp_path / "other", {"notes.md": "a"})
    files = (dossier / "0-agreement.md", dossier / "README.md", other / "notes.md")
    monkeypatch.setattr(sys, "argv", ["avenant-hook", what, *map(str, files), "--lang", "en"])
    with pytest.raises(SystemExit) as stop:
        hook.main()
    assert expected == stop.value.code
    said = capsys.readouterr()
    assert (1 if expected else 0) == said.err.count("error ")
    assert (what == "check" and not expected) == bool(said.out)


def test_an_error_that_is_no_way_through_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check that fails though no loophole is open says what failed, with its place where it has one."""
    text = f"{CLEAN}\n## 9. Later {{#later}}\n\nNobody shall sell it.\n\n```cedar\n// rule to be written\n```\n"
    dossier = written(tmp_path / "town", {"0-agreement.md": text})
    monkeypatch.setattr(sys, "argv", ["avenant-hook", "check", str(dossier / "0-agreement.md")])
    with pytest.raises(SystemExit) as stop:
        hook.main()
    assert 1 == stop.value.code
    said = capsys.readouterr().out
    assert "§9 later" in said
    assert "no rule yet" in said


def test_an_open_error_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the text does not accept fails."""
    text = AGREEMENT.replace("> **Accepted.** loophole:r1:intent: the town knows this.\n", "")
    dossier = written(tmp_path / "town", {"0-agreement.md": text})
    monkeypatch.setattr(sys, "argv", ["avenant-hook", "check", str(dossier / "0-agreement.md")])
    with pytest.raises(SystemExit) as stop:
        hook.main()
    assert 1 == stop.value.code
