"""Fenced blocks read against the vocabulary in force: `facts`, `switches`, `scenario`, and the words that link to it.

purpose: {established-by: connection}
oversight: {established-by: [connection, approver], note: ours, not published}
intent: {established-by: nobody}
signed-by: {connection: [department], approver: [department]}
models: {sample: general, gpt-4o: {category: general, answers-as: [gpt-4o-*]}}
tools: {search: {operation: query}}
inside: {other-dossier: {our-body: its-body}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from avenant.agreement.types import (
    Clause,
    Counterpart,
    FactRules,
    Facts,
    Party,
    Reference,
    Scenario,
    Source,
)
from avenant.errors import Span
from avenant.languages import say
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import Block
from avenant.source.nodes import Node, did_you_mean, read_yaml
from avenant.vocabulary.types import Vocabulary

SOURCES: Mapping[str, Source] = {s: s for s in ("connection", "approver", "gateway", "nobody")}
CAPACITIES = ("connection", "approver")
EXPECTED = ("permitted", "refused", "undetermined")
# What is honoured today. A switch that nothing obeys would be a promise that nobody keeps.
SWITCHES: Mapping[str, tuple[str, ...]] = {"mode": ("enforce",), "revoke": ("any",)}
_LATER = ("observers", "attests", "retention", "cooling-off")
_MODEL = "model"


def read_facts(
    blocks: Iterable[Block], vocabulary: Vocabulary, parties: Sequence[Party], faults: Diagnostics
) -> FactRules:
    """All `facts` blocks of a text as one; an axis or a name stands once."""
    axes: dict[str, Facts] = {}
    signed_by: dict[str, tuple[str, ...]] = {}
    models: dict[str, str] = {}
    answers_as: dict[str, tuple[str, ...]] = {}
    tools: dict[str, Mapping[str, str]] = {}
    inside: dict[str, tuple[Counterpart, ...]] = {}
    places: dict[tuple[str, str], Span] = {}
    ids = [party.id for party in parties]
    for block in blocks:
        with faults.collect():
            for key, node in read_yaml(block.source, block.at).map().items():
                with faults.collect():
                    match key:
                        case "signed-by":
                            for capacity, entry in node.map(CAPACITIES).items():
                                _once("signed-by", capacity, places, entry.at, faults)
                                signed_by[capacity] = _parties(entry, ids, faults)
                        case "models":
                            for name, entry in node.map().items():
                                _once("models", name, places, entry.at, faults)
                                models[name], answers_as[name] = _model(entry, vocabulary, faults)
                        case "tools":
                            for name, entry in node.map().items():
                                _once("tools", name, places, entry.at, faults)
                                tools[name] = {
                                    axis: _category(axis, word, vocabulary, faults)
                                    for axis, word in entry.map().items()
                                }
                        case "inside":
                            for dossier, entry in node.map().items():
                                _once("inside", dossier, places, entry.at, faults)
                                inside[dossier] = _counterparts(entry, vocabulary, faults)
                        case axis:
                            _once("axis", axis, places, node.at, faults)
                            axes[axis] = _facts(axis, node, vocabulary, faults)
    answers_as = {name: patterns for name, patterns in answers_as.items() if patterns}
    return FactRules(axes, signed_by, models, tools, inside, answers_as)


def _counterparts(
    node: Node, vocabulary: Vocabulary, faults: Diagnostics
) -> tuple[Counterpart, ...]:
    """`{our-body: its-body}`: ours are known here, the other text's when the two are compared."""
    principal = next(axis.id for axis in vocabulary.axes if axis.role == "principal")
    found = []
    for body, entry in node.map().items():
        known_category(principal, body, entry.at, vocabulary, faults, said=True)
        found.append(Counterpart(body, entry.word(), entry.at))
    return tuple(found)


def _facts(axis: str, node: Node, vocabulary: Vocabulary, faults: Diagnostics) -> Facts:
    known_axis(axis, node.at, vocabulary, faults, ("signed-by", "models", "tools", "inside"))
    entries = node.map(("established-by", "note"))
    sources: list[Source] = []
    if "established-by" not in entries:
        faults.add("no-established-by", node.at, axis=axis)
    else:
        by = entries["established-by"]
        for word in by.words():
            if word not in SOURCES:
                faults.add("unknown-source", by.at, did_you_mean(word, SOURCES), source=word)
            elif SOURCES[word] in sources:
                faults.add("given-twice", by.at, name=word)
            else:
                sources.append(SOURCES[word])
        if "nobody" in sources and len(sources) > 1:
            faults.add("nobody-and-others", by.at, axis=axis)
    note = entries["note"].word() if "note" in entries else None
    established = tuple(s for s in sources if s != "nobody")
    return Facts(axis, established, note, node.at)


def _parties(node: Node, ids: Sequence[str], faults: Diagnostics) -> tuple[str, ...]:
    for word in node.words():
        if word not in ids:
            faults.add("unknown-party", node.at, did_you_mean(word, ids), party=word)
    return node.words()


def _category(axis: str, node: Node, vocabulary: Vocabulary, faults: Diagnostics) -> str:
    """A category, as `general` or with its axis before it, `model.general`."""
    word = node.word().removeprefix(f"{axis}.")
    known_category(axis, word, node.at, vocabulary, faults)
    return word


