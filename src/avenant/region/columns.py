"""The search of `search`, where there is no box: over the columns of some axes, each with one leaf to take for it.

`missing` leaves an axis out, or takes only some of its kinds. A box of the leaves that stand for these kinds would say
the same, but its masks are new to the index each time: measured, a decision with few facts takes a tenth longer.

>>> from avenant.region.search import Budget
>>> chosen = escape_on([(0, {0b01: 1, 0b10: 2}), (1, {0b01: 1, 0b11: 2})], 0b11, Budget())
>>> sorted(chosen.items())  # the leaf to take on each axis
[(0, 2), (1, 1)]
>>> escape_on([(0, {0b01: 1}), (1, {0b01: 1})], 0b01, Budget())
"""

from __future__ import annotations

from avenant.region.search import Budget


def escape_on(
    axes: list[tuple[int, dict[int, int]]], terms: int, budget: Budget
) -> dict[int, int] | None:
    """Return the leaf to take on each of `axes` (axis, column -> leaf) so that none of `terms` holds, or None.

    Raises Exhausted. INVARIANT: on every axis that is not among `axes`, each of `terms` holds at the leaf taken.
    """
    budget.spend()
    chosen: dict[int, int] = {}
    while terms:
        before = terms
        once = twice = 0  # terms that depend on an axis, and on a second one
        left = []
        for axis, leaf_of in axes:
            columns: dict[int, int] = {}
            shared, anywhere = terms, 0
            for column, leaf in leaf_of.items():
                column &= terms
                shared &= column
                anywhere |= column
                columns.setdefault(column, leaf)
            if shared in columns:
                chosen[axis] = columns[shared]
                terms = shared
            else:
                terms = anywhere
                left.append((axis, columns, shared))
                depending = terms & ~shared
                twice |= once & depending
                once |= depending
        axes = [(axis, columns) for axis, columns, _ in left]
        if terms != before:
            continue
        if terms & ~once:
            return None
        single = terms & ~twice
        if not single:
            break
        for i, (axis, columns, shared) in enumerate(left):
            closed = single & ~shared
            if closed:
                axes[i] = axis, {c: leaf for c, leaf in columns.items() if not c & closed}
                if not axes[i][1]:
                    return None
    if not terms:
        for axis, columns in axes:
            chosen[axis] = next(iter(columns.values()))
        return chosen

    split = min(range(len(axes)), key=lambda i: len(axes[i][1]))
    axis, columns = axes.pop(split)
    failed: list[int] = []
    for column in sorted(columns, key=int.bit_count):
        if any(column & f == f for f in failed):
            continue
        found = escape_on(axes, column, budget)
        if found is not None:
            return chosen | found | {axis: columns[column]}
        failed.append(column)
    return None
