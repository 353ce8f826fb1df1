"""Two bans on one subject, and nothing that says which prevails.

Reported is a pair of bans of two clauses, when

- their words share a subject on two axes or more: two clauses about U.S. persons are about many things, two about
  monitoring of U.S. persons are about one;
- some of what is permitted but for them falls under both, and some under each alone: had one all of the other, nothing
  would hang on which prevails;
- neither clause links to the other or names its number, neither says `notwithstanding`, `subject to`, `in addition to`
  or the like, and no clause says what prevails in a conflict.

Bans add up in what is enforced. But a reader may hold that the later or the more specific one sets the earlier aside
(*lex posterior*, *lex specialis*), and then what it alone leaves open is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from avenant.agreement.types import Clause
from avenant.analyse.finding import about
from avenant.analyse.lowered import Lowered
from avenant.analyse.structure import binding
from avenant.analyse.subject import common, shared, subject
from avenant.analyse.types import Finding, Severity
from avenant.region import Budget, union
from avenant.rules.types import Rule, signed_tests
from avenant.vocabulary.phrases import spoken

LEAST = 2  # axes of a common subject

_RANKED = re.compile(
    r"\b(?:notwithstanding|despite|prevails? over|takes? precedence over|subject to|in addition to"
    r"|without prejudice to)\b[^.;:]{0,40}?"
    r"(?:§|\b(?:sections?|clauses?|articles?|provisions?|paragraphs?|above|below|foregoing|else)\b)"
    r"|\b(?:nonobstant|prévau(?:t|dra|dront) sur|l['’]emporte(?:nt)? sur|sous réserve|en sus|outre"
    r"|sans préjudice|par dérogation)\b[^.;:]{0,40}?"
    r"(?:§|\b(?:articles?|clauses?|sections?|dispositions?|stipulations?|alinéas?|paragraphes?"
    r"|ci-dessus|ci-dessous|précède)\b)",
    re.IGNORECASE,
)
_IN_CONFLICT = re.compile(
    r"\b(?:in (?:the )?(?:case|event) of (?:any )?(?:conflict|inconsistency|contradiction)|order of precedence|"
    r"en cas de (?:conflit|contradiction|divergence)|ordre de pr(?:éséance|iorité))\b",
    re.IGNORECASE,
)


def without_precedence(text: Lowered, budget: Budget) -> Iterator[Finding]:
    """One finding for each pair of clauses, at the later of them. Raises region.Exhausted."""
    if any(_IN_CONFLICT.search(prose) for c in text.text.clauses for prose in c.prose.values()):
        return
    vocabulary = text.text.vocabulary
    banning = [
        (clause, [(r, subject(r, vocabulary)) for r in clause.rules if r.effect == "forbid"])
        for clause in binding(text.text)
    ]
    for (one, its), (other, others) in combinations(banning, 2):
        pairs = [(a, b) for a, x in its for b, y in others if len(common(x, y)) >= LEAST]
        if not pairs or _ranked(one, other) or _ranked(other, one):
            continue
        overlapping = next(((a, b) for a, b in pairs if _overlap(text, a, b, budget)), None)
        if overlapping is not None:
            yield _finding(text, one, other, *overlapping)


def _overlap(text: Lowered, one: Rule, other: Rule, budget: Budget) -> bool:
    rest = union(text.permits) & ~union(text.of(r for r in text.bans if r not in (one, other)))
    mine, its = text.region(one), text.region(other)
    return not any(
        text.empty(rest & region, budget) for region in (mine & its, mine & ~its, its & ~mine)
    )


def _ranked(one: Clause, other: Clause) -> bool:
    """Whether a clause says how it stands to another: by link, by number, or in words."""
    if any(r.axis is None and r.target == other.id for r in one.references):
        return True
    # The number itself, or in a list (`sections 2, 3 and 4`); `section 2` is neither 2a nor 2.1.
    numbered = re.compile(
        r"(?:§+|\b(?:sections?|clauses?|articles?))\s*(?:\d[\w.]*(?:,\s*|\s+)(?:(?:and|or|et|ou)\s+)?)*"
        rf"{re.escape(other.number)}(?!\w|\.\d)",
        re.IGNORECASE,
    )
    return any(
        (other.number and numbered.search(prose)) or _RANKED.search(prose)
        for prose in one.prose.values()
    )


def _finding(text: Lowered, one: Clause, other: Clause, a: Rule, b: Rule) -> Finding:
    vocabulary = text.text.vocabulary
    axes = shared(a, b, vocabulary)
    words = [
        word.text
        for rule in (a, b)
        for test, holds in signed_tests(rule.condition)
        if holds and test.axis in axes
        for word in test.words
    ]
    named = [spoken(axis.title).lower() for axis in vocabulary.axes if axis.id in axes]
    labels = f"{one.label}, {other.label}"
    return about(
        "no-precedence",
        f"{one.id}+{other.id}",
        other,
        Severity.WARNING,
        labels,
        words=words,
        clauses=labels,
        subject=", ".join(named),
    )
