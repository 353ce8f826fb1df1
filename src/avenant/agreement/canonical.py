"""One spelling of bytes and values, so that everybody computes the same digest.

>>> canonical({"b": 1, "a": ["é"]})
b'{"a":["\\xc3\\xa9"],"b":1}'
>>> digest(b"")[:15]
'sha256:e3b0c442'
"""

from __future__ import annotations

import hashlib
import json

from avenant.agreement.types import Digest


def digest(data: bytes) -> Digest:
    """`sha256:` and 64 hex digits (FIPS 180-4)."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8: RFC 8785 for the strings, integers and lists that we sign."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
