"""What `.pre-commit-hooks.yaml` runs: each dossier that a commit touches is read, or checked.

avenant-hook read agreements/town/0-agreement.md            # exit 2 when it cannot be read
avenant-hook check agreements/town/0-agreement.md --lang fr # exit 1 when an error is open, 3 when it was cut off

The files of a commit are given, and options of the verb; the text is the one after the dossier's last instrument.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

from avenant.cli.app import run

_INSTRUMENT = re.compile(r"(\d+)-[a-z-]+\.md")


def main() -> None:
    """The script `avenant-hook`: `read` or `check`, then files and options."""
    what, *given = sys.argv[1:]
    files = [Path(a) for a in given if a.endswith(".md") and Path(a).is_file()]
    options = [a for a in given if Path(a) not in files]
    verb = {"read": _read, "check": _check}[what]
    sys.exit(max((verb(text, options) for text in _texts(files)), default=0))


def _check(text: str, options: list[str]) -> int:
    return run(["check", text, "--brief", *options])


def _read(text: str, options: list[str]) -> int:
    with redirect_stdout(io.StringIO()):
        return run(["show", text, *options])


def _texts(files: Iterable[Path]) -> Iterator[str]:
    """Each dossier that a file belongs to, once, as `DOSSIER@N`."""
    folders = (f.parent.parent if f.parent.name == "statements" else f.parent for f in files)
    for folder in dict.fromkeys(folders):
        numbers = [int(m[1]) for f in folder.iterdir() if (m := _INSTRUMENT.fullmatch(f.name))]
        if 0 in numbers:  # else it is a folder of other things
            yield f"{folder}@{max(numbers)}"
