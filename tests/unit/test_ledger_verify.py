"""The verifier: each damage, to a store or to an exported copy, is found and named where it is."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec
import pytest

from avenant.errors import InputError, Unavailable
from avenant.ledger.export import export
from avenant.ledger.note import Checkpoint, encode64
from avenant.ledger.record import Record, seal
from avenant.ledger.sequencer import Ledger
from avenant.ledger.store import Change, Head, Row
from avenant.ledger.store_sqlite import SqliteStore
from avenant.ledger.tree import Frontier, leaf_hash
from avenant.ledger.verify import Verified, verify
from tests.ledgers import KEY, START, Clock, copied, decision, filled, instrument, outcome, signer

Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger of 25 entries, and its copy."""
    folder = tmp_path_factory.mktemp("small")
    copied(folder)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound ledger of 601 entries, and its copy: two full tiles, one partial, and a level above."""
    folder = tmp_path_factory.mktemp("large")
    copied(folder, 300)
    return folder


def told(verified: Verified) -> set[tuple[str, int | None, str | None]]:
    """The code, index and file of each problem."""
    return {(p.code, p.index, p.file) for p in verified.problems}


def flip(path: Path, at: int, bit: int = 0) -> None:
    """Turn one bit of a file over."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


def lines(path: Path, change: Callable[[list[bytes]], None]) -> None:
    """Change the lines of a file."""
    found = path.read_bytes().splitlines(keepends=True)
    change(found)
    path.write_bytes(b"".join(found))


def swap(items: list[bytes], one: int, other: int) -> None:
    """Exchange two items."""
    items[one], items[other] = items[other], items[one]


def blocks(path: Path, width: int, change: Callable[[list[bytes]], None]) -> None:
    """Change the parts of equal width that a file is made of."""
    data = path.read_bytes()
    found = [data[at : at + width] for at in range(0, len(data), width)]
    change(found)
    path.write_bytes(b"".join(found))


def three_places(copy: Path) -> None:
    """One bit in each of the three witnesses, at three entries."""
    flip(copy / BUNDLE, 35 * 13 + 9)
    flip(copy / TILE, 32 * 7 + 1)
    flip(copy / RECORDS, 40)


RECORDS, BUNDLE, TILE = "records/000.jsonl", "tile/entries/000.p/25", "tile/0/000.p/25"


def swap_whole_entries(copy: Path) -> None:
    """Exchange two entries everywhere: record, leaf and hash."""
    lines(copy / RECORDS, lambda found: swap(found, 3, 6))
    blocks(copy / BUNDLE, 35, lambda found: swap(found, 3, 6))
    blocks(copy / TILE, 32, lambda found: swap(found, 3, 6))


def swap_records_and_leaves(copy: Path) -> None:
    """Exchange two entries, but not their hashes."""
    lines(copy / RECORDS, lambda found: swap(found, 3, 6))
    blocks(copy / BUNDLE, 35, lambda found: swap(found, 3, 6))


def cut_last(copy: Path) -> None:
    """Drop the last entry from the files, under their names."""
    lines(copy / RECORDS, lambda found: found.__delitem__(-1))
    blocks(copy / BUNDLE, 35, lambda found: found.__delitem__(-1))
    blocks(copy / TILE, 32, lambda found: found.__delitem__(-1))


def rename_cut(copy: Path) -> None:
    """Drop the last entry, and name the files as for 24."""
    cut_last(copy)
    (copy / BUNDLE).rename(copy / "tile/entries/000.p/24")
    (copy / TILE).rename(copy / "tile/0/000.p/24")


def damaged_instrument(copy: Path) -> None:
    """A byte of the instrument."""
    flip(next((copy / "instruments").iterdir()), 5)


def missing_instrument(copy: Path) -> None:
    """No instrument."""
    next((copy / "instruments").iterdir()).unlink()


def another_key(copy: Path) -> None:
    """The key of somebody else."""
    (copy / "key").write_text(f"{signer(2).key}\n")


def signed_by_another(copy: Path) -> None:
    """The same checkpoint, signed by somebody else."""
    text = (copy / "checkpoint").read_text().split("\n\n")[0] + "\n"
    (copy / "checkpoint").write_text(signer(2).sign(text))


def second_signature(copy: Path) -> None:
    """A line below ours that nobody can check."""
    path = copy / "checkpoint"
    other = signer(2, "witness.example/w").sign("x\n").splitlines()[-1]
    path.write_text(path.read_text() + other + "\n")


