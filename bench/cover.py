"""Proofs against z3: dead clauses, loopholes and comparison on random texts, the same answers asserted.

    python bench/cover.py                              # 20, 200 and 1,000 clauses
    python bench/cover.py --clauses 200 --seed 7
    python bench/cover.py --unkind                     # no contract: random three-test clauses, no `.other`
    python bench/cover.py --json

Both sides answer the same questions about the same terms, in one process, in turns; the shortest of three rounds
counts. For each clause: does it change anything? For each of twelve principles: does a permitted use meet it? For each
of twelve amendments: does it permit something new, does it refuse something?

z3 is given its best. One solver holds a text for all questions; "no clause of these" is a tree of definitions, so that
a question names a dozen literals and not a thousand; four set-ups are tried (an axis as a Boolean a leaf or as a bit
vector, the default solver or the one for finite domains) and the fastest of them is shown.
"""

from __future__ import annotations

import json
import platform
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from time import perf_counter

import z3

# Run as a script, only bench/ itself is on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from avenant.region import Budget, Index, Region, Space, find, union
from bench.texts import Clause, Ground, amended, random_clause, random_ground, random_text, terms

PRINCIPLES = AMENDMENTS = 12
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what it is tested against, and what might become of it."""

    ground: Ground
    text: tuple[Clause, ...]
    principles: tuple[Clause, ...]
    amendments: tuple[tuple[Clause, ...], ...]

    def changes(self) -> list[tuple[frozenset[int], list[Clause]]]:
        """Per amendment the clauses of the text that go, by number, and those that come."""
        known = set(self.text)
        return [
            (
                frozenset(i for i, clause in enumerate(self.text) if clause not in kept),
                [clause for clause in amendment if clause not in known],
            )
            for amendment, kept in ((a, set(a)) for a in self.amendments)
        ]


def random_case(seed: int, clauses: int) -> Case:
    """A contract-shaped text; principles of two or three tests; amendments of one to three clauses."""
    random = Random(seed)
    ground = random_ground(random)
    text = random_text(random, ground, clauses)
    principles = tuple(random_clause(random, ground, False, (2, 3)) for _ in range(PRINCIPLES))
    amendments = tuple(
        amended(random, ground, text, random.randint(1, 3)) for _ in range(AMENDMENTS)
    )
    return Case(ground, text, principles, amendments)


def unkind_case(seed: int, clauses: int) -> Case:
    """Everything is permitted but for three-test clauses over thirty two-valued axes: near the hardest there is."""
    random = Random(seed)
    space = Space((2,) * 30)

    def forbid() -> Clause:
        term = list(space.full)
        for axis in random.sample(range(len(term)), 3):
            term[axis] = random.choice((0b01, 0b10))
        return Clause(False, (tuple(term),))

    text = (Clause(True, (space.full,)), *(forbid() for _ in range(clauses - 1)))
    ground = Ground(space, space.subtrees)
    principles = tuple(forbid() for _ in range(PRINCIPLES))
    amendments = tuple((*text, forbid()) for _ in range(AMENDMENTS))
    return Case(ground, text, principles, amendments)


@dataclass(frozen=True, slots=True)
class Answers:
    """One yes or no a question, in order: whether the region asked about holds a use."""

    dead: tuple[bool, ...]
    loopholes: tuple[bool, ...]
    comparison: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """The answers, and what each kind of question took, in seconds."""

    answers: Answers
    seconds: dict[str, float]


class Clock:
    """Seconds between two readings, each under a name."""

    def __init__(self) -> None:
        self.last = perf_counter()
        self.seconds: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """Book the time since the last reading."""
        now = perf_counter()
        self.seconds[name] = now - self.last
        self.last = now


def by_search(case: Case) -> Run:
    """Avenant's answers: one index over all terms, each question a region."""
    clock = Clock()
    clauses = dict.fromkeys(
        clause for text in (case.text, case.principles, *case.amendments) for clause in text
    )
    index = Index(case.ground.space, [term for clause in clauses for term in clause.terms])
    bits = {clause: index.union(clause.terms) for clause in clauses}
    clock.lap("preparing")

    def some(region: Region) -> bool:
        return find(index, region, index.space.full, Budget()) is not None

    def permitted(text: Sequence[Clause]) -> Region:
        return union(index.union(terms(text, True))) & ~union(index.union(terms(text, False)))

    own = [bits[clause] for clause in case.text]
    permits = [b if c.permits else 0 for b, c in zip(own, case.text, strict=True)]
    forbids = [0 if c.permits else b for b, c in zip(own, case.text, strict=True)]
    every_permit, every_forbid = union(joined(permits)), union(joined(forbids))
    dead = tuple(
        not some(
            union(bit) & ~union(other_permits) & ~every_forbid
            if clause.permits
            else union(bit) & every_permit & ~union(other_forbids)
        )
        for clause, bit, other_permits, other_forbids in zip(
            case.text, own, all_but_one(permits), all_but_one(forbids), strict=True
        )
    )
    clock.lap("dead clauses")

    now = permitted(case.text)
    loopholes = tuple(some(now & union(bits[principle])) for principle in case.principles)
    clock.lap("loopholes")

    comparison = tuple(
        some(region)
        for after in map(permitted, case.amendments)
        for region in (after & ~now, now & ~after)
    )
    clock.lap("comparison")
    return Run(Answers(dead, loopholes, comparison), clock.seconds)


