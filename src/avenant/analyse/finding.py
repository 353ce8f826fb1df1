"""How a finding about a clause is put: its name, its place, its words, and its sentence of the catalogue.

about(DEAD, clause.id, clause)
# id "dead-clause:limit"; says `findings.dead-clause`; shows the choices of encoding that the clause rests on
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from avenant.agreement.types import Clause
from avenant.errors import Span
from avenant.findings.kinds import Kind
from avenant.findings.types import Box, Finding, Severity
from avenant.languages import language, say
from avenant.rules.types import In


def stands(test: In) -> Span:
    """Where a reader finds a test: at its word, or else where the rule has it."""
    return test.word.at if test.word else test.at


def about(
    kind: Kind,
    name: str,
    clause: Clause,
    title: str = "",
    *,
    at: Span | None = None,
    words: Iterable[str] = (),
    severity: Severity | None = None,
    box: Box | None = None,
    who: Sequence[str] = (),
    choices: Iterable[str] | None = None,
    rule: str | None = None,
    tests: tuple[str, ...] = (),
    **values: str,
) -> Finding:
    """Return a finding on a clause; `values` are what its sentence takes.

    Unless given, its title is the clause's label, its place where the clause stands for a reader of the process's
    language, and its choices those of the clause's encoding.
    """
    return kind.found(
        name,
        say(f"findings.{kind.code}", lang=None, clause=clause.label, **values),
        title=title or clause.label,
        clause=clause.id,
        at=at or _place(clause),
        words=words,
        severity=severity,
        choices=(c.text for c in clause.choices) if choices is None else choices,
        box=box,
        who=who,
        rule=rule,
        tests=tests,
    )


def _place(clause: Clause) -> Span:
    translation = clause.translations.get(language())
    return translation.at if translation else clause.at
