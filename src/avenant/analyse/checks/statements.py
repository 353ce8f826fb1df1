"""What was announced against what the text holds, and one announcement against another.

The principles of the text are one announcement, each statement beside it another. What the text does with its own is
said by their loopholes, and not again here; they are held against what the statements say. A statement's principle that
repeats one of the text is asked once, as the text's.

- *broader*: more is announced than the text holds. In sum for each announcement: the principles that something gets
  through at a ban, and the passages whose subject the text limits on further conditions only;
- *missing*: nothing in the text answers. A principle tests an axis that no rule tests, and something gets through that
  no ban speaks of; no rule tests what a passage links to, or a clause that it links to is not in force; or a passage
  fixes the law as it stood that day (`as they exist today`), and the text names laws without a date;
- *narrower*: less is announced than the text holds. A ban on the same subject goes on beyond the principle on one axis,
  where all else that the principle says is kept: "in bulk" is announced, and the text bans it at any scale;
- *differ*: two announcements on one subject do not say the same: one rules out all that the other does and more, or
  each rules out what the other does not.

An announcement is held against this text, whenever it was made; whether the text was in force that day is said with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from msgspec import Struct

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import Clause, InForce, Statement
from avenant.analyse.boxes import described, first_box, whole_sentence
from avenant.analyse.check import Check, Inquiry
from avenant.analyse.checks.passes import without_exceptions
from avenant.analyse.finding import about
from avenant.analyse.subject import shared
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.instants import Instant, shown
from avenant.languages import plural, say
from avenant.languages.patterns import any_pattern
from avenant.region import Box as Masks
from avenant.region import Budget, Exhausted, find, union
from avenant.rules.canonical import conjuncts
from avenant.rules.lower import lower
from avenant.rules.types import And, In, Rule, Word, signed_tests
from avenant.vocabulary.phrases import spoken

BROADER = Kind("statement-broader", Severity.WARNING, Group.STATEMENTS)
MISSING = Kind("statement-missing", Severity.WARNING, Group.STATEMENTS)
NARROWER = Kind("statement-narrower", Severity.NOTE, Group.STATEMENTS)
DIFFER = Kind("statements-differ", Severity.WARNING, Group.STATEMENTS)
UNDATED = "wording-undated-law"  # the findings on laws that the text names without a date


class Announcement(Struct, frozen=True):
    """What somebody announced at one time: `id` is the statement's, or `text` for the principles of the text itself."""

    id: str
    by: str | None
    date: Instant
    principles: tuple[Named, ...]
    passages: tuple[Clause, ...]

    @property
    def title(self) -> str:
        """Who and when."""
        return f"{self.by}, {shown(self.date)}"


def announcements(
    text: InForce, asked: Sequence[Named], statements: Sequence[Statement]
) -> tuple[Announcement, ...]:
    """The text's own principles, then each statement with those of `asked` that are its."""
    own = tuple((name, clause) for name, clause in asked if clause in text.principles)
    beside = (
        Announcement(
            s.id,
            s.by,
            s.date,
            tuple((n, c) for n, c in asked if n.rpartition("/")[0] == s.id),
            s.announced,
        )
        for s in statements
    )
    return (Announcement("text", None, text.since, own, ()), *beside)


def repeated(text: CompiledText, asked: Sequence[Named], budget: Budget) -> dict[str, Named]:
    """The stated principles that rule out exactly what one of the text does: their name, and that principle.

    Where the budget is spent, the rest are taken for principles of their own.
    """
    own = [(name, clause) for name, clause in asked if clause in text.text.principles]
    same: dict[str, Named] = {}
    try:
        for name, clause in asked:
            here = text.of(clause.rules)
            if not here or clause in text.text.principles:
                continue
            for known in own:
                there = text.of(known[1].rules)
                apart = (union(here) & ~union(there), union(there) & ~union(here))
                if all(text.empty(region, budget) for region in apart):
                    same.setdefault(name, known)
    except Exhausted:
        pass
    return same


def against_text(
    text: CompiledText,
    announced: Sequence[Announcement],
    found: Sequence[Finding],
    undated: Sequence[Finding],
    same: Mapping[str, Named],
    budget: Budget,
) -> Iterator[Finding]:
    """The findings on each statement, then on pairs of announcements. Raises region.Exhausted.

    `found` are the loopholes of the principles, `undated` the findings on laws that the text names without a date,
    `same` the stated principles that repeat one of the text.
    """
    for one in announced:
        if one.by is None:
            continue
        yield from _broader(text, one, found, same)
        yield from _missing(text, one, found, undated)
        yield from _narrower(text, one, budget)
    for one, other in combinations(announced, 2):
        yield from _differing(text, one, other, budget)


