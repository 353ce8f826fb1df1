"""Decisions: `determine` against `cedarpy` batch on the same requests, and how long one `decide` may take.

    python bench/decide.py [--json] [--clauses 20 200 1000]

`determine` is an outcome and the rules it rests on, of one combination: what bulk work asks. `decide` is what the
gateway, `ask` and the library ask: all combinations of a call's facts, what is cited, what is missing, what would
change it. It is timed call by call on the thread's own clock, with nothing remembered, unless a row says so.

A contract-shaped random text over fifteen axes is compiled by both. *Complete* uses have the same answers, decision and
determining rules, and that is asserted before anything is timed. *Incomplete* uses leave some axes open or say an inner
category; Cedar is asked the same requests, the categories as they are said, and what it answers there means something
else, so there the ratio compares work and not answers.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for `tests`, from wherever it is run

from avenant.agreement.compiled import compile_text
from avenant.agreement.types import InForce
from avenant.decide.crosscheck import determined
from avenant.decide.decider import Decider
from avenant.decide.types import Fact, Standing
from avenant.region import Box
from avenant.rules.export import export
from avenant.rules.reference import Reference
from tests.small_texts import Tree, small_text, vocabulary

REQUESTS = 2_000
CALLS = 400
TURNS = 5
AXES = ("organisation", "operation", *(f"axis-{letter}" for letter in "abcdefghijklm"))


def random_text(dice: Random, clauses: int) -> InForce:
    """Fifteen axes of 6 to 30 leaves in trees; clauses that test two to five axes, three in ten of them permits."""
    trees: dict[str, Tree] = {}
    for axis in AXES:
        kinds = dice.randint(2, 8)
        trees[axis] = {
            f"{axis[-3:]}-{i}": {
                f"{axis[-3:]}-{i}-{j}": {} for j in range(dice.choice((0, 0, 2, 3)))
            }
            for i in range(kinds)
        }
    spoken = vocabulary(trees, set())

    def test(axis_id: str) -> str:
        axis = spoken.axis(axis_id)
        assert axis is not None
        ids = [c.id for c in spoken.categories if c.axis == axis_id]
        return f'{axis.role} in {axis.entity}::"{dice.choice(ids)}"'

    def rule(effect: str) -> str:
        axes = dice.sample(AXES, dice.randint(2, 5))
        when = " && ".join(map(test, axes))
        unless = ""
        if dice.random() < 0.2:
            other = dice.choice([axis for axis in AXES if axis not in axes])
            unless = f" unless {{ {test(other)} }}"
        return f"{effect} (principal, action, resource) when {{ {when} }}{unless};"

    texts = {"broad": "permit (principal, action, resource);"}
    for i in range(clauses - 1):
        texts[f"clause-{i}"] = rule("permit" if dice.random() < 0.3 else "forbid")
    return small_text(texts, spoken=spoken)


def uses(dice: Random, text: InForce, count: int, complete: bool) -> list[dict[str, str]]:
    """What is asked: a leaf on each axis, or some axes less exactly."""
    spoken = text.vocabulary
    found = []
    for _ in range(count):
        use = {axis.id: dice.choice(spoken.leaves(axis.id)) for axis in spoken.axes}
        if not complete:
            for axis in spoken.axes:
                if dice.random() < 0.2:
                    use[axis.id] = dice.choice([id for id, _ in spoken.subtrees(axis.id)])
        found.append(use)
    return found


def box(use: dict[str, str], text: InForce) -> Box:
    """A use as a box."""
    return tuple(text.vocabulary.mask(axis, category) for axis, category in use.items())


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some turns."""
    best = float("inf")
    for _ in range(TURNS):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def measured(clauses: int, complete: bool) -> dict[str, Any]:
    """Microseconds of `determine` and of Cedar a use, and their ratio."""
    dice = Random(clauses)
    text = random_text(dice, clauses)
    decider = Decider(compile_text(text))
    cedar = Reference(export(text.rules, text.vocabulary), text.vocabulary)
    asked = uses(dice, text, REQUESTS, complete)
    boxes = [box(use, text) for use in asked]
    if complete:
        assert cedar.decide(asked) == [determined(decider, one) for one in boxes]

    def ours() -> None:
        determine = decider.determine
        for one in boxes:
            determine(one)

    batch = cedar.batch(asked)
    a, b = fastest(ours) / REQUESTS, fastest(batch) / REQUESTS
    return {
        "clauses": clauses,
        "uses": "complete" if complete else "incomplete",
        "avenant_us": a * 1e6,
        "cedarpy_us": b * 1e6,
        "ratio": b / a,
    }


