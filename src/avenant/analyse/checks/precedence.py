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
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.analyse.asker import asked_of
from avenant.analyse.check import Check
from avenant.analyse.finding import about
from avenant.analyse.subject import Subject, shared, subject
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages.patterns import any_pattern
from avenant.region import Budget, leaves, union
from avenant.rules.types import Rule, signed_tests
from avenant.vocabulary.phrases import spoken

NO_PRECEDENCE = Kind("no-precedence", Severity.WARNING, Group.STRUCTURE)
LEAST = 2  # axes of a common subject


def without_precedence(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """One finding for each pair of clauses, at the later of them. Raises region.Exhausted."""
    in_conflict = any_pattern("in-conflict", r"\b(?:{})\b")
    if any(in_conflict.search(prose) for c in text.text.clauses for prose in c.prose.values()):
        return
    vocabulary = text.text.vocabulary
    clauses = {c.id: c for c in text.text.binding}
    subjects = [(ban, subject(ban, vocabulary)) for ban in text.prohibitions]
    pairs: dict[tuple[str, str], list[tuple[Rule, Rule]]] = {}
    for i, j in _on_one_subject([its for _, its in subjects]):
        a, b = subjects[i][0], subjects[j][0]
        if a.clause != b.clause:
            pairs.setdefault((a.clause, b.clause), []).append((a, b))
    for (first, second), rules in pairs.items():
        one, other = clauses[first], clauses[second]
        if _ranked(one, other) or _ranked(other, one):
            continue
        with asked_of(other):
            overlapping = next(((a, b) for a, b in rules if _overlap(text, a, b, budget)), None)
        if overlapping is not None:
            yield _finding(text, one, other, *overlapping)


def _on_one_subject(subjects: Sequence[Subject]) -> Iterator[tuple[int, int]]:
    """The pairs of places, in order, whose subjects have `LEAST` axes in common.

    Sets of places are bit masks: what shares one axis, a second one … is built up an axis at a time, for all at once.
    """
    about_same: dict[
        tuple[str, int], int
    ] = {}  # (axis, mask) -> who is about that, or has it as a part, or is a part
    holders: dict[tuple[str, int], int] = {}
    for i, its in enumerate(subjects):
        for axis, masks in its.items():
            for mask in masks:
                holders[axis, mask] = holders.get((axis, mask), 0) | 1 << i
    for axis, mask in holders:
        about_same[axis, mask] = reduce(
            or_, (who for (a, m), who in holders.items() if a == axis and m & mask in (m, mask))
        )
    for i, its in enumerate(subjects):
        sharing = [-1] + [0] * LEAST  # by the number of axes in common, at least
        for axis, masks in its.items():
            here = reduce(or_, (about_same[axis, mask] for mask in masks))
            for n in range(LEAST, 0, -1):
                sharing[n] |= sharing[n - 1] & here
        for bit in leaves(sharing[LEAST] >> i + 1):
            yield i, i + bit.bit_length()


def _overlap(text: CompiledText, one: Rule, other: Rule, budget: Budget) -> bool:
    mine, its = text.region(one), text.region(other)
    rest = union(text.permits) & ~union(text.but(one, other))
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
        (other.number and numbered.search(prose)) or any_pattern("ranked").search(prose)
        for prose in one.prose.values()
    )


def _finding(text: CompiledText, one: Clause, other: Clause, a: Rule, b: Rule) -> Finding:
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
        NO_PRECEDENCE,
        f"{one.id}+{other.id}",
        other,
        labels,
        words=words,
        clauses=labels,
        subject=", ".join(named),
    )


CHECK = Check.on_text(without_precedence, NO_PRECEDENCE)
