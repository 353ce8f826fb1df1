"""`avenant check --only wording`: any text, from a file or a pipe; what is no text is said to be none."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from avenant.cli.app import run
from avenant.languages import speak

GERMAN = "Die Kunden dürfen das Modell nicht zur Überwachung von Personen oder Gruppen verwenden.\n"
SPANISH = (
    "Los clientes no deben usar el modelo para la vigilancia de las personas sin su permiso.\n"
)


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English."""
    speak("en")


def test_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings with severity, words and line; exit 1 for errors."""
    file = tmp_path / "policy.md"
    file.write_text("# Policy\n\nYou must not knowingly lie.\n\nData must be kept.\n", "utf-8")
    assert 1 == run(["check", "--only", "wording", str(file)])
    shown = capsys.readouterr().out
    assert 'error    "knowingly"' in shown
    assert f"{file}:3" in shown
    assert "1 error, 1 warning" in shown


def test_a_text_with_nothing_to_find(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0."""
    file = tmp_path / "policy.txt"
    file.write_text("You must not lie.\n", "utf-8")
    assert 0 == run(["check", "--only", "wording", str(file)])
    assert "nothing found" in capsys.readouterr().out


def test_standard_input_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` reads a pipe; `--json` prints the data model; the language is found."""
    bytes_in = io.BytesIO("L'outil ne doit pas être utilisé sciemment.".encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(bytes_in))
    assert 1 == run(["check", "--only", "wording", "-", "--json"])
    read = json.loads(capsys.readouterr().out)
    assert ("standard input", "fr", True) == (read["text"], read["language"], read["complete"])
    (finding,) = read["findings"]
    assert ("wording-intent", ["sciemment"], "error") == (
        finding["code"],
        finding["words"],
        finding["severity"],
    )


def test_one_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--show N` shows one, with its id; a number that is not there is an error."""
    file = tmp_path / "policy.md"
    file.write_text("You must not knowingly lie.\n", "utf-8")
    assert 1 == run(["check", "--only", "wording", str(file), "--show", "1"])
    assert "wording-intent:text:knowingly" in capsys.readouterr().out
    assert 2 == run(["check", "--only", "wording", str(file), "--show", "2"])
    assert "there is no finding 2" in capsys.readouterr().err


def test_a_dossier(capsys: pytest.CaptureFixture[str]) -> None:
    """The words of a dossier, clause by clause, without the proofs."""
    assert 1 == run(["check", "--only", "wording", "openai-dow@1"])
    shown = capsys.readouterr().out
    assert '§6 "as consistent with these authorities"' in shown
    assert "loopholes" not in shown


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "there are no words here"),
        (b" \n\n", "there are no words here"),
        (b"%PDF-1.7\n", "this is a PDF file"),
        (b"PK\x03\x04....", "this is a Word file"),
        (b"{\\rtf1 x}", "this is a RTF file"),
        (b"one\ntwo\x00", "this is no text"),
        (b"one\ntw\xe9o", "this is not UTF-8"),
        (b"\xff\xfeo\x00", "this is not UTF-8"),
        (GERMAN.encode(), "neither English nor French"),
        (SPANISH.encode(), "neither English nor French"),
    ],
)
def test_what_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, told: str
) -> None:
    """One error with the place and what to do, exit 2."""
    file = tmp_path / "policy.md"
    file.write_bytes(data)
    assert 2 == run(["check", "--only", "wording", str(file)])
    first, hint = capsys.readouterr().err.splitlines()
    assert told in first
    assert f"{file}:" in first
    assert hint.strip()


def test_a_language_that_is_said_is_believed(tmp_path: Path) -> None:
    """`--language` reads what is taken for another language; a text in both languages needs no word."""
    file = tmp_path / "policy.md"
    file.write_text(GERMAN, "utf-8")
    assert 0 == run(["check", "--only", "wording", str(file), "--language", "en"])
    file.write_text(
        "The town is not to be watched.\n\nLa ville n'est pas surveillée par le maire.\n"
    )
    assert 0 == run(["check", "--only", "wording", str(file)])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "wording", "gone.md"], "cannot be read"),
        (["--only", "wording", "gone"], "there is no dossier `gone`"),
        (["--only", "wording", "openai-dow", "--language", "fr"], "a dossier says itself"),
        (["--only", "wording", "openai-dow", "--fix", "1"], "takes no --fix"),
        (["--only", "wording", "openai-dow", "--html", "-"], "takes no --html"),
        (["--language", "fr", "openai-dow"], "goes with the verb `words`"),
    ],
)
def test_what_does_not_go_together(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """Options that prove something have no place beside `--only wording`, and each mistake is one sentence."""
    assert 2 == run(["check", *arguments])
    assert told in capsys.readouterr().err


def test_a_text_that_takes_too_long_is_not_finished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--seconds 0` reads nothing and says so: exit 3, and never `nothing found` alone."""
    file = tmp_path / "policy.md"
    file.write_text("You must not knowingly lie.\n", "utf-8")
    assert 3 == run(["check", "--only", "wording", str(file), "--seconds", "0"])
    assert "not finished" in capsys.readouterr().out


def test_a_forced_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--language` reads the words as of that language, whatever they look like."""
    file = tmp_path / "policy.md"
    file.write_text("You must not knowingly lie.\n", "utf-8")
    assert 0 == run(["check", "--only", "wording", str(file), "--language", "fr"])
    assert "French" in capsys.readouterr().out
