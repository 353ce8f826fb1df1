"""Sets of leaves in plain words, made of the vocabulary's phrases.

A set is described over whole subtrees, by naming what is in it or, where that is shorter, what is taken out:

    describe(vocabulary, "operation", mask)      # "any operation but monitoring"
    describe(vocabulary, "organisation", mask)   # "the department except its intelligence agencies"
    sentence(vocabulary, box)                    # "the department; any operation but monitoring; for surveillance"

A whole axis says nothing about a use, so a sentence leaves it out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from avenant.languages import FALLBACK, language, numeral, say
from avenant.vocabulary.types import ANY, OTHER, Text, Vocabulary, other


def spoken(text: Text | None, lang: str | None = None) -> str:
    """A text in the language wanted, else in English, else in the one there is; "" for none."""
    if not text:
        return ""
    return text.get(lang or language()) or text.get(FALLBACK) or next(iter(text.values()))


def describe(vocabulary: Vocabulary, axis: str, mask: int, lang: str | None = None) -> str:
    """A non-empty set of leaves of an axis as one phrase; of the whole axis, its own: "any operation"."""
    return _Speaker(vocabulary, axis, lang or language()).set(mask)


def sentence(
    vocabulary: Vocabulary,
    box: Sequence[int],
    axes: Collection[str] | None = None,
    lang: str | None = None,
) -> str:
    """A box as the phrases of the axes that it narrows, in vocabulary order; `axes`: of these alone."""
    parts = [
        describe(vocabulary, axis.id, mask, lang)
        for axis, mask, full in zip(vocabulary.axes, box, vocabulary.full, strict=True)
        if mask != full and (axes is None or axis.id in axes)
    ]
    return say("phrases.part", lang=lang).join(parts) or say("phrases.any-use", lang=lang)


def reach(low: int | None, high: int | None, lang: str | None = None) -> str:
    """What a band holds, over `low` and up to `high`; None is the bottom, or no end: "over 1 and up to 100"."""
    over = "" if low is None else numeral(low, lang=lang)
    up_to = "" if high is None else numeral(high, lang=lang)
    if low is None:
        return say("vocabulary.band-bottom", lang=lang, high=up_to)
    if high is None:
        return say("vocabulary.band-top", lang=lang, low=over)
    return say("vocabulary.band-piece", lang=lang, low=over, high=up_to)


def phrase(vocabulary: Vocabulary, axis: str, id: str, lang: str | None = None) -> str:
    """The phrase of one category, of an `.other` leaf, or of the whole axis for `any`."""
    return _Speaker(vocabulary, axis, lang or language()).name(id)


def titled(vocabulary: Vocabulary, axis: str, lang: str | None = None) -> str:
    """An axis by its title, and by the id to type where the title does not say it: "kind of body (`body`)"."""
    found = vocabulary.axis(axis)
    title = spoken(found.title if found else None, lang).lower()
    plain = unicodedata.normalize("NFD", title).encode("ascii", "ignore").decode()
    return title if plain.replace(" ", "-") == axis else f"{title} (`{axis}`)"


def title_of(vocabulary: Vocabulary, axis: str, id: str, lang: str | None = None) -> str:
    """A category by its title; what has none, as `any` and `.other`, by its phrase."""
    category = vocabulary.category(axis, id)
    return spoken(category.title, lang) if category else phrase(vocabulary, axis, id, lang)


class _Speaker:
    """Describes sets of one axis in one language."""

    def __init__(self, vocabulary: Vocabulary, axis: str, lang: str) -> None:
        found = vocabulary.axis(axis)
        assert found is not None, axis  # masks are made from the vocabulary
        self.vocabulary = vocabulary
        self.axis = found
        self.lang = lang

    def set(self, mask: int) -> str:
        """The shortest description of a set: a union, of which at most one part is an exception."""
        return self._joined(self._parts(ANY, mask), "or")

    def name(self, id: str) -> str:
        """The phrase of a subtree or `.other` leaf."""
        if id == ANY:
            return spoken(self.axis.phrase, self.lang)
        if id == OTHER:
            own = spoken(self.axis.other, self.lang)
            title = spoken(self.axis.title, self.lang).lower()
            return own or say("phrases.other-on-axis", lang=self.lang, title=title)
        category = self.vocabulary.category(self.axis.id, id)
        if category is not None:
            return spoken(category.phrase, self.lang) or spoken(category.title, self.lang)
        above = self.vocabulary.category(self.axis.id, id.removesuffix(f".{OTHER}"))
        assert above is not None, id
        return spoken(above.other, self.lang) or say(
            "phrases.other-below", lang=self.lang, phrase=self.name(above.id)
        )

    def _parts(self, id: str, mask: int) -> list[str]:
        """The phrases whose union is the part of `mask` below `id`; as few names as possible."""
        whole = self.vocabulary.mask(self.axis.id, id)
        if mask & whole == 0:
            return []
        if mask & whole == whole:
            return [self.name(id)]
        union, exception = self._counts(id, mask)
        if exception < union:
            return [self._except(id, self._subtrees(id, whole & ~mask))]
        return [part for below in self._below(id) for part in self._parts(below, mask)]

    def _counts(self, id: str, mask: int) -> tuple[int, int]:
        """How many names it takes to name what is in the set, and to take out what is not."""
        whole = self.vocabulary.mask(self.axis.id, id)
        if mask & whole in (0, whole):
            count = 1 if mask & whole else 0
            return count, count
        union = sum(min(self._counts(below, mask)) for below in self._below(id))
        return union, 1 + len(self._subtrees(id, whole & ~mask))

    def _subtrees(self, id: str, mask: int) -> list[str]:
        """The largest subtrees below `id` whose union is `mask`."""
        whole = self.vocabulary.mask(self.axis.id, id)
        if mask & whole == 0:
            return []
        if mask & whole == whole:
            return [id]
        return [found for below in self._below(id) for found in self._subtrees(below, mask)]

    def _below(self, id: str) -> list[str]:
        below = [child.id for child in self.vocabulary.children(self.axis.id, id)]
        leaf = other(id)
        return [*below, leaf] if self.vocabulary.known(self.axis.id, leaf) else below

    def _except(self, id: str, taken: Sequence[str]) -> str:
        if id == ANY and len(taken) == 1 and (alone := self._without(taken[0])):
            return alone
        own = (self.axis.but or {}).get(self.lang) if id == ANY else None
        whole = own or self.name(id)
        names = [self._within(t) for t in taken]
        listed = self._listed(self._said_once([whole, *names])[1:], "and")
        if own:
            return self._followed(own, listed)
        key = "phrases.but" if id == ANY else "phrases.except"
        return say(key, lang=self.lang, whole=whole, taken=listed)

    def _without(self, id: str) -> str | None:
        """The phrase of the whole axis without one category, where the language has one."""
        category = self.vocabulary.category(self.axis.id, id)
        return ((category and category.without) or {}).get(self.lang)

    def _followed(self, before: str, after: str) -> str:
        """Two phrases in a row; a last word that is elided before a vowel is: `autre qu'un contrat`."""
        elided = say("phrases.elided", lang=self.lang).split()
        vowels = say("phrases.vowels", lang=self.lang)
        if before.rpartition(" ")[2] in elided and after[:1] in vowels:
            return f"{before[:-1]}'{after}"
        return f"{before} {after}"

    def _within(self, id: str) -> str:
        category = self.vocabulary.category(self.axis.id, id)
        return spoken(category.within if category else None, self.lang) or self.name(id)

    def _joined(self, parts: Sequence[str], glue: str) -> str:
        return self._listed(self._said_once(parts), glue)

    def _listed(self, parts: Sequence[str], glue: str) -> str:
        *first, last = parts
        if not first:
            return last
        comma = say("phrases.comma", lang=self.lang)
        return comma.join(first) + say(f"phrases.{glue}", lang=self.lang) + last

    def _said_once(self, parts: Sequence[str]) -> list[str]:
        """Without the preposition that all begin with, but for the first."""
        heads = {part.partition(" ")[0] for part in parts}
        if len(heads) > 1 or not heads <= set(
            say("phrases.prepositions", lang=self.lang).split(" ")
        ):
            return list(parts)
        return [parts[0], *(part.partition(" ")[2] for part in parts[1:])]
