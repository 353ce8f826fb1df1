"""A check: the kinds of findings that it makes, and how they are found.

    CHECK = Check.on_text(dead_clauses, DEAD, TOGETHER)

Each file of `checks/` that reports something holds one, or two that share their reading of the text; `registry.CHECKS`
has them in the order of the report. A new check is a file, its line there, and its sentences in each language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import Statement
from avenant.findings.kinds import Kind
from avenant.findings.types import Finding
from avenant.region import Budget


class Inquiry(Struct, frozen=True):
    """What checks are asked about.

    `asked` are all principles by name, `once` those that repeat no other; `repeats` says which one the rest repeat.
    `found` is what the checks before have found, the loopholes first.
    """

    text: CompiledText
    asked: tuple[Named, ...]
    once: tuple[Named, ...]
    repeats: Mapping[str, Named]
    statements: tuple[Statement, ...]
    found: Sequence[Finding]


class Check(Struct, frozen=True):
    """Kinds of findings, in the order of the report, and what finds them. `run` may raise region.Exhausted."""

    kinds: tuple[Kind, ...]
    run: Callable[[Inquiry, Budget], Iterable[Finding]]

    @property
    def code(self) -> str:
        """What the check is called where it was not finished: the code of its first kind."""
        return self.kinds[0].code

    @classmethod
    def on_text(
        cls, find: Callable[[CompiledText, Budget], Iterable[Finding]], *kinds: Kind
    ) -> Check:
        """Return a check that asks of the text alone."""
        return cls(kinds, lambda inquiry, budget: find(inquiry.text, budget))
