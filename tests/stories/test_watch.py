"""`check --watch` and the spinner, as real processes: through pipes, and through a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from bench.dossiers import written as long_text
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written
from tests.interrupts import ignored

pytestmark = pytest.mark.real

CLOSED = AGREEMENT.replace('  resource in Intent::"deliberate" &&\n', "").replace(
    "[intentionally](#intent.deliberate) used", "used"
)
BROKEN = AGREEMENT.replace("#legality.lawful", "#legality.lawfull")


class Terminal:
    """A process at a terminal: what it wrote so far, and whether it has ended."""

    def __init__(self, *argv: str) -> None:
        ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            argv, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, start_new_session=True
        )
        os.close(theirs)
        self._ours = ours
        self.said = ""

    def until(self, words: str) -> str:
        """Read until `words` stand in what was said since the last call; returns that."""
        since = len(self.said)
        while words not in self.said[since:]:
            try:
                read = os.read(self._ours, 4096)
            except OSError:  # the other side is closed
                break
            if not read:
                break
            self.said += read.decode("utf-8", "replace")
        assert words in self.said[since:], self.said
        return self.said[since:]

    def ended(self) -> int:
        """Read to the end; the exit code."""
        try:
            while read := os.read(self._ours, 4096):
                self.said += read.decode("utf-8", "replace")
        except OSError:
            pass
        return self.process.wait()

    def close(self) -> None:
        """End what is still running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)


@contextmanager
def terminal(*argv: str) -> Iterator[Terminal]:
    """A process at a terminal, ended at last."""
    opened = Terminal(*argv)
    try:
        yield opened
    finally:
        opened.close()


def replaced(dossier: Path, text: str) -> None:
    """Write the agreement as an editor does: beside, then moved into place."""
    beside = dossier / "0-agreement.md~"
    beside.write_text(text, "utf-8")
    beside.rename(dossier / "0-agreement.md")


def test_watch_tells_what_each_change_brings(tmp_path: Path) -> None:
    """A loophole is closed, a mistake is said and survived, the loophole is new again; Ctrl-C ends with 130."""
    dossier = written(tmp_path / "town", {"0-agreement.md": AGREEMENT})
    avenant = (sys.executable, "-m", "avenant.cli", "--lang", "en")
    with terminal(*avenant, "check", str(dossier), "--watch", "--brief") as shown:
        first = shown.until("Ctrl-C ends")
        assert "\x1b[2J" in first
        assert "R1" in first
        replaced(dossier, CLOSED)
        after = shown.until("Ctrl-C ends")
        assert "closed" in after
        assert "- loophole" in after
        replaced(dossier, BROKEN)
        wrong = shown.until("Ctrl-C ends")
        assert "lawfull" in wrong
        replaced(dossier, AGREEMENT)
        again = shown.until("Ctrl-C ends")
        assert "+ loophole" in again
        os.killpg(shown.process.pid, signal.SIGINT)
        assert 130 == shown.ended()
        assert "Traceback" not in shown.said


@pytest.mark.parametrize("started", [nullcontext, ignored], ids=["plainly", "ignoring"])
def test_watch_in_a_pipe_keeps_reports_and_remarks_apart(tmp_path: Path, started: Any) -> None:
    """Standard output has the reports and nothing else; an interrupt ends it, under `nohup` too."""
    dossier = written(tmp_path / "town", {"0-agreement.md": AGREEMENT})
    with started():
        process = subprocess.Popen(
            [sys.executable, "-m", "avenant.cli", "check", str(dossier), "--watch", "--brief"],
            cwd=ROOT,
            env={**os.environ, "LANG": "C.UTF-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert str(dossier) in line
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert 130 == process.returncode
    assert out.startswith("R1")
    assert "\x1b" not in out
    assert "Traceback" not in err


def test_a_dossier_that_is_not_there_is_not_watched(tmp_path: Path) -> None:
    """A wrong name is a mistake at once, and exits 2."""
    done = subprocess.run(
        [sys.executable, "-m", "avenant.cli", "check", str(tmp_path / "none"), "--watch"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 2 == done.returncode


SLOW = """
import time
from avenant.render.terminal.screen import progress
with progress("searching") as told:
    told("R1, 2 ways found")
    time.sleep({seconds})
"""


def test_what_lasts_longer_than_a_second_shows_how_far_it_is() -> None:
    """At a terminal the spinner says what is done, on which principle, and how much was found."""
    with terminal(sys.executable, "-c", SLOW.format(seconds=2)) as shown:
        assert "searching: R1, 2 ways found" in shown.until("2 ways found")
        assert 0 == shown.ended()


def test_quick_work_shows_no_spinner() -> None:
    """What is done at once leaves the terminal as it was."""
    with terminal(sys.executable, "-c", SLOW.format(seconds=0)) as shown:
        assert 0 == shown.ended()
        assert "searching" not in shown.said


@pytest.mark.parametrize(
    ("arguments", "doing"),
    [(("check", "long@0", "--brief"), "searching"), (("compare", "long@0", "long@1"), "comparing")],
)
def test_long_work_says_how_far_it_is(
    tmp_path: Path, arguments: tuple[str, ...], doing: str
) -> None:
    """A thousand clauses take a while: the terminal says what is asked."""
    long_text(tmp_path / "long", clauses=1_000, seed=1)
    texts = [str(tmp_path / a) if a.startswith("long") else a for a in arguments]
    with terminal(sys.executable, "-m", "avenant.cli", "--lang", "en", *texts) as shown:
        assert f"{doing}: " in shown.until(f"{doing}: ")
