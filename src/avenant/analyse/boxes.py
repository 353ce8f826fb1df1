"""A box of a search as people and programs read it: its leaves, a witness, and a sentence in plain words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from avenant.findings.types import Box, Passes, Permit
from avenant.languages import say
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


def described(
    found: MaximalBox,
    foreground: Collection[int],
    vocabulary: Vocabulary,
    passes: Sequence[Passes] = (),
    permits: Sequence[Permit] = (),
    permitted_by: Sequence[str] = (),
) -> Box:
    """Return a box in three parts, each over the axes that it narrows.

    The foreground; on the other axes, what is true of every use with that foreground (the hull); and where the box is
    narrower than that, what is so in this box alone.
    """
    box, hull = found.box, found.hull
    axes = [a.id for a in vocabulary.axes]
    narrowed = [i for i, top in enumerate(vocabulary.full) if box[i] != top]
    front = [axes[i] for i in narrowed if i in foreground]
    back = [i for i, top in enumerate(vocabulary.full) if i not in foreground]
    only = [i for i in back if hull[i] != vocabulary.full[i]]
    example = [axes[i] for i in back if box[i] != hull[i]]
    return Box(
        {axes[i]: named(vocabulary, i, box[i]) for i in narrowed},
        tuple(front),
        {axes[i]: named(vocabulary, i, hull[i]) for i in only},
        tuple(example),
        {axes[i]: named(vocabulary, i, mask)[0] for i, mask in enumerate(found.witness)},
        tuple(passes),
        tuple(permits),
        sentence(vocabulary, box, front),
        sentence(vocabulary, hull, [axes[i] for i in only]) if only else "",
        sentence(vocabulary, box, example) if example else "",
        tuple(permitted_by),
    )


def conditions(box: Box) -> tuple[str, ...]:
    """Return what holds beyond the foreground: of every use with it, then of this box alone."""
    parts = (("analyse.only", box.condition), ("analyse.instance", box.instance))
    return tuple(say(key, what=what) for key, what in parts if what)


def whole_sentence(box: Box) -> str:
    """Return the box in one sentence, its conditions behind its foreground."""
    return say("phrases.part").join((box.sentence, *conditions(box)))


def named(vocabulary: Vocabulary, axis: int, mask: int) -> tuple[str, ...]:
    """The leaves of a mask by name, in vocabulary order."""
    ids = vocabulary.leaves(vocabulary.axes[axis].id)
    return tuple(ids[leaf.bit_length() - 1] for leaf in leaves(mask))
