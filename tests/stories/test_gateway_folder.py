"""A dossier's folder under a running gateway: what is taken away, put back, changed, or was never a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from avenant.cli.app import run
from avenant.gateway.config import ConnectionEntry
from avenant.gateway.limits import LIMITS
from avenant.gateway.read import config_at
from avenant.gateway.standing import connections
from avenant.ledger.verify import verify
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import MINUTE, OFFICE, TRANSLATION, GatewayWorld, Served

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

PERMITTED, REFUSED = (200, None), (403, "refused")
ROLLED_BACK = (503, "dossier_rolled_back")
MISSING, UNUSABLE = (503, "connection_missing"), (503, "connection_unusable")
UNREADABLE = (503, "text_unreadable")


@pytest.fixture
def world(tmp_path: Path) -> GatewayWorld:
    """The sample with two connections."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    world.connect("nsa", TRANSLATION, ("nsa",))
    return world


@pytest.fixture
def url() -> Iterator[str]:
    """A model server."""
    with FaultyUpstream() as upstream:
        yield upstream.url


def answered(gateway: Served, connection: str = "army") -> tuple[int, str | None]:
    """Status and code of one call."""
    answer = gateway.post(connection)
    return answer.status, answer.code


def mend(world: GatewayWorld, *more: str) -> int:
    """`avenant mend` with the world's ledger; its exit code."""
    return run(["mend", str(world.dossier), "--ledger", str(world.path / "ledger"), *more])


def take_away(world: GatewayWorld, what: str) -> None:
    """Take something of instrument 1 out of the folder."""
    match what:
        case "signature":
            next((world.dossier / "signatures").glob("1-*supplier*")).unlink()
        case "signatures":
            shutil.rmtree(world.dossier / "signatures")
        case "file":
            (world.dossier / "1-amendment.md").unlink()
        case "instrument":
            (world.dossier / "1-amendment.md").unlink()
            for file in (world.dossier / "signatures").glob("1-*"):
                file.unlink()
        case "agreement":
            (world.dossier / "0-agreement.md").unlink()
        case "all":
            for file in (*world.dossier.glob("*.md"), *world.dossier.glob("signatures/*")):
                file.unlink()
        case "pipe":
            (world.dossier / "1-amendment.md").unlink()
            os.mkfifo(world.dossier / "1-amendment.md")


