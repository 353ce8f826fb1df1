"""A condition -> terms: boxes of leaves whose union is exactly where it holds (§8 of the semantics).

    lower(condition, vocabulary)          # ((0b11, 0b0100, …), …): one mask an axis

Negations go down to the leaves, where a complement is a mask again; products meet, sums join; terms inside others go,
and two terms that differ on one axis alone become one. So the list is short and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from avenant.errors import InputError, Span
from avenant.languages import say
from avenant.region import Box
from avenant.rules.types import And, Condition, In, Not, Or

LIMIT = 256  # terms of one rule


class Ground(Protocol):
    """What a condition is lowered onto: a vocabulary, or one side of a joint one."""

    @property
    def position(self) -> Mapping[str, int]: ...
    @property
    def full(self) -> Box: ...
    def mask(self, axis: str, id: str, /) -> int: ...


def lower(condition: Condition, ground: Ground, at: Span | None = None) -> tuple[Box, ...]:
    """The terms of a condition; none when it never holds.

    Raises InputError `too-many-terms` beyond 256: the clause wants splitting.
    """
    return _lower(condition, True, ground, at)


def _lower(condition: Condition, holds: bool, ground: Ground, at: Span | None) -> tuple[Box, ...]:
    match condition:
        case In(axis, category):
            i = ground.position[axis]
            mask = ground.mask(axis, category)
            mask = mask if holds else ground.full[i] & ~mask
            return ((*ground.full[:i], mask, *ground.full[i + 1 :]),) if mask else ()
        case Not(operand):
            return _lower(operand, not holds, ground, at)
        case And(operands) | Or(operands):
            lowered = (_lower(operand, holds, ground, at) for operand in operands)
            if isinstance(condition, And) == holds:
                terms: tuple[Box, ...] = (ground.full,)
                for factor in lowered:
                    terms = _short(_meets(terms, factor), at)
                return terms
            return _short([term for terms in lowered for term in terms], at)


def _meets(left: Iterable[Box], right: tuple[Box, ...]) -> list[Box]:
    products = (tuple(a & b for a, b in zip(x, y, strict=True)) for x in left for y in right)
    return [product for product in products if all(product)]


def _short(terms: list[Box], at: Span | None) -> tuple[Box, ...]:
    """The same union in fewer boxes: contained ones dropped, neighbours on one axis merged, to a fixed point."""
    if len(terms) > 16 * LIMIT:
        raise _too_many(at)
    kept: list[Box] = []
    for term in terms:
        _add(kept, term)
    if len(kept) > LIMIT:
        raise _too_many(at)
    return tuple(kept)


def _add(kept: list[Box], term: Box) -> None:
    for i, other in enumerate(kept):
        differing = [a for a, (x, y) in enumerate(zip(other, term, strict=True)) if x != y]
        if all(term[a] & ~other[a] == 0 for a in differing):
            return
        if len(differing) == 1 or all(other[a] & ~term[a] == 0 for a in differing):
            del kept[i]
            _add(kept, tuple(x | y for x, y in zip(other, term, strict=True)))
            return
    kept.append(term)


def _too_many(at: Span | None) -> InputError:
    hint = say("rules.too-many-terms-hint")
    return InputError("too-many-terms", say("rules.too-many-terms", limit=LIMIT), at, hint)
