"""The one proof behind every "(proved)": the amendment as it would be written, read back and consolidated.

At each date of the text it follows:

- nothing is permitted that was not, so no loophole is opened;
- what is refused that was not, the new clauses say; and nothing is, where nothing was to change;
- what was to be closed is closed, and each required use that was permitted stays permitted.

At the date of the report each scenario that was played still is, and no new clause has an error of wording, but at a
word that stands for one of its tests: the vocabulary defines it. Inserted prohibitions bring no other finding that is
an error: each of those is about uses that are permitted.

    proof = Proof(report, grounds, targets, uses)
    proof.objection(remedy, texts)      # "" when all of it holds; raises region.Exhausted
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, key
from avenant.agreement.types import Clause, InForce
from avenant.analyse.checks.conditions import covering_exceptions, hidden_exemptions
from avenant.analyse.checks.precedence import without_precedence
from avenant.analyse.remedy.descriptions import played
from avenant.analyse.remedy.targets import EXEMPT, SILENT, Target
from avenant.analyse.types import Report
from avenant.findings.types import Finding, Order, Remedy, Severity
from avenant.languages import plural, say
from avenant.prose import of_text
from avenant.region import Box, Budget, Region, find, union
from avenant.rules.lower import lower

STEPS = 200_000  # of one search


class RequiredUse(Struct, frozen=True):
    """A use that the text permits, with its combinations."""

    name: str
    boxes: Sequence[Box]


class Proof:
    """Proves amendments to one text.

    `grounds` are that text at the report's date and at its others, in this order, each with the `targets` over its
    index; the uses are required.
    """

    def __init__(
        self,
        report: Report,
        grounds: Sequence[CompiledText],
        targets: Sequence[Mapping[str, Target]],
        uses: Sequence[RequiredUse],
    ) -> None:
        self._report = report
        self._known = {f.id for f in report.findings}
        self._grounds = tuple(zip(grounds, targets, strict=True))
        self._uses = uses

    def objection(self, remedy: Remedy, texts: Sequence[InForce]) -> str:
        """What speaks against a remedy; `texts` are those with its amendment, at each date."""
        return next(self._objections(remedy, texts), "")

    def _objections(self, remedy: Remedy, texts: Sequence[InForce]) -> Iterator[str]:
        for text in texts:
            started = [g for g in self._grounds if g[0].text.since <= text.since]
            before, targets = max(started, key=lambda g: g[0].text.since)
            was, now = _over_one_index(before, text)
            yield from self._of_regions(remedy, was, now, targets)
            if before is self._grounds[0][0]:
                yield from self._of_findings(remedy, now)

    def _of_regions(
        self, remedy: Remedy, was: CompiledText, now: CompiledText, targets: Mapping[str, Target]
    ) -> Iterator[str]:
        inserted = {c.id for c in now.text.clauses} - {c.id for c in was.text.clauses}
        said = union(now.of(r for r in now.prohibitions if r.clause in inserted))
        lost = was.permitted & ~now.permitted
        if not _empty(now, now.permitted & ~was.permitted):
            yield say("remedy.permits")
        if not _empty(now, lost if remedy.order is Order.EQUAL else lost & ~said):
            yield say("remedy.refuses")
        gone = [u.name for u in self._uses if _meets(now, lost, u) and _permits(was, u)]
        if gone:
            yield plural("remedy.loses", len(gone), uses=", ".join(gone))
        for id in remedy.closes:
            if id in targets:
                region, box = targets[id]
                if find(now.index, now.permitted & region, box, Budget(STEPS)) is not None:
                    yield say("remedy.stays-open")

    def _of_findings(self, remedy: Remedy, now: CompiledText) -> Iterator[str]:
        """What is said of the amended text at the date of the report."""
        findings = {f.id: f for f in self._report.findings}
        closed = {findings[id].code for id in remedy.closes}
        left = {f.id for f in _again(closed, now)}
        if left & set(remedy.closes):
            yield say("remedy.stays-open")
        for clause in now.text.clauses:
            for n, scenario in enumerate(clause.scenarios, 1):
                known = f"scenario:{clause.id}/{n}" in self._known
                if not known and not played(now, scenario, Budget(STEPS)):
                    yield say("remedy.unplayed", clause=clause.label)
        for finding in self._badly_worded(now.text):
            yield say("remedy.new-error", finding=finding.id, message=finding.message)

    def _badly_worded(self, text: InForce) -> tuple[Finding, ...]:
        """The errors of wording that are new; first those of new clauses alone, which seldom have any."""
        before = {c.id for c in self._grounds[0][0].text.clauses}
        new = tuple(_untitled(c) for c in text.clauses if c.id not in before)
        gone = before - {c.id for c in text.clauses}  # other clauses may speak of it
        if not gone and not self._errors(replace(text, clauses=new)):
            return ()
        old = tuple(c for c in text.clauses if c.id in before)
        return self._errors(replace(text, clauses=(*old, *new)))

    def _errors(self, text: InForce) -> tuple[Finding, ...]:
        """The errors of wording that the report does not have, but at words that stand for a test of their clause."""
        tests = {
            (clause.id, test.axis, test.category)
            for clause in text.clauses
            for rule in clause.rules
            for test in rule.tests()
        }
        return tuple(
            f
            for f in of_text(text, tests).findings
            if f.severity is Severity.ERROR and f.id not in self._known
        )


def _untitled(clause: Clause) -> Clause:
    """The clause without the words of its heading, which say again what its linked words say."""
    return replace(clause, source="##\n" + clause.source.partition("\n")[2])


def _again(codes: set[str], text: CompiledText) -> Iterator[Finding]:
    """The findings of these kinds on a text: those of which a region alone does not say that they are gone."""
    budget = Budget(STEPS)
    if codes & set(EXEMPT):
        yield from covering_exceptions(text, budget)
        yield from hidden_exemptions(text, budget)
    if SILENT in codes:
        yield from without_precedence(text, budget)


def _over_one_index(before: CompiledText, after: InForce) -> tuple[CompiledText, CompiledText]:
    """The text before and after over one index; what both have is lowered once."""
    was = {key(rule): rule for rule in before.text.rules}
    new = {
        key(rule): lower(rule.effective, after.vocabulary, rule.at)
        for rule in after.rules
        if was.get(key(rule)) != rule
    }
    index = before.index.with_terms(term for terms in new.values() for term in terms)
    terms = {**before.terms, **{k: index.union(boxes) for k, boxes in new.items()}}
    return replace(before, index=index), CompiledText(after, index, terms)


def _meets(text: CompiledText, region: Region, use: RequiredUse) -> bool:
    return any(find(text.index, region, box, Budget(STEPS)) is not None for box in use.boxes)


def _permits(text: CompiledText, use: RequiredUse) -> bool:
    refused = ~text.permitted
    return all(find(text.index, refused, box, Budget(STEPS)) is None for box in use.boxes)


def _empty(text: CompiledText, region: Region) -> bool:
    return text.empty(region, Budget(STEPS))
