"""Phrases -> a tree of words, walked once along a text, however many phrases there are.

A phrase is words in a row; `(a|b)` is either, `(a|)` may be left out, `…` stands for up to `GAP` words of
the same sentence. The longest phrase at a place wins.

    tree = Tree([("as (it|they) (deem|deems) fit", "discretion"), ("ne peut … que", "permission")])
    list(tree.found(("it", "acts", "as", "it", "deems", "fit"), 0, 6))      # [(2, 6, "discretion")]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

from avenant.prose.tokens import first_word, split_words

T = TypeVar("T")
GAP = 8  # words that `…` may stand for


@dataclass(slots=True)
class _Node(Generic[T]):
    """What may follow the words so far; `value` where a phrase ends here, `tails` where one goes on behind a gap.

    Tails stand under their first word.
    """

    next: dict[str, _Node[T]] = field(default_factory=dict)
    value: T | None = None
    tails: dict[str, list[tuple[tuple[tuple[str, ...], ...], T]]] = field(default_factory=dict)


class Tree(Generic[T]):
    """Phrases with a value each; a phrase given twice keeps its first value.

    Phrases are grouped by their first word, and grow branches only when a text says that word: a text says a few of
    the thousands of phrases that a language has.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self._listed: dict[str, list[tuple[str, T]]] = {}
        self._root: dict[str, _Node[T]] = {}
        for phrase, value in phrases:
            for word, part in _by_first_word(phrase):
                self._listed.setdefault(word, []).append((part, value))

    def _branch(self, word: str) -> _Node[T]:
        """The phrases that begin with this word, as a tree."""
        if (root := self._root.get(word)) is None:
            root = self._root[word] = _Node()
            for phrase, value in self._listed[word]:
                for plain in expanded(phrase):
                    _grow(root, plain, value)
        return root

    def begins(self, word: str) -> bool:
        """Whether a phrase begins with this word."""
        return word in self._listed

    def found(self, words: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int, T]]:
        """Each phrase in `words[first:last]`: its first token, the one behind its last, its value; none overlap."""
        listed, behind = self._listed, first
        # One look into a table a word is what a large text costs.
        for i in [i for i, word in enumerate(words[first:last], first) if word in listed]:
            if i >= behind and (best := self._longest(self._branch(words[i]), words, i, last)):
                yield (i, *best)
                behind = best[0]

    @staticmethod
    def _longest(
        node: _Node[T] | None, words: Sequence[str], i: int, last: int
    ) -> tuple[int, T] | None:
        best: tuple[int, T] | None = None
        j = i + 1
        while node is not None:
            if node.value is not None and (best is None or j > best[0]):
                best = (j, node.value)
            if node.tails:
                for word in dict.fromkeys(words[j : min(j + GAP + 1, last)]):
                    for tails, value in node.tails.get(word, ()):
                        end = _behind(tails, words, j, last)
                        if end is not None and (best is None or end > best[0]):
                            best = (end, value)
            node = node.next.get(words[j]) if j < last else None
            j += 1
        return best


def _by_first_word(phrase: str) -> Iterator[tuple[str, str]]:
    """A phrase under its first word; in its plain forms where the first word has alternatives."""
    fixed, *alternatives = phrase.split("(", 1)
    first = first_word(fixed)
    if first and (first[1] or not alternatives):
        yield first[0], phrase
        return
    for plain in expanded(phrase):
        first = first_word(plain)
        assert first, f"a phrase begins with a word: {plain!r}"
        yield first[0], plain


def _grow(node: _Node[T], phrase: str, value: T) -> None:
    """Add a plain phrase below the node of its first word."""
    head, *behind = (split_words(part) for part in phrase.split("…"))
    tails = tuple(tail for tail in behind if tail)  # `(…|)`: an alternative may be no word
    for word in head[1:]:
        node = node.next.setdefault(word, _Node())
    if tails:
        node.tails.setdefault(tails[0][0], []).append((tails, value))
    elif node.value is None:
        node.value = value


def _behind(
    tails: tuple[tuple[str, ...], ...], words: Sequence[str], i: int, last: int
) -> int | None:
    """Where the last of `tails` ends, each found within a gap behind the one before; None where one is not."""
    for tail in tails:
        size = len(tail)
        for j in range(i, min(i + GAP, last - size) + 1):
            if words[j] == tail[0] and tuple(words[j : j + size]) == tail:
                i = j + size
                break
        else:
            return None
    return i


def expanded(phrase: str) -> Iterator[str]:
    """Every plain phrase that one with alternatives stands for.

    >>> list(expanded("as (it|they) (deem|)"))
    ['as it deem', 'as it ', 'as they deem', 'as they ']
    """
    parts: list[list[str]] = []
    for i, part in enumerate(phrase.replace(")", "(").split("(")):
        parts.append(part.split("|") if i % 2 else [part])
    return ("".join(choice) for choice in product(*parts))
