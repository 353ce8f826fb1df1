"""The sequencer: acknowledged is durable, time never goes back, one outcome a decision, and what follows an error."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import apsw
import msgspec
import pytest

from avenant.errors import InputError, Refused, Unavailable
from avenant.ledger import inspection
from avenant.ledger.note import Checkpoint
from avenant.ledger.receipt import Receipt, check_receipt
from avenant.ledger.record import new_id
from avenant.ledger.sequencer import Item, Ledger
from avenant.ledger.store import Change, Head
from avenant.ledger.store_sqlite import SqliteStore
from avenant.ledger.verify import verify
from tests.ledgers import (
    KEY,
    START,
    Clock,
    Trouble,
    calls,
    decision,
    filled,
    instrument,
    outcome,
    signer,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    with Ledger.open(path, signer(), START) as opened:
        yield opened


def test_append_from_an_event_loop(ledger: Ledger, path: Path) -> None:
    """Many clients at once: each gets its own index, and a signed checkpoint that covers it."""
    clock = Clock()

    async def client(number: int) -> list[Receipt]:
        decided = decision(clock, client=number)
        first = await ledger.append("decision", decided.body, at=decided.at, id=decided.id)
        body = {"decision": str(decided.id), "outcome": "permitted"}
        second = await ledger.append("outcome", body, at=clock(), id=new_id(clock()))
        return [first, second]

    async def run() -> list[Receipt]:
        return [r for some in await asyncio.gather(*map(client, range(40))) for r in some]

    receipts = asyncio.run(run())
    assert list(range(80)) == sorted(receipt.index for receipt in receipts)
    for receipt in receipts:
        assert receipt.index < Checkpoint.opened(receipt.checkpoint, signer().key).size
        assert receipt.entry == ledger.prove(receipt.index).entry
    assert 80 == ledger.size
    assert verify(path, KEY).good


def test_append_all_keeps_the_order(ledger: Ledger) -> None:
    """Records handed over together stand together, in their order."""
    items = [*calls(Clock(), 5)]
    receipts = ledger.append_all(items)
    assert list(range(10)) == [receipt.index for receipt in receipts]
    assert [item.id for item in items] == [ledger.record(n).id for n in range(10)]
    assert [7] == [ledger.find(items[7].id)]
    assert () == ledger.append_all([])


def test_what_is_acknowledged_is_there_after_reopening(path: Path) -> None:
    """A new process finds the same head and goes on from it."""
    with filled(path, 300) as ledger:
        size, checkpoint = ledger.size, ledger.checkpoint
    with Ledger.open(path, signer(), START) as ledger:
        assert (size, checkpoint) == (ledger.size, ledger.checkpoint)
        ledger.append_all([decision(Clock())])
        assert size + 1 == ledger.size
    assert verify(path, KEY).good


def test_time_never_goes_back(path: Path) -> None:
    """A clock that is set back does not set the ledger back, not even across a restart."""
    clock = Clock()
    with Ledger.open(path, signer(), START) as ledger:
        late, early = decision(clock), decision(clock)
        ledger.append_all([late._replace(at=START * 2), early])
        assert START * 2 == ledger.record(1).at
        ledger.append_all([outcome(clock, late.id), outcome(clock, early.id)])
    with Ledger.open(path, signer(), START) as ledger:
        ledger.append_all([decision(clock)])
        assert START * 2 == ledger.record(4).at


def test_one_process_owns_a_ledger(ledger: Ledger, path: Path) -> None:
    """A second opener is told that the ledger is in use; it can be read all the same."""
    with pytest.raises(Unavailable) as raised:
        Ledger.open(path, signer(), START)
    assert "ledger-in-use" == raised.value.code
    assert verify(path, KEY).good
    ledger.close()
    Ledger.open(path, signer(), START).close()


def test_the_same_record_again(ledger: Ledger) -> None:
    """A retry under the same id gets the place of the first, in the same batch or later; nothing is added."""
    item = decision(Clock())
    first, second = ledger.append_all([item, item])
    assert first == second
    later = ledger.append_all([item._replace(at=item.at + 5)])[0]
    assert (first.entry, first.index) == (later.entry, later.index)
    assert 1 == ledger.size


def test_another_record_under_the_same_id(ledger: Ledger) -> None:
    """An id names one record for good."""
    item = decision(Clock())
    ledger.append_all([item])
    for other in (item._replace(body={"outcome": "refused"}), item._replace(kind="heartbeat")):
        with pytest.raises(Refused) as raised:
            ledger.append_all([other])
        assert "id-taken" == raised.value.code
    assert 1 == ledger.size


def test_one_outcome_a_decision(ledger: Ledger) -> None:
    """A second outcome, and one of a decision that is not there, are refused; the rest of the batch stands."""
    clock = Clock()
    decided = decision(clock)
    ledger.append_all([decided, outcome(clock, decided.id)])
    for wrong in (outcome(clock, decided.id), outcome(clock, new_id(clock()))):
        kept = decision(clock)
        with pytest.raises(Refused) as raised:
            ledger.append_all([wrong, kept, outcome(clock, kept.id)])
        assert "no-decision" == raised.value.code
        assert kept.id == ledger.record(ledger.find(kept.id)).id
    assert 6 == ledger.size


@pytest.mark.parametrize(
    "body", [{}, {"decision": 1}, {"decision": "x"}, {"decision": str(uuid4()).upper()}]
)
def test_an_outcome_names_its_decision(ledger: Ledger, body: dict[str, Any]) -> None:
    """An outcome without a decision's id is refused before it is queued."""
    with pytest.raises(InputError, match="decision"):
        ledger.append_all([Item("outcome", body, START, new_id(START))])
    assert 0 == ledger.size


