"""One request is one request: what is sent over bare sockets is answered one by one, or refused and closed."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from avenant.gateway.limits import Limits
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, TRANSLATION, GatewayWorld, Served, api_key

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("framing")]

BODY = json.dumps({"model": "sample", "messages": []}).encode()
# Short times, so that the tests wait for none of the real ones.
QUICK = Limits(head_seconds=0.6, idle_seconds=1, body_seconds=0.6, connections=12)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with short times, before a model server that answers."""
    world = GatewayWorld(tmp_path_factory.mktemp("framing"))
    world.connect("army", OFFICE)
    world.connect("nsa", TRANSLATION, ("nsa",))
    with FaultyUpstream() as upstream, world.serving(upstream.url, limits=QUICK) as gateway:
        yield gateway


def head(*fields: str, who: str = "nsa", path: str = "/v1/chat/completions") -> bytes:
    """The head of a request."""
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {api_key(who)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(who: str = "army") -> bytes:
    """A request as it should be."""
    return head(f"Content-Length: {len(BODY)}", who=who) + BODY


# A permitted request of the army, hidden in the body of a refused one of the NSA.
HIDDEN = whole("army")


def sent(gateway: Served, *pieces: bytes, wait: float = 3) -> bytes:
    """Send pieces, a moment apart, and read until nothing more comes."""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=wait) as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(0.1)
        received = b""
        try:
            while part := client.recv(65536):
                received += part
        except (TimeoutError, ConnectionResetError):
            pass
        return received


def recorded(gateway: Served, since: int) -> list[str]:
    """The connections of the decisions recorded after the first `since` records."""
    return [r.body["connection"] for r in gateway.records()[since:] if r.kind == "decision"]


def statuses(received: bytes) -> list[int]:
    """The status of each answer on a connection."""
    return [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]


UPGRADES = [
    ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA"),
    ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AA", "Sec-WebSocket-Version: 13"),
    ("Connection: upgrade", "Upgrade: TLS/1.0, HTTP/3"),
]  # fmt: skip


@pytest.mark.parametrize("fields", UPGRADES)
def test_an_upgrade_gets_an_ordinary_answer(served: Served, fields: tuple[str, ...]) -> None:
    """No protocol is switched to: what asks for one is answered as it is."""
    received = sent(served, head(f"Content-Length: {len(BODY)}", *fields, who="army") + BODY)
    assert [200] == statuses(received)


