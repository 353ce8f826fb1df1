"""Words and tests, side by side: a word of the prose that no test stands for, a test that no word stands for.

A word that links to a category says that a rule tests it; a reader of the prose relies on that. A test without a word
binds more, or less, than the prose says. A clause of prose alone binds nobody, and is said to.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.types import Clause, InForce
from avenant.findings.types import Finding, Severity
from avenant.languages import say


def links(text: InForce) -> tuple[Finding, ...]:
    """The findings on words and tests, clause by clause in the order of the text."""
    return tuple(f for clause in text.clauses for f in _clause(clause))


def _clause(clause: Clause) -> Iterator[Finding]:
    if clause.kind == "definitions":
        return  # its words say what others mean
    # A heading alone says nothing, and a slot says that its rule is still to come: that is a finding of its own.
    slot = any(block.slot for block in clause.blocks)
    if clause.kind == "declaratory" and any(clause.prose.values()) and not slot:
        yield Finding(
            "declaratory",
            f"declaratory:{clause.id}",
            Severity.NOTE,
            clause.id,
            str(clause.at),
            (),
            clause.label,
            say("analyse.declaratory", clause=clause.label),
        )
    tested = {(t.axis, t.category) for r in clause.rules for t in r.tests()}
    seen: set[tuple[str, str]] = set()
    for word in clause.words:
        about = (word.axis, word.category)
        if about in tested or about in seen:
            continue
        seen.add(about)
        yield Finding(
            "word-without-test",
            f"word-without-test:{clause.id}:{word.axis}.{word.category}",
            Severity.WARNING,
            clause.id,
            str(word.at),
            (word.text,),
            clause.label,
            say(
                "analyse.word-without-test",
                clause=clause.label,
                axis=word.axis,
                category=word.category,
            ),
        )
    for rule in clause.rules:
        for test in rule.tests():
            about = (test.axis, test.category)
            if test.words or about in seen:
                continue
            seen.add(about)
            yield Finding(
                "test-without-word",
                f"test-without-word:{clause.id}:{test.axis}.{test.category}",
                Severity.WARNING,
                clause.id,
                str(test.at),
                (),
                clause.label,
                say(
                    "analyse.test-without-word",
                    clause=clause.label,
                    axis=test.axis,
                    category=test.category,
                ),
            )
