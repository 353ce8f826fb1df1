"""Whole processes, start to end: what a person waits for.

    python bench/process.py [--json] [--runs 9]

The median of some runs after a warm-up, beside a bare `python -c pass` in the same turn. The command's own exit code is
not looked at: `check` exits 1 while loopholes are open.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
AVENANT = (sys.executable, "-m", "avenant.cli")
COMMANDS = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "avenant --version": (*AVENANT, "--version"),
    "avenant check openai-dow": (*AVENANT, "check", "openai-dow"),
    "avenant compare openai-dow@0 openai-dow@1": (
        *AVENANT,
        "compare",
        "openai-dow@0",
        "openai-dow@1",
    ),
    "avenant ask openai-dow …": (
        *AVENANT,
        "ask",
        "openai-dow",
        "organisation=nsa",
        "legality=lawful",
    ),
}


def seconds(command: tuple[str, ...]) -> float:
    """One run, from start to end."""
    started = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    return time.perf_counter() - started


def measured(runs: int) -> list[dict[str, Any]]:
    """The median of each command; the commands take turns, so that a slow moment meets all of them."""
    for command in COMMANDS.values():
        seconds(command)
    turns = [{name: seconds(command) for name, command in COMMANDS.items()} for _ in range(runs)]
    return [
        {"command": name, "seconds": statistics.median(turn[name] for turn in turns)}
        for name in COMMANDS
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    rows = measured(given.runs)
    if given.json:
        print(json.dumps(rows))
    else:
        print("\n".join(f"{row['seconds']:7.3f} s  {row['command']}" for row in rows))


if __name__ == "__main__":
    main()
