"""A text held against stock Cedar before it serves: the same decision and the same determining rules, use by use.

Asked are a point inside each term, and a permitted one where there is one; from these, every leaf in turn of each axis
that the term narrows, once for each test of each rule, so that each category inside and outside is tried; and random
ones. Agreement on these
is evidence and no proof; the theorem that the two agree on every complete use is tested on random texts.

    difference = crosscheck(decider, read_exported(folder))
    difference is None or difference.use
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from avenant.decide.decider import Decider
from avenant.decide.types import Outcome
from avenant.region import Box, Budget, Exhausted, find, first_point, leaves, on
from avenant.rules.export import Exported
from avenant.rules.reference import Reference
from avenant.vocabulary.types import Vocabulary

RANDOM = 512  # random uses asked beside those at the terms
STEPS = 20_000  # of the search for a permitted point inside one term
_SEED = 20260228  # fixed: the same text is asked the same questions everywhere

Answer = tuple[str, frozenset[str]]


class Difference(Struct, frozen=True):
    """A complete use on which Avenant and Cedar differ: effect and determining rules of each."""

    use: dict[str, str]
    ours: Answer
    cedars: Answer


def crosscheck(decider: Decider, exported: Exported) -> Difference | None:
    """The first use on which the text and the export differ, or None.

    Raises InputError when Cedar cannot read the export, Unavailable when it gives no decision.
    """
    vocabulary = decider.text.vocabulary
    reference = Reference(exported, vocabulary)
    points = list(dict.fromkeys(_points(decider)))
    uses = [as_use(point, vocabulary) for point in points]
    for point, use, cedars in zip(points, uses, reference.decide(uses), strict=True):
        ours = determined(decider, point)
        if ours != cedars:
            return Difference(use, ours, cedars)
    return None


def determined(decider: Decider, point: Box) -> Answer:
    """The effect on a complete use, and what determines it in Cedar's sense: the rules of that effect that hold."""
    outcome, held = decider.determine(point)
    return "permit" if outcome is Outcome.PERMITTED else "forbid", frozenset(held)


def as_use(point: Box, vocabulary: Vocabulary) -> dict[str, str]:
    """A point as a complete use: one leaf by name on each axis."""
    return {
        axis.id: vocabulary.leaves(axis.id)[mask.bit_length() - 1]
        for axis, mask in zip(vocabulary.axes, point, strict=True)
    }


def _points(decider: Decider) -> Iterator[Box]:
    index, full = decider.index, decider.index.space.full
    swept: set[tuple[str, int, int]] = set()
    for i, term in enumerate(index.terms):
        owners = decider.owners[i]
        for inside in _inside(decider, term):
            yield inside
            for axis, (mask, top) in enumerate(zip(term, full, strict=True)):
                if mask != top:
                    # What a rule tests is asked at every leaf once; from its other terms, a leaf stands for all
                    # that no term tells apart.
                    tests = {(rule, axis, mask) for rule in owners}
                    for leaf in index.kinds(axis) if tests <= swept else leaves(top):
                        yield on(inside, axis, leaf)
                    swept |= tests
    dice = random.Random(_SEED)  # noqa: S311  the same questions everywhere, no secret
    for _ in range(RANDOM):
        yield tuple(1 << dice.randrange(top.bit_length()) for top in full)


def _inside(decider: Decider, term: Box) -> Iterator[Box]:
    """The first point of a term, and the first that is permitted: where a ban holds, it hides what a permit says."""
    yield first_point(term)
    with suppress(Exhausted):
        if (point := find(decider.index, decider.permitted, term, Budget(STEPS))) is not None:
            yield point
