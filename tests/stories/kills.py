"""Kills a gateway with -9 while 32 clients call it, and holds what they received against what is recorded.

    python -m tests.stories.kills --kills 20

The clients are the official SDK without retries of its own, JSON and streams, permitted and refused. What must hold:

- every answer that a client received whole has its decision and its outcome in the ledger, with that outcome;
- every decision has exactly one outcome: that of its answer, one that was durable before the kill, or `interrupted`;
- the ledger verifies.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import openai

from avenant.gateway.read import signer_at
from avenant.ledger.sequencer import Ledger
from avenant.ledger.verify import verify
from tests.gateway_world import OFFICE, TRANSLATION, GatewayWorld, api_key

CLIENTS = 32
ORIGIN = "avenant.example/openai-dow"
LEDGER = "ledger"
MESSAGES: Any = [{"role": "user", "content": "Draft the minutes."}]


@dataclass(frozen=True)
class Figures:
    """What a run counted, and what is wrong; `wrong` is empty in a good run."""

    kills: int
    answers: int
    records: int
    decisions: int
    interrupted: int
    unanswered: int  # decisions whose client got no answer
    outcomes: Counter[str]
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))
        lines = [
            f"kills        {self.kills}",
            f"answers      {self.answers} received whole by {CLIENTS} clients",
            f"records      {self.records}, of them {self.decisions} decisions",
            f"outcomes     {told}",
            f"interrupted  {self.interrupted} of {self.unanswered} decisions without an answer",
            *(f"WRONG        {line}" for line in self.wrong),
        ]
        return "\n".join(lines)


async def story(folder: Path, kills: int, seed: int = 0) -> Figures:
    """Play it in an empty folder."""
    dice = random.Random(seed)
    world = GatewayWorld(folder)
    world.connect("army", OFFICE)
    world.connect("nsa", TRANSLATION, ("nsa",))
    with free_port() as port:
        pass
    model = await process("demo.model")
    assert model.stdout is not None
    upstream = (await model.stdout.readline()).decode().strip()
    config = folder / "avenant.yaml"
    config.write_text(f"listen: 127.0.0.1:{port}\nupstream: {upstream}\n")
    answers: dict[str, str] = {}
    stop = asyncio.Event()
    # One SDK object, because each loads the system's certificates anew; 32 callers with connections of their own.
    sdk = openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="-", max_retries=0)
    callers = [asyncio.create_task(caller(n, sdk, answers, stop)) for n in range(CLIENTS)]
    try:
        for kill in range(kills + 1):
            gateway = await process(
                "avenant.cli", "serve", str(world.dossier), "--config", str(config)
            )
            before = len(answers)
            await serving(port)
            await asyncio.sleep(dice.uniform(0.1, 1.0))
            # Clients are at work when it dies: a count that the callers raise, and no event.
            while len(answers) < before + CLIENTS:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            if kill < kills:
                gateway.kill()
            else:
                stop.set()
                await asyncio.gather(*callers)
                gateway.terminate()
            await gateway.wait()
    finally:
        stop.set()
        model.terminate()
        await model.wait()
        await asyncio.gather(*callers)
        await sdk.close()
    return judged(folder, kills, answers)


async def caller(
    number: int, sdk: openai.AsyncOpenAI, answers: dict[str, str], stop: asyncio.Event
) -> None:
    """One client: calls until told to stop, and notes each answer that it received whole."""
    connection = "nsa" if number % 4 == 0 else "army"
    stream = number % 2 == 1
    calls = sdk.with_options(api_key=api_key(connection)).chat.completions
    while not stop.is_set():
        try:
            if stream:
                async with calls.with_streaming_response.create(
                    model="sample", messages=MESSAGES, stream=True
                ) as response:
                    lines = [line async for line in response.iter_lines()]
                    if "data: [DONE]" in lines:
                        answers[response.headers["x-request-id"]] = "permitted"
            else:
                raw = await calls.with_raw_response.create(model="sample", messages=MESSAGES)
                answers[raw.headers["x-request-id"]] = raw.headers["avenant-decision"]
        except openai.APIStatusError as error:
            headers = error.response.headers
            answers[headers["x-request-id"]] = headers["avenant-decision"]
        except (openai.APIConnectionError, httpx2.TransportError):
            await asyncio.sleep(
                0.05
            )  # while a body is read, the SDK lets the transport's own errors through


def judged(folder: Path, kills: int, answers: dict[str, str]) -> Figures:
    """Hold the answers against the ledger, as it is after a last recovery."""
    path = folder / LEDGER / "ledger.db"
    signer = signer_at(folder / LEDGER / "key", ORIGIN)
    with Ledger.open(path, signer, time.time_ns()) as ledger:
        records = [ledger.record(index) for index in range(ledger.size)]
        key = ledger.key
    wrong = [str(problem) for problem in verify(path, key=key).problems]
    decided = {str(r.id): r.body["outcome"] for r in records if r.kind == "decision"}
    ended: dict[str, list[dict[str, Any]]] = {id: [] for id in decided}
    for record in records:
        if record.kind == "outcome":
            ended.setdefault(record.body["decision"], []).append(record.body)
    for id, outcome in answers.items():
        if id not in decided:
            wrong.append(f"answer {id} ({outcome}) has no decision")
        elif [outcome] != [body["outcome"] for body in ended[id]]:
            wrong.append(f"answer {id} was {outcome}, recorded are {ended[id]}")
    for id, bodies in ended.items():
        if id not in decided or len(bodies) != 1:
            wrong.append(f"decision {id} has {len(bodies)} outcomes")
    bodies = [body for found in ended.values() for body in found]
    return Figures(
        kills=kills,
        answers=len(answers),
        records=len(records),
        decisions=len(decided),
        interrupted=sum(body.get("reason") == "interrupted" for body in bodies),
        unanswered=len(decided.keys() - answers.keys()),
        outcomes=Counter(body["outcome"] for body in bodies),
        wrong=tuple(wrong),
    )


async def process(module: str, *arguments: str) -> asyncio.subprocess.Process:
    """A Python process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.PIPE
    )


async def serving(port: int) -> None:
    """Until somebody listens on the port."""
    for _ in range(3000):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        return
    raise AssertionError("the gateway does not start")


@contextmanager
def free_port() -> Iterator[int]:
    """A port that nobody has: the gateway must come back under the same one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def main() -> int:
    """Play the story and print its figures; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="avenant-kills-") as folder:
        figures = asyncio.run(story(Path(folder), given.kills, given.seed))
    print(figures)
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
