"""Avenant: agreements on the use of AI, proven before they are signed and enforced on every call.

    import avenant

    text = avenant.load("agreements/openai-dow")      # a dossier, read once
    text.decide({"organisation": "army", "purpose": "office-work"})
    text.check()
    text.compare(avenant.load("agreements/openai-dow@0"))

Importing this package loads nothing else: the library is read at the first use of a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avenant.library import Text, load, wording

__all__ = ["Text", "__version__", "load", "wording"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The command line answers `--version` in a tenth of a second because nothing heavy is here.
    if name in {"Text", "load", "wording"}:
        from avenant import library

        return getattr(library, name)
    raise AttributeError(f"module 'avenant' has no attribute {name!r}")
