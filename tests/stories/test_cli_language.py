"""Which language a command speaks, and that its own mistakes and help are in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from avenant.cli import app
from avenant.cli.language import language_of
from avenant.languages import language, speak
from tests.conformance import ROOT

ENVIRONMENTS = (
    ({}, "en"),
    ({"LANG": "fr_FR.UTF-8"}, "fr"),
    ({"LANG": "fr"}, "fr"),
    ({"LANG": "fr_CA@euro"}, "fr"),
    ({"LANG": "C.UTF-8"}, "en"),
    ({"LANG": "de_DE.UTF-8"}, "en"),
    ({"LANG": "fry_NL"}, "en"),  # Frisian is no French
    ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
    ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
    ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "en_GB", "LC_ALL": "fr_BE"}, "fr"),
    ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
    ({"LANG": "fr_FR.UTF-8", "LC_ALL": ""}, "fr"),  # set to nothing is not set
    ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:fr:en"}, "fr"),
    ({"LANG": "C", "LANGUAGE": "fr"}, "en"),  # gettext does not look at LANGUAGE then
)

# What is typed, what is said of it in French, and what to do.
MISTAKES = (
    (["chek"], "`avenant` n'a pas de verbe `chek`", "vouliez-vous dire `check` ?"),
    (["ledger", "verfy"], "`avenant ledger` n'a pas de verbe `verfy`", "`verify`"),
    (["check"], "`DOSSIER[@N]` manque", "avenant check --help"),
    (["check", "x", "--brif"], "`avenant check` n'a pas d'option `--brif`", "`--brief`"),
    (["check", "x", "--show"], "`--show` demande une valeur", "voyez"),
    (["check", "x", "--brief=3"], "`--brief` ne prend pas de valeur", "voyez"),
    (["check", "x", "--show", "un"], "`un` n'est pas un nombre entier", "avenant check --help"),
    (["check", "x", "--seconds", "peu"], "`peu` n'est pas un nombre, et", "avenant check --help"),
    (["check", "x", "y"], "un mot de trop : `y`", "avenant check --help"),
    (["compare", "x", "y", "z", "t"], "2 mots de trop : `z t`", "avenant compare --help"),
    (["compare", "x", "y", "--fail-on", "loser"], "`loser` n'est pas une valeur", "`looser`"),
    (["sign", "x@0", "--as", "y"], "`--key` manque", "avenant sign --help"),
    (["ask", "x", "--request", "/no.json"], "`--request` : il n'y a pas de `/no.json`", "voyez"),
    (["ask", "x", "--request", "/"], "`/` est un répertoire, et non un fichier", "voyez"),
    (["serve", "x", "--cedar", "/etc/passwd"], "est un fichier, et non un répertoire", "voyez"),
    (["ledger", "verify", "/no/ledger"], "il n'y a pas de `/no/ledger`", "voyez"),
    (["check", "nosuch"], "il n'y a pas de dossier `nosuch`", "openai-dow"),
    (["keys", "new", "/no/such/key"], "ce fichier ou ce répertoire n'existe pas", "vérifiez"),
)


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test leaves the process as it found it, and finds the sample under ./agreements."""
    monkeypatch.chdir(ROOT)
    yield
    speak("en")


@pytest.mark.parametrize(
    ("environment", "expected"), ENVIRONMENTS, ids=[str(e[0]) for e in ENVIRONMENTS]
)
def test_the_environment_chooses(environment: dict[str, str], expected: str) -> None:
    """`LC_ALL` before `LC_MESSAGES` before `LANG`, and `LANGUAGE` before all of them unless they say `C`."""
    assert expected == language_of(environment)


@pytest.mark.parametrize(
    ("arguments", "said", "remedy"), MISTAKES, ids=[" ".join(m[0]) for m in MISTAKES]
)
def test_a_mistake_is_said_in_french(
    arguments: list[str], said: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and on standard error one sentence and what to do: in French, with nothing of English left."""
    code = app.run(["--lang", "fr", *arguments])
    captured = capsys.readouterr()
    told = captured.err.replace("\u202f", " ")
    assert (2, "", 2) == (code, captured.out, len(told.splitlines()))
    assert told.startswith("erreur ")
    assert said in told
    assert remedy in told
    assert not {"No", "Missing", "Try", "Error:", "such", "see:", "Usage:"} & set(told.split())


@pytest.mark.parametrize("name", ["--lang", "--lang=fr"])
def test_the_language_is_welcome_behind_the_verb(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """People type it at the end; it holds for the mistakes before it too."""
    behind = [name, "fr"] if name == "--lang" else [name]
    app.run(["check", "nosuch", *behind])
    assert capsys.readouterr().err.startswith("erreur ")


def test_the_option_stands_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--lang en` on a French machine speaks English, and without it the machine's language."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    app.run(["--lang", "en", "check", "nosuch"])
    assert capsys.readouterr().err.startswith("error ")
    app.run(["check", "nosuch"])
    assert capsys.readouterr().err.startswith("erreur ")
    assert "fr" == language()


def test_help_changes_its_language_within_a_process(capsys: pytest.CaptureFixture[str]) -> None:
    """The texts of a verb are those of the moment, whichever language read its module first."""
    told = []
    for lang in ("fr", "en", "fr"):
        app.run(["--lang", lang, "check", "--help"])
        told.append(capsys.readouterr().out)
    assert told[0] == told[2]
    assert "the loopholes, one line each" in told[1]
    assert "les contournements, une ligne chacun" in told[0]


@pytest.mark.parametrize(
    "verb", [[], *([verb] for verb in app.VERBS), ["ledger", "verify"], ["keys", "new"]]
)
def test_no_help_is_english_in_french(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The frame, the options and the placeholders of each verb are French; only names stay as they are typed."""
    app.run(["--lang", "fr", *verb, "--help"])
    told = capsys.readouterr().out
    assert told.startswith("Usage\u202f: avenant ")
    words = set(told.replace("\n", " ").split())
    english = {
        "Options:",
        "Show",
        "this",
        "message",
        "exit.",
        "the",
        "and",
        "of",
        "with",
        "[required]",
    }
    assert not english & words
    assert not {"FILE", "PARTY", "DIGEST", "INTEGER", "FLOAT", "COMMAND", "AXIS=CATEGORY"} & words


@pytest.mark.parametrize("dossier", sorted(p.name for p in (ROOT / "agreements").iterdir()))
def test_who_reads_in_french_signs_the_same_report(
    dossier: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The digest and the findings of each sample are the same in both languages; only what is said of them is not."""
    told = []
    for lang in ("en", "fr"):
        app.run(["--lang", lang, "check", dossier, "--json"])
        report = json.loads(capsys.readouterr().out)
        told.append((report["digest"], [(f["id"], f["severity"]) for f in report["findings"]]))
    assert told[0] == told[1]


@pytest.mark.real
def test_a_french_machine_gets_french_help() -> None:
    """The console script itself, with nothing but the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "avenant.cli", "--help"],
        cwd=ROOT,
        env={"LC_ALL": "fr_FR.UTF-8", "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Usage\u202f: avenant [OPTIONS] VERBE")