def link(copy: Path) -> None:
    """A link in place of a file."""
    (copy / RECORDS).rename(copy.parent / "elsewhere")
    (copy / RECORDS).symlink_to(copy.parent / "elsewhere")


COPY_DAMAGE: dict[str, tuple[Damage, set[tuple[str, int | None]]]] = {
    "a byte of a record": (
        lambda c: lines(
            c / RECORDS, lambda f: f.__setitem__(14, f[14].replace(b"permit", b"permut"))
        ),
        {("record", 14)},
    ),
    "another spelling of a record": (
        lambda c: lines(c / RECORDS, lambda f: f.__setitem__(14, b" " + f[14])),
        {("record", 14)},
    ),
    "a byte of a leaf": (lambda c: flip(c / BUNDLE, 35 * 13 + 9), {("entry", 13)}),
    "the version of a leaf": (lambda c: flip(c / BUNDLE, 35 * 13 + 2), {("entry", 13)}),
    "a byte of a node": (lambda c: flip(c / TILE, 32 * 7 + 1), {("node", None)}),
    "record, leaf and node, at three entries": (
        three_places,
        {("entry", 13), ("node", None), ("record", 0)},
    ),
    "a digit of the checkpoint's size": (
        lambda c: (c / "checkpoint").write_text(
            (c / "checkpoint").read_text().replace("\n25\n", "\n24\n")
        ),
        {("unsigned-checkpoint", None)},
    ),
    "the checkpoint's root": (
        lambda c: lines(
            c / "checkpoint", lambda f: f.__setitem__(2, f"{encode64(bytes(32))}\n".encode())
        ),
        {("unsigned-checkpoint", None)},
    ),
    "the checkpoint cut off": (
        lambda c: (c / "checkpoint").write_bytes((c / "checkpoint").read_bytes()[:-1]),
        {("bad-checkpoint", None)},
    ),
    "a second signature": (second_signature, {("unsigned-checkpoint", None)}),
    "signed by another key": (signed_by_another, {("unsigned-checkpoint", None)}),
    "another key file": (another_key, {("other-key", None)}),
    "a byte of the key file": (lambda c: flip(c / "key", 40), {("bad-key", None)}),
    "a space after the key": (
        lambda c: (c / "key").write_text(f"{KEY}\n "),
        {("bad-key", None)},
    ),
    "a byte of an instrument": (damaged_instrument, {("instrument", 0)}),
    "an instrument missing": (missing_instrument, {("missing-instrument", 0)}),
    "two records swapped": (
        lambda c: lines(c / RECORDS, lambda f: swap(f, 4, 9)),
        {("swapped-records", 4)},
    ),
    "two leaves swapped": (
        lambda c: blocks(c / BUNDLE, 35, lambda f: swap(f, 4, 9)),
        {("swapped", 4)},
    ),
    "two records and leaves swapped": (swap_records_and_leaves, {("swapped", 3)}),
    "two entries swapped everywhere": (swap_whole_entries, {("swapped", 3), ("node", None)}),
    "the last record deleted": (
        lambda c: lines(c / RECORDS, lambda f: f.__delitem__(-1)),
        {("missing-record", 24), ("wrong-count", None)},
    ),
    "the last entry deleted": (cut_last, {("missing-entry", 24), ("wrong-count", None)}),
    "the last entry deleted, files renamed": (
        rename_cut,
        {("missing-file", None), ("extra-file", None), ("wrong-count", None)}
        | {("missing-entry", at) for at in range(25)},
    ),
    "a record twice": (
        lambda c: lines(c / RECORDS, lambda f: f.append(f[-1])),
        {("wrong-count", None)},
    ),
    "the records cut off": (
        lambda c: (c / RECORDS).write_bytes((c / RECORDS).read_bytes()[:-1]),
        {("cut-file", None)},
    ),
    "the bundle cut off": (
        lambda c: (c / BUNDLE).write_bytes((c / BUNDLE).read_bytes()[:-1]),
        {("cut-file", None)} | {("missing-entry", at) for at in range(25)},
    ),
    "a tile cut off": (
        lambda c: (c / TILE).write_bytes((c / TILE).read_bytes()[:-1]),
        {("node", None)},
    ),
    "the records missing": (
        lambda c: (c / RECORDS).unlink(),
        # Nobody names the instrument any more, so it does not belong.
        {("missing-file", None), ("extra-file", None)}
        | {("missing-record", at) for at in range(25)},
    ),
    "a tile emptied": (
        lambda c: (c / TILE).write_bytes(b""),
        {("wrong-count", None)},
    ),
    "a bundle emptied": (
        lambda c: (c / BUNDLE).write_bytes(b""),
        {("wrong-count", None)} | {("missing-entry", at) for at in range(25)},
    ),
    "the records emptied": (
        lambda c: (c / RECORDS).write_bytes(b""),
        {("wrong-count", None), ("extra-file", None)}
        | {("missing-record", at) for at in range(25)},
    ),
    "the checkpoint emptied": (
        lambda c: (c / "checkpoint").write_bytes(b""),
        {("bad-checkpoint", None)},
    ),
    "the key emptied": (lambda c: (c / "key").write_bytes(b""), {("bad-key", None)}),
    "a file whose name is no text": (
        lambda c: Path(os.fsdecode(os.fsencode(c) + b"/tile/\xff\x1b[31m")).touch(),
        {("extra-file", None)},
    ),
    "a tile missing": (lambda c: (c / TILE).unlink(), {("missing-file", None)}),
    "the checkpoint missing": (lambda c: (c / "checkpoint").unlink(), {("missing-file", None)}),
    "the key missing": (lambda c: (c / "key").unlink(), {("missing-file", None)}),
    "a file too many": (
        lambda c: (c / "tile" / "0" / "001").write_bytes(b""),
        {("extra-file", None)},
    ),
    "a link in place of a file": (
        link,
        {("missing-file", None), ("extra-file", None)}
        | {("missing-record", at) for at in range(25)},
    ),
}


