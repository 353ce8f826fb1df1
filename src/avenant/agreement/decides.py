"""The digest of what decides: one for all texts of an agreement that answer every call alike, for the same reasons.

In it are, and nothing else:

- each rule, a principle's too: its canonical condition, its dates, what admissions let past it, its clause's red line;
- the facts: who may establish each axis, who signs, what models, tools and bodies stand for; and the switches;
- of the vocabulary, the categories that the text names or tests, with all above and below them, and the bands beside a
  band: parent, band, completeness, order; and their axes;
- the definitions of those categories and axes in the agreement's language.

So a title, a phrase, an IRI, a language that the agreement is not written in, a category elsewhere, the prose, the
parties and the places in files change nothing here. Files are signed by the digests of their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from avenant.agreement.canonical import canonical, digest
from avenant.agreement.types import Admission, Clause, Digest, FactRules
from avenant.instants import Instant, written
from avenant.rules.canonical import said
from avenant.rules.types import Rule, tests
from avenant.vocabulary.types import ANY, OTHER, Category, Vocabulary

Named = tuple[str, str]
"""An axis and a category of it."""


def decides(
    agreement: str,
    language: str,
    vocabulary: Vocabulary,
    clauses: Sequence[Clause],
    facts: FactRules,
    switches: Mapping[str, str],
    admissions: Sequence[Admission],
) -> Digest:
    """The digest of consolidated clauses; `language` is instrument 0's, `admissions` are those in the rules' passes."""
    periods = {a.number: (a.since, a.until) for a in admissions}
    named = set(_named(clauses, facts, vocabulary))
    axes = {axis for axis, _ in named} | facts.axes.keys()
    return digest(
        canonical(
            {
                "agreement": agreement,
                "rules": [_rule(r, c, periods) for c in clauses for r in c.rules],
                "facts": _facts(facts),
                "switches": dict(switches),
                "axes": [
                    {
                        "id": axis.id,
                        "role": axis.role,
                        "complete": axis.complete,
                        "definition": axis.definition.get(language, ""),
                    }
                    for axis in vocabulary.axes
                    if axis.id in axes
                ],
                "categories": [
                    {
                        "axis": category.axis,
                        "id": category.id,
                        "parent": category.parent,
                        "over": category.over,
                        "complete": category.complete,
                        "definition": category.definition.get(language, ""),
                    }
                    for category in _with_kin(named, vocabulary)
                ],
            }
        )
    )


def _rule(
    rule: Rule, clause: Clause, periods: Mapping[int, tuple[Instant, Instant]]
) -> dict[str, Any]:
    return {
        "id": rule.id,
        "effect": rule.effect,
        "principle": clause.kind == "principle",
        "red-line": clause.red_line,
        "condition": said(rule.condition),
        "from": rule.since and written(rule.since),
        "until": rule.until and written(rule.until),
        "passes": [
            {
                "admission": past.admission,
                "condition": said(past.condition),
                "period": [written(date) for date in periods[past.admission]],
            }
            for past in rule.passes
        ],
    }


def _facts(facts: FactRules) -> dict[str, Any]:
    return {
        "established-by": {id: axis.established_by for id, axis in facts.axes.items()},
        "signed-by": dict(facts.signed_by),
        "models": dict(facts.models),
        "answers-as": {name: list(names) for name, names in facts.answers_as.items()},
        "tools": {name: dict(given) for name, given in facts.tools.items()},
        "inside": {
            dossier: [[body.body, body.counts_as] for body in bodies]
            for dossier, bodies in facts.inside.items()
        },
    }


def _named(clauses: Iterable[Clause], facts: FactRules, vocabulary: Vocabulary) -> Iterator[Named]:
    """What rules test, words and references link to, scenarios and facts say, and the text itself defines."""
    for clause in clauses:
        conditions = (
            c for r in clause.rules for c in (r.condition, *(p.condition for p in r.passes))
        )
        yield from ((t.axis, t.category) for condition in conditions for t in tests(condition))
        yield from ((word.axis, word.category) for word in clause.words)
        yield from ((r.axis, r.target) for r in clause.references if r.axis is not None)
        for scenario in clause.scenarios:
            yield from ((axis, _listed(id)) for axis, ids in scenario.use.items() for id in ids)
    yield from (("model", category) for category in facts.models.values())
    yield from (pair for given in facts.tools.values() for pair in given.items())
    principal = next(axis.id for axis in vocabulary.axes if axis.role == "principal")
    bodies = (body for each in facts.inside.values() for body in each)
    yield from ((principal, _listed(body.body)) for body in bodies)
    yield from ((c.axis, c.id) for c in vocabulary.categories if c.at is not None)


def _with_kin(named: set[Named], vocabulary: Vocabulary) -> Iterator[Category]:
    """The categories named, those above and below them, and the bands beside one, in the vocabulary's order."""
    above = {(axis, id) for axis, name in named for id in vocabulary.above(axis, name)}
    banded = {
        (c.axis, c.parent)
        for c in vocabulary.categories
        if c.over is not None and (c.axis, c.id) in above
    }
    below = {(axis, id) for axis, id in named if id != ANY}
    for category in vocabulary.categories:
        # INVARIANT: a category stands after its parent.
        here, parent = (category.axis, category.id), (category.axis, category.parent)
        if parent in below:
            below.add(here)
        if here in below or here in above or (category.over is not None and parent in banded):
            yield category


def _listed(id: str) -> str:
    """The listed category of what facts may say: `surveillance` of `surveillance.other`, `any` of `other`."""
    return ANY if id in (ANY, OTHER) else id.removesuffix(f".{OTHER}")
