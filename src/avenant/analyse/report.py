"""The report on one text: everything that is computed about it, and the digest that a signature names.

    report = check(text, statements, others=intervals)
    report.digest                       # "sha256:…"; empty where it is not known whether a principle is kept

A limit is never "none found". Each check has steps of its own, and what ran out of them is named in `unfinished`. A
list of loopholes may be cut off: *whether* there is one is asked again, of each prohibition, on steps of its own. A
report that does not know that has no digest, so nobody can sign knowing it; nor has one that a clock has stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import InForce, Statement
from avenant.analyse.asker import Asker
from avenant.analyse.checks.circular import circles
from avenant.analyse.checks.claimed import claimed_limits, claimed_precedence
from avenant.analyse.checks.conditions import (
    covering_exceptions,
    exceptions_beyond,
    hidden_exemptions,
)
from avenant.analyse.checks.dead import dead_clauses
from avenant.analyse.checks.intervals import other_intervals
from avenant.analyse.checks.loopholes import LIMIT, loopholes
from avenant.analyse.checks.observability import enforced, observability
from avenant.analyse.checks.precedence import without_precedence
from avenant.analyse.checks.proofs import empty_proofs, without_proof
from avenant.analyse.checks.statements import against_text, announcements, repeated
from avenant.analyse.checks.structure import conflicts, gaps, scenarios
from avenant.analyse.checks.unfinished import unfinished
from avenant.analyse.checks.whether import whole
from avenant.analyse.coverage import covered, uncovered
from avenant.analyse.digest import digest
from avenant.analyse.progress import Progress, ProgressReporter
from avenant.analyse.types import Principle, Report
from avenant.findings.types import Finding, Severity
from avenant.instants import written
from avenant.languages import say
from avenant.prose import wording
from avenant.region import Budget
from avenant.vocabulary.phrases import spoken

UNDATED = "wording-undated-law"  # the findings on laws that the text names without a date
STEPS = 500_000  # of the search, for one question

Question = Callable[[CompiledText, Budget], Iterator[Finding]]

# What is asked about the regions of a text, in the order of the report.
QUESTIONS: tuple[tuple[str, Question], ...] = (
    ("conflict", conflicts),
    ("exception-covers-rule", covering_exceptions),
    ("exception-beyond-rule", exceptions_beyond),
    ("hidden-exemption", hidden_exemptions),
    ("dead-clause", dead_clauses),
    ("no-precedence", without_precedence),
    ("claimed-precedence", claimed_precedence),
    ("claimed-limit", claimed_limits),
    ("gap", gaps),
)


def check(
    compiled: CompiledText,
    *,
    others: Sequence[CompiledText] = (),
    statements: Sequence[Statement] = (),
    steps: int | None = STEPS,
    limit: int | None = LIMIT,
    stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Return all findings on a text and on its principles, those of statements too.

    `statements` say who announced those and when, and what else was announced; `others` are the texts of the other
    intervals between dates of change. `steps` bounds the search for one question, `limit` the boxes of one forbid, and
    `stop` ends all of it.
    """
    asker = Asker(steps, stop)
    text, asked = compiled.text, compiled.principles
    same = repeated(compiled, asked, asker.budget())
    once = [(name, clause) for name, clause in asked if name not in same]
    tested: list[Principle] = []
    findings: list[Finding] = []
    for name, principle in once:
        told = ProgressReporter(principle.label, progress)
        ways = whole(
            asker,
            compiled,
            principle,
            name,
            loopholes(compiled, principle, name, asker.budget(), told, limit),
        )
        tested.append(without_proof(compiled, principle, ways.principle, asker.budget()))
        findings += ways.findings
    findings += asker.all(
        "permits-nothing", lambda text, budget: empty_proofs(text, once, budget), compiled
    )
    findings += observability(text)
    for code, question in QUESTIONS:
        if progress is not None:
            progress(code, 0)
        findings += asker.all(code, question, compiled)
    findings += circles(text)
    findings += scenarios(compiled)
    findings += unfinished(text)
    findings += wording(text, findings)
    announced = announcements(text, asked, statements)
    undated = [f for f in findings if f.code == UNDATED]
    findings += asker.all(
        "statement-broader",
        lambda text, budget: against_text(text, announced, findings, undated, same, budget),
        compiled,
    )
    intervals = list(other_intervals(text, once, tested, others, asker.budget))
    findings += intervals
    for f in intervals:
        if f.interval and not f.interval.complete:
            asker.cut_off("interval", f.interval.since)
    tested = _with_repeats(asked, tested, same)
    marked = _with_acceptances(text, _said_once(findings), not asker.unfinished)
    return _signed(
        asker,
        Report(
            text.id,
            text.digest,
            written(text.since),
            written(text.until) if text.until else None,
            text.draft,
            text.header.title,
            text.header.labels,
            len(text.clauses) - len(text.principles),
            sum(c.kind == "binding" for c in text.clauses),
            tuple(tested),
            marked,
            len(text.vocabulary.axes),
            not asker.unfinished,
            unfinished=tuple(asker.unfinished),
            enforced=enforced(text),
            accepted=sum(f.accepted is not None for f in marked),
            covered=covered(text),
            uncovered=uncovered(text),
        ),
    )


def _signed(asker: Asker, report: Report) -> Report:
    known = not asker.stopped and not any(p.unknown for p in report.principles)
    return replace(report, digest=digest(report)) if known else report


def _with_repeats(
    asked: Sequence[Named], tested: Sequence[Principle], same: Mapping[str, Named]
) -> list[Principle]:
    """The principles as asked, with those that repeat another: it is counted there."""
    known = {principle.clause: principle for principle in tested}
    return [
        known[name]
        if name not in same
        else replace(
            known[same[name][0]],
            clause=name,
            label=clause.label,
            words=spoken(clause.prose),
            repeats=same[name][1].label,
        )
        for name, clause in asked
    ]


def _said_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Without what another finding says better: a hidden exemption has no word, a ban that bans nothing is dead."""
    covered = {f.clause for f in findings if f.code == "exception-covers-rule"}
    hidden = {
        (f.clause, test)
        for f in findings
        if f.code == "hidden-exemption"
        for test in f.id.rpartition(":")[2].split("+")
    }
    for f in findings:
        match f.code:
            case "dead-clause" if f.clause in covered:
                continue
            case "test-without-word" if (f.clause, f.id.rpartition(":")[2]) in hidden:
                continue
            case _:
                yield f


def _with_acceptances(
    text: InForce, findings: Iterable[Finding], complete: bool
) -> tuple[Finding, ...]:
    """Findings that a clause accepts carry its reason; an acceptance of what was not found is a finding itself."""
    reasons = {id: (why, clause) for clause in text.clauses for id, why in clause.accepted.items()}
    marked = [replace(f, accepted=reasons[f.id][0]) if f.id in reasons else f for f in findings]
    idle = reasons.keys() - {f.id for f in marked} if complete else ()
    marked += [
        Finding(
            "accepted-nothing",
            f"accepted-nothing:{id}",
            Severity.WARNING,
            clause.id,
            str(clause.at),
            (),
            clause.label,
            say("analyse.accepted-nothing", id=id),
        )
        for id, (_, clause) in reasons.items()
        if id in idle
    ]
    return tuple(marked)
