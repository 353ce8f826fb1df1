"""The ledger under a gateway's feet: lost, put back, rolled back, begun anew. Nothing is forwarded without it."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from avenant.errors import AvenantError
from avenant.gateway.serve import open_service
from avenant.ledger.verify import verify
from tests.faulty_upstream import FaultyUpstream
from tests.gateway_world import OFFICE, GatewayWorld, Served, api_key
from tests.stories.test_revocation import revoke, until_stopped

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("gateway")]

BODY = json.dumps({"model": "sample", "messages": []}).encode()


@pytest.fixture
def upstream() -> Iterator[FaultyUpstream]:
    """A model server that answers."""
    with FaultyUpstream() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path) -> GatewayWorld:
    """The sample in force, with one connection."""
    world = GatewayWorld(tmp_path)
    world.connect("army", OFFICE)
    return world


def ask(gateway: Served, method: str, path: str) -> tuple[int, dict[str, Any]]:
    """One request: its status and the JSON of its answer."""
    call = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=30)
    body = BODY if method == "POST" else None
    call.request(method, path, body, {"authorization": f"Bearer {api_key('army')}"})
    answer = call.getresponse()
    read = json.loads(answer.read())
    call.close()
    return answer.status, dict(read)


def post(gateway: Served) -> tuple[int, str | None]:
    """One call: its status, and the code of its error."""
    status, answer = ask(gateway, "POST", "/v1/chat/completions")
    return status, answer.get("error", {}).get("code")


def until(gateway: Served, status: int) -> dict[str, Any]:
    """What `/health` says, once it has this status."""
    for _ in range(300):
        found, said = ask(gateway, "GET", "/health")
        if found == status:
            return said
        time.sleep(0.02)
    raise AssertionError(said)


def until_told(gateway: Served, words: str) -> None:
    """Until the operator has been told so."""
    for _ in range(300):
        if any(words in line for line in gateway.told):
            return
        time.sleep(0.02)
    raise AssertionError(gateway.told)


def ledger(world: GatewayWorld) -> Path:
    """The ledger's file."""
    return world.path / "ledger" / "ledger.db"


def parts(world: GatewayWorld) -> list[Path]:
    """The ledger's files."""
    return sorted(ledger(world).parent.glob("ledger.db*"))


def start(world: GatewayWorld, **more: Any) -> tuple[str | None, list[str]]:
    """Start a gateway and stop it; the code of what kept it from starting, and what it said."""
    told: list[str] = []
    config = world.config("http://127.0.0.1:9/v1")
    if "state" in more:
        config = replace(config, state=more.pop("state"))
    try:
        service = open_service(world.dossier, config, tell=told.append, **more)
    except AvenantError as error:
        return error.code, [*told, f"{error.message} {error.hint}"]
    service.kept.close(service.clock())
    return None, told


def unlink(world: GatewayWorld) -> None:
    """Remove its files."""
    for file in parts(world):
        file.unlink()


def empty(world: GatewayWorld) -> None:
    """Cut it to nothing."""
    for file in parts(world):
        file.write_bytes(b"")


def replace_by_older(world: GatewayWorld) -> None:
    """Put a backup of yesterday in its place."""
    unlink(world)
    shutil.copy(world.path / "backup.db", ledger(world))


def overwrite_by_older(world: GatewayWorld) -> None:
    """Copy a backup over it."""
    for file in parts(world)[1:]:
        file.write_bytes(b"")
    shutil.copyfile(world.path / "backup.db", ledger(world))


def rename_folder(world: GatewayWorld) -> None:
    """Rename its folder."""
    ledger(world).parent.rename(world.path / "elsewhere")


@pytest.mark.parametrize(
    "harm",
    [unlink, empty, replace_by_older, overwrite_by_older, rename_folder],
    ids=lambda harm: harm.__name__,
)
def test_without_its_file_nothing_is_forwarded(
    world: GatewayWorld, upstream: FaultyUpstream, harm: Callable[[GatewayWorld], None]
) -> None:
    """No call is answered as permitted, nothing goes up, and `/health` says why."""
    with world.serving(upstream.url):
        pass
    shutil.copy(ledger(world), world.path / "backup.db")
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        asked = len(upstream.requests)
        harm(world)
        for _ in range(2):
            assert (503, "ledger_unavailable") == post(gateway)
        assert until(gateway, 503)["status"].startswith("ledger_")
        time.sleep(0.6)
        assert until(gateway, 503)["status"].startswith("ledger_")
        assert asked == len(upstream.requests)
        until_told(gateway, "NOT RECORDING")


