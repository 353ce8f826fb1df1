"""Calls through a real gateway by the official SDK: permitted, refused, failed, and what the ledger keeps of it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import openai
import pytest
from openai import OpenAI

from avenant.errors import AvenantError, Refused, Unavailable
from avenant.gateway.serve import open_service
from avenant.ledger.receipt import Receipt
from demo.model import serving as serving_model
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, TRACKING, TRANSLATION, Clocks, GatewayWorld, Served, api_key
from tests.interrupts import ignored

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

MESSAGES: Any = [{"role": "user", "content": "Translate: bonjour."}]
PERMITTED = ("permitted", "permitted", None)


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    """The tiny random model, served by llama.cpp."""
    with serving_model() as url:
        yield url


@pytest.fixture(scope="module")
def served(model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway before the real model, with a connection a row of the sample's table."""
    world = GatewayWorld(tmp_path_factory.mktemp("gateway"))
    world.connect("army", OFFICE)
    world.connect("nsa", TRANSLATION, ("nsa",))
    world.connect("chain", TRANSLATION, ("army", "nsa"))
    world.connect("tracking", TRACKING)
    world.connect("unsigned", OFFICE, signed=False)
    world.connect("expired", OFFICE, until=world.since + timedelta(seconds=1))
    with world.serving(model) as gateway:
        yield gateway


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[tuple[FaultyUpstream, Served]]:
    """A gateway of its own before a model server that misbehaves."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream, world.serving(upstream.url) as gateway:
        yield upstream, gateway


def ask(gateway: Served, connection: str = "army", **headers: str) -> Any:
    """One JSON call by the SDK, with its headers."""
    client = gateway.client(connection, **headers)
    return client.chat.completions.with_raw_response.create(model="sample", messages=MESSAGES)


def told(gateway: Served, connection: str, **headers: str) -> tuple[Any, Any]:
    """A call that the gateway answers with an error: the SDK's exception, and the object in it."""
    with pytest.raises(openai.APIStatusError) as raised:
        ask(gateway, connection, **headers)
    return raised.value, raised.value.body


def last_call(gateway: Served) -> tuple[str, str, str | None]:
    """Of the last call: outcome of its decision, outcome of its end, and the reason of that."""
    outcome = gateway.records("outcome")[-1].body
    decision = next(r for r in gateway.records("decision") if str(r.id) == outcome["decision"])
    return decision.body["outcome"], outcome["outcome"], outcome["reason"]


def test_permitted_json(served: Served) -> None:
    """A permitted call gets the model's answer, and the headers say by what text and where it is recorded."""
    raw = ask(served)
    assert "chat.completion" == raw.parse().object
    assert "permitted" == raw.headers["avenant-decision"]
    assert "openai-dow@1" == raw.headers["avenant-text"]
    decision = next(
        r for r in served.records("decision") if str(r.id) == raw.headers["x-request-id"]
    )
    assert ["all-lawful/1"] == [cited["rule"] for cited in decision.body["cited"]]
    assert PERMITTED == last_call(served)
    assert (
        raw.parse().usage.total_tokens
        == served.records("outcome")[-1].body["usage"]["total_tokens"]
    )


def test_receipt_header(served: Served) -> None:
    """The receipt in the answer is that of the call's decision."""
    import base64

    raw = ask(served)
    receipt = Receipt.parse(base64.urlsafe_b64decode(raw.headers["avenant-receipt"]))
    record = served.service.ledger.record(receipt.index)
    assert raw.headers["x-request-id"] == str(record.id)
    assert receipt.entry == record.entry()


