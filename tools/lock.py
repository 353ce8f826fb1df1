"""Writes `requirements/*.txt`, the hash-pinned locks, from the lists in `pyproject.toml`.

`dev` is resolved first and the others are held to it, so each lock is a part of `dev.txt` and one
environment serves the demo and the tests without a version moving. Every lock carries the build
tools, because the package itself is built from the checkout. No address of a registry is written:
whoever installs uses his own.

    make lock
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"

# Name of a lock -> what of pyproject.toml goes into it. The first constrains the rest.
LOCKS = {
    "dev": ("--extra", "gateway", "--group", "dev"),
    "demo": ("--extra", "gateway", "--group", "build", "--group", "demo"),
    "gateway": ("--extra", "gateway", "--group", "build"),
    "core": ("--group", "build"),
}

# `--upgrade`: without it uv keeps whatever an existing file pins, however old.
COMPILE = (
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--upgrade"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
)


def compile_lock(name: str, parts: Sequence[str], constraints: Sequence[str]) -> None:
    """Resolve one lock and write it; ends the program where the lists contradict each other."""
    target = REQUIREMENTS / f"{name}.txt"
    subprocess.run([*COMPILE, *parts, *constraints, "-o", str(target)], cwd=ROOT, check=True)
    if "://" in target.read_text(encoding="utf-8"):
        sys.exit(f"{target} names an address; a lock must not")


def main() -> None:
    """Refresh every lock."""
    REQUIREMENTS.mkdir(exist_ok=True)
    constraints: tuple[str, ...] = ()
    for name, parts in LOCKS.items():
        compile_lock(name, parts, constraints)
        constraints = ("--constraints", str(REQUIREMENTS / "dev.txt"))
        print(f"requirements/{name}.txt")


if __name__ == "__main__":
    main()
