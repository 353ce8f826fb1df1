"""The wire formats: one file for each, and one table from a route to its format.

To add one:

1. write `wire/<name>.py` with a class that has the methods of `types.WireFormat` (`shape` and `sse` help);
2. add its route to `ROUTES`;
3. write `tests/unit/test_wire_<name>.py`.

Everything else (who calls, the decision, the ledger, the relay of the answer) goes by the table.

    ROUTES["POST /v1/chat/completions"].read(body)      # ChatRequest
    errors_of("POST /nowhere").refuse(…)                # the format of errors on any route
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from avenant.gateway.wire.openai_chat import OPENAI_CHAT, OPENAI_MODELS
from avenant.gateway.wire.types import ErrorFormat, WireFormat

ROUTES: Final[Mapping[str, WireFormat]] = {
    "POST /v1/chat/completions": OPENAI_CHAT,
    "GET /v1/models": OPENAI_MODELS,
}
DEFAULT: Final[ErrorFormat] = OPENAI_CHAT


def errors_of(route: str) -> ErrorFormat:
    """Return how a route says errors; one without a format says them as the default."""
    return ROUTES.get(route, DEFAULT)
