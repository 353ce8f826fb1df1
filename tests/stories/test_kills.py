"""A gateway killed with -9 while clients call it: nothing that was answered is lost, nothing stays open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.depth import SOAK
from tests.figures import Figure
from tests.stories.kills import story

KILLS = 20 if SOAK else 5


@pytest.mark.real
@pytest.mark.xdist_group("gateway")
@pytest.mark.timeout(900)
def test_kills(tmp_path: Path, figure: Figure) -> None:
    """Every answer has both its entries, with that outcome; every decision has one outcome; the ledger verifies."""
    found = asyncio.run(story(tmp_path, KILLS))
    figure("kills of a gateway", found.kills)
    figure("answers received", found.answers)
    figure("records", found.records)
    figure("calls closed as interrupted", found.interrupted)
    assert () == found.wrong
    assert KILLS == found.kills
    assert found.interrupted > 0
