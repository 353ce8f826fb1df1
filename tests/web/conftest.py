"""The browser that tests marked `web` share: Debian's chromium, one a module.

One a session would keep playwright's event loop running in the thread in which other tests begin their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running chromium; it reaches nothing but the files that it is shown."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium here: `make browser` installs it where it can")
    with sync_playwright() as playwright:
        # --no-sandbox: as root, which continuous integration is, chromium does not start otherwise.
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()
