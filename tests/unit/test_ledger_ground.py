"""The ledger under our feet: what happens to its files while it is open, and what it acknowledges then."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from avenant.errors import AvenantError
from avenant.ledger.footing import Footing
from avenant.ledger.sequencer import Ledger
from avenant.ledger.store import OpenStore
from avenant.ledger.store_sqlite import SqliteStore
from avenant.ledger.verify import verify
from tests.ledgers import KEY, START, Clock, Trouble, calls, decision, filled, outcome, signer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger in a folder of its own."""
    (tmp_path / "ledger").mkdir()
    return tmp_path / "ledger" / "ledger.db"


def opened(path: Path, open_store: OpenStore = SqliteStore.open) -> Ledger:
    """A ledger of thirteen entries, of which the last two are in its log alone."""
    filled(path, 5).close()
    ledger = Ledger.open(path, signer(), START, open_store=open_store)
    ledger.append_all(calls(Clock(), 1))
    return ledger


def parts(path: Path) -> list[Path]:
    """The files of a store."""
    return sorted(path.parent.glob(f"{path.name}*"))


def older(path: Path) -> Path:
    """A copy of a sound, shorter history by the same key."""
    copy = path.parent.parent / "older" / "ledger.db"
    copy.parent.mkdir()
    filled(copy, 1).close()
    return copy


def unlink(path: Path) -> None:
    """Remove the store, its log and all."""
    for file in parts(path):
        file.unlink()


def unlink_main(path: Path) -> None:
    """Remove the main file alone."""
    path.unlink()


def empty(path: Path) -> None:
    """Cut the main file to nothing, in place."""
    path.write_bytes(b"")


def empty_all(path: Path) -> None:
    """Cut all its files to nothing, in place: the index of the log too, which SQLite has mapped into memory."""
    for file in parts(path):
        file.write_bytes(b"")


def cut(path: Path) -> None:
    """Cut the main file in the middle."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)


def rename_folder(path: Path) -> None:
    """Move the folder away."""
    path.parent.rename(path.parent.with_name("elsewhere"))


def replace_main_by_older(path: Path) -> None:
    """Put the main file of an older copy in its place, and leave the log."""
    older(path).rename(path)


def replace_by_older(path: Path) -> None:
    """Put an older copy in its place by renaming."""
    copy = older(path)
    unlink(path)
    copy.rename(path)


def overwrite_by_older(path: Path) -> None:
    """Copy an older copy over it: the same inode."""
    shutil.copyfile(older(path), path)


def overwrite_by_older_whole(path: Path) -> None:
    """The same, and the log is cut to nothing too."""
    shutil.copyfile(older(path), path)
    Path(f"{path}-wal").write_bytes(b"")


def replace_by_other(path: Path) -> None:
    """Put the ledger of another key in its place, and leave the log."""
    other = path.parent.parent / "other.db"
    Ledger.open(other, signer(2), START).close()
    other.rename(path)


def replace_by_other_whole(path: Path) -> None:
    """The same, and nothing of the first is left."""
    unlink(path)
    replace_by_other(path)


def replace_by_anything(path: Path) -> None:
    """Put a file in its place that is no ledger."""
    path.unlink()
    path.write_bytes(b"no ledger" * 1000)


def replace_by_folder(path: Path) -> None:
    """Put a folder in its place."""
    path.unlink()
    path.mkdir()


def cut_log(path: Path) -> None:
    """Cut the log to nothing: what was acknowledged since the last copy is lost with it."""
    Path(f"{path}-wal").write_bytes(b"")


LOST: list[Callable[[Path], None]] = [
    unlink,
    unlink_main,
    empty,
    empty_all,
    cut,
    rename_folder,
    replace_by_older,
    replace_main_by_older,
    overwrite_by_older,
    overwrite_by_older_whole,
    replace_by_other,
    replace_by_other_whole,
    replace_by_anything,
    replace_by_folder,
    cut_log,
]


@pytest.mark.parametrize("harm", LOST, ids=lambda harm: harm.__name__)
def test_nothing_is_acknowledged_without_the_file(path: Path, harm: Callable[[Path], None]) -> None:
    """Once the file is lost, every append fails and the ledger says so, however often it is tried."""
    ledger = opened(path)
    assert ledger.fault is None
    harm(path)
    for _ in range(3):
        with pytest.raises(AvenantError):
            ledger.append_all([decision(Clock())])
        assert ledger.fault is not None
    assert 13 == ledger.size
    ledger.close()


@pytest.mark.parametrize("harm", LOST, ids=lambda harm: harm.__name__)
def test_a_look_finds_it_without_a_call(path: Path, harm: Callable[[Path], None]) -> None:
    """Without any call, a look finds what has happened."""
    ledger = opened(path)
    harm(path)
    ledger.inspect()
    assert noticed(ledger) is not None
    ledger.close()


def noticed(ledger: Ledger) -> AvenantError | None:
    """The ledger's fault, once its thread has looked."""
    for _ in range(500):
        if ledger._fault is not None:
            break
        time.sleep(0.01)
    return ledger.fault


