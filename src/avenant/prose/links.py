"""Words and tests, side by side: a word of the prose that no test stands for, a test that no word stands for.

A word that links to a category says that a rule tests it; a reader of the prose relies on that. A test without a word
binds more, or less, than the prose says. A clause of prose alone binds nobody, and is said to.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.types import Clause, InForce
from avenant.errors import Span
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say

DECLARATORY = Kind("declaratory", Severity.NOTE, Group.STRUCTURE)
WORD_ALONE = Kind("word-without-test", Severity.WARNING, Group.STRUCTURE)
TEST_ALONE = Kind("test-without-word", Severity.WARNING, Group.STRUCTURE)


def links(text: InForce) -> tuple[Finding, ...]:
    """The findings on words and tests, clause by clause in the order of the text."""
    return tuple(f for clause in text.clauses for f in _clause(clause))


def _clause(clause: Clause) -> Iterator[Finding]:
    if clause.kind == "definitions":
        return  # its words say what others mean
    # A heading alone says nothing, and a slot says that its rule is still to come: that is a finding of its own.
    slot = any(block.slot for block in clause.blocks)
    if clause.kind == "declaratory" and any(clause.prose.values()) and not slot:
        yield DECLARATORY.found(
            clause.id,
            say("findings.declaratory", clause=clause.label),
            title=clause.label,
            clause=clause.id,
            at=clause.at,
        )
    tested = {(t.axis, t.category) for r in clause.rules for t in r.tests()}
    seen: set[tuple[str, str]] = set()
    for word in clause.words:
        about = (word.axis, word.category)
        if about not in tested and about not in seen:
            seen.add(about)
            yield _alone(WORD_ALONE, clause, *about, word.at, (word.text,))
    for rule in clause.rules:
        for test in rule.tests():
            about = (test.axis, test.category)
            if not test.words and about not in seen:
                seen.add(about)
                yield _alone(TEST_ALONE, clause, *about, test.at)


def _alone(
    kind: Kind, clause: Clause, axis: str, category: str, at: Span, words: tuple[str, ...] = ()
) -> Finding:
    """A finding on a word without its test, or on a test without its word."""
    test = f"{axis}.{category}"
    return kind.found(
        f"{clause.id}:{test}",
        say(f"findings.{kind.code}", lang=None, clause=clause.label, axis=axis, category=category),
        title=clause.label,
        clause=clause.id,
        at=at,
        words=words,
        tests=(test,),
    )
