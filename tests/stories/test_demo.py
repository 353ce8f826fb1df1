"""The story as a stranger plays it: told to its end in a pipe, and interrupted at every turn of it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openai import OpenAI

from tests.interrupts import ignored

ROOT = Path(__file__).resolve().parents[2]
MARK = "AVENANT_TEST_STORY"  # in the environment of every process that a story starts
PATIENCE = 120  # seconds; the story takes less than half of a minute on a quiet machine

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("demo")]


@contextmanager
def playing(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The story as a process of its own, whose temporary files go below `folder`."""
    environment = {**os.environ, "TMPDIR": str(folder), MARK: str(folder), "LANG": "en_GB.UTF-8"}
    environment.pop("FORCE_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def left(folder: Path) -> list[str]:
    """The commands of all processes that a story with this folder has left running."""
    mark = f"{MARK}={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the story tells in a pipe; it ends by itself and leaves nothing."""
    folder = tmp_path_factory.mktemp("told")
    with playing(folder) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (0, "") == (process.returncode, err)
    assert ([], []) == (left(folder), list(folder.iterdir()))
    return out


def rows(told: str, title: str) -> list[list[str]]:
    """The cells of the table of calls in a section: call, for, outcome, what it rests on."""
    section = told.partition(f"── {title}")[2].partition("\n── ")[0]
    cells = (re.split(r"\s{2,}", line.strip()) for line in section.splitlines())
    return [row for row in cells if len(row) >= 4 and row[1] in ("army", "nsa")]


def test_calls_under_the_amended_text(told: str) -> None:
    """Each kind of call has the outcome and the clause of the agreement's table."""
    assert [
        ["minutes of a meeting", "army", "permitted", "§2 all-lawful"],
        ["missile-defence mathematics", "army", "permitted", "§2 all-lawful"],
        ["track bought phone locations", "army", "refused", "§8 surveillance"],
        ["the same, intent left out", "army", "undetermined", "§6 §8: intent, constraint not known"],
        ["search what is already held, in bulk", "army", "permitted", "§2 all-lawful", "against R1 !"],
        ["release a weapon, no human", "army", "refused", "§3 weapons"],
        ["translate a press review", "nsa", "refused", "§9 agencies"],
        ["minutes again, model server stopped", "army", "failed (upstream)", "502 upstream_unavailable"],
    ] == rows(told, "Calls, through the official SDK")  # fmt: skip


def test_one_agency_is_let_in_for_a_period(told: str) -> None:
    """Signed while the gateway runs, the admission lets translation through and nothing else, and ends."""
    inside, other, after = rows(told, "The contract is first modified")
    assert ["nsa", "permitted", "§2 all-lawful, let past §9 by 2"] == inside[1:]
    assert ["nsa", "refused", "§9 agencies"] == other[1:]
    assert ["nsa", "refused", "§9 agencies"] == after[1:]


def test_the_record_is_verified_and_its_damage_named(told: str) -> None:
    """The ledger holds each call, instrument and connection; of the changed copy the changed entry is named."""
    calls = len(rows(told, "Calls, through")) + len(rows(told, "The contract is first modified"))
    verified = re.search(r"(?m)^verified .*$", told)
    assert verified is not None
    assert f"{calls} decisions, {calls} outcomes, 3 instruments, 7 connections" in verified[0]
    changed = re.search(r"entry (\d+) was against R1, and now says R3", told)
    damaged = re.findall(r"(?m)^damaged +entry (\d+),", told)
    assert changed is not None
    assert [changed[1]] == damaged


def test_a_pipe_gets_no_colour_and_a_hundred_columns(told: str) -> None:
    """In a pipe there is no escape sequence and no line is wider than the screen."""
    assert "\x1b" not in told
    assert [] == [line for line in told.splitlines() if len(line) > 100 and line[0] != "$"]


def test_the_model_is_streamed_and_labelled(told: str) -> None:
    """The first words of a real streamed answer are shown once, with what they are worth."""
    assert 1 == len(re.findall(r"streamed: \w+ \w+ \w+ \w+ …   the model is tiny and random", told))


# The beginning of a line of the story, after which the signal comes at once.
TURNS = [
    "",
    "Avenant:",
    "$ avenant check",
    "$ avenant compare openai-dow@0",
    "── Calls",
    "  missile",
]


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.strip("$ ─") or "at once")
def test_interrupted(turn: str, tmp_path: Path) -> None:
    """Ctrl-C at any turn ends every process and removes the folder, without a traceback."""
    with playing(tmp_path, "--once") as process:
        if turn:
            assert process.stdout is not None
            assert any(line.startswith(turn) for line in process.stdout)
        else:
            while not list(tmp_path.iterdir()):
                time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert (130, "") == (process.returncode, err)
    assert ([], []) == (left(tmp_path), list(tmp_path.iterdir()))


