"""The same agreement for stock Cedar: policies, entities and schema, and the requests that ask about complete uses.

What binds is the canonical condition, and that is what is exported. On complete uses Avenant decides exactly as Cedar
does. Before a text serves it is checked against the rules as written, so that how they were read is checked too.

A use becomes a request: principal the organisation, action the operation, resource an entity `Use` whose parents are
the categories of all other axes.

    exported = export(rules, vocabulary)
    exported.policies       # one policy a rule, each with @id("surveillance/1")
    request, entity = exported_use({"organisation": "army", …}, vocabulary, "use-1")

Cedar's action groups vanish when entities are parsed without the schema, and with them every forbid on a group: parse
both together, always.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from avenant.instants import written
from avenant.rules.types import And, Condition, Effect, In, Not, Or, Rule, tests
from avenant.vocabulary.types import ANY, Axis, Vocabulary


class Exported(Struct, frozen=True):
    """Cedar's three files: policies as text, entities as JSON text, schema in Cedar's own syntax."""

    policies: str
    entities: str
    schema: str


def export(rules: Sequence[Rule], vocabulary: Vocabulary, *, as_written: bool = False) -> Exported:
    """The rules that bind, as stock Cedar reads them; admissions are written as a further `unless`.

    `as_written`: from each rule's source, and not from its canonical condition.
    """
    entities = list(_categories(vocabulary))
    each = _source if as_written else policy
    return Exported(
        "\n\n".join(each(rule, vocabulary) for rule in rules) + "\n",
        json.dumps(entities, indent=1) + "\n",
        _schema(vocabulary),
    )


def policy(rule: Rule, vocabulary: Vocabulary) -> str:
    """One rule as a Cedar policy: its canonical condition, with its id, its dates and what admissions let past."""
    dates = {"from": rule.since, "until": rule.until}
    notes = [f'@{name}("{written(date)}")' for name, date in dates.items() if date]
    body = statement(rule.effect, rule.condition, vocabulary) + _passes(rule, vocabulary)
    return "\n".join((f'@id("{rule.id}")', *notes, f"{body};"))


def statement(effect: Effect, condition: Condition, vocabulary: Vocabulary) -> str:
    """A rule as a person writes it, without its `;`: who and what in the scope, then `when`, then `unless`.

    What is read back is the canonical form of the condition.
    """
    scope: dict[str, str] = {}
    when: list[Condition] = []
    unless: list[Condition] = []
    for part in condition.operands if isinstance(condition, And) else (condition,):
        axes = {test.axis for test in tests(part)}
        axis = vocabulary.axis(axes.pop()) if len(axes) == 1 else None
        role = axis.role if axis else "resource"
        if isinstance(part, Not):
            unless.append(part.operand)
        elif role == "resource" or role in scope:
            when.append(part)
        elif isinstance(part, In):
            scope[role] = cedar(part, vocabulary)
        else:
            # The scope comes first: a test behind this part must stay behind it.
            scope[role] = role
            when.append(part)
    variables = (scope.get(role, role) for role in ("principal", "action", "resource"))
    lines = [f"{effect} ({', '.join(variables)})"]
    if len(when) == 1:
        lines.append(f"when {{ {cedar(when[0], vocabulary)} }}")
    elif when:
        parts = " &&\n  ".join(_part(w, vocabulary) for w in when)
        lines.append(f"when {{\n  {parts}\n}}")
    lines += (f"unless {{ {cedar(u, vocabulary)} }}" for u in unless)
    return "\n".join(lines)


def _source(rule: Rule, vocabulary: Vocabulary) -> str:
    """One rule as a Cedar policy, its source as written, with its id and what admissions let past."""
    if not rule.passes:
        return f'@id("{rule.id}")\n{rule.source}'
    source = rule.source.removesuffix(";").rstrip()
    return f'@id("{rule.id}")\n{source}{_passes(rule, vocabulary)};'


def _passes(rule: Rule, vocabulary: Vocabulary) -> str:
    return "".join(f"\nunless {{ {cedar(p.condition, vocabulary)} }}" for p in rule.passes)


def cedar(condition: Condition, vocabulary: Vocabulary) -> str:
    """A condition as Cedar writes it, in the profile: `resource in Purpose::"surveillance" && !(…)`."""
    match condition:
        case In(axis_id, category):
            axis = vocabulary.axis(axis_id)
            assert axis is not None  # conditions were read against this vocabulary
            return f'{axis.role} in {axis.entity}::"{category}"'
        case Not(operand):
            return f"!({cedar(operand, vocabulary)})"
        case And(operands):
            return " && ".join(_part(o, vocabulary) for o in operands) or "true"
        case Or(operands):
            return " || ".join(_part(o, vocabulary) for o in operands) or "false"


def request(use: Mapping[str, str], vocabulary: Vocabulary, name: str) -> dict[str, Any]:
    """A complete use as a Cedar request on the resource `Use::"name"`."""
    asked: dict[str, Any] = {"resource": f'Use::"{name}"', "context": {}}
    for axis in vocabulary.axes:
        if axis.role != "resource":
            asked[axis.role] = f'{axis.entity}::"{use[axis.id]}"'
    return asked


def resource(use: Mapping[str, str], axes: Iterable[Axis], name: str) -> dict[str, Any]:
    """The entity `Use::"name"` of a complete use, with its category on each of these resource axes as a parent."""
    parents = [_uid(axis, use[axis.id]) for axis in axes]
    return {"uid": {"type": "Use", "id": name}, "attrs": {}, "parents": parents}


def _categories(vocabulary: Vocabulary) -> Iterable[dict[str, Any]]:
    for axis in vocabulary.axes:
        if axis.role == "action":
            continue  # the schema holds them, with their groups
        parents = _parents(vocabulary, axis)
        for id, parent in parents.items():
            above = [_uid(axis, parent)] if parent != ANY else []
            yield {"uid": _uid(axis, id), "attrs": {}, "parents": above}


def _parents(vocabulary: Vocabulary, axis: Axis) -> dict[str, str]:
    """Every category and implicit leaf of an axis with the category above it."""
    parents = {c.id: c.parent for c in vocabulary.categories if c.axis == axis.id}
    for leaf in vocabulary.leaves(axis.id):
        if leaf not in parents:
            parents[leaf] = leaf.removesuffix(".other") if leaf != "other" else ANY
    return parents


def _schema(vocabulary: Vocabulary) -> str:
    principal = next(a for a in vocabulary.axes if a.role == "principal")
    lines = [f"entity {a.entity} in [{a.entity}];" for a in vocabulary.axes if a.role != "action"]
    of = ", ".join(a.entity for a in vocabulary.axes if a.role == "resource")
    lines.append(f"entity Use in [{of}];")
    for axis in vocabulary.axes:
        if axis.role != "action":
            continue
        for id, parent in _parents(vocabulary, axis).items():
            above = f' in [Action::"{parent}"]' if parent != ANY else ""
            applies = f"appliesTo {{ principal: [{principal.entity}], resource: [Use] }}"
            lines.append(f'action "{id}"{above} {applies};')
    return "\n".join(lines) + "\n"


def _uid(axis: Axis, id: str) -> dict[str, str]:
    return {"type": axis.entity, "id": id}


def _part(condition: Condition, vocabulary: Vocabulary) -> str:
    text = cedar(condition, vocabulary)
    return f"({text})" if isinstance(condition, (And, Or)) else text
