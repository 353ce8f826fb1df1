"""Small random texts, and the brute force that is the third opinion on every search."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from avenant.region import Box, Index, Part, Region, Space, contains, points, union
from bench.texts import Ground, random_clause, random_ground


@dataclass(frozen=True)
class Small:
    """A text small enough to enumerate: its index, and the sets of terms that permit and forbid."""

    ground: Ground
    index: Index
    permits: int
    forbids: int

    @property
    def permitted(self) -> Region:
        """Where a permit holds and no forbid does."""
        return union(self.permits) & ~union(self.forbids)


def small_text(
    random: Random, axes: tuple[int, int] = (2, 4), sizes: tuple[int, int] = (2, 5)
) -> Small:
    """A text of one to eight clauses over a space of at most a few hundred points."""
    ground = random_ground(random, random.randint(*axes), sizes)
    generous = random.choice((0.5, 0.7, 0.9))
    text = [
        random_clause(random, ground, random.random() < generous, (0 if generous > 0.6 else 1, 3))
        for _ in range(random.randint(1, 8))
    ]
    index = Index(ground.space, [term for clause in text for term in clause.terms])
    permits = index.union(t for clause in text if clause.permits for t in clause.terms)
    forbids = index.union(t for clause in text if not clause.permits for t in clause.terms)
    return Small(ground, index, permits, forbids)


def random_box(random: Random, space: Space) -> Box:
    """A use that may be incomplete: on each axis a leaf, a category, or anything at all."""
    return tuple(
        random.choice(
            (1 << random.randrange(size), 1 << random.randrange(size), random.choice(tree), full)
        )
        for size, tree, full in zip(space.sizes, space.subtrees, space.full, strict=True)
    )


def random_region(random: Random, index: Index, depth: int = 2) -> Region:
    """A region written with `&`, `|` and `~` over random sets of terms."""
    if depth == 0 or random.random() < 0.2:
        return union(random.getrandbits(len(index.terms)))
    left = random_region(random, index, depth - 1)
    match random.randrange(3):
        case 0:
            return ~left
        case 1:
            return left & random_region(random, index, depth - 1)
        case _:
            return left | random_region(random, index, depth - 1)


def held(index: Index, point: Box) -> int:
    """The terms that hold at a point, asked one by one."""
    return sum(1 << i for i, term in enumerate(index.terms) if contains(term, point))


def lies_in(index: Index, region: Region, point: Box) -> bool:
    """Whether the point is in the region, by what a part means."""
    terms = held(index, point)

    def in_part(part: Part) -> bool:
        return all(terms & wanted for wanted in part.within) and not terms & part.outside

    return any(map(in_part, region.parts))


def enumerated(index: Index, region: Region, box: Box) -> list[Box]:
    """Every point of the region in the box, in vocabulary order."""
    return [point for point in points(box) if lies_in(index, region, point)]