@pytest.mark.parametrize("name", COPY_DAMAGE)
def test_damage_to_a_copy_is_named(small: Path, tmp_path: Path, name: str) -> None:
    """Each damage to a copy is named, at its entry or file, and nothing else is called damaged."""
    damage, expected = COPY_DAMAGE[name]
    copy = tmp_path / "copy"
    shutil.copytree(small / "copy", copy)
    damage(copy)
    found = verify(copy, KEY)
    assert expected == {(p.code, p.index) for p in found.problems}
    assert not verify(copy).good
    assert msgspec.json.encode(found)  # whatever was found can be said


def test_a_sound_copy(small: Path, large: Path) -> None:
    """A copy as it was written is good, with the key from outside and without; everything is counted."""
    found = verify(small / "copy", KEY)
    assert () == found.problems
    assert (25, 25, True) == (found.size, found.intact, found.key_given)
    assert {"decision": 12, "outcome": 12, "instrument": 1} == found.counts
    assert (START + 10**9, START + 25 * 10**9) == (found.first, found.last)
    assert verify(small / "copy").good
    assert not verify(small / "copy").key_given
    assert 601 == verify(large / "copy", KEY).intact


def test_the_sentence_of_the_story(small: Path, tmp_path: Path) -> None:
    """One changed byte: the entry, the call and what is wrong with it, and how much is intact."""
    copy = tmp_path / "copy"
    shutil.copytree(small / "copy", copy)
    lines(copy / RECORDS, lambda f: f.__setitem__(15, f[15].replace(b"all-", b"ail-")))
    lines(copy / RECORDS, lambda f: f.__setitem__(16, f[16].replace(b"permitted", b"permittee")))
    found = verify(copy, KEY)
    call = str(found.problems[0].call)[:8]
    assert [
        f"entry 15, decision on call {call}: record does not match its commitment",
        f"entry 16, outcome of call {call}: record does not match its commitment",
    ] == [p.message for p in found.problems]
    assert 23 == found.intact


def test_damage_in_higher_tiles(large: Path, tmp_path: Path) -> None:
    """In a ledger of several tiles damage is named at its own entry or node, in whichever tile it lies."""
    copy = tmp_path / "copy"
    shutil.copytree(large / "copy", copy)
    flip(copy / "tile/entries/001", 35 * 10 + 9)
    flip(copy / "tile/1/000.p/2", 40)
    flip(copy / "tile/0/002.p/89", 32 * 88)
    assert {
        ("entry", 266, None),
        ("node", None, "tile/1/000.p/2"),
        ("node", None, "tile/0/002.p/89"),
    } == told(verify(copy, KEY))


