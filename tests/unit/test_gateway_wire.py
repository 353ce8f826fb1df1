"""What the gateway reads and writes: events of a stream, requests, its configuration, the caller's claims."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace
from openai._streaming import SSEDecoder

import avenant
from avenant.agreement.types import FactRules
from avenant.decide.facts import effective_values
from avenant.decide.types import Fact, Standing
from avenant.errors import InputError, InputErrors, Refused, Span
from avenant.gateway.admission import admit, claims, facts_of_call
from avenant.gateway.clock import moment
from avenant.gateway.config import Config, LedgerEntry, read_config
from avenant.gateway.limits import LIMITS, cut, printable
from avenant.gateway.relay import is_other
from avenant.gateway.standing import Connection
from avenant.gateway.standing import Standing as Known
from avenant.gateway.upstream import usable_key
from avenant.gateway.wire.openai_chat import OPENAI_CHAT
from avenant.gateway.wire.sse import Events, data_of
from avenant.instants import instant, written

ROOT = Path(__file__).resolve().parents[2]
LINES = st.sampled_from([b"data: a", b"event: x", b": ping", b"data: [DONE]", b"id: 1", b"data"])
ENDS = st.sampled_from([b"\n\n", b"\r\n\r\n", b"\r\r", b"\r\n\n", b"\n\r\n"])


@given(st.lists(st.tuples(st.lists(LINES, min_size=1, max_size=3), ENDS), max_size=6), st.data())
def test_events_do_not_depend_on_how_they_arrive(
    events: list[tuple[list[bytes], bytes]], data: st.DataObject
) -> None:
    """However a stream is cut into pieces, its bytes come out whole and in order, and its last event is found."""
    stream = b"".join(end[: len(end) // 2].join(lines) + end for lines, end in events)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    frames = Events()
    found: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += frames.feed(stream[start:stop])
    assert stream == b"".join(found) + frames.rest
    ended = [*found, frames.rest] if frames.rest else found
    assert len(events) == len(ended)
    done = any([b"data: [DONE]"] == [x for x in lines if x[:4] == b"data"] for lines, _ in events)
    assert not done or any(OPENAI_CHAT.event(event).last for event in ended)


@given(st.text(max_size=40))
def test_done_in_the_content_is_not_the_end(content: str) -> None:
    """Only an event that is `[DONE]` ends a stream, not one whose content says so."""
    frame = f"data: {json.dumps({'content': content + '[DONE]'})}\n\n".encode()
    assert not OPENAI_CHAT.event(frame).last


@pytest.mark.parametrize(
    "frame",
    [
        b"data: [DONE]\n\n",
        b"data:[DONE]",
        b"\xef\xbb\xbfdata:  [DONE]\r\n\r\n",
        b": ping\nid: 4\ndata: [DONE]\r\r",
        b"event: end\ndata: [DONE] and what follows\n\n",
    ],
)
def test_the_last_event_in_every_spelling(frame: bytes) -> None:
    """What the SDK takes for the end of a stream is its end."""
    assert OPENAI_CHAT.event(frame).last
    decoded = next(SSEDecoder().iter_bytes(iter([frame.removeprefix(b"\xef\xbb\xbf"), b"\n\n"])))
    assert decoded.data.lstrip().startswith("[DONE]")


def test_data_of_events() -> None:
    """The lines of data are joined; comments and other fields are none; one space after the colon is no part of it."""
    assert b"{\n }" == data_of(b"data: {\r\nid: 1\r\ndata:  }\r\n\r\n")
    assert b"" == data_of(b"data\n\n")
    assert None is data_of(b": data: x\n\n")
    assert None is data_of(b"Data: x\n\n")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b'data: {"error": {"message": "x"}}\n\n', "x"),
        (b'data: {"error": "x"}\n\n', "x"),
        (b'data: {"err\\u006fr": {"message": "x"}}\n\n', "x"),
        (b'data: {"error":\ndata: {"message": "x"}}\n\n', "x"),
        (b'data: {"logprob": NaN, "error": {"message": "x"}}\n\n', "x"),
        (b'event: error\ndata: {"error": {"message": "x"}}\n\n', "x"),
        (b'event: error\ndata: {"message": "x"}\n\n', "x"),
        (b'error: {"message": "x"}\n\n', "x"),
        (b"event: error\ndata: x\n\n", None),
        (b"error: \n\n", None),
    ],
)
def test_error_events(frame: bytes, message: str | None) -> None:
    """An error is a key of the event's object that holds something, or an event that calls itself one."""
    error = OPENAI_CHAT.event(frame).error
    assert error is not None
    assert message == error.get("message")


