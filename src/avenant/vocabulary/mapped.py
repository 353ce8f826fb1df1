"""One axis of two texts, where it is stated which category of the text after is which of the text before.

    join = mapped(before, after, "organisation", {"shop": "partner"})
    join.pairs["shop"]                       # ("partner", "shop"), where `partner` is a leaf

A stated category, and all below it that nothing else is stated of, is *some* kind of what it counts as, not known
which: it is paired with each leaf there, so that what holds of it holds of all. What is stated goes before an id: a
`customer` of the text after that counts as `user` is not the `customer` of the text before. The others are one thing by
their id, or are the nearest category above that the other text knows, as everywhere (`joint`).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from avenant.languages import LANGUAGES, say
from avenant.vocabulary.phrases import phrase
from avenant.vocabulary.types import ANY, OTHER, Category, Text, Vocabulary, other

Pair = tuple[str, str]


class Mapped(Struct, frozen=True):
    """The tree of the text after, its leaves split by what they are in the text before."""

    complete: bool
    categories: tuple[Category, ...]
    pairs: Mapping[str, Pair]  # joint leaf -> what it is in each text


def counterpart(after: Vocabulary, axis: str, id: str, stated: Mapping[str, str]) -> str | None:
    """What a category of the text after counts as by what is stated of it, or of the nearest above; None: nothing."""
    names = (*after.above(axis, id), ANY)
    return next((stated[name] for name in names if name in stated), None)


def mapped(before: Vocabulary, after: Vocabulary, axis: str, stated: Mapping[str, str]) -> Mapped:
    """The joint axis; `stated` maps categories of the text after (or `any`) to what the text before knows."""
    return _MappedAxis(before, after, axis, stated).joined()


class _MappedAxis:
    def __init__(
        self, before: Vocabulary, after: Vocabulary, axis: str, stated: Mapping[str, str]
    ) -> None:
        self.before, self.after, self.axis, self.stated = before, after, axis, stated
        self.pairs: dict[str, Pair] = {}

    def joined(self) -> Mapped:
        found = self._found()
        lefts = {
            right: [left for left in self.before.leaves(self.axis) if (left, right) in found]
            for right in self.after.leaves(self.axis)
        }
        complete, categories = self._below(ANY, lefts)
        return Mapped(complete, tuple(categories), self.pairs)

    def _found(self) -> set[Pair]:
        """The pairs of leaves that can be one thing."""
        found: set[Pair] = set()
        own = []
        for right in self.after.leaves(self.axis):
            target = counterpart(self.after, self.axis, _bare(right), self.stated)
            if target is None:
                own.append(right)
            else:
                found |= {(left, right) for left in self._leaves(self.before, target)}
        seen = [
            (left, self._seen(self.before, self.after, left), 0)
            for left in self.before.leaves(self.axis)
        ]
        seen += [(right, self._seen(self.after, self.before, right), 1) for right in own]
        for leaf, (_, one), place in seen:
            if one is not None and (place == 1 or one in own):
                found.add(_pair(leaf, one, place))
        # A leaf that a closed list of the other text leaves without a partner may be anything there.
        for leaf, (above, _), place in seen:
            if all(pair[place] != leaf for pair in found):
                elsewhere = (self.after, self.before)[place]
                for partner in self._leaves(elsewhere, above):
                    if place == 1 or partner in own:
                        found.add(_pair(leaf, partner, place))
        return found

    def _seen(self, text: Vocabulary, elsewhere: Vocabulary, leaf: str) -> tuple[str, str | None]:
        """The nearest category above a leaf that the other text knows, and the other's leaf for that and no kind of
        it; None where its list is closed.
        """
        id = _bare(leaf)
        while id != ANY and not (elsewhere.category(self.axis, id) and self._one_by_id(id)):
            above = text.category(self.axis, id)
            assert above is not None, id  # the text lists it
            id = above.parent
        if id != ANY and not elsewhere.children(self.axis, id):
            return id, id
        return id, other(id) if elsewhere.known(self.axis, other(id)) else None

    def _one_by_id(self, id: str) -> bool:
        """Whether an id means the same in both: not so for one of which something else is stated."""
        return (
            self.after.category(self.axis, id) is None
            or counterpart(self.after, self.axis, id, self.stated) is None
        )

    def _leaves(self, text: Vocabulary, id: str) -> tuple[str, ...]:
        mask = text.mask(self.axis, id)
        return tuple(leaf for i, leaf in enumerate(text.leaves(self.axis)) if mask >> i & 1)

    def _below(self, id: str, lefts: Mapping[str, list[str]]) -> tuple[bool, list[Category]]:
        """Whether the joint list below a category is complete, and the categories there in preorder."""
        found: list[Category] = []
        for child in self.after.children(self.axis, id):
            if self.after.children(self.axis, child.id):
                complete, below = self._below(child.id, lefts)
            else:
                complete, below = self._split(child.id, child.id, lefts[child.id])
            found += [replace(child, complete=complete), *below]
        rest = other(id)
        if rest not in lefts:
            return True, found
        complete, below = self._split(id, rest, lefts[rest])
        return complete, [*found, *below]

    def _split(self, parent: str, right: str, lefts: list[str]) -> tuple[bool, list[Category]]:
        """One leaf of the text after: itself where it is one leaf before, else a category for each."""
        if len(lefts) == 1:
            self.pairs[right] = (lefts[0], right)
            return False, []
        found = []
        for left in lefts:
            name = f"{right}-as-{left}".replace(".", "-")
            words = self._words(right, left)
            found.append(Category(self.axis, name, parent, words, words, words))
            self.pairs[name] = (left, right)
        return True, found

    def _words(self, right: str, left: str) -> Text:
        return {
            lang: say(
                "vocabulary.counts-as",
                lang=lang,
                here=phrase(self.after, self.axis, right, lang),
                there=phrase(self.before, self.axis, left, lang),
            )
            for lang in LANGUAGES
        }


def _pair(leaf: str, partner: str, place: int) -> Pair:
    return (leaf, partner) if place == 0 else (partner, leaf)


def _bare(leaf: str) -> str:
    """The category that a leaf is, or is the rest of."""
    return ANY if leaf == OTHER else leaf.removesuffix(f".{OTHER}")
