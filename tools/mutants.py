"""Breaks the source a dozen times; each break must fail the test that it names.

An oracle must be able to fail. `tests/mutants/mutants.toml` lists textual breaks of the evaluator,
of box growth and of the verifier; its head shows how one is written. First all named tests must
pass on the source as it is. Then each mutant is put into its own copy of `src` and its test is run
against that copy:

    killed      the test fails                                        as it must
    survived    the test passes: it does not hold what it says        exit 1
    broken      the test cannot be run, so it shows nothing           exit 1

Fewer than twelve mutants are refused too, since a short list shows little.

    make mutants
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEAST = 12
SECONDS = 900  # for one test on one mutant; a mutant may loop for ever


class Wrong(Exception):
    """The list, or the source it speaks of, is not as a run needs it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One break: in `file`, `old`, which stands there once, becomes `new`; `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str

    def put_into(self, src: Path) -> None:
        """Break the copy of the package under `src`; raises Wrong where that cannot be done."""
        path = src / "avenant" / self.file
        if not path.is_file():
            raise Wrong(f"{self.name}: there is no file {self.file}")
        text = path.read_text(encoding="utf-8")
        if (found := text.count(self.old)) != 1:
            raise Wrong(f"{self.name}: `old` stands {found} times in {self.file}, not once")
        mutated = text.replace(self.old, self.new)
        try:
            compile(mutated, self.file, "exec")
        except SyntaxError as error:
            raise Wrong(f"{self.name}: does not compile: {error}") from None
        path.write_text(mutated, encoding="utf-8")


def read(path: Path) -> tuple[Mutant, ...]:
    """The mutants of a list; raises Wrong where one is not whole or two share a name."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    fields = set(Mutant.__slots__)
    mutants = []
    for number, entry in enumerate(listed, 1):
        if set(entry) != fields or entry["old"] == entry["new"]:
            raise Wrong(
                f"mutant {number} needs {', '.join(sorted(fields))}, and a `new` that differs"
            )
        mutants.append(Mutant(**entry))
    if len({mutant.name for mutant in mutants}) != len(mutants):
        raise Wrong("two mutants share a name")
    return tuple(mutants)


def run(tests: Sequence[str], src: Path, root: Path) -> tuple[int, str]:
    """Exit code and output of pytest on `tests`, with the package imported from `src`."""
    # INVARIANT: PYTHONPATH comes before the installed package, in the tests' own subprocesses too.
    surroundings = {**os.environ, "PYTHONPATH": str(src), "PYTHONDONTWRITEBYTECODE": "1"}
    surroundings.pop("AVENANT_SOAK", None)
    options = ("-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=short")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=root,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def fate(mutant: Mutant, root: Path) -> tuple[str, str]:
    """What becomes of a mutant, `killed`, `survived` or `broken`, and what pytest printed."""
    with tempfile.TemporaryDirectory(prefix="avenant-mutant-") as folder:
        src = Path(folder) / "src"
        shutil.copytree(root / "src", src, ignore=shutil.ignore_patterns("__pycache__"))
        mutant.put_into(src)
        try:
            code, output = run([mutant.test], src, root)
        except subprocess.TimeoutExpired:
            return "broken", f"no answer after {SECONDS} s"
    # 1: tests ran and one failed. Everything else but 0 means that none could be run.
    return {0: "survived", 1: "killed"}.get(code, "broken"), output


def survey(mutants: Sequence[Mutant], root: Path, least: int = LEAST) -> int:
    """Run the whole list, print what became of each; 0 when all are killed."""
    if len(mutants) < least:
        raise Wrong(f"{len(mutants)} mutants are too few to show anything; write {least} or more")
    with tempfile.TemporaryDirectory(prefix="avenant-whole-") as folder:
        src = Path(folder) / "src"
        shutil.copytree(root / "src", src, ignore=shutil.ignore_patterns("__pycache__"))
        code, output = run(sorted({mutant.test for mutant in mutants}), src, root)
    if code != 0:
        raise Wrong(f"a named test does not pass on the source as it is:\n{output}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        fates = list(pool.map(lambda mutant: fate(mutant, root), mutants))
    for mutant, (became, output) in zip(mutants, fates, strict=True):
        print(f"{became:9} {mutant.name:50} {mutant.test}")
        if became == "broken":
            print(output)
    killed = sum(became == "killed" for became, _ in fates)
    print(f"{killed} of {len(mutants)} mutants killed")
    return 0 if killed == len(mutants) else 1


def main() -> int:
    """Run `tests/mutants/mutants.toml`."""
    try:
        return survey(read(ROOT / "tests" / "mutants" / "mutants.toml"), ROOT)
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
