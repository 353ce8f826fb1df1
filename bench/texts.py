"""Random texts in the shape of contracts, as terms over a space: for benches and property tests.

About fifteen axes, each a tree of 6 to 30 leaves in which every inner category has a leaf of its own for "none of the
listed kinds"; clauses that test two to five axes by whole categories, three in ten of them permits, one in five with an
`unless` that lets a smaller box past, which makes several terms of one clause. The first clauses permit widely, as the
first clauses of contracts do, or nothing would be left to ask about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from avenant.region import Box, Space


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: whether it permits or forbids, and the terms of its rule."""

    permits: bool
    terms: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A space and, per axis, the masks of the categories that clauses may name: neither the root nor an `.other`."""

    space: Space
    categories: tuple[tuple[int, ...], ...]


def random_ground(random: Random, axes: int = 15, sizes: tuple[int, int] = (6, 30)) -> Ground:
    """Axes as trees of categories, with leaf counts drawn from `sizes`."""
    trees = [_tree(random, random.randint(*sizes)) for _ in range(axes)]
    space = Space(
        tuple(tree[0][0].bit_length() for tree in trees),
        tuple(tuple(mask for mask, _ in tree) for tree in trees),
    )
    named = tuple(tuple(mask for mask, listed in tree if listed) for tree in trees)
    return Ground(space, named)


def _tree(random: Random, leaves: int) -> list[tuple[int, bool]]:
    """The subtrees of one axis in preorder, each with whether it is a listed category."""

    def grow(low: int, size: int, listed: bool) -> list[tuple[int, bool]]:
        mask = (1 << size) - 1 << low
        if size < 3:
            return [(mask & -mask, listed)] if size == 1 else [(mask, listed), *halves(low)]
        # The last leaf is the category's own `.other`; the rest is shared out among its children.
        found = [(mask, listed)]
        rest = size - 1
        while rest:
            part = rest if rest == 1 else random.randint(1, max(1, min(rest, size // 2)))
            found += grow(low, part, True)
            low, rest = low + part, rest - part
        return [*found, (1 << low, False)]

    def halves(low: int) -> list[tuple[int, bool]]:
        return [(1 << low, True), (2 << low, False)]

    return grow(0, leaves, False)


def random_clause(random: Random, ground: Ground, permits: bool, tests: tuple[int, int]) -> Clause:
    """A clause that tests `tests` axes (least, most) by category, one in five with an `unless` on one or two."""
    space = ground.space
    axes = random.sample(range(len(space.sizes)), min(random.randint(*tests), len(space.sizes)))
    term = list(space.full)
    for axis in axes:
        term[axis] = _category(random, ground, axis)
    if random.random() >= 0.2:
        return Clause(permits, (tuple(term),))
    passed = {
        axis: _category(random, ground, axis)
        for axis in random.sample(range(len(space.sizes)), random.randint(1, 2))
    }
    # All but the passed box: one term for each of its axes on which a use lies outside it.
    terms = []
    for axis, mask in passed.items():
        left = term[axis] & ~mask
        if left:
            terms.append((*term[:axis], left, *term[axis + 1 :]))
    return Clause(permits, tuple(terms)) if terms else Clause(permits, (tuple(term),))


def _category(random: Random, ground: Ground, axis: int) -> int:
    # Wide categories are tested as often as narrow ones, though they are fewer.
    masks = ground.categories[axis]
    if random.random() < 0.5:
        wide = [mask for mask in masks if mask.bit_count() > 1]
        masks = tuple(wide) or masks
    return random.choice(masks)


def random_text(random: Random, ground: Ground, clauses: int) -> tuple[Clause, ...]:
    """A text of that many clauses: the first tenth permit widely, then three in ten permit."""
    opening = max(1, clauses // 50)
    text = [random_clause(random, ground, True, (1, 2)) for _ in range(opening)]
    while len(text) < clauses:
        text.append(random_clause(random, ground, random.random() < 0.3, (2, 5)))
    return tuple(text)


def amended(
    random: Random, ground: Ground, text: Sequence[Clause], changes: int
) -> tuple[Clause, ...]:
    """The text with that many clauses replaced, one in three of the changes an insertion of a forbid."""
    after = list(text)
    for _ in range(changes):
        if random.random() < 1 / 3:
            after.append(random_clause(random, ground, False, (2, 5)))
        else:
            i = random.randrange(len(after))
            after[i] = random_clause(random, ground, after[i].permits, (2, 5))
    return tuple(after)


def terms(text: Sequence[Clause], permits: bool) -> tuple[Box, ...]:
    """All terms of the permits, or of the forbids."""
    return tuple(term for clause in text if clause.permits == permits for term in clause.terms)
