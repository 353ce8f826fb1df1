"""Clause by clause, what its rules rest on: what the gateway sees, what somebody attests, what nobody can show.

Per clause one basis, the weakest of its axes:

- *gateway*: the gateway may establish every axis that its rules test, or they test none;
- *attestation*: at least one axis is what somebody attests, and it is said who;
- *nobody*: at least one axis can be established by nobody.

And the findings that follow:

- *unobservable*: the clause tests axes that nobody may establish; where they matter, calls stay undetermined;
- *vacuous*: the clause tests axes that nobody but whom it binds may establish, so it is as good as their word;
- *beneficiary attests*: whom it binds is among those who may establish an axis; one source is enough, so theirs is.

A rule binds the party whose organisation it tests, at the category tested or above it; a rule that tests none, but in
an exception, binds the parties that use the system: those with the role `customer`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.finding import about, stands
from avenant.analyse.structure import binding
from avenant.analyse.types import Basis, Enforced, Finding, Severity
from avenant.rules.types import In, Rule, signed_tests
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.types import Axis

GATEWAY = "gateway"  # the source that is no party's word
USERS = "customer"  # the role of the parties that a rule without an organisation binds


def observability(text: InForce) -> tuple[Finding, ...]:
    """What clauses rest on and cannot be shown, clause by clause in the order of the text."""
    return tuple(f for clause in binding(text) for f in _clause(text, clause))


def enforced(text: InForce) -> tuple[Enforced, ...]:
    """The basis of each clause that binds, in the order of the text."""
    return tuple(_enforced(text, clause) for clause in binding(text))


def bound(rule: Rule, text: InForce) -> frozenset[str]:
    """The ids of the parties that a rule binds."""
    principals = {a.id for a in text.vocabulary.axes if a.role == "principal"}
    tested = [t for t, holds in signed_tests(rule.condition) if holds and t.axis in principals]
    if not tested:
        return frozenset(p.id for p in text.parties if p.role == USERS)
    above = {id for t in tested for id in text.vocabulary.above(t.axis, t.category)}
    return frozenset(p.id for p in text.parties if p.id in above)


@dataclass(frozen=True, slots=True)
class _Rests:
    """An axis that rules of a clause test, with the tests, and who may establish it."""

    axis: Axis
    tests: tuple[tuple[Rule, In], ...]
    sources: tuple[str, ...]
    signers: frozenset[str]  # ids of parties

    @property
    def basis(self) -> Basis:
        if not self.sources:
            return Basis.NOBODY
        return Basis.GATEWAY if GATEWAY in self.sources else Basis.ATTESTATION

    def resting_on(self, rules: Collection[Rule]) -> _Rests:
        """The same for the tests of these rules alone."""
        return replace(self, tests=tuple((r, t) for r, t in self.tests if r in rules))


def _rests(text: InForce, clause: Clause) -> Iterator[_Rests]:
    """Per axis that the rules of a clause test, in vocabulary order."""
    for axis in text.vocabulary.axes:
        tests = tuple((r, t) for r in clause.rules for t in r.tests() if t.axis == axis.id)
        if tests:
            sources = text.facts.may_establish(axis.id)
            signers = frozenset(p for source in sources for p in _signers(text, source))
            yield _Rests(axis, tests, sources, signers)


def _signers(text: InForce, source: str) -> tuple[str, ...]:
    """The parties behind a source; where the text does not say who signs, it may be any. The gateway is no party."""
    if source == GATEWAY:
        return ()
    return text.facts.signed_by.get(source, tuple(p.id for p in text.parties))


def _enforced(text: InForce, clause: Clause) -> Enforced:
    rests = tuple(_rests(text, clause))
    order = list(Basis)
    basis = max((r.basis for r in rests), key=order.index, default=Basis.GATEWAY)
    parties = {p for r in rests for p in r.signers}
    return Enforced(
        clause.id,
        clause.label,
        basis,
        tuple(p.name for p in text.parties if p.id in parties),
        {kind: tuple(r.axis.id for r in rests if r.basis is kind) for kind in order},
    )


def _clause(text: InForce, clause: Clause) -> Iterator[Finding]:
    nobody: list[_Rests] = []
    alone: list[_Rests] = []
    among: list[_Rests] = []
    for rests in _rests(text, clause):
        if not rests.sources:
            nobody.append(rests)
            continue
        binds = {rule: bound(rule, text) for rule, _ in rests.tests}
        only = [rule for rule, parties in binds.items() if rests.signers <= parties]
        some = [rule for rule, parties in binds.items() if rests.signers & parties]
        if only and rests.basis is Basis.ATTESTATION:
            alone.append(rests.resting_on(only))
        elif some:
            among.append(rests.resting_on(some))
    for code, severity, found in (
        ("unobservable", Severity.WARNING, nobody),
        ("vacuous", Severity.WARNING, alone),
        ("beneficiary-attests", Severity.NOTE, among),
    ):
        if found:
            yield _finding(code, severity, text, clause, found)


def _finding(
    code: str, severity: Severity, text: InForce, clause: Clause, found: Sequence[_Rests]
) -> Finding:
    tests = [t for rests in found for _, t in rests.tests]
    attesting = {
        p for rests in found for r, _ in rests.tests for p in rests.signers & bound(r, text)
    }
    names = [p.name for p in text.parties if p.id in attesting]
    return about(
        code,
        clause.id,
        clause,
        severity,
        at=stands(tests[0]),
        words=[word.text for test in tests for word in test.words],
        who=names,
        choices=[f.note for rests in found if (f := text.facts.axes.get(rests.axis.id)) and f.note],
        axes=", ".join(spoken(rests.axis.title).lower() for rests in found),
        parties=", ".join(names),
    )