def unlink_log(path: Path) -> None:
    """Remove the log: what it holds is copied when the store is let go."""
    Path(f"{path}-wal").unlink()


def unlink_index(path: Path) -> None:
    """Remove the log's index."""
    Path(f"{path}-shm").unlink()


def cut_index(path: Path) -> None:
    """Cut the log's index, in place."""
    Path(f"{path}-shm").write_bytes(b"")


def unlink_lock(path: Path) -> None:
    """Remove the lock: another process could take it."""
    Path(f"{path}.lock").unlink()


def touch(path: Path) -> None:
    """Change a time and nothing else."""
    path.touch()


def there_and_back(path: Path) -> None:
    """Move the folder away and back."""
    away = path.parent.with_name("away")
    path.parent.rename(away)
    away.rename(path.parent)


def same_again(path: Path) -> None:
    """Put a true copy of all its files in their place."""
    for file in parts(path):
        copy = file.with_name(f"copy-{file.name}")
        shutil.copyfile(file, copy)
        copy.rename(file)


@pytest.mark.parametrize(
    "harm",
    [unlink_log, unlink_index, cut_index, unlink_lock, touch, there_and_back, same_again],
    ids=lambda harm: harm.__name__,
)
def test_what_loses_nothing_is_taken_up_again(path: Path, harm: Callable[[Path], None]) -> None:
    """Where all that was acknowledged is still there, the ledger goes on, and verifies."""
    ledger = opened(path)
    harm(path)
    ledger.append_all(calls(Clock(), 3))
    assert ledger.fault is None
    assert 19 == ledger.size
    ledger.close()
    assert () == verify(path, KEY, ended=True).problems


def same_look(path: Path) -> None:
    """Put another file of the same size and times in its place."""
    known = path.stat()
    copy = path.with_name("copy")
    copy.write_bytes(bytes(known.st_size))
    os.utime(copy, ns=(known.st_atime_ns, known.st_mtime_ns))
    copy.rename(path)


@pytest.mark.parametrize(
    ("harm", "firm", "untouched"),
    [
        (lambda path: None, True, True),
        (touch, True, False),
        (unlink_main, False, False),
        (unlink_log, False, False),
        (unlink_index, False, False),
        (unlink_lock, False, False),
        (cut, False, False),
        (cut_log, False, False),
        (rename_folder, False, False),
        (same_look, False, False),
    ],
)
def test_a_look_at_the_files(
    path: Path, harm: Callable[[Path], None], firm: bool, untouched: bool
) -> None:
    """What a look says of each harm, though it reads no content."""
    with opened(path):
        footing = Footing(path)
        harm(path)
        assert (firm, untouched) == (footing.firm(), footing.untouched())
        assert firm == footing.settle()


