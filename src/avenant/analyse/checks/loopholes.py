"""Loopholes: what a text permits of that which a principle says it never does (§7 of the semantics).

Asked forbid by forbid of the principle. The *foreground* is the axes of that forbid and of the bans to blame (`blame`);
all others are background, grown first, and do not make a box new. Each box says, per ban to blame, at which test and
which word it gets past; where no ban is to blame, which permit lets it in, and its words.

    ways = loopholes(text, principle, "r1", budget)
    ways.principle.ways, ways.principle.complete
    ways.findings[0].id                                     # "loophole:r1:operation"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.analyse.boxes import described, whole_sentence
from avenant.analyse.checks.blame import Blamed, to_blame
from avenant.analyse.checks.passes import passes
from avenant.analyse.types import Principle
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Box, Finding, Permit, Severity
from avenant.languages import quoted, say
from avenant.region import Box as Masks
from avenant.region import Budget, Exhausted, Listener, MaximalBox, Region, maximal_boxes
from avenant.rules.types import Rule
from avenant.vocabulary.phrases import describe, spoken

LOOPHOLE = Kind("loophole", Severity.ERROR, Group.LOOPHOLES)
LIMIT = (
    64  # boxes of one forbid: more than that nobody reads, and the answer says that there are more
)


class Ways(Struct, frozen=True):
    """The loopholes in one principle."""

    principle: Principle
    findings: tuple[Finding, ...]


class Question(Struct, frozen=True):
    """One forbid of a principle, asked of a text: its region, its foreground, and the bans to blame."""

    rule: Rule
    region: Region
    foreground: tuple[int, ...]
    blamed: tuple[Blamed, ...]


def question(text: CompiledText, rule: Rule, budget: Budget) -> Question:
    """Return what is asked for one forbid of a principle. Raises region.Exhausted."""
    position = text.text.vocabulary.position
    region = text.permitted & text.region(rule)
    blamed = () if text.empty(region, budget) else to_blame(text, rule, region, budget)
    foreground = {position[t.axis] for t in rule.tests()}.union(*(b.axes for b in blamed))
    return Question(rule, region, tuple(sorted(foreground)), blamed)


def loopholes(
    text: CompiledText,
    principle: Clause,
    name: str,
    budget: Budget,
    listener: Listener | None = None,
    limit: int | None = LIMIT,
) -> Ways:
    """Return the loopholes in a principle.

    `name` is what its findings are called by, `limit` counts boxes a forbid.
    """
    found: list[_Found] = []
    complete = True
    for forbid, rule in forbids(principle, name):
        try:
            asked = question(text, rule, budget)
        except Exhausted:
            complete = False
            continue
        boxes = maximal_boxes(
            text.index, asked.region, asked.region, asked.foreground, budget, limit, listener
        )
        complete = complete and boxes.complete
        found += [_way(text, principle, asked, box, name, forbid) for box in boxes.boxes]
    return Ways(
        Principle(
            name,
            principle.label,
            spoken(principle.prose),
            len(found),
            complete,
        ),
        tuple(_told_apart(text, found)),
    )


def forbids(principle: Clause, name: str) -> Iterator[tuple[str, Rule]]:
    """Yield the prohibitions of a principle of that name: `r1`; where it has several, `r1/1`, `r1/2` …"""
    for rule in principle.rules:
        yield name if len(principle.rules) == 1 else f"{name}/{rule.id.rpartition('/')[2]}", rule


class _Found(Struct, frozen=True):
    """A finding under the id that its axes give it, and what tells it from another: its tests, its foreground."""

    finding: Finding
    tests: str
    front: Masks


def _way(
    text: CompiledText,
    principle: Clause,
    asked: Question,
    found: MaximalBox,
    name: str,
    forbid: str,
) -> _Found:
    """A loophole in a forbid, `r1/2`, of a principle, `r1`."""
    label = principle.label + forbid.removeprefix(name)
    vocabulary = text.text.vocabulary
    labels = {c.id: c.label for c in text.text.clauses}
    past = tuple(
        p
        for ban in asked.blamed
        for p in passes(ban.rule, labels[ban.rule.clause], ban.terms, found.box, vocabulary)
    )
    holding = text.holding(text.permissions, found.box)
    opened = () if past else tuple(_permit(rule, labels[rule.clause]) for rule in holding)
    by = text.labels(holding)
    box = described(found, asked.foreground, vocabulary, past, opened, by)
    axes = [a for a in vocabulary.axes if any(p.axis == a.id for p in past)]
    resting = [*(c for c in text.text.clauses if any(p.clause == c.id for p in past)), principle]
    words = [word for p in past if p.word for word in (p.word, *p.also)]
    words += [word for permit in opened for word in permit.words]
    finding = LOOPHOLE.found(
        f"{forbid}:{'+'.join(a.id for a in axes) or 'unopposed'}",
        _message(box),
        title=say(
            "analyse.through",
            principle=label,
            axes=listed([spoken(a.title).lower() for a in axes]),
        )
        if axes
        else say("analyse.unopposed", principle=label, permits=listed(by)),
        clause=principle.id,
        at=next(iter((*(p.at for p in past), *(o.at for o in opened))), str(asked.rule.at)),
        words=words,
        choices=(c.text for clause in resting for c in clause.choices),
        box=box,
        principle=name,
        forbid=forbid,
    )
    front = tuple(
        mask if i in asked.foreground else full
        for i, (mask, full) in enumerate(zip(found.box, vocabulary.full, strict=True))
    )
    return _Found(finding, "+".join(f"{p.clause}.{p.category}" for p in past), front)


def _permit(rule: Rule, label: str) -> Permit:
    words = [word for test in rule.tests() for word in test.words]
    return Permit(
        rule.clause,
        label,
        rule.id,
        tuple(dict.fromkeys(word.text for word in words)),
        str(words[0].at if words else rule.at),
    )


def _message(box: Box) -> str:
    parts = [say("findings.loophole", sentence=whole_sentence(box))]
    for p in box.passes:
        if p.word:
            words = ", ".join(map(quoted, dict.fromkeys((p.word, *p.also))))
            parts.append(say("analyse.past", clause=p.label, words=words))
        else:
            parts.append(say("analyse.past-test", clause=p.label, axis=p.axis, category=p.category))
    parts += [say("analyse.opened", clause=permit.label) for permit in box.permits]
    return " ".join(parts)


def _told_apart(text: CompiledText, found: Sequence[_Found]) -> Iterator[Finding]:
    """The findings with ids and titles of their own.

    Where the axes are the same, the tests passed are added to the id, then a count; and to the title, what the box
    says on the first axis on which those of that title differ.
    """
    by_axes = Counter(f.finding.id for f in found)
    ids = [
        f"{f.finding.id}:{f.tests}" if by_axes[f.finding.id] > 1 else f.finding.id for f in found
    ]
    by_tests = Counter(ids)
    seen: Counter[str] = Counter()
    for one, id in zip(found, ids, strict=True):
        seen[id] += 1
        alike = [f.front for f in found if f.finding.title == one.finding.title]
        yield replace(
            one.finding,
            id=f"{id}#{seen[id]}" if by_tests[id] > 1 else id,
            title=_title(text, one, alike),
        )


def _title(text: CompiledText, one: _Found, alike: Sequence[Masks]) -> str:
    """The title, and what the box says on as many axes as it takes to tell it from the others of that title."""
    vocabulary = text.text.vocabulary
    others = [front for front in alike if front != one.front]
    more = []
    for i, axis in enumerate(vocabulary.axes):
        left = [front for front in others if front[i] == one.front[i]]
        if len(left) < len(others):
            more.append(describe(vocabulary, axis.id, one.front[i]))
            others = left
    if not more:
        return one.finding.title
    return say("analyse.told-apart", title=one.finding.title, what=say("phrases.part").join(more))


def listed(words: Sequence[str], lang: str | None = None) -> str:
    """`operation, intent and data`."""
    if len(words) < 2:
        return "".join(words)
    return say("analyse.and", lang=lang, first=", ".join(words[:-1]), last=words[-1])
