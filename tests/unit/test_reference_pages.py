"""The reference of the command line, of the rules and of the library is what the code does."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterable

import click
import msgspec
import pytest

from avenant.cli.app import VERBS, app
from avenant.decide.types import Cited, Decision, Fact, Missing, Past
from avenant.library import Text
from avenant.rules.parse import _FOREIGN_OPERATORS
from tests.conformance import ROOT
from tools import command_line_page, errors_page, rules_page
from tools.rules_page import EXAMPLES, error_of

REFERENCE = ROOT / "docs" / "reference"


def test_the_page_of_the_command_line_is_current() -> None:
    """The page is what its tool writes today."""
    told = "run: python tools/command_line_page.py"
    assert command_line_page.PAGE.read_text("utf-8") == command_line_page.page(), told


def commands(command: click.Command, path: str) -> Iterable[tuple[str, click.Command]]:
    """Every command that can be called, with its path."""
    if isinstance(command, click.Group):
        context = click.Context(command, **command.context_settings)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, f"{path} {name}")
    else:
        yield path, command


def test_every_verb_and_option_is_explained() -> None:
    """Each verb has its heading, and each option a sentence of the catalogue."""
    page = command_line_page.page()
    found = dict(commands(app, "avenant"))
    assert {path.split()[1] for path in found} == set(VERBS)
    for path, command in found.items():
        assert f"# `{path}`\n" in page
        assert command.help, path
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, (path, option.name)


def test_the_page_of_the_rules_is_current() -> None:
    """The page is what its tool writes today; its examples are read by the parser on the way."""
    told = "run: python tools/rules_page.py"
    assert rules_page.PAGE.read_text("utf-8") == rules_page.page(), told


def test_the_page_of_the_errors_is_current() -> None:
    """The page is what its tool writes today, and the tool finds a sentence for each error that is made."""
    told = "run: python tools/errors_page.py"
    assert errors_page.PAGE.read_text("utf-8") == errors_page.page(), told


def test_every_code_of_the_source_is_on_the_page_of_the_errors() -> None:
    """Whatever is written where an error is made, and looks like a code, is a code of the page."""
    made = {error.code for error in errors_page.made()}
    written: set[str] = set()
    for path in (ROOT / "src/avenant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=maker), args=[ast.Constant(value=str(code)), *_]):
                    if maker in {"InputError", "Refused", "Unavailable", "fault", "refusal"}:
                        written.add(code)
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="faults"), attr="add"),
                    args=[ast.Constant(value=str(code)), *_],
                ):
                    written.add(code)
    assert len(written) > 200
    assert set() == written - made


def test_every_error_of_a_rule_has_an_example() -> None:
    """The codes in the source and the examples are the same; none is listed twice."""
    codes = {code for code, _ in _FOREIGN_OPERATORS.values()} | {"bad-instant"}
    for name in ("cedar.py", "parse.py", "lower.py"):
        source = (ROOT / "src/avenant/rules" / name).read_text("utf-8")
        codes |= set(re.findall(r'(?:_error|InputError)\(\s*"([a-z-]+)"', source))
    assert len(codes) > 20
    assert sorted(codes) == sorted(example.code for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_an_example_is_the_error_that_it_stands_for(example: rules_page.Example) -> None:
    """Each example has exactly one error, of its code, with a remedy."""
    error = error_of(example.source)
    assert example.code == error.code
    assert error.hint


def test_the_examples_of_the_library_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page shows at a prompt is what comes out."""
    monkeypatch.chdir(ROOT)
    page = (REFERENCE / "library.md").read_text("utf-8")
    blocks = re.findall(r"```pycon\n(.*?)```", page, re.DOTALL)
    assert len(blocks) > 5
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "library.md", None, 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert 0 == result.failed, "".join(said)
    assert result.attempted > 15


@pytest.mark.parametrize("struct", [Decision, Cited, Missing, Past, Fact])
def test_the_page_names_every_field(struct: type[msgspec.Struct]) -> None:
    """Each field of a decision, and of what it holds, stands on the page."""
    page = (REFERENCE / "library.md").read_text("utf-8")
    for field in msgspec.structs.fields(struct):
        assert f"`{field.name}`" in page, field.name


def test_the_page_names_all_of_a_text() -> None:
    """Each public name of a text stands on the page."""
    page = (REFERENCE / "library.md").read_text("utf-8")
    names = {name for name in (*vars(Text), *Text.__struct_fields__) if name[0] != "_"}
    for name in names:
        assert re.search(rf"`{name}[`(]", page), name
