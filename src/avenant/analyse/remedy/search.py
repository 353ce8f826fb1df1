"""What would close a finding: the best candidate of which that is proved, or each with what was wrong with it.

A loophole is closed by a prohibition that the text does not have yet. `candidates` has them, `measure` says which is
better, and the first is taken of which these hold:

- no use of the loophole's foreground that the principle speaks of is permitted any more: it is closed, and not moved;
- no required use that was permitted at any date of the text is lost, and something is permitted still;
- no scenario would lose a use outside the principle; one that recorded the loophole changes with it (`descriptions`);
- the amendment as it would be written is proved (`proof`).

An exemption that its clause's words do not speak of is closed likewise, by its prohibition without it. What changes
nothing is repealed, and where prohibitions overlap in silence a clause speaks (`repeals`).

    remedies = Remedies(compiled, uses, report, dossier, trying)
    remedies.of(finding)                # a Remedy, or the attempts and what was wrong with each
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText
from avenant.agreement.proposal import Proposal, read_proposal
from avenant.agreement.reading.ordinary import OrdinaryUse
from avenant.agreement.types import Clause, Dossier, InForce, Instrument
from avenant.analyse.checks.loopholes import LOOPHOLE
from avenant.analyse.remedy.amendment import amendment, languages
from avenant.analyse.remedy.candidates import Ban, bans, masks, widened
from avenant.analyse.remedy.descriptions import Description, descriptions, rewritten
from avenant.analyse.remedy.measure import Cost, Costs
from avenant.analyse.remedy.proof import STEPS, Proof, RequiredUse
from avenant.analyse.remedy.repeals import obstacle, precedence
from avenant.analyse.remedy.targets import EXEMPT, IDLE, SILENT, forbids_of, targets_of
from avenant.analyse.remedy.words import anchor, as_markdown, last_clause, said
from avenant.analyse.types import Report
from avenant.decide.facts import combinations
from avenant.errors import InputError, InputErrors
from avenant.findings.types import Amending, Finding, Order, Remedy
from avenant.languages import plural, say
from avenant.region import Budget, Exhausted, find, meet
from avenant.vocabulary.phrases import spoken

Trying = Callable[[Instrument], Sequence[InForce]]
"""The text with an amendment, in each of its intervals. Raises InputErrors for the faults of either."""


class Attempt(Struct, frozen=True):
    """A remedy that was tried, and what was wrong with it."""

    summary: str
    objection: str


class Remedies:
    """The remedies of one text's findings.

    The text is that after the last instrument of `dossier`, and `others` are the same text between its other dates of
    change. `steps` bounds all searches together; what is not proved by then is not offered.
    """

    def __init__(
        self,
        text: CompiledText,
        uses: Sequence[OrdinaryUse],
        report: Report,
        dossier: Dossier,
        trying: Callable[[], Trying],
        *,
        others: Sequence[CompiledText] = (),
        steps: int = STEPS,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self._text = text.text
        self._report = report
        self._dossier = dossier
        self._start = trying
        self._trying: Trying | None = None
        self._budget = Budget(steps, stop)
        principles = [clause for _, clause in text.principles]
        self._taken = {c.id for c in (*text.text.clauses, *principles, *_written(dossier))}
        compiled = tuple(_with_exemptions((text, *others), report))
        self._ground, *self._others = compiled
        ways = [f for f in report.findings if f.code == LOOPHOLE.code and f.box is not None]
        self._forbids = dict(forbids_of(text.principles, ways))
        targets = [dict(targets_of(t, report.findings, self._forbids)) for t in compiled]
        self._targets = targets[0]
        self._uses = tuple(self._permitted(uses))
        self._costs = Costs(self._ground, self._targets, self._budget)
        self._proof = Proof(report, compiled, targets, self._uses)
        self._found: dict[tuple[object, ...], Remedy | Attempt] = {}

    def of(self, finding: Finding) -> Remedy | tuple[Attempt, ...]:
        """What closes a finding; where nothing is proved to, the attempts. Of a kind without remedies, none."""
        if finding.id in self._targets:
            return self._closed(finding)
        if finding.code in IDLE and finding.clause is not None:
            return _answer(self._repealed(finding))
        if finding.code == SILENT:
            return _answer(self._spoken())
        return ()

    def proposal(self, remedy: Remedy) -> Proposal:
        """The amendment of a remedy, as a file for each language."""
        return amendment(self._dossier, self._text, self._report, remedy)

    def _closed(self, finding: Finding) -> Remedy | tuple[Attempt, ...]:
        attempts: list[Attempt] = []
        for ban, cost in self._ordered(finding):
            found = self._tried(ban, cost, finding)
            if isinstance(found, Remedy):
                return found
            attempts.append(found)
        return tuple(attempts)

    def _ordered(self, finding: Finding) -> Iterator[tuple[Ban, Cost | None]]:
        """The candidates for a finding, the best first; at the end those that could not be measured."""
        principle, loopholes = self._principle(finding)
        measured: list[Cost] = []
        unmeasured: list[Ban] = []
        for ban in self._bans(finding):
            try:
                cost = self._costs.of(ban, principle, loopholes)
            except Exhausted:
                unmeasured.append(ban)
                continue
            if cost.key == (0, 0, -len(loopholes), 0):
                yield ban, cost  # nothing is better, so the others are measured only if it fails
            else:
                measured.append(cost)
        yield from ((cost.ban, cost) for cost in sorted(measured, key=lambda cost: cost.key))
        yield from ((ban, None) for ban in unmeasured)

    def _bans(self, finding: Finding) -> Iterator[Ban]:
        """The candidates for a finding."""
        assert finding.box is not None  # as all that can be closed have one
        if finding.rule is not None:
            yield from widened(self._ground, {finding.rule}, finding.box)
        else:
            widening = bool(self._uses)
            yield from bans(
                self._ground, *self._forbids[finding.id], finding.box, widening=widening
            )

    def _principle(self, finding: Finding) -> tuple[int, frozenset[str]]:
        """The terms of the principle that a finding is about, and its open loopholes; an exemption has its box."""
        if finding.id not in self._forbids:
            return self._ground.index.union((self._targets[finding.id][1],)), frozenset()
        principle, _ = self._forbids[finding.id]
        its = (id for id, (other, _) in self._forbids.items() if other is principle)
        accepted = {f.id for f in self._report.findings if f.accepted}
        return self._ground.of(principle.rules), frozenset(its) - accepted

    def _tried(self, ban: Ban, cost: Cost | None, finding: Finding) -> Remedy | Attempt:
        """The remedy of a candidate, or what speaks against it; of one that closes several findings, asked once."""
        summary = said(ban, self._text)
        if cost is None:
            return Attempt(summary, say("remedy.unfinished"))
        if finding.id not in cost.closes:
            return Attempt(summary, say("remedy.stays-open"))
        asked = ban.kind, ban.model.id, ban.terms
        if asked not in self._found:
            summary = say("phrases.part").join((summary, *_costs(cost)))
            try:
                self._found[asked] = self._offered(ban, cost, summary, finding)
            except Exhausted:
                self._found[asked] = Attempt(summary, say("remedy.unfinished"))
        return self._found[asked]

    def _offered(self, ban: Ban, cost: Cost, summary: str, finding: Finding) -> Remedy | Attempt:
        lost = [u.name for u in self._uses if any(meet(t, b) for t in ban.terms for b in u.boxes)]
        if lost:
            return Attempt(summary, plural("remedy.loses", len(lost), uses=", ".join(lost)))
        if find(cost.index, cost.left, cost.index.space.full, self._budget) is None:
            return Attempt(summary, say("remedy.nothing-left"))
        principle, _ = self._principle(finding)
        changed = tuple(descriptions(self._ground, cost, principle, self._budget))
        if objecting := ", ".join(d.label for d in changed if d.objects):
            return Attempt(summary, say("remedy.described", scenarios=objecting))
        if changed:
            where = ", ".join(dict.fromkeys(d.clause.label for d in changed))
            also = plural("remedy.describes", len(changed), clauses=where)
            summary = say("phrases.part").join((summary, also))
        attempt: Remedy | Attempt = Attempt(summary, "")
        for own in (True, False):  # where a principle's own words are at fault, others may do
            changes = (*self._rewritten(changed), self._inserted(ban, changed, own=own))
            attempt = self._proved(changes, cost.closes, Order.STRICTER, summary)
            if isinstance(attempt, Remedy) or ban.kind != "principle":
                break
        return attempt

    def _inserted(self, ban: Ban, changed: Sequence[Description], *, own: bool) -> Amending:
        spoken = languages(self._text, *(d.clause.id for d in changed))
        new = as_markdown(ban, self._text, self._taken, spoken, own=own)
        return Amending("insert", anchor(ban, self._text).id, new)

    def _rewritten(self, changed: Sequence[Description]) -> Iterator[Amending]:
        """The clauses of scenarios that change, each once."""
        spoken = languages(self._text, *(d.clause.id for d in changed))
        for clause in {d.clause.id: d.clause for d in changed}.values():
            outcomes = {d.number: d.outcome for d in changed if d.clause is clause}
            new = {lang: rewritten(clause, lang, outcomes) for lang in spoken}
            yield Amending("replace", clause.id, new)

    def _repealed(self, finding: Finding) -> Remedy | Attempt:
        clause = self._text.clause(finding.clause or "")
        assert clause is not None  # the finding is about it
        summary = say("remedy.repeal", clause=clause.label)
        try:
            objection = obstacle(self._ground, self._others, clause, self._budget)
            if not objection:
                repeal = (Amending("repeal", clause.id),)
                return self._proved(repeal, (finding.id,), Order.EQUAL, summary)
        except Exhausted:
            objection = say("remedy.unfinished")
        return Attempt(summary, objection)

    def _spoken(self) -> Remedy | Attempt:
        """All overlaps at once: the clause binds nothing by itself, so nothing is permitted or refused by it."""
        if (SILENT,) not in self._found:
            new = precedence(self._text, self._taken, languages(self._text))
            change = (Amending("insert", last_clause(self._text).id, new),)
            closes = tuple(f.id for f in self._report.findings if f.code == SILENT)
            self._found[(SILENT,)] = self._proved(change, closes, Order.EQUAL, say("remedy.speaks"))
        return self._found[(SILENT,)]

    def _proved(
        self, changes: tuple[Amending, ...], closes: tuple[str, ...], order: Order, summary: str
    ) -> Remedy | Attempt:
        """The remedy, if its amendment holds what it says."""
        remedy = Remedy(changes, closes, order, len(self._uses), summary)
        if self._trying is None:
            self._trying = self._start()
        try:
            texts = self._trying(read_proposal(self.proposal(remedy)))
            objection = self._proof.objection(remedy, texts)
        except (InputError, InputErrors) as error:  # a rule of the profile, say
            objection = str(error)
        except Exhausted:
            objection = say("remedy.unfinished")
        return Attempt(summary, objection) if objection else remedy

    def _permitted(self, uses: Sequence[OrdinaryUse]) -> Iterator[RequiredUse]:
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
                yield RequiredUse(spoken(use.name), boxes)


def _with_exemptions(texts: Sequence[CompiledText], report: Report) -> Iterator[CompiledText]:
    """Yield the texts, each over an index that has the boxes of exemptions too."""
    vocabulary = texts[0].text.vocabulary
    exempt = [masks(vocabulary, f.box) for f in report.findings if f.code in EXEMPT and f.box]
    for text in texts:
        yield replace(text, index=text.index.with_terms(exempt)) if exempt else text


def _answer(found: Remedy | Attempt) -> Remedy | tuple[Attempt, ...]:
    return found if isinstance(found, Remedy) else (found,)


def _written(dossier: Dossier) -> Iterator[Clause]:
    """Every clause that an instrument ever had: no id is used twice."""
    for instrument in dossier.instruments:
        yield from instrument.clauses
        yield from (change.new for change in instrument.changes if change.new)


def _costs(cost: Cost) -> Iterator[str]:
    """What a lawyer wants to know of a candidate before signing."""
    if cost.idle:
        yield plural("remedy.idle", len(cost.idle), clauses=", ".join(cost.idle))
    if cost.outside:
        yield say("remedy.outside")


def with_remedies(report: Report, remedies: Remedies) -> Report:
    """The report with the remedy of each finding that has one; its digest stays."""
    found = [
        replace(f, remedy=remedy) if isinstance(remedy := remedies.of(f), Remedy) else f
        for f in report.findings
    ]
    return replace(report, findings=tuple(found))