def _broader(
    text: CompiledText, one: Announcement, found: Sequence[Finding], same: Mapping[str, Named]
) -> Iterator[Finding]:
    parts: list[str] = []
    clauses: list[Clause] = []
    for name, clause in one.principles:
        asked, _ = same.get(name, (name, clause))
        ways = [f for f in found if f.principle == asked and not _unanswered(text, clause, f)]
        if ways:
            parts.append(plural("analyse.ways", len(ways), label=clause.label))
            clauses.append(clause)
    for passage in one.passages:
        if conditions := _conditions(text, passage):
            rule, axes = conditions
            (label,) = text.labels([rule])
            parts.append(
                say("findings.conditional", passage=passage.label, clause=label, axes=axes)
            )
            clauses.append(passage)
    if clauses:
        yield _on(
            BROADER,
            one.id,
            one,
            clauses,
            parts=say("phrases.part").join(parts),
        )


def _missing(
    text: CompiledText, one: Announcement, found: Sequence[Finding], undated: Sequence[Finding]
) -> Iterator[Finding]:
    titles = {a.id: spoken(a.title).lower() for a in text.text.vocabulary.axes}
    when = _when(one, text.text)
    for name, clause in one.principles:
        if any(f.principle == name and _unanswered(text, clause, f) for f in found):
            axes = [a for a in titles if a in _untested(text, clause)]
            yield _absent(one, clause, f"{name}:{'+'.join(axes)}", [titles[a] for a in axes], when)
    for passage in one.passages:
        name = f"{one.id}/{passage.id}"
        axes = [w.axis for w in passage.words if not _answered(w, text)]
        if axes:
            yield _absent(one, passage, f"{name}:{'+'.join(axes)}", [titles[a] for a in axes], when)
        for reference in passage.references:
            if reference.axis is None and text.text.clause(reference.target) is None:
                yield _on(
                    MISSING,
                    f"{name}:{reference.target}",
                    one,
                    [passage],
                    title=passage.label,
                    what=say("findings.no-such-clause", clause=reference.target),
                    when=when,
                )
        # "the laws as they exist today": law as it stands on the day, and not as it will be changed.
        today = any_pattern("as-of-today")
        if undated and any(today.search(prose) for prose in passage.prose.values()):
            clauses = {f.clause for f in undated}
            labels = [c.label for c in text.text.clauses if c.id in clauses]
            yield _on(
                MISSING,
                f"{name}:date",
                one,
                [passage],
                title=say("findings.by-law"),
                words=[word for f in undated for word in f.words],
                what=say("findings.undated", clauses=", ".join(labels)),
                when=when,
            )


def _absent(
    one: Announcement, clause: Clause, name: str, axes: Sequence[str], when: str
) -> Finding:
    listed = ", ".join(axes)
    return _on(
        MISSING,
        name,
        one,
        [clause],
        title=say("analyse.by", axes=listed),
        what=say("findings.untested", axes=listed),
        when=when,
    )


def _narrower(text: CompiledText, one: Announcement, budget: Budget) -> Iterator[Finding]:
    vocabulary = text.text.vocabulary
    parts: list[str] = []
    clauses: list[Clause] = []
    for _, clause in one.principles:
        beyond: dict[str, list[Rule]] = {}
        for rule in clause.rules:
            for axis in vocabulary.axes:
                bans = _beyond(text, rule, axis.id, budget)
                if bans:
                    beyond.setdefault(spoken(axis.title).lower(), []).extend(bans)
        if beyond:
            labels = text.labels(
                [r for r in text.prohibitions if any(r in bans for bans in beyond.values())]
            )
            values = {
                "label": clause.label,
                "axes": ", ".join(beyond),
                "clauses": ", ".join(labels),
            }
            parts.append(say("findings.beyond", lang=None, **values))
            clauses.append(clause)
    if clauses:
        yield _on(
            NARROWER,
            one.id,
            one,
            clauses,
            parts=say("phrases.part").join(parts),
        )


def _beyond(text: CompiledText, rule: Rule, axis: str, budget: Budget) -> list[Rule]:
    """The bans on the subject of a principle's forbid that hold beyond it when it is freed on an axis that it tests."""
    freed = _freed(rule, axis)
    if freed is None:
        return []
    vocabulary = text.text.vocabulary
    wider = lower(freed, vocabulary, rule.at)
    permits, principle = union(text.permits), text.region(rule)
    kept = {test.axis for test, holds in signed_tests(freed) if holds}
    return [
        ban
        for ban in text.prohibitions
        if kept <= set(shared(rule, ban, vocabulary))
        and not text.empty(permits & principle & text.region(ban), budget)
        and any(
            find(text.index, permits & text.region(ban) & ~principle, box, budget) for box in wider
        )
    ]


def _freed(rule: Rule, axis: str) -> And | None:
    """The forbid without its tests of an axis, where it has others; exceptions are no subject."""
    parts = conjuncts(rule.condition)
    kept = [p for p in parts if not any(t.axis == axis for t, _ in signed_tests(p))]
    return And(tuple(kept)) if kept and len(kept) < len(parts) else None


