"""z3, the second opinion: the same answers on texts too large to enumerate."""

from __future__ import annotations

from random import Random

import pytest
import z3

from avenant.region import Budget, Index, Part, Region, Verdict, find, maximal_boxes, union, verdict
from bench.texts import amended, random_ground, random_text, terms
from tests.depth import times
from tests.property.small import lies_in, random_box, random_region


class SecondOpinion:
    """A space and its terms said to z3: one number an axis."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.solver = z3.SolverFor("QF_FD")
        self.axes = [z3.BitVec(f"a{a}", 5) for a in range(len(index.space.sizes))]
        for axis, size in zip(self.axes, index.space.sizes, strict=True):
            self.solver.add(z3.ULE(axis, size - 1))
        self.terms = [self.in_box(term) for term in index.terms]

    def in_box(self, box: tuple[int, ...]) -> z3.BoolRef:
        """The use lies in the box."""
        return z3.And(
            [
                z3.Or([axis == i for i in range(size) if mask >> i & 1])
                for axis, mask, size in zip(self.axes, box, self.index.space.sizes, strict=True)
            ]
        )

    def in_region(self, region: Region) -> z3.BoolRef:
        """The use lies in the region."""

        def one_of(terms: int) -> z3.BoolRef:
            return z3.Or([said for i, said in enumerate(self.terms) if terms >> i & 1])

        def in_part(part: Part) -> z3.BoolRef:
            return z3.And([one_of(w) for w in part.within] + [z3.Not(one_of(part.outside))])

        return z3.Or([in_part(part) for part in region.parts])

    def some(self, *asked: z3.BoolRef) -> bool:
        """Whether a use meets all of it."""
        self.solver.push()
        self.solver.add(*asked)
        answer = self.solver.check()
        self.solver.pop()
        assert answer in (z3.sat, z3.unsat)
        return bool(answer == z3.sat)


def contract(seed: int, clauses: int, axes: int = 8) -> tuple[Random, Index, int, int]:
    """A random text of that many clauses: its index, permits and forbids."""
    random = Random(seed)
    ground = random_ground(random, axes, (3, 12))
    text = random_text(random, ground, clauses)
    index = Index(ground.space, [*terms(text, True), *terms(text, False)])
    return random, index, index.union(terms(text, True)), index.union(terms(text, False))


@pytest.mark.parametrize("clauses", [6, 25, 100])
def test_regions_equal_z3(clauses: int) -> None:
    """`find` and z3 agree on whether a region has a point in a box; both answers occur."""
    seen = set()
    for seed in range(times(4, 20)):
        random, index, permits, forbids = contract(seed, clauses)
        z = SecondOpinion(index)
        for _ in range(12):
            bits = random.getrandbits(index.all.bit_length()) & random.getrandbits(len(index.terms))
            region = random.choice(
                (
                    union(1 << random.randrange(len(index.terms))) & ~union(bits),
                    union(permits & bits) & ~union(forbids) & ~union(permits & ~bits),
                    random_region(random, index, 1),
                )
            )
            box = random_box(random, index.space)
            point = find(index, region, box, Budget())
            assert z.some(z.in_region(region), z.in_box(box)) == (point is not None)
            assert point is None or lies_in(index, region, point)
            seen.add(point is None)
    assert seen == {True, False}


@pytest.mark.parametrize("clauses", [6, 25, 100])
def test_verdicts_equal_z3(clauses: int) -> None:
    """A verdict is what z3 says of the points of the box; each of the three occurs."""
    seen = set()
    for seed in range(times(4, 20)):
        random, index, permits, forbids = contract(seed + 100, clauses, axes=6)
        z = SecondOpinion(index)
        text = union(permits) & ~union(forbids)
        permitted = z.in_region(text)
        for _ in range(25):
            box = random_box(random, index.space)
            permitted_point = find(index, text, box, Budget())
            if permitted_point and random.random() < 0.5:
                # Most large boxes hold something forbidden; a permitted point with one axis open need not.
                axis = random.randrange(6)
                box = (*permitted_point[:axis], box[axis], *permitted_point[axis + 1 :])
            some = z.some(z.in_box(box), permitted)
            all_ = not z.some(z.in_box(box), z3.Not(permitted))
            expected = (
                Verdict.PERMITTED if all_ else Verdict.UNDETERMINED if some else Verdict.REFUSED
            )
            assert expected == verdict(index, permits, forbids, box, Budget())
            seen.add(expected)
    assert seen == set(Verdict)


def test_boxes_equal_z3() -> None:
    """On an amendment, z3 finds no point outside the boxes' foregrounds, none outside in a box, no room to grow."""
    compared = 0
    for seed in range(times(5, 20)):
        random = Random(seed)
        ground = random_ground(random, 6, (3, 8))
        before = random_text(random, ground, 20)
        after = amended(random, ground, before, 2)
        index = Index(ground.space, [t for c in (*before, *after) for t in c.terms])
        was, now = (
            union(index.union(terms(text, True))) & ~union(index.union(terms(text, False)))
            for text in (before, after)
        )
        z = SecondOpinion(index)
        for region, inside in ((now & ~was, now & ~was), (was & ~now, ~now)):
            foreground = tuple(random.sample(range(6), 3))
            answer = maximal_boxes(index, region, inside, foreground, Budget())
            assert answer.complete
            full = index.space.full
            within = z.in_region(inside)
            shadows = [
                tuple(m if a in foreground else full[a] for a, m in enumerate(found.box))
                for found in answer.boxes
            ]
            assert not z.some(z.in_region(region), *(z3.Not(z.in_box(s)) for s in shadows))
            for found in answer.boxes:
                assert not z.some(z.in_box(found.box), z3.Not(within))
                for axis, mask in enumerate(found.box):
                    for leaf in (
                        1 << i for i in range(full[axis].bit_length()) if not mask >> i & 1
                    ):
                        slab = (*found.box[:axis], leaf, *found.box[axis + 1 :])
                        assert z.some(z.in_box(slab), z3.Not(within))
                compared += 1
    assert compared >= 5
