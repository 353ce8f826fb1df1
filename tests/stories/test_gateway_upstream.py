"""What the model server answers is recorded and answered as what it is: bytes, errors, framing, another model."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec.structs import replace

from avenant.errors import Refused
from avenant.gateway.limits import LIMITS
from avenant.gateway.serve import open_service
from tests.faulty_upstream import CHUNK, DONE, SPELLINGS, FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, Served

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("upstream")]

MODELS = "models: {sample: {category: general, answers-as: ['sample-*']}, stranger: unguarded}"


class World(GatewayWorld):
    """The sample with another line of models, signed."""

    def _write(self, name: str, text: str, previous: str) -> str:
        return super()._write(name, text.replace("models: {sample: general}", MODELS), previous)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FaultyUpstream, Served]]:
    """A gateway before a model server that misbehaves; answers may be as large as half a megabyte."""
    world = World(tmp_path_factory.mktemp("upstream"))
    world.connect("army", OFFICE)
    limits = replace(LIMITS, answer_bytes=2_000_000, call_seconds=1.5)
    with FaultyUpstream() as upstream, world.serving(upstream.url, limits=limits) as gateway:
        yield upstream, gateway


def call(both: tuple[FaultyUpstream, Served], mode: str, *, stream: bool = False) -> Any:
    """One call by the SDK while the model server is in a mode: the whole answer, or the list of chunks."""
    upstream, gateway = both
    upstream.mode = mode
    answer: Any = gateway.client("army").chat.completions.create(
        model="sample", messages=[{"role": "user", "content": "x"}], stream=stream
    )
    return list(answer) if stream else answer


def failed(
    both: tuple[FaultyUpstream, Served], mode: str, *, stream: bool = False
) -> openai.APIError:
    """The error that the SDK raises."""
    with pytest.raises(openai.APIError) as raised:
        call(both, mode, stream=stream)
    return raised.value


def outcome(both: tuple[FaultyUpstream, Served]) -> dict[str, Any]:
    """The last outcome, once every decision has one."""
    _, gateway = both
    outcomes = gateway.ended(len(gateway.records("decision")))
    return dict(outcomes[-1].body)


@pytest.mark.parametrize("mode", SPELLINGS)
def test_streams_that_the_sdk_accepts(both: tuple[FaultyUpstream, Served], mode: str) -> None:
    """Each spelling of a stream comes through, ends as a whole one, and is recorded as permitted."""
    assert ["word "] == [chunk.choices[0].delta.content for chunk in call(both, mode, stream=True)]
    assert ("permitted", None) == (outcome(both)["outcome"], outcome(both)["reason"])


def test_a_byte_order_mark_before_a_stream(both: tuple[FaultyUpstream, Served]) -> None:
    """A mark before the first event is passed on as it came, and hides neither that event nor the last one."""
    upstream, gateway = both
    upstream.mode = "mark"
    with gateway.client("army").chat.completions.with_streaming_response.create(
        model="sample", messages=[], stream=True
    ) as response:
        assert b"\xef\xbb\xbf" + CHUNK + DONE == b"".join(response.iter_bytes())
    assert ("permitted", "sample") == (outcome(both)["outcome"], outcome(both)["answered_by"])


@pytest.mark.parametrize(
    "mode", ["mark-json", "json-until-closed", "media-type-json", "error-null-json"]
)
def test_answers_that_the_sdk_accepts(both: tuple[FaultyUpstream, Served], mode: str) -> None:
    """Each spelling of a JSON answer comes through."""
    assert "word" == call(both, mode).choices[0].message.content
    assert "permitted" == outcome(both)["outcome"]


@pytest.mark.parametrize(
    ("mode", "stream", "code"),
    [
        ("error-in-200", False, "upstream_error"),
        ("error-word-in-200", False, "upstream_error"),
        ("error-in-200", True, "upstream_error"),
        ("error-in-two-lines", True, "upstream_error"),
        ("error-event", True, "upstream_error"),
        ("mark-then-error", True, "upstream_error"),
        ("error-at-the-end", True, "upstream_error"),
        ("stream-with-error", True, "upstream_error"),
        ("forbids", False, "upstream_refused"),
        ("forbids", True, "upstream_refused"),
        ("refuses-key", False, "upstream_refused_key"),
        ("proxy", False, "upstream_refused_key"),
    ],
)
def test_errors_are_told_as_theirs(
    both: tuple[FaultyUpstream, Served], mode: str, code: str, *, stream: bool
) -> None:
    """What the model server says failed is a failure of the gateway's answer, with the server's own message."""
    error = failed(both, mode, stream=stream)
    assert not isinstance(error, openai.PermissionDeniedError | openai.AuthenticationError)
    assert (code, True) == (error.code, "from the model server" in error.message)
    if isinstance(error, openai.APIStatusError):
        assert 502 == error.status_code
    assert ("failed", code) == (outcome(both)["outcome"], outcome(both)["reason"])


def test_a_refusal_of_theirs_is_recorded_as_theirs(both: tuple[FaultyUpstream, Served]) -> None:
    """Their status and the code of their error are recorded, and what the client was told is our own status."""
    failed(both, "forbids")
    said = outcome(both)
    assert ("upstream_refused", 502, 403, "theirs") == (
        said["reason"], said["status"], said["upstream_status"], said["upstream_error"])  # fmt: skip
    error = failed(both, "forbids-in-words")
    assert "upstream_refused" == error.code
    assert (403, None) == (outcome(both)["upstream_status"], outcome(both)["upstream_error"])
    failed(both, "too-many")
    assert (429, "theirs") == (outcome(both)["upstream_status"], outcome(both)["upstream_error"])


@pytest.mark.parametrize("mode", ["half-an-answer", "json-cut-off", "json-cut-off-chunked"])
def test_a_body_cut_off_is_a_failure(both: tuple[FaultyUpstream, Served], mode: str) -> None:
    """An answer that ends before its end never reaches the client as one."""
    error = failed(both, mode)
    assert error.code in {"upstream_broke", "upstream_unreadable", "call_too_long"}
    assert "failed" == outcome(both)["outcome"]


def test_headers_are_bytes(both: tuple[FaultyUpstream, Served]) -> None:
    """A value that is no text is recorded escaped and not passed on; the others are."""
    upstream, gateway = both
    upstream.mode = "raw-bytes"
    raw = gateway.client("army").chat.completions.with_raw_response.create(
        model="sample", messages=[]
    )
    assert ("word", "1") == (raw.parse().choices[0].message.content, raw.headers["retry-after"])
    assert "openai-version" not in raw.headers
    assert raw.headers["x-request-id"] != "r"
    assert "r\\xff\\xe9" == outcome(both)["upstream_request"]
    upstream.mode = "raw-media-type"
    raw = gateway.client("army").chat.completions.with_raw_response.create(
        model="sample", messages=[]
    )
    assert "application/json" == raw.headers["content-type"]
    assert ["word "] == [
        c.choices[0].delta.content for c in call(both, "raw-bytes-stream", stream=True)
    ]
    assert ("permitted", "\\xff") == (outcome(both)["outcome"], outcome(both)["upstream_request"])


# ---- the model that answered


@pytest.mark.parametrize(
    ("mode", "stream", "model", "other"),
    [
        ("answers", False, "sample", False),
        ("dated-model", False, "sample-2026-12-01", False),
        ("dated-model-stream", True, "sample-2026-12-01", False),
        ("other-model", False, "stranger", True),
        ("unknown-model", False, "elsewhere", True),
        ("other-model-stream", True, "stranger", True),
        ("unknown-model-stream", True, "elsewhere", True),
        ("no-model", False, None, None),
    ],
)  # fmt: skip
def test_the_model_that_answered(
    both: tuple[FaultyUpstream, Served], caplog: pytest.LogCaptureFixture,
    mode: str, model: str | None, *, stream: bool, other: bool | None,
) -> None:  # fmt: skip
    """Another category, or a name that the text does not know, is recorded, logged and counted; the answer passes."""
    _, gateway = both
    before = gateway.service.calls.answered_by_other
    with caplog.at_level(logging.WARNING):
        call(both, mode, stream=stream)
    said = outcome(both)
    assert ("permitted", model, other) == (
        said["outcome"],
        said["answered_by"],
        said["answered_by_other"],
    )
    assert before + bool(other) == gateway.service.calls.answered_by_other
    assert bool(other) == ("another model answered" in caplog.text)


# ---- bounded


@pytest.mark.parametrize(
    ("mode", "stream", "code"),
    [
        ("large-answer", False, "upstream_too_large"),
        ("endless-event", True, "event_too_long"),
        ("silent", False, "call_too_long"),
        ("stream-hangs", True, "call_too_long"),
    ],
)
def test_what_the_model_server_may_take(
    both: tuple[FaultyUpstream, Served], mode: str, code: str, *, stream: bool
) -> None:
    """An answer, an event and a call beyond their limits fail, and the model server is let go."""
    upstream, _ = both
    upstream.left.clear()
    started = time.monotonic()
    assert code == failed(both, mode, stream=stream).code
    assert 20 > time.monotonic() - started
    assert ("failed", code) == (outcome(both)["outcome"], outcome(both)["reason"])
    if code == "call_too_long":
        assert upstream.left.wait(5)


def test_what_an_outcome_keeps_of_an_answer(both: tuple[FaultyUpstream, Served]) -> None:
    """Long strings and many counts of the model server are bounded in the record."""
    call(both, "long-request-id")
    assert re.fullmatch(
        r"r{200}… \(5000 characters, sha256:[0-9a-f]{64}\)", outcome(both)["upstream_request"]
    )
    call(both, "many-counts")
    assert LIMITS.counts == len(outcome(both)["usage"])
    assert 10**30 not in outcome(both)["usage"].values()


# ---- what goes up, and its key


def test_what_goes_up_of_a_request(both: tuple[FaultyUpstream, Served]) -> None:
    """Neither the query nor headers that choose something for the model server go up; three headers do."""
    upstream, gateway = both
    upstream.mode = "answers"
    headers = {
        "OpenAI-Organization": "o",
        "OpenAI-Project": "p",
        "OpenAI-Beta": "b",
        "x-model": "m",
        "cookie": "c",
        "x-litellm-tags": "t",
        "helicone-target-url": "u",
        "traceparent": "00-1",
        "user-agent": "agent/1",
        "accept-language": "fr",
        "content-encoding": "identity",
    }
    client = gateway.client("army")
    client.chat.completions.create(
        model="sample",
        messages=[],
        extra_headers=headers,
        extra_query={"api-version": "9", "model": "m"},
    )
    head = upstream.requests[-1].partition("\r\n\r\n")[0].lower().split("\r\n")
    assert "post /v1/chat/completions http/1.1" == head[0]
    names = {line.partition(":")[0] for line in head[1:]}
    ours = {"host", "accept", "accept-encoding", "content-type", "content-length"}
    assert {"user-agent", "traceparent"} == names - ours
    assert {"user-agent: agent/1", "traceparent: 00-1", "content-type: application/json"} <= set(
        head
    )


def test_a_line_end_after_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key from a file of secrets is sent without its line end."""
    monkeypatch.setenv("AVENANT_UPSTREAM_KEY", "sk-x\r\n")
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream, world.serving(upstream.url) as gateway:
        call((upstream, gateway), "answers")
        assert "authorization: bearer sk-x\r\n" in upstream.requests[-1].lower()


def test_a_key_that_is_no_header_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that no header can carry is told at the start, not call by call."""
    monkeypatch.setenv("AVENANT_UPSTREAM_KEY", "sk\nx")
    world = GatewayWorld(tmp_path)
    with pytest.raises(Refused) as raised:
        open_service(world.dossier, world.config("http://127.0.0.1:9/v1"), tell=print)
    assert "bad-upstream-key" == raised.value.code
