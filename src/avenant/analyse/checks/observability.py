"""Clause by clause, what its rules rest on: what the gateway sees, what somebody attests, what nobody can show.

Per clause one basis, the weakest of its axes:

- *gateway*: the gateway may establish every axis that its rules test, or they test none;
- *attestation*: at least one axis is what somebody attests, and it is said who;
- *nobody*: at least one axis can be established by nobody.

And the findings that follow, one an axis and those whose word it is, with all clauses that rest on it:

- *unobservable*: nobody may establish the axis; where it matters, calls stay undetermined;
- *self-declared* (`vacuous`): only the party that the clause binds may establish it, so it is as good as its word;
- *beneficiary attests*: that party is among those who may; one source is enough, so its word is.

A clause that accepts its own share (`vacuous:weapons`) is a finding of its own, under that id.

A rule binds the party whose organisation it tests, at the category tested or above it; a rule that tests none, but in
an exception, binds the parties that use the system: those with the role `customer`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.check import Check
from avenant.analyse.finding import stands
from avenant.analyse.types import Basis, Enforced
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity, Spot
from avenant.languages import plural
from avenant.rules.types import In, Rule, signed_tests
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.types import Axis

GATEWAY = "gateway"  # the source that is no party's word
UNOBSERVABLE = Kind("unobservable", Severity.WARNING, Group.ENFORCE)
VACUOUS = Kind("vacuous", Severity.WARNING, Group.ENFORCE)
BENEFICIARY = Kind("beneficiary-attests", Severity.NOTE, Group.ENFORCE)
USERS = "customer"  # the role of the parties that a rule without an organisation binds


def observability(text: InForce) -> tuple[Finding, ...]:
    """What clauses rest on and cannot be shown: by kind, axis and those who establish it, in the order of the text."""
    accepted = {id for clause in text.clauses for id in clause.accepted}
    groups: dict[tuple[str, ...], list[_Share]] = {}
    for clause in text.binding:
        for share in _shares(text, clause):
            own = share.kind.id(clause.id)
            apart = (own,) if own in accepted else (share.rests.axis.id, *share.who)
            groups.setdefault((share.kind.code, *apart), []).append(share)
    order = [UNOBSERVABLE.code, VACUOUS.code, BENEFICIARY.code]
    return tuple(
        _finding(text, shares)
        for _, shares in sorted(groups.items(), key=lambda group: order.index(group[0][0]))
    )


def enforced(text: InForce) -> tuple[Enforced, ...]:
    """The basis of each clause that binds, in the order of the text."""
    return tuple(_enforced(text, clause) for clause in text.binding)


def bound(rule: Rule, text: InForce) -> frozenset[str]:
    """The ids of the parties that a rule binds."""
    principals = {a.id for a in text.vocabulary.axes if a.role == "principal"}
    tested = [t for t, holds in signed_tests(rule.condition) if holds and t.axis in principals]
    if not tested:
        return frozenset(p.id for p in text.parties if p.role == USERS)
    above = {id for t in tested for id in text.vocabulary.above(t.axis, t.category)}
    return frozenset(p.id for p in text.parties if p.id in above)


class _Rests(Struct, frozen=True):
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


class _Share(Struct, frozen=True):
    """What one clause rests on one axis that cannot be shown, and the parties whose word it is."""

    kind: Kind
    clause: Clause
    rests: _Rests
    who: tuple[str, ...]  # party ids


def _shares(text: InForce, clause: Clause) -> Iterator[_Share]:
    for rests in _rests(text, clause):
        if not rests.sources:
            yield _Share(UNOBSERVABLE, clause, rests, ())
            continue
        binds = {rule: bound(rule, text) for rule, _ in rests.tests}
        only = [rule for rule, parties in binds.items() if rests.signers <= parties]
        some = [rule for rule, parties in binds.items() if rests.signers & parties]
        if only and rests.basis is Basis.ATTESTATION:
            kind, rules = VACUOUS, only
        elif some:
            kind, rules = BENEFICIARY, some
        else:
            continue
        attesting = rests.signers & frozenset().union(*(binds[rule] for rule in rules))
        who = tuple(p.id for p in text.parties if p.id in attesting)
        yield _Share(kind, clause, rests.resting_on(rules), who)


def _finding(text: InForce, shares: Sequence[_Share]) -> Finding:
    """One finding for the clauses that rest on an axis alike, or for one clause that accepts its share."""
    first = shares[0]
    clauses = list({share.clause.id: share.clause for share in shares}.values())
    axes = list({share.rests.axis.id: share.rests.axis for share in shares}.values())
    who = [p for p in text.parties if any(p.id in share.who for share in shares)]
    names = [p.name for p in who]
    said = ", ".join(spoken(axis.title).lower() for axis in axes)
    own = first.kind.id(first.clause.id)
    accepted = any(own in clause.accepted for clause in text.clauses)
    tests = [test for share in shares for _, test in share.rests.tests]
    notes = (text.facts.axes.get(axis.id) for axis in axes)
    return first.kind.found(
        first.clause.id if accepted else _name(first),
        plural(
            f"findings.{first.kind.code}",
            len(clauses),
            clauses=", ".join(clause.label for clause in clauses),
            axes=said,
            parties=", ".join(names),
        ),
        title=first.clause.label
        if accepted
        else plural("findings.on-axis", len(clauses), axis=said),
        clause=first.clause.id,
        at=stands(tests[0]),
        words=(word.text for test in tests for word in test.words),
        choices=(facts.note for facts in notes if facts and facts.note),
        who=names,
        clauses=tuple(_spot(clause, shares) for clause in clauses),
    )


def _name(share: _Share) -> str:
    """`vacuous:purpose@department`: the axis, and whose word it is. No clause's id has an `@`."""
    return f"{share.rests.axis.id}@{'+'.join(share.who) or 'nobody'}"


def _spot(clause: Clause, shares: Sequence[_Share]) -> Spot:
    tests = [t for share in shares if share.clause is clause for _, t in share.rests.tests]
    words = dict.fromkeys(word.text for test in tests for word in test.words)
    return Spot(clause.id, clause.label, str(stands(tests[0])), tuple(words))


CHECK = Check(
    (UNOBSERVABLE, VACUOUS, BENEFICIARY), lambda inquiry, _: observability(inquiry.text.text)
)