HIDING = {
    "upgrade": (head("Connection: Upgrade", "Upgrade: h2c", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "upgrade-websocket": (head("Connection: Upgrade", "Upgrade: websocket", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "length-and-coding": (
        head(f"Content-Length: {len(HIDDEN) + 5}", "Transfer-Encoding: chunked"), b"0\r\n\r\n" + HIDDEN),
    "coding-and-length": (
        head("Transfer-Encoding: chunked", "Content-Length: 5"), b"0\r\n\r\n" + HIDDEN),
    "two-lengths": (head("Content-Length: 0", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "lengths-in-one": (head(f"Content-Length: 0, {len(HIDDEN)}"), HIDDEN),
    "length-with-sign": (head(f"Content-Length: +{len(HIDDEN)}"), HIDDEN),
    "length-in-hex": (head(f"Content-Length: {hex(len(HIDDEN))}"), HIDDEN),
    "two-codings": (head("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), b"0\r\n\r\n" + HIDDEN),
    "coding-list": (head("Transfer-Encoding: identity, chunked"), b"0\r\n\r\n" + HIDDEN),
    "coding-with-tab": (head("Transfer-Encoding: \x0bchunked"), b"0\r\n\r\n" + HIDDEN),
    "space-before-colon": (head(f"Content-Length : {len(HIDDEN)}"), HIDDEN),
    "folded": (head("X: a\r\n Transfer-Encoding: chunked", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "folded-name": (head("X:\r\n\tb", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "bare-line-feed": (head(f"X: a\nContent-Length: {len(HIDDEN)}"), HIDDEN),
    "bare-line-feeds": (head(f"Content-Length: {len(HIDDEN)}").replace(b"\r\n", b"\n"), HIDDEN),
    "bare-return": (head(f"X: a\rContent-Length: {len(HIDDEN)}"), b""),
    "chunk-extension": (
        head("Transfer-Encoding: chunked"), b"%x;a=\n0\r\n\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"),
    "chunk-size-overflow": (head("Transfer-Encoding: chunked"), b"1" * 21 + b"\r\n" + HIDDEN),
    "chunk-too-short": (head("Transfer-Encoding: chunked"), b"1\r\n" + HIDDEN),
    "trailer": (head("Transfer-Encoding: chunked"),
                b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\nContent-Length: 5\r\n\r\n"),
    "trailer-line-feed": (head("Transfer-Encoding: chunked"), b"0\r\nX: a\n\r\n" + HIDDEN),
    "in-a-chunk": (head("Transfer-Encoding: chunked"), b"%x;name=v\r\n" % len(HIDDEN) + HIDDEN + b"\r\n0\r\n\r\n"),
    "expect": (head("Expect: 100-continue", f"Content-Length: {len(HIDDEN)}"), HIDDEN),
    "old": (head(f"Content-Length: {len(HIDDEN)}").replace(b"HTTP/1.1", b"HTTP/1.0"), HIDDEN),
}  # fmt: skip


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
@pytest.mark.parametrize("apart", [True, False])
def test_a_body_is_never_a_request(
    served: Served, hiding: tuple[bytes, bytes], *, apart: bool
) -> None:
    """However a body is framed, the request hidden in it is not answered: at most the outer one is recorded."""
    since = served.service.ledger.size
    received = sent(served, *hiding) if apart else sent(served, b"".join(hiding))
    assert b"200 OK" not in received
    assert recorded(served, since) in ([], ["nsa"])


def test_requests_in_a_row_are_answered_in_turn(served: Served) -> None:
    """Requests sent ahead on one connection get one answer each, in their order."""
    since = served.service.ledger.size
    received = sent(served, whole("army") + whole("nsa") + whole("army"))
    assert [200, 403, 200] == statuses(received)
    assert ["army", "nsa", "army"] == recorded(served, since)


@pytest.mark.parametrize(
    "bad",
    [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"POST / HTTP/1.1\nHost: x\n\n", b"\r\n\r\nx y z\r\n\r\n",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_request(served: Served, bad: bytes) -> None:
    """What is no HTTP/1.1 is answered with 400 in our own form, and closed; nothing is recorded."""
    since = served.service.ledger.size
    received = sent(served, bad)
    assert [400] == statuses(received)
    assert b'"code":"bad_http"' in received
    assert since == served.service.ledger.size


def test_a_second_request_that_is_none(served: Served) -> None:
    """A request is answered although rubbish follows it; the rubbish is refused after it."""
    assert [200, 400] == statuses(sent(served, whole() + b"\x00\x01\r\n\r\n"))


# ---- limits of connections, heads and bodies


def closed_after(client: socket.socket, most: float) -> tuple[float, bytes]:
    """The seconds until the other side closes, and what it said; fails after `most`."""
    started, received = time.monotonic(), b""
    client.settimeout(most)
    while part := client.recv(65536):
        received += part
    return time.monotonic() - started, received


def test_a_silent_connection_is_closed(served: Served) -> None:
    """A connection that sends nothing is closed at its time, without an answer."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        seconds, received = closed_after(client, 5)
    assert b"" == received
    assert seconds >= QUICK.head_seconds - 0.1


def test_a_slow_head_is_closed(served: Served) -> None:
    """A head that comes byte by byte is refused at its time, however busily it comes."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(b"POST / HTTP/1.1\r\n")
        for _ in range(8):
            client.sendall(b"X: y\r\n")
            time.sleep(0.1)
        _, received = closed_after(client, 5)
    assert [408] == statuses(received)


def test_a_slow_second_head_is_closed(served: Served) -> None:
    """The time for a head is that of each request, not only of the first."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(whole())
        time.sleep(0.3)
        client.sendall(b"POST / HTTP/1.1\r\nX: y")
        _, received = closed_after(client, 5)
    assert [200, 408] == statuses(received)


def test_an_idle_connection_is_closed(served: Served) -> None:
    """A connection between two requests is closed after its time."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(whole())
        seconds, received = closed_after(client, 5)
    assert [200] == statuses(received)
    assert seconds >= QUICK.idle_seconds - 0.1


def test_a_head_without_end_is_refused(served: Served) -> None:
    """A head that does not end is refused once it is too long, and not kept."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nX: " + b"a" * (QUICK.head_bytes + 100_000))
        _, received = closed_after(client, 5)
    assert [400] == statuses(received)


@pytest.mark.parametrize(
    "fields", [[f"X-{number}: y" for number in range(200)], ["X: " + "y" * QUICK.head_bytes]]
)
def test_a_head_of_too_much(served: Served, fields: list[str]) -> None:
    """Too many headers, or too long ones, are refused before anybody is looked up."""
    since = served.service.ledger.size
    received = sent(served, head("Content-Length: 0", *fields, who="army"))
    assert statuses(received) in ([431], [400])
    assert b"connection: close" in received
    assert since == served.service.ledger.size


@pytest.mark.parametrize("framing", [f"Content-Length: {len(BODY)}", "Transfer-Encoding: chunked"])
def test_a_slow_body_is_refused(served: Served, framing: str) -> None:
    """A body that does not end in its time is 408, recorded once as failed, and its connection closed."""
    since = served.service.ledger.size
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(head(framing, who="army") + (b"" if "chunked" in framing else BODY[:-5]))
        _, received = closed_after(client, 8)
    assert [408] == statuses(received)
    outcomes = [r.body["reason"] for r in served.records()[since:] if r.kind == "outcome"]
    assert ["too_slow"] == outcomes


def test_a_body_of_a_stranger_has_its_time_too(served: Served) -> None:
    """Without a valid key the answer comes at once; a body that does not end is closed all the same."""
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(head("Content-Length: 1000000", who="nobody"))
        seconds, received = closed_after(client, 8)
    assert [401] == statuses(received)
    assert seconds < QUICK.body_seconds + 3


def test_connections_are_counted(served: Served) -> None:
    """More connections than the limit are closed with 503; once the others have gone, calls are answered again."""
    crowd = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(QUICK.connections)]
    try:
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            _, received = closed_after(client, 5)
        assert [503] == statuses(received)
        assert b'"code":"busy"' in received
    finally:
        for client in crowd:
            client.close()
    time.sleep(0.2)
    assert [200] == statuses(sent(served, whole()))


def test_the_real_limits_are_the_defaults(tmp_path: Path) -> None:
    """What the other tests shorten is the table that a gateway starts with."""
    world = GatewayWorld(tmp_path)
    with world.serving("http://127.0.0.1:9/v1") as gateway:
        assert Limits() == gateway.service.limits
