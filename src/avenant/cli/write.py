"""What programs read: the data model as JSON, on standard output."""

from __future__ import annotations

import sys
from typing import Any

import msgspec


def write_json(value: Any) -> None:
    """Print one value of the data model as indented JSON."""
    sys.stdout.buffer.write(as_json(value).encode())
    sys.stdout.flush()


def as_json(value: Any) -> str:
    """One value as indented JSON, with a line's end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
