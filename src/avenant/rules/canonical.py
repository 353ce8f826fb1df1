"""The one form of a condition, so that two ways of writing one rule are one rule: what is digested and exported.

1. an And in an And and an Or in an Or are flat; a single operand stands alone; `!!x` is `x`; an operand that stands
   twice in one list stands once;
2. at the top, the parts that are negated are one `Not(Or(…))`, last: `unless` blocks are alternatives;
3. the other parts of the top stand by their first axis: organisation, operation, purpose, then in the vocabulary's
   order. Of several with one first axis, those about it alone stand first; else, and below the top, as written.

Nothing else is simplified: a test and the same test of the category above it stay two.

    when { b } unless { c } when { a || a } unless { d || e }    ->    a && b && !(c || d || e)

The order of operands can change the order of a rule's terms, and the terms themselves; where it holds, never.
"""

from __future__ import annotations

from collections.abc import Iterable

from avenant.rules.types import And, Condition, In, Not, Or, tests
from avenant.vocabulary.types import Vocabulary

_FIRST = {"principal": 0, "action": 1}  # by role, before all else
_PURPOSE = "purpose"

Said = tuple[object, ...]  # what a condition says, without its places and words


def canonical(condition: Condition, vocabulary: Vocabulary) -> Condition:
    """The canonical form of a condition; that of a canonical one is itself."""
    parts = conjuncts(_flat(condition))
    excepted = _joined(Or, (part.operand for part in parts if isinstance(part, Not)))
    held = [part for part in parts if not isinstance(part, Not)]
    last = (Not(excepted),) if len(held) < len(parts) else ()
    ordered = (*sorted(held, key=lambda part: _place(part, vocabulary)), *last)
    return ordered[0] if len(ordered) == 1 else And(ordered)


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """The parts of a condition that must all hold, each exception of a `Not(Or(…))` by itself."""
    match condition:
        case And(operands):
            return tuple(part for operand in operands for part in conjuncts(operand))
        case Not(Or(operands)):
            return tuple(Not(operand) for operand in operands)
        case _:
            return (condition,)


def said(condition: Condition) -> Said:
    """What a condition says, as nested tuples: `("and", ("in", "purpose", "combat"), …)`."""
    match condition:
        case In(axis, category):
            return ("in", axis, category)
        case Not(operand):
            return ("not", said(operand))
        case And(operands):
            return ("and", *map(said, operands))
        case Or(operands):
            return ("or", *map(said, operands))


def _flat(condition: Condition) -> Condition:
    match condition:
        case In():
            return condition
        case Not(operand):
            inner = _flat(operand)
            return inner.operand if isinstance(inner, Not) else Not(inner)
        case And(operands) | Or(operands):
            return _joined(type(condition), map(_flat, operands))


def _joined(kind: type[And | Or], parts: Iterable[Condition]) -> Condition:
    kept: dict[Said, Condition] = {}
    for part in parts:
        for one in part.operands if isinstance(part, kind) else (part,):
            same = kept.get(said(one))
            kept[said(one)] = one if same is None else _with_words_of(same, one)
    operands = tuple(kept.values())
    return operands[0] if len(operands) == 1 else kind(operands)


def _with_words_of(kept: Condition, again: Condition) -> Condition:
    """A condition that stands for the words of the same condition too."""
    match kept, again:
        case In(axis, category, at, words), In(words=more):
            return In(axis, category, at, tuple(dict.fromkeys((*words, *more))))
        case Not(one), Not(other):
            return Not(_with_words_of(one, other))
        case And(ones), And(others):
            return And(tuple(map(_with_words_of, ones, others)))
        case Or(ones), Or(others):
            return Or(tuple(map(_with_words_of, ones, others)))
        case _:
            raise AssertionError("only what says the same is joined")


def _place(part: Condition, vocabulary: Vocabulary) -> tuple[int, bool]:
    axes = {test.axis for test in tests(part)}
    return min((_rank(axis, vocabulary) for axis in axes), default=0), len(axes) > 1


def _rank(id: str, vocabulary: Vocabulary) -> int:
    axis = vocabulary.axis(id)
    assert axis is not None  # conditions are read against this vocabulary
    if axis.role in _FIRST:
        return _FIRST[axis.role]
    return len(_FIRST) if id == _PURPOSE else len(_FIRST) + 1 + vocabulary.position[id]
