"""Durable appends against what the disk allows: raw `fdatasync` of the same bytes at the same batch size.

    python bench/ledger.py [--json] [--seconds 1.0]

Clients append decisions of an ordinary size and wait until each is durable, 1, 8 and 64 at once. The raw writer writes
the bytes of as many records and leaves as a batch of the ledger held on the mean, to one file, and syncs. Both run in
turns, in the same folder; the middle turn, by its ratio, counts. `sync` is what the raw writer waited for each batch:
on a disk that answers in 0.1 ms the ledger's own work shows, on one that takes 2 ms it does not.

`looks` is what a flush pays to know that its files are still the ones at their paths; `opening` is what a start pays to
verify the last entries.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.ledger.footing import Footing
from avenant.ledger.judge import judge
from avenant.ledger.note import Signer
from avenant.ledger.record import new_id, seal
from avenant.ledger.sequencer import Item, Ledger
from avenant.ledger.store_sqlite import SqliteStore

CONCURRENT = (1, 8, 64)
LOOKS = 20_000
ENTRIES = 5_000
TURNS = 5

BODY = {
    "outcome": "refused",
    "text": "openai-dow@1",
    "text_digest": "sha256:" + "ab" * 32,
    "connection": "army",
    "call": "sha256:" + "cd" * 32,
    "facts": [
        {"axis": axis, "category": category, "source": "connection", "standing": "established"}
        for axis, category in (
            ("organisation", "army"),
            ("operation", "track"),
            ("purpose", "surveillance"),
            ("data", "location"),
            ("population", "us-persons"),
            ("legality", "lawful"),
        )
    ],
    "cited": ["surveillance/1"],
    "missing": [],
    "against": [],
}


async def appends(ledger: Ledger, clients: int, seconds: float) -> tuple[float, float]:
    """Appends a second, and the mean batch size, of so many clients."""
    heads: set[str] = set()
    done = 0

    async def client() -> None:
        nonlocal done
        while time.perf_counter() < end:
            now = time.time_ns()
            receipt = await ledger.append("decision", BODY, at=now, id=new_id(now))
            heads.add(receipt.checkpoint)
            done += 1

    start = time.perf_counter()
    end = start + seconds
    await asyncio.gather(*(client() for _ in range(clients)))
    return done / (time.perf_counter() - start), done / len(heads)


def raw(file: int, batch: bytes, seconds: float) -> float:
    """Batches a second that the disk takes: write, fdatasync."""
    start = time.perf_counter()
    end = start + seconds
    done = 0
    while time.perf_counter() < end:
        os.write(file, batch)
        os.fdatasync(file)
        done += 1
    return done / (time.perf_counter() - start)


def measured(folder: Path, seconds: float) -> Iterator[dict[str, Any]]:
    """One row a number of clients."""
    now = time.time_ns()
    sealed = seal(new_id(now), "decision", now, BODY)
    row = sealed.record + sealed.entry.leaf()
    signer = Signer("avenant.example/bench", Ed25519PrivateKey.generate())
    for clients in CONCURRENT:
        turns = []
        with Ledger.open(folder / f"ledger-{clients}.db", signer, now) as ledger:
            file = os.open(folder / f"raw-{clients}", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            for _ in range(TURNS):
                rate, batch = asyncio.run(appends(ledger, clients, seconds))
                syncs = raw(file, row * round(batch), seconds)
                turns.append((rate / (syncs * batch), rate, batch, syncs))
            os.close(file)
        ratio, rate, batch, syncs = sorted(turns)[len(turns) // 2]
        yield {
            "clients": clients,
            "appends_per_second": round(rate),
            "mean_batch": round(batch, 1),
            "raw_per_second": round(syncs * batch),
            "raw_sync_ms": round(1000 / syncs, 2),
            "ratio": round(ratio, 3),
            "bytes_per_record": len(row),
        }


def guarding(folder: Path) -> dict[str, float]:
    """Microseconds a flush for the two looks at the files, and an entry for verifying at a start."""
    now = time.time_ns()
    path = folder / "guarded.db"
    signer = Signer("avenant.example/bench", Ed25519PrivateKey.generate())
    with Ledger.open(path, signer, now) as ledger:
        ledger.append_all(Item("decision", BODY, now, new_id(now)) for _ in range(ENTRIES))
        footing = Footing(path)
        start = time.perf_counter()
        for _ in range(LOOKS):
            footing.untouched()
            footing.settle()
        looks = (time.perf_counter() - start) / LOOKS
        key = signer.key
    with contextlib.closing(SqliteStore.inspect(path)) as store:
        start = time.perf_counter()
        checked = judge(store, key, last=ENTRIES).checked
        opening = (time.perf_counter() - start) / checked
    return {"looks_us": round(looks * 1e6, 1), "opening_us_per_entry": round(opening * 1e6, 1)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one run")
    parser.add_argument("--folder", help="where to write; by default a temporary folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        rows = list(measured(Path(folder), asked.seconds))
        guards = guarding(Path(folder))
    if asked.json:
        print(json.dumps([*rows, guards]))
        return
    print(f"ledger: durable appends of {rows[0]['bytes_per_record']} bytes, synchronous=FULL")
    print(f"{'clients':>8} {'appends/s':>10} {'batch':>7} {'raw/s':>10} {'sync':>8} {'ratio':>7}")
    for row in rows:
        print(
            f"{row['clients']:>8} {row['appends_per_second']:>10,} {row['mean_batch']:>7}"
            f" {row['raw_per_second']:>10,} {row['raw_sync_ms']:>5} ms {row['ratio']:>7.1%}"
        )
    print(f"looks: {guards['looks_us']} µs a flush")
    print(f"opening: {guards['opening_us_per_entry']} µs an entry verified")


if __name__ == "__main__":
    main()
