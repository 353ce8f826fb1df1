"""The search says what enumeration says: regions, their first points, covers, verdicts, missing axes."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from avenant.region import (
    Budget,
    Exhausted,
    Index,
    Mixture,
    Region,
    Space,
    Verdict,
    bounds_of,
    count,
    covers,
    escape,
    find,
    first,
    missing,
    parts,
    points,
    union,
    verdict,
)
from avenant.region.space import on
from tests.depth import times
from tests.property.small import (
    Small,
    enumerated,
    held,
    lies_in,
    random_box,
    random_region,
    small_text,
)

seeds = st.integers(0, 2**64 - 1)
TEXTS = times(1_500, 20)


def by_enumeration(small: Small, box: tuple[int, ...]) -> Verdict:
    """The verdict as §3 of the semantics says it, point by point."""
    permitted = {lies_in(small.index, small.permitted, point) for point in points(box)}
    if len(permitted) == 2:
        return Verdict.UNDETERMINED
    return Verdict.PERMITTED if True in permitted else Verdict.REFUSED


def test_verdicts_equal_enumeration_on_incomplete_uses() -> None:
    """20,000 boxes get the verdict that their points give, each verdict on at least 15 % of them."""
    random, seen = Random(20260228), Counter[Verdict]()
    for _ in range(TEXTS):
        small = small_text(random)
        for _ in range(14):
            box = random_box(random, small.index.space)
            expected = by_enumeration(small, box)
            actual = verdict(small.index, small.permits, small.forbids, box, Budget())
            assert expected == actual
            seen[actual] += 1
    assert seen.total() >= 20_000
    assert all(seen[v] >= 0.15 * seen.total() for v in Verdict), seen


def test_covers_of_terms_on_several_axes_equal_enumeration() -> None:
    """Terms that each test two axes or three, so that none closes leaves alone; both answers at least 15 % of them."""
    random, seen = Random(20260301), Counter[bool]()
    space = Space((3, 3, 3, 3, 3))
    for _ in range(times(400, 20)):
        terms = []
        for _ in range(random.randint(3, 60)):
            tested = random.sample(range(5), random.randint(2, 3))
            terms.append(tuple(random.randint(1, 6) if a in tested else 0b111 for a in range(5)))
        index = Index(space, terms)
        expected = all(held(index, p) for p in points(space.full))
        actual = covers(index, index.all, space.full, Budget())
        assert expected == actual
        seen[actual] += 1
    assert all(seen[answer] >= 0.15 * seen.total() for answer in (True, False)), seen


def test_missing_axes_equal_enumeration() -> None:
    """An axis is missing exactly when two points that differ on it alone differ in being permitted."""
    random, seen = Random(20260302), Counter[bool]()
    for _ in range(times(400, 20)):
        small = small_text(random)
        box = random_box(random, small.index.space)
        truth = {p: lies_in(small.index, small.permitted, p) for p in points(box)}
        expected = {
            next(axis for axis, (a, b) in enumerate(zip(p, q, strict=True)) if a != b)
            for p, q in combinations(truth, 2)
            if truth[p] != truth[q] and sum(a != b for a, b in zip(p, q, strict=True)) == 1
        }
        mixture = Mixture((mask,) for mask in box)
        found = missing(small.index, small.permits, small.forbids, mixture, Budget())
        assert (tuple(sorted(expected)), True) == found
        seen.update(a in expected for a in range(len(box)) if box[a] & (box[a] - 1))
    assert min(seen[True], seen[False]) > 0.15 * seen.total()


@given(seeds)
def test_an_undetermined_box_always_misses_an_axis(seed: int) -> None:
    """Undetermined means some axis matters, and a settled verdict means none does."""
    random = Random(seed)
    small = small_text(random)
    box = random_box(random, small.index.space)
    settled = (
        verdict(small.index, small.permits, small.forbids, box, Budget()) != Verdict.UNDETERMINED
    )
    mixture = Mixture((mask,) for mask in box)
    found, whole = missing(small.index, small.permits, small.forbids, mixture, Budget())
    assert (settled, True) == (found == (), whole)


def random_mixture(random: Random, space: Space) -> Mixture:
    """One to three values an axis, some of them leaves, some containing another."""
    return Mixture(
        tuple(
            dict.fromkeys(
                random.choice((1 << random.randrange(full.bit_length()), random.randint(1, full)))
                for _ in range(random.choice((1, 1, 2, 3)))
            )
        )
        for full in space.full
    )


def test_parts_of_a_mixture_are_its_settled_combinations() -> None:
    """Each refused combination lies in one part of the refused, each permitted one of the permitted, no other."""
    random, seen = Random(20261201), Counter[Verdict]()
    for _ in range(times(400, 20)):
        small = small_text(random)
        mixture = random_mixture(random, small.index.space)
        boxes = {box: by_enumeration(small, box) for box in product(*mixture)}
        seen.update(boxes.values())
        for wanted in (Verdict.REFUSED, Verdict.PERMITTED):
            found = [
                box
                for part in parts(
                    small.index, small.permits, small.forbids, mixture, wanted, Budget()
                )
                for box in product(*part)
            ]
            assert sorted(box for box, verdict in boxes.items() if verdict is wanted) == sorted(
                found
            )
    assert all(seen[v] >= 0.1 * seen.total() for v in Verdict), seen


def test_missing_axes_of_a_mixture_are_those_of_its_combinations() -> None:
    """Over combinations, an axis is missing when it is on one of them."""
    random, several = Random(20261202), 0
    for _ in range(times(400, 20)):
        small = small_text(random)
        mixture = random_mixture(random, small.index.space)
        expected: set[int] = set()
        for box in product(*mixture):
            one = Mixture((mask,) for mask in box)
            expected |= set(missing(small.index, small.permits, small.forbids, one, Budget())[0])
        found = missing(small.index, small.permits, small.forbids, mixture, Budget())
        assert (tuple(sorted(expected)), True) == found
        several += bool(expected) and len(set(product(*mixture))) > 1
    assert several >= 40


def test_a_spent_budget_leaves_axes_out_and_says_so() -> None:
    """Within few steps the axes found are some of those that matter; all of them only when it says so."""
    random, cut = Random(20261203), 0
    for _ in range(times(300, 20)):
        small = small_text(random)
        mixture = random_mixture(random, small.index.space)
        every, _ = missing(small.index, small.permits, small.forbids, mixture, Budget())
        for steps in (0, 1, 2, 4, 8):
            found, whole = missing(
                small.index, small.permits, small.forbids, mixture, Budget(steps)
            )
            assert set(found) <= set(every)
            assert found == every or not whole
            cut += not whole
    assert cut >= 100


def test_what_possibly_or_certainly_holds_on_some_combination() -> None:
    """The bounds of a mixture are the unions of those of its boxes."""
    random = Random(20261204)
    for _ in range(times(200, 20)):
        index = small_text(random).index
        mixture = random_mixture(random, index.space)
        possible = certain = 0
        for box in product(*mixture):
            possible |= index.bounds(box)[0]
            certain |= index.bounds(box)[1]
        assert (possible, certain) == bounds_of(index, mixture)


@given(seeds)
def test_finer_facts_change_no_settled_verdict(seed: int) -> None:
    """A box inside a permitted one is permitted, inside a refused one refused."""
    random = Random(seed)
    small = small_text(random)
    box = random_box(random, small.index.space)
    coarse = verdict(small.index, small.permits, small.forbids, box, Budget())
    finer = tuple(
        a & b or a for a, b in zip(box, random_box(random, small.index.space), strict=True)
    )
    fine = verdict(small.index, small.permits, small.forbids, finer, Budget())
    assert coarse in (fine, Verdict.UNDETERMINED)


@given(seeds)
def test_bounds_are_the_terms_that_hold_somewhere_and_everywhere(seed: int) -> None:
    """`bounds` is the union and the intersection of what holds at each point."""
    random = Random(seed)
    index = small_text(random).index
    box = tuple(random.randint(1, full) for full in index.space.full)
    somewhere, everywhere = 0, index.all
    for point in points(box):
        somewhere |= held(index, point)
        everywhere &= held(index, point)
    assert (somewhere, everywhere) == index.bounds(box)


@given(seeds)
def test_the_first_point_of_a_region_is_the_first_enumerated(seed: int) -> None:
    """`find` finds a point exactly when there is one, `first` the first in vocabulary order."""
    random = Random(seed)
    index = small_text(random).index
    region = random_region(random, index)
    box = random_box(random, index.space)
    expected = enumerated(index, region, box)
    found = find(index, region, box, Budget())
    assert bool(expected) == (found is not None)
    assert found is None or found in expected
    assert next(iter(expected), None) == first(index, region, box, Budget())


@given(seeds)
def test_a_count_is_that_of_the_enumeration(seed: int) -> None:
    """As many points as are enumerated, in any box and of any region."""
    random = Random(seed)
    index = small_text(random).index
    region, box = random_region(random, index), random_box(random, index.space)
    assert len(enumerated(index, region, box)) == count(index, region, box, Budget())


@given(seeds)
def test_the_algebra_of_regions_means_what_it_says(seed: int) -> None:
    """`&`, `|` and `~` on regions are and, or and not on their points; `where` strikes out terms."""
    random = Random(seed)
    index = small_text(random).index
    left, right = random_region(random, index), random_region(random, index)
    kept = random.getrandbits(len(index.terms))

    def inside(region: Region, terms: int) -> bool:
        return any(
            all(terms & wanted for wanted in part.within) and not terms & part.outside
            for part in region.parts
        )

    for terms in (held(index, p) for p in points(random_box(random, index.space))):
        a, b = inside(left, terms), inside(right, terms)
        assert (a and b, a or b, not a) == (
            inside(left & right, terms),
            inside(left | right, terms),
            inside(~left, terms),
        )
        assert inside(left, terms & kept) == inside(left.where(kept), terms & kept)


def test_covers_equals_enumeration_and_its_witness_escapes() -> None:
    """Terms cover a box exactly when each point lies in one; else the witness lies in none.

    The terms are any boxes, not categories, and just so many that several together cover or nearly
    cover the space: no leaf is the best one for nothing, and the search must split.
    """
    random, seen = Random(1987), Counter[bool]()
    for _ in range(times(300, 20)):
        space = Space(tuple(random.randint(2, 4) for _ in range(random.randint(4, 5))))
        terms = [space.full] * random.randint(25, 50)
        for i, term in enumerate(terms):
            for axis in random.sample(range(len(term)), random.randint(3, 4)):
                term = on(term, axis, random.randint(1, space.full[axis] - 1))
            terms[i] = term
        index = Index(space, terms)
        expected = all(held(index, point) for point in points(space.full))
        budget = Budget()
        witness = escape(index, index.all, space.full, budget)
        assert expected == (witness is None) == covers(index, index.all, space.full, Budget())
        assert witness is None or (witness in set(points(space.full)) and not held(index, witness))
        seen[expected] += budget.spent > 2  # it did split
    assert min(seen[True], seen[False]) > 60, seen


@given(seeds)
def test_a_budget_ends_a_search_and_never_changes_its_answer(seed: int) -> None:
    """With fewer steps than it takes, a search is exhausted; with as many, it answers as without a budget."""
    random = Random(seed)
    small = small_text(random)
    region, full = random_region(random, small.index), small.index.space.full
    free = Budget()
    answer = find(small.index, region, full, free)
    assert answer == find(small.index, region, full, Budget(free.spent))
    for steps in range(free.spent):
        try:
            find(small.index, region, full, Budget(steps))
        except Exhausted:
            continue
        raise AssertionError("a search took more steps than its budget")


@given(seeds)
def test_a_spent_budget_is_undetermined_and_never_wrong(seed: int) -> None:
    """Whatever the budget, the verdict is the exact one or undetermined."""
    random = Random(seed)
    small = small_text(random)
    box = random_box(random, small.index.space)
    exact = verdict(small.index, small.permits, small.forbids, box, Budget())
    for steps in range(4):
        hasty = verdict(small.index, small.permits, small.forbids, box, Budget(steps))
        assert hasty in (exact, Verdict.UNDETERMINED)


@given(seeds)
def test_a_phrasing_cannot_matter(seed: int) -> None:
    """A text in which a term is cut in two on one axis gives the same verdicts."""
    random = Random(seed)
    small = small_text(random)
    index = small.index
    which = random.randrange(len(index.terms))
    term = index.terms[which]
    axis = random.randrange(len(term))
    half = term[axis] & random.getrandbits(index.space.sizes[axis])
    if half in (0, term[axis]):
        half = term[axis]
    pieces = [
        (*term[:axis], mask, *term[axis + 1 :]) for mask in (half, term[axis] & ~half) if mask
    ]
    cut = index.with_terms(pieces)
    bits = {True: small.permits, False: small.forbids}
    for effect, terms in bits.items():
        if terms >> which & 1:
            bits[effect] = terms & ~(1 << which) | cut.union(pieces)
    box = random_box(random, index.space)
    assert verdict(index, small.permits, small.forbids, box, Budget()) == verdict(
        cut, bits[True], bits[False], box, Budget()
    )


def test_the_stop_of_a_budget_ends_a_search() -> None:
    """Whoever has a clock can end a search; it is exhausted as if its steps were spent."""
    small = small_text(Random(1))
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return True

    try:
        find(small.index, union(small.permits), small.index.space.full, Budget(stop=stop))
    except Exhausted:
        assert asked == [True]
    else:
        raise AssertionError("the search was not stopped")
