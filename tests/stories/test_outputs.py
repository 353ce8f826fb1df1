"""Reports that go to files: several from one analysis, one at most to standard output, and every mistake said first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from avenant.cli import app
from avenant.languages import speak
from tests.conformance import ROOT

Capsys = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sample is an id under ./agreements; each test begins and ends in English."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    speak("en")


def test_several_files_and_the_screen_from_one_analysis(tmp_path: Path, capsys: Capsys) -> None:
    """Each file is whole and about the same report, and the screen is shown as without them."""
    app.run(["check", "openai-dow@1", "--brief"])
    screen = capsys.readouterr().out
    files = {kind: tmp_path / f"report.{kind}" for kind in ("html", "markdown", "sarif")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    assert 1 == app.run(["check", "openai-dow@1", "--brief", *options])
    assert screen == capsys.readouterr().out
    app.run(["check", "openai-dow@1", "--json"])
    digest = json.loads(capsys.readouterr().out)["digest"]
    for file in files.values():
        assert digest[:15] in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (("check", "openai-dow@1", "--html", "-"), "<!doctype html>"),
        (("check", "openai-dow@1", "--sarif", "-"), "{"),
        (("check", "openai-dow@1", "--markdown", "-"), "### "),
        (("compare", "openai-dow@0", "openai-dow@1", "--markdown", "-"), "### "),
    ],
)
def test_a_report_on_standard_output_stands_alone(
    arguments: tuple[str, ...], begins: str, capsys: Capsys
) -> None:
    """With `-` there is nothing else on standard output, before it or behind it."""
    app.run([*arguments])
    out = capsys.readouterr().out
    assert out.startswith(begins)
    if begins == "{":
        assert json.loads(out)["version"] == "2.1.0"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("verb", "options", "named"),
    [
        ("check", ("--html", "-", "--sarif", "-"), "--sarif -"),
        ("check", ("--markdown", "-", "--json"), "--json"),
        ("compare", ("--markdown", "-", "--json"), "--json"),
        ("check", ("--html", "nowhere/report.html"), "nowhere/report.html"),
        ("check", ("--html", "docs"), "docs"),
        ("compare", ("--markdown", "nowhere/a.md"), "nowhere/a.md"),
    ],
)
def test_a_mistake_is_said_before_the_work(
    verb: str, options: tuple[str, ...], named: str, language: str, capsys: Capsys
) -> None:
    """Two reports for standard output and a file that cannot be are one error each, and nothing is shown."""
    texts = ("openai-dow@0", "openai-dow@1")[: 2 if verb == "compare" else 1]
    assert 2 == app.run(["--lang", language, verb, *texts, *options])
    said = capsys.readouterr()
    assert "" == said.out
    assert named in said.err
    assert 2 == len(said.err.splitlines())


def test_a_full_disk_is_said(capsys: Capsys) -> None:
    """What goes wrong in writing is an error with its reason, and no traceback."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    assert 2 == app.run(["check", "openai-dow@1", "--markdown", "/dev/full"])
    assert "/dev/full" in capsys.readouterr().err


@pytest.mark.parametrize("page", ["share-a-report", "pull-requests"])
def test_the_commands_of_the_how_to_run_as_written(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """Each command of the page does what it says, beside a checkout's agreements; none is a mistake."""
    (tmp_path / "agreements").symlink_to(ROOT / "agreements")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / f"docs/how-to/{page}.md").read_text("utf-8")
    commands = [
        line.removeprefix("$ avenant ").partition(" | ")[0].replace("/tmp/agreements/", "")
        for line in text.splitlines()
        if line.startswith("$ avenant ") and "--watch" not in line
    ]
    assert len(commands) >= 2
    # The page compares with a copy of what stood there before; here that is an earlier state.
    commands = [
        c.replace("openai-dow@2 openai-dow@2", "openai-dow@1 openai-dow@2") for c in commands
    ]
    for command in commands:
        assert app.run(command.split()) in {0, 1}, capsys.readouterr().err
        for word in command.split():
            if word.endswith((".html", ".md", ".sarif")):
                assert (tmp_path / word).stat().st_size > 100
