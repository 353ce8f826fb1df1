"""Writes `docs/reference/errors.md`: every error that a person can meet, read off the source and the catalogue.

python tools/errors_page.py        # a test holds the page to the source

An error is made where `InputError`, `Refused` or `Unavailable` is called with its code and its sentence, or where a
function is called that passes on the code it is given and speaks the sentence of that name.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from avenant.languages.read import catalogue

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "avenant"
PAGE = ROOT / "docs" / "reference" / "errors.md"
KINDS = ("InputError", "Refused", "Unavailable")
VARIES = ""  # the key of a sentence that is chosen elsewhere

HEAD = """\
# Errors

<!-- Written by tools/errors_page.py; change that, or the catalogue of messages, instead. -->

Each error has a stable code, one sentence, the place where that is known, and what to do. The command line prints
sentence, place and remedy; the library raises them as `code`, `message`, `at` and `hint`; the gateway puts the code
into the object that a client gets. Below, `{…}` stands for a name, a number or a place of the case at hand.

An `InputError` is about something that was written and cannot be read as meant; a `Refused` is a rule of change that
says no; an `Unavailable` is a part that cannot be relied on now, and then nothing is forwarded. All three end a command
with exit 2. Whatever else is raised is a fault of Avenant: exit 70, with a file to report.
"""

ROOMS = {
    "source": "What people write",
    "agreement": "Documents",
    "importing": "Importing",
    "vocabulary": "Vocabularies",
    "rules": "Rules",
    "decide": "Facts",
    "analyse": "Analysis",
    "consent": "Signatures and rules of change",
    "ledger": "The ledger",
    "gateway": "The gateway",
    "cli": "The command line",
    "": "Everywhere",
}


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """One error as the source makes it: its code and the key of its sentence, in the folder that makes it."""

    room: str
    code: str
    kind: str
    key: str


@dataclass(slots=True)
class Passer:
    """A function that makes an error of the code it is given: the kinds, and what stands before the code in the key."""

    kinds: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)


@cache
def made() -> tuple[Made, ...]:
    """Every error of the source. Raises ValueError for one whose sentence the catalogue lacks."""
    known = catalogue("en")
    found: set[Made] = set()
    folders = _folders()
    passing = {folder: _passers(modules) for folder, modules in folders.items()}
    everywhere: dict[str, Passer] = defaultdict(Passer)
    for name, passer in (pair for passers in passing.values() for pair in passers.items()):
        everywhere[name].kinds |= passer.kinds
        everywhere[name].prefixes |= passer.prefixes
    for folder, modules in folders.items():
        for module in modules:
            # What it imports by name, else its folder's own, else one of another folder.
            passers = {**everywhere, **passing[folder], **dict(_imported(module, passing))}
            for function, call in _calls(module):
                name = _name(call)
                if name in KINDS:
                    sites = _direct(call, function, name)
                elif name in passers:
                    sites = _passed(call, function, passers[name])
                else:
                    continue
                errors = [Made(folder, code, kind, key) for code, kind, key in sites]
                # Functions of one name in a folder may speak of different rooms.
                spoken = [error for error in errors if error.key in (*known, VARIES)]
                if errors and not spoken:
                    raise ValueError(f"no sentence for {errors[0]}: {ast.unparse(call)}")
                found.update(spoken)
    return tuple(sorted(found))


def page() -> str:
    """The page as it should stand."""
    known = catalogue("en")
    parts = [HEAD]
    rooms: dict[str, list[Made]] = defaultdict(list)
    for error in made():
        rooms[error.room].append(error)
    for room, title in ROOMS.items():
        if rooms[room]:
            parts += [f"\n## {title}\n\n| code | says | what to do | kind |\n|---|---|---|---|\n"]
        for error in rooms[room]:
            said, hint = (known.get(key, "") for key in (error.key, f"{error.key}-hint"))
            cells = (
                f"`{error.code}`",
                _cell(said) or "*as the case is*",
                _cell(hint),
                f"`{error.kind}`",
            )
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def _cell(sentence: str) -> str:
    # Braces and bars mean something to a catalogue and to a table.
    sentence = re.sub(
        r"\{\{|\}\}", lambda b: b[0][0], re.sub(r"(?<!\{)\{\w+\}(?!\})", "{…}", sentence)
    )
    return sentence.replace("|", "\\|").replace("\n", " ")


def _folders() -> Mapping[str, list[ast.Module]]:
    folders: dict[str, list[ast.Module]] = defaultdict(list)
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).parts
        folders[parts[0] if len(parts) > 1 else ""].append(ast.parse(path.read_text("utf-8")))
    return folders


def _imported(
    module: ast.Module, passing: Mapping[str, dict[str, Passer]]
) -> Iterator[tuple[str, Passer]]:
    """The functions that a module imports by name, of the folder that it has them from."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("avenant."):
            theirs = passing.get((node.module or "").split(".")[1], {})
            for alias in node.names:
                if alias.name in theirs:
                    yield alias.name, theirs[alias.name]