def test_permitted_stream(served: Served) -> None:
    """A streamed answer comes in several pieces and ends as the SDK expects."""
    stream = served.client("army").chat.completions.create(
        model="sample", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "stop" == [c.choices[0].finish_reason for c in chunks if c.choices][-1]
    assert PERMITTED == last_call(served)
    usage = [c.usage for c in chunks if c.usage][-1]
    assert usage.total_tokens == served.records("outcome")[-1].body["usage"]["total_tokens"]


def test_done_waits_for_the_outcome(served: Served) -> None:
    """When the client has the end of a stream, its outcome is in the ledger already."""
    with served.client("army").chat.completions.with_streaming_response.create(
        model="sample", messages=MESSAGES, stream=True
    ) as response:
        id = response.headers["x-request-id"]
        for line in response.iter_lines():
            if "[DONE]" in line:
                ended = {r.body["decision"] for r in served.records("outcome")}
                assert id in ended
                break
        else:
            pytest.fail("no [DONE]")


def test_refused(served: Served) -> None:
    """The SDK raises PermissionDeniedError; the object cites the clause and what would change it."""
    error, body = told(served, "nsa")
    assert openai.PermissionDeniedError is type(error)
    assert "refused" == error.code
    assert "policy_violation" == body["type"]
    assert "§9 agencies forbids this use" in body["message"]
    assert ["agencies"] == [cited["clause"] for cited in body["avenant"]["cited"]]
    assert "will not be used by" in body["avenant"]["cited"][0]["prose"]
    assert "openai-dow@1" == body["avenant"]["text"]
    assert any("admission" in change for change in body["avenant"]["would_change"])
    assert error.response.headers["x-request-id"] == body["avenant"]["record"]
    assert "false" == error.response.headers["x-should-retry"]
    assert ("refused", "refused", None) == last_call(served)


def test_refused_chain(served: Served) -> None:
    """A call on behalf of an excluded body is refused, whoever makes it."""
    error, _ = told(served, "chain")
    assert "refused" == error.code


def test_undetermined_and_claims(served: Served) -> None:
    """What is missing is named; a claim against the use counts, one for it never does."""
    error, body = told(served, "tracking")
    assert "undetermined" == error.code
    missing = {m["axis"]: m["may_establish"] for m in body["avenant"]["missing"]}
    assert [] == missing["intent"]
    assert ("undetermined", "undetermined", None) == last_call(served)
    error, _ = told(served, "tracking", Avenant_Facts="intent=incidental")
    assert "undetermined" == error.code
    error, body = told(served, "tracking", Avenant_Facts="intent=deliberate")
    assert "refused" == error.code
    assert ["surveillance"] == [cited["clause"] for cited in body["avenant"]["cited"]]


@pytest.mark.parametrize("connection", ["unsigned", "expired"])
def test_attestation_that_does_not_hold(served: Served, connection: str) -> None:
    """The facts of an attestation that nobody signed, or whose time is over, establish nothing."""
    error, body = told(served, connection)
    assert "undetermined" == error.code
    assert "legality" in {missing["axis"] for missing in body["avenant"]["missing"]}


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"Avenant_Facts": "intnt=deliberate"}, "`intent`"),
        ({"Avenant_Facts": "intent=deliberat"}, "`deliberate`"),
        ({"Avenant_Facts": "intent"}, "axis=category"),
        ({"Avenant_Facts": "intent=deliberate,"}, "axis=category"),
        ({"Avenant_Fact": "intent=deliberate"}, "`avenant-facts`"),
        ({"Avenant_Token": "abc"}, "Avenant-Facts"),
    ],
)
def test_header_errors(served: Served, headers: dict[str, str], named: str) -> None:
    """A header that cannot be read as meant is an error with its remedy, and recorded."""
    error, body = told(served, "army", **headers)
    assert 400 == error.status_code
    assert named in body["message"]
    assert ("failed", "failed", error.code) == last_call(served)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"model": 7}', b'{"model":"sample","stream":"yes"}', b"\xff\xfe",
     b'{"model":"sample","tools":[{"type":"function"}]}', b'{"model":"\\ud800"}', b"[" * 100_000],
    ids=range(10),
)  # fmt: skip
def test_unreadable_request(served: Served, body: bytes) -> None:
    """A body that cannot be read is 400, and recorded as failed."""
    status, answer = post(served, "/v1/chat/completions", body)
    assert (400, "unreadable_request") == (status, answer["error"]["code"])
    assert ("failed", "failed", "unreadable_request") == last_call(served)


def test_unknown_route(served: Served) -> None:
    """Any other route is 404 in the SDK's own shape, and recorded."""
    with pytest.raises(openai.NotFoundError) as raised:
        served.client("army").embeddings.create(model="sample", input="words")
    assert "unknown_route" == raised.value.code
    assert ("failed", "failed", "unknown_route") == last_call(served)


