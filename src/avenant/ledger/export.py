"""A copy of the ledger for auditors: plain files, each byte of which has one possible value.

    copy/
      key                          the public key, `name+hash+key`
      checkpoint                   the signed note over size and root
      tile/0/000.p/25              hashes of the tree, as C2SP tlog-tiles lays them out
      tile/entries/000.p/25        the entries: all that the public sees
      records/000.jsonl            the private records, one a line, as many as in the entry bundle of that number
      instruments/<sha256>         the bytes of the instruments that the records name

Without `records/` and `instruments/` it is what a public log serves. The copy shows one moment of a ledger that may
be growing.

    export(Path("ledger.db"), Path("copy"))
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from avenant.errors import InputError, Unavailable
from avenant.languages import say
from avenant.ledger.note import Checkpoint, Note
from avenant.ledger.read import records_path
from avenant.ledger.store import Head, hashes
from avenant.ledger.store_sqlite import SqliteStore
from avenant.ledger.tiles import WIDTH, bundle, tile_path, tiles
from avenant.ledger.tree import Frontier, leaf_hash
from avenant.ledger.write import write_copy


def export(ledger: Path, folder: Path) -> int:
    """Copy the ledger into a new folder; returns the number of its entries.

    Raises InputError for a ledger or folder that cannot be used, Unavailable `ledger-damaged` when the entries do not
    give the root that the checkpoint names: a copy of damage would hide where it happened.
    """
    store = SqliteStore.inspect(ledger)
    try:
        with store.snapshot():
            head = store.head()
            if not _sound(store, head):
                raise Unavailable(
                    "ledger-damaged",
                    say("ledger.damaged", path=ledger),
                    None,
                    say("ledger.damaged-hint"),
                )
            write_copy(folder, files(store))
    finally:
        store.close()
    return head.size


def _sound(store: SqliteStore, head: Head) -> bool:
    leaves = [leaf_hash(leaf) for leaf in store.leaves(0, head.size)]
    tree, nodes = Frontier().extended(leaves)
    try:
        signed = Checkpoint.parse(Note.parse(head.checkpoint).text)
    except InputError:
        return False
    return (signed.size, signed.root) == (tree.size, tree.root()) and all(
        [node.hash] == store.nodes(node.level, node.index, node.index + 1) for node in nodes
    )


def files(store: SqliteStore) -> Iterator[tuple[str, bytes]]:
    """The files of a copy, path and bytes, of a store that holds still."""
    head = store.head()
    yield "key", f"{store.key()}\n".encode()
    yield "checkpoint", head.checkpoint.encode()
    rows = hashes(store)
    for tile in tiles(head.size):
        low = tile.index * WIDTH
        data = b"".join(rows(tile.level, low, low + tile.width))
        yield tile_path(tile.level, tile.index, tile.width), data
        if tile.level == 0:
            kept = list(store.read(low, low + tile.width))
            yield tile_path("entries", tile.index, tile.width), bundle([row.leaf for row in kept])
            yield records_path(tile.index), b"".join(row.record + b"\n" for row in kept)
    for digest in store.files():
        yield f"instruments/{digest}", store.file(digest) or b""
