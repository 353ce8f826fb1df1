"""What a document's `vocabulary` block adds to a vocabulary.

    organisation:
      department: {title: The department, children: {intelligence: {children: [nsa, dia]}, army: {}}}
    scale:
      bulk: {over: 1000}            # a category that exists: its words or its band are redefined

Enforced, all faults at once:

- an axis is one of the vocabulary's; an id is `[a-z][a-z0-9-]*`, unique in its axis, and neither `any` nor `other`;
- a category keeps its parent and whether its list is complete; a complete list takes no new kind;
- bands stand together: each has `over`, they rise, and nothing stands below one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from avenant.errors import InputError, Span, raise_all
from avenant.languages import FALLBACK, LANGUAGES, say
from avenant.source.nodes import Node, did_you_mean
from avenant.vocabulary.types import ANY, OTHER, Category, Text, Vocabulary

KEYS = ("title", "definition", "phrase", "within", "other", "over", "complete", "iri", "children")
_TEXTS = ("title", "definition", "phrase", "within", "other")
_ID = re.compile(r"[a-z][a-z0-9-]*")


def extended(vocabulary: Vocabulary, node: Node, language: str = FALLBACK) -> Vocabulary:
    """The vocabulary with a block's categories added; `language` is that of its plain titles.

    Raises InputError, or InputErrors with every fault of the block.
    """
    return _Extension(vocabulary, language).read(node)


@dataclass
class _Extension:
    vocabulary: Vocabulary
    language: str
    errors: list[InputError] = field(default_factory=list)
    categories: dict[tuple[str, str], Category] = field(init=False)
    children: dict[tuple[str, str], list[str]] = field(init=False)
    seen: dict[tuple[str, str], Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.categories = {}
        self.children = {}
        for category in self.vocabulary.categories:
            self._put(category)

    def read(self, node: Node) -> Vocabulary:
        """Every axis of the block; then the categories in preorder, as the vocabulary wants them."""
        axes = [axis.id for axis in self.vocabulary.axes]
        for axis, below in node.map().items():
            if axis in axes:
                self._list(axis, ANY, below)
            else:
                hint = did_you_mean(axis, axes)
                self.errors.append(
                    InputError("unknown-axis", say("vocabulary.axis", axis=axis), below.at, hint)
                )
        raise_all(self.errors)
        order = [c for axis in axes for c in self._preorder(axis, ANY)]
        return Vocabulary(self.vocabulary.id, self.vocabulary.axes, tuple(order))

    def _preorder(self, axis: str, parent: str) -> Iterator[Category]:
        for id in self.children.get((axis, parent), ()):
            yield self.categories[axis, id]
            yield from self._preorder(axis, id)

    def _put(self, category: Category) -> None:
        if (category.axis, category.id) not in self.categories:
            self.children.setdefault((category.axis, category.parent), []).append(category.id)
        self.categories[category.axis, category.id] = category

    def _list(self, axis: str, parent: str, node: Node) -> None:
        """The kinds directly below a category, written as a mapping or as a list of bare ids."""
        entries: list[tuple[str, Node]]
        try:
            if isinstance(node.value, Mapping):
                entries = list(node.value.items())
            elif node.value == "":
                entries = []
            else:
                entries = [(item.word(), Node("", item.at)) for item in node.items()]
        except InputError as error:
            self.errors.append(error)
            return
        for id, spec in entries:
            self._entry(axis, parent, id, spec)
        self._bands(axis, parent, node.at)

    def _entry(self, axis: str, parent: str, id: str, spec: Node) -> None:
        if id in (ANY, OTHER) or id.endswith(f".{OTHER}"):
            return self._error("reserved", spec.at, id=id)
        if not _ID.fullmatch(id):
            return self._error("bad-id", spec.at, id=id)
        if first := self.seen.get((axis, id)):
            below_itself = id in self._above(axis, parent)
            code = "below-itself" if below_itself else "duplicate"
            return self._error(code, spec.at, id=id, axis=axis, line=first.line)
        self.seen[axis, id] = spec.at
        old = self.categories.get((axis, id))
        if old is not None and old.parent != parent:
            where = old.parent if old.parent != ANY else axis
            return self._error("moved", spec.at, id=id, axis=axis, parent=where)
        try:
            keys = spec.map()
        except InputError as error:
            self.errors.append(error)
            return None
        given = self._given(keys)
        if old is None:
            if self._complete(axis, parent) and "over" not in given:
                self._error("complete-list", spec.at, id=id, parent=parent)
            plain = {self.language: id.replace("-", " ")}
            title = given.pop("title", plain)
            given.setdefault("definition", {})
            given.setdefault("phrase", title)
            self._put(Category(axis, id, parent, title, at=spec.at, **given))
        else:
            if given.get("complete", old.complete) != old.complete:
                self._error("complete-fixed", spec.at, id=id)
            for key in _TEXTS:
                if key in given:
                    given[key] = {**(getattr(old, key) or {}), **given[key]}
            self._put(replace(old, **given, at=spec.at) if given else old)
        if "children" in keys:
            self._list(axis, id, keys["children"])
        if given.get("complete") and not self.children.get((axis, id)):
            self._error("complete-empty", spec.at, id=id)
        return None

    def _given(self, keys: Mapping[str, Node]) -> dict[str, Any]:
        """The fields that an entry states, each read as what it must be."""
        given: dict[str, Any] = {}
        for key, node in keys.items():
            try:
                if key in _TEXTS:
                    given[key] = self._text(node)
                elif key == "over":
                    given[key] = self._number(node)
                elif key == "complete":
                    given[key] = self._truth(node)
                elif key == "iri":
                    given[key] = self._iri(node)
                elif key != "children":
                    hint = did_you_mean(key, KEYS)
                    message = say("yaml.unknown-key", key=key)
                    raise InputError("unknown-key", message, node.at, hint)
            except InputError as error:
                self.errors.append(error)
        return given

    def _text(self, node: Node) -> Text:
        if not isinstance(node.value, Mapping):
            text = {self.language: node.word().strip()}
        else:
            text = {lang: words.word().strip() for lang, words in node.map(LANGUAGES).items()}
        if not text or not all(text.values()):
            raise InputError("empty-text", say("vocabulary.empty-text"), node.at)
        return text

    def _number(self, node: Node) -> int:
        word = node.word()
        if re.fullmatch(r"0|[1-9][0-9]{0,17}", word):
            return int(word)
        hint = say("vocabulary.bad-over-hint")
        raise InputError("bad-over", say("vocabulary.bad-over", word=word), node.at, hint)

    def _truth(self, node: Node) -> bool:
        word = node.word()
        if word in ("true", "false"):
            return word == "true"
        hint = say("vocabulary.bad-truth-hint")
        raise InputError("bad-truth", say("vocabulary.bad-truth", word=word), node.at, hint)

    def _iri(self, node: Node) -> str:
        word = node.word()
        if re.fullmatch(r"https?://[^\s<>\"]+", word):
            return word
        hint = say("vocabulary.bad-iri-hint")
        raise InputError("bad-iri", say("vocabulary.bad-iri", word=word), node.at, hint)

    def _above(self, axis: str, id: str) -> Iterator[str]:
        while (category := self.categories.get((axis, id))) is not None:
            yield id
            id = category.parent

    def _complete(self, axis: str, parent: str) -> bool:
        if parent == ANY:
            found = self.vocabulary.axis(axis)
            return found is not None and found.complete
        # A list that this block itself declares complete is not yet closed.
        return self.vocabulary.category(axis, parent) is not None and (
            self.categories[axis, parent].complete
        )

    def _bands(self, axis: str, parent: str, at: Span) -> None:
        """Bands of one list: all or none, rising in the order written, leaves."""
        bands = [self.categories[axis, id] for id in self.children.get((axis, parent), ())]
        if all(band.over is None for band in bands):
            return
        last: Category | None = None
        for band in bands:
            place = self.seen.get((axis, band.id), at)
            if band.over is None:
                self._error("no-over", place, id=band.id)
                continue
            if last is not None and last.over is not None and band.over <= last.over:
                self._error("not-rising", place, id=band.id, below=last.id, over=last.over)
            if self.children.get((axis, band.id)):
                self._error("below-band", place, id=band.id)
            last = band

    def _error(self, code: str, at: Span, **values: object) -> None:
        hint = say(f"vocabulary.{code}-hint", lang=None, **values)
        message = say(f"vocabulary.{code}", lang=None, **values)
        self.errors.append(InputError(code, message, at, hint))
