"""The core vocabulary, read from the file that is shipped, and what a document adds to it.

People edit `core.yaml`; `core.json` is made of it (`tools/core_json.py`, and a test holds the one to the other). Every
command reads it, and the YAML takes longer to read than most commands take to answer.

vocabulary = core("core@1-draft")
vocabulary = extended(vocabulary, read_yaml("organisation: {department: {children: [army]}}", at))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from avenant.errors import InputError, Span
from avenant.languages import say
from avenant.source.nodes import did_you_mean
from avenant.vocabulary.extend import extended
from avenant.vocabulary.types import ANY, Axis, Category, Vocabulary

__all__ = ["CORES", "DRAFT_OF", "also", "core", "extended"]

CORES: Mapping[str, str] = {"core@1-draft": "core.json"}
# The names of cores to come, each with the draft that a text which names it is read against until it is frozen.
DRAFT_OF: Mapping[str, str] = {"core@1": "core@1-draft"}

Words = Mapping[str, tuple[str, ...]]  # language -> words


def core(id: str = "core@1-draft", at: Span | None = None) -> Vocabulary:
    """The core vocabulary of that id; `at` is where a text names it. Raises InputError for one that is not shipped."""
    id = DRAFT_OF.get(id, id)
    if id not in CORES:
        hint = did_you_mean(id, tuple(CORES))
        raise InputError("unknown-vocabulary", say("vocabulary.unknown", id=id), at, hint)
    return _read(id)[0]


def also(id: str = "core@1-draft") -> Mapping[tuple[str, str], Words]:
    """(axis, category) -> other words by which people look for it: "hiring" for `recruitment`.

    They stand beside the vocabulary and not in it: a better word to search by is no change to what was signed.
    """
    return _read(id)[1]


@cache
def _read(id: str) -> tuple[Vocabulary, Mapping[tuple[str, str], Words]]:
    # No nodes: the file is ours, a test holds it to what documents must obey, and start-up is the user's.
    read: Mapping[str, Any] = msgspec.json.decode((Path(__file__).parent / CORES[id]).read_bytes())
    axes: list[Axis] = []
    categories: list[Category] = []
    words: dict[tuple[str, str], Words] = {}
    for axis, spec in read["axes"].items():
        categories.extend(_below(axis, ANY, spec.pop("children"), words))
        axes.append(Axis(axis, **spec))
    return Vocabulary(read["id"], tuple(axes), tuple(categories)), words


def _below(
    axis: str, parent: str, children: Mapping[str, Any], words: dict[tuple[str, str], Words]
) -> Iterator[Category]:
    for id, spec in children.items():
        below = spec.pop("children", {})
        if found := spec.pop("also", None):
            words[axis, id] = {language: tuple(given) for language, given in found.items()}
        yield Category(axis, id, parent, **spec)
        yield from _below(axis, id, below, words)