def _differing(
    text: CompiledText, one: Announcement, other: Announcement, budget: Budget
) -> Iterator[Finding]:
    vocabulary = text.text.vocabulary
    for (mine, a), (its, b) in ((p, q) for p in one.principles for q in other.principles):
        subject = {x for r in a.rules for s in b.rules for x in shared(r, s, vocabulary)}
        here, there = union(text.of(a.rules)), union(text.of(b.rules))
        if not subject or text.empty(here & there, budget):
            continue
        more = not text.empty(here & ~there, budget)
        less = not text.empty(there & ~here, budget)
        if more == less and (not more or len(subject) < 2):
            continue  # they say the same, or each is about something of its own
        wider, narrower = (a, b) if more else (b, a)
        region = here & ~there if more else there & ~here
        axes = sorted(
            {vocabulary.position[t.axis] for c in (a, b) for r in c.rules for t in r.tests()}
        )
        found = first_box(text.index, region, axes, budget)
        assert found is not None  # a point of it was found just now
        box = described(found, axes, vocabulary)
        yield about(
            DIFFER,
            f"{mine}+{its}",
            b,
            f"{a.label}, {b.label}",
            words=_words((a, b)),
            who=[by for by in (one.by, other.by) if by],
            box=box,
            wider=wider.label,
            narrower=narrower.label,
            sentence=whole_sentence(box),
        )


def _on(
    kind: Kind,
    name: str,
    one: Announcement,
    clauses: Sequence[Clause],
    *,
    title: str = "",
    words: Sequence[str] = (),
    **values: Any,
) -> Finding:
    first = clauses[0]
    return about(
        kind,
        name,
        first,
        title or one.title,
        words=words or _words(clauses),
        who=[one.by] if one.by else [],
        choices=[choice.text for clause in clauses for choice in clause.choices],
        **values,
    )


def _conditions(text: CompiledText, passage: Clause) -> tuple[Rule, str] | None:
    """A ban that answers a passage of several categories on further axes only, and those; None if one just answers."""
    vocabulary = text.text.vocabulary
    subject = {w.axis for w in passage.words}
    if len(subject) < 2:
        return None
    answering = []
    for ban in text.prohibitions:
        speaks = lower(without_exceptions(ban.condition), vocabulary, ban.at)
        tested = {t.axis for t, holds in signed_tests(ban.condition) if holds}
        if subject <= tested and all(
            any(_meets(term, w, text) for term in speaks) for w in passage.words
        ):
            answering.append((ban, tested - subject))
    if not answering or any(not more for _, more in answering):
        return None
    ban, more = min(answering, key=lambda pair: len(pair[1]))
    return ban, ", ".join(spoken(a.title).lower() for a in vocabulary.axes if a.id in more)


def _meets(term: Masks, word: Word, text: CompiledText) -> bool:
    vocabulary = text.text.vocabulary
    return bool(term[vocabulary.position[word.axis]] & vocabulary.mask(word.axis, word.category))


def _untested(text: CompiledText, principle: Clause) -> frozenset[str]:
    """The axes that a principle tests and no rule of the text does."""
    tested = {t.axis for rule in text.text.rules for t in rule.tests()}
    return frozenset(t.axis for r in principle.rules for t in r.tests()) - tested


def _unanswered(text: CompiledText, principle: Clause, way: Finding) -> bool:
    """Whether a loophole meets no ban, where the principle tests what the text does not: that is missing."""
    return not (way.box and way.box.passes) and bool(_untested(text, principle))


def _answered(word: Word, text: CompiledText) -> bool:
    """Whether a rule tests the category that a word links to, or one above or below it."""
    vocabulary = text.text.vocabulary
    its = vocabulary.mask(word.axis, word.category)
    tests: Iterable[In] = (t for r in text.text.rules for t in r.tests() if t.axis == word.axis)
    return any(vocabulary.mask(t.axis, t.category) & its for t in tests)


def _when(one: Announcement, text: InForce) -> str:
    date = one.date
    if date < text.since:
        return say("findings.said-before", date=shown(date))
    if text.until is not None and date >= text.until:
        return say("findings.said-after", date=shown(date))
    return say("findings.said-under", date=shown(date))


def _words(clauses: Sequence[Clause]) -> list[str]:
    return [word.text for clause in clauses for word in clause.words]


def _run(inquiry: Inquiry, budget: Budget) -> Iterator[Finding]:
    announced = announcements(inquiry.text.text, inquiry.asked, inquiry.statements)
    undated = [f for f in inquiry.found if f.code == UNDATED]
    yield from against_text(
        inquiry.text, announced, inquiry.found, undated, inquiry.repeats, budget
    )


CHECK = Check((BROADER, MISSING, NARROWER, DIFFER), _run)
