"""An officer revokes a connection: the gateway obeys without a restart, records it, and never forgets."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from avenant.cli.app import run
from avenant.consent.dsse import RECORD, encoded, seal
from avenant.consent.keys import written_private
from avenant.consent.revoke import Revocation, record_name
from avenant.ledger.verify import verify
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, Served, api_key
from tests.parties import key

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

BODY = json.dumps({"model": "sample", "messages": []}).encode()


@pytest.fixture
def upstream() -> Iterator[FaultyUpstream]:
    """A model server that answers."""
    with FaultyUpstream() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path) -> GatewayWorld:
    """The sample in force, with two connections."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    world.connect("navy", OFFICE)
    return world


def post(gateway: Served, connection: str = "army") -> tuple[int, str | None]:
    """One call: its status, and the code of its error."""
    call = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    headers = {"authorization": f"Bearer {api_key(connection)}"}
    call.request("POST", "/v1/chat/completions", BODY, headers)
    answer = call.getresponse()
    content: Any = json.loads(answer.read())
    call.close()
    return answer.status, content.get("error", {}).get("code")


def until_stopped(gateway: Served, connection: str = "army") -> tuple[int, str | None]:
    """The answer to a call, once it is no longer 200."""
    for _ in range(300):
        answer = post(gateway, connection)
        if answer[0] != 200:
            return answer
        time.sleep(0.02)
    return answer


def revoke(world: GatewayWorld, *options: str, signer: str = "officer") -> int:
    """Run `avenant connection revoke` as the department; returns the exit code."""
    file = world.path / f"{signer}.key"
    file.write_bytes(written_private(key(signer)))
    given = {"--as": "department", "--key": str(file), "--why": "the key was lost"}
    given |= dict(zip(options[::2], options[1::2], strict=True))
    words = [word for pair in given.items() for word in pair]
    return run(["connection", "revoke", str(world.dossier), "army", *words])


def forged(world: GatewayWorld, signer: str, **changes: str) -> None:
    """Write a revocation of `army` that this key signed, past the rules of the verb."""
    from avenant.consent.revoke import connections_in

    about = next(about for about in connections_in(world.dossier) if about.id == "army")
    now = datetime.now(UTC).replace(microsecond=0)
    said = {"agreement": "openai-dow", "connection": "army", "key": about.key, "why": "no reason"}
    revocation = Revocation(**{**said, **changes}, at=now)
    folder = world.dossier / "records"
    folder.mkdir(exist_ok=True)
    (folder / record_name("army")).write_bytes(seal(encoded(revocation), RECORD, key(signer)))


def test_revoked_at_once_and_for_good(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """Its key is refused without a restart, and after one, also when the file of the revocation is gone."""
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        assert 0 == revoke(world)
        assert (403, "connection_revoked") == until_stopped(gateway)
        asked = len(upstream.requests)
        assert (403, "connection_revoked") == post(gateway)
        assert asked == len(upstream.requests)
        assert (200, None) == post(gateway, "navy")
        (record,) = gateway.records("revocation")
        assert ("army", "department") == (record.body["connection"], record.body["party"])
        last = [r for r in gateway.records("decision") if r.body["connection"] == "army"][-1]
        assert ("refused", "connection_revoked") == (last.body["outcome"], last.body["reason"])
        assert any("army is revoked" in line for line in gateway.told)
    (world.dossier / "records" / record_name("army")).unlink()
    with world.serving(upstream.url) as gateway:
        assert (403, "connection_revoked") == post(gateway)
        assert (200, None) == post(gateway, "navy")
        assert 1 == len(gateway.records("revocation"))
        assert any("army is revoked" in line for line in gateway.told)
    assert () == verify(world.path / "ledger" / "ledger.db", ended=True).problems


def test_the_connection_is_gone_too(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """A revocation of a connection whose own file was removed stops it when it is put back."""
    file = world.dossier / "connections" / "army.dsse.json"
    with world.serving(upstream.url) as gateway:
        assert 0 == revoke(world)
        attested = file.read_bytes()
        file.unlink()
        assert until_stopped(gateway)[0] in {401, 403, 503}
        for _ in range(300):
            if gateway.records("revocation"):
                break
            time.sleep(0.02)
    file.write_bytes(attested)
    (world.dossier / "records" / record_name("army")).unlink()
    with world.serving(upstream.url) as gateway:
        assert (403, "connection_revoked") == post(gateway)


@pytest.mark.parametrize(
    ("signer", "changes", "why"),
    [
        ("supplier", {}, "not signed by an officer"),
        ("department", {}, "not signed by an officer"),
        ("stranger", {}, "not signed by an officer"),
        ("officer", {"agreement": "other"}, "another agreement"),
        ("officer", {"key": f"sha256:{'0' * 64}"}, "no connection"),
        ("officer", {"connection": "navy"}, "no connection"),
    ],
)
def test_what_does_not_hold_stops_nothing(
    world: GatewayWorld, upstream: FaultyUpstream, signer: str, changes: dict[str, str], why: str
) -> None:
    """A revocation by a key that is no officer's, or about something else, is shown and stops nothing."""
    forged(world, signer, **changes)
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        assert [] == gateway.records("revocation")
        assert any("stops nothing" in line and why in line for line in gateway.told)


@pytest.mark.parametrize("change", ["cut", "byte", "junk", "link"])
def test_what_is_no_revocation_stops_nothing(
    world: GatewayWorld, upstream: FaultyUpstream, change: str
) -> None:
    """A damaged file is shown, stops nothing, and the next sound one is obeyed."""
    assert 0 == revoke(world)
    file = world.dossier / "records" / record_name("army")
    sound = file.read_bytes()
    match change:
        case "cut":
            file.write_bytes(sound[:100])
        case "byte":
            file.write_bytes(sound.replace(b'"sig":"', b'"sig":"AA'))
        case "junk":
            file.write_bytes(b"\xff\x00")
        case "link":
            file.unlink()
            file.symlink_to("/dev/zero")
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        file.unlink()
        file.write_bytes(sound)
        assert (403, "connection_revoked") == until_stopped(gateway)


def test_the_verb_refuses_what_the_gateway_would(
    world: GatewayWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that is no officer's, an unknown party, an empty reason: each is an error, and no file is written."""
    for options, signer, message in (
        ((), "supplier", "is not the key of an officer of department"),
        (("--as", "supplier"), "officer", "supplier has no officers"),
        (("--as", "nobody"), "officer", "nobody is no party"),
        (("--why", "  "), "officer", "a revocation says why"),
    ):
        assert 2 == revoke(world, *options, signer=signer)
        assert message in capsys.readouterr().err
    assert not (world.dossier / "records").exists()


def test_status_shows_it(world: GatewayWorld, capsys: pytest.CaptureFixture[str]) -> None:
    """`status` names the connection, the party and the reason; a file that revokes nothing, it names too."""
    assert 0 == revoke(world)
    capsys.readouterr()
    assert 0 == run(["status", str(world.dossier)])
    shown = " ".join(capsys.readouterr().out.split())
    assert "connection army revoked by department" in shown
    assert "the key was lost" in shown
    forged(world, "stranger")
    assert 0 == run(["status", str(world.dossier)])
    assert "revokes nothing" in " ".join(capsys.readouterr().out.split())
    assert 0 == run(["status", str(world.dossier), "--json"])
    read = json.loads(capsys.readouterr().out)
    assert ["army"] == [one["connection"] for one in read["revoked"]]
    assert read["revoked"][0]["fault"] is not None
