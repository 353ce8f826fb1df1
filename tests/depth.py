"""How deep a test goes: shallow and fixed in `make test`, deep and free in `make soak`.

@settings(max_examples=times(300))          # 300, or 30,000 in a soak
def test_...

for _ in range(times(5)): kill(writer)      # 5, or 500
"""

from __future__ import annotations

import os

SOAK = os.environ.get("AVENANT_SOAK") == "1"


def times(count: int, soak: int = 100) -> int:
    """`count`, or `soak` times as many in a soak."""
    return count * soak if SOAK else count
