"""Where a box gets past a ban: the tests that fail there, and the words of the prose that they stand for.

A ban is a union of terms, and a box that lies outside it misses each term on some axis. On that axis the tests that the
term rests on and that are settled against it are the reason: a test that holds nowhere in the box, or the test of an
exception that holds everywhere in it. Where no single test is settled (a category less what an exception takes out, and
the box in part outside the one and for the rest inside the other), all the tests of the axis are, together. A test of
another alternative (`spam ||`, where the term is about malware) is no reason.

    forbid … when { action in Action::"monitor" && resource in Intent::"deliberate" }
    a box of queries                    gets past at `monitor`
    a box of incidental monitoring      gets past at `deliberate`
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.findings.types import Passes
from avenant.region.space import Box
from avenant.rules.types import And, Condition, In, Not, Or, Rule, signed_tests
from avenant.vocabulary.types import Vocabulary


def passed_tests(
    condition: Condition, terms: Sequence[Box], box: Box, vocabulary: Vocabulary
) -> tuple[In, ...]:
    """Return the tests of a ban, in its order, at which a box outside all these terms gets past it."""
    signed = list(signed_tests(condition))
    named: list[In] = []
    for term in terms:
        missed = {
            vocabulary.axes[i].id
            for i, (mine, its) in enumerate(zip(box, term, strict=True))
            if not mine & its
        }
        bearing = [
            (test, holds)
            for test, holds in signed
            if test.axis in missed and _bears(test, holds, term, vocabulary)
        ]
        settled = [test for test, holds in bearing if _against(test, holds, box, vocabulary)]
        explained = {test.axis for test in settled}
        named += settled
        named += [test for test, _ in bearing if test.axis not in explained]
    return tuple(test for test, _ in signed if any(test is one for one in named))


def passes(
    rule: Rule, label: str, terms: Sequence[Box], box: Box, vocabulary: Vocabulary
) -> tuple[Passes, ...]:
    """The same as it is shown: clause, test, word and place. `label` is the clause's, `§8 surveillance`."""
    return tuple(
        Passes(
            rule.clause,
            label,
            rule.id,
            test.axis,
            test.category,
            test.word.text if test.word else None,
            str(test.word.at if test.word else test.at),
            tuple(word.text for word in test.words[1:]),
        )
        for test in passed_tests(rule.effective, terms, box, vocabulary)
    )


def without_exceptions(condition: Condition, holds: bool = True) -> Condition:
    """The uses that a ban speaks of, those that it lets past by an `unless` or a `!` among them."""
    match condition:
        case In():
            return condition if holds else Or(())
        case Not(operand):
            return Not(without_exceptions(operand, not holds))
        case And(operands):
            return And(tuple(without_exceptions(o, holds) for o in operands))
        case Or(operands):
            return Or(tuple(without_exceptions(o, holds) for o in operands))


def _bears(test: In, holds: bool, term: Box, vocabulary: Vocabulary) -> bool:
    """Whether a term rests on a test: it meets some of it, or, of an exception, nothing of it."""
    its = term[vocabulary.position[test.axis]] & vocabulary.mask(test.axis, test.category)
    return bool(its) == holds


def _against(test: In, holds: bool, box: Box, vocabulary: Vocabulary) -> bool:
    """Whether the test is settled against the ban on all of the box."""
    mine = box[vocabulary.position[test.axis]]
    its = vocabulary.mask(test.axis, test.category)
    return mine & its == 0 if holds else mine & ~its == 0
