"""How much a client, a call and the model server may take: one table, which `docs/reference/gateway.md` shows.

LIMITS.body_bytes            # of one request
cut("m" * 20_000_000)        # "mmm… (20000000 characters, sha256:…)": what is recorded is bounded
printable(b"\\xff".decode("latin-1"))     # None: no text that a header may carry on
"""

from __future__ import annotations

import re
from hashlib import sha256

from msgspec import Struct

_MIB = 1024 * 1024


class Limits(Struct, frozen=True):
    """All limits; times in seconds, sizes in bytes. What is beyond one is refused or closed, never cut unseen."""

    connections: int = 1000  # open at once; more are closed with 503
    decisions_second: int = 1000  # of one connection; what is beyond is counted and not recorded
    head_bytes: int = 32 * 1024  # request line and headers
    head_fields: int = 100
    head_seconds: float = 10  # from the connection, or from the first byte of a further request
    idle_seconds: float = 5  # between two requests of a connection
    body_bytes: int = 16 * _MIB  # of one request
    bodies_bytes: int = 128 * _MIB  # of all requests being read or forwarded
    body_seconds: float = 60
    call_seconds: float = 1800  # from the decision to the last byte
    parse_bytes: int = 16 * 1024  # larger requests are read by a process of their own
    parse_seconds: float = 5
    messages: int = 4096
    tools: int = 128
    name_characters: int = 512  # of a model or a tool
    claims: int = 16  # different facts that a caller claims of a call
    problems: int = 20  # named in one answer
    answer_bytes: int = 16 * _MIB  # of one JSON answer
    event_bytes: int = 1 * _MIB  # of one event of a stream
    recorded_characters: int = 200  # of one recorded string
    counts: int = 16  # token counts that an outcome keeps
    told_characters: int = 500  # of a message of the model server that a client is told


LIMITS = Limits()
_CONTROL = re.compile(r"[^\t\x20-\x7e]")


def cut(text: str, most: int = LIMITS.recorded_characters) -> str:
    """Return a text as it is recorded: beyond `most` characters its beginning, its length and its SHA-256.

    Lone surrogates (bytes that were no UTF-8) are written as `\\xff`.
    """
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode("utf-8", "surrogatepass")
    clean = data.decode("utf-8", "backslashreplace")
    if len(clean) <= most:
        return clean
    return f"{clean[:most]}… ({len(clean)} characters, sha256:{sha256(data).hexdigest()})"


def printable(value: str) -> str | None:
    """Return a header's value when it is printable ASCII, which every reader takes for the same; else None."""
    return None if _CONTROL.search(value) else value
