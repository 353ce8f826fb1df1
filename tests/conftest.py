"""What every test shares: how deep it goes, and where its figures go.

The profile `test` draws the same examples each time, so a run says something about the change at
hand and not about luck; `soak` (AVENANT_SOAK=1) draws freely and goes deeper. No example is timed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from avenant.languages import speak
from tests.depth import SOAK, times
from tests.figures import (
    figure,
    pytest_runtest_logreport,
    pytest_runtest_makereport,
    pytest_sessionfinish,
)

__all__ = [
    "figure",
    "pytest_runtest_logreport",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
]

# The command speaks the language of its environment; tests say which they mean, on every machine.
os.environ["LANG"] = "C.UTF-8"
for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
    os.environ.pop(name, None)

# A slow machine is no fault of the text under test.
_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("test", derandomize=True, database=None, max_examples=100, **_PATIENT)
settings.register_profile("soak", print_blob=True, max_examples=times(100), **_PATIENT)
settings.load_profile("soak" if SOAK else "test")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, and leaves it so to what several tests share."""
    speak("en")
    yield
    speak("en")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests marked `soak` to the soak."""
    if SOAK:
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