def test_an_instrument_brings_its_bytes(ledger: Ledger) -> None:
    """The record names digests; without the bytes it is refused."""
    whole = instrument(Clock())
    with pytest.raises(InputError) as raised:
        ledger.append_all([whole._replace(files=())])
    assert "no-file" == raised.value.code
    ledger.append_all([whole])
    assert 1 == ledger.size


def test_an_odd_record_harms_nobody_else(ledger: Ledger) -> None:
    """What cannot be recorded is refused to its own caller."""

    async def run() -> Sequence[Receipt | BaseException]:
        clock = Clock()
        good = decision(clock)
        return await asyncio.gather(
            ledger.append("decision", {"x": object()}, at=START, id=new_id(START)),
            ledger.append("decison", {}, at=START, id=new_id(START)),
            ledger.append("decision", good.body, at=good.at, id=good.id),
            return_exceptions=True,
        )

    first, second, third = asyncio.run(run())
    assert isinstance(first, InputError)
    assert isinstance(second, InputError)
    assert isinstance(third, Receipt)
    assert 1 == ledger.size


def test_a_caller_who_leaves(ledger: Ledger) -> None:
    """A cancelled caller takes nothing back and disturbs nobody."""

    async def run() -> None:
        item = decision(Clock())
        waiting = asyncio.create_task(ledger.append("decision", item.body, at=item.at, id=item.id))
        await asyncio.sleep(0)
        waiting.cancel()
        other = decision(Clock())
        await ledger.append("decision", other.body, at=other.at, id=other.id)

    asyncio.run(run())
    assert 2 == ledger.size


def test_recovery_ends_what_a_crash_left_open(path: Path) -> None:
    """On opening, each open decision gets its one outcome: failed, interrupted."""
    clock = Clock()
    with Ledger.open(path, signer(), START) as ledger:
        ended, first, second = decision(clock), decision(clock), decision(clock)
        ledger.append_all([ended, first, second, outcome(clock, ended.id)])
        assert (first.id, second.id) == ledger.open_decisions()
    assert (first.id, second.id) == verify(path, KEY).open
    assert ["no-outcome"] * 2 == [p.code for p in verify(path, KEY, ended=True).problems]
    with Ledger.open(path, signer(), clock()) as ledger:
        assert () == ledger.open_decisions()
        assert [
            {"decision": str(id), "outcome": "failed", "reason": "interrupted"}
            for id in (first.id, second.id)
        ] == [ledger.record(n).body for n in (4, 5)]
        with pytest.raises(Refused):
            ledger.append_all([outcome(clock, first.id)])
    assert verify(path, KEY, ended=True).good


