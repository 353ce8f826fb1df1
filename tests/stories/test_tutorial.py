"""The tutorial, run as it is written: its commands in an empty folder, its edits made, its output compared.

A `console` block is typed line by line; below a command stands what it prints, where `…` is anything, and alone on a
line any lines. A block with the caption of a file is a clause for that file: it takes the place of the one with its id.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"
PAGES = {"en": "harden-a-policy.md", "fr": "durcir-une-politique.md"}
BLOCK = re.compile(
    r"^```console\n(?P<console>.*?)^```$|^~~~\{code-block\} markdown\n:caption: (?P<file>\S+)\n\n(?P<clause>.*?)^~~~$",
    re.MULTILINE | re.DOTALL,
)
BAD_INPUT, NOT_FINISHED, BUG = 2, 3, 70


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with what it should print."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def plain(text: str) -> str:
    """Lines without trailing spaces, and no-break spaces as plain ones: on a page nobody can tell them apart."""
    spaces = str.maketrans({"\u00a0": " ", "\u202f": " "})
    return "".join(f"{line.rstrip()}\n" for line in text.translate(spaces).splitlines())


def pattern(expected: str) -> str:
    """What the page shows, as a regular expression over plain lines."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in plain(expected).splitlines()
    ]
    return "".join(lines)


def replaced(text: str, clause: str) -> str:
    """The text with a clause in the place of the one that has its id."""
    found = re.search(r"\{#([\w-]+)", clause)
    assert found
    old = re.compile(rf"^## [^\n]*\{{#{found[1]}[ }}].*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text, times = old.subn(lambda _: f"{clause.rstrip()}\n\n", text)
    assert 1 == times, found[1]
    return text


@pytest.mark.parametrize("language", PAGES)
def test_the_tutorial_as_written(language: str, tmp_path: Path) -> None:
    """Each command prints what the page says, after the edits that the page makes."""
    for file in (TUTORIAL / "files").iterdir():
        shutil.copy(file, tmp_path)
    page = (TUTORIAL / PAGES[language]).read_text(encoding="utf-8")
    ran = 0
    for block in BLOCK.finditer(page):
        if block["file"]:
            file = tmp_path / block["file"]
            file.write_text(replaced(file.read_text("utf-8"), block["clause"]), encoding="utf-8")
            continue
        for command, expected in commands(block["console"]):
            program, *arguments = shlex.split(command)
            assert "avenant" == program
            done = subprocess.run(
                [sys.executable, "-m", "avenant.cli", *arguments],
                cwd=tmp_path,
                env={
                    "PATH": "/usr/bin:/bin",
                    "LANG": f"{language}.UTF-8",
                    "LC_ALL": "",
                    "NO_COLOR": "1",
                },
                capture_output=True,
                text=True,
                check=False,
            )
            ran += 1
            assert done.returncode not in {BAD_INPUT, NOT_FINISHED, BUG}, done.stderr
            printed = plain(done.stdout)
            assert re.fullmatch(pattern(expected), printed), f"$ {command}\n{printed}{done.stderr}"
    assert ran == page.count("\n$ avenant") > 5
