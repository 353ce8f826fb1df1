"""What somebody outside keeps of an entry: enough to show, without us, that the ledger took it.

    receipt = ledger.prove(14)                         # entry, index, path, checkpoint
    text = receipt.json()
    check_receipt(text, key="avenant.example/openai-dow+ac3aa4d1+AQ…")     # the checkpoint that it belongs to
    check_receipt(text, key, record=record)            # and that this record is what was entered

A receipt as `append` returns it has no path yet: the ledger's key has signed the size and root, and `prove` adds the
path from the entry to that root (RFC 9162 §2.1.3) when somebody asks. A receipt shows that the entry is *in*; it
cannot show what was left out.
"""

from __future__ import annotations

import msgspec

from avenant.errors import InputError
from avenant.languages import say
from avenant.ledger.note import Checkpoint, VerifierKey
from avenant.ledger.record import Entry, Record
from avenant.ledger.tree import check_inclusion, leaf_hash


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry at `index` of the tree that `checkpoint` (a signed note) heads; `path`: the 32-byte hashes from the
    entry's sibling up, or None when it was not asked for.
    """

    entry: Entry
    index: int
    path: tuple[bytes, ...] | None
    checkpoint: str

    def json(self) -> str:
        """The receipt as JSON; hashes are base64."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def parse(cls, text: str | bytes) -> Receipt:
        """Read a receipt; raises InputError `bad-receipt`."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise _bad("ledger.receipt-unreadable") from None


def check_receipt(
    receipt: Receipt | str | bytes, key: str, record: bytes | None = None
) -> Checkpoint:
    """The checkpoint under which the entry stands, when everything holds; otherwise InputError says what does not.

    `key` is the ledger's public key as its owner published it; `record`, the canonical bytes of a disclosed record.
    """
    read = receipt if isinstance(receipt, Receipt) else Receipt.parse(receipt)
    checkpoint = Checkpoint.opened(read.checkpoint, VerifierKey.parse(key))
    if read.path is None:
        raise _bad("ledger.receipt-no-path")
    if len(read.entry.commitment) != 32 or not 0 <= read.entry.version < 256:
        raise _bad("ledger.receipt-unreadable")
    leaf = leaf_hash(read.entry.leaf())
    if not check_inclusion(leaf, read.index, checkpoint.size, read.path, checkpoint.root):
        raise _bad("ledger.receipt-not-in")
    if record is not None and Record.parse(record).entry() != read.entry:
        raise _bad("ledger.receipt-record")
    return checkpoint


def _bad(key: str) -> InputError:
    return InputError("bad-receipt", say(key), None, say("ledger.receipt-hint"))
