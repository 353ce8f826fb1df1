"""Where the words of a finding stand: their lines and columns in the file, and their place in the prose.

A finding names words and a line; a reader wants to see them marked. In the file they may be broken over lines and may
hold links (`[intentionally](#intent.deliberate) used`), in the prose they stand as they are read:

    span("0-agreement.md:58", "intentionally used", lines_of(clauses))      # Stretch(58, 42, 58, 79)
    occurrence("0-agreement.md:58", "surveillance", clause)                 # 1: the second one of the clause is meant
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from avenant.agreement.types import Clause, Translation

Written = Clause | Translation  # a passage with its source, in one language
Lines = Mapping[tuple[str, int], tuple[Clause, Written]]  # by file and 1-based line

_FENCE = re.compile(r"\s*(```|~~~)")
_MARKUP = re.compile(r"\]\([^)\n]*\)|[\[*]")
_ATOM = re.compile(r"\w+|[^\w\s]")


class Stretch(Struct, frozen=True):
    """A stretch of a file: 1-based lines and columns, in characters; the end is the first character behind it."""

    line: int
    column: int
    end_line: int
    end_column: int


def split_place(at: str) -> tuple[str, int]:
    """`0-agreement.md:58` as file and line; line 1 where none is given.

    >>> split_place("statements/2026-02-28.md:26")
    ('statements/2026-02-28.md', 26)
    """
    file, _, line = at.rpartition(":")
    return (file, int(line)) if file and line.isdigit() else (at, 1)


def lines_of(clauses: Iterable[Clause]) -> Lines:
    """Each line of the sources of clauses and of their translations, with whose it is."""
    lines: dict[tuple[str, int], tuple[Clause, Written]] = {}
    for clause in clauses:
        passages: tuple[Written, ...] = (clause, *clause.translations.values())
        for written in passages:
            for down in range(written.source.count("\n") + 1):
                lines[written.at.file, written.at.line + down] = clause, written
    return lines


def span(at: str, word: str, lines: Lines) -> Stretch | None:
    """Where `word` stands in the file, at the line of `at` or the next place below; None when it is not there."""
    found = lines.get(split_place(at))
    if found is None:
        return None
    _, written = found
    readable = _readable(written.source)
    matches = [*_pattern(word).finditer(readable)]
    if not matches:
        return None
    match = matches[_meant(at, written, readable, matches)]
    line, column = _position(readable, match.start())
    end_line, end_column = _position(readable, match.end())
    first = written.at.line
    return Stretch(first + line, column + 1, first + end_line, end_column + 1)


def occurrence(at: str, word: str, written: Written) -> int:
    """Which of the places at which `word` stands in the prose of a clause, or of its translation, is meant, from 0."""
    readable = _readable(written.source)
    matches = [*_pattern(word).finditer(readable)]
    return _meant(at, written, readable, matches) if matches else 0


def places(word: str, prose: str) -> list[tuple[int, int]]:
    """Every place of `word` in plain prose, as start and end."""
    return [match.span() for match in _pattern(word).finditer(prose)]


def _meant(at: str, written: Written, readable: str, matches: list[re.Match[str]]) -> int:
    file, line = split_place(at)
    wanted = line - written.at.line if file == written.at.file else 0
    return next(
        (i for i, m in enumerate(matches) if _position(readable, m.start())[0] >= wanted), 0
    )


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 0."""
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


@lru_cache(maxsize=1024)
def _readable(source: str) -> str:
    """The prose of a clause's source at its own lines and columns; all that is not prose is blank."""
    return "\n".join(_lines(source))


def _lines(source: str) -> Iterator[str]:
    fence = ""
    for number, line in enumerate(source.split("\n")):
        mark = _FENCE.match(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
            yield ""
        elif fence or number == 0 or line.lstrip().startswith(">"):
            yield ""  # the heading stands in the source at another level than in the file
        else:
            yield _MARKUP.sub(lambda m: " " * len(m[0]), line)


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    """The word with whatever space stands in it: a line's end, or what is left of a link."""
    whole = r"\s+".join(r"\s*".join(map(re.escape, _ATOM.findall(part))) for part in word.split())
    return re.compile(r"\b" * word[:1].isalnum() + whole)
