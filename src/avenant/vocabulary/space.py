"""A vocabulary as a space of leaves: axes become indexes, categories the subtrees that boxes grow by."""

from __future__ import annotations

from avenant.region import Space
from avenant.vocabulary.types import Vocabulary


def space_of(vocabulary: Vocabulary) -> Space:
    """The space whose axis i is `vocabulary.axes[i]` and whose leaf bits are the vocabulary's masks."""
    return Space(
        tuple(len(vocabulary.leaves(axis.id)) for axis in vocabulary.axes),
        tuple(tuple(mask for _, mask in vocabulary.subtrees(axis.id)) for axis in vocabulary.axes),
    )
