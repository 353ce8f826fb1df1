"""Checks a text as `avenant check` does, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from avenant.agreement.compiled import compile_text
from avenant.agreement.types import Clause, InForce
from avenant.analyse import report
from avenant.analyse.types import Report


def check(
    text: InForce,
    stated: Sequence[tuple[str, Clause]] = (),
    *,
    others: Sequence[InForce] = (),
    **options: Any,
) -> Report:
    """Return the report on a text, the principles of public statements, and its other intervals."""
    return report.check(
        compile_text(text, stated), others=[compile_text(t, stated) for t in others], **options
    )
