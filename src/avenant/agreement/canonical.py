"""One spelling of bytes and values, so that everybody computes the same digest.

>>> canonical({"b": 1, "a": ["é"]})
b'{"a":["\\xc3\\xa9"],"b":1}'
>>> digest(b"")[:15]
'sha256:e3b0c442'
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from avenant.agreement.types import Admission, Digest, InForce, Party
from avenant.errors import Place
from avenant.instants import written
from avenant.vocabulary.types import Axis, Category


def digest(data: bytes) -> Digest:
    """`sha256:` and 64 hex digits (FIPS 180-4)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8: RFC 8785 for the strings, integers and lists that we sign."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def text_digest(text: InForce) -> Digest:
    """Over all that decides or is read, and nothing else: not who signed, not when, not where a line stands."""
    vocabulary = text.vocabulary
    parts = {
        "text": text.id,
        "title": text.title,
        "language": text.language,
        "axes": [_plain(axis) for axis in vocabulary.axes],
        "categories": [_plain(category) for category in vocabulary.categories],
        "clauses": [
            {
                "id": c.id,
                "source": c.source,
                "prose": dict(c.prose),
                "reading": dict(c.reading or {}),
                "rules": [[rule.id, [p.admission for p in rule.passes]] for rule in c.rules],
            }
            for c in text.clauses
        ],
        "parties": [_plain(party) for party in text.parties],
        "switches": dict(text.switches),
        "admissions": [_plain(admission) for admission in text.admissions],
    }
    return digest(canonical(parts))


def _plain(value: Axis | Category | Party | Admission) -> dict[str, object]:
    """Its fields as JSON; where it stands in a file is not part of what it says."""
    plain: dict[str, object] = {}
    for field in fields(value):
        match getattr(value, field.name):
            case Place():
                pass
            case datetime() as moment:
                plain[field.name] = written(moment)
            case Mapping() as words:
                plain[field.name] = dict(words)
            case other:
                plain[field.name] = other
    return plain