def _model(node: Node, vocabulary: Vocabulary, faults: Diagnostics) -> tuple[str, tuple[str, ...]]:
    """A category, alone or with the names that the model answers by."""
    if isinstance(node.value, str):
        return _category(_MODEL, node, vocabulary, faults), ()
    entries = node.map(("category", "answers-as"))
    patterns = entries["answers-as"].words() if "answers-as" in entries else ()
    if "category" not in entries:
        faults.add("missing-field", node.at, key="category")
        return "", patterns
    return _category(_MODEL, entries["category"], vocabulary, faults), patterns


def _once(
    kind: str, name: str, places: dict[tuple[str, str], Span], at: Span, faults: Diagnostics
) -> None:
    """A name of its kind is given in one place of the text; two are a fault that shows both."""
    if (kind, name) in places:
        faults.collide("given-twice", at, places[kind, name], name=name)
    places.setdefault((kind, name), at)


def read_switches(blocks: Iterable[Block], faults: Diagnostics) -> Mapping[str, str]:
    """All `switches` blocks of a text; each names one that is honoured, with a value that is."""
    switches: dict[str, str] = {}
    places: dict[tuple[str, str], Span] = {}
    for block in blocks:
        with faults.collect():
            for name, node in read_yaml(block.source, block.at).map().items():
                value = node.word() if name in SWITCHES else ""
                _once("switch", name, places, node.at, faults)
                if name in _LATER or (name, value) == ("mode", "watch"):
                    faults.add("switch-not-supported-yet", node.at, name=name, value=value)
                elif name not in SWITCHES:
                    faults.add("unknown-switch", node.at, did_you_mean(name, SWITCHES), name=name)
                elif value not in SWITCHES[name]:
                    hint = did_you_mean(value, SWITCHES[name])
                    faults.add("switch-value", node.at, hint, name=name, value=value)
                switches[name] = value
    return switches


def read_scenario(
    block: Block, clause: str, vocabulary: Vocabulary, faults: Diagnostics
) -> Scenario | None:
    """A `scenario` block: a use, one category or several on an axis, and the outcome that this text gives it."""
    with faults.collect():
        entries = read_yaml(block.source, block.at).map(("use", "expect", "note"))
        for key in ("use", "expect"):
            if key not in entries:
                faults.add("missing-field", block.at, key=key)
        if not {"use", "expect"} <= entries.keys():
            return None
        expect = entries["expect"].word()
        if expect not in EXPECTED:
            hint = did_you_mean(expect, EXPECTED)
            faults.add("unknown-choice", entries["expect"].at, hint, key="expect", text=expect)
        use = read_use(entries["use"], vocabulary, faults)
        return Scenario(use, expect, clause, block.at)
    return None


def read_use(
    node: Node, vocabulary: Vocabulary, faults: Diagnostics
) -> Mapping[str, tuple[str, ...]]:
    """A use: per axis a category or several, all known to the vocabulary."""
    use: dict[str, tuple[str, ...]] = {}
    for axis, entry in node.map().items():
        use[axis] = entry.words()
        if not use[axis]:
            faults.add("empty-axis", entry.at, axis=axis)
        if known_axis(axis, entry.at, vocabulary, faults):
            for word in use[axis]:
                known_category(axis, word, entry.at, vocabulary, faults, said=True)
    return use


def check_links(
    clause: Clause, ids: Sequence[str], vocabulary: Vocabulary, faults: Diagnostics
) -> None:
    """Every word links to a category of the vocabulary, every reference to a clause that stands."""
    for word in clause.words:
        known_category(word.axis, word.category, word.at, vocabulary, faults)
    for reference in clause.references:
        _check_reference(reference, ids, vocabulary, faults)


def _check_reference(
    reference: Reference, ids: Sequence[str], vocabulary: Vocabulary, faults: Diagnostics
) -> None:
    if reference.axis is not None:
        known_category(reference.axis, reference.target, reference.at, vocabulary, faults)
    elif reference.target not in ids:
        hint = did_you_mean(reference.target, ids)
        faults.add("unknown-clause", reference.at, hint, clause=reference.target)


def known_axis(
    axis: str, at: Span, vocabulary: Vocabulary, faults: Diagnostics, also: Sequence[str] = ()
) -> bool:
    """Whether the vocabulary has the axis; a fault with the nearest one, if not."""
    if vocabulary.axis(axis) is not None:
        return True
    known = [*(a.id for a in vocabulary.axes), *also]
    faults.add("unknown-axis", at, did_you_mean(axis, known), axis=axis)
    return False


def known_category(
    axis: str, id: str, at: Span, vocabulary: Vocabulary, faults: Diagnostics, *, said: bool = False
) -> None:
    """A fault with the nearest category unless the axis has this one; `said`: facts may also say `.other` and `any`."""
    if not known_axis(axis, at, vocabulary, faults):
        return
    if vocabulary.known(axis, id) if said else vocabulary.category(axis, id) is not None:
        return
    near = vocabulary.nearest(axis, id)
    elsewhere = next((a.id for a in vocabulary.axes if vocabulary.category(a.id, id)), None)
    hint = None
    if elsewhere is not None:
        hint = say("yaml.nearest-hint", nearest=f"{elsewhere}.{id}")
    elif near is not None:
        hint = say("yaml.nearest-hint", nearest=near)
    faults.add("unknown-category", at, hint, axis=axis, category=id)
