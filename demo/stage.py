"""Where the story plays: a temporary folder, the processes in it, and an end that leaves neither behind.

- Ctrl-C, SIGTERM and SIGHUP become one KeyboardInterrupt, and only one.
- It never arrives between the start of a process and its being noted, nor while things are put away.
- Each process has a session of its own, so a Ctrl-C of the terminal reaches only the story, which ends the others.

    stage = Stage()
    try:
        stage.run("avenant.cli", "check", "openai-dow@0")     # a command to its end
        stage.start("demo.model", "--port", "0")              # a server, until `close`
    finally:
        stage.close()
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from avenant.languages import say

ROOT = Path(__file__).resolve().parents[1]
_GRACE = 5.0  # seconds that a process has to end before it is killed
PATIENCE = 60.0  # seconds that a server has to begin, on a machine that is busy with other things


class Fault(Exception):
    """Something outside the story keeps it from being played; the sentence says what, and what to do."""


def free_port(wanted: int) -> int:
    """A port of 127.0.0.1 that nothing listens on now: the one wanted, or for 0 any."""
    try:
        with socket.create_server(("127.0.0.1", wanted)) as listening:
            return int(listening.getsockname()[1])
    except (OSError, OverflowError) as error:
        raise Fault(say("demo.port-taken", port=wanted, why=error)) from None


class Interrupts:
    """The signals that end the story, held back where they would leave something behind."""

    def __init__(self) -> None:
        self._held = 0
        self._arrived = False
        self._raised = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._arrived = True
        if not self._held:
            self._raise()

    def _raise(self) -> None:
        # INVARIANT: raised once, so that a second Ctrl-C cannot cut a clean-up short.
        if not self._raised:
            self._raised = True
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is interrupted inside; what arrived meanwhile is raised at the end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if self._arrived and not self._held:
            self._raise()


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


class Stage:
    """A folder and the processes that play in it."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._processes: list[subprocess.Popen[str]] = []
        self._folder: Path | None = None
        # Colour is decided where the output is shown. What is read here has it always.
        self._environment = {
            **{k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS"}},
            "FORCE_COLOR": "1",
            "TERM": "xterm-256color",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }

    @property
    def folder(self) -> Path:
        """The folder, made when it is first asked for."""
        if self._folder is None:
            with self._interrupts.held():
                self._folder = Path(tempfile.mkdtemp(prefix="avenant-demo-"))
        return self._folder

    def run(self, module: str, *arguments: str) -> Ran:
        """Run a module of Python in the folder, to its end."""
        process = self._spawn(module, arguments, subprocess.PIPE, subprocess.PIPE)
        out, err = process.communicate()
        self._processes.remove(process)
        return Ran(process.returncode, out, err)

    def start(self, module: str, *arguments: str) -> Server:
        """Start a module of Python that runs until it is stopped; what it writes is kept in a file."""
        out, err = (self.folder / f"{module}.{stream}" for stream in ("out", "err"))
        with out.open("w") as told, err.open("w") as complained:
            return Server(self, self._spawn(module, arguments, told, complained), out, err)

    def _spawn(
        self, module: str, arguments: tuple[str, ...], out: IO[str] | int, err: IO[str] | int
    ) -> subprocess.Popen[str]:
        folder = self.folder
        with self._interrupts.held():
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=folder,
                env={**self._environment, "TMPDIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[str]) -> None:
        """End one process in good order; kill it when it does not."""
        with self._interrupts.held():
            _end([process])
            self._processes.remove(process)

    def close(self) -> None:
        """End every process and remove the folder; safe to call again."""
        with self._interrupts.held():
            _end(self._processes)
            self._processes.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None


@dataclass(frozen=True, slots=True)
class Server:
    """A process that runs until it is stopped, and the files that it writes to."""

    stage: Stage
    process: subprocess.Popen[str]
    out: Path
    err: Path

    def wait(self, ready: Callable[[str], str | None]) -> str:
        """What `ready` finds once the server is up; it is shown all that the server has written."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            ended = self.process.poll() is not None
            if (found := ready(self.out.read_text("utf-8"))) is not None:
                return found
            if ended:
                why = self.err.read_text("utf-8").strip()
                raise Fault(say("demo.server-ended", name=self.out.stem, why=why))
            time.sleep(0.05)
        raise Fault(say("demo.server-slow", name=self.out.stem, seconds=int(PATIENCE)))

    def stop(self) -> None:
        """End it in good order."""
        self.stage.stop(self.process)


def _end(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + _GRACE
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
