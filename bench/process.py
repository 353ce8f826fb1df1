"""Whole processes, start to end: what a person waits for, and the memory that it takes.

    python bench/process.py [--json] [--runs 9]

Medians of some runs after a warm-up, beside a bare `python -c pass` and a loop of plain Python in the same turn: the
time from start to end, and the time that a core worked for it, which other work on the machine changes less. The
memory is the largest resident set of any run, as the kernel counts it (getrusage(2), `ru_maxrss`); it is never less
than the bench's own. `long` is a dossier of 200 clauses that is drawn on the spot (`bench/dossiers.py`); `longer` has
1,000 over 15 axes and over 40, and is run once after the others. The command's own exit code is not looked at, but
that it came to an answer: `check` exits 1 while loopholes are open.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

# Run as a script, only bench/ itself is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.dossiers import written

ROOT = Path(__file__).resolve().parents[1]
AVENANT = (sys.executable, "-m", "avenant.cli")
CLAUSES = 200
LONGER = 1_000
# How fast the machine is at this moment: shared cores run twice as fast in one minute as in another.
LOOP = "total = 0\nfor number in range(5_000_000): total += number"
CRASHED = 70  # exit codes from here on are no answers


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds from start to end and of a core, and its largest resident set in MiB."""

    seconds: float
    core: float
    mebibytes: float


def commands(long: Path) -> Mapping[str, tuple[str, ...]]:
    """What is measured: a name, and the command."""
    verbs = {
        "check openai-dow": ("check", "openai-dow"),
        "compare openai-dow@0 openai-dow@1": ("compare", "openai-dow@0", "openai-dow@1"),
        "ask openai-dow …": ("ask", "openai-dow", "organisation=nsa", "legality=lawful"),
        f"check long ({CLAUSES} clauses)": ("check", str(long)),
        f"compare long@0 long@1 ({CLAUSES} clauses)": ("compare", f"{long}@0", f"{long}@1"),
    }
    return {
        "python -c pass": (sys.executable, "-c", "pass"),
        "python: a loop of 5 million additions": (sys.executable, "-c", LOOP),
        "avenant --version": (*AVENANT, "--version"),
        **{f"avenant {name}": (*AVENANT, *verb) for name, verb in verbs.items()},
    }


def run(command: tuple[str, ...]) -> Run:
    """One run, from start to end. Raises RuntimeError when it did not come to an answer."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - started
    if not 0 <= process.returncode < CRASHED or process.returncode == 2:
        raise RuntimeError(f"{' '.join(command)} exited {process.returncode}")
    return Run(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measured(runs: int) -> dict[str, Run]:
    """The median of each command; the commands take turns, so that a slow moment meets all of them."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = commands(written(Path(folder) / "long", CLAUSES))
        for command in chosen.values():
            run(command)
        turns = [{name: run(command) for name, command in chosen.items()} for _ in range(runs)]
        once = {
            f"avenant check longer ({LONGER:,} clauses, {axes} axes)": run(
                (*AVENANT, "check", str(written(Path(folder) / f"l{axes}", LONGER, axes=axes)))
            )
            for axes in (15, 40)
        }
    medians = {
        name: Run(
            statistics.median(turn[name].seconds for turn in turns),
            statistics.median(turn[name].core for turn in turns),
            max(turn[name].mebibytes for turn in turns),
        )
        for name in chosen
    }
    return medians | once


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    rows = measured(given.runs)
    if given.json:
        print(json.dumps([{"command": name, **asdict(row)} for name, row in rows.items()]))
    else:
        print(f"{'to wait':>9} {'of a core':>9} {'memory':>10}")
        for name, row in rows.items():
            print(f"{row.seconds:7.2f} s {row.core:7.2f} s {row.mebibytes:6.0f} MiB  {name}")


if __name__ == "__main__":
    main()
