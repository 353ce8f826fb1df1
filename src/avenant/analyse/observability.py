"""What a text rests on and nobody can show: per axis that a rule tests, who may establish it, and whom the rule binds.

- *unobservable*: the text names nobody for the axis, so what is not known stays so, and such calls are undetermined;
- *vacuous*: only parties that the rule binds may establish the axis, so the rule is as good as their word.

A rule binds the party whose organisation it tests, at the category tested or above it; a rule that tests none binds
the parties that use the system: those with the role `customer`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from avenant.agreement.types import InForce
from avenant.analyse.types import Finding, Severity
from avenant.messages import say
from avenant.rules.types import In, Rule
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.types import Axis

USERS = "customer"  # the role of the parties that a rule without an organisation binds


def observability(text: InForce) -> tuple[Finding, ...]:
    """The unobservable and vacuous axes of a text, in vocabulary order."""
    return tuple(f for axis in text.vocabulary.axes for f in _axis(text, axis))


def bound(rule: Rule, text: InForce) -> frozenset[str]:
    """The ids of the parties that a rule binds."""
    principals = {a.id for a in text.vocabulary.axes if a.role == "principal"}
    tested = [t for t in rule.tests() if t.axis in principals]
    if not tested:
        return frozenset(p.id for p in text.parties if p.role == USERS)
    above = {id for t in tested for id in text.vocabulary.above(t.axis, t.category)}
    return frozenset(p.id for p in text.parties if p.id in above)


def _axis(text: InForce, axis: Axis) -> Iterator[Finding]:
    resting = [(r, t) for r in text.rules for t in r.tests() if t.axis == axis.id]
    if not resting:
        return
    sources = [s for s in text.facts.may_establish(axis.id) if s != "nobody"]
    if not sources:
        yield _finding("unobservable", text, axis, resting, ())
        return
    signers = frozenset(party for source in sources for party in _signers(text, source))
    vacuous = [(r, t) for r, t in resting if signers and signers <= bound(r, text)]
    if vacuous:
        yield _finding("vacuous", text, axis, vacuous, signers)


def _signers(text: InForce, source: str) -> tuple[str, ...]:
    """The parties behind a source. A source that no party signs for, like the gateway, is nobody's own word."""
    named = text.facts.signed_by.get(source)
    if named is not None:
        return named
    return (f"({source})",) if source == "gateway" else tuple(p.id for p in text.parties)


def _finding(
    code: str,
    text: InForce,
    axis: Axis,
    resting: Sequence[tuple[Rule, In]],
    signers: Collection[str],
) -> Finding:
    rule, test = resting[0]
    clauses = dict.fromkeys(r.clause for r, _ in resting)
    labels = ", ".join(c.label for c in text.clauses if c.id in clauses)
    names = ", ".join(p.name for p in text.parties if p.id in signers)
    note = facts.note if (facts := text.facts.axes.get(axis.id)) else None
    return Finding(
        code,
        f"{code}:{axis.id}",
        Severity.WARNING,
        rule.clause,
        str(test.word.at if test.word else test.at),
        tuple(dict.fromkeys(w.text for _, t in resting for w in t.words)),
        spoken(axis.title).lower(),
        say(f"analyse.{code}", clauses=labels, parties=names),
        (note,) if note else (),
    )
