"""A language is a folder: no module names one, and a new folder is a language without touching a module."""

from __future__ import annotations

import ast
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from avenant.languages import LANGUAGES, language, say
from avenant.languages.detect import is_foreign, language_of
from avenant.languages.read import FALLBACK, FOLDER
from avenant.languages.speaker import Speaker
from tests.conformance import ROOT

SRC = ROOT / "src" / "avenant"


def named(module: Path) -> Iterator[int]:
    """The lines in which a module names a language as a literal."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and node.value in LANGUAGES:
            yield node.lineno


def keys(written: Mapping[str, Any]) -> set[str]:
    """The keys of a table with those of its tables."""
    found = set(written)
    for key, value in written.items():
        if isinstance(value, Mapping):
            found |= {f"{key}.{below}" for below in keys(value)}
    return found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of languages: the fallback as it is, and a small German."""
    shutil.copytree(FOLDER / FALLBACK, tmp_path / FALLBACK)
    shutil.copytree(FOLDER / "fr", tmp_path / "fr")
    shutil.copy(FOLDER / "foreign.toml", tmp_path)
    german = tmp_path / "de"
    (german / "messages").mkdir(parents=True)
    (german / "lexicon").mkdir()
    (german / "grammar.toml").write_text('one = "1"\n', "utf-8")
    (german / "lexicon" / "little.toml").write_text(
        'common = "der die das und nicht ist ein eine zu mit für von"\nmore = "darf muss werden"\n'
        "accented = false\n",
        "utf-8",
    )
    (german / "messages" / "common.toml").write_text(GERMAN, "utf-8")
    return tmp_path


GERMAN = """\
[quote]
words = "„{words}“"

[number]
thousands = "."
decimal = ","

[severity]
error = "Fehler"
warning = "Warnung"
note = "Hinweis"

[severity.error-count]
one = "{count} Fehler"
many = "{count} Fehler"

[severity.warning-count]
one = "{count} Warnung"
many = "{count} Warnungen"

[severity.note-count]
one = "{count} Hinweis"
many = "{count} Hinweise"

[system]
ENOENT = "nicht vorhanden"
EACCES = "keine Berechtigung"
"""


def test_no_module_names_a_language() -> None:
    """No module outside `languages/` has a language as a literal."""
    modules = [module for module in SRC.rglob("*.py") if FOLDER not in module.parents]
    assert len(modules) > 100
    assert [] == [f"{m.relative_to(SRC)}:{line}" for m in modules for line in named(m)]


def test_a_named_language_is_seen(tmp_path: Path) -> None:
    """The check can fail: a literal is found in a table, a comparison and a default."""
    module = tmp_path / "module.py"
    module.write_text('a = {"en": 1}\nb = a == "fr"\ndef c(d="en"): ...\ne = "end"\n', "utf-8")
    assert [1, 2, 3] == sorted(named(module))


@pytest.mark.parametrize("name", LANGUAGES)
def test_each_language_has_the_same_files(name: str) -> None:
    """A language lacks no list of the fallback and no key of one, and has none of its own."""
    files = {file.relative_to(FOLDER / FALLBACK) for file in (FOLDER / FALLBACK).rglob("*.toml")}
    assert files == {file.relative_to(FOLDER / name) for file in (FOLDER / name).rglob("*.toml")}
    for file in (file for file in files if file.parts[0] == "lexicon"):
        first, own = (
            tomllib.loads((FOLDER / folder / file).read_text("utf-8"))
            for folder in (FALLBACK, name)
        )
        assert keys(first) == keys(own), file


def test_a_folder_is_a_language(root: Path) -> None:
    """A new folder is a language; the fallback comes first, and the process's languages stay as they were."""
    assert (FALLBACK, "de", "fr") == Speaker(root).languages
    assert "de" not in LANGUAGES


def test_a_new_language_speaks(root: Path) -> None:
    """A folder's sentences, plurals, numbers and quotation marks are spoken, and English where it has none."""
    speaker = Speaker(root)
    speaker.speak("de")
    expected = {
        "error": "Fehler",
        "warning": "Warnung",
        "note": "Hinweis",
    }
    assert expected == {key: speaker.say(f"severity.{key}") for key in expected}
    counted = [
        speaker.plural(f"severity.{kind}-count", count)
        for kind in ("error", "warning", "note")
        for count in (0, 1, 1200)
    ]
    assert [
        *("0 Fehler", "1 Fehler", "1.200 Fehler"),
        *("0 Warnungen", "1 Warnung", "1.200 Warnungen"),
        *("0 Hinweise", "1 Hinweis", "1.200 Hinweise"),
    ] == counted
    assert "„Überwachung“" == speaker.quoted("Überwachung")
    assert "1.234,5" == speaker.numeral(1234.5, 1)
    assert "nicht vorhanden" == speaker.trouble(FileNotFoundError(2, "No such file"))
    assert "keine Berechtigung" == speaker.trouble(PermissionError(13, "Permission denied"))
    assert say("cli.check.nothing", lang=FALLBACK) == speaker.say("cli.check.nothing")
    assert FALLBACK == language()


def test_a_new_language_is_detected(root: Path) -> None:
    """A text is in the new language where it has a folder, and foreign where it has none."""
    text = "Der Anbieter darf das System nicht für die Überwachung von Personen nutzen und ist zu prüfen."
    assert "de" == language_of(text, root)
    assert not is_foreign(text, root)
    assert language_of(text) is None
    assert is_foreign(text)