def test_wrong_key(served: Served) -> None:
    """Without a valid key: 401, counted and not recorded, on any route."""
    size, strangers = served.service.ledger.size, health(served)["unauthenticated"]
    for path in ("/v1/chat/completions", "/v1/models", "/nowhere"):
        assert 401 == post(served, path, b"{}", key="wrong")[0]
    error, _ = told(served, "nobody")
    assert openai.AuthenticationError is type(error)
    assert (size, strangers + 4) == (served.service.ledger.size, health(served)["unauthenticated"])


def test_models(served: Served) -> None:
    """The list holds the models that the text names, and asking for it is recorded."""
    assert ["sample"] == [m.id for m in served.client("army").models.list()]
    assert PERMITTED == last_call(served)


def test_health(served: Served) -> None:
    """Health needs no key and says which text is in force."""
    assert ("serving", "openai-dow@1") == (health(served)["status"], health(served)["text"])


def test_start_says_what_is_missing(served: Served) -> None:
    """At the start each connection is told with what nobody states and the clauses that hold it up."""
    lines = "\n".join(served.told)
    assert "army      permitted" in lines
    assert "nsa       refused as it stands, by §9 agencies" in lines
    tracking = lines[lines.index("tracking") :]
    assert "nobody can establish: intent" in tracking
    assert "§6 monitoring, §8 surveillance" in tracking


# ---- a model server that misbehaves


def test_upstream_down(tmp_path: Path) -> None:
    """With no model server, a permitted call is `failed`, 502, and never recorded as permitted at its end."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with world.serving("http://127.0.0.1:9/v1") as gateway:
        error, _ = told(gateway, "army")
        assert (502, "upstream_unavailable") == (error.status_code, error.code)
        assert "failed" == error.response.headers["avenant-decision"]
        assert ("permitted", "failed", "upstream_unavailable") == last_call(gateway)


@pytest.mark.parametrize(
    ("mode", "status", "code", "reason"),
    [
        ("refuses-key", 502, "upstream_refused_key", "upstream_refused_key"),
        ("forbids", 502, "upstream_refused", "upstream_refused"),
        ("moves", 502, "upstream_unreadable", "upstream_unreadable"),
        ("no-json", 502, "upstream_unreadable", "upstream_unreadable"),
        ("too-many", 429, "theirs", "upstream_error"),
        ("breaks", 500, "theirs", "upstream_error"),
    ],
)
def test_upstream_errors(
    faulty: tuple[FaultyUpstream, Served], mode: str, status: int, code: str, reason: str
) -> None:
    """Errors of the model server pass unchanged; one about our key, or no answer at all, becomes 502."""
    upstream, gateway = faulty
    upstream.mode = mode
    error, _ = told(gateway, "army")
    assert (status, code) == (error.status_code, error.code)
    assert ("permitted", "failed", reason) == last_call(gateway)
    assert {"www-authenticate", "set-cookie", "location"}.isdisjoint(error.response.headers)
    assert ("7" if mode == "too-many" else None) == error.response.headers.get("retry-after")


@pytest.mark.parametrize("mode", ["dies-mid-stream", "stream-without-end", "stream-with-error"])
def test_failed_stream_never_ends_cleanly(faulty: tuple[FaultyUpstream, Served], mode: str) -> None:
    """A stream that fails has no `[DONE]`, an error event, a broken connection, and is recorded as failed."""
    upstream, gateway = faulty
    upstream.mode = mode
    with pytest.raises(openai.APIError):
        list(
            gateway.client("army").chat.completions.create(
                model="sample", messages=MESSAGES, stream=True
            )
        )
    raw = raw_call(gateway, stream=True)
    received = read_all(raw)
    assert b"word" in received
    assert b'data: {"error"' in received
    assert b"[DONE]" not in received
    assert not received.endswith(b"0\r\n\r\n")
    assert [("permitted", "failed")] * 2 == [
        ("permitted", r.body["outcome"]) for r in gateway.ended(2)
    ]


def test_idle_connections_that_were_closed(faulty: tuple[FaultyUpstream, Served]) -> None:
    """Every call is answered although the model server closes its connections without a word."""
    upstream, gateway = faulty
    upstream.mode = "answers-then-closes"
    for _ in range(20):
        ask(gateway)
    assert ["permitted"] * 20 == [r.body["outcome"] for r in gateway.ended(20)]


def test_nothing_of_the_client_goes_up(faulty: tuple[FaultyUpstream, Served]) -> None:
    """Neither the key, nor our own headers, nor cookies, nor hop-by-hop headers reach the model server."""
    upstream, gateway = faulty
    ask(gateway, Avenant_Facts="purpose=office-work", Cookie="a=b", OpenAI_Organization="org")
    head = upstream.requests[-1].lower()
    assert api_key("army") not in head
    for name in ("authorization", "avenant-", "cookie", "openai-organization", "proxy-"):
        assert name not in head


def test_operators_key_goes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the environment is what the model server sees, and the client sees nothing of it."""
    monkeypatch.setenv("AVENANT_UPSTREAM_KEY", "sk-operator")
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream, world.serving(upstream.url) as gateway:
        headers = ask(gateway).headers
        assert "authorization: bearer sk-operator" in upstream.requests[-1].lower()
        assert api_key("army") not in upstream.requests[-1]
        assert "sk-operator" not in str(headers)