def test_a_closed_ledger_takes_nothing(path: Path) -> None:
    """After close every append says so."""
    ledger = filled(path, 1)
    ledger.close()
    with pytest.raises(Unavailable) as raised:
        ledger.append_all([decision(Clock())])
    assert "ledger-closed" == raised.value.code


@pytest.mark.parametrize("before", [True, False])
def test_an_unconfirmed_commit(path: Path, before: bool) -> None:
    """Nobody is acknowledged, the store is read again, and a retry with the same id ends in one record either way."""
    clock = Clock()
    trouble = Trouble()
    with filled(path, 3, trouble.open) as ledger:
        trouble.before_commit, trouble.after_commit = before, not before
        item = decision(clock)
        with pytest.raises(Unavailable) as raised:
            ledger.append_all([item])
        assert "ledger-unknown" == raised.value.code
        assert 7 == ledger.size
        (receipt,) = ledger.append_all([item])
        assert (7, 8) == (receipt.index, ledger.size)
        ledger.append_all([outcome(clock, item.id)])
    assert verify(path, KEY, ended=True).good


def test_a_store_that_stays_away(path: Path) -> None:
    """As long as the store cannot be opened again every append fails; then the ledger goes on where the disk is."""
    trouble = Trouble()
    with filled(path, 3, trouble.open) as ledger:
        trouble.before_commit = trouble.stays_away = True
        with pytest.raises(Unavailable):
            ledger.append_all([decision(Clock())])
        for _ in range(2):
            with pytest.raises(Unavailable) as raised:
                ledger.append_all([decision(Clock())])
            assert "old-sqlite" == raised.value.code
        trouble.stays_away = False
        assert 7 == ledger.append_all([decision(Clock())])[0].index


def test_compare_and_swap(path: Path) -> None:
    """A change that starts from another head does not happen."""
    filled(path, 1).close()
    store = SqliteStore.open(path, KEY, None)
    head = store.head()
    with pytest.raises(Unavailable) as raised:
        store.append(Change(Head(head.size - 1, head.checkpoint), Head(9, "x"), []))
    assert "ledger-moved" == raised.value.code
    assert head == store.head()
    store.close()


def test_another_writer(path: Path) -> None:
    """What somebody else writes into the file is noticed before the next change, and read anew."""
    with filled(path, 1) as ledger:
        other = apsw.Connection(str(path))
        other.execute("UPDATE head SET checkpoint = checkpoint || '\n'")
        other.close()
        for _ in range(2):
            with pytest.raises(Unavailable) as raised:
                ledger.append_all([decision(Clock())])
            assert "ledger-damaged" == raised.value.code


def test_a_store_changes_whole_or_not_at_all(path: Path) -> None:
    """A change of which one part cannot be kept leaves no part."""
    filled(path, 1).close()
    store = SqliteStore.open(path, KEY, "")
    head = store.head()
    rows = list(store.read(0, 1))  # an index that is taken
    with pytest.raises(Unavailable):
        store.append(Change(head, Head(4, "x"), rows))
    assert head == store.head()
    store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entry SET leaf = zeroblob(33) WHERE at = 2",
        "DELETE FROM entry WHERE at = 2",
        "UPDATE head SET size = 2",
        "UPDATE head SET checkpoint = 'x'",
        "UPDATE entry SET record = x'00' WHERE at = 2",
    ],
)
def test_nothing_is_appended_to_a_damaged_ledger(path: Path, damage: str) -> None:
    """A ledger whose tail does not give its own signed root is not opened."""
    filled(path, 1).close()
    db = apsw.Connection(str(path))
    db.execute(damage)
    db.close()
    with pytest.raises(Unavailable) as raised:
        Ledger.open(path, signer(), START)
    assert "ledger-damaged" == raised.value.code


