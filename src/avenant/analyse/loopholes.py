"""Loopholes: what a text permits of that which a principle says it never does (§7 of the semantics).

Asked forbid by forbid of the principle. The *foreground* is the axes of that forbid and of each forbid of the text
that shares an axis with it; all others are background, grown first, and do not make a box new. Each box says, per ban
that shares an axis with the principle and speaks of the same uses, at which test and which word it gets past.

    ways = loopholes(text, principle, "r1", budget)
    ways.principle.ways, ways.principle.complete
    ways.findings[0].id                                     # "loophole:r1:operation"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.analyse.boxes import said
from avenant.analyse.lowered import Lowered
from avenant.analyse.passes import passes, without_exceptions
from avenant.analyse.types import Finding, Passes, Principle, Severity
from avenant.messages import quoted, say
from avenant.region import Budget, Listener, MaximalBox, Region, maximal_boxes, meet
from avenant.rules.lower import lower
from avenant.rules.types import Rule
from avenant.vocabulary.phrases import spoken

Named = tuple[str, Clause]
"""A principle and the name that its findings go by."""

LIMIT = (
    64  # boxes of one forbid: more than that nobody reads, and the answer says that there are more
)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways through one principle."""

    principle: Principle
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One forbid of a principle, asked of a text: its region, its foreground, and the bans that speak of it."""

    rule: Rule
    region: Region
    foreground: tuple[int, ...]
    bans: tuple[Rule, ...]


def named(text: InForce, said: Sequence[tuple[str, Clause]]) -> tuple[Named, ...]:
    """The principles of a text, and those of statements (statement id, clause) under names of their own."""
    return (
        *((clause.id, clause) for clause in text.principles),
        *((f"{statement}/{clause.id}", clause) for statement, clause in said),
    )


def question(text: Lowered, rule: Rule) -> Question:
    """What is asked for one forbid of a principle."""
    vocabulary = text.text.vocabulary
    axes = {t.axis for t in rule.tests()}
    sharing = [ban for ban in text.bans if axes & {t.axis for t in ban.tests()}]
    foreground = axes.union(*({t.axis for t in ban.tests()} for ban in sharing))
    wanted = text.boxes(rule)
    # A ban that excepts all that the principle is about speaks of it: the exception is the way through.
    speaking = [
        ban
        for ban in sharing
        if any(
            meet(spoken, box)
            for spoken in lower(without_exceptions(ban.condition), vocabulary, ban.at)
            for box in wanted
        )
    ]
    return Question(
        rule,
        text.permitted & text.region(rule),
        tuple(sorted(vocabulary.position[axis] for axis in foreground)),
        tuple(speaking),
    )


def loopholes(
    text: Lowered,
    principle: Clause,
    name: str,
    budget: Budget,
    listener: Listener | None = None,
    limit: int | None = LIMIT,
) -> Ways:
    """The ways through a principle; `name` is what its findings are called by, `limit` counts boxes a forbid."""
    found: list[tuple[str, Finding]] = []
    complete = True
    for rule in principle.rules:
        asked = question(text, rule)
        boxes = maximal_boxes(
            text.index, asked.region, asked.region, asked.foreground, budget, limit, listener
        )
        complete = complete and boxes.complete
        forbid = name if len(principle.rules) == 1 else f"{name}/{rule.id.rpartition('/')[2]}"
        found += [_way(text, principle, asked, box, forbid) for box in boxes.boxes]
    return Ways(
        Principle(
            name,
            principle.label,
            spoken(principle.prose),
            len(found),
            complete,
        ),
        _told_apart(found),
    )


def _way(
    text: Lowered, principle: Clause, asked: Question, found: MaximalBox, name: str
) -> tuple[str, Finding]:
    """A finding under the id that its axes give it, and what tells it from another of that id."""
    vocabulary = text.text.vocabulary
    labels = {c.id: c.label for c in text.text.clauses}
    past = tuple(
        p
        for ban in asked.bans
        for p in passes(ban, labels[ban.clause], text.boxes(ban), found.box, vocabulary)
    )
    permits = [r for r in text.text.rules if r.effect == "permit"]
    box = said(
        found.box,
        found.witness,
        asked.foreground,
        vocabulary,
        past,
        text.holding(permits, found.box),
    )
    axes = [a for a in vocabulary.axes if any(p.axis == a.id for p in past)]
    resting = [*(c for c in text.text.clauses if any(p.clause == c.id for p in past)), principle]
    finding = Finding(
        "loophole",
        ":".join(("loophole", name, "+".join(a.id for a in axes) or "unopposed")),
        Severity.ERROR,
        principle.id,
        past[0].at if past else str(asked.rule.at),
        tuple(dict.fromkeys(word for p in past if p.word for word in (p.word, *p.also))),
        say("analyse.by", axes=listed([spoken(a.title).lower() for a in axes]))
        if axes
        else say("analyse.unopposed"),
        _message(box.sentence, box.background, past),
        tuple(dict.fromkeys(c.text for clause in resting for c in clause.choices)),
        box,
    )
    return "+".join(f"{p.clause}.{p.category}" for p in past), finding


def _message(sentence: str, background: str, past: Sequence[Passes]) -> str:
    parts = [say("analyse.loophole", sentence=sentence)]
    if background:
        parts.append(say("analyse.background", background=background))
    for p in past:
        if p.word:
            words = ", ".join(map(quoted, dict.fromkeys((p.word, *p.also))))
            parts.append(say("analyse.past", clause=p.label, words=words))
        else:
            parts.append(say("analyse.past-test", clause=p.label, axis=p.axis, category=p.category))
    return " ".join(parts)


def _told_apart(found: Sequence[tuple[str, Finding]]) -> tuple[Finding, ...]:
    """The findings with unique ids: where the axes are the same, the tests passed are added, then a count."""
    by_axes = Counter(f.id for _, f in found)
    longer = [f"{f.id}:{tests}" if by_axes[f.id] > 1 else f.id for tests, f in found]
    by_tests = Counter(longer)
    seen: Counter[str] = Counter()
    apart: list[Finding] = []
    for id, (_, finding) in zip(longer, found, strict=True):
        seen[id] += 1
        apart.append(replace(finding, id=f"{id}#{seen[id]}" if by_tests[id] > 1 else id))
    return tuple(apart)


def listed(words: Sequence[str], lang: str | None = None) -> str:
    """`operation, intent and data`."""
    if len(words) < 2:
        return "".join(words)
    return say("analyse.and", lang=lang, first=", ".join(words[:-1]), last=words[-1])
