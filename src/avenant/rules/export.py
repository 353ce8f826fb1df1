"""The same agreement for stock Cedar: policies, entities and schema, and the requests that ask about complete uses.

On complete uses Avenant decides exactly as Cedar does; this is what it is checked against, in tests and before a text
serves. A use becomes a request: principal the organisation, action the operation, resource an entity `Use` whose
parents are the categories of all other axes.

    exported = export(rules, vocabulary)
    exported.policies       # one policy a rule, each with @id("surveillance/1")
    request, entity = exported_use({"organisation": "army", …}, vocabulary, "use-1")

Cedar's action groups vanish when entities are parsed without the schema, and with them every forbid on a group: parse
both together, always.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from avenant.rules.types import And, Condition, In, Not, Or, Rule
from avenant.vocabulary.types import ANY, Axis, Vocabulary


@dataclass(frozen=True, slots=True)
class Exported:
    """Cedar's three files: policies as text, entities as JSON text, schema in Cedar's own syntax."""

    policies: str
    entities: str
    schema: str


def export(rules: Sequence[Rule], vocabulary: Vocabulary) -> Exported:
    """The rules that bind, as stock Cedar reads them; admissions are written as a further `unless`."""
    entities = list(_categories(vocabulary))
    return Exported(
        "\n\n".join(policy(rule, vocabulary) for rule in rules) + "\n",
        json.dumps(entities, indent=1) + "\n",
        _schema(vocabulary),
    )


def policy(rule: Rule, vocabulary: Vocabulary) -> str:
    """One rule as a Cedar policy, its source as written, with its id and what admissions let past."""
    if not rule.passes:
        return f'@id("{rule.id}")\n{rule.source}'
    passes = "".join(f"\nunless {{ {cedar(p.condition, vocabulary)} }}" for p in rule.passes)
    return f'@id("{rule.id}")\n{rule.source.removesuffix(";").rstrip()}{passes};'


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
