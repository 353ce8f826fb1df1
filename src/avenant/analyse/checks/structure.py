"""What a text does to itself: conflicts, gaps, and scenarios that it does not play.

- *conflict*: a permit that forbids wholly cover, so that what it says is never so;
- *gap*: uses on which no clause speaks. They are refused, and a reader may not expect it;
- *scenario*: the text does something else than the scenario beside its clause says.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause, InForce, Scenario
from avenant.analyse.asker import asked_of
from avenant.analyse.boxes import described, whole_sentence
from avenant.analyse.finding import about
from avenant.decide.decider import Decider
from avenant.decide.types import Fact, Standing
from avenant.findings.types import Finding, Severity
from avenant.languages import say
from avenant.region import Budget, maximal_boxes, union
from avenant.rules.types import Rule

EXAMPLES = 3  # of a gap: it is a note, and the rest is like these


def conflicts(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Permits that forbids wholly cover. Raises region.Exhausted."""
    for clause, rule in silenced(text, budget):
        # Two terms meet where one possibly holds in the other: no search is needed.
        met = reduce(or_, map(text.index.possibly, text.boxes(rule)))
        labels = " ".join(text.labels(b for b in text.prohibitions if text.of([b]) & met))
        yield about("conflict", rule.id, clause, Severity.WARNING, at=rule.at, over=labels)


def gaps(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """What no permit reaches though no forbid speaks of it, by example: a note. Raises region.Exhausted."""
    vocabulary = text.text.vocabulary
    axes = sorted({vocabulary.position[t.axis] for r in text.permissions for t in r.tests()})
    unspoken = ~union(text.permits | text.forbids)
    found = maximal_boxes(text.index, unspoken, ~union(text.permits), axes, budget, EXAMPLES)
    boxes = [described(box, axes, vocabulary) for box in found.boxes]
    if boxes:
        yield Finding(
            "gap",
            "gap",
            Severity.NOTE,
            None,
            "",
            (),
            say("analyse.gap-title"),
            say("analyse.gap", sentences=" · ".join(whole_sentence(box) for box in boxes)),
            box=boxes[0],
        )


def scenarios(text: CompiledText) -> Iterator[Finding]:
    """Scenarios whose `expect` is not what the text does; their facts count as established."""
    decider: Decider | None = None
    for clause in text.text.clauses:
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


def binding(text: InForce) -> Iterator[Clause]:
    """The clauses that bind by rules, in the order of the text."""
    return (c for c in text.clauses if c.kind != "principle" and c.rules)


def silenced(text: CompiledText, budget: Budget) -> Iterator[tuple[Clause, Rule]]:
    """The permits that forbids wholly cover, each with its clause. Raises region.Exhausted."""
    forbidden = union(text.forbids)
    for clause in binding(text.text):
        for rule in text.by_clause[clause.id][0]:
            with asked_of(clause):
                silent = text.empty(text.region(rule) & ~forbidden, budget)
            if silent:
                yield clause, rule