def calls(dice: Random, text: InForce, known: Sequence[int], claims: int) -> list[tuple[Fact, ...]]:
    """Calls with as many established leaves as one of `known`, and claims of further leaves on as many axes."""
    axes = text.vocabulary.axes

    def stated(count: int, standing: Standing) -> list[Fact]:
        chosen = sorted(dice.sample(range(len(axes)), count))
        leaves = text.vocabulary.leaves
        return [
            Fact(axes[i].id, dice.choice(leaves(axes[i].id)), "bench", standing) for i in chosen
        ]

    return [
        (
            *stated(dice.choice(known), Standing.ESTABLISHED),
            *stated(claims, Standing.CLAIMED),
        )
        for _ in range(CALLS)
    ]


KINDS: dict[str, tuple[Sequence[int], int]] = {
    "15 facts": ((15,), 0),
    "8 to 12 facts": ((8, 9, 10, 11, 12), 0),
    "3 to 7 facts": ((3, 4, 5, 6, 7), 0),
    "0 to 2 facts": ((0, 1, 2), 0),
    "15 facts, 12 claims": ((15,), 12),
    "12 claims": ((0,), 12),
}


def decided(clauses: int) -> Iterator[dict[str, Any]]:
    """Microseconds of `decide`, by kind of call: the middle one, one in a hundred, the worst."""
    text = random_text(Random(clauses), clauses)
    for kind, (known, claims) in KINDS.items():
        asked = calls(Random(clauses), text, known, claims)
        yield {
            "clauses": clauses,
            "calls": kind,
            **timed(Decider(compile_text(text), kept=0), asked),
        }
    decider = Decider(compile_text(text))
    asked = calls(Random(clauses), text, (0, 1, 2), 0)[:100]
    timed(decider, asked)
    yield {"clauses": clauses, "calls": "0 to 2 facts, remembered", **timed(decider, asked)}


def timed(decider: Decider, asked: Sequence[tuple[Fact, ...]]) -> dict[str, Any]:
    """Each call decided once, after one that warms up; what was not finished is counted."""
    decider.decide(asked[0])
    gc.collect()
    gc.freeze()  # what the comparison with Cedar left behind is none of a decision's work
    times: list[float] = []
    unfinished = 0
    for facts in asked:
        started = time.thread_time()
        decision = decider.decide(facts)
        times.append((time.thread_time() - started) * 1e6)
        unfinished += decision.perhaps_others or decision.reason is not None
    times.sort()
    return {
        "p50_us": times[len(times) // 2],
        "p99_us": times[len(times) * 99 // 100],
        "worst_us": times[-1],
        "unfinished": unfinished / len(times),
    }


def shown(rows: Sequence[dict[str, Any]], calls: Sequence[dict[str, Any]]) -> str:
    """The rows as two tables."""
    lines = ["determine", "clauses  uses          avenant µs  cedarpy µs   ratio"]
    lines += [
        f"{r['clauses']:7}  {r['uses']:12}  {r['avenant_us']:10.2f}  {r['cedarpy_us']:10.1f}  {r['ratio']:6.0f}×"
        for r in rows
    ]
    lines += [
        "",
        "decide",
        "clauses  calls                       p50 µs   p99 µs  worst µs  unfinished",
    ]
    lines += [
        f"{r['clauses']:7}  {r['calls']:24}  {r['p50_us']:8.0f} {r['p99_us']:8.0f}  {r['worst_us']:8.0f}"
        f"  {r['unfinished']:10.1%}"
        for r in calls
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--clauses", type=int, nargs="+", default=[20, 200, 1000])
    given = parser.parse_args()
    rows = [measured(n, complete) for n in given.clauses for complete in (True, False)]
    calls = [row for n in given.clauses for row in decided(n)]
    print(json.dumps({"determine": rows, "decide": calls}) if given.json else shown(rows, calls))


if __name__ == "__main__":
    main()
