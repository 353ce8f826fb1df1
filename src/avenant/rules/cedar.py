"""Cedar text as tokens: where each policy of a block begins and ends, and where each literal stands.

Cedar's own parser gives a typed tree without positions, so a block is split into policies here, each is parsed alone,
and its literals are found again in the source, in order.

    policies = split('permit (principal, action, resource);', Span("0-agreement.md", 41, "weapons"))
    policies[0].at.line        # 41
    policies[0].literals       # the entity literals in order, each with its place

Lexical grammar: the Cedar policy language reference, "Grammar specification".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from avenant.errors import InputError, Span
from avenant.languages import say

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<literal>[A-Za-z_]\w*(?:\s*::\s*[A-Za-z_]\w*)*\s*::\s*"(?:[^"\\\n]|\\.)*")
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<end>;)
      | (?P<other>[A-Za-z_]\w*|\d+|::|==|!=|<=|>=|&&|\|\||.)""",
    re.VERBOSE,
)


class Literal(Struct, frozen=True):
    """An entity literal as written: `Purpose::"surveillance"`."""

    entity: str
    id: str
    at: Span


class Policy(Struct, frozen=True):
    """One policy of a block: its text without the blank lines and comments before it, its place, its literals."""

    source: str
    at: Span
    literals: tuple[Literal, ...]
    tokens: tuple[tuple[str, Span], ...]


def split(source: str, at: Span) -> tuple[Policy, ...]:
    """The policies of a block, in order; `at` is the place of its first line.

    Raises InputError `cedar-unfinished` when the last policy lacks its semicolon.
    """
    policies: list[Policy] = []
    tokens: list[tuple[str, Span]] = []
    literals: list[Literal] = []
    start: int | None = None
    for kind, text, offset in _tokens(source):
        if kind == "space":
            continue
        place = at.within(source, offset, offset + len(text))
        if start is None:
            start, first = offset, place
        tokens.append((text, place))
        if kind == "literal":
            entity, _, id = text.partition('"')
            literals.append(Literal(re.sub(r"\s|::\s*$", "", entity).rstrip(":"), id[:-1], place))
        if kind == "end":
            policies.append(
                Policy(source[start : offset + 1], first, tuple(literals), tuple(tokens))
            )
            tokens, literals, start = [], [], None
    if start is not None:
        raise InputError(
            "cedar-unfinished", say("rules.unfinished"), first, say("rules.unfinished-hint")
        )
    return tuple(policies)


def _tokens(source: str) -> Iterator[tuple[str, str, int]]:
    for match in _TOKEN.finditer(source):
        yield match.lastgroup or "other", match.group(), match.start()
