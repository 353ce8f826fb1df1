"""The numbers that Word counts: `numbering.xml` holds patterns, and the numbers themselves stand nowhere.

    numbering = Numbering(part)
    numbering.next(("3", 1))          # "2.1", "(a)", "•"

A level's pattern names the counters of the levels above it, `%1.%2`; a level counts anew when one above it moves
(ECMA-376 §17.9).
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from msgspec import Struct

from avenant.importing.numbers import counted
from avenant.importing.ooxml import W, value

_KINDS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


class _Level(Struct, frozen=True):
    start: int
    kind: str  # decimal, lowerLetter …, bullet, none
    pattern: str  # "%1.%2"
    legal: bool  # all counters as decimals


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, part: Element | None) -> None:
        root = part if part is not None else Element("none")
        patterns = {
            value(a, "abstractNumId"): {
                int(value(level, "ilvl", "0")): _level(level) for level in a.iter(f"{W}lvl")
            }
            for a in root.iter(f"{W}abstractNum")
        }
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        for number in root.iter(f"{W}num"):
            id = value(number, "numId")
            abstract = value(number.find(f"{W}abstractNumId"), "val")
            levels = dict(patterns.get(abstract, {}))
            for override in number.iter(f"{W}lvlOverride"):
                at = int(value(override, "ilvl", "0"))
                if (level := override.find(f"{W}lvl")) is not None:
                    levels[at] = _level(level)
                start = value(override.find(f"{W}startOverride"), "val")
                if start.isdigit():
                    self._restarts.setdefault(id, {})[at] = int(start)
            self._lists[id] = (abstract, levels)
        self._counts: dict[str, dict[int, int]] = {}  # of the abstract list: its instances share it

    def next(self, place: tuple[str, int] | None) -> str:
        """The number of the next paragraph of this list and level; empty where it shows none."""
        if place is None or place[0] not in self._lists:
            return ""
        id, at = place
        abstract, levels = self._lists[id]
        level = levels.get(at)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        for restarted, start in self._restarts.pop(id, {}).items():
            counts[restarted] = start - 1
        counts[at] = counts.get(at, level.start - 1) + 1
        for below in [n for n in counts if n > at]:
            del counts[below]
        if level.kind == "bullet":
            return "•"
        if level.kind == "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            n = int(match[1]) - 1
            of = levels.get(n, level)
            kind = "1" if level.legal else _KINDS.get(of.kind, "1")
            return counted(counts.get(n, of.start), kind)

        return re.sub(r"%([1-9])", shown, level.pattern).strip()


def _level(level: Element) -> _Level:
    start = value(level.find(f"{W}start"), "val", "1")
    return _Level(
        int(start) if start.isdigit() else 1,
        value(level.find(f"{W}numFmt"), "val", "decimal"),
        value(level.find(f"{W}lvlText"), "val"),
        level.find(f"{W}isLgl") is not None,
    )
