"""`avenant check --watch`: checks again when a file of the dossier changes, and says what is new and what is closed.

Files are looked at every 0.3 s, which works on every file system and needs no part of anybody's. What cannot be read
while somebody is writing is said as any mistake is, and the watch goes on. Reports go to standard output as without
`--watch`; what the watch says of itself goes to standard error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import click

from avenant.analyse.types import Report
from avenant.cli.interrupt import heed_interrupts
from avenant.errors import AvenantError
from avenant.findings.types import Finding
from avenant.languages import plural, say
from avenant.render.said import said_of, way

EVERY = 0.3  # seconds
Stamps = Mapping[str, tuple[int, int]]


def watch(folder: Path, once: Callable[[], Report]) -> NoReturn:
    """Run `once` now and after each change below `folder`, until the process is interrupted."""
    from avenant.cli.app import complain

    heed_interrupts()
    before: Report | None = None
    while True:
        # Taken before the files are read: what changes meanwhile is seen as a change.
        seen = _stamps(folder)
        if sys.stdout.isatty():
            click.clear()
        try:
            report = once()
        except AvenantError as error:
            complain(error)
        else:
            if before is not None:
                _tell(before, report)
            before = report
        click.secho(say("render.watch.watching", folder=folder), err=True, dim=True)
        _wait(folder, seen)


def _wait(folder: Path, seen: Stamps) -> None:
    """Until the files are others than `seen`, and stay as they are for one look: editors write in pieces."""
    now = seen
    while True:
        time.sleep(EVERY)
        last, now = now, _stamps(folder)
        if now != seen and now == last:
            return


def _stamps(folder: Path) -> Stamps:
    """Time and size of each file that a check reads."""
    stamps = {}
    for file in sorted(folder.rglob("*")):
        try:
            known = file.stat()
        except OSError:
            continue  # gone between the two looks
        stamps[str(file)] = (known.st_mtime_ns, known.st_size)
    return stamps


def _tell(before: Report, after: Report) -> None:
    """What a change brought, finding by finding; ids are stable over runs."""
    old, new = ({f.id: f for f in report.findings} for report in (before, after))
    for sign, colour, findings in (
        ("+", "red", [f for id, f in new.items() if id not in old]),
        ("-", "green", [f for id, f in old.items() if id not in new]),
    ):
        if findings:
            told = plural(f"render.watch.{'new' if sign == '+' else 'closed'}", len(findings))
            click.secho(told, err=True, bold=True)
            for finding in findings:
                click.secho(f"  {sign} {_named(finding)}", err=True, fg=colour)
    if old.keys() == new.keys():
        click.echo(say("render.watch.same"), err=True)


def _named(finding: Finding) -> str:
    what = way(finding.box) if finding.box else finding.title
    return say("phrases.colon", subject=said_of("finding", finding.code), said=what)