@pytest.mark.parametrize(
    "frame",
    [
        b'data: {"error": null, "choices": []}\n\n',
        b'data: {"error": {}}\n\n',
        b'data: {"choices": [{"delta": {"content": "error", "error": 1}}]}\n\n',
        b": error: x\n\n",
        b"data: error\n\n",
        b"\n\n",
    ],
)
def test_what_is_no_error(frame: bytes) -> None:
    """`error: null`, an empty error, and the word in an answer are none."""
    assert None is OPENAI_CHAT.event(frame).error


def test_what_an_answer_says_of_itself() -> None:
    """The model and the counts of tokens; a mark at the beginning and numbers that are none are no hindrance."""
    said = OPENAI_CHAT.answer(
        b'\xef\xbb\xbf{"model": "m", "x": NaN, "usage": {"total_tokens": 2, "cost": 0.1}}'
    )
    assert said is not None
    assert ("m", {"total_tokens": 2}, None) == (said.model, said.usage, said.error)
    for content in (b"", b"[]", b"<html>", b"null", b'{"a": 1', b"[" * 100_000):
        assert None is OPENAI_CHAT.answer(content)


MODELS = FactRules(
    models={"gpt-4o": "general", "mini": "small", "luna": "general"},
    answers_as={"gpt-4o": ("gpt-4o-*",), "mini": ("mini.*", "*-mini")},
)


@pytest.mark.parametrize(
    ("asked", "answered", "other"),
    [
        ("gpt-4o", "gpt-4o", False),
        ("gpt-4o", "gpt-4o-2024-11-20", False),
        ("gpt-4o", "luna", False),
        ("gpt-4o", "mini", True),
        ("gpt-4o", "Gpt-4o", True),
        ("gpt-4o", "gpt-4", True),
        ("luna", "gpt-4o-2024-11-20", False),
        ("mini", "gpt-4o-mini", False),
        ("mini", "miniX", True),
        ("mini", "gpt-4o-2024-11-20", True),
        ("elsewhere", "mini", False),
        ("elsewhere", "elsewhere", False),
        ("elsewhere", "nowhere", True),
    ],
)
def test_the_model_that_answered(asked: str, answered: str, *, other: bool) -> None:
    """Another category, or a name that the text does not know, is another model than was decided about."""
    assert other == is_other(asked, answered, MODELS)
    assert None is is_other(asked, answered, FactRules())


def test_content_that_is_not_read_is_any_beside_what_is_established() -> None:
    """An image leaves what is established and adds `any` on the axes of content, on no other."""
    text = avenant.load(ROOT / "agreements" / "openai-dow@1").in_force
    axes = ("data", "population", "purpose", "legality")
    known = tuple(
        Fact(axis, text.vocabulary.subtrees(axis)[1][0], "connection x", Standing.ESTABLISHED)
        for axis in axes
    )
    asked = OPENAI_CHAT.read(b'{"model":"sample","messages":[]}')
    plain = facts_of_call(Known(known, None), text, [], asked)
    image = facts_of_call(Known(known, None), text, [], replace(asked, unread=("image_url",)))
    before, after = (
        effective_values(plain, text.vocabulary),
        effective_values(image, text.vocabulary),
    )
    assert {axis: (1, axis in {"data", "population"}) for axis in axes} == {
        axis: (len(before[axis]), "any" in after[axis]) for axis in axes
    }
    assert all(set(before[axis]) <= set(after[axis]) for axis in axes)


