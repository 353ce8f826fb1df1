"""A real writer, killed without warning while many clients wait: what was acknowledged is there."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from avenant.ledger.sequencer import Ledger
from avenant.ledger.verify import verify
from tests.depth import times
from tests.figures import Figure
from tests.ledgers import KEY, START, signer

ROOT = Path(__file__).resolve().parents[2]

# Thirty-two clients; each line is printed only after the append has returned.
WRITER = """
import asyncio, sys
from pathlib import Path
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Ledger
from tests.ledgers import START, signer

async def client(ledger):
    while True:
        call = new_id(START)
        first = await ledger.append("decision", {"outcome": "permitted"}, at=START, id=call)
        sys.stdout.write(f"decision {first.index} {call}\\n")
        body = {"decision": str(call), "outcome": "permitted"}
        second = await ledger.append("outcome", body, at=START, id=new_id(START))
        sys.stdout.write(f"outcome {second.index} {call}\\n")
        sys.stdout.flush()

async def run():
    ledger = Ledger.open(Path(sys.argv[1]), signer(), START)
    await asyncio.gather(*(client(ledger) for _ in range(32)))

asyncio.run(run())
"""


def run_and_kill(path: Path, after: float) -> list[str]:
    """Start the writer, kill it a moment after its first answer, and give the whole lines that it printed."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
    )
    assert writer.stdout is not None
    said = b""
    with writer.stdout as stdout:
        end = None
        while end is None or time.monotonic() < end:
            if select.select([stdout], [], [], 0.01)[0]:
                some = os.read(stdout.fileno(), 1 << 16)
                assert some, "the writer ended by itself"
                said += some
                end = end or time.monotonic() + after
        writer.send_signal(signal.SIGKILL)
        said += stdout.read()
    writer.wait()
    return said.decode().split("\n")[:-1]


@pytest.mark.real
def test_killed_writers(tmp_path: Path, figure: Figure) -> None:
    """After each kill: every answer's entry is there, the rest ends as interrupted, and the ledger verifies."""
    path = tmp_path / "ledger.db"
    kills, answers, interrupted = times(5, 20), 0, 0
    for kill in range(kills):
        lines = run_and_kill(path, 0.02 + 0.07 * (kill % 5))
        with Ledger.open(path, signer(), START) as ledger:
            for line in lines:
                kind, index, call = line.split(" ")
                record = ledger.record(int(index))
                named = record.id if kind == "decision" else UUID(record.body["decision"])
                assert (kind, call) == (record.kind, str(named))
                answers += 1
            size = ledger.size
            for at in reversed(range(size)):  # what opening has just ended stands last
                if ledger.record(at).body.get("reason") != "interrupted":
                    break
                interrupted += 1
        found = verify(path, KEY, ended=True)
        assert () == found.problems
        assert found.counts["decision"] == found.counts["outcome"]
    figure("kills of a writer", kills)
    figure("answers received, each with its entry", answers)
    figure("records", size)
    figure("decisions ended as interrupted", interrupted)
    assert answers > kills
    assert interrupted > 0
