"""From judged combinations to a Decision: what is cited, what is missing, and what would change the outcome.

Cited (§3): when refused, the forbids that certainly hold over the combinations with that outcome;
if there are none, all that possibly hold; if there are none, nothing. When permitted, the permits,
likewise. When undetermined, the rules that possibly hold and test a missing axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.decide.types import Cited, Decision, Fact, Missing, Outcome, Past, Tested
from avenant.messages import say
from avenant.region import Box
from avenant.rules.render import render, spoken
from avenant.rules.types import In, Rule, Truth, signed_tests
from avenant.vocabulary.types import Axis


@dataclass(frozen=True, slots=True)
class Judged:
    """One combination, its outcome, and the exact truth of each rule that possibly holds on it."""

    box: Box
    outcome: Outcome
    truths: Mapping[str, Truth]  # by rule id; what is not in it is FALSE


def explained(
    text: InForce,
    facts: tuple[Fact, ...],
    judged: Sequence[Judged],
    missing: tuple[str, ...],
    against: tuple[str, ...],
    past: tuple[Past, ...],
) -> Decision:
    """The Decision on combinations that all have the outcome of the call."""
    outcome = judged[0].outcome
    rules = _cited_rules(text, outcome, judged, missing)
    gaps = tuple(_missing(text, axis, rules) for axis in missing)
    return Decision(
        outcome,
        tuple(_cited(text, rule, judged, facts) for rule in rules),
        gaps,
        against,
        past,
        _would_change(text, outcome, rules, judged, gaps),
        text.id,
        text.digest,
        facts,
        otherwise=_otherwise(text, judged) if outcome is Outcome.REFUSED and rules else (),
    )


def in_doubt(
    text: InForce,
    facts: tuple[Fact, ...],
    judged: Sequence[Judged],
    open_anyway: tuple[str, ...],
    suspected: Mapping[str, tuple[str, ...]],
) -> Decision:
    """The Decision on a call that suspicions keep open; `judged` are the combinations, with them, not permitted.

    Missing are the axes that are open without any suspicion, then those suspected.
    """
    axes = (*open_anyway, *suspected)
    rules = _cited_rules(text, Outcome.UNDETERMINED, judged, axes)
    gaps = tuple(
        replace(_missing(text, axis, rules), suspected=suspected.get(axis, ())) for axis in axes
    )
    settle = say("decide.settle-suspicion", axes=", ".join(suspected))
    opened = gaps[: len(open_anyway)]
    return Decision(
        Outcome.UNDETERMINED,
        tuple(_cited(text, rule, judged, facts) for rule in rules),
        gaps,
        (),
        (),
        (*_would_change(text, Outcome.UNDETERMINED, rules, judged, opened), settle),
        text.id,
        text.digest,
        facts,
    )


def _cited_rules(
    text: InForce, outcome: Outcome, judged: Sequence[Judged], missing: tuple[str, ...]
) -> tuple[Rule, ...]:
    """In the order of the text."""
    if outcome is Outcome.UNDETERMINED:
        possible = {r for j in judged for r in j.truths}
        return tuple(
            r for r in text.rules if r.id in possible and any(t.axis in missing for t in r.tests())
        )
    effect = "forbid" if outcome is Outcome.REFUSED else "permit"
    rules = [r for r in text.rules if r.effect == effect]
    certain = {id for j in judged for id, truth in j.truths.items() if truth is Truth.TRUE}
    possible = {id for j in judged for id in j.truths}
    return tuple(r for r in rules if r.id in certain) or tuple(r for r in rules if r.id in possible)


def _cited(text: InForce, rule: Rule, judged: Sequence[Judged], facts: Sequence[Fact]) -> Cited:
    clause = _clause(text, rule)
    # Shown on the combination where the rule holds most: that is where it bites.
    where = max(judged, key=lambda j: j.truths.get(rule.id, Truth.FALSE))
    return Cited(
        clause.id,
        clause.number,
        clause.label,
        rule.id,
        rule.effect,
        where.truths.get(rule.id, Truth.FALSE).name.lower(),
        render(rule, text.vocabulary),
        spoken(clause.prose),
        clause.instrument,
        str(rule.at),
        tuple(
            _tested(text, test, holds, where.box, facts)
            for test, holds in signed_tests(rule.condition)
        ),
    )


def _tested(text: InForce, test: In, holds: bool, box: Box, facts: Sequence[Fact]) -> Tested:
    vocabulary = text.vocabulary
    here = box[vocabulary.position[test.axis]]
    wanted = vocabulary.mask(test.axis, test.category)
    truth = Truth.TRUE if here & ~wanted == 0 else Truth.UNKNOWN if here & wanted else Truth.FALSE
    said = (f for f in facts if f.axis == test.axis and vocabulary.mask(f.axis, f.category) == here)
    word = test.word.text if test.word else None
    return Tested(test.axis, test.category, truth.name.lower(), word, next(said, None), not holds)


def _missing(text: InForce, axis: str, rules: Sequence[Rule]) -> Missing:
    words = (w.text for r in rules for t in r.tests() if t.axis == axis for w in t.words)
    return Missing(axis, text.facts.may_establish(axis), tuple(dict.fromkeys(words)))


def _would_change(
    text: InForce,
    outcome: Outcome,
    rules: Sequence[Rule],
    judged: Sequence[Judged],
    missing: Sequence[Missing],
) -> tuple[str, ...]:
    parties = say("decide.and").join(p.id for p in text.parties)
    match outcome:
        case Outcome.UNDETERMINED:
            return tuple(
                say(
                    "decide.establish",
                    axis=m.axis,
                    who=say("decide.or").join(say(f"source.{s}") for s in m.may_establish),
                )
                if m.may_establish
                else say("decide.establish-nobody", axis=m.axis, parties=parties)
                for m in missing
            )
        case Outcome.REFUSED if not rules:
            return (say("decide.permission", parties=parties),)
        case Outcome.REFUSED:
            return (_remedy(text, rules, judged, parties),)
        case _:
            return ()


def _remedy(text: InForce, rules: Sequence[Rule], judged: Sequence[Judged], parties: str) -> str:
    """An admission where a single ban is about who acts and nothing else, an amendment otherwise."""
    tests = [t for r in rules for t in r.tests()]
    principal = next(a for a in text.vocabulary.axes if a.role == "principal")
    if len(rules) == 1 and tests and all(t.axis == principal.id for t in tests):
        bodies = dict.fromkeys(_body(text, principal, j.box) for j in judged)
        return say("decide.admission", body=say("decide.and").join(bodies), parties=parties)
    labels = dict.fromkeys(_clause(text, r).label for r in rules)
    return say("decide.amendment", clauses=say("decide.and").join(labels), parties=parties)


def _body(text: InForce, principal: Axis, box: Box) -> str:
    """The body that acts in a combination, by its id: a category that is exactly what the box has there."""
    here = box[text.vocabulary.position[principal.id]]
    return next(
        (id for id, mask in text.vocabulary.subtrees(principal.id) if mask == here), principal.id
    )


def _otherwise(text: InForce, judged: Sequence[Judged]) -> tuple[str, ...]:
    """The clauses that would permit every refused combination if no ban stood."""
    permits = [
        r
        for r in text.rules
        if r.effect == "permit" and all(j.truths.get(r.id) is Truth.TRUE for j in judged)
    ]
    return tuple(dict.fromkeys(_clause(text, r).label for r in permits))


def _clause(text: InForce, rule: Rule) -> Clause:
    clause = text.clause(rule.clause)
    assert clause is not None  # a rule of the text stands in a clause of the text
    return clause
