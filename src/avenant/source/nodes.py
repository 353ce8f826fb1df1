"""YAML as nodes: mappings, lists and raw words, each with its line.

A block of a document is read without implicit typing: `no`, `12:30` and `1_000` stay what was written, and whoever
reads a node says what he expects. Duplicate keys, anchors and several documents in a block are errors (YAML 1.2
§3.2.1.3 asks for unique keys; aliases let ten lines expand to gigabytes).

    block = read_yaml("scale:\\n  bulk: {over: 100}", Span("0-agreement.md", 31))
    block.map()["scale"].map()["bulk"].map()["over"].word()      # "100", at 0-agreement.md:32
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Protocol

import yaml
from msgspec import Struct

from avenant.errors import InputError, Span
from avenant.languages import say

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Mark(Protocol):
    line: int
    column: int


DEEPEST = 40  # levels of a block; no vocabulary is a tree of that depth


class Node(Struct, frozen=True):
    """One YAML value and its place: a raw word, a tuple of nodes, or a mapping to nodes."""

    value: str | tuple[Node, ...] | Mapping[str, Node]
    at: Span

    def word(self) -> str:
        """The raw text of a scalar; InputError where something else stands."""
        if isinstance(self.value, str):
            return self.value
        raise InputError("not-a-word", say("yaml.not-scalar"), self.at)

    def items(self) -> tuple[Node, ...]:
        """The nodes of a list; a single word counts as a list of one."""
        if isinstance(self.value, tuple):
            return self.value
        if isinstance(self.value, str):
            return (self,)
        raise InputError("not-a-list", say("yaml.not-list"), self.at)

    def words(self) -> tuple[str, ...]:
        """The raw words of a list; a single word counts as a list of one."""
        return tuple(item.word() for item in self.items())

    def map(self, known: Collection[str] | None = None) -> Mapping[str, Node]:
        """The entries of a mapping; with `known`, any other key is an error that names the nearest known one."""
        if self.value == "":
            return {}
        if not isinstance(self.value, Mapping):
            raise InputError("not-a-mapping", say("yaml.not-mapping"), self.at)
        for key, node in self.value.items() if known is not None else ():
            if key not in known:  # type: ignore[operator]
                raise InputError(
                    "unknown-key",
                    say("yaml.unknown-key", key=key),
                    node.at,
                    did_you_mean(key, known),
                )
        return self.value


def nearest_of(word: str, known: Collection[str]) -> str | None:
    """Return the hint that names the nearest known word; None when none is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return say("yaml.nearest-hint", nearest=near[0]) if near else None


def did_you_mean(word: str, known: Collection[str] | None) -> str:
    """The hint for a word that is not known: the nearest known one, else all of them."""
    near = nearest_of(word, known or ())
    if near:
        return near
    return say("yaml.unknown-key-hint", known=", ".join(f"`{k}`" for k in known or ()))


def read_yaml(text: str, at: Span) -> Node:
    """Read one block; `at` is the place of its first line. Raises InputError with the line of the fault."""
    depth = 0
    try:
        # Aliases are refused before anything is built from them; so is a nesting that would exhaust the C stack.
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            alias = isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)
            if alias or depth > DEEPEST:
                key = "alias" if alias else "too-deep"
                place = _between(at, event.start_mark, event.end_mark)
                raise InputError(f"yaml-{key}", say(f"yaml.{key}"), place, say(f"yaml.{key}-hint"))
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        place = _between(at, mark, mark)
        message, hint = say("yaml.syntax", problem=problem), say("yaml.syntax-hint")
        raise InputError("yaml-syntax", message, place, hint) from None
    return Node("", at) if root is None else _node(root, at)


def _node(node: yaml.Node, top: Span) -> Node:
    at = _between(top, node.start_mark, node.end_mark)
    if isinstance(node, yaml.ScalarNode):
        return Node(node.value, at)
    if isinstance(node, yaml.SequenceNode):
        return Node(tuple(_node(item, top) for item in node.value), at)
    entries: dict[str, Node] = {}
    for key, value in node.value:
        name = _node(key, top).word()
        if name in entries:
            place, first = _between(top, key.start_mark, key.end_mark), entries[name].at
            hint = say("yaml.duplicate-hint", line=first.line)
            message = say("yaml.duplicate", key=name)
            raise InputError("yaml-duplicate", message, place, hint, (first,))
        # A key is where a reader looks, not where its nested value begins.
        read = _node(value, top)
        entries[name] = Node(read.value, _between(top, key.start_mark, key.end_mark))
    return Node(entries, at)


def _between(top: Span, start: _Mark | None, end: _Mark | None) -> Span:
    """The span between two marks of a block whose first line is `top`; of what covers several lines, the first line."""
    if start is None or end is None:
        return top.down(start.line if start else 0)
    line = top.line + start.line
    if end.line != start.line:
        return Span(top.file, line, top.clause)
    ends = max(end.column, start.column + 1) + 1
    return Span(top.file, line, top.clause, start.column + 1, line, ends)
