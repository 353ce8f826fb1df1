"""Facts -> values: what an axis carries, by who said it (§5 of the semantics).

| standing    | effect on the axis                                                      |
|-------------|-------------------------------------------------------------------------|
| established | `any` gives way to it; it gives way to one below it from another source |
| claimed     | added: counts against a use, never for it                               |
| suspected   | the call is decided without it and with it                              |

So an axis carries all established and claimed categories, and `any` as long as nobody established it. A model or tool
for which the text gives no value adds `any`, as a claim does: it stays next to what is established. A call that carries
several values is every combination of them (§4).

    facts_of_names("gpt-4o", ("search",), text.facts, vocabulary)     # what a call's model and tools say of it

    values = effective_values(facts, vocabulary)       # {"intent": ("any", "incidental"), …}
    combinations(values, vocabulary)          # boxes, one a combination; None beyond 4,096
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, product
from math import prod
from typing import Final

from avenant.agreement.types import FactRules, Source
from avenant.decide.types import Fact, Seen, Standing
from avenant.errors import InputError, Span, raise_all
from avenant.languages import say
from avenant.region import Box
from avenant.source.nodes import did_you_mean
from avenant.vocabulary.types import ANY, Vocabulary

MOST_COMBINATIONS = 4096
GATEWAY: Final = "gateway"  # the source that sees a call's model and tools
_OF_MODELS = ("model",)  # the axes that a model's name always touches, and those of a tool's
_OF_TOOLS = ("operation", "effect")
_MOST_LISTED = 12  # categories that a hint lists; beyond, it says where they are

Values = Mapping[str, tuple[str, ...]]


def stated(axis: str, category: str, capacity: Source | None, who: str, rules: FactRules) -> Fact:
    """A fact by a source in a capacity of the text; without one, or one not named for the axis, it is a claim."""
    entitled = capacity is not None and capacity in rules.may_establish(axis)
    standing = Standing.ESTABLISHED if entitled else Standing.CLAIMED
    return Fact(axis, category, who, standing)


def facts_of_names(
    model: str | None, tools: Iterable[str], rules: FactRules, vocabulary: Vocabulary
) -> tuple[Fact, ...]:
    """Return what a call's model and tools, by the names that the upstream acts by, say of it (§5).

    The line of a name in the text gives its values. On every other axis of models or tools the name is unread: it adds
    `any`, which stays next to what is established. A text without such lines names nothing, so each name is unread.
    The axes of models are `model`, those of tools `operation`, `effect` and all that some line of `tools` gives.
    """
    models = {name: {"model": category} for name, category in rules.models.items()}
    names = [] if model is None else [Seen("model", model)]
    facts = [
        *_facts_of(names, models, _OF_MODELS, rules, vocabulary),
        *_facts_of((Seen("tool", t) for t in tools), rules.tools, _OF_TOOLS, rules, vocabulary),
    ]
    return tuple(dict.fromkeys(facts))


def _facts_of(
    names: Iterable[Seen],
    lines: Mapping[str, Mapping[str, str]],
    always: Sequence[str],
    rules: FactRules,
    vocabulary: Vocabulary,
) -> Iterator[Fact]:
    touched = {*always, *chain.from_iterable(lines.values())}
    axes = [axis.id for axis in vocabulary.axes if axis.id in touched]
    for seen in names:
        line = lines.get(seen.name, {})
        for axis in axes:
            if axis in line:
                yield stated(axis, line[axis], GATEWAY, GATEWAY, rules)
            else:
                yield Fact(axis, ANY, GATEWAY, Standing.CLAIMED, seen)


def effective_values(
    facts: Iterable[Fact], vocabulary: Vocabulary, *, suspicions: bool = False
) -> dict[str, tuple[str, ...]]:
    """The values of each axis on which somebody said something, in the order of the vocabulary.

    With `suspicions`, what observers suspect counts as claimed. An axis that is not in the result carries `any` alone.
    """
    known: dict[str, list[Fact]] = {}
    added: dict[str, list[str]] = {}
    is_established, is_claimed = Standing.ESTABLISHED, Standing.CLAIMED
    for fact in facts:
        if fact.standing is is_established:
            known.setdefault(fact.axis, []).append(fact)
        elif fact.standing is is_claimed or suspicions:
            added.setdefault(fact.axis, []).append(fact.category)
    values: dict[str, tuple[str, ...]] = {}
    for axis in vocabulary.position:
        stated, claims = known.get(axis), added.get(axis)
        if stated or claims:
            said = _finest(stated, vocabulary) if stated else (ANY,)
            values[axis] = tuple(dict.fromkeys((*said, *claims))) if claims else said
    return values


def established(facts: Iterable[Fact], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what is established of one axis by the facts on it: the categories that none made finer."""
    return _finest([f for f in facts if f.standing is Standing.ESTABLISHED], vocabulary)


def _finest(facts: Sequence[Fact], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The established categories less those that another source made finer: nothing else is ever taken away."""
    if len(facts) == 1:
        return (facts[0].category,)

    def gives_way(fact: Fact) -> bool:
        mask = vocabulary.mask(fact.axis, fact.category)
        finer = (vocabulary.mask(f.axis, f.category) for f in facts if f.source != fact.source)
        return any(m != mask and m & ~mask == 0 for m in finer)

    return tuple(dict.fromkeys(f.category for f in facts if not gives_way(f)))


def combinations(values: Values, vocabulary: Vocabulary) -> list[Box] | None:
    """One box a combination, in the order of the values; None when there are more than 4,096."""
    if prod(map(len, values.values())) > MOST_COMBINATIONS:
        return None
    masks = [
        [vocabulary.mask(axis.id, value) for value in values.get(axis.id, (ANY,))]
        for axis in vocabulary.axes
    ]
    return list(product(*masks))


def checked(pairs: Iterable[tuple[str, str]], vocabulary: Vocabulary, where: Span | None) -> None:
    """Refuse facts that the vocabulary does not know, all at once, each with the nearest spelling."""
    errors: list[InputError] = []
    for axis, category in pairs:
        if vocabulary.axis(axis) is None:
            hint = did_you_mean(axis, [a.id for a in vocabulary.axes])
            message = say("decide.unknown-axis", axis=axis)
            errors.append(InputError("unknown-axis", message, where, hint))
        elif not vocabulary.known(axis, category):
            hint = _meant(category, axis, vocabulary)
            message = say("decide.unknown-category", axis=axis, category=category)
            errors.append(InputError("unknown-category", message, where, hint))
    raise_all(errors)


def _meant(category: str, axis: str, vocabulary: Vocabulary) -> str:
    """The category nearest in spelling, by its id or by what it is called; else all of the axis, or where they are."""
    from avenant.vocabulary.search import nearest_category  # for a mistake only

    near = nearest_category(vocabulary, axis, category)
    if near is not None:
        return say("yaml.nearest-hint", nearest=near)
    ids = [id for id, _ in vocabulary.subtrees(axis)]
    if len(ids) <= _MOST_LISTED:
        return did_you_mean("", ids)
    return say("decide.unknown-category-hint", axis=axis)


def parse_fact(text: str, where: Span | None = None) -> tuple[str, str]:
    """`axis=category` as two words; raises InputError `bad-fact`."""
    axis, equals, category = text.partition("=")
    if not (axis.strip() and equals and category.strip()):
        message = say("decide.bad-fact", text=text)
        raise InputError("bad-fact", message, where, say("decide.bad-fact-hint"))
    return axis.strip(), category.strip()
