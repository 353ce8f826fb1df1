"""What two texts change besides their regions: who establishes what, switches, names, admissions, worded definitions.

Naming a further source for an axis settles more calls, so it is looser; naming fewer is stricter. What a category that
was split, moved or cut elsewhere does is in the regions already: it is listed here so that people see the cause. For
switches, names of models and tools, and the wording of definitions no order is known: *not provable*, for people to
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from avenant.agreement.types import FactRules, InForce
from avenant.analyse.compare.pairs import common_languages
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Order, Severity
from avenant.languages import say
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.types import ANY, Vocabulary


def metadata_changes(before: InForce, after: InForce) -> tuple[Finding, ...]:
    """The changes beside the regions: language, axes, sources by axis, signers, switches, names, categories."""
    return (
        *_language(before, after),
        *_questions(before, after),
        *_sources(before, after),
        *_mapping("signers", before.facts.signed_by, after.facts.signed_by),
        *_mapping("switch", before.switches, after.switches),
        *_mapping("model", _models(before.facts), _models(after.facts)),
        *_mapping("tool", before.facts.tools, after.facts.tools),
        *_inside(before.facts, after.facts),
        *_categories(before.vocabulary, after.vocabulary),
        *_definitions(before, after),
    )


def _language(before: InForce, after: InForce) -> Iterator[Finding]:
    if before.language == after.language:
        return
    common = ", ".join(common_languages(before, after)[:1])
    values = {"was": before.language, "now": after.language, "common": common}
    message = say(f"compare.language-{'common' if common else 'none'}", **values)
    yield _noted("language", "text", say("compare.changed-language"), message)


def _questions(before: InForce, after: InForce) -> Iterator[Finding]:
    """Two texts that test no axis in common have an order, and little to do with each other."""
    axes = [{test.axis for rule in text.rules for test in rule.tests()} for text in (before, after)]
    if all(axes) and not axes[0] & axes[1]:
        yield _noted("axes", "all", say("compare.changed-axes"), say("compare.nothing-common"))


def _sources(before: InForce, after: InForce) -> Iterator[Finding]:
    axes = dict.fromkeys((*before.vocabulary.position, *after.vocabulary.position))
    for axis in axes:
        old = before.facts.may_establish(axis)
        new = after.facts.may_establish(axis)
        was, now = frozenset(old) - {"nobody"}, frozenset(new) - {"nobody"}
        if was == now:
            continue
        order = Order.LOOSER if was < now else Order.STRICTER if now < was else Order.INCOMPARABLE
        yield _change("sources", axis, _named(old), _named(new), order)


def _mapping(
    code: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[Finding]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield _change(code, name, _listed(old), _listed(new), None)


def _models(facts: FactRules) -> Mapping[str, object]:
    """The category of each model, with the names that it answers by."""
    return {
        name: (category, *facts.answers_as[name]) if name in facts.answers_as else category
        for name, category in facts.models.items()
    }


def _inside(before: FactRules, after: FactRules) -> Iterator[Finding]:
    for dossier in dict.fromkeys((*before.inside, *after.inside)):
        was, now = (
            {one.body: one.counts_as for one in facts.inside.get(dossier, ())}
            for facts in (before, after)
        )
        if was != now:
            title = say("compare.changed-inside", name=dossier)
            verdict = "analyse.not-provable"
            yield _found("inside", title, dossier, _listed(was), _listed(now), verdict)


def _categories(before: Vocabulary, after: Vocabulary) -> Iterator[Finding]:
    """Bands, places and kinds: what they do to the uses permitted is in the regions, and so in the order above."""
    for category in after.categories:
        axis, id = category.axis, category.id
        old = before.category(axis, id)
        if old is None:
            continue
        if old.over != category.over:
            yield _counted("band", f"{axis}.{id}", old.over, category.over)
        if old.parent != category.parent:
            yield _counted("parent", f"{axis}.{id}", old.parent, category.parent)
    for axis, id in _lists(before, after):
        less, more = (
            tuple(c.id for c in one.children(axis, id) if other.category(axis, c.id) is None)
            for one, other in ((before, after), (after, before))
        )
        if less or more:
            yield _counted("kinds", f"{axis}.{id}", less, more)


def _lists(before: Vocabulary, after: Vocabulary) -> Iterator[tuple[str, str]]:
    """Every axis and category that both texts know: a list of kinds may stand below it in each."""
    for axis in after.axes:
        if before.axis(axis.id) is not None:
            yield axis.id, ANY
            yield from (
                (axis.id, c.id)
                for c in after.categories
                if c.axis == axis.id and before.category(axis.id, c.id) is not None
            )


def _counted(code: str, name: str, was: object, now: object) -> Finding:
    title = say(f"compare.changed-{code}", name=name)
    return _found(code, title, name, _listed(was), _listed(now), "compare.counted")


def _definitions(before: InForce, after: InForce) -> Iterator[Finding]:
    for category in after.vocabulary.categories:
        old = before.vocabulary.category(category.axis, category.id)
        if old is None:
            continue
        name = f"{category.axis}.{category.id}"
        for was, now in ((old.definition, category.definition), (old.title, category.title)):
            if any(was[lang] != now[lang] for lang in was.keys() & now.keys()):
                yield _change("definition", name, spoken(was), spoken(now), None)
                break


def _change(code: str, name: str, was: str, now: str, order: Order | None) -> Finding:
    verdict = f"analyse.order-{order.name.lower()}" if order else "analyse.not-provable"
    called = say(f"source.{name}") if code == "signers" else name
    return _found(code, say(f"analyse.changed-{code}", name=called), name, was, now, verdict)


def _found(code: str, title: str, name: str, was: str, now: str, verdict: str) -> Finding:
    return _noted(code, name, title, say("analyse.changed", was=was, now=now, order=say(verdict)))


def _noted(code: str, name: str, title: str, message: str) -> Finding:
    kind = Kind(f"changed-{code}", Severity.NOTE, Group.STRUCTURE)
    return kind.found(name, message, title=title)


def _named(sources: Sequence[str]) -> str:
    named = tuple(say(f"source.{source}") for source in sources)
    return _listed(named) if named else say("analyse.nobody")


def _listed(value: object) -> str:
    match value:
        case None | "" | ():
            return say("analyse.nothing")
        case Mapping():
            return ", ".join(f"{k}={v}" for k, v in value.items()) or say("analyse.nothing")
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
