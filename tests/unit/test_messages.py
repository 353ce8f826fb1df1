"""Each sentence that the code speaks is in the English catalogue, with the values it is given.

Keys are read off the syntax tree of every module: `say("table.name", value=…)` and `plural(…)`.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from avenant.languages import LANGUAGES
from avenant.languages.read import catalogue

SRC = Path(__file__).resolve().parents[2] / "src" / "avenant"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One call of `say` or `plural`: the keys it may speak, and the values it gives."""

    at: str
    keys: tuple[str, ...]
    values: frozenset[str] | None  # None: `**values`, not to be known from the text

    def wrong(self, known: dict[str, str]) -> list[str]:
        """What the catalogue lacks for this call, and values that a sentence wants and does not get."""
        wrong = [
            f"{self.at} speaks {key}, which is not there" for key in self.keys if key not in known
        ]
        if self.values is not None:
            wrong += [
                f"{self.at} gives {key} no {sorted(missing)}"
                for key in self.keys
                if key in known and (missing := fields(known[key]) - self.values)
            ]
        return wrong


def fields(sentence: str) -> set[str]:
    """The values that a sentence takes: `"{count} ways"` takes `count`."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def literals(node: ast.expr) -> Iterator[str]:
    """The strings that an expression may be, where the text shows it."""
    match node:
        case ast.Constant(value=str(value)):
            yield value
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body)
            yield from literals(orelse)


def spoken(source: str, name: str) -> Iterator[Spoken]:
    """Each call of `say` and `plural` in a module whose key is written out."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="say" | "plural" as speak), args=[first, *_]):
                keys = tuple(literals(first))
                given = {word.arg for word in node.keywords}
                if speak == "plural":
                    keys = tuple(f"{key}.{form}" for key in keys for form in ("one", "many"))
                    given.add("count")
                values = None if None in given else frozenset(str(word) for word in given)
                yield Spoken(f"{name}:{node.lineno}", keys, values)


@pytest.mark.parametrize("module", sorted(SRC.rglob("*.py")), ids=lambda m: str(m.relative_to(SRC)))
def test_each_sentence_spoken_is_there(module: Path) -> None:
    """A key that the code writes out is in the catalogue, and its sentence gets all its values."""
    known = dict(catalogue("en"))
    calls = spoken(module.read_text(encoding="utf-8"), str(module.relative_to(SRC)))
    assert [] == [wrong for call in calls for wrong in call.wrong(known)]


@pytest.mark.parametrize(
    "source",
    [
        'say("a.gone")',
        'say("a.one" if x else "a.gone", who=1)',
        'say("a.one", what=1)',
        'plural("a.many", 2)',
    ],
)
def test_a_missing_sentence_or_value_is_seen(source: str) -> None:
    """The check can fail: a key that is not there and a value that is not given are named."""
    known = {"a.one": "for {who}", "a.many.one": "{count} of {all}", "a.many.many": "{count}"}
    assert 1 == len([wrong for call in spoken(source, "x.py") for wrong in call.wrong(known)])


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_a_translation_takes_the_same_values(language: str) -> None:
    """A translated sentence has an English original and takes no value that it does not.

    But for the count of a singular: English writes "1 way", French says `0 passage` with the same sentence.
    """
    english = catalogue("en")
    assert [] == [
        key
        for key, sentence in catalogue(language).items()
        if key not in english
        or not fields(sentence)
        <= fields(english[key]) | ({"count"} if key.endswith(".one") else set())
    ]
