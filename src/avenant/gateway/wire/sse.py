r"""Server-sent events cut out of a stream of bytes, and the data of one event.

    events = Events()
    events.feed(b"data: {}\n\ndata: [DO")        # [b"data: {}\n\n"]: only whole events come out
    events.feed(b"NE]")                          # []
    events.rest                                  # b"data: [DONE]": an event that the body's end ends
    data_of(b"data: {\ndata: }\n\n")             # b"{\n}"

Source: the WHATWG's server-sent events (§9.2.5, §9.2.6): lines end in LF, CR or both, a first line may bear a byte
order mark, a line without a colon is a field without a value, one space after the colon is no part of the value. Unlike
there, the end of the body ends an event: servers leave out the last empty line, and SDKs accept it.
"""

from __future__ import annotations

import re

from avenant.errors import InputError
from avenant.gateway.limits import LIMITS
from avenant.languages import say

# A line end and an empty line; atomic, or a lone CR LF would read as two line ends.
_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_MARK = b"\xef\xbb\xbf"


class Events:
    """Cuts a stream into whole events, each with its terminator."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def rest(self) -> bytes:
        """Bytes of an event that has not ended."""
        return self._rest

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the events that `chunk` completes; InputError when one grows past its limit."""
        data = self._rest + chunk
        events: list[bytes] = []
        start = 0
        for end in _END.finditer(data):
            # A CR at the very end may be half of a CR LF.
            if end.end() == len(data) and data.endswith(b"\r"):
                break
            events.append(data[start : end.end()])
            start = end.end()
        self._rest = data[start:]
        if len(self._rest) > LIMITS.event_bytes:
            raise InputError("event_too_long", say("gateway.event-too-long"))
        return events


def data_of(event: bytes) -> bytes | None:
    """Return the data of an event, its lines joined; None when it has none (a comment, a bare id)."""
    lines = [value for name, value in fields_of(event) if name == b"data"]
    return b"\n".join(lines) if lines else None


def fields_of(event: bytes) -> list[tuple[bytes, bytes]]:
    """Return the fields of an event in order; comments are none."""
    fields = []
    for line in _LINE_END.split(event.removeprefix(_MARK)):
        name, _, value = line.partition(b":")
        if name:
            fields.append((name, value.removeprefix(b" ")))
    return fields