def test_health_says_so_before_any_call(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """`/health` is 503 as soon as the file is gone, though nobody has called."""
    with world.serving(upstream.url) as gateway:
        assert "serving" == until(gateway, 200)["status"]
        unlink(world)
        assert "ledger_gone" == ask(gateway, "GET", "/health")[1]["status"]


def test_put_back_it_serves_again(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """With the folder back under its name, calls are decided again, and the ledger is whole."""
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        rename_folder(world)
        assert (503, "ledger_unavailable") == post(gateway)
        (world.path / "elsewhere").rename(ledger(world).parent)
        until(gateway, 200)
        assert (200, None) == post(gateway)
        until_told(gateway, "recording again")
    assert () == verify(ledger(world), ended=True).problems


def test_a_lost_ledger_is_not_begun_silently(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """Beside a key that was used, a new ledger takes `--new-ledger`; it then knows what the lost one did."""
    with world.serving(upstream.url) as gateway:
        assert (200, None) == post(gateway)
        assert any("this ledger is new" in line for line in gateway.told)
        size = gateway.service.ledger.size
    unlink(world)
    code, told = start(world)
    assert "ledger-gone" == code
    assert f"it had {size} entries" in told[-1]
    assert "--new-ledger" in told[-1]
    empty(world)
    assert "ledger-gone" == start(world)[0]
    code, told = start(world, new_ledger=True)
    assert code is None
    assert any("this ledger is new" in line for line in told)
    assert any("2 instruments, 1 connection" in line for line in told)
    assert "ledger-exists" == start(world, new_ledger=True)[0]
    code, told = start(world)
    assert (None, True) == (code, any("all verified" in line for line in told))


def test_a_restored_backup_is_refused(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """A ledger that lacks what its last-seen file knows does not open; the latest one does."""
    with world.serving(upstream.url) as gateway:
        post(gateway)
    shutil.copy(ledger(world), world.path / "backup.db")
    with world.serving(upstream.url) as gateway:
        post(gateway)
    shutil.copy(ledger(world), world.path / "latest.db")
    shutil.copy(world.path / "backup.db", ledger(world))
    put = ledger(world).read_bytes()
    code, told = start(world)
    assert "ledger-behind" == code
    assert "put the latest one back" in told[-1]
    assert put == ledger(world).read_bytes()
    shutil.copy(world.path / "latest.db", ledger(world))
    assert start(world)[0] is None


def test_another_history_is_refused(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """A ledger of the same key that is longer, and another, does not open either."""
    with world.serving(upstream.url) as gateway:
        post(gateway)
    state = world.path / "ledger.state"
    shutil.copytree(state, world.path / "kept")
    unlink(world)
    assert start(world, new_ledger=True)[0] is None
    with world.serving(upstream.url) as gateway:
        for _ in range(5):
            post(gateway)
    shutil.rmtree(state)
    shutil.copytree(world.path / "kept", state)
    assert "ledger-behind" == start(world)[0]


def test_last_seen_is_signed(world: GatewayWorld) -> None:
    """A last-seen file that was changed, or that another key signed, stops the start with its remedy."""
    assert start(world)[0] is None
    (file,) = (world.path / "ledger.state").iterdir()
    sound = file.read_bytes()
    file.write_bytes(sound.replace(b'"size":', b'"size": '))
    assert "state-unreadable" == start(world)[0]
    file.write_bytes(b"")
    assert "state-unreadable" == start(world)[0]
    file.write_bytes(sound)
    assert start(world)[0] is None
    shutil.move(world.path / "ledger", world.path / "away")
    assert "ledger-key-gone" == start(world)[0]
    assert not (world.path / "ledger").exists()
    file.rename(world.path / "last-seen")
    assert start(world)[0] is None
    (world.path / "last-seen").rename(file)
    code, told = start(world)
    assert "state-unreadable" == code
    assert "not signed" in told[-1]


def test_the_state_folder_stands_apart(world: GatewayWorld) -> None:
    """In the dossier or in the ledger's folder, also by a link or by `..`, the state folder is refused."""
    for folder in (
        world.dossier,
        world.dossier / "state",
        world.dossier / "statements" / ".." / "state",
    ):
        assert "state-in-dossier" == start(world, state=folder)[0]
    (world.path / "link").symlink_to(world.dossier)
    assert "state-in-dossier" == start(world, state=world.path / "link" / "state")[0]
    assert "state-in-ledger" == start(world, state=world.path / "ledger" / "state")[0]
    assert not (world.path / "ledger").exists()
    assert start(world, state=world.path / "apart")[0] is None
    assert [f"{'avenant.example%2Fopenai-dow'}.last-seen"] == [
        file.name for file in (world.path / "apart").iterdir()
    ]


def test_an_instrument_stays_owed(world: GatewayWorld) -> None:
    """An instrument that the lost ledger recorded is asked for by the new one, too."""
    assert start(world)[0] is None
    unlink(world)
    shutil.move(world.dossier / "1-amendment.md", world.path)
    for file in (world.dossier / "signatures").glob("1-*"):
        shutil.move(file, world.path)
    code, told = start(world, new_ledger=True)
    assert "dossier-lacks" == code
    assert "instrument 1 of openai-dow" in told[-1]
    assert not ledger(world).exists()
    for file in world.path.glob("1-*.json"):
        shutil.move(file, world.dossier / "signatures")
    shutil.move(world.path / "1-amendment.md", world.dossier)
    assert start(world, new_ledger=True)[0] is None


def test_a_revocation_outlives_the_ledger(world: GatewayWorld, upstream: FaultyUpstream) -> None:
    """A new ledger still knows what the lost one recorded as revoked, though the file is gone."""
    with world.serving(upstream.url) as gateway:
        assert 0 == revoke(world)
        assert 403 == until_stopped(gateway)[0]
        until(gateway, 200)
    shutil.rmtree(world.dossier / "records")
    unlink(world)
    with world.serving(upstream.url, new_ledger=True) as gateway:
        assert (403, "connection_revoked") == post(gateway)
        assert 1 == len(gateway.records("revocation"))


def test_a_start_says_how_much_it_verified(
    world: GatewayWorld, upstream: FaultyUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All entries of a short ledger are verified at a start, of a long one the last; the line says which."""
    with world.serving(upstream.url) as gateway:
        for _ in range(3):
            post(gateway)
    assert any("entries, all verified with" in line for line in start(world)[1])
    monkeypatch.setattr("avenant.gateway.ledger.VERIFIED", 4)
    assert any("entries, the last 4 verified with" in line for line in start(world)[1])
