"""Read what is of one language from its folder: the sentences, the grammar and the word lists.

    languages(FOLDER)                    # ("en", "fr")
    catalogue("en")["decide.refused-by"]
    grammar("fr").singular               # frozenset({0, 1})
    lexicon("fr", "little")["common"]    # "le les la …"

A folder with a `grammar.toml` is a language; nothing else names the languages. A command speaks a few tables of some
twenty files, and reading TOML takes longer than most commands take to answer. So a file of sentences is parsed when
the first key of one of its tables is asked for; its headings say which tables it has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
FALLBACK = "en"  # the language of a sentence that another one lacks, and the first in every list

_TABLE = re.compile(r"^\[([a-z-]+)", re.MULTILINE)
_SINGULAR = {"1": frozenset({1}), "0 or 1": frozenset({0, 1})}


class Grammar(NamedTuple):
    """The rules by which a language makes words; `singular` are the counts that take the singular."""

    singular: frozenset[int]


class Catalogue(Mapping[str, str]):
    """All sentences of a language as `table.name -> sentence`.

    INVARIANT: each first-level table stands in one file, so that no file overrides another's sentences.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        """`sources` are the texts of the files, by first-level table."""
        self._sources = sources
        self._tables: dict[str, Mapping[str, str]] = {}

    def __getitem__(self, key: str) -> str:
        return self._table(key.partition(".")[0])[key]

    def __iter__(self) -> Iterator[str]:
        return (key for table in self._sources for key in self._table(table))

    def __len__(self) -> int:
        return sum(len(self._table(table)) for table in self._sources)

    def _table(self, name: str) -> Mapping[str, str]:
        if name not in self._tables:
            read = tomllib.loads(self._sources.get(name, ""))
            for table, sentences in read.items():
                self._tables[table] = dict(_flat(f"{table}.", sentences))
            self._tables.setdefault(name, {})
        return self._tables[name]


@cache
def languages(root: Path) -> tuple[str, ...]:
    """Return the languages that have a folder under `root`, the fallback first."""
    named = sorted(file.parent.name for file in root.glob("*/grammar.toml"))
    return tuple(sorted(named, key=FALLBACK.__ne__))


@cache
def catalogue(language: str, root: Path = FOLDER) -> Mapping[str, str]:
    """Return the sentences of a language; empty when there is no folder of it."""
    folder = root / language / "messages"
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.toml"))]
    return Catalogue({table: text for text in texts for table in _TABLE.findall(text)})


@cache
def grammar(language: str, root: Path = FOLDER) -> Grammar:
    """Return the grammar of a language.

    Raises KeyError for a plural rule that is not one of `1` and `0 or 1`.
    """
    written = tomllib.loads((root / language / "grammar.toml").read_text(encoding="utf-8"))
    return Grammar(_SINGULAR[written["one"]])


@cache
def lexicon(language: str, name: str, root: Path = FOLDER) -> Mapping[str, Any]:
    """Return the word list `name` of a language: the keys of its TOML file.

    Raises FileNotFoundError for a list that the language lacks.
    """
    file = root / language / "lexicon" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def foreign(root: Path = FOLDER) -> frozenset[str]:
    """Return little words of the languages that have no folder."""
    read = tomllib.loads((root / "foreign.toml").read_text(encoding="utf-8"))
    return frozenset(read["common"].split())


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", str(value)
