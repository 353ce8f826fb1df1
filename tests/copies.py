"""Copies of a text: with every id under another name, or with one test and its word taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.rules.types import And, Condition, In, Not, Or, Rule
from avenant.vocabulary.types import ANY, OTHER, Vocabulary

_LINK = re.compile(r"\(#([a-z][a-z0-9.-]*)\)")


def signed_tests(condition: Condition, holds: bool = True) -> Iterator[tuple[In, bool]]:
    """Every test with its sign: False below an odd number of negations."""
    match condition:
        case In():
            yield condition, holds
        case Not(operand):
            yield from signed_tests(operand, not holds)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from signed_tests(operand, holds)


def without_test(text: InForce, rule: Rule, test: In) -> InForce:
    """The text with one test of one rule, and its word, taken out: the rule then holds wider."""

    def of(clause: Clause) -> Clause:
        rules = tuple(
            replace(r, condition=_freed(r.condition, test, True)) if r is rule else r
            for r in clause.rules
        )
        words = tuple(w for w in clause.words if clause.id != rule.clause or w not in test.words)
        return replace(clause, rules=rules, words=words)

    return replace(text, clauses=tuple(of(c) for c in text.clauses))


def _freed(condition: Condition, test: In, holds: bool) -> Condition:
    match condition:
        case In():
            if condition is not test:
                return condition
            return And(()) if holds else Or(())  # true where it limited, false where it excepted
        case Not(operand):
            return Not(_freed(operand, test, not holds))
        case And(operands):
            return And(tuple(_freed(o, test, holds) for o in operands))
        case Or(operands):
            return Or(tuple(_freed(o, test, holds) for o in operands))


def new_names(text: InForce) -> Mapping[str, str]:
    """A new name for every axis, category, clause, party and the agreement; their order by name is another one."""
    spoken = text.vocabulary
    ids = dict.fromkeys(
        (
            text.agreement,
            *(a.id for a in spoken.axes),
            *(c.id for c in spoken.categories),
            *(c.id for c in text.clauses),
            *(p.id for p in text.parties),
        )
    )
    return {id: f"q{(len(ids) - n) * 7919 % 9973:04}q" for n, id in enumerate(ids)}


def renamed(text: InForce, names: Mapping[str, str]) -> InForce:
    """The text under those names, its prose and titles as they were."""
    spoken = text.vocabulary
    named = Vocabulary(
        spoken.id,
        tuple(replace(a, id=names[a.id]) for a in spoken.axes),
        tuple(
            replace(
                c,
                axis=names[c.axis],
                id=names[c.id],
                parent=c.parent if c.parent == ANY else names[c.parent],
            )
            for c in spoken.categories
        ),
    )
    facts = text.facts
    return replace(
        text,
        agreement=names[text.agreement],
        vocabulary=named,
        clauses=tuple(renamed_clause(c, names) for c in text.clauses),
        parties=tuple(replace(p, id=names[p.id]) for p in text.parties),
        facts=replace(
            facts,
            axes={names[a]: replace(f, axis=names[a]) for a, f in facts.axes.items()},
            signed_by={s: tuple(names[p] for p in by) for s, by in facts.signed_by.items()},
            models={m: names.get(c, c) for m, c in facts.models.items()},
        ),
    )


def renamed_clause(clause: Clause, names: Mapping[str, str]) -> Clause:
    """A clause under those names."""
    return replace(
        clause,
        id=names.get(clause.id, clause.id),
        words=tuple(
            replace(w, axis=names[w.axis], category=names[w.category]) for w in clause.words
        ),
        rules=tuple(_renamed_rule(r, names) for r in clause.rules),
        scenarios=tuple(
            replace(
                s, use={names[a]: tuple(_leaf(c, names) for c in cs) for a, cs in s.use.items()}
            )
            for s in clause.scenarios
        ),
        accepted={_in_words(id, names): why for id, why in clause.accepted.items()},
        references=tuple(
            replace(r, axis=names.get(r.axis or "", r.axis), target=names.get(r.target, r.target))
            for r in clause.references
        ),
        source=_LINK.sub(
            lambda link: "(#" + ".".join(names.get(id, id) for id in link[1].split(".")) + ")",
            clause.source,
        ),
    )


def named_back(text: str, names: Mapping[str, str]) -> str:
    """What was said under the new names, under the old ones again."""
    for old, new in names.items():
        text = text.replace(new, old).replace(new.upper(), old.upper())
    return text


def _renamed_rule(rule: Rule, names: Mapping[str, str]) -> Rule:
    clause = names.get(rule.clause, rule.clause)
    return replace(
        rule,
        id=f"{clause}/{rule.id.rpartition('/')[2]}",
        clause=clause,
        condition=_renamed(rule.condition, names),
        passes=tuple(replace(p, condition=_renamed(p.condition, names)) for p in rule.passes),
    )


def _renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    match condition:
        case In(axis, category):
            words = tuple(
                replace(w, axis=names[w.axis], category=names[w.category]) for w in condition.words
            )
            return replace(condition, axis=names[axis], category=names[category], words=words)
        case Not(operand):
            return Not(_renamed(operand, names))
        case And(operands):
            return And(tuple(_renamed(o, names) for o in operands))
        case Or(operands):
            return Or(tuple(_renamed(o, names) for o in operands))


def _leaf(id: str, names: Mapping[str, str]) -> str:
    if id in (ANY, OTHER):
        return id
    above, dot, leaf = id.partition(".")
    return f"{names[above]}{dot}{leaf}"


def _in_words(text: str, names: Mapping[str, str]) -> str:
    for old in sorted(names, key=len, reverse=True):
        text = text.replace(old, names[old])
    return text
