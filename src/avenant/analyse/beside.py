"""What two texts change besides their regions: who establishes what, switches, names, admissions, worded definitions.

Naming a further source for an axis settles more calls, so it is looser; naming fewer is stricter. For switches, names
of models and tools, and the wording of definitions no order is known: *not provable*, for people to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from avenant.agreement.types import InForce
from avenant.analyse.types import Finding, Order, Severity
from avenant.messages import say
from avenant.vocabulary.phrases import spoken


def beside(before: InForce, after: InForce) -> tuple[Finding, ...]:
    """The changes beside the regions: sources by axis, then signers, switches, names, definitions."""
    return (
        *_sources(before, after),
        *_mapping("signers", before.facts.signed_by, after.facts.signed_by),
        *_mapping("switch", before.switches, after.switches),
        *_mapping("model", before.facts.models, after.facts.models),
        *_mapping("tool", before.facts.tools, after.facts.tools),
        *_definitions(before, after),
    )


def _sources(before: InForce, after: InForce) -> Iterator[Finding]:
    axes = dict.fromkeys((*before.vocabulary.position, *after.vocabulary.position))
    for axis in axes:
        old = before.facts.may_establish(axis)
        new = after.facts.may_establish(axis)
        was, now = frozenset(old) - {"nobody"}, frozenset(new) - {"nobody"}
        if was == now:
            continue
        order = Order.LOOSER if was < now else Order.STRICTER if now < was else Order.INCOMPARABLE
        yield _change("sources", axis, _listed(old), _listed(new), order)


def _mapping(
    code: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Finding]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield _change(code, name, _listed(old), _listed(new), None)


def _definitions(before: InForce, after: InForce) -> Iterator[Finding]:
    for category in after.vocabulary.categories:
        old = before.vocabulary.category(category.axis, category.id)
        if old is None:
            continue
        was = (old.definition, old.title)
        if was != (category.definition, category.title):
            name = f"{category.axis}.{category.id}"
            yield _change(
                "definition", name, spoken(old.definition), spoken(category.definition), None
            )


def _change(code: str, name: str, was: str, now: str, order: Order | None) -> Finding:
    verdict = say(f"analyse.order-{order.name.lower()}" if order else "analyse.not-provable")
    return Finding(
        f"changed-{code}",
        f"changed-{code}:{name}",
        Severity.NOTE,
        None,
        "",
        (),
        say(f"analyse.changed-{code}", name=name),
        say("analyse.changed", was=was, now=now, order=verdict),
    )


def _listed(value: object) -> str:
    match value:
        case None | ():
            return say("analyse.nothing")
        case str():
            return value
        case Mapping():
            return ", ".join(f"{k}={v}" for k, v in value.items())
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
