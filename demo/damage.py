"""One byte of an exported ledger is changed, the way somebody would who has something to hide.

flip_one_byte(copy)      # (22, "R1", "R3"): entry 22, a decision, is no longer against R1
"""

from __future__ import annotations

from pathlib import Path

from avenant.ledger.record import Record

_BIT = 0b10
_LISTED = b'"against":["'


def flip_one_byte(copy: Path) -> tuple[int, str, str]:
    """Flip one bit in the record of a call that was permitted against a principle.

    Returns the entry, the principle that it was against, and the one that it now seems to be against.
    """
    file = copy / "records" / "000.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    for entry, line in enumerate(lines):
        record = Record.parse(line.rstrip(b"\n"))
        if not record.body.get("against"):
            continue
        was = str(record.body["against"][0])
        at = line.index(_LISTED) + len(_LISTED) + len(was) - 1
        changed = bytes([line[at] ^ _BIT])
        lines[entry] = line[:at] + changed + line[at + 1 :]
        file.write_bytes(b"".join(lines))
        return entry, was, was[:-1] + changed.decode()
    raise AssertionError("the story has a call that is permitted against a principle")
