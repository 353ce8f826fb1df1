"""What two rules are both about: the axes on which the words of both say the same, or the one a part of the other.

    shared(limit, other, vocabulary)      # ("operation", "population"): both are about monitoring of U.S. persons

Only tests that a rule wants to hold and that a word of the prose stands for count: an exception is no subject, and what
no word says, no reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping

from avenant.rules.types import Rule, signed_tests
from avenant.vocabulary.types import Vocabulary


def shared(one: Rule, other: Rule, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The axes of the common subject, in vocabulary order."""
    mine, its = _said(one, vocabulary), _said(other, vocabulary)
    return tuple(
        axis.id
        for axis in vocabulary.axes
        if axis.id in mine
        and axis.id in its
        and any(a & b in (a, b) for a in mine[axis.id] for b in its[axis.id])
    )


def _said(rule: Rule, vocabulary: Vocabulary) -> Mapping[str, set[int]]:
    """Per axis the masks of the tests that words stand for."""
    masks: dict[str, set[int]] = {}
    for test, holds in signed_tests(rule.condition):
        if holds and test.words:
            masks.setdefault(test.axis, set()).add(vocabulary.mask(test.axis, test.category))
    return masks
