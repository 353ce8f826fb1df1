"""What programs read: the data model as JSON, on standard output."""

from __future__ import annotations

import sys
from typing import Any

import msgspec


def write_json(value: Any) -> None:
    """Print one value of the data model as indented JSON."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.flush()
