"""What programs read: the data model as JSON, on standard output, each value under the name of its schema."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

# What is signed, with the version of its payload.
SIGNED = {"Attestation": 2, "Signed": 2}
# The types that `--json` prints, with the version of their schema.
PRINTED = {
    "Comparison": 2,
    "Decision": 2,
    "Imported": 2,
    "Report": 2,
    "Started": 1,
    "Status": 1,
    "Templates": 1,
    "Verified": 1,
    "Wording": 2,
}


def label(name: str) -> str:
    """The schema of a type by name and version: `avenant/report@2`."""
    return f"avenant/{name.lower()}@{(PRINTED | SIGNED).get(name, 1)}"


def write_json(value: Any) -> None:
    """Print one value of the data model as indented JSON."""
    sys.stdout.buffer.write(json_text(value).encode())
    sys.stdout.flush()


def json_text(value: Any) -> str:
    """One value as indented JSON, with a line's end; what has a published schema names it first."""
    encoded = msgspec.json.encode(value)
    # What extends a type of the data model is printed under the schema of that type.
    names = (kind.__name__ for kind in type(value).__mro__)
    if name := next((name for name in names if name in PRINTED), None):
        encoded = b'{"schema":' + msgspec.json.encode(label(name)) + b"," + encoded[1:]
    return msgspec.json.format(encoded, indent=2).decode() + "\n"
