"""How a finding about a clause is put: its name, its place, its words, and its sentence of the catalogue.

about("dead-clause", clause.id, clause, Severity.WARNING)
# id "dead-clause:limit"; says `findings.dead-clause`; shows the choices of encoding that the clause rests on
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.agreement.types import Clause
from avenant.errors import Span
from avenant.findings.types import Box, Finding, Severity
from avenant.languages import language, say
from avenant.rules.types import In


def stands(test: In) -> Span:
    """Where a reader finds a test: at its word, or else where the rule has it."""
    return test.word.at if test.word else test.at


def about(
    code: str,
    name: str,
    clause: Clause,
    severity: Severity,
    title: str = "",
    *,
    at: Span | None = None,
    words: Sequence[str] = (),
    box: Box | None = None,
    who: Sequence[str] = (),
    choices: Sequence[str] | None = None,
    **values: str,
) -> Finding:
    """A finding on a clause; `values` are what its sentence takes.

    Unless given, its title is the clause's label, its place where the clause stands for a reader of the process's
    language, and its choices those of the clause's encoding.
    """
    return Finding(
        code,
        f"{code}:{name}",
        severity,
        clause.id,
        str(at or _place(clause)),
        tuple(dict.fromkeys(words)),
        title or clause.label,
        say(f"findings.{code}", lang=None, clause=clause.label, **values),
        tuple(dict.fromkeys((c.text for c in clause.choices) if choices is None else choices)),
        box,
        who=tuple(dict.fromkeys(who)),
    )


def _place(clause: Clause) -> Span:
    translation = clause.translations.get(language())
    return translation.at if translation else clause.at