def test_no_receipt_from_a_damaged_ledger(path: Path) -> None:
    """A path that cannot be made is an error with a remedy."""
    filled(path, 5).close()
    db = apsw.Connection(str(path))
    db.execute("DELETE FROM entry WHERE at = 3")
    db.close()
    for index in (2, 3):
        with pytest.raises(Unavailable) as raised:
            inspection.receipt(path, index)
        assert "ledger-damaged" == raised.value.code


def test_another_key(path: Path) -> None:
    """A ledger goes on under the key that it was made for."""
    filled(path, 1).close()
    for other in (signer(2), signer(1, "avenant.example/other")):
        with pytest.raises(InputError) as raised:
            Ledger.open(path, other, START)
        assert "other-ledger-key" == raised.value.code


@pytest.mark.parametrize("content", ["text", "sqlite", "folder"])
def test_a_file_that_is_no_ledger(path: Path, content: str) -> None:
    """Another file is left as it is."""
    if content == "folder":
        path.mkdir()
    elif content == "text":
        path.write_text("not a database, but a text that is long enough to be looked at" * 20)
    else:
        apsw.Connection(str(path)).execute("CREATE TABLE mine (x)")
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises((InputError, Unavailable)) as raised:
        Ledger.open(path, signer(), START)
    if path.is_file():
        assert "not-a-ledger" == raised.value.code
        assert before == path.read_bytes()
        with pytest.raises(InputError) as raised:
            verify(path)
        assert "not-a-ledger" == raised.value.code


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder that does not exist is named."""
    with pytest.raises(Unavailable) as raised:
        Ledger.open(tmp_path / "none" / "ledger.db", signer(), START)
    assert "none/ledger.db" in raised.value.message


def test_a_receipt_for_outsiders(path: Path) -> None:
    """With the public key alone an outsider sees that the entry is in, and that this record is what was entered."""
    with filled(path, 150) as ledger:
        for index in (0, 1, 255, 256, 300):
            receipt = ledger.prove(index)
            record = ledger.record(index).canonical()
            checkpoint = check_receipt(receipt.json(), ledger.key, record)
            assert 301 == checkpoint.size
        other = ledger.record(2).canonical()
    with pytest.raises(InputError, match="record"):
        check_receipt(receipt, KEY, other)


def test_a_receipt_that_was_bent(path: Path) -> None:
    """Another index, entry, path, checkpoint or key, and anything that is no receipt, is refused."""
    with filled(path, 5) as ledger:
        receipt, other = ledger.prove(3), ledger.prove(4)
        (bare,) = ledger.append_all([decision(Clock())])
    replace = msgspec.structs.replace
    assert receipt.path is not None
    for bent in (
        replace(receipt, index=4),
        replace(receipt, index=-1),
        replace(receipt, entry=other.entry),
        replace(receipt, path=receipt.path[:-1]),
        replace(receipt, path=other.path),
        replace(receipt, checkpoint=bare.checkpoint),
        replace(receipt, checkpoint=receipt.checkpoint.replace("\n11\n", "\n12\n")),
        replace(receipt, entry=replace(receipt.entry, version=999)),
        bare,
        receipt.json()[:-1],
        "null",
        b"\xff",
    ):
        with pytest.raises(InputError):
            check_receipt(bent, KEY)
    with pytest.raises(InputError, match="unsigned"):
        check_receipt(receipt, str(signer(2).key))


@pytest.mark.parametrize("index", [-1, 3])
def test_no_such_entry(path: Path, index: int) -> None:
    """An index outside the ledger is said to be so."""
    with filled(path, 1) as ledger:
        for ask in (ledger.prove, ledger.record):
            with pytest.raises(InputError) as raised:
                ask(index)
            assert "no-entry" == raised.value.code
        with pytest.raises(InputError) as raised:
            ledger.find(new_id(START))
        assert "no-entry" == raised.value.code