def joined(sets: Iterable[int]) -> int:
    """The union of sets of terms."""
    result = 0
    for each in sets:
        result |= each
    return result


def all_but_one(sets: Sequence[int]) -> list[int]:
    """For each set the union of the others, in one pass each way."""
    after = [0]
    for each in reversed(sets):
        after.append(after[-1] | each)
    before, result = 0, []
    for each, rest in zip(sets, reversed(after[:-1]), strict=True):
        result.append(before | rest)
        before |= each
    return result


@dataclass(frozen=True, slots=True)
class NoneOf:
    """A literal that says that none of some clauses holds, and its two halves."""

    said: z3.BoolRef
    clauses: frozenset[int]
    halves: tuple[NoneOf, ...] = ()

    def but(self, left_out: frozenset[int]) -> list[z3.BoolRef]:
        """Literals that say together that none holds, those left out aside."""
        if not self.clauses & left_out:
            return [self.said]
        return [literal for half in self.halves for literal in half.but(left_out)]


class ByZ3:
    """z3's answers: one solver for all questions, leaves, tests and clauses each defined once."""

    def __init__(
        self,
        case: Case,
        changes: list[tuple[frozenset[int], list[Clause]]],
        encoding: str,
        solver: str,
    ) -> None:
        self.case = case
        self.changes = changes
        self.encoding = encoding
        self.solver = z3.SolverFor("QF_FD") if solver == "finite domains" else z3.Solver()
        self.sizes = case.ground.space.sizes
        self.tests: dict[tuple[int, int], z3.BoolRef] = {}
        self.said: dict[Clause, z3.BoolRef] = {}
        self.fresh = 0
        if encoding == "Booleans":
            self.leaves = [
                [z3.Bool(f"leaf-{a}-{i}") for i in range(size)] for a, size in enumerate(self.sizes)
            ]
            for leaves in self.leaves:
                self.solver.add(z3.PbEq([(leaf, 1) for leaf in leaves], 1))
        else:
            self.axes = [z3.BitVec(f"axis-{a}", 5) for a in range(len(self.sizes))]
            for axis, size in zip(self.axes, self.sizes, strict=True):
                self.solver.add(z3.ULE(axis, size - 1))

    def define(self, formula: z3.BoolRef) -> z3.BoolRef:
        """A literal that is true exactly where the formula is."""
        self.fresh += 1
        literal = z3.Bool(f"d{self.fresh}")
        self.solver.add(literal == formula)
        return literal

    def test(self, axis: int, mask: int) -> z3.BoolRef:
        """The use's leaf on the axis is in the mask."""
        if (axis, mask) not in self.tests:
            held = [i for i in range(self.sizes[axis]) if mask >> i & 1]
            if self.encoding == "Booleans":
                formula = z3.Or([self.leaves[axis][i] for i in held])
            elif held == list(range(held[0], held[-1] + 1)):
                least, most = held[0], held[-1]
                formula = z3.And(z3.UGE(self.axes[axis], least), z3.ULE(self.axes[axis], most))
            else:
                formula = z3.Or([self.axes[axis] == i for i in held])
            self.tests[axis, mask] = self.define(formula)
        return self.tests[axis, mask]

    def clause(self, clause: Clause) -> z3.BoolRef:
        """The clause's rule holds."""
        if clause not in self.said:
            full = self.case.ground.space.full
            boxes = [
                z3.And([self.test(a, m) for a, m in enumerate(term) if m != full[a]])
                for term in clause.terms
            ]
            self.said[clause] = self.define(z3.Or(boxes))
        return self.said[clause]

    def none_of(self, clauses: Sequence[int]) -> NoneOf:
        """None of those clauses of the text holds."""
        if len(clauses) == 1:
            said = self.define(z3.Not(self.clause(self.case.text[clauses[0]])))
            return NoneOf(said, frozenset(clauses))
        half = len(clauses) // 2
        halves = (self.none_of(clauses[:half]), self.none_of(clauses[half:]))
        return NoneOf(self.define(z3.And([h.said for h in halves])), frozenset(clauses), halves)

    def some(self, *asked: z3.BoolRef) -> bool:
        """Whether a use meets all of it."""
        answer = self.solver.check(*asked)
        if answer == z3.unknown:
            raise RuntimeError("z3 does not know")
        return bool(answer == z3.sat)

    def run(self) -> Run:
        """Answer every question of the case."""
        clock = Clock()
        text = self.case.text
        no_permit = self.none_of([i for i, clause in enumerate(text) if clause.permits])
        no_forbid = self.none_of([i for i, clause in enumerate(text) if not clause.permits])
        for clause in (*self.case.principles, *(c for _, new in self.changes for c in new)):
            self.clause(clause)
        clock.lap("preparing")

        permitted = [z3.Not(no_permit.said), no_forbid.said]
        dead = tuple(
            not (
                self.some(self.clause(clause), *no_permit.but(frozenset((i,))), no_forbid.said)
                if clause.permits
                else self.some(self.clause(clause), *no_forbid.but(frozenset((i,))), permitted[0])
            )
            for i, clause in enumerate(text)
        )
        clock.lap("dead clauses")

        loopholes = tuple(
            self.some(*permitted, self.clause(principle)) for principle in self.case.principles
        )
        clock.lap("loopholes")

        comparison: list[bool] = []
        before = z3.And(permitted)
        for gone, new in self.changes:
            after = z3.And(
                z3.Not(z3.And(self.amended(no_permit, gone, new, True))),
                *self.amended(no_forbid, gone, new, False),
            )
            comparison += [
                self.some(self.define(z3.And(after, z3.Not(before)))),
                self.some(self.define(z3.And(before, z3.Not(after)))),
            ]
        clock.lap("comparison")
        return Run(Answers(dead, loopholes, tuple(comparison)), clock.seconds)

    def amended(
        self, none: NoneOf, gone: frozenset[int], new: Sequence[Clause], permits: bool
    ) -> list[z3.BoolRef]:
        """No permit, or no forbid, of the amended text holds."""
        added = [z3.Not(self.clause(clause)) for clause in new if clause.permits == permits]
        return none.but(gone) + added


