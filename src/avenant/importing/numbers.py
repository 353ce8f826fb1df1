"""The numbers of clauses and the markers of items, as lawyers of both languages write them.

>>> numbered("2.1 The customer shall not …")
Number(mark='2.1', number='2.1', named=False, rest='The customer shall not …')
>>> numbered("Article 3 – Purpose").rest
'Purpose'
>>> ITEM.fullmatch("(a) to resell it;")["mark"]
'(a)'
"""

from __future__ import annotations

import re

from msgspec import Struct

from avenant.languages.patterns import any_pattern

_NUMBERED = (
    r"(?s:(?P<mark>(?:(?P<name>§+|{})\s*)?(?P<number>\d{1,3}(?:\.\d{1,3})*[a-z]?)(?:er)?\.?)"
    r"(?P<sep>\s*[:–—-])?(?:\s+(?P<rest>\S.*)|\s*))"
)
# `(a)`, `a)`, `1)`, `iv.`, `a.`; bullets, those of symbol fonts included. Not `1.`: that may be a clause.
ITEM = re.compile(
    r"(?P<mark>\((?:[a-z]{1,2}|(?P<twice>[A-Z])(?P=twice)?|[ivxlIVXL]{1,5}|\d{1,3})\)|(?:[a-zA-Z]|[ivxl]{1,5}|\d{1,3})\)"
    r"|[ivxl]{1,5}\.|[a-z]\.|[•▪◦‣∙●○■□–—*\uf0b7\uf0a7-]|o)\s+(?P<rest>\S.*)",
    re.DOTALL,
)
BULLETS = frozenset("•▪◦‣∙●○■□–—*-o·\uf0b7\uf0a7")


class Number(Struct, frozen=True):
    """`mark` as written, `number` bare, `named` by a word or sign before it, and the words behind."""

    mark: str
    number: str
    named: bool
    rest: str

    @property
    def chain(self) -> tuple[str, ...]:
        """`("2", "1")` of `2.1`."""
        return tuple(self.number.split("."))


def numbered(words: str) -> Number | None:
    """The number that words begin with, or None: `12 months` and `2026` are none, `12. Months` and `12.1` are."""
    match = any_pattern("clause", _NUMBERED).fullmatch(words)
    if match is None:
        return None
    named = match["name"] is not None
    dotted = match["mark"].endswith(".") or "." in match["number"]
    if not (named or dotted):
        return None
    return Number(match["mark"], match["number"].lower(), named, match["rest"] or "")


_ROMAN = (
    *(
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
    ),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def counted(number: int, kind: str) -> str:
    """A number as a list shows it: `1`, `a`, `A`, `i` or `I`, as HTML names these kinds.

    >>> [counted(n, k) for n, k in ((3, "1"), (3, "a"), (28, "A"), (14, "i"))]
    ['3', 'c', 'AB', 'xiv']
    """
    if not 1 <= number <= 5000 or kind not in "aAiI":
        return str(number)
    shown, rest = "", number
    if kind in "aA":
        while rest:
            rest, digit = divmod(rest - 1, 26)
            shown = chr(ord("a") + digit) + shown
    else:
        for value, digits in _ROMAN:
            shown, rest = shown + digits * (rest // value), rest % value
    return shown.upper() if kind in "AI" else shown