def test_a_thousand_flipped_bits(small: Path, large: Path, tmp_path: Path) -> None:
    """1,000 single bits turned over, in every file of a copy, key and checkpoint too: none passes."""
    rng = random.Random(3)
    passed: list[str] = []
    files: Counter[str] = Counter()
    for source, count in ((small, 900), (large, 100)):
        copy = tmp_path / source.name
        shutil.copytree(source / "copy", copy)
        names = sorted(p for p in copy.rglob("*") if p.is_file())
        for n in range(count):
            # Every file gets its share, however small it is: half of the flips by file, half by byte.
            sizes = [p.stat().st_size for p in names]
            path = names[n // 2 % len(names)] if n % 2 else rng.choices(names, sizes)[0]
            at, bit = rng.randrange(path.stat().st_size), rng.randrange(8)
            flip(path, at, bit)
            # Without a key from outside too: the copy's own key must not save it.
            if verify(copy, KEY if n % 3 else None).good:
                passed.append(f"{path}: byte {at}, bit {bit}")
            flip(path, at, bit)
            files[path.relative_to(copy).as_posix()] += 1
        assert verify(copy, KEY).good
    assert [] == passed
    assert 1000 == files.total()
    assert min(files["key"], files["checkpoint"]) > 50


def entry_sql(*statements: str) -> Damage:
    """Damage to the store by SQL."""

    def damage(path: Path) -> None:
        db = apsw.Connection(str(path))
        for sql in statements:
            db.execute(sql)
        db.close()

    return damage


SWAP = (
    "UPDATE entry SET at = -1 WHERE at = {0}",
    "UPDATE entry SET at = {0} WHERE at = {1}",
    "UPDATE entry SET at = {1} WHERE at = -1",
)
BIT = "cast(substr({0}, 1, 60) || x'21' || substr({0}, 62) AS BLOB)"

STORE_DAMAGE: dict[str, tuple[Damage, set[tuple[str, int | None, str | None]]]] = {
    "a byte of a record": (
        entry_sql(f"UPDATE entry SET record = {BIT.format('record')} WHERE at = 14"),
        {("record", 14, None)},
    ),
    "a leaf": (
        entry_sql("UPDATE entry SET leaf = zeroblob(33) WHERE at = 13"),
        {("entry", 13, None)},
    ),
    "a leaf in a full tile": (
        entry_sql("UPDATE entry SET leaf = cast(x'02' || substr(leaf, 2) AS BLOB) WHERE at = 513"),
        {("entry", 513, None)},
    ),
    "a record and a leaf": (
        entry_sql(
            "UPDATE entry SET leaf = zeroblob(33) WHERE at = 13",
            f"UPDATE entry SET record = {BIT.format('record')} WHERE at = 300",
        ),
        {("entry", 13, None), ("record", 300, None)},
    ),
    "the id beside a record": (
        entry_sql("UPDATE entry SET id = zeroblob(16) WHERE at = 3"),
        {("record-id", 3, None)},
    ),
    "a node": (
        entry_sql("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND at = 1"),
        {("node", None, "tile/1/000.p/2")},
    ),
    "a node deleted": (
        entry_sql("DELETE FROM node WHERE level = 1 AND at = 1"),
        {("missing-node", None, "tile/1/000.p/2")},
    ),
    "the checkpoint": (
        entry_sql("UPDATE head SET checkpoint = replace(checkpoint, '601', '600')"),
        {("unsigned-checkpoint", None, "checkpoint")},
    ),
    "the size beside the checkpoint": (
        entry_sql("UPDATE head SET size = 600"),
        {("size", None, None)},
    ),
    "an instrument": (
        entry_sql("UPDATE file SET bytes = x'00'"),
        {("instrument", 0, "INSTRUMENT")},
    ),
    "an instrument deleted": (
        entry_sql("DELETE FROM file"),
        {("missing-instrument", 0, "INSTRUMENT")},
    ),
    "a file too many": (
        entry_sql("INSERT INTO file VALUES ('00', x'00')"),
        {("extra-file", None, "sha256:00")},
    ),
    "the last entry deleted": (
        entry_sql("DELETE FROM entry WHERE at = 600"),
        {("missing-entry", 600, None)},
    ),
    "an entry in the middle deleted": (
        entry_sql("DELETE FROM entry WHERE at = 300"),
        {("missing-entry", 300, None)},
    ),
    "two entries swapped, in a full tile": (
        entry_sql(*(sql.format(20, 31) for sql in SWAP)),
        {("swapped", 20, None)},
    ),
    "two entries swapped, in the last tile": (
        entry_sql(*(sql.format(530, 531) for sql in SWAP)),
        {("swapped", 530, None)},
    ),
    "two entries swapped, far apart": (
        entry_sql(*(sql.format(20, 530) for sql in SWAP)),
        {("swapped", 20, None)},
    ),
    "an entry added": (
        entry_sql(
            "INSERT INTO entry SELECT 601, leaf, zeroblob(16), record FROM entry WHERE at = 5"
        ),
        {("extra-entry", 601, None)},
    ),
    "the list of open decisions": (
        entry_sql("INSERT INTO waiting VALUES (1)"),
        {("waiting", None, None)},
    ),
    "the key": (
        entry_sql(f"UPDATE head SET key = '{signer(2).key}'"),
        {("other-key", None, "key")},
    ),
}


@pytest.mark.parametrize("name", STORE_DAMAGE)
def test_damage_to_a_store_is_named(large: Path, tmp_path: Path, name: str) -> None:
    """Each damage to the live store is named like that to a copy."""
    damage, expected = STORE_DAMAGE[name]
    path = tmp_path / "ledger.db"
    shutil.copy(large / "ledger.db", path)
    assert verify(path, KEY).good
    damage(path)
    found = told(verify(path, KEY))
    assert expected == {
        (code, at, "INSTRUMENT" if file and file.startswith("instruments/") else file)
        for code, at, file in found
    }


def test_a_store_that_sqlite_cannot_read(large: Path, tmp_path: Path) -> None:
    """Pages overwritten: problems, or an error with a name; never a traceback."""
    path = tmp_path / "ledger.db"
    rng = random.Random(5)
    told_of = 0
    for _ in range(20):
        data = bytearray((large / "ledger.db").read_bytes())
        at = rng.randrange(4096, len(data) - 4096)
        data[at : at + 600] = rng.randbytes(600)
        path.write_bytes(data)
        with contextlib.suppress(InputError, Unavailable):
            told_of += not verify(path, KEY).good
    assert told_of > 0


def test_cut_together_with_an_older_checkpoint(tmp_path: Path) -> None:
    """An older copy is sound by itself; whoever holds a later checkpoint sees that it falls short."""
    with filled(tmp_path / "ledger.db") as ledger:
        export(tmp_path / "ledger.db", tmp_path / "older")
        older = ledger.checkpoint
        ledger.append_all([decision(Clock())])
        export(tmp_path / "ledger.db", tmp_path / "newer")
        newer = ledger.checkpoint
    assert verify(tmp_path / "older", KEY).good
    assert verify(tmp_path / "older", KEY, at_least=older).good
    assert verify(tmp_path / "newer", KEY, at_least=older).good
    assert verify(tmp_path / "newer", KEY, at_least=newer).good
    assert {("behind", 25, None)} == told(verify(tmp_path / "older", KEY, at_least=newer))
    assert {("behind", 25, None)} == told(verify(tmp_path / "older", at_least=newer))


def test_another_history_under_the_same_key(small: Path, tmp_path: Path) -> None:
    """A ledger written anew by its owner is sound by itself; a checkpoint of the first history shows the fork."""
    clock = Clock()
    with Ledger.open(tmp_path / "ledger.db", signer(), START) as ledger:
        ledger.append_all([decision(clock) for _ in range(30)])
    held = (small / "copy" / "checkpoint").read_text()
    assert verify(tmp_path / "ledger.db", KEY).good
    assert {("fork", None, None)} == told(verify(tmp_path / "ledger.db", KEY, at_least=held))


@pytest.mark.parametrize("held", ["", "x", signer(2).sign("avenant.example/test\n1\nx\n")])
def test_a_held_checkpoint_that_is_none(small: Path, held: str) -> None:
    """What the outsider hands in is checked too, and the error is his."""
    with pytest.raises(InputError):
        verify(small / "copy", KEY, at_least=held)


def lying(folder: Path, records: list[tuple[str, int, dict[str, object], int]]) -> Path:
    """A ledger whose owner signs whatever he likes: kind, id's time, body, time of each record."""
    from avenant.ledger.record import new_id

    path = folder / "ledger.db"
    Ledger.open(path, signer(), START).close()
    store = SqliteStore.open(path, KEY, "")
    head = store.head()
    sealed = [seal(new_id(stamp, bytes), kind, at, body) for kind, stamp, body, at in records]
    tree, _ = Frontier().extended(leaf_hash(one.entry.leaf()) for one in sealed)
    note = signer().sign(str(Checkpoint(signer().name, len(sealed), tree.root())))
    rows = [
        Row(at, one.entry.leaf(), Record.parse(one.record).id, one.record)
        for at, one in enumerate(sealed)
    ]
    store.append(Change(head, Head(len(rows), note), rows))
    store.close()
    return path


def test_what_a_lying_owner_cannot_sign_away(tmp_path: Path) -> None:
    """A tree that holds, over records that contradict each other: each contradiction is named."""
    from avenant.ledger.record import new_id

    call = str(new_id(START, bytes))
    path = lying(
        tmp_path,
        [
            ("decision", START, {}, START + 5),
            ("outcome", START + 10**6, {"decision": call}, START + 6),
            ("outcome", START + 2 * 10**6, {"decision": call}, START + 7),
            ("outcome", START + 3 * 10**6, {"decision": str(new_id(1))}, START + 8),
            ("outcome", START + 4 * 10**6, {}, START + 9),
            ("heartbeat", START + 5 * 10**6, {}, START + 1),
            ("instrument", START + 6 * 10**6, {"files": {"a.md": "sha256:00"}}, START + 9),
        ],
    )
    assert {
        ("second-outcome", 2, None),
        ("no-decision", 3, None),
        ("no-decision", 4, None),
        ("time", 5, None),
        ("missing-instrument", 6, "instruments/00"),
    } == told(verify(path, KEY))


def test_open_decisions_are_listed(tmp_path: Path) -> None:
    """Calls under way are open, in the store and in a copy; in a ledger that has ended they are a problem."""
    clock = Clock()
    with Ledger.open(tmp_path / "ledger.db", signer(), START) as ledger:
        one, two = decision(clock), decision(clock)
        ledger.append_all([instrument(clock), one, two, outcome(clock, one.id)])
        export(tmp_path / "ledger.db", tmp_path / "copy")
        for path in (tmp_path / "ledger.db", tmp_path / "copy"):
            found = verify(path, KEY)
            assert found.good
            assert (two.id,) == found.open
            (problem,) = verify(path, KEY, ended=True).problems
            assert ("no-outcome", 2, two.id) == (problem.code, problem.index, problem.call)


def test_an_empty_ledger(tmp_path: Path) -> None:
    """A ledger without entries is sound, and so is its copy: key and checkpoint."""
    Ledger.open(tmp_path / "ledger.db", signer(), START).close()
    export(tmp_path / "ledger.db", tmp_path / "copy")
    assert ["checkpoint", "key"] == sorted(p.name for p in (tmp_path / "copy").iterdir())
    assert verify(tmp_path / "copy", KEY).good
    assert verify(tmp_path / "ledger.db", KEY).good


def test_nothing_to_verify(tmp_path: Path) -> None:
    """A path where nothing is, and a key that is none, are errors of the one who asked."""
    with pytest.raises(InputError) as raised:
        verify(tmp_path / "none", KEY)
    assert "no-ledger" == raised.value.code
    with pytest.raises(InputError) as raised:
        verify(tmp_path, "key")
    assert "malformed-key" == raised.value.code


def test_a_copy_is_written_whole_or_not_at_all(small: Path, tmp_path: Path) -> None:
    """A folder that exists is left alone; a damaged ledger is not copied."""
    with pytest.raises(InputError) as raised:
        export(small / "ledger.db", small / "copy")
    assert "copy-exists" == raised.value.code
    path = tmp_path / "ledger.db"
    shutil.copy(small / "ledger.db", path)
    entry_sql("DELETE FROM entry WHERE at = 3")(path)
    with pytest.raises(Unavailable) as raised_damage:
        export(path, tmp_path / "copy")
    assert "ledger-damaged" == raised_damage.value.code
    assert [path] == [p for p in tmp_path.iterdir() if p.suffix == ".db"]
    assert not (tmp_path / "copy").exists()


def test_a_huge_claim(small: Path, tmp_path: Path) -> None:
    """A checkpoint that its owner signed for a billion entries is answered without looking for them all."""
    copy = tmp_path / "copy"
    shutil.copytree(small / "copy", copy)
    claim = Checkpoint(signer().name, 10**15, bytes(32))
    (copy / "checkpoint").write_text(signer().sign(str(claim)))
    assert {("missing-entry", 25, None)} == told(verify(copy, KEY))
