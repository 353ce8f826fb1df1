"""What can be said: axes, categories, and the vocabulary that holds them in order.

An axis asks one question and is a tree of categories. Each inner category X has an implicit leaf `X.other` ("this one,
and none of the listed kinds"), the root `any` the leaf `other`, unless the list is marked complete, as bands are.
On every axis, leaves are numbered in vocabulary order (a category's children in order, then its `.other`), and a set
of leaves is a bit mask: bit i is leaf i.

    vocabulary.leaves("scale")                  # ("individual", "list", "bulk")
    vocabulary.mask("scale", "bulk")            # 0b100
    vocabulary.mask("organisation", "any")      # all leaves
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Literal

from msgspec import Struct

from avenant.errors import Span

Text = Mapping[str, str]  # language -> words; `en` is always there in the core vocabulary
Role = Literal["principal", "action", "resource"]

ANY = "any"
OTHER = "other"


class Category(Struct, frozen=True):
    """One category of an axis. `phrase` is what sentences are made of: "of U.S. persons"."""

    axis: str
    id: str
    parent: str  # a category's id, or `any`
    title: Text
    definition: Text
    phrase: Text
    iri: str | None = None
    over: int | None = None  # a band's lower bound, exclusive; its upper bound is the next band's
    complete: bool = False  # its children are all there is: no `.other`
    at: Span | None = None
    within: Text | None = None  # the phrase after "except", where it is another: "its agencies"
    other: Text | None = None  # phrase of its `.other` leaf: "any other body of the department"
    without: Text | None = (
        None  # the whole axis without it, where a language has a phrase: "with some oversight"
    )


class Axis(Struct, frozen=True):
    """One question. `role` is the place in a Cedar request that answers it."""

    id: str
    title: Text
    definition: Text
    phrase: Text  # of the whole axis: "any operation"
    role: Role
    complete: bool = False
    other: Text | None = None  # phrase of its leaf `other`: "any other operation"
    but: Text | None = (
        None  # phrase before what is taken out of it, where it is another: "an operation other than"
    )

    @property
    def entity(self) -> str:
        """The Cedar entity type: `Action` for the action axis, else the id in camel case."""
        if self.role == "action":
            return "Action"
        return _camel(self.id)


class Vocabulary(Struct, frozen=True, dict=True):
    """Axes and categories in the order of everything shown; built by `vocabulary.read` and never changed.

    INVARIANT: a category stands after its parent, ids are unique in their axis, every axis has at least two leaves.
    """

    id: str
    axes: tuple[Axis, ...]
    categories: tuple[Category, ...]

    @cached_property
    def _numbering(self) -> Mapping[str, tuple[tuple[str, ...], Mapping[str, int]]]:
        """Axis -> its leaves in order, and each category's leaves as a set of bits."""
        numbering = {}
        for axis in self.axes:
            leaves: list[str] = []
            masks: dict[str, int] = {}
            self._number(axis.id, ANY, axis.complete, leaves, masks)
            numbering[axis.id] = (tuple(leaves), masks)
        return numbering

    def _number(
        self, axis: str, id: str, complete: bool, leaves: list[str], masks: dict[str, int]
    ) -> None:
        first = len(leaves)
        children = self.children(axis, id)
        for child in children:
            self._number(axis, child.id, child.complete, leaves, masks)
        if not children or not complete:
            leaf = other(id) if children or id == ANY else id
            masks[leaf] = 1 << len(leaves)
            leaves.append(leaf)
        masks[id] = (1 << len(leaves)) - (1 << first)

    @cached_property
    def _tree(self) -> Mapping[tuple[str, str], tuple[Category, ...]]:
        tree: dict[tuple[str, str], list[Category]] = {}
        for category in self.categories:
            tree.setdefault((category.axis, category.parent), []).append(category)
        return {key: tuple(kids) for key, kids in tree.items()}

    @cached_property
    def _axes(self) -> Mapping[str, Axis]:
        return {axis.id: axis for axis in self.axes}

    @cached_property
    def _categories(self) -> Mapping[tuple[str, str], Category]:
        return {(c.axis, c.id): c for c in self.categories}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Axis id -> its index in boxes."""
        return {axis.id: i for i, axis in enumerate(self.axes)}

    @cached_property
    def full(self) -> tuple[int, ...]:
        """The box of everything: one full mask an axis."""
        return tuple(self._numbering[axis.id][1][ANY] for axis in self.axes)

    def axis(self, id: str) -> Axis | None:
        """The axis of that id, or None."""
        return self._axes.get(id)

    def axis_of_entity(self, entity: str) -> Axis | None:
        """The axis that a Cedar entity type tests, or None."""
        return next((axis for axis in self.axes if axis.entity == entity), None)

    def category(self, axis: str, id: str) -> Category | None:
        """The category as written (neither `any` nor an `.other` leaf), or None."""
        return self._categories.get((axis, id))

    def children(self, axis: str, id: str) -> tuple[Category, ...]:
        """The categories directly below one, or below `any`."""
        return self._tree.get((axis, id), ())

    def above(self, axis: str, id: str) -> Iterator[str]:
        """The category itself and those above it, nearest first; `any` is left out."""
        while (category := self.category(axis, id)) is not None:
            yield id
            id = category.parent

    def leaves(self, axis: str) -> tuple[str, ...]:
        """The leaves of an axis in their order; bit i of a mask is leaf i."""
        return self._numbering[axis][0]

    def known(self, axis: str, id: str) -> bool:
        """Whether facts may say this category: any listed one, an `.other` leaf, or `any`."""
        return axis in self._numbering and id in self._numbering[axis][1]

    def mask(self, axis: str, id: str) -> int:
        """The leaves under a category as a bit mask; KeyError when the category is not known."""
        return self._numbering[axis][1][id]

    def subtrees(self, axis: str) -> tuple[tuple[str, int], ...]:
        """Every category and `.other` leaf with its mask, in preorder, `any` first."""
        found: list[tuple[str, int]] = []

        def visit(id: str) -> None:
            found.append((id, self.mask(axis, id)))
            children = self.children(axis, id)
            for child in children:
                visit(child.id)
            if (children or id == ANY) and self.known(axis, other(id)):
                found.append((other(id), self.mask(axis, other(id))))

        visit(ANY)
        return tuple(found)

    def nearest(self, axis: str, word: str) -> str | None:
        """The listed category whose id is spelt most like `word`, or None when nothing is near."""
        ids = [c.id for c in self.categories if c.axis == axis]
        near = difflib.get_close_matches(word, ids, n=1, cutoff=0.5)
        return near[0] if near else None


def other(id: str) -> str:
    """The implicit leaf below a category: `surveillance.other`; the root's is `other`."""
    return OTHER if id == ANY else f"{id}.other"


@cache
def _camel(id: str) -> str:
    """`foreign-purpose` -> `ForeignPurpose`; asked of every fact of every use that Cedar is shown."""
    return "".join(part.capitalize() for part in id.split("-"))
