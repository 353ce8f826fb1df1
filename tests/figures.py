"""Figures that a soak measures, written into `docs/explanation/reliability.md`.

A test takes the fixture `figure` and says what it counted; the examples of a property are counted
for it:

    def test_kills(figure):
        ...
        figure("kills of a writer", kills)
        figure("records lost", lost)

Outside a soak the figures go nowhere. Under xdist they travel to the controller as user properties
of the report, so the page is written once, by one process.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.depth import SOAK

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "reliability.md"
BEGIN, END = "<!-- figures: written by `make soak` -->\n", "<!-- end of figures -->\n"
NAME = "avenant-figure"

Figure = Callable[[str, object], None]
Row = tuple[str, str, str]  # the test, what was counted, how many

_rows: list[Row] = []


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Say what this test counted: `figure("kills of a writer", 500)`."""

    def say(what: str, count: object) -> None:
        record_property(NAME, [what, str(count)])

    return say


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Count the examples of a property, which Hypothesis leaves on the item as text."""
    report = yield
    if call.when == "call" and (statistics := getattr(item, "hypothesis_statistics", "")):
        passing = sum(int(n) for n in re.findall(r"(\d+) passing", statistics))
        report.user_properties.append((NAME, ["examples", f"{passing:,}"]))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect in the controller what the tests counted."""
    # `record_property` repeats itself in the teardown's report.
    if report.when == "call" and report.passed:
        _rows.extend(
            (report.nodeid, what, count)
            for name, (what, count) in (p for p in report.user_properties if p[0] == NAME)
        )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the page after a soak that passed; one that failed leaves the last good figures."""
    if SOAK and exitstatus == 0 and not hasattr(session.config, "workerinput"):
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(with_figures(text, _rows, datetime.now(UTC)), encoding="utf-8")


def with_figures(text: str, rows: Iterable[Row], when: datetime) -> str:
    """`text` with the table between its two marks replaced by one of `rows`."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    lines = [
        f"Soak of {when:%d %B %Y}, {machine}; every test below passed.",
        "",
        "| test | counted | |",
        "|---|---|--:|",
        *(f"| `{test.removeprefix('tests/')}` | {what} | {n} |" for test, what, n in sorted(rows)),
    ]
    return head + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + tail