SETUPS = tuple(product(("Booleans", "bit vectors"), ("default", "finite domains")))


def by_z3(case: Case, encoding: str, solver: str) -> Run:
    """z3's answers in one set-up; what is said to the solver counts as preparing."""
    changes = case.changes()  # comparing texts in Python is no work of z3's
    started = perf_counter()
    opinion = ByZ3(case, changes, encoding, solver)
    made = perf_counter() - started
    run = opinion.run()
    return Run(run.answers, run.seconds | {"preparing": run.seconds["preparing"] + made})


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of question at one size; times in milliseconds; `factor` is z3's time to ours."""

    clauses: int
    question: str
    asked: int
    yes: int
    avenant_ms: float
    z3_ms: float
    factor: float


def measured(case: Case) -> list[Row]:
    """Both sides on one case. Raises when an answer differs."""
    clauses = len(case.text)
    ours = fastest(partial(by_search, case))
    theirs = min(
        (fastest(partial(by_z3, case, *setup)) for setup in SETUPS),
        key=lambda run: sum(run.seconds.values()),
    )
    if ours.answers != theirs.answers:
        raise RuntimeError(f"the answers differ at {clauses} clauses")
    answers = {
        "preparing": (),
        "dead clauses": ours.answers.dead,
        "loopholes": ours.answers.loopholes,
        "comparison": ours.answers.comparison,
        "all": (*ours.answers.dead, *ours.answers.loopholes, *ours.answers.comparison),
    }
    times = [run.seconds | {"all": sum(run.seconds.values())} for run in (ours, theirs)]
    return [
        Row(
            clauses,
            question,
            len(given),
            sum(given),
            round(1000 * times[0][question], 2),
            round(1000 * times[1][question], 2),
            round(times[1][question] / times[0][question], 1),
        )
        for question, given in answers.items()
    ]


def fastest(run: Callable[[], Run]) -> Run:
    """The shortest of a few rounds."""
    return min((run() for _ in range(ROUNDS)), key=lambda run: sum(run.seconds.values()))


def main() -> None:
    """Measure and print."""
    options = ArgumentParser(description="Proofs against incremental z3 on random texts.")
    options.add_argument("--clauses", type=int, nargs="+")
    options.add_argument("--unkind", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()

    drawn = unkind_case if chosen.unkind else random_case
    sizes = chosen.clauses or ([125] if chosen.unkind else [20, 200, 1000])
    rows = [row for clauses in sizes for row in measured(drawn(chosen.seed, clauses))]
    if chosen.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print(f"Python {platform.python_version()}, z3 {z3.get_version_string()}, seed {chosen.seed}")
    print(
        f"{'clauses':>8}  {'question':14}{'asked':>6}{'yes':>6}{'Avenant':>12}{'z3':>12}{'z3 / Avenant':>14}"
    )
    for row in rows:
        print(
            f"{row.clauses:>8}  {row.question:14}{row.asked:>6}{row.yes:>6}"
            f"{row.avenant_ms:>9.2f} ms{row.z3_ms:>9.1f} ms{row.factor:>14.1f}"
        )


if __name__ == "__main__":
    main()