@pytest.mark.parametrize("started", [nullcontext, ignored], ids=["plainly", "ignoring"])
def test_interrupt_ends_the_process(tmp_path: Path, started: Any) -> None:
    """`avenant serve` ends on an interrupt with 0, leaves no call open, and does so under `nohup` too."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    config = tmp_path / "avenant.yaml"
    with FaultyUpstream() as upstream:
        config.write_text(f"listen: 127.0.0.1:0\nupstream: {upstream.url}\n")
        arguments = ["-m", "avenant.cli", "serve", str(world.dossier), "--config", str(config)]
        with (
            started(),
            subprocess.Popen(
                [sys.executable, "-u", *arguments], stdout=subprocess.PIPE, text=True
            ) as process,
        ):
            assert process.stdout is not None
            line = next(line for line in process.stdout if "listening" in line)
            with OpenAI(
                base_url=line.split()[-1], api_key=api_key("army"), max_retries=0
            ) as client:
                client.chat.completions.create(model="sample", messages=MESSAGES)
            process.send_signal(signal.SIGINT)
            try:
                assert 0 == process.wait(20)
            finally:
                process.kill()
    with world.serving("http://127.0.0.1:9/v1") as gateway:
        assert ["permitted"] == [r.body["outcome"] for r in gateway.records("outcome")]


def test_what_is_read_is_what_is_sent(faulty: tuple[FaultyUpstream, Served]) -> None:
    """What goes up is what was decided about, written anew; a body that says two things is refused."""
    upstream, gateway = faulty
    body = b'{"model":"other","messages":[],"model":"sample"}'
    assert 400 == post(gateway, "/v1/chat/completions", body)[0]
    assert [] == upstream.requests
    body = b' { "model" : "s\\u0061mple", "messages": [] }'
    assert 200 == post(gateway, "/v1/chat/completions", body)[0]
    sent = upstream.requests[-1].partition("\r\n\r\n")[2]
    assert '{"model":"sample","messages":[],"store":false}' == sent
    assert "sample" == gateway.records("decision")[-1].body["model"]


# ---- clients that leave


@pytest.mark.parametrize("mode", ["silent", "half-an-answer", "stream-hangs"])
def test_disconnect_stops_the_upstream(faulty: tuple[FaultyUpstream, Served], mode: str) -> None:
    """A client that leaves while the model server works stops it, and the call is recorded as failed."""
    upstream, gateway = faulty
    upstream.mode = mode
    with raw_call(gateway, stream=mode == "stream-hangs") as client:
        assert upstream.seen.wait(10)
        received = b""
        while mode == "stream-hangs" and b"word" not in received:
            received += client.recv(65536)
    assert upstream.left.wait(10)
    assert ("client_disconnected", "failed") == (
        gateway.ended(1)[0].body["reason"],
        gateway.records("outcome")[0].body["outcome"],
    )


def test_disconnect_within_the_request(faulty: tuple[FaultyUpstream, Served]) -> None:
    """A client that leaves before its request is whole is recorded, and nothing is forwarded."""
    upstream, gateway = faulty
    client = raw_call(gateway, cut=20)
    time.sleep(0.1)  # let the head arrive, so that the gateway knows whose request it is
    client.close()
    assert "client_disconnected" == gateway.ended(1)[0].body["reason"]
    assert [] == upstream.requests


def test_disconnect_before_the_decision_is_durable(tmp_path: Path) -> None:
    """A client that leaves while its decision is being recorded is not forwarded."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream, world.serving(upstream.url) as gateway:
        # The ledger's flush waits for another writer of its file.
        other = apsw.Connection(str(tmp_path / "ledger" / "ledger.db"))
        other.execute("BEGIN IMMEDIATE")
        client = raw_call(gateway)
        time.sleep(0.2)
        client.close()
        time.sleep(0.2)
        other.execute("ROLLBACK")
        assert "client_disconnected" == gateway.ended(1)[0].body["reason"]
        assert [] == upstream.requests


