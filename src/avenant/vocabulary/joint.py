"""The joint vocabulary of two texts: leaves fine enough that each text's categories are sets of them.

    joint = joined(before, after)
    joint.left.mask("scale", "bulk")      # the joint leaves that the text before calls bulk
    joint.right.mask("scale", "bulk")     # … and the text after

A joint leaf stands for one leaf in each text:

- a category that either text lists is one thing in both; where a text does not list it, it is the nearest category
  above it that the text does list, and of the listed kinds below that none: its `.other`;
- so a leaf that either text splits is split, and a category with two parents is followed in each text;
- bands are cut at both texts' thresholds, whatever they are called: `bulk` over 100 and `bulk` over 1,000,000 give
  one leaf that is bulk in one text alone.

Two lists that call themselves complete and differ leave a leaf without a partner: it is paired with all it could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from avenant.languages import LANGUAGES
from avenant.vocabulary.mapped import mapped
from avenant.vocabulary.phrases import reach
from avenant.vocabulary.types import ANY, Category, Text, Vocabulary, other

Pair = tuple[str, str]  # a leaf of the text before, a leaf of the text after


class Side(Struct, frozen=True, dict=True):
    """One text's categories as masks over the joint leaves; rules of that text are lowered onto it."""

    joint: Joint
    vocabulary: Vocabulary
    place: int  # in a pair: 0 before, 1 after

    @property
    def position(self) -> Mapping[str, int]:
        """Axis id -> its index in joint boxes."""
        return self.joint.position

    @property
    def full(self) -> tuple[int, ...]:
        """The joint box of everything."""
        return self.joint.full

    def mask(self, axis: str, id: str, /) -> int:
        """The joint leaves that this text has below a category; KeyError when it does not know it."""
        wanted = self.vocabulary.mask(axis, id)
        shares = self._shares[axis]
        mask = 0
        for i, share in enumerate(shares):
            if wanted >> i & 1:
                mask |= share
        return mask

    @cached_property
    def _shares(self) -> Mapping[str, tuple[int, ...]]:
        """Per axis and leaf of this text, its joint leaves."""
        return {axis.id: self._share(axis.id) for axis in self.vocabulary.axes}

    def _share(self, axis: str) -> tuple[int, ...]:
        shares = dict.fromkeys(self.vocabulary.leaves(axis), 0)
        for i, leaf in enumerate(self.joint.leaves(axis)):
            shares[self.joint.pairs[axis][leaf][self.place]] |= 1 << i
        return tuple(shares.values())


class Joint(Vocabulary, frozen=True, dict=True):
    """A vocabulary of its own, to search and to speak with; `left` and `right` are the two texts on it."""

    before: Vocabulary
    after: Vocabulary
    pairs: Mapping[str, Mapping[str, Pair]]  # axis -> joint leaf -> what it is in each text

    @cached_property
    def left(self) -> Side:
        """The text before."""
        return Side(self, self.before, 0)

    @cached_property
    def right(self) -> Side:
        """The text after."""
        return Side(self, self.after, 1)


def joined(before: Vocabulary, after: Vocabulary, bodies: Mapping[str, str] | None = None) -> Joint:
    """The joint vocabulary, in the order of the text after; what only the text before lists comes last in its list.

    `bodies` states of organisations of the text after which they are in the text before (`mapped`).
    """
    # INVARIANT: an axis that one text lacks is tested by no rule of it, so any leaf of the other is as good.
    own = [axis for axis in before.axes if after.axis(axis.id) is None]
    categories: list[Category] = []
    pairs: dict[str, Mapping[str, Pair]] = {}
    axes = []
    for axis in (*after.axes, *own):
        if before.axis(axis.id) is None or axis in own:
            only = before if axis in own else after
            pairs[axis.id] = {leaf: (leaf, leaf) for leaf in only.leaves(axis.id)}
            categories.extend(c for c in only.categories if c.axis == axis.id)
            axes.append(axis)
            continue
        join = (
            mapped(before, after, axis.id, bodies)
            if bodies and axis.role == "principal"
            else _AxisJoin(before, after, axis.id)
        )
        axes.append(replace(axis, complete=join.complete))
        categories.extend(join.categories)
        pairs[axis.id] = join.pairs
    id = after.id if before.id == after.id else f"{before.id} {after.id}"
    return Joint(id, tuple(axes), tuple(categories), before, after, pairs)


