"""Reads a language's catalogue into flat keys, once a process: a folder a language, a file a room of the house."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language as `table.name -> sentence`; empty when there is no folder of it.

    INVARIANT: each first-level table stands in one file, so that no file overrides another's sentences.
    """
    folder = files("avenant.messages") / language
    if not folder.is_dir():
        return {}
    return {
        key: sentence
        for file in folder.iterdir()
        if file.name.endswith(".toml")
        for key, sentence in _flat("", tomllib.loads(file.read_text(encoding="utf-8")))
    }


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", str(value)