@pytest.mark.parametrize("facts", ["intent=deliberate, " * 500, "intent=x, purpose=y, " * 400])
def test_claims_are_bounded(facts: str) -> None:
    """A fact that is claimed twice counts once; what is wrong is told once for each, quickly."""
    vocabulary = avenant.load(ROOT / "agreements" / "openai-dow@1").in_force.vocabulary
    header = [("avenant-facts", facts.strip(", "))]
    if "=x" not in facts:
        assert [("intent", "deliberate")] == claims(header, vocabulary)
        return
    with pytest.raises(InputErrors) as raised:
        claims(header, vocabulary)
    assert ["unknown-category"] * 2 == [error.code for error in raised.value.errors]


def test_claims_beyond_the_limit() -> None:
    """More different claims than the limit are refused before any word is looked for."""
    vocabulary = avenant.load(ROOT / "agreements" / "openai-dow@1").in_force.vocabulary
    many = ", ".join(f"purpose=office-wrok{number}" for number in range(1000))
    with pytest.raises(InputError) as raised:
        claims([("avenant-facts", many)], vocabulary)
    assert "too_many" == raised.value.code


def test_recorded_strings_are_bounded() -> None:
    """A string is kept as it is up to its length; beyond, its beginning, its length and its digest."""
    assert "sample" == cut("sample")
    long = cut("m" * 20_000_000)
    assert long.startswith("m" * LIMITS.recorded_characters + "… (20000000 characters, sha256:")
    assert 350 > len(long)
    assert "\\xff-1" == cut(b"\xff-1".decode("utf-8", "surrogateescape"))


@given(st.text(st.characters(codec=None, categories=None), max_size=400), st.binary(max_size=400))
def test_whatever_is_cut_can_be_written(text: str, data: bytes) -> None:
    """No string keeps a record from being written: neither lone surrogates nor bytes that were no text."""
    for string in (text, data.decode("utf-8", "surrogateescape")):
        assert LIMITS.recorded_characters + 120 > len(cut(string))
        cut(string).encode("utf-8")


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\x00", "\xe9", "\udcff", "\x7f"])
def test_headers_that_are_no_text(value: str) -> None:
    """A value of anything but printable ASCII is not carried on."""
    assert None is printable(value)
    assert "abc; d=1" == printable("abc; d=1")


@pytest.mark.parametrize(
    ("given_", "key"), [("sk-x\r\n", "sk-x"), ("", None), ("\n", None), (None, None)]
)
def test_upstream_key(given_: str | None, key: str | None) -> None:
    """A line end after the key is no part of it; nothing is no key."""
    assert key == usable_key(given_)


@pytest.mark.parametrize("given_", ["sk x", "sk\nx", "clé", "sk\x00"])
def test_upstream_key_that_no_header_carries(given_: str) -> None:
    """A key that cannot be a header is refused, with the name of its variable and without the key itself."""
    with pytest.raises(Refused) as raised:
        usable_key(given_)
    assert "AVENANT_UPSTREAM_KEY" in (raised.value.hint or "")
    assert given_ not in str(raised.value)


def test_the_limits_are_in_the_reference() -> None:
    """Each limit is a row of the table of the page, with its value."""
    page = (ROOT / "docs" / "reference" / "gateway.md").read_text("utf-8")
    told = dict(re.findall(r"(?m)^\| `(\w+)` \| ([\d,]*\d)[^|]*\|", page))
    values = {name: float(number.replace(",", "")) for name, number in told.items()}
    assert {field.name: float(getattr(LIMITS, field.name)) for field in fields(LIMITS)} == values


def test_key_lookup() -> None:
    """A key is found by its digest; another key, another scheme or none is nobody."""
    from hashlib import sha256

    place = Span("avenant.yaml", 1)
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
    assert error.at is not None
    assert (code, "avenant.yaml", line) == (error.code, error.at.file, error.at.line)
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
