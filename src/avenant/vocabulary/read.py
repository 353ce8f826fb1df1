"""The core vocabulary, read from the file that is shipped, and what a document adds to it.

vocabulary = core("core@1")
vocabulary = extended(vocabulary, read_yaml("organisation: {department: {children: [army]}}", at))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from avenant.errors import InputError, Place
from avenant.messages import say
from avenant.nodes import did_you_mean
from avenant.vocabulary.extend import extended
from avenant.vocabulary.types import ANY, Axis, Category, Vocabulary

__all__ = ["CORES", "core", "extended"]

CORES: Mapping[str, str] = {"core@1": "core.yaml"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def core(id: str = "core@1", at: Place | None = None) -> Vocabulary:
    """The core vocabulary of that id; `at` is where a text names it. Raises InputError for one that is not shipped."""
    if id not in CORES:
        hint = did_you_mean(id, tuple(CORES))
        raise InputError("unknown-vocabulary", say("vocabulary.unknown", id=id), at, hint)
    return _core(id)


@cache
def _core(id: str) -> Vocabulary:
    # Plain YAML, not nodes: the file is ours, a test holds it to what documents must obey, and start-up is the user's.
    text = files("avenant.vocabulary").joinpath(CORES[id]).read_text(encoding="utf-8")
    read: Mapping[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader, in C where there is one
    axes: list[Axis] = []
    categories: list[Category] = []
    for axis, spec in read["axes"].items():
        categories.extend(_below(axis, ANY, spec.pop("children")))
        axes.append(Axis(axis, **spec))
    return Vocabulary(read["id"], tuple(axes), tuple(categories))


def _below(axis: str, parent: str, children: Mapping[str, Any]) -> Iterator[Category]:
    for id, spec in children.items():
        below = spec.pop("children", {})
        yield Category(axis, id, parent, **spec)
        yield from _below(axis, id, below)
