"""Reports that go to files: `--html FILE`, `--markdown FILE`, `--sarif FILE`, several at once from one analysis.

`-` is standard output, in place of the screen. What is written is complete before the file is touched.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from avenant.errors import InputError
from avenant.languages import say, trouble

STANDARD = "-"


def file_options(*kinds: str) -> Callable[[Any], Any]:
    """`--KIND FILE` for each kind; a command gets each as a keyword of that name."""

    def added(command: Any) -> Any:
        for kind in reversed(kinds):
            told = say(f"render.option.{kind}")
            command = click.option(f"--{kind}", metavar="FILE", help=told)(command)
        return command

    return added


def ready(files: Mapping[str, str | None], as_json: bool) -> bool:
    """Whether a report has standard output for itself.

    Asked before the work begins. Raises InputError: `two-outputs`, or `unwritable` where no file can be.
    """
    there = [f"--{kind} -" for kind, file in files.items() if file == STANDARD]
    if as_json:
        there.append("--json")
    if len(there) > 1:
        message = say("render.option.two-outputs", first=there[0], second=there[1])
        raise InputError("two-outputs", message, None, say("render.option.two-outputs-hint"))
    for file in files.values():
        if file in (None, STANDARD):
            continue
        if Path(file).is_dir():
            raise _unwritable(file, IsADirectoryError(errno.EISDIR, ""))
        if not Path(file).parent.is_dir():
            raise _unwritable(file, FileNotFoundError(errno.ENOENT, ""))
    return bool(there)


def write_reports(files: Mapping[str, str | None], made: Callable[[str], str]) -> None:
    """Write each report that is asked for; raises InputError `unwritable`."""
    for kind, file in files.items():
        if file is None:
            continue
        report = made(kind)
        if file == STANDARD:
            click.echo(report, nl=False)
            continue
        try:
            Path(file).write_text(report, encoding="utf-8")
        except OSError as error:
            raise _unwritable(file, error) from None


def _unwritable(file: str, error: OSError) -> InputError:
    message = say("render.option.unwritable", file=file, problem=trouble(error))
    return InputError("unwritable", message, None, say("render.option.unwritable-hint"))


def folder_uri(path: str) -> str:
    """A folder as reports name it: from here where it stands below, else from the root."""
    folder, here = Path(path).resolve(), Path.cwd().resolve()
    if folder.is_relative_to(here):
        return quote(folder.relative_to(here).as_posix()).removeprefix(".")
    return folder.as_uri()
