"""The index: for each axis and leaf, one integer that says which terms hold there (§8 of the
semantics).

A term is a box; a set of terms is an integer, bit i for `terms[i]`. For a box, an OR over its
leaves and an AND across the axes gives the terms that *possibly* hold (at some point of the box);
an AND over its leaves those that *certainly* hold (at every point). This is the positional cube
notation of multiple-valued two-level minimisation (R. Rudell and A. Sangiovanni-Vincentelli,
"Multiple-Valued Minimization for PLA Optimization", IEEE Trans. CAD 6(5), 1987), turned on its
side: there a cube is a row of bits, here a leaf is a column of them, so that one machine operation
asks sixty terms at once.

>>> from avenant.region.space import Space
>>> index = Index(Space((3, 2)), [(0b011, 0b11), (0b110, 0b01)])
>>> index.bounds((0b001, 0b11))  # leaf 0 on the first axis, the second not known
(1, 1)
>>> index.bounds((0b010, 0b11))  # the first term certainly holds, the second possibly
(3, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import and_, or_

from avenant.region.space import Box, Space, leaves

KEPT = 1_024  # masks of an axis whose bounds are kept


class _Row(dict[int, int]):
    """One axis: a mask of leaves -> the terms that hold at all of them, and above those, shifted by
    the number of terms, the ones that hold at some. So one AND asks both.

    Masks that texts and facts use are kept; of the others, that searches make, no more than `KEPT`, or
    they would fill the memory.
    """

    __slots__ = ("columns", "kinds", "shift")

    def __init__(self, columns: tuple[int, ...], kinds: Mapping[int, int], shift: int) -> None:
        super().__init__()
        self.columns = columns
        self.kinds = kinds
        self.shift = shift

    def keep(self, masks: Iterable[int]) -> None:
        """Work out these, however many they are."""
        self.update({mask: self[mask] for mask in masks})

    def __missing__(self, mask: int) -> int:
        held = (
            [self.columns[leaf.bit_length() - 1] for leaf in leaves(mask)]
            if mask.bit_count() < len(self.kinds)
            else [column for column, alike in self.kinds.items() if alike & mask]
        )
        both = reduce(or_, held) << self.shift | reduce(and_, held)
        if len(self) < KEPT:
            self[mask] = both
        return both


class Index:
    """Terms over a space, each box once: `terms[i]` is bit i of every set of terms. Never changed.

    `all` is the set of all terms, `axes` are those that some term narrows, and for searches there
    are `rows` (axis, mask -> both bounds in one), `columns` (axis -> leaf number -> the terms that hold there)
    and, on the axes looked at, `sparsest` (axis -> column and leaf, fewest terms first).
    """

    __slots__ = (
        "_bits",
        "_both",
        "_kinds",
        "_known",
        "_last",
        "_without",
        "all",
        "axes",
        "columns",
        "rows",
        "space",
        "sparsest",
        "terms",
    )

    def __init__(self, space: Space, terms: Iterable[Box]) -> None:
        terms = tuple(dict.fromkeys(terms))
        _check(space, terms)
        self._make(space, terms, tuple(_columns(space, terms, a) for a in range(len(space.sizes))))
        # A plain dict is a third faster than one that can work out what it lacks, and worth its making
        # for an index that is asked often.
        for axis, row in self.rows:
            row.keep({*space.subtrees[axis], *(term[axis] for term in terms)})
        self._known = tuple((axis, dict(row)) for axis, row in self.rows)

    def _make(
        self, space: Space, terms: tuple[Box, ...], columns: tuple[tuple[int, ...], ...]
    ) -> None:
        self.space = space
        self.terms = terms
        self.columns = columns
        self.all = (1 << len(terms)) - 1
        self._bits = {term: 1 << i for i, term in enumerate(terms)}
        self._without: dict[int, Index] = {}
        # Only axes that some term narrows are ever looked at, so the others cost next to nothing.
        self.axes = tuple(
            a for a, held in enumerate(columns) if any(column != self.all for column in held)
        )
        self.sparsest = tuple(
            tuple(
                sorted(
                    ((column, 1 << i) for i, column in enumerate(held)),
                    key=lambda pair: pair[0].bit_count(),
                )
            )
            if a in self.axes
            else ()
            for a, held in enumerate(columns)
        )
        self._kinds = {a: _kinds(columns[a]) for a in self.axes}
        self.rows = tuple((a, _Row(columns[a], self._kinds[a], len(terms))) for a in self.axes)
        self._known = self.rows
        self._both = (1 << 2 * len(terms)) - 1
        self._last: tuple[Box, tuple[int, int]] = (), (self.all, self.all)

    def union(self, terms: Iterable[Box]) -> int:
        """The set of those terms. KeyError for a box that is no term of this index."""
        return reduce(or_, (self._bits[term] for term in terms), 0)

    def alike(self, axis: int, mask: int) -> int:
        """The leaves on which the same terms hold as on one of `mask`; the axis is one that some term narrows."""
        columns, kinds = self.columns[axis], self._kinds[axis]
        found = 0
        while rest := mask & ~found:
            found |= kinds[columns[(rest & -rest).bit_length() - 1]]
        return found

    def escaping(self, axis: int, mask: int, terms: int) -> int:
        """The leaves of `mask` at which none of those terms holds; the axis is one that some term narrows."""
        closed = [alike for column, alike in self._kinds[axis].items() if column & terms]
        return mask & ~reduce(or_, closed, 0)

    def kinds(self, axis: int) -> Iterator[int]:
        """One leaf of each kind, its first, in vocabulary order; the axis is one that some term narrows."""
        return (alike & -alike for alike in self._kinds[axis].values())

    def with_terms(self, terms: Iterable[Box]) -> Index:
        """An index with more terms; the bits of those that are here stay the same."""
        new = tuple(term for term in dict.fromkeys(terms) if term not in self._bits)
        _check(self.space, new)
        columns = list(self.columns)
        for bit, term in enumerate(new, len(self.terms)):
            for axis, mask in enumerate(term):
                columns[axis] = tuple(
                    column | (mask >> leaf & 1) << bit for leaf, column in enumerate(columns[axis])
                )
        wider = Index.__new__(Index)
        wider._make(self.space, (*self.terms, *new), tuple(columns))
        return wider

    def without(self, axis: int) -> Index:
        """The same terms, bit for bit, freed on one axis: what is left to ask when it is fixed."""
        freed = self._without.get(axis)
        if freed is None:
            full = self.space.full[axis]
            freed = Index.__new__(Index)
            free = (self.all,) * self.space.sizes[axis]
            freed._make(
                self.space,
                tuple((*t[:axis], full, *t[axis + 1 :]) for t in self.terms),
                (*self.columns[:axis], free, *self.columns[axis + 1 :]),
            )
            self._without[axis] = freed
        return freed

    def bounds(self, box: Box) -> tuple[int, int]:
        """The terms that possibly and those that certainly hold on a box; the same on a point."""
        last, found = self._last  # a search asks of one box several times in a row
        if box == last:
            return found
        both = self._both
        try:
            for axis, known in self._known:
                both &= known[box[axis]]
        except KeyError:
            both = self._both
            for axis, row in self.rows:
                both &= row[box[axis]]
        found = both >> len(self.terms), both & self.all
        self._last = box, found
        return found

    def possibly(self, box: Box) -> int:
        """The terms that hold at some point of the box."""
        return self.bounds(box)[0]

    def certainly(self, box: Box) -> int:
        """The terms that hold at every point of the box."""
        return self.bounds(box)[1]


def _check(space: Space, terms: Iterable[Box]) -> None:
    full = space.full
    for term in terms:
        if len(term) != len(full) or not all(
            0 < m <= top for m, top in zip(term, full, strict=True)
        ):
            raise ValueError(f"{term} is no box of a space of sizes {space.sizes}")


def _kinds(columns: tuple[int, ...]) -> dict[int, int]:
    """Terms that hold -> the leaves at which just these do: no term tells those leaves apart."""
    kinds: dict[int, int] = {}
    for i, column in enumerate(columns):
        kinds[column] = kinds.get(column, 0) | 1 << i
    return kinds


def _columns(space: Space, terms: tuple[Box, ...], axis: int) -> tuple[int, ...]:
    # Terms with the same mask are put down together: a long text has few masks an axis.
    sharing: dict[int, int] = {}
    for i, term in enumerate(terms):
        sharing[term[axis]] = sharing.get(term[axis], 0) | 1 << i
    columns = [0] * space.sizes[axis]
    for mask, bits in sharing.items():
        for leaf in leaves(mask):
            columns[leaf.bit_length() - 1] |= bits
    return tuple(columns)
