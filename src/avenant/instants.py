"""Instants: moments in UTC, and how they are written.

A date means its midnight, 00:00Z; intervals are half open, `[since, until)`.

>>> instant("2026-03-02").isoformat()
'2026-03-02T00:00:00+00:00'
>>> written(instant("2026-03-02T14:30:00+01:00"))
'2026-03-02T13:30:00Z'
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from avenant.errors import InputError, Span
from avenant.languages import say

Instant = datetime

# RFC 3339 with seconds; Python's own reader also takes week dates and bare hours, which no reader expects.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d))?")


def instant(text: str, at: Span | None = None) -> Instant:
    """Read a date or an RFC 3339 instant; raises InputError `bad-instant` with the spelling expected."""
    if _WRITTEN.fullmatch(text):
        try:
            read = datetime.fromisoformat(text.upper())
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # a thirteenth month is as unreadable as a word, and so is what no year of ours holds in UTC
    raise InputError("bad-instant", say("instant.bad", text=text), at, say("instant.bad-hint"))


def written(moment: Instant) -> str:
    """The one spelling we print and sign: a date for a midnight, else RFC 3339 in UTC with `Z`."""
    moment = moment.astimezone(UTC)
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat().replace("+00:00", "Z")


def shown(moment: Instant) -> str:
    """The moment as people of the process's language read it: `2 March 2026`, with the time when it is not midnight."""
    moment = moment.astimezone(UTC)
    day = say("instant.first") if moment.day == 1 else moment.day
    month = say(f"instant.month-{moment.month}")
    date = say("instant.date", day=day, month=month, year=moment.year)
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return date
    return say("instant.moment", date=date, time=f"{moment:%H:%M:%S}")