def test_stopping_ends_the_calls_under_way(tmp_path: Path) -> None:
    """A gateway that must stop gives calls under way some seconds, then records them as failed; none stays open."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    with FaultyUpstream() as upstream:
        upstream.mode = "stream-hangs"
        with world.serving(upstream.url) as gateway:
            client = raw_call(gateway, stream=True)
            assert upstream.seen.wait(10)
        received = read_all(client)
        assert upstream.left.wait(10)
        assert b"[DONE]" not in received
        upstream.mode = "answers"
        with world.serving(upstream.url) as gateway:
            outcomes = gateway.records("outcome")
            assert ["gateway_stopped"] == [record.body["reason"] for record in outcomes]


def test_too_large_a_request(served: Served) -> None:
    """A body past the limit is 413, and recorded."""
    status, answer = post(served, "/v1/chat/completions", b" " * (33 * 1024 * 1024))
    assert (413, "too_large") == (status, answer["error"]["code"])
    assert ("failed", "failed", "too_large") == last_call(served)


# ---- the ledger, and the text


def test_without_a_ledger_nothing_is_forwarded(faulty: tuple[FaultyUpstream, Served]) -> None:
    """When the ledger takes no more, permitted and refused calls alike are 503, and nothing goes up."""
    upstream, gateway = faulty
    gateway.service.ledger.close()
    error, _ = told(gateway, "army")
    assert (503, "ledger_unavailable") == (error.status_code, error.code)
    assert "failed" == error.response.headers["avenant-decision"]
    assert [] == upstream.requests


def test_answer_waits_for_its_outcome(
    faulty: tuple[FaultyUpstream, Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When an outcome cannot be recorded, the answer that the model gave is withheld."""
    upstream, gateway = faulty
    ledger = gateway.service.ledger
    append = type(ledger).append

    async def only_decisions(self: Any, kind: str, *args: Any, **more: Any) -> Any:
        if kind == "outcome":
            raise Unavailable("ledger-unknown", "the disk is gone")
        return await append(self, kind, *args, **more)

    monkeypatch.setattr(type(ledger), "append", only_decisions)
    status, body = post(gateway, "/v1/chat/completions", request())
    assert (503, "ledger_unavailable") == (status, body["error"]["code"])
    assert 1 == len(upstream.requests)
    received = read_all(raw_call(gateway, stream=True, mode=upstream))
    assert b"[DONE]" not in received


def test_text_changes_at_its_instant(model: str, tmp_path: Path) -> None:
    """An amendment signed for later takes effect at its instant, without a restart."""
    now = datetime.now(UTC).replace(microsecond=0)
    world = GatewayWorld(tmp_path, agreed=0)
    world.connect("nsa", TRANSLATION, ("nsa",))
    clocks = Clocks()
    with world.serving_by(clocks, model) as gateway:
        assert "openai-dow@0" == ask(gateway, "nsa").headers["avenant-text"]
        world.sign(1, now)
        wait_for_text(gateway, "openai-dow@1")
        error, _ = told(gateway, "nsa")
        assert "refused" == error.code
        world.admit_nsa(now + timedelta(hours=1), now + timedelta(hours=2))
        world.sign(2, datetime.now(UTC))
        wait_for_text(gateway, "openai-dow@2")
        error, _ = told(gateway, "nsa")
        assert "refused" == error.code
        clocks.passed = timedelta(hours=1)
        raw = ask(gateway, "nsa")
        assert "openai-dow@2" == raw.headers["avenant-text"]
        assert [{"rule": "agencies/1", "admission": 2}] == gateway.records("decision")[-1].body[
            "past"
        ]
        clocks.passed = timedelta(hours=2)
        error, _ = told(gateway, "nsa")
        assert "refused" == error.code
        assert [0, 1, 2] == [r.body["number"] for r in gateway.records("instrument")]


