"""What the gateway reads and writes: events of a stream, requests, its configuration, the caller's claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import InputError, InputErrors, Place
from avenant.gateway.admission import admit
from avenant.gateway.clock import moment
from avenant.gateway.config import Config, LedgerEntry, read_config
from avenant.gateway.standing import Connection
from avenant.gateway.wire_openai import OPENAI, EventFrames
from avenant.instants import instant, written

LINES = st.sampled_from([b"data: a", b"event: x", b": ping", b"data: [DONE]", b"id: 1"])
ENDS = st.sampled_from([b"\n\n", b"\r\n\r\n", b"\r\r"])


@given(st.lists(st.tuples(st.lists(LINES, min_size=1, max_size=3), ENDS), max_size=6), st.data())
def test_events_do_not_depend_on_how_they_arrive(
    events: list[tuple[list[bytes], bytes]], data: st.DataObject
) -> None:
    """However a stream is cut into pieces, its bytes come out whole and in order, and its last event is found."""
    stream = b"".join(end[: len(end) // 2].join(lines) + end for lines, end in events)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    frames = EventFrames()
    found: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += frames.feed(stream[start:stop])
    assert stream == b"".join(found) + frames.rest
    done = any(b"data: [DONE]" in lines for lines, _ in events)
    assert done == any(map(OPENAI.is_last, found))


@given(st.text(max_size=40))
def test_done_in_the_content_is_not_the_end(content: str) -> None:
    """Only an event that is `[DONE]` ends a stream, not one whose content says so."""
    import json

    frame = f"data: {json.dumps({'content': content + '[DONE]'})}\n\n".encode()
    assert not OPENAI.is_last(frame)


def test_error_events() -> None:
    """An error is a key of the event's object, and not the word in an answer."""
    assert OPENAI.is_error(b'data: {"error": {"message": "x"}}\n\n')
    assert OPENAI.is_error(b'error: {"message": "x"}\n\n')
    assert not OPENAI.is_error(b'data: {"choices": [{"delta": {"content": "error"}}]}\n\n')


def test_tools_are_read() -> None:
    """The names of the tools that a request offers are read."""
    asked = OPENAI.read(
        b'{"model":"m","tools":[{"type":"function","function":{"name":"launch"}},'
        b'{"type":"custom","custom":{"name":"say"}}]}'
    )
    assert ("launch", "say") == asked.tools


def test_key_lookup() -> None:
    """A key is found by its digest; another key, another scheme or none is nobody."""
    from hashlib import sha256

    place = Place("avenant.yaml", 1)
    known = tuple(
        Connection(name, sha256(f"key-{name}".encode()).digest(), (), None, place)
        for name in ("a", "b")
    )
    assert known[1] == admit(known, "Bearer key-b")
    assert known[0] == admit(known, "bearer key-a")
    for header in (None, "", "Bearer", "Bearer ", "Bearer key-c", "Basic key-a", "key-a"):
        assert admit(known, header) is None


CONFIG = """\
listen: 0.0.0.0:9000
upstream: https://models.example/v1
ledger: {path: kept, origin: log.example/x}
connections:
  - {id: army, key-sha256: %s, organisations: [army, nsa], attestation: a/army.dsse.json}
""" % ("ab" * 32)


def test_config() -> None:
    """Every key of `avenant.yaml` is read, and its paths start at its own folder."""
    config = read_config(CONFIG, "avenant.yaml", Path("/etc/avenant"))
    assert ("0.0.0.0", 9000) == (config.host, config.port)
    assert "https://models.example/v1" == config.upstream
    assert LedgerEntry(Path("/etc/avenant/kept"), None, "log.example/x") == config.ledger
    assert Path("/etc/avenant/kept/key") == config.ledger.key_file
    assert config.connections is not None
    (army,) = config.connections
    assert ("army", "ab" * 32, ("army", "nsa")) == (army.id, army.key_sha256, army.organisations)
    assert Path("/etc/avenant/a/army.dsse.json") == army.attestation


def test_config_may_be_empty() -> None:
    """An empty file is all defaults, and the ledger is beside it."""
    assert Config() == read_config("", "avenant.yaml", Path())
    beside = read_config("", "avenant.yaml", Path("/etc/avenant")).ledger
    assert LedgerEntry(Path("/etc/avenant/ledger")) == beside


@pytest.mark.parametrize(
    ("text", "code", "line", "word"),
    [
        ("lissen: x:1\n", "unknown-key", 1, "listen"),
        ("listen: nowhere\n", "bad-listen", 1, "127.0.0.1:8080"),
        ("listen: a:99999\n", "bad-listen", 1, "127.0.0.1:8080"),
        ("upstream: models.example\n", "bad-upstream", 1, "http"),
        ("upstream: http://user:pass@models.example/v1\n", "secret-in-config", 1, "AVENANT_UPSTREAM_KEY"),
        ("ledger: {pth: x}\n", "unknown-key", 1, "path"),
        ("connections:\n  - {id: a}\n", "missing-key", 2, None),
        ("connections:\n  - {id: A B, key-sha256: x}\n", "bad-connection-id", 2, "a-z"),
        ("connections:\n  - {id: a, key-sha256: x}\n", "bad-key-digest", 2, "sha256sum"),
        ("connections:\n  - {id: a, key: x}\n", "unknown-key", 2, "key-sha256"),
    ],
)  # fmt: skip
def test_config_errors(text: str, code: str, line: int, word: str | None) -> None:
    """Each fault of `avenant.yaml` has its line and a remedy."""
    with pytest.raises(InputError) as raised:
        read_config(text, "avenant.yaml", Path())
    error = raised.value
    assert (code, Place("avenant.yaml", line)) == (error.code, error.at)
    assert word is None or word in (error.hint or "")


def test_config_errors_come_together() -> None:
    """Several faults are told at once."""
    key = "ab" * 32
    text = f"listen: x\nupstream: y\nconnections:\n  - {{id: a, key-sha256: {key}}}\n  - {{id: b, key-sha256: {key}}}\n"
    with pytest.raises(InputErrors) as raised:
        read_config(text, "avenant.yaml", Path())
    codes = {error.code for error in raised.value.errors}
    assert {"bad-listen", "bad-upstream", "connection-twice"} == codes


def test_moments() -> None:
    """A clock reading in nanoseconds is an instant to the microsecond, never a later one."""
    ns = 1_772_000_000_123_456_789
    assert "2026-02-25T06:13:20.123456Z" == written(moment(ns))
    assert instant("2026-02-25T06:13:20.123456Z") == moment(ns)
