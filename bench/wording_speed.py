"""The words of a large text, start to end: `avenant check --only wording` on 1 MB and 10 MB, as a whole process.

    python bench/wording_speed.py [--json] [--runs 5] [--megabytes 1 10]

The text is the sample agreement's own prose and the labelled sentences, in an order drawn from a fixed seed, under
numbered headings and in lists. Seconds are the median of the runs, `cpu` the processor's share of them (which is what a
busy machine can tell), memory the largest resident set of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000
LIST = 4  # one paragraph in so many is a list of sentences


def text(size: int) -> str:
    """A text of `size` bytes of English and French legal prose."""
    draw = random.Random(1)
    entries = yaml.safe_load((ROOT / "bench/wording/tuning.yaml").read_text("utf-8"))
    sentences = [entry["text"] for entry in entries]
    parts: list[str] = []
    length = 0
    while length < size:
        number = len(parts)
        if number % 5 == 0:
            part = f"## {number // 5 + 1}. Section {number // 5 + 1}"
        elif number % LIST == 0:
            part = "You may not:\n\n" + "\n".join(f"- {s}" for s in draw.sample(sentences, 4))
        else:
            part = " ".join(draw.sample(sentences, 3))
        parts.append(part)
        length += len(part.encode()) + 2
    return "\n\n".join(parts)


def run(file: Path) -> tuple[float, float, int, int]:
    """One process on a file: seconds, of the processor, largest resident set in KB, findings."""
    command = (
        sys.executable,
        "-m",
        "avenant.cli",
        "check",
        "--only",
        "wording",
        str(file),
        "--json",
    )
    with tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        _, _, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        report = json.loads(out.read())
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, len(report["findings"])


def measured(megabytes: list[float], runs: int) -> list[dict[str, Any]]:
    """Seconds, memory and findings for each size."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in megabytes:
            file = Path(folder) / "text.md"
            file.write_text(text(int(size * MEGABYTE)), "utf-8")
            results = [run(file) for _ in range(runs)]
            rows.append(
                {
                    "megabytes": size,
                    "seconds": statistics.median(r[0] for r in results),
                    "cpu": statistics.median(r[1] for r in results),
                    "resident_mb": max(r[2] for r in results) // 1024,
                    "findings": results[0][3],
                }
            )
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10])
    given = parser.parse_args()
    rows = measured(given.megabytes, given.runs)
    if given.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(
            f"{row['megabytes']:5g} MB  {row['seconds']:6.2f} s  {row['cpu']:6.2f} s cpu"
            f"  {row['resident_mb']:5} MB resident  {row['findings']} findings"
        )


if __name__ == "__main__":
    main()
