"""The shape of a JSON value: which fields an object may have, however deep; everything else is named.

    chat = Fields({"model": Field(PLAIN, "The model."), "messages": Field(Rows(Fields({...})), "…")})
    [str(p.path) for p in problems(chat, {"model": "m", "Model": "x"})]     # ["Model"]

- A field whose value is null is as good as absent, and passes; an entry of a list that is null does not.
- An object whose `type` (or `role`) says what it is has the fields of that kind and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct


class Plain(Struct, frozen=True):
    """A string, a number, true or false: nothing with parts."""

    only: tuple[object, ...] = ()  # the values that pass; empty: any


class Free(Struct, frozen=True):
    """Anything that hands content on and switches nothing: a JSON schema, log probabilities."""


class Pairs(Struct, frozen=True):
    """An object of any names, each with a plain value."""


class Rows(Struct, frozen=True):
    """A list, each entry of one shape."""

    of: Shape


class Fields(Struct, frozen=True):
    """An object with these fields and no others."""

    fields: Mapping[str, Field]


class Kinds(Struct, frozen=True):
    """An object whose field `by` names its kind; `absent` is the kind of one that does not say."""

    by: str
    kinds: Mapping[str, Fields]
    absent: str | None = None


class Either(Struct, frozen=True):
    """The shape by the JSON type of the value: plain, a list, or an object."""

    plain: Plain | None = None
    rows: Rows | None = None
    object: Fields | Kinds | None = None


Shape = Plain | Free | Pairs | Rows | Fields | Kinds | Either


class Field(Struct, frozen=True):
    """A field that goes up: its shape, what it means, and what its absence means where that matters."""

    shape: Shape
    means: str
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a path: a field or kind that is not known, or a value of another shape."""

    path: str  # `messages[2].content[0].image`
    why: Literal["field", "kind", "shape", "value"]
    known: tuple[str, ...] = field(default=(), compare=False)  # what could be meant


PLAIN, FREE, PAIRS = Plain(), Free(), Pairs()


def problems(shape: Shape, value: Any, path: str = "") -> Iterator[Problem]:
    """Yield all that does not fit, in the order of the value."""
    if value is None:
        return
    match shape:
        case Free():
            pass
        case Plain(only):
            if isinstance(value, dict | list):
                yield Problem(path, "shape")
            elif only and value not in only:
                yield Problem(path, "value", tuple(map(_written, only)))
        case Pairs():
            if isinstance(value, dict):
                for name in (
                    name for name, entry in value.items() if isinstance(entry, dict | list)
                ):
                    yield Problem(_below(path, name), "shape")
            else:
                yield Problem(path, "shape")
        case Rows(of):
            if isinstance(value, list) and of == PLAIN and not any(map(_has_parts, value)):
                pass  # the usual case, without a path for each entry
            elif isinstance(value, list):
                for index, entry in enumerate(value):
                    here = f"{path}[{index}]"
                    yield from (
                        (Problem(here, "shape"),) if entry is None else problems(of, entry, here)
                    )
            else:
                yield Problem(path, "shape")
        case Fields(fields):
            if isinstance(value, dict):
                yield from _of_fields(fields, value, path)
            else:
                yield Problem(path, "shape")
        case Kinds(by, kinds, absent):
            yield from _of_kinds(by, kinds, absent, value, path)
        case Either(plain, rows, thing):
            chosen = (
                rows if isinstance(value, list) else thing if isinstance(value, dict) else plain
            )
            if chosen is None:
                yield Problem(path, "shape")
            else:
                yield from problems(chosen, value, path)


def _of_fields(
    fields: Mapping[str, Field], value: Mapping[str, Any], path: str, but: str = ""
) -> Iterator[Problem]:
    """Yield what is wrong with fields; `but` names one that was read already."""
    for name, entry in value.items():
        known = fields.get(name)
        if known is None:
            if name != but:
                yield Problem(_below(path, name), "field", tuple(fields))
        elif known.shape is not PLAIN or isinstance(entry, dict | list):
            yield from problems(known.shape, entry, _below(path, name))


def _of_kinds(
    by: str, kinds: Mapping[str, Fields], absent: str | None, value: Any, path: str
) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, "shape")
        return
    kind = value.get(by, absent)
    of = kinds.get(kind) if isinstance(kind, str) else None
    if of is None:
        yield Problem(_below(path, by), "kind", tuple(kinds))
    else:
        yield from _of_fields(of.fields, value, path, by)


def _has_parts(value: Any) -> bool:
    return value is None or isinstance(value, dict | list)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def paths(shape: Shape, path: str = "") -> Iterator[tuple[str, Field]]:
    """Yield every field of a shape with its path, `messages[].content[].text`, for a page of documentation."""
    match shape:
        case Rows(of):
            yield from paths(of, f"{path}[]")
        case Fields(fields):
            for name, entry in fields.items():
                here = _below(path, name)
                yield here, entry
                yield from paths(entry.shape, here)
        case Kinds(by, kinds):
            for kind, of in kinds.items():
                yield from paths(of, f"{path}({by}: {kind})")
        case Either(_, rows, thing):
            for part in (rows, thing):
                if part is not None:
                    yield from paths(part, path)
