"""A box of a search as people and programs read it: its leaves, a witness, and a sentence in plain words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from avenant.analyse.types import Box, Passes
from avenant.region import Box as Masks
from avenant.region import Budget, Exhausted, Index, MaximalBox, Region, leaves, maximal_boxes
from avenant.vocabulary.phrases import sentence
from avenant.vocabulary.types import Vocabulary


def first_box(
    index: Index, region: Region, foreground: Collection[int], budget: Budget
) -> MaximalBox | None:
    """The first maximal box of a region, or None when it is empty. Raises region.Exhausted."""
    found = maximal_boxes(index, region, region, foreground, budget, 1)
    if not found.boxes and not found.complete:
        raise Exhausted  # a search that was cut off is never "none found"
    return next(iter(found.boxes), None)


def said(
    box: Masks,
    witness: Masks,
    foreground: Collection[int],
    vocabulary: Vocabulary,
    passes: Sequence[Passes] = (),
    permitted_by: Sequence[str] = (),
    refused_by: Sequence[str] = (),
) -> Box:
    """The box with its sentence; axes that it does not narrow are not named."""
    narrowed = [i for i, top in enumerate(vocabulary.full) if box[i] != top]
    front = [i for i in narrowed if i in foreground]
    axes = [a.id for a in vocabulary.axes]
    back = [i for i in narrowed if i not in foreground]
    return Box(
        {axes[i]: named(vocabulary, i, box[i]) for i in narrowed},
        tuple(axes[i] for i in front),
        {axes[i]: named(vocabulary, i, mask)[0] for i, mask in enumerate(witness)},
        tuple(passes),
        sentence(vocabulary, box, [axes[i] for i in front]),
        sentence(vocabulary, box, [axes[i] for i in back]) if back else "",
        tuple(permitted_by),
        tuple(refused_by),
    )


def named(vocabulary: Vocabulary, axis: int, mask: int) -> tuple[str, ...]:
    """The leaves of a mask by name, in vocabulary order."""
    ids = vocabulary.leaves(vocabulary.axes[axis].id)
    return tuple(ids[leaf.bit_length() - 1] for leaf in leaves(mask))