def test_unreadable_dossier_fails_closed(faulty: tuple[FaultyUpstream, Served]) -> None:
    """While a file of the dossier is damaged no call is decided; once it is mended, calls are."""
    upstream, gateway = faulty
    file = gateway.dossier / "1-amendment.md"
    good = file.read_bytes()
    file.write_bytes(good.replace(b"intelligence agencies", b"intelligence agents"))
    wait_for_text(gateway, None)
    error, _ = told(gateway, "army")
    assert (503, "text_unreadable") == (error.status_code, error.code)
    assert ("failed", "failed", "text_unreadable") == last_call(gateway)
    assert [] == upstream.requests
    file.write_bytes(good)
    wait_for_text(gateway, "openai-dow@1")
    assert "permitted" == ask(gateway).headers["avenant-decision"]


def test_restart_records_nothing_twice(model: str, tmp_path: Path) -> None:
    """Instruments and attestations are recorded once, however often the gateway starts."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    for _ in range(3):
        with world.serving(model) as gateway:
            kinds = [record.kind for record in gateway.records()]
    assert ["instrument", "instrument", "attestation"] == kinds


def test_unsigned_agreement_is_not_served(tmp_path: Path) -> None:
    """A draft is not served: the gateway does not start."""
    world = GatewayWorld(tmp_path, agreed=-1)
    with pytest.raises(AvenantError) as raised:
        open_service(world.dossier, world.config("http://127.0.0.1:9/v1"), tell=print)
    assert "no_text_in_force" == raised.value.code


def test_altered_cedar_export_stops_the_start(tmp_path: Path) -> None:
    """With one word of the exported policies altered, the start is refused with the use on which they differ."""
    import avenant
    from avenant.rules.export import Exported, export

    world = GatewayWorld(tmp_path)
    text = avenant.load(world.dossier).in_force
    exported = export(text.rules, text.vocabulary)
    altered = exported.policies.replace('Intent::"deliberate"', 'Intent::"incidental"', 1)
    assert altered != exported.policies
    config = world.config("http://127.0.0.1:9/v1")
    with pytest.raises(Refused) as raised:
        open_service(
            world.dossier,
            config,
            tell=print,
            cedar=Exported(altered, exported.entities, exported.schema),
        )
    assert "cedar-differs" == raised.value.code
    assert "purpose=" in raised.value.message


def test_unknown_fact_of_a_connection_stops_the_start(tmp_path: Path) -> None:
    """A connection whose attestation the vocabulary does not know stops the start, and says which."""
    world = GatewayWorld(tmp_path)
    world.connect("army", {"purpose": ["office-wrok"]})
    with pytest.raises(AvenantError) as raised:
        open_service(world.dossier, world.config("http://127.0.0.1:9/v1"), tell=print)
    assert "army" in raised.value.message
    assert "office-wrok" in raised.value.message


# ---- by hand, where the SDK would not go


def request(*, stream: bool = False) -> bytes:
    """The body of a call."""
    return json.dumps({"model": "sample", "messages": MESSAGES, "stream": stream}).encode()


def post(gateway: Served, path: str, body: bytes, key: str = api_key("army")) -> tuple[int, Any]:
    """POST with a key; the status and the JSON of the answer."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    call = urllib.request.Request(f"http://127.0.0.1:{gateway.port}{path}", body, headers)
    try:
        with urllib.request.urlopen(call) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def health(gateway: Served) -> dict[str, Any]:
    """What `/health` says, whatever its status."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/health") as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))


def raw_call(
    gateway: Served, *, stream: bool = False, cut: int = 0, mode: FaultyUpstream | None = None
) -> socket.socket:
    """A call over a bare socket; `cut` leaves out that many bytes of its body."""
    if mode is not None:
        mode.mode = "dies-mid-stream"
    body = request(stream=stream)
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\n"
        f"authorization: Bearer {api_key('army')}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    client = socket.create_connection(("127.0.0.1", gateway.port))
    client.sendall(head.encode() + body[: len(body) - cut])
    return client


def read_all(client: socket.socket) -> bytes:
    """Everything until the other side closes."""
    received = b""
    with client:
        while part := client.recv(65536):
            received += part
    return received


def wait_for_text(gateway: Served, text: str | None) -> None:
    """Until `/health` names this text."""
    for _ in range(500):
        if health(gateway)["text"] == text:
            return
        time.sleep(0.02)
    raise AssertionError(f"{health(gateway)}, not {text}")
