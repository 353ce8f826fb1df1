"""The way through the house: a folder imports only from folders above it, and knows its own parts.

Read off the syntax tree of every module, so that an import inside a function counts too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "avenant"

# Each room may import the rooms above it, itself, and the third-party modules listed here. Values everywhere are
# `msgspec.Struct`s: a frozen dataclass takes half a millisecond to define, and a command defines some two hundred.
ROOMS: dict[str, set[str]] = {
    "errors": {"msgspec"},
    "languages": set(),
    "instants": set(),
    "source": {"markdown_it", "msgspec", "yaml"},
    "region": {"msgspec"},
    "vocabulary": {"msgspec", "yaml"},  # its own file; what people write comes through `nodes`
    "rules": {"cedarpy", "msgspec"},
    "importing": {"markdown_it", "msgspec", "pypdf"},
    "agreement": {"msgspec"},
    "findings": {"msgspec"},
    "decide": {"msgspec"},
    "prose": {"msgspec", "yaml"},
    "analyse": {"msgspec"},
    "consent": {"cryptography", "msgspec"},
    "render": {"jinja2", "msgspec"},
    "observe": {"msgspec"},
    "ledger": {"apsw", "cryptography", "msgspec"},
    "gateway": {"aiohttp", "h11", "msgspec", "uvicorn", "uvloop"},
    "library": {"msgspec"},
    "cli": {"click", "cryptography", "msgspec", "rich"},
}
ORDER = tuple(ROOMS)

# Environment and clock are read here only; everybody else is told.
AWARE = {"cli", "gateway"}
# `avenant.load(path)` means the text in force now: the library is an entrance too.
KNOWS_THE_TIME = {*AWARE, "library"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}
CLOCK = {
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns"),
    *("time.perf_counter", "time.perf_counter_ns", "time.localtime", "time.gmtime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    "datetime.date.today",
}

# A file is opened in one module a folder; the command line opens what it is pointed at.
OPENERS = {"read", "write"}
FILE_FUNCTIONS = {"open", "io.open", "os.open", "os.fdopen", "codecs.open"}
FILE_METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(SRC.rglob("*.py"))


def room(module: Path) -> str:
    """The folder under `avenant/` that a module stands in, or its own name at the top."""
    first = module.relative_to(SRC).parts[0]
    return first.removesuffix(".py")


def imported(tree: ast.AST, module: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of all that a module imports, wherever in it the import stands."""
    package = ["avenant", *module.relative_to(SRC).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def names(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: `{"dt": "datetime.datetime"}`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name if alias.asname else alias.name.partition(".")[0]
                found[alias.asname or top] = top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def dotted(node: ast.AST, known: dict[str, str]) -> str:
    """The full name of `a.b.c` after imports are followed; "" for any other expression."""
    match node:
        case ast.Name(id=name):
            return known.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            before = dotted(value, known)
            return f"{before}.{attr}" if before else ""
    return ""


def wrong_imports(source: str, module: Path) -> list[str]:
    """What a module imports from below it in the house, or from parts that are not its own."""
    here = room(module)
    if here == "__init__":
        allowed, parts = {"library"}, set[str]()
    else:
        allowed, parts = set(ORDER[: ORDER.index(here) + 1]), ROOMS[here]
    wrong = []
    for line, name in imported(ast.parse(source), module):
        top, _, rest = name.partition(".")
        if top == "avenant":
            target = rest.partition(".")[0]
            # `from avenant import __version__` reads the package itself.
            fine = target in allowed or target.startswith("__")
        else:
            fine = top in sys.stdlib_module_names or top in parts
        if not fine:
            wrong.append(f"{module.relative_to(SRC)}:{line} imports {name}")
    return wrong


def wrong_readings(source: str, module: Path) -> list[str]:
    """Where a module reads the clock or the environment without being one of the aware."""
    here = room(module)
    asked = (ENVIRONMENT if here not in AWARE else set()) | (
        CLOCK if here not in KNOWS_THE_TIME else set()
    )
    tree = ast.parse(source)
    known = names(tree)
    return [
        f"{module.relative_to(SRC)}:{node.lineno} reads {name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node, known)) in asked
    ]


def wrong_openings(source: str, module: Path) -> list[str]:
    """Where a module opens a file though it is not the one of its folder that does."""
    if room(module) == "cli" or module.stem in OPENERS or module.stem.startswith("store_"):
        return []
    tree = ast.parse(source)
    known = names(tree)
    wrong = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = dotted(function, known)
        opens = name in FILE_FUNCTIONS
        if isinstance(function, ast.Attribute) and function.attr in FILE_METHODS:
            # `Ledger.open(…)` is a constructor of ours, not a file's.
            ours = isinstance(function.value, ast.Name) and function.value.id[:1].isupper()
            opens = opens or not ours
        if opens:
            wrong.append(f"{module.relative_to(SRC)}:{node.lineno} opens a file")
    return wrong


def test_every_room_has_its_place() -> None:
    """A new folder or module at the top of the package is given its place in the order."""
    assert set() == {room(module) for module in modules()} - {*ORDER, "__init__"}


@pytest.mark.parametrize("module", modules(), ids=lambda m: str(m.relative_to(SRC)))
def test_imports_point_upwards(module: Path) -> None:
    """A module imports from its folder, from folders above it, and from the parts of its folder."""
    assert [] == wrong_imports(module.read_text(encoding="utf-8"), module)


@pytest.mark.parametrize("module", modules(), ids=lambda m: str(m.relative_to(SRC)))
def test_clock_and_environment_are_told(module: Path) -> None:
    """The clock and the environment are read at the entrances only."""
    assert [] == wrong_readings(module.read_text(encoding="utf-8"), module)


@pytest.mark.parametrize("module", modules(), ids=lambda m: str(m.relative_to(SRC)))
def test_files_are_opened_in_one_place(module: Path) -> None:
    """A file is opened in a folder's `read.py`, `store_*.py` or `write.py`, or in `cli`."""
    assert [] == wrong_openings(module.read_text(encoding="utf-8"), module)


@pytest.mark.parametrize(
    "source",
    [
        "from avenant.gateway import admission",
        "from avenant.analyse.types import Box",
        "def f():\n    import avenant.ledger.tree",
        "from ..analyse import types",
        "from .. import replay",
        "import z3",
        "from aiohttp import web",
        "from avenant import load",
    ],
)
def test_a_wrong_import_is_seen(source: str) -> None:
    """The check can fail: an import from below, of a foreign part or inside a function is named."""
    assert 1 == len(wrong_imports(source, SRC / "decide" / "evaluate.py"))


def test_a_right_import_is_not_complained_of() -> None:
    """What stands above, beside or in the standard library may be imported."""
    source = "import json\nimport msgspec\nfrom avenant.rules.types import Rule\nfrom . import x"
    assert [] == wrong_imports(source, SRC / "decide" / "evaluate.py")


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['HOME']",
        "from os import environ as e\ne['HOME']",
        "import time\ntime.time()",
        "from time import monotonic\nclock = monotonic",
        "import datetime as d\nd.datetime.now()",
        "from datetime import datetime, UTC\ndatetime.now(UTC)",
    ],
)
def test_a_look_at_the_clock_is_seen(source: str) -> None:
    """The check can fail: the clock and the environment are found under any imported name."""
    assert 1 == len(wrong_readings(source, SRC / "decide" / "evaluate.py"))
    assert [] == wrong_readings(source, SRC / "gateway" / "clock.py")


def test_the_library_reads_the_clock_and_not_the_environment() -> None:
    """The library may ask the time, since a text is in force at one; it takes nothing from outside."""
    source = "import os, time\ntime.time()\nos.environ['HOME']"
    assert ["library.py:3 reads os.environ"] == wrong_readings(source, SRC / "library.py")


@pytest.mark.parametrize(
    "source",
    [
        "open('x')",
        "import os\nos.open('x', 0)",
        "from pathlib import Path\nPath('x').read_text()",
        "def f(path):\n    return path.open()",
        "from pathlib import Path\nPath('x').write_bytes(b'')",
    ],
)
def test_an_opened_file_is_seen(source: str) -> None:
    """The check can fail: a file opened by function or by method is named."""
    assert 1 == len(wrong_openings(source, SRC / "decide" / "evaluate.py"))
    assert [] == wrong_openings(source, SRC / "decide" / "read.py")


def test_every_test_says_what_it_shows() -> None:
    """Every test has a docstring of at least one sentence."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").partition("\n\n")[0].endswith((".", "!", "?", ":"))
    ]
    assert [] == silent
