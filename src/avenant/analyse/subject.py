"""What two rules are both about: the axes on which the words of both say the same, or the one a part of the other.

    shared(limit, other, vocabulary)      # ("operation", "population"): both are about monitoring of U.S. persons

Only tests that a rule wants to hold and that a word of the prose stands for count: an exception is no subject, and what
no word says, no reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping

from avenant.rules.types import Rule, signed_tests
from avenant.vocabulary.types import Vocabulary

Subject = Mapping[str, frozenset[int]]
"""Per axis the masks of the categories that a rule is about."""


def subject(rule: Rule, vocabulary: Vocabulary) -> Subject:
    """What one rule is about, the axes in vocabulary order."""
    masks: dict[str, set[int]] = {}
    for test, holds in signed_tests(rule.condition):
        if holds and test.words:
            masks.setdefault(test.axis, set()).add(vocabulary.mask(test.axis, test.category))
    return {a.id: frozenset(masks[a.id]) for a in vocabulary.axes if a.id in masks}


def common(one: Subject, other: Subject) -> tuple[str, ...]:
    """The axes of a common subject, in vocabulary order."""
    return tuple(
        axis
        for axis, masks in one.items()
        if axis in other and any(a & b in (a, b) for a in masks for b in other[axis])
    )


def shared(one: Rule, other: Rule, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The axes of the common subject of two rules, in vocabulary order."""
    return common(subject(one, vocabulary), subject(other, vocabulary))
