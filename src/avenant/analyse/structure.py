"""What a text does to itself: dead clauses, conflicts, gaps, and scenarios that it does not play.

- *dead clause*: removing it, and it alone, changes nothing that the text permits;
- *conflict*: a permit that forbids wholly cover, so that what it says is never so;
- *gap*: uses on which no clause speaks. They are refused, and a reader may not expect it;
- *scenario*: the text does something else than the scenario beside its clause says.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.types import Clause, InForce, Scenario
from avenant.analyse.boxes import said
from avenant.analyse.lowered import Lowered, key
from avenant.analyse.types import Finding, Severity
from avenant.decide.decider import Decider
from avenant.decide.types import Fact, Standing
from avenant.messages import say
from avenant.region import Budget, Region, find, maximal_boxes, union
from avenant.rules.types import Rule

EXAMPLES = 3  # of a gap: it is a note, and the rest is like these


def conflicts(text: Lowered, budget: Budget) -> Iterator[Finding]:
    """Permits that forbids wholly cover. Raises region.Exhausted."""
    for clause, rule in _silenced(text, budget):
        over = [ban for ban in text.bans if not _empty(text, _both(text, rule, ban), budget)]
        labels = " ".join(text.labels(over))
        yield _finding("conflict", rule.id, clause, str(rule.at), over=labels)


def dead_clauses(text: Lowered, budget: Budget) -> Iterator[Finding]:
    """Clauses whose removal changes nothing, but those that conflicts silence. Raises region.Exhausted."""
    silenced = {key(rule) for _, rule in _silenced(text, budget)}
    for clause in _binding(text.text):
        if {key(rule) for rule in clause.rules} <= silenced:
            continue  # the conflict says more
        if not _matters(text, clause, budget):
            yield _finding("dead-clause", clause.id, clause, str(clause.at))


def gaps(text: Lowered, budget: Budget) -> Iterator[Finding]:
    """What no permit reaches though no forbid speaks of it, by example: a note. Raises region.Exhausted."""
    vocabulary = text.text.vocabulary
    permits = [r for r in text.text.rules if r.effect == "permit"]
    axes = sorted({vocabulary.position[t.axis] for r in permits for t in r.tests()})
    unspoken = ~union(text.permits | text.forbids)
    found = maximal_boxes(text.index, unspoken, ~union(text.permits), axes, budget, EXAMPLES)
    boxes = [said(box.box, box.witness, axes, vocabulary) for box in found.boxes]
    if boxes:
        yield Finding(
            "gap",
            "gap",
            Severity.NOTE,
            None,
            "",
            (),
            say("analyse.gap-title"),
            say("analyse.gap", sentences=" · ".join(box.sentence for box in boxes)),
            box=boxes[0],
        )


def scenarios(text: InForce) -> Iterator[Finding]:
    """Scenarios whose `expect` is not what the text does; their facts count as established."""
    decider: Decider | None = None
    for clause in text.clauses:
        for n, scenario in enumerate(clause.scenarios, 1):
            decider = decider or Decider(text)
            outcome = decider.decide(_facts(scenario)).outcome.value
            if outcome != scenario.expect:
                yield Finding(
                    "scenario",
                    f"scenario:{clause.id}/{n}",
                    Severity.ERROR,
                    clause.id,
                    str(scenario.at),
                    (),
                    clause.label,
                    say("analyse.scenario", expected=scenario.expect, outcome=outcome),
                )


def _facts(scenario: Scenario) -> Iterator[Fact]:
    for axis, categories in scenario.use.items():
        for category in categories:
            yield Fact(axis, category, "scenario", Standing.ESTABLISHED)


def _binding(text: InForce) -> Iterator[Clause]:
    return (c for c in text.clauses if c.kind != "principle" and c.rules)


def _silenced(text: Lowered, budget: Budget) -> Iterator[tuple[Clause, Rule]]:
    forbidden = union(text.forbids)
    for clause in _binding(text.text):
        for rule in clause.rules:
            if rule.effect == "permit" and _empty(text, text.region(rule) & ~forbidden, budget):
                yield clause, rule


def _matters(text: Lowered, clause: Clause, budget: Budget) -> bool:
    """Whether the text without the clause permits something else than the text."""
    rest = [r for r in text.text.rules if r.clause != clause.id]
    permits = union(text.of(r for r in rest if r.effect == "permit"))
    without = permits & ~union(text.of(r for r in rest if r.effect == "forbid"))
    now = text.permitted
    return not (_empty(text, without & ~now, budget) and _empty(text, now & ~without, budget))


def _both(text: Lowered, one: Rule, other: Rule) -> Region:
    return text.region(one) & text.region(other)


def _empty(text: Lowered, region: Region, budget: Budget) -> bool:
    return find(text.index, region, text.index.space.full, budget) is None


def _finding(code: str, name: str, clause: Clause, at: str, **values: str) -> Finding:
    message = say(f"analyse.{code}", clause=clause.label, **values)
    return Finding(
        code, f"{code}:{name}", Severity.WARNING, clause.id, at, (), clause.label, message
    )
