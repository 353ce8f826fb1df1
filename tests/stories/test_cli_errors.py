"""A person's mistake at the command line: one clear error, where it is and what to do, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from avenant.cli import app
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written
from tests.parties import key


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample is an id under ./agreements, as for a reader of the README."""
    monkeypatch.chdir(ROOT)


# arguments, a part of the message, a part of the remedy
MISTAKES = (
    (["chek"], "no verb `chek`", "`check`"),
    (["check"], "DOSSIER[@N]", "avenant check --help"),
    (["check", "openai-dow", "--brif"], "--brif", "--brief"),
    (["check", "openai-dow", "--show", "two"], "two", "avenant check --help"),
    (["--lang", "de", "check", "openai-dow"], "de", "fr"),
    (["check", "nosuch"], "no dossier `nosuch`", "openai-dow"),
    (["check", "a" * 5000], "no dossier", "openai-dow"),
    (["check", "openai\0dow"], "no dossier", "openai-dow"),
    (["check", "openai-dow@9"], "no instrument 9", "its last one is 2"),
    (["check", "openai-dow@one"], "openai-dow@one", "openai-dow@1"),
    (["check", "openai-dow", "--on", "soon"], "`soon` is not a date", "2026-03-02"),
    (["check", "openai-dow", "--on", "2026-01-01"], "nothing is in force", "openai-dow@0"),
    (["check", "openai-dow", "--show", "99"], "no finding 99", "avenant check"),
    (["check", "openai-dow", "--show", "0"], "no finding 0", "avenant check"),
    (["ask", "openai-dow", "translation"], "`translation` is not a fact", "axis=category"),
    (["ask", "openai-dow", "purpos=translation"], "`purpos` is no axis", "`purpose`"),
    (["ask", "openai-dow", "purpose=translatoin"], "`translatoin` is no category", "`translation`"),
    (["ask", "openai-dow", "--claimed", "intent"], "`intent` is not a fact", "axis=category"),
    (["ask", "openai-dow", "--suspected", "intent=x"], "`x` is no category", "`deliberate`"),
    (["ask", "openai-dow", "--request", "/no/such.json"], "/no/such.json", "avenant ask --help"),
    (["ask", "openai-dow", "--connection", "army"], "none is given", "--request"),
    (["show", "openai-dow", "survaillance"], "no clause `survaillance`", "`surveillance`"),
    (["compare", "openai-dow@0"], "DOSSIER[@N]", "avenant compare --help"),
    (["compare", "openai-dow@0", "openai-dow@1", "--fail-on", "x"], "`x`", "looser"),
    (["status", "openai-dow@7"], "no instrument 7", "its last one is 2"),
    (["schema", "Decison"], "Decison", "Decision"),
    (["sign", "openai-dow@1", "--as", "supplier"], "--key", "avenant sign --help"),
    (["sign", "openai-dow@1", "--key", "/no/key", "--as", "supplier"], "/no/key", "its path"),
    (["keys", "new", "/no/such/folder/key"], "/no/such/folder/key", "the path"),
    (["keys"], "new", "avenant keys"),
    (["export", "openai-dow"], "--cedar", "avenant export --help"),
    (["export", "openai-dow", "--cedar", "/proc/none"], "/proc/none", "may write"),
    (["ledger", "verify", "/no/ledger"], "/no/ledger", "avenant ledger verify --help"),
    (["serve", "openai-dow"], "no model server", "--upstream"),
    (
        ["serve", "openai-dow@1", "--upstream", "http://127.0.0.1:9/v1"],
        "single",
        "leave the number out",
    ),
    (["serve", "openai-dow", "--upstream", "there"], "`there`", "http://"),
    (["vocabulary", "--dossier", "nosuch"], "no dossier `nosuch`", "openai-dow"),
)


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"), MISTAKES, ids=[" ".join(m[0])[:50] for m in MISTAKES]
)
def test_a_mistake_is_said_once_and_clearly(
    arguments: list[str], message: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, nothing on standard output, and on standard error what is wrong and what to do."""
    code = app.run(arguments)
    said = capsys.readouterr()
    assert (2, "") == (code, said.out)
    assert message in said.err
    assert remedy in said.err
    assert "Traceback" not in said.err


def test_several_mistakes_are_said_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Each unknown fact has its own line and its own remedy."""
    assert 2 == app.run(["ask", "openai-dow", "purpos=x", "intent=deliberat", "scale=bulk"])
    lines = capsys.readouterr().err.splitlines()
    assert [True, False, True, False] == [line.startswith("error ") for line in lines]
    assert ["purpos", "deliberat"] == [lines[i].split("`")[1] for i in (0, 2)]


def test_mistakes_in_a_document_have_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two faults of one file are both said, each with file, line and clause."""
    broken = AGREEMENT.replace('Legality::"lawful"', 'Legality::"lawfull"').replace(
        'Purpose::"surveillance"\n', 'Purpose::"survey"\n'
    )
    written(tmp_path / "town", {"0-agreement.md": broken})
    assert 2 == app.run(["check", str(tmp_path / "town")])
    said = capsys.readouterr().err
    for line, word in enumerate(broken.splitlines(), 1):
        if "lawfull" in word or '"survey"' in word:
            assert f"0-agreement.md:{line}: " in said
    assert "(§ purposes)" in said
    assert "(§ watching)" in said
    assert 'did you mean `Legality::"lawful"`?' in said


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff\xfe", "UTF-8"), (b"", "empty"), (b"# no front matter\n", "front matter")],
)
def test_a_file_that_is_no_instrument(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no text, nothing at all, or another document: said with the file's name."""
    written(tmp_path / "town", {"0-agreement.md": content})
    assert 2 == app.run(["check", str(tmp_path / "town")])
    said = capsys.readouterr().err
    assert "0-agreement.md:1" in said
    assert message in said


def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in place of an instrument cannot be read, and that is said."""
    (tmp_path / "town" / "0-agreement.md").mkdir(parents=True)
    assert 2 == app.run(["check", str(tmp_path / "town")])
    assert "0-agreement.md" in capsys.readouterr().err


def test_a_file_that_is_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sign` with a public key, a text or bytes for a key says what a key is, and signs nothing."""
    dossier = written(tmp_path / "town", {"0-agreement.md": AGREEMENT})
    for content in (b"ssh-ed25519 AAAA x\n", b"hello", b"\xff\x00", b""):
        (tmp_path / "key").write_bytes(content)
        argv = ["sign", f"{dossier}@0", "--key", str(tmp_path / "key"), "--as", "town"]
        assert 2 == app.run(argv)
        assert str(tmp_path / "key") in capsys.readouterr().err
    assert not (dossier / "signatures").exists()


def test_the_key_of_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A good key that the agreement does not name for the party signs nothing."""
    from avenant.consent.write import write_key

    dossier = written(tmp_path / "town", {"0-agreement.md": AGREEMENT})
    write_key(tmp_path / "key", key("stranger"), "")
    argv = ["sign", f"{dossier}@0", "--key", str(tmp_path / "key"), "--as", "town"]
    assert 2 == app.run(argv)
    assert "key" in capsys.readouterr().err
    assert not (dossier / "signatures").exists()


@pytest.mark.parametrize(
    ("language", "whose"),
    [
        ("en", "a fault of Avenant, not yours: "),
        ("fr", "erreur interne d'Avenant, sans rapport avec votre saisie\u202f: "),
    ],
)
def test_a_fault_of_ours_exits_70_and_names_the_file_to_report(
    language: str,
    whose: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What nobody foresaw is no traceback either: it says whose fault it is, and keeps what is needed."""
    import tempfile

    from avenant import library

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("this cannot be")

    monkeypatch.setattr(library, "load", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert 70 == app.run(["--lang", language, "check", "openai-dow"])
    said = capsys.readouterr().err
    assert f"{whose}RuntimeError: this cannot be" in said
    (report,) = tmp_path.iterdir()
    assert str(report) in said
    assert "Traceback" not in said
    assert "Traceback" in report.read_text("utf-8")


def test_an_interrupt_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command as the shell counts it."""
    from avenant import library

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "load", interrupted)
    assert 130 == app.run(["check", "openai-dow"])


def process(arguments: Sequence[str], **how: object) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "avenant.cli", *arguments],
        cwd=ROOT,
        text=True,
        check=False,
        **how,  # type: ignore[call-overload]
    )


@pytest.mark.real
@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "openai-dow@0", "openai-dow@1"],
        ["show", "openai-dow"],
        ["vocabulary"],
        ["ask", "openai-dow", "--json"],
        ["schema", "Report"],
        ["--help"],
    ],
)
def test_a_reader_who_leaves_is_no_fault(arguments: list[str]) -> None:
    """With nobody left to read, a command ends quietly, and neither as good nor as bad."""
    read, write = os.pipe()
    os.close(read)
    done = process(arguments, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (141, "") == (done.returncode, done.stderr)


def test_a_file_is_no_dossier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever gives a file is told what makes a dossier of it; of an instrument, that its folder is meant."""
    file = tmp_path / "policy.docx"
    file.write_bytes(b"")
    assert 2 == app.run(["check", str(file)])
    assert f"avenant import {file}" in capsys.readouterr().err
    (tmp_path / "0-agreement.md").write_bytes(b"")
    assert 2 == app.run(["check", str(tmp_path / "0-agreement.md")])
    assert f"stands in: {tmp_path}\n" in capsys.readouterr().err


@pytest.mark.real
def test_an_error_of_a_real_process() -> None:
    """The console script itself: exit 2, the error on standard error and without colour in a pipe."""
    done = process(["check", "nosuch"], capture_output=True)
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("error there is no dossier `nosuch`\n")
