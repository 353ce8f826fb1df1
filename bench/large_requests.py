"""What a large request costs the others: the latency of `/health` while one body is read, forwarded or refused.

    python bench/large_requests.py [--json]

A real gateway in this process before a model server that answers at once; a second client asks `/health` all the while,
with and without a body of nearly 16 MB on its way. *Here* is the time that the same body takes to read in this process:
that long the event loop would wait without a process of its own, as the JSON reader holds the interpreter's lock.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for `tests`, from wherever it is run

from avenant.errors import InputError
from avenant.gateway.limits import LIMITS
from avenant.gateway.wire.openai_chat import OPENAI_CHAT
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, api_key

SIZE = LIMITS.body_bytes - 1000
BODIES = {
    "one long message": b'{"model":"sample","messages":[{"role":"user","content":"%b"}]}' % (b"x" * SIZE),
    "empty lists": b'{"model":"sample","messages":[%b[]]}' % (b"[]," * (SIZE // 3)),
    "numbers": b'{"model":"sample","stop":[%b1]}' % (b"1," * (SIZE // 2)),
}  # fmt: skip
LEAST = 1.5  # seconds that `/health` is asked


def main() -> None:
    """Print the median, the 99th percentile and the worst latency for each body, and for none."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--json", action="store_true")
    as_json = arguments.parse_args().json
    rows = dict(measured())
    if as_json:
        print(json.dumps(rows))
        return
    print(f"{'16 MB of':18}{'status':>8}{'p50 ms':>9}{'p99 ms':>9}{'worst ms':>10}{'here ms':>10}")
    for name, row in rows.items():
        status, p50, p99, worst, here = row
        print(f"{name:18}{status:8}{p50:9.1f}{p99:9.1f}{worst:10.1f}{here:10.0f}")


def measured() -> Iterator[tuple[str, tuple[int, float, float, float, float]]]:
    """Measure without a body, then with each."""
    with tempfile.TemporaryDirectory() as folder, FaultyUpstream() as upstream:
        world = GatewayWorld(Path(folder))
        world.connect("army", OFFICE)
        with world.serving(upstream.url) as gateway:
            post(gateway.port, b'{"model":"sample","messages":[]}')
            post(gateway.port, BODIES["one long message"])  # starts the process that reads
            yield "nothing", (200, *latencies(gateway.port, None)[1:], 0)
            for name, body in BODIES.items():
                yield name, (*latencies(gateway.port, body), here(body))


def latencies(port: int, body: bytes | None) -> tuple[int, float, float, float]:
    """The status of the large call, and the latency of `/health` meanwhile, in milliseconds."""
    found: list[int] = []
    caller = threading.Thread(target=lambda: found.append(post(port, body) if body else 200))
    times: list[float] = []
    started = time.monotonic()
    caller.start()
    while caller.is_alive() or time.monotonic() - started < LEAST:
        before = time.perf_counter()
        call = http.client.HTTPConnection("127.0.0.1", port)
        call.request("GET", "/health")
        call.getresponse().read()
        call.close()
        times.append((time.perf_counter() - before) * 1000)
        time.sleep(0.005)
    times.sort()
    return found[0], times[len(times) // 2], times[len(times) * 99 // 100], times[-1]


def post(port: int, body: bytes) -> int:
    """The status of a call."""
    call = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"authorization": f"Bearer {api_key('army')}"}
    call.request("POST", "/v1/chat/completions", body, headers)
    answer = call.getresponse()
    answer.read()
    call.close()
    return answer.status


def here(body: bytes) -> float:
    """The milliseconds that the body takes to read in this process."""
    before = time.perf_counter()
    with contextlib.suppress(InputError):
        OPENAI_CHAT.read(body)
    return (time.perf_counter() - before) * 1000


if __name__ == "__main__":
    main()