class _AxisJoin:
    """The joint tree of one axis that both texts have: its categories in preorder, and the pairs of its leaves."""

    def __init__(self, before: Vocabulary, after: Vocabulary, axis: str) -> None:
        self.texts = (before, after)
        self.axis = axis
        # Category -> what "this, and no kind of it" is in each text; the root's is under `any`.
        self._bare: dict[str, Pair] = {}
        self._children: dict[str, list[Category]] = {}
        for category in (*self._listed(after), *self._only_before()):
            self._children.setdefault(category.parent, []).append(category)
        self.complete = self._pair(ANY)
        self._partners()
        self.categories = tuple(self._preorder(ANY))
        inner = {ANY, *(category.parent for category in self.categories)}
        self.pairs = {other(id) if id in inner else id: pair for id, pair in self._bare.items()}

    def _pair(self, id: str) -> bool:
        """Pair what is at and below a category; whether its joint list is complete."""
        self._cut_bands(id)
        below = self._children.get(id, [])
        for i, child in enumerate(below):
            if child.id not in self._bare:
                below[i] = replace(child, complete=self._pair(child.id))
        left, right = (self._leaf(text, id) for text in self.texts)
        if left is None or right is None:
            return True
        self._bare[id] = (left, right)
        return False

    def _preorder(self, id: str) -> Iterator[Category]:
        """The joint categories below one, without those that nothing can be."""
        for child in self._children.get(id, []):
            below = tuple(self._preorder(child.id))
            if below or child.id in self._bare:
                yield child
                yield from below

    def _listed(self, text: Vocabulary) -> Iterator[Category]:
        return (c for c in text.categories if c.axis == self.axis)

    def _only_before(self) -> Iterator[Category]:
        before, after = self.texts
        return (c for c in self._listed(before) if after.category(self.axis, c.id) is None)

    def _leaf(self, text: Vocabulary, id: str) -> str | None:
        """The leaf of a text for "this category, and no kind of it"; None where its list is complete."""
        elsewhere = self.texts[text is self.texts[0]]
        while id != ANY and text.category(self.axis, id) is None:
            above = elsewhere.category(self.axis, id)
            assert above is not None, id  # one of the two texts lists it
            id = above.parent
        if not text.children(self.axis, id) and id != ANY:
            return id
        return other(id) if text.known(self.axis, other(id)) else None

    def _cut_bands(self, id: str) -> None:
        """Replace bands that both texts have below a category by the pieces that both sets of thresholds cut."""
        bands = [[c for c in t.children(self.axis, id) if c.over is not None] for t in self.texts]
        if not all(bands) or _same(*bands):
            return
        names = {band.id for group in bands for band in group}
        rest = [c for c in self._children.get(id, []) if c.id not in names]
        # The first band of a list begins at the bottom, whatever its `over`.
        cuts = sorted({band.over or 0 for group in bands for band in group[1:]})
        pieces: list[Category] = []
        for low, high in zip([None, *cuts], [*cuts, None], strict=True):
            left, right = (_at(group, low) for group in bands)
            piece = self._piece(id, low, high, left, right)
            self._bare[piece.id] = (left.id, right.id)
            pieces.append(piece)
        self._children[id] = [*pieces, *rest]

    def _piece(
        self, parent: str, low: int | None, high: int | None, left: Category, right: Category
    ) -> Category:
        """The values over `low` and up to `high`; a band that no threshold of the other text cuts stays itself."""
        bands = zip(self.texts, (left, right), strict=True)
        whole = all(
            _bounds(text.children(self.axis, parent), band) == (low, high) for text, band in bands
        )
        if whole and left.id == right.id:
            return right
        name = "-".join(
            f"{word}-{bound}" for word, bound in (("over", low), ("to", high)) if bound is not None
        )
        words: Text = {lang: reach(low, high, lang) for lang in LANGUAGES}
        return replace(right, id=name, title=words, definition=words, phrase=words, over=low)

    def _partners(self) -> None:
        """Give each leaf that no pair holds all the partners that it could have."""
        for place, text in enumerate(self.texts):
            held = {pair[place] for pair in self._bare.values()}
            for leaf in text.leaves(self.axis):
                if leaf not in held:
                    self._pair_with_all(place, leaf)

    def _pair_with_all(self, place: int, leaf: str) -> None:
        text, elsewhere = self.texts[place], self.texts[1 - place]
        id = leaf.removesuffix(".other") if leaf != other(ANY) else ANY
        while id != ANY and elsewhere.category(self.axis, id) is None:
            above = text.category(self.axis, id)
            assert above is not None, id
            id = above.parent
        mask = elsewhere.mask(self.axis, id)
        for i, partner in enumerate(elsewhere.leaves(self.axis)):
            if mask >> i & 1:
                pair = (leaf, partner) if place == 0 else (partner, leaf)
                name = "-as-".join(pair).replace(".", "-")
                words: Text = dict.fromkeys(LANGUAGES, " / ".join(pair))
                self._children.setdefault(id, []).append(
                    Category(self.axis, name, id, words, words, words)
                )
                self._bare[name] = pair


def _same(left: list[Category], right: list[Category]) -> bool:
    return [(b.id, b.over) for b in left[1:]] == [(b.id, b.over) for b in right[1:]] and (
        left[0].id == right[0].id
    )


def _at(bands: list[Category], low: int | None) -> Category:
    """The band that holds the values just over `low`."""
    held = bands[0]
    for band in bands[1:]:
        if low is not None and band.over is not None and band.over <= low:
            held = band
    return held


def _bounds(bands: tuple[Category, ...], band: Category) -> tuple[int | None, int | None]:
    at = bands.index(band)
    high = bands[at + 1].over if at + 1 < len(bands) else None
    return (band.over if at else None), high