def _calls(module: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Each call with the innermost function around it."""

    def visit(node: ast.AST, around: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            around = node
        if isinstance(node, ast.Call):
            yield around, node
        for child in ast.iter_child_nodes(node):
            yield from visit(child, around)

    return visit(module, module)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _passers(modules: list[ast.Module]) -> dict[str, Passer]:
    """The functions of a folder that pass on a code, those that call such functions included."""
    passers: dict[str, Passer] = defaultdict(Passer)
    speaking: dict[str, set[str]] = defaultdict(set)
    for node in (node for module in modules for node in ast.walk(module)):
        if isinstance(node, ast.FunctionDef):
            speaking[node.name] |= set(_prefixes(node))
    size = -1
    while size != sum(len(p.kinds) + len(p.prefixes) for p in passers.values()):
        size = sum(len(p.kinds) + len(p.prefixes) for p in passers.values())
        for module in modules:
            for function, call in _calls(module):
                if not isinstance(function, ast.FunctionDef) or not _gives_code(call):
                    continue
                name = _name(call)
                if name in KINDS:
                    passers[function.name].kinds.add(name)
                    passers[function.name].prefixes |= speaking[function.name]
                    for given in filter(_gives_code, _within(call)):
                        passers[function.name].prefixes |= speaking[_name(given)]
                elif name in passers and name != function.name:
                    passers[function.name].kinds |= passers[name].kinds
                    passers[function.name].prefixes |= passers[name].prefixes
    return dict(passers)


def _within(node: ast.AST) -> Iterator[ast.Call]:
    return (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def _gives_code(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == "code"


def _prefixes(function: ast.AST) -> Iterator[str]:
    """What stands before `{code}` in the sentences that a function speaks, remedies left out."""
    for node in ast.walk(function):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(before)), ast.FormattedValue()]):
                yield before


def _direct(call: ast.Call, function: ast.AST, kind: str) -> Iterator[tuple[str, str, str]]:
    if len(call.args) < 2:
        return
    for code in _strings(call.args[0]):
        keys = [key for key in _spoken(call.args[1], function) if not key.endswith("-hint")]
        for key in keys or [VARIES]:
            yield code, kind, key


def _passed(call: ast.Call, function: ast.AST, passer: Passer) -> Iterator[tuple[str, str, str]]:
    for code in _strings(call.args[0]) if call.args else ():
        spoken = [
            key for a in call.args[1:] for key in _spoken(a, function) if not key.endswith("-hint")
        ]
        for kind in passer.kinds:
            for key in [f"{prefix}{code}" for prefix in passer.prefixes] or spoken:
                yield code, kind, key


def _strings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(value)):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from _strings(body)
            yield from _strings(orelse)


def _spoken(node: ast.AST, function: ast.AST) -> Iterator[str]:
    """The keys of the sentences that an expression may be; a name is looked up in the function around it."""
    match node:
        case ast.Call(func=ast.Name(id="say"), args=[first, *_]):
            yield from _strings(first)
        case ast.Call(func=ast.Name(id="plural"), args=[first, *_]):
            yield from (f"{key}.many" for key in _strings(first))
        case ast.Name(id=name):
            for other in ast.walk(function):
                match other:
                    case ast.Assign(targets=[target], value=value):
                        yield from _spoken_as(name, target, value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _spoken(body, function)
            yield from _spoken(orelse, function)


def _spoken_as(name: str, target: ast.AST, value: ast.AST) -> Iterator[str]:
    """The keys that an assignment gives to a name."""
    match target, value:
        case ast.Name(id=id), _ if id == name:
            yield from _spoken(value, ast.Module([], []))
        case ast.Tuple(elts=targets), ast.Tuple(elts=values):
            for one, its in zip(targets, values, strict=False):
                yield from _spoken_as(name, one, its)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
