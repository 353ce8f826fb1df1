"""Kinds of findings: a code, how much it matters, and the group that reports show it in.

    DEAD = Kind("dead-clause", Severity.WARNING, Group.STRUCTURE)
    DEAD.found("limit", "§4 changes nothing: …", title="§4", clause="limit")

A kind is named in the catalogue of messages by its code: `finding.dead-clause` is its name, `help.dead-clause`
what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from avenant.errors import Span
from avenant.findings.types import Box, Finding, Interval, Severity, Spot


class Group(StrEnum):
    """The headings of a report, in its order."""

    LOOPHOLES = "loopholes"
    PROOF = "proof"
    ORDINARY = "ordinary"
    ENFORCE = "enforce"
    STATEMENTS = "statements"
    STRUCTURE = "structure"
    WORDING = "wording"


class Kind(Struct, frozen=True):
    """One kind of finding; `severity` unless a finding has its own."""

    code: str
    severity: Severity
    group: Group

    def id(self, name: str) -> str:
        """Return the id of the finding of that name: `dead-clause:limit`; the code alone where a text has only one."""
        return f"{self.code}:{name}" if name else self.code

    def found(
        self,
        name: str,
        message: str,
        *,
        title: str,
        clause: str | None = None,
        at: Span | str | None = None,
        words: Iterable[str] = (),
        severity: Severity | None = None,
        choices: Iterable[str] = (),
        box: Box | None = None,
        who: Sequence[str] = (),
        clauses: tuple[Spot, ...] = (),
        interval: Interval | None = None,
        principle: str | None = None,
        forbid: str | None = None,
        rule: str | None = None,
        tests: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding of this kind; words, choices and names are kept once each."""
        return Finding(
            self.code,
            self.id(name),
            severity or self.severity,
            clause,
            str(at or ""),
            tuple(dict.fromkeys(words)),
            title,
            message,
            tuple(dict.fromkeys(choices)),
            box,
            who=tuple(dict.fromkeys(who)),
            clauses=clauses,
            interval=interval,
            principle=principle,
            forbid=forbid,
            rule=rule,
            tests=tests,
        )