@pytest.mark.parametrize(
    "what", ["signature", "signatures", "file", "instrument", "agreement", "all"]
)
def test_what_was_agreed_cannot_be_taken_away(
    world: GatewayWorld, url: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that lacks what the ledger knows stops every call, after a restart too, until `mend` writes it back."""
    with world.serving(url) as gateway:
        assert PERMITTED == answered(gateway)
        take_away(world, what)
        gateway.until(lambda: answered(gateway), ROLLED_BACK)
        assert ROLLED_BACK == answered(gateway, "nsa")
        message = gateway.post().body["error"]["message"]
        assert "instrument 0" in message or "instrument 1" in message
        assert "dossier_rolled_back" == gateway.records("outcome")[-1].body["reason"]
    with world.serving(url) as gateway:
        assert ROLLED_BACK == answered(gateway)
        capsys.readouterr()
        assert 0 == mend(world)
        assert "1-amendment" in capsys.readouterr().out or what == "agreement"
        gateway.until(lambda: answered(gateway), PERMITTED)
        assert REFUSED == answered(gateway, "nsa")
        assert 2 == len(gateway.records("instrument"))
    assert verify(world.path / "ledger" / "ledger.db").good


def test_a_pipe_in_the_place_of_an_instrument(
    world: GatewayWorld, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe is no file: the instrument is missing, nothing hangs, and `mend` replaces it only where that is said."""
    with world.serving(url) as gateway:
        take_away(world, "pipe")
        gateway.until(lambda: answered(gateway), ROLLED_BACK)
        assert any("1-amendment.md" in line for line in gateway.health()["aside"])
        assert 2 == mend(world)
        assert "1-amendment.md" in capsys.readouterr().err
        assert 0 == mend(world, "--overwrite")
        gateway.until(lambda: answered(gateway), PERMITTED)


def test_mend_overwrites_nothing_unasked(
    world: GatewayWorld, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other bytes under the name of an agreed file are named, and left as they are; a sound folder needs nothing."""
    with world.serving(url) as gateway:
        file = world.dossier / "1-amendment.md"
        good = file.read_bytes()
        file.write_bytes(good.replace(b"intelligence agencies", b"intelligence agents"))
        take_away(world, "signature")
        gateway.until(lambda: answered(gateway)[0], 503)
        changed = file.read_bytes()
        assert 2 == mend(world)
        assert changed == file.read_bytes()
        assert 0 == mend(world, "--overwrite")
        assert good == file.read_bytes()
        gateway.until(lambda: answered(gateway), PERMITTED)
        capsys.readouterr()
        assert 0 == mend(world)
        assert "nothing" in capsys.readouterr().out


def test_a_signature_that_the_quorum_did_not_need_may_go(world: GatewayWorld, url: str) -> None:
    """A copy of a signature under another name serves as well as the one that was recorded."""
    with world.serving(url) as gateway:
        file = next((world.dossier / "signatures").glob("1-*supplier*"))
        file.rename(file.with_name("1-amendment.renamed.dsse.json"))
        world.connect("late", OFFICE)
        gateway.until(lambda: answered(gateway, "late"), PERMITTED)
        assert PERMITTED == answered(gateway)


def test_a_changed_file_that_breaks_the_chain(world: GatewayWorld, url: str) -> None:
    """A changed instrument stops every call until it is as it was signed."""
    with world.serving(url) as gateway:
        file = world.dossier / "0-agreement.md"
        good = file.read_bytes()
        file.write_bytes(good + b"\nOne more word.\n")
        gateway.until(lambda: answered(gateway), UNREADABLE)
        file.write_bytes(good)
        gateway.until(lambda: answered(gateway), PERMITTED)


def test_a_connections_missing_file_stops_that_connection(world: GatewayWorld, url: str) -> None:
    """Its key is told why, and every other connection goes on; back again, it works; both are recorded."""
    with world.serving(url) as gateway:
        file = world.dossier / "connections" / "army.dsse.json"
        good = file.read_bytes()
        assert PERMITTED == answered(gateway)
        file.unlink()
        gateway.until(lambda: answered(gateway), MISSING)
        assert REFUSED == answered(gateway, "nsa")
        assert (
            503 == gateway.send("/v1/models", None, {"authorization": "Bearer av-army-key"}).status
        )
        assert "connection_missing" == gateway.records("outcome")[-1].body["reason"]
    with world.serving(url) as gateway:
        assert MISSING == answered(gateway)
        file.write_bytes(good)
        gateway.until(lambda: answered(gateway), PERMITTED)
        states = [(r.body["connection"], r.body["state"]) for r in gateway.records("connection")]
        assert [("army", "missing"), ("army", "back")] == states
        file.write_bytes(b"{broken")
        gateway.until(lambda: answered(gateway), UNUSABLE)
        file.write_bytes(good)
        gateway.until(lambda: answered(gateway), PERMITTED)


def test_a_new_connection_is_taken_without_a_restart(world: GatewayWorld, url: str) -> None:
    """A connection that is added, or signed anew, counts at once; a stranger to its key is 401 until then."""
    with world.serving(url) as gateway:
        assert (401, "invalid_api_key") == answered(gateway, "late")
        world.connect("late", OFFICE)
        gateway.until(lambda: answered(gateway, "late"), PERMITTED)
        world.connect("late", TRANSLATION, ("nsa",))
        gateway.until(lambda: answered(gateway, "late"), REFUSED)
        assert 4 == len(gateway.records("attestation"))
        assert PERMITTED == answered(gateway)


def test_a_file_that_claims_anothers_key_takes_nothing(world: GatewayWorld, url: str) -> None:
    """A second file with a connection's id and key is named and passed over; the first goes on."""
    with world.serving(url) as gateway:
        good = (world.dossier / "connections" / "army.dsse.json").read_bytes()
        (world.dossier / "connections" / "aa.dsse.json").write_bytes(good)
        gateway.until(lambda: len(gateway.health()["aside"]), 1)
        assert PERMITTED == answered(gateway)


def test_an_attestation_that_the_configuration_names(world: GatewayWorld, url: str) -> None:
    """A connection of `avenant.yaml` whose file is missing is stopped, at a start too, and others go on."""
    found = connections(world.config(url), world.dossier)
    entries = tuple(
        ConnectionEntry(c.id, c.key_sha256.hex(), (), world.path / f"{c.id}.json", c.at)
        for c in found
    )
    for connection in found:
        assert connection.attestation is not None
        (world.path / f"{connection.id}.json").write_bytes(connection.attestation)
    good = (world.path / "army.json").read_bytes()
    (world.path / "army.json").unlink()
    config = replace(world.config(url), connections=entries)
    with world.serving(url, config=config) as gateway:
        assert MISSING == answered(gateway)
        assert REFUSED == answered(gateway, "nsa")
        (world.path / "army.json").write_bytes(good)
        gateway.until(lambda: answered(gateway), PERMITTED)


def test_the_configurations_connections_change_without_a_restart(
    world: GatewayWorld, url: str
) -> None:
    """A connection added to `avenant.yaml` counts, one taken out is a stranger; a broken file changes nothing."""
    file = world.path / "avenant.yaml"

    def write(*ids: str) -> None:
        lines = [
            f"  - {{id: {c.id}, key-sha256: {c.key_sha256.hex()},"
            f" attestation: openai-dow/connections/{c.id}.dsse.json}}\n"
            for c in connections(world.config(url), world.dossier)
            if c.id in ids
        ]
        file.write_text(f"upstream: {url}\nconnections:\n{''.join(lines)}", "utf-8")

    write("army")
    config = replace(world.config(url), connections=config_at(file).connections)
    with world.serving(url, config=config, settings=file) as gateway:
        assert PERMITTED == answered(gateway)
        assert (401, "invalid_api_key") == answered(gateway, "nsa")
        write("army", "nsa")
        gateway.until(lambda: answered(gateway, "nsa"), REFUSED)
        file.write_text("connections: 7", "utf-8")
        gateway.until(lambda: bool(gateway.health()["aside"]), True)
        assert PERMITTED == answered(gateway)
        write("nsa")
        gateway.until(lambda: answered(gateway), (401, "invalid_api_key"))


def test_the_configurations_upstream_changes_without_a_restart(
    world: GatewayWorld, url: str
) -> None:
    """Calls go to the model server that `avenant.yaml` names now; an address that is none changes nothing."""
    file = world.path / "avenant.yaml"
    file.write_text(f"upstream: {url}\n", "utf-8")
    config = replace(world.config(url), connections=None)
    with (
        FaultyUpstream() as other,
        world.serving(url, config=config, settings=file) as gateway,
    ):
        assert PERMITTED == answered(gateway)
        assert [] == other.requests
        file.write_text(f"upstream: {other.url}\n", "utf-8")
        gateway.until(lambda: any(other.url in line for line in gateway.told), True)
        assert PERMITTED == answered(gateway)
        assert 1 == len(other.requests)
        file.write_text("upstream: nowhere\n", "utf-8")
        gateway.until(lambda: bool(gateway.health()["aside"]), True)
        assert PERMITTED == answered(gateway)
        assert 2 == len(other.requests)


def test_an_upstream_of_the_command_line_stays(world: GatewayWorld, url: str) -> None:
    """What `--upstream` says counts, whatever `avenant.yaml` comes to say."""
    file = world.path / "avenant.yaml"
    file.write_text(f"upstream: {url}\n", "utf-8")
    config = world.config(url).with_upstream(url)
    with (
        FaultyUpstream() as other,
        world.serving(url, config=config, settings=file) as gateway,
    ):
        file.write_text(f"upstream: {other.url}\nconnections: []\n", "utf-8")
        gateway.until(lambda: answered(gateway), (401, "invalid_api_key"))
        file.write_text(f"upstream: {other.url}\n", "utf-8")
        gateway.until(lambda: answered(gateway), PERMITTED)
        assert [] == other.requests


def test_a_public_statement_stops_nothing(world: GatewayWorld, url: str) -> None:
    """A statement that comes, changes, breaks or goes is recorded and shown, and every call goes on."""
    sample = Path(__file__).parents[2] / "agreements" / "openai-dow" / "statements"
    source = (sample / "2026-03-02.md").read_text("utf-8")
    file = world.dossier / "statements" / "press.md"
    file.parent.mkdir()
    with world.serving(url) as gateway:
        for count, text in enumerate((source, "no front matter", source + "\n", None), 1):
            if text is None:
                file.unlink()
            else:
                file.write_text(text, "utf-8")
            gateway.until(lambda: len(gateway.records("statement")), count)
            assert PERMITTED == answered(gateway)
            gateway.until(lambda: bool(gateway.health()["aside"]), text == "no front matter")
        digests = [r.body["digest"] for r in gateway.records("statement")]
        assert [True, True, True, False] == [digest is not None for digest in digests]
        assert any("press.md" in line and "stops nothing" in line for line in gateway.told)


@pytest.mark.parametrize("where", ["pipe", "9-amendment.md", "connections/x.dsse.json"])
def test_a_pipe_in_the_folder_stops_nothing(world: GatewayWorld, url: str, where: str) -> None:
    """A named pipe is shown with its name; the watch goes on and takes what comes after it."""
    os.mkfifo(world.dossier / where)
    with world.serving(url) as gateway:
        assert PERMITTED == answered(gateway)
        assert [where] == [line.split(":")[0] for line in gateway.health()["aside"]]
        os.mkfifo(world.dossier / "signatures" / "late.dsse.json")
        gateway.until(lambda: len(gateway.health()["aside"]), 2)
        now = datetime.now(UTC)
        world.connect("late", OFFICE)
        gateway.until(lambda: answered(gateway, "late"), PERMITTED)
        assert datetime.now(UTC) - now < timedelta(minutes=1) + MINUTE


def test_a_rewritten_instrument_is_not_the_one_that_was_agreed(
    world: GatewayWorld, url: str
) -> None:
    """Another instrument 1, signed by everybody, does not take the place of the one that the ledger recorded first."""
    with world.serving(url) as gateway:
        for file in (world.dossier / "signatures").glob("1-*"):
            file.unlink()
        file = world.dossier / "1-amendment.md"
        file.write_text(file.read_text("utf-8") + "\n", "utf-8")
        world.sign(1, datetime.now(UTC) - MINUTE)
        gateway.until(lambda: answered(gateway), ROLLED_BACK)
        assert 2 == len(gateway.records("instrument"))


def test_calls_beyond_the_rate_are_counted_and_not_recorded(world: GatewayWorld, url: str) -> None:
    """A burst of one connection is turned away, another connection goes on, and the ledger grows by what was taken."""
    limits = replace(LIMITS, decisions_second=2)
    with world.serving(url, limits=limits) as gateway:
        answers = [answered(gateway) for _ in range(8)]
        turned = answers.count((429, "too_many_calls"))
        assert turned >= 1
        assert 8 - turned == answers.count(PERMITTED) == len(gateway.records("decision"))
        assert turned == gateway.health()["beyond_rate"]
        assert REFUSED == answered(gateway, "nsa")
