"""What the light core leaves out, and how to add it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from avenant.errors import Unavailable
from avenant.languages import say


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Around an import: a missing package of an extra is said with the command that installs it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "avenant":
            raise
        message = say("cli.extra", extra=extra, module=error.name)
        raise Unavailable("extra", message, None, say("cli.extra-hint", extra=extra)) from None