def test_interrupted_where_interrupts_are_ignored(tmp_path: Path) -> None:
    """Started as `nohup` or a script's `&` starts it, the story ends on an interrupt all the same."""
    with ignored(), playing(tmp_path, "--once") as process:
        assert process.stdout is not None
        assert any(line.startswith("── Calls") for line in process.stdout)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert 130 == process.returncode
    assert ([], []) == (left(tmp_path), list(tmp_path.iterdir()))


def test_the_model_ends_where_interrupts_are_ignored() -> None:
    """The model server, too, ends on an interrupt that it was started to ignore."""
    with (
        ignored(),
        subprocess.Popen(
            [sys.executable, "-m", "demo.model"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://")
        process.send_signal(signal.SIGINT)
        try:
            assert 0 == process.wait(20)
        finally:
            process.kill()


def test_interrupted_twice_while_it_waits(tmp_path: Path) -> None:
    """A second and a third Ctrl-C do not cut the clean-up short."""
    with playing(tmp_path, "--once") as process:
        assert process.stdout is not None
        assert any(line.startswith("  profile a suspect") for line in process.stdout)
        # The story, the model server and the gateway: what is left is looked for in the right place.
        assert 3 == len(left(tmp_path))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process.send_signal(number)
            time.sleep(0.02)
        _, err = process.communicate(timeout=PATIENCE)
    assert (130, "") == (process.returncode, err)
    assert ([], []) == (left(tmp_path), list(tmp_path.iterdir()))


def test_in_a_terminal_it_goes_on_serving(tmp_path: Path) -> None:
    """In a terminal there is colour, and at the end a gateway for one's own calls, until Ctrl-C is typed."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TMPDIR": str(tmp_path), MARK: str(tmp_path), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "--lang", "en"],
        cwd=ROOT,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        # A Ctrl-C reaches whoever has the terminal. No other thread runs in this test.
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    try:
        os.close(theirs)
        told = _until(ours, "Ctrl-C stops")
        assert "\x1b[32mpermitted" in told
        url, key = re.findall(r'(?:base_url|api_key)="([^"]+)"', told)
        with OpenAI(base_url=url, api_key=key, max_retries=0) as client:
            answer = client.chat.completions.create(
                model="sample", messages=[{"role": "user", "content": "Draft a letter."}]
            )
        assert answer.choices[0].message.content
        os.write(ours, b"\x03")
        assert 0 == process.wait(PATIENCE)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        os.close(ours)
    assert ([], []) == (left(tmp_path), list(tmp_path.iterdir()))


def _until(terminal: int, words: str) -> str:
    told = b""
    while words.encode() not in told:
        told += os.read(terminal, 4096)
    return told.decode()


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    """A port that another program holds is said in one sentence, before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with playing(tmp_path, "--port", port) as process:
            out, err = process.communicate(timeout=PATIENCE)
    assert (2, "", 1) == (process.returncode, out, len(err.splitlines()))
    assert f"port {port}" in err
    assert [] == list(tmp_path.iterdir())
