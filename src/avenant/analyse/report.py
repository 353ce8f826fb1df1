"""The report on one text: everything that is computed about it, and the digest that a signature names.

    report = check(text, statements, others=intervals)
    report.digest                       # "sha256:…", empty when a limit was reached: then it cannot be signed

The digest is over the findings themselves: no times, no machine, and none of the sentences, so that it is the same in
every language and whoever signs. A limit on steps or time makes `complete` false, and is never "none found".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce, Statement
from avenant.analyse.circular import circles
from avenant.analyse.claimed import claimed_limits, claimed_precedence
from avenant.analyse.conditions import (
    covering_exceptions,
    exceptions_beyond,
    hidden_exemptions,
)
from avenant.analyse.coverage import covered, uncovered
from avenant.analyse.dead import dead_clauses
from avenant.analyse.intervals import other_intervals
from avenant.analyse.loopholes import LIMIT, Named, loopholes, named
from avenant.analyse.lowered import Lowered, lower_texts
from avenant.analyse.observability import enforced, observability
from avenant.analyse.precedence import without_precedence
from avenant.analyse.proofs import empty_proofs, without_proof
from avenant.analyse.statements import against_text, announcements, repeated
from avenant.analyse.structure import conflicts, gaps, scenarios
from avenant.analyse.told import Progress, Told
from avenant.analyse.types import Finding, Principle, Report, Severity
from avenant.analyse.unfinished import unfinished
from avenant.analyse.wording import wording
from avenant.instants import written
from avenant.messages import say
from avenant.region import Budget, Exhausted
from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.space import space_of

UNDATED = "wording-undated-law"  # the findings on laws that the text names without a date
STEPS = 500_000  # of the search, for one question

# What is asked about the regions of a text, in the order of the report.
QUESTIONS = (
    conflicts,
    covering_exceptions,
    exceptions_beyond,
    hidden_exemptions,
    dead_clauses,
    without_precedence,
    claimed_precedence,
    claimed_limits,
    gaps,
)


# What the digest leaves out: sentences, which are made anew in each language, and times.
_SENTENCES = frozenset({"title", "message", "sentence", "condition", "instance"})
# Nor has it the words of the text and their places, which a translation has its own of: the text's digest pins them.
_WORDS = frozenset({"words", "word", "also", "at", "labels"})
_TIMES = frozenset({"since", "until", "draft", "digest"})
_BESIDE = frozenset({"ordinary", "remedy"})  # what rests on ordinary uses, which nobody signs


def check(
    text: InForce,
    principles: Sequence[tuple[str, Clause]] = (),
    *,
    others: Sequence[InForce] = (),
    statements: Sequence[Statement] = (),
    steps: int | None = STEPS,
    limit: int | None = LIMIT,
    stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> Report:
    """All findings on a text, on the principles in it and on those beside it (statement id, clause).

    `statements` say who announced those and when, and what else was announced; `others` are the texts of the other
    intervals between dates of change. `steps` bounds the search for one question, `limit` the boxes of one forbid, and
    `stop` ends all of it.
    """
    asker = _Asker(steps, stop)
    asked = named(text, principles)
    (ground,) = lower_texts(
        space_of(text.vocabulary), (text, text.vocabulary, [clause for _, clause in asked])
    )
    same = repeated(ground, asked, asker.budget())
    once = [(name, clause) for name, clause in asked if name not in same]
    tested: list[Principle] = []
    findings: list[Finding] = []
    for name, principle in once:
        told = Told(principle.label, progress)
        ways = loopholes(ground, principle, name, asker.budget(), told, limit)
        tested.append(without_proof(ground, principle, ways.principle, asker.budget()))
        findings += ways.findings
    findings += asker.all(lambda ground, budget: empty_proofs(ground, once, budget), ground)
    findings += observability(text)
    for question in QUESTIONS:
        findings += asker.all(question, ground)
    findings += circles(text)
    findings += scenarios(text)
    findings += unfinished(text)
    findings += wording(text, findings)
    announced = announcements(text, asked, statements)
    undated = [f for f in findings if f.code == UNDATED]
    findings += asker.all(
        lambda ground, budget: against_text(ground, announced, findings, undated, same, budget),
        ground,
    )
    findings += other_intervals(text, once, tested, others, asker.budget)
    tested = _with_repeats(asked, tested, same)
    complete = asker.complete and all(p.complete for p in tested)
    marked = _with_acceptances(text, _said_once(findings), complete)
    return _signed(
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
            complete,
            enforced=enforced(text),
            accepted=sum(f.accepted is not None for f in marked),
            covered=covered(text),
            uncovered=uncovered(text),
        )
    )


def digest(report: Report) -> str:
    """SHA-256 over the canonical JSON of a report without sentences and times."""
    bare = _without(msgspec.to_builtins(report), _SENTENCES | _WORDS | _TIMES | _BESIDE)
    canonical = msgspec.json.encode(bare, order="deterministic")
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"


def _signed(report: Report) -> Report:
    return replace(report, digest=digest(report)) if report.complete else report


def _without(value: Any, names: frozenset[str]) -> Any:
    match value:
        case Mapping():
            return {k: _without(v, names) for k, v in value.items() if k not in names}
        case list() | tuple():
            return [_without(item, names) for item in value]
        case _:
            return value


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


class _Asker:
    """Gives each question its budget, and remembers whether one was cut off."""

    def __init__(self, steps: int | None, stop: Callable[[], bool] | None) -> None:
        self.complete = True
        self._steps, self._stop = steps, stop

    def budget(self) -> Budget:
        return Budget(self._steps, self._stop)

    def all(
        self, question: Callable[[Lowered, Budget], Iterator[Finding]], text: Lowered
    ) -> Iterator[Finding]:
        """What a question finds until its end, or until it is cut off."""
        try:
            yield from question(text, self.budget())
        except Exhausted:
            self.complete = False
