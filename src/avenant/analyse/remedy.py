"""What would close a finding, and the proof that it does: shown only where the proof holds.

A way through is closed by a clause that the text does not have yet (`remedy_bans`, in their order). It is taken when

- no use in the way's foreground that the principle speaks of is permitted any more: the way is closed, not moved;
- nothing is permitted that was not, so no way is opened: an insertion of forbids sees to that by itself;
- no ordinary use that was permitted at any date of the text is lost, nor a scenario that expects `permitted`;
- something is permitted still: a text that permits nothing keeps every principle, and proves none.

An exemption that its clause's words do not speak of is closed likewise, by its ban without it. What changes nothing is
repealed, and where bans overlap in silence a clause speaks (`remedy_same`).

    remedies = Remedies(text, statements, uses, findings)
    remedies.of(finding)                # a Remedy, or the attempts and what was wrong with each
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from avenant.agreement.ordinary import OrdinaryUse, of_scenarios
from avenant.agreement.types import Clause, InForce
from avenant.analyse.dead import matters
from avenant.analyse.loopholes import Named, named
from avenant.analyse.lowered import lower_texts
from avenant.analyse.remedy_bans import Ban, bans, masks, widened
from avenant.analyse.remedy_same import obstacle, precedence
from avenant.analyse.remedy_text import anchor, as_markdown, last_clause, said
from avenant.analyse.types import Amending, Finding, Order, Remedy, Report, Severity
from avenant.decide.facts import combinations
from avenant.messages import plural, say
from avenant.region import EVERYTHING, Box, Budget, Exhausted, Region, find, meet, permitted, union
from avenant.rules.types import Rule
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.space import space_of

STEPS = (
    200_000  # of the search, for all remedies of a report; what is not proved by then is not shown
)
LOOPHOLE = "loophole"
EXEMPT = ("hidden-exemption", "exception-covers-rule")  # closed by the ban without the exception
CONFLICT = "conflict"
IDLE = ("dead-clause", "dead-together", CONFLICT)  # closed by a repeal
SILENT = "no-precedence"  # closed by a clause that speaks


@dataclass(frozen=True, slots=True)
class Attempt:
    """A remedy that was tried, and what was wrong with it."""

    summary: str
    objection: str


@dataclass(frozen=True, slots=True)
class _Use:
    """An ordinary use that the text permits, with its combinations."""

    name: str
    boxes: Sequence[Box]


class Remedies:
    """The remedies of one text's findings.

    `others` are the same text between its other dates of change; `taken` are the clause ids that a new clause may not
    have; `translated` wants it in all languages of the text; `steps` bounds all searches together.
    """

    def __init__(
        self,
        text: InForce,
        stated: Sequence[tuple[str, Clause]],
        uses: Sequence[OrdinaryUse],
        findings: Sequence[Finding],
        taken: Collection[str] = (),
        *,
        others: Sequence[InForce] = (),
        steps: int = STEPS,
        stop: Callable[[], bool] | None = None,
        translated: bool = False,
    ) -> None:
        self._text = text
        self._asked = named(text, stated)
        self._taken = {c.id for c in text.clauses} | {c.id for _, c in self._asked} | set(taken)
        self._budget = Budget(steps, stop)
        self._languages = (text.language, *(text.translations if translated else ()))
        principles = [clause for _, clause in self._asked]
        space = space_of(text.vocabulary)
        (self._ground,) = lower_texts(space, (text, text.vocabulary, principles))
        self._others = [lower_texts(space, (o, text.vocabulary, ()))[0] for o in others]
        self._uses = tuple(self._permitted((*uses, *of_scenarios(text))))
        self._findings = {f.id: f for f in findings}
        self._ways = {f.id: f for f in findings if f.code == LOOPHOLE and f.box is not None}
        self._forbids = dict(forbids_of(self._asked, self._ways))
        self._open = dict(self._permitted_but_for(findings))
        self._found: dict[str, Remedy] = {}

    def of(self, finding: Finding) -> Remedy | tuple[Attempt, ...]:
        """What closes a finding; where nothing is proved to, the attempts. Of a kind without remedies, none."""
        if finding.id in self._found:
            return self._found[finding.id]
        if finding.id in self._open:
            return self._closed(finding)
        if finding.code in IDLE and finding.clause is not None:
            return self._repealed(finding)
        if finding.code == SILENT:
            return self._spoken()
        return ()

    def _closed(self, finding: Finding) -> Remedy | tuple[Attempt, ...]:
        attempts = []
        for ban in self._bans(finding):
            summary = said(ban, self._text)
            try:
                closes, objection = self._proved(ban, finding)
            except Exhausted:
                closes, objection = (), say("remedy.unfinished")
            if not objection:
                new = as_markdown(
                    ban, self._text, self._taken, self._languages, own=self._sound(ban.model)
                )
                change = Amending("insert", anchor(ban, self._text).id, new)
                return self._kept(self._remedy(change, closes, Order.STRICTER, summary))
            attempts.append(Attempt(summary, objection))
        return tuple(attempts)

    def _bans(self, finding: Finding) -> Iterator[Ban]:
        """What is tried on a finding, in order."""
        assert finding.box is not None  # as all that can be closed have one
        if finding.id in self._ways:
            widening = bool(self._uses)
            yield from bans(self._text, *self._forbids[finding.id], finding.box, widening=widening)
        else:
            rule = finding.id.split(":")[1]
            yield from widened(self._text, {rule}, finding.box)

    def _proved(self, ban: Ban, finding: Finding) -> tuple[tuple[str, ...], str]:
        """The findings that a ban closes, or what speaks against it. Raises region.Exhausted."""
        lost = [u.name for u in self._uses if any(meet(t, b) for t in ban.terms for b in u.boxes)]
        if lost:
            return (), plural("remedy.loses", len(lost), uses=", ".join(lost))
        # An index takes as long as many steps, and there may be many attempts.
        self._budget.spent += len(self._ground.index.terms)
        self._budget.spend()
        index = self._ground.index.with_terms(ban.terms)
        new = index.union(ban.terms)
        refused = self._ground.permitted & union(new)
        if find(index, refused, index.space.full, self._budget) is None:
            return (), say("remedy.stays-open")  # it changes nothing, so it closes nothing
        left = permitted(self._ground.permits, self._ground.forbids | new)
        if find(index, left, index.space.full, self._budget) is None:
            return (), say("remedy.nothing-left")
        closes = tuple(
            id
            for id, (region, box) in self._open.items()
            if find(index, left & region, box, self._budget) is None
        )
        if finding.id not in closes:
            return (), say("remedy.stays-open")
        return closes, ""

    def _sound(self, principle: Clause) -> bool:
        """Whether a principle's words can be a clause's: no finding on wording is an error there."""
        return not any(
            f.code.startswith("wording")
            and f.clause == principle.id
            and f.severity is Severity.ERROR
            for f in self._findings.values()
        )

    def _kept(self, remedy: Remedy) -> Remedy:
        # INVARIANT: what one change closes is closed by it, whichever of them is asked about first.
        self._found |= {id: remedy for id in remedy.closes if id not in self._found}
        return remedy

    def _repealed(self, finding: Finding) -> Remedy | tuple[Attempt, ...]:
        clause = self._text.clause(finding.clause or "")
        assert clause is not None  # the finding is about it
        summary = say("remedy.repeal", clause=clause.label)
        try:
            objection = obstacle(self._ground, clause, self._budget)
            space = self._ground.index.space
            if find(self._ground.index, self._ground.permitted, space.full, self._budget) is None:
                # Any ban may go then; whoever writes the permit that is missing wants it.
                objection = say("remedy.nothing-left")
            if not objection and any(
                matters(other, {clause.id}, self._budget) for other in self._others
            ):
                objection = say("remedy.matters-then")
        except Exhausted:
            objection = say("remedy.unfinished")
        if objection:
            return (Attempt(summary, objection),)
        change = Amending("repeal", clause.id)
        return self._remedy(change, (finding.id,), Order.EQUAL, summary)

    def _spoken(self) -> Remedy:
        """All overlaps at once: the clause binds nothing by itself, so nothing is permitted or refused by it."""
        change = Amending(
            "insert",
            last_clause(self._text).id,
            precedence(self._text, self._taken, self._languages),
        )
        closes = tuple(id for id, f in self._findings.items() if f.code == SILENT)
        return self._kept(self._remedy(change, closes, Order.EQUAL, say("remedy.speaks")))

    def _remedy(
        self, change: Amending, closes: tuple[str, ...], order: Order, summary: str
    ) -> Remedy:
        return Remedy((change,), closes, order, len(self._uses), summary)

    def _permitted_but_for(
        self, findings: Sequence[Finding]
    ) -> Iterator[tuple[str, tuple[Region, Box]]]:
        """The uses of each finding that a ban can close: a region, and the box in which nothing of it may be left."""
        vocabulary = self._text.vocabulary
        for finding in findings:
            if finding.box is None:
                continue
            if finding.id in self._forbids:
                _, forbid = self._forbids[finding.id]
                front = masks(vocabulary, finding.box, finding.box.foreground)
                yield finding.id, (self._ground.region(forbid), front)
            elif finding.code in EXEMPT:
                yield finding.id, (EVERYTHING, masks(vocabulary, finding.box))

    def _permitted(self, uses: Sequence[OrdinaryUse]) -> Iterator[_Use]:
        """The uses that the text permits at one of its dates: what it never does, no remedy can lose."""
        for use in uses:
            boxes = combinations(use.use, self._text.vocabulary)
            if boxes is None:
                continue  # too mixed to be permitted
            try:
                kept = any(
                    all(find(g.index, ~g.permitted, box, self._budget) is None for box in boxes)
                    for g in (self._ground, *self._others)
                )
            except Exhausted:
                kept = True  # it may be: then nothing may touch it
            if kept:
                yield _Use(spoken(use.name), boxes)


def forbids_of(
    asked: Sequence[Named], ways: Collection[str]
) -> Iterator[tuple[str, tuple[Clause, Rule]]]:
    """The principle, and the forbid of it, that each way through is about, by the id of the finding."""
    for name, principle in asked:
        for rule in principle.rules:
            forbid = name if len(principle.rules) == 1 else f"{name}/{rule.id.rpartition('/')[2]}"
            for id in ways:
                if id.startswith(f"{LOOPHOLE}:{forbid}:"):
                    yield id, (principle, rule)


def with_remedies(report: Report, remedies: Remedies) -> Report:
    """The report with the remedy of each finding that has one; its digest stays."""
    found = [
        replace(f, remedy=remedy) if isinstance(remedy := remedies.of(f), Remedy) else f
        for f in report.findings
    ]
    return replace(report, findings=tuple(found))
