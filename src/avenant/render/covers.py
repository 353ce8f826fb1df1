"""What an answer is about, in words: over which clauses it is proved, and what holds without a proof.

proved(report)       # "proved over 7 of 9 clauses"; "proved" where every clause has a rule
over(report)         # "7 of 9 clauses; §3, §5 have no rule"
first(report)        # "R1 holds trivially: the text permits nothing": said before all else
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.analyse.types import Comparison, OneSided, Report, Uncovered
from avenant.languages import plural, say

_MOST = 6  # clauses that are named; of more, the rest is counted


def proved(answer: Report) -> str:
    """That something is proved, and over how many clauses where that is not all."""
    covered, every = _counted(answer)
    if covered == every:
        return say("covers.proved")
    return plural("covers.proved-over", every, covered=str(covered))


def over(answer: Report | Comparison) -> str:
    """The clauses that an answer is about, and those that have no rule."""
    covered, every = _counted(answer)
    if covered == every:
        return plural("covers.all", every)
    counted = plural("covers.part", every, covered=str(covered))
    if not answer.uncovered:
        return counted
    bare = plural("covers.bare", len(answer.uncovered), clauses=_labels(answer.uncovered))
    return say("phrases.part").join((counted, bare))


def first(report: Report) -> tuple[str, ...]:
    """What holds without a proof, which is said before all else; empty where every answer tested something."""
    trivial = [p.label for p in report.vain if p.trivial]
    idle = [p.label for p in report.vain if not p.trivial]
    said = []
    if trivial:
        said.append(plural("covers.trivial", len(trivial), principles=", ".join(trivial)))
    elif any(f.code == "permits-nothing" for f in report.findings):
        said.append(say("covers.permits-nothing"))
    if idle:
        said.append(plural("covers.idle", len(idle), principles=", ".join(idle)))
    return tuple(said)


def not_compared(comparison: Comparison) -> str:
    """Why nothing is compared."""
    match comparison.unruled:
        case ():
            return say("covers.none-in-both")
        case (side,):
            text = comparison.before if side == "before" else comparison.after
            return say("covers.unruled-one", text=text)
        case _:
            return say("covers.unruled-both")


def one_sided(comparison: Comparison) -> Iterator[str]:
    """The clauses with a rule in one text only: those that are left out, then those whose words changed too."""
    texts = {"before": comparison.before, "after": comparison.after}
    for compared in (False, True):
        for side, text in texts.items():
            sides = [s for s in comparison.one_sided if (s.encoded, s.compared) == (side, compared)]
            if sides:
                key = "covers.words-changed" if compared else "covers.left-out"
                yield plural(key, len(sides), clauses=_labels(sides), text=text)


def _counted(answer: Report | Comparison) -> tuple[int, int]:
    """How many clauses an answer covers, and how many could have a rule."""
    left_out = len(answer.left_out) if isinstance(answer, Comparison) else 0
    return len(answer.covered), len(answer.covered) + len(answer.uncovered) + left_out


def _labels(clauses: Sequence[OneSided | Uncovered]) -> str:
    """Their numbers: `§3, §5`, and how many more."""
    named = [clause.label.split()[0] for clause in clauses]
    shown = ", ".join(named[:_MOST])
    more = len(named) - _MOST
    return shown if more <= 0 else say("cli.ask.many-clauses", first=shown, count=more)
