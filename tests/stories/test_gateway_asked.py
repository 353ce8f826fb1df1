"""What a request asks for decides, in whatever field it stands; what is large or unknown costs others nothing."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec.structs import replace

from avenant.gateway.limits import LIMITS
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, Served, api_key

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("asked")]

NAMED = {"name": "pay", "parameters": {}}
MESSAGES: Any = [{"role": "user", "content": "x"}]
# What the sample permits whatever else holds, by naming every axis that its rules test.
TOOLS = (
    "tools: {look: {operation: draft, purpose: office-work, effect: advice}, pay: {operation: track, \
purpose: surveillance, effect: advice}}"
)


class World(GatewayWorld):
    """The sample with two tools bound, signed."""

    def _write(self, name: str, text: str, previous: str) -> str:
        return super()._write(name, text.replace("tools: {}", TOOLS), previous)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FaultyUpstream, Served]]:
    """A gateway before a model server that answers."""
    world = World(tmp_path_factory.mktemp("asked"))
    world.connect("army", OFFICE)
    limits = replace(LIMITS, parse_seconds=2, bodies_bytes=20_000_000)
    with FaultyUpstream() as upstream, world.serving(upstream.url, limits=limits) as gateway:
        yield upstream, gateway


def outcome(both: tuple[FaultyUpstream, Served], **more: Any) -> str:
    """The outcome of a call by the SDK with more fields, and that nothing went up unless it was permitted."""
    upstream, gateway = both
    upstream.mode = "answers"
    before = len(upstream.requests)
    call: dict[str, Any] = {"model": "sample", "messages": MESSAGES, **more}
    try:
        raw = gateway.client("army").chat.completions.with_raw_response.create(**call)
    except openai.APIStatusError as error:
        assert before == len(upstream.requests)
        return str(error.code)
    assert before + 1 == len(upstream.requests)
    return str(raw.headers["avenant-decision"])


def gateway_facts(both: tuple[FaultyUpstream, Served]) -> list[dict[str, Any]]:
    """The facts of the last decision."""
    return list(both[1].records("decision")[-1].body["facts"])


@pytest.mark.parametrize("name", ["look", "pay", "Pay", "pay ", "never-heard-of"])
def test_a_name_decides_wherever_it_stands(both: tuple[FaultyUpstream, Served], name: str) -> None:
    """One tool by one name gets one outcome, in each field in which it can stand."""
    tool = {"type": "function", "function": {**NAMED, "name": name}}
    fields: list[dict[str, Any]] = [
        {"tools": [tool]},
        {"tools": [{"type": "custom", "custom": {"name": name}}]},
        {"extra_body": {"functions": [{**NAMED, "name": name}]}},
        {"extra_body": {"function_call": {"name": name}}},
        {"tool_choice": {"type": "function", "function": {"name": name}}},
        {"messages": [{"role": "assistant", "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": name, "arguments": ""}}]}]},
        {"messages": [*MESSAGES, {"role": "function", "name": name, "content": ""}]},
        {"tools": [{"type": "function", "function": {**NAMED, "name": "look"}}, tool]},
    ]  # fmt: skip
    expected = "permitted" if name == "look" else "undetermined"
    assert {expected} == {outcome(both, **more) for more in fields}
    unread = [f["unread"]["name"] for f in gateway_facts(both) if f["unread"]]
    assert ({name} if name not in {"look", "pay"} else set()) == set(unread)


def test_what_is_established_silences_no_unknown_name(both: tuple[FaultyUpstream, Served]) -> None:
    """Every fact of the call is established; a tool or a model that the text does not name leaves it undetermined."""
    assert "permitted" == outcome(both)
    assert "undetermined" == outcome(both, tools=[{"type": "web_search"}])
    server = {"type": "mcp", "server_label": "look", "server_url": "https://x"}
    assert "undetermined" == outcome(both, tools=[{**server, "allowed_tools": ["look"]}])
    _, gateway = both
    unread = [
        f["unread"]["name"] for f in gateway.records("decision")[-1].body["facts"] if f["unread"]
    ]
    assert {"mcp https://x look"} == set(unread)


def test_an_image_is_seen_and_not_read(both: tuple[FaultyUpstream, Served]) -> None:
    """An image adds `any` on the axes of content; the sample permits this call whatever these are."""
    _, gateway = both
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    found = outcome(both, messages=[{"role": "user", "content": [part]}])
    facts = gateway.records("decision")[-1].body["facts"]
    assert {"data", "provenance", "population"} <= {
        f["axis"] for f in facts if f["category"] == "any"
    }
    assert "permitted" == found


def test_fields_that_are_not_known(both: tuple[FaultyUpstream, Served]) -> None:
    """All of them are named at once, with what to do, and recorded as failed."""
    upstream, gateway = both
    before = len(upstream.requests)
    with pytest.raises(openai.BadRequestError) as raised:
        gateway.client("army").chat.completions.create(
            model="sample",
            messages=MESSAGES,
            extra_body={"fallbacks": ["banned"], "Models": ["banned"]},
        )
    assert "unknown_field" == raised.value.code
    assert all(f"`{name}`" in raised.value.message for name in ("fallbacks", "Models"))
    assert before == len(upstream.requests)
    assert "unknown_field" == gateway.records("outcome")[-1].body["reason"]


# ---- bounded


def post(gateway: Served, body: bytes) -> tuple[int, str | None]:
    """A call over a socket of its own: its status and the code of its error."""
    import http.client

    call = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    call.request(
        "POST", "/v1/chat/completions", body, {"authorization": f"Bearer {api_key('army')}"}
    )
    with call.getresponse() as answer:
        found = json.loads(answer.read())
        call.close()
        return answer.status, found.get("error", {}).get("code")


LARGE = {
    "words": (b'{"model":"sample","messages":[{"role":"user","content":"%b"}]}' % (b"x" * 8_000_000), 200, None),
    "model": (b'{"model":"%b","messages":[]}' % (b"m" * 8_000_000), 400, "too_many"),
    "lists": (b'{"model":"sample","messages":[%b[]]}' % (b"[]," * 4_000_000), 400, "unreadable_request"),
    "numbers": (b'{"model":"sample","stop":[%b1]}' % (b"1," * 6_000_000), 400, "unreadable_request"),
    "deep": (b"[" * 8_000_000, 400, "unreadable_request"),
    "too large": (b" " * 20_000_000, 413, "too_large"),
}  # fmt: skip


@pytest.mark.parametrize("large", LARGE.values(), ids=LARGE)
def test_large_requests(
    both: tuple[FaultyUpstream, Served], large: tuple[bytes, int, str | None]
) -> None:
    """Whatever a large body holds, it is answered, the ledger grows by little, and other calls go on meanwhile."""
    _, gateway = both
    folder = gateway.service.config.ledger.path
    size = sum(file.stat().st_size for file in folder.iterdir())
    answers: list[tuple[int, str | None]] = []
    caller = threading.Thread(target=lambda: answers.append(post(gateway, large[0])))
    caller.start()
    others = 0
    while caller.is_alive():
        gateway.client("army").chat.completions.create(model="sample", messages=MESSAGES)
        others += 1
    assert [large[1:]] == answers
    assert others >= 1
    grown = sum(file.stat().st_size for file in folder.iterdir()) - size
    assert grown < 100_000 + 40_000 * (others + 1)


def test_bodies_in_sum(both: tuple[FaultyUpstream, Served]) -> None:
    """Bodies that wait are counted together: beyond the limit further ones get 503, and room is made when they go."""
    _, gateway = both
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {api_key('army')}\r\n"
    waiting = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(2)]
    for client in waiting:
        client.sendall(f"{head}content-length: 12000000\r\n\r\n".encode() + b" " * 9_900_000)
    time.sleep(0.5)
    assert (503, "busy") == post(gateway, LARGE["words"][0])
    for client in waiting:
        client.close()
    time.sleep(0.3)
    assert (200, None) == post(gateway, LARGE["words"][0])


def test_strings_of_a_refused_call(both: tuple[FaultyUpstream, Served]) -> None:
    """A path, a claim and a name as long as they can be leave a small record."""
    _, gateway = both
    import http.client

    call = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    call.request("GET", "/" + "x" * 20_000, headers={"authorization": f"Bearer {api_key('army')}"})
    assert 404 == call.getresponse().status
    call.close()
    route = gateway.records("decision")[-1].body["route"]
    assert re.fullmatch(r"GET /x+… \(20005 characters, sha256:[0-9a-f]{64}\)", route)
    outcome(both, model="m" * LIMITS.name_characters)
    decision = gateway.records("decision")[-1].body
    assert 350 > len(decision["model"])
    assert all(350 > len(str(f["unread"]["name"])) for f in decision["facts"] if f["unread"])


def test_no_process_is_left(tmp_path: Path) -> None:
    """The process that reads large requests ends with the gateway."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream, world.serving(upstream.url) as gateway:
        post(gateway, LARGE["words"][0])
        process = gateway.service.calls.reader.process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
    shutil.rmtree(world.dossier)