@pytest.mark.parametrize("harm", [unlink, replace_by_older, rename_folder, same_look])
def test_nothing_is_acknowledged_that_went_while_it_was_written(
    path: Path, harm: Callable[[Path], None]
) -> None:
    """A file that goes between the look before a change and its COMMIT is found by the look after."""
    trouble = Trouble()
    ledger = opened(path, trouble.open)
    trouble.meanwhile = lambda: harm(path)
    with pytest.raises(AvenantError) as raised:
        ledger.append_all([decision(Clock())])
    assert "ledger-unknown" == raised.value.code
    assert 13 == ledger.size
    ledger.close()


def test_put_back_it_goes_on(path: Path) -> None:
    """When the folder is back under its name, the ledger records again."""
    ledger = opened(path)
    away = path.parent.with_name("away")
    path.parent.rename(away)
    with pytest.raises(AvenantError) as raised:
        ledger.append_all([decision(Clock())])
    assert "ledger-gone" == raised.value.code
    away.rename(path.parent)
    assert 13 == ledger.append_all([decision(Clock())])[0].index
    ledger.close()
    assert () == verify(path, KEY).problems


def test_an_older_copy_is_named(path: Path) -> None:
    """An older copy by the same key is called what it is, and it is left as it was put there."""
    ledger = opened(path)
    replace_by_older(path)
    put = path.read_bytes()
    with pytest.raises(AvenantError) as raised:
        ledger.append_all([decision(Clock())])
    assert "ledger-behind" == raised.value.code
    ledger.close()
    assert put == path.read_bytes()


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], None]]:
    """Limits how large a file this process may write, which SQLite meets as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def limit(size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk(path: Path, small_disk: Callable[[int], None]) -> None:
    """On a full disk nothing is acknowledged; when there is room, the same records go in once each."""
    clock = Clock()
    ledger = opened(path)
    small_disk(max(file.stat().st_size for file in parts(path)))
    decided = [decision(clock, n=n, more="x" * 5000) for n in range(20)]
    acknowledged = []
    for item in decided:
        try:
            acknowledged += ledger.append_all([item])
        except AvenantError:
            assert ledger.fault is not None
    assert len(acknowledged) < len(decided)
    small_disk(resource.RLIM_INFINITY)
    receipts = ledger.append_all(decided)
    assert [13 + n for n in range(20)] == sorted(receipt.index for receipt in receipts)
    ledger.append_all(outcome(clock, item.id) for item in decided)
    assert ledger.fault is None
    ledger.close()
    assert () == verify(path, KEY, ended=True).problems


# On a disk of 2 MB of its own: filled to the last byte by somebody else, and later emptied.
TINY = """
import os, subprocess, sys
from pathlib import Path

from avenant.errors import AvenantError
from avenant.ledger.verify import verify
from tests.ledgers import KEY, Clock, decision, filled, outcome

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)], check=True)
clock, ledger = Clock(), filled(disk / "ledger.db", 5)
filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
try:
    while True:
        os.write(filler, bytes(4096))
except OSError:
    pass
decided = [decision(clock, n=n, more="x" * 9000) for n in range(30)]
lost = 0
for item in decided:
    try:
        ledger.append_all([item])
    except AvenantError:
        lost += 1
ledger.inspect()
os.close(filler)
os.unlink(disk / "filler")
receipts = ledger.append_all(decided)
ledger.append_all(outcome(clock, item.id) for item in decided)
fault = ledger.fault
ledger.close()
problems = verify(disk / "ledger.db", KEY, ended=True).problems
print(lost > 0, len({receipt.index for receipt in receipts}), fault, problems)
"""


def test_a_tiny_disk(tmp_path: Path) -> None:
    """On a real disk that is full, nothing is acknowledged; with room again all goes in once."""
    run = subprocess.run(
        ["unshare", "-m", sys.executable, "-c", TINY, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    if run.returncode and ("mount" in run.stderr or "unshare" in run.stderr):
        pytest.skip("this process may not mount a disk")
    assert ("True 30 None ()\n", 0) == (run.stdout, run.returncode), run.stderr
