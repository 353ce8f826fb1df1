"""The published JSON schemas: equal to the code, valid themselves, and true of what the commands print."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from avenant.cli import app
from avenant.cli.schema import TYPES, schema
from avenant.cli.write import PRINTED, label
from avenant.languages import speak
from tests.conformance import ROOT
from tests.ledgers import filled
from tools.schema_files import FOLDER, files

ASKED = ("organisation=army", "operation=track", "purpose=surveillance", "legality=lawful")
COMMANDS = {
    "Report": ("check", "openai-dow@1"),
    "Decision": ("ask", "openai-dow@1", *ASKED),
    "Comparison": ("compare", "openai-dow@0", "openai-dow@1"),
    "Status": ("status", "openai-dow"),
    "Wording": ("check", "README.md", "--only", "wording"),
    "Imported": ("import", "docs/tutorial/files/acceptable-use.md", "--into", "INTO"),
    "Templates": ("new",),
    "Started": ("new", "INTO", "--from", "town-hall"),
    "Verified": ("ledger", "verify", "INTO"),
}


def test_the_files_are_what_the_code_gives() -> None:
    """Each schema of the code is published as it is."""
    there = {file.name: file.read_text("utf-8") for file in FOLDER.glob("*.json")}
    stale = [name for name, content in files().items() if content != there.get(name)]
    assert [] == stale, "if this is meant: PYTHONPATH=. python tools/schema_files.py"


def test_older_versions_stay() -> None:
    """Every published file is the current version of a type, or an older one."""
    current = {label(name).removeprefix("avenant/") for name in TYPES}
    for file in FOLDER.glob("*.json"):
        name, _, version = file.stem.rpartition("-")
        now = next(c for c in current if c.startswith(f"{name}@"))
        assert 1 <= int(version) <= int(now.rpartition("@")[2])


@pytest.mark.parametrize("name", TYPES)
def test_each_schema_is_one(name: str) -> None:
    """A schema is valid under draft 2020-12, and its id names type and version."""
    made = schema(name)
    jsonschema.Draft202012Validator.check_schema(made)
    assert f"urn:{label(name).replace('/', ':').replace('@', ':')}" == made["$id"]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_command_prints_is_valid(
    name: str,
    language: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`--json` prints what the schema says, and says which schema that is, in any language."""
    monkeypatch.chdir(ROOT)
    into = tmp_path / "into"
    if name == "Verified":
        filled(into).close()
    command = [str(into) if word == "INTO" else word for word in COMMANDS[name]]
    app.run(["--lang", language, *command, "--json"])
    speak("en")
    printed = json.loads(capsys.readouterr().out)
    assert label(name) == printed["schema"]
    assert [] == [e.message for e in strict(name).iter_errors(printed)]


def test_the_schema_can_say_no(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check can fail: a field that is gone, a field that nobody published and another schema are seen."""
    monkeypatch.chdir(ROOT)
    app.run([*COMMANDS["Status"], "--json"])
    printed = json.loads(capsys.readouterr().out)
    for changed in (
        {k: v for k, v in printed.items() if k != "instruments"},
        {**printed, "novelty": 1},
        {**printed, "schema": "avenant/status@2"},
    ):
        assert 1 == len([*strict("Status").iter_errors(changed)])


def strict(name: str) -> jsonschema.Draft202012Validator:
    """The schema of a type, as its own tests read it: a field that it does not name is an error."""
    made = schema(name)
    for fields in made["$defs"].values():
        if "properties" in fields:
            fields["additionalProperties"] = False
    return jsonschema.Draft202012Validator(made)


def test_the_page_names_every_schema() -> None:
    """The reference page links the file of each type that a command prints, and names the others."""
    page = (FOLDER.parent / "json.md").read_text("utf-8")
    for name in TYPES:
        assert f"`{name}`" in page
        if name in PRINTED:
            assert f"(schemas/{name.lower()}-{PRINTED[name]}.json)" in page


def test_each_type_that_is_printed_is_held_to_its_schema() -> None:
    """No command prints a type that the tests above do not look at."""
    assert PRINTED.keys() == COMMANDS.keys()
