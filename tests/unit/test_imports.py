"""Which modules each verb loads: start-up is held by what is imported, not by a stopwatch.

A cold process runs the verb as the console script does and then says what it has loaded.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "agreements/openai-dow"

# What only a server, a store or a test needs.
SERVERS = {"aiohttp", "apsw", "asyncio", "h11", "openai", "starlette", "uvicorn", "uvloop"}
NEVER = {"gguf", "hypothesis", "numpy", "pytest", "xllamacpp", "z3"}
# What reads, proves and draws.
READERS = {"cedarpy", "cryptography", "markdown_it", "msgspec", "rich", "securesystemslib", "yaml"}

VERBS: dict[str, tuple[list[str], set[str]]] = {
    "--version": (["--version"], SERVERS | READERS),
    "--help": (["--help"], SERVERS | {"cedarpy", "cryptography", "markdown_it"}),
    "new": (["new"], SERVERS | {"cedarpy", "cryptography", "jinja2", "pypdf"}),
    "check": (["check", SAMPLE], SERVERS | {"jinja2", "pypdf"}),
    "ask": (["ask", SAMPLE, "organisation=army", "legality=lawful"], SERVERS),
    "compare": (["compare", f"{SAMPLE}@0", f"{SAMPLE}@1"], SERVERS),
}

SAY = "print(json.dumps({'exit': code or 0, 'modules': sorted(sys.modules)}), file=sys.stderr)"
RUN = f"""
import json, sys
from avenant.cli import main
sys.argv = ["avenant", *sys.argv[1:]]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
{SAY}
"""


def loaded(script: str, *arguments: str) -> tuple[int, set[str]]:
    """Exit code and top-level modules of a cold process that runs `script`."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    said = json.loads(done.stderr.splitlines()[-1])
    return said["exit"], {name.partition(".")[0] for name in said["modules"]}


def test_importing_the_package_loads_nothing_else() -> None:
    """`import avenant` loads no other module of ours and no part of anybody's."""
    script = (
        "import json, sys; before = set(sys.modules); import avenant;"
        "said = {'exit': 0, 'modules': sorted(set(sys.modules) - before)};"
        "print(json.dumps(said), file=sys.stderr)"
    )
    _, modules = loaded(script)
    assert {"avenant"} == modules - sys.stdlib_module_names


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_loads_only_what_it_needs(verb: str) -> None:
    """A verb runs to its end without loading what other verbs need."""
    arguments, unwanted = VERBS[verb]
    code, modules = loaded(RUN, *arguments)
    # 1 is an outcome (findings, not permitted); 2 and 70 mean that the verb did not run.
    assert code in {0, 1}
    assert set() == modules & (unwanted | NEVER)


def test_the_check_sees_a_server() -> None:
    """The check can fail: a process that loads a server is seen to have loaded it."""
    _, modules = loaded(f"import json, sys, aiohttp, apsw; code = 0; {SAY}")
    assert {"aiohttp", "apsw"} <= modules


def core() -> set[str]:
    """The distributions that `pip install avenant` brings, followed through their dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo = [Requirement(line) for line in project["dependencies"]]
    seen: set[tuple[str, str]] = set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        for extra in {"", *wanted.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            requires = importlib.metadata.distribution(name).requires or ()
            todo += [
                part
                for part in map(Requirement, requires)
                if part.marker is None or part.marker.evaluate({"extra": extra})
            ]
    return {name for name, _ in seen}


def test_the_core_is_light() -> None:
    """The base install is under 60 MB and holds no solver, no server and no database driver."""
    names = core()
    heavy = {"aiohttp", "apsw", "duckdb", "openai", "psycopg", "starlette", "uvicorn", "z3-solver"}
    assert set() == names & heavy
    size = sum(
        file.size or 0
        for name in names
        for file in importlib.metadata.distribution(name).files or ()
    )
    assert size < 60_000_000


def pins(lock: str) -> set[tuple[str, str]]:
    """Name and version of each package in a lock; a later Python may take a later version."""
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9._\-]+(?:\[[a-z,]+\])?)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", ["core", "gateway", "demo"])
def test_each_lock_is_a_part_of_dev(lock: str) -> None:
    """One environment serves the demo and the tests: no version differs between two locks."""
    assert pins(lock)
    assert set() == pins(lock) - pins("dev")


@pytest.mark.parametrize("lock", ["core", "gateway", "demo", "dev"])
def test_each_lock_is_pinned_by_hash_and_names_no_address(lock: str) -> None:
    """A lock says which bytes to install and leaves to the reader where from."""
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(pins(lock)) == len(entries)
    assert [] == [entry for entry in entries if "--hash=sha256:" not in entry]
