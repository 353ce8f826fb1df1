"""Gaps: uses on which no clause speaks. They are refused, and a reader may not expect it."""

from __future__ import annotations

from collections.abc import Iterator

from avenant.agreement.compiled import CompiledText
from avenant.analyse.boxes import described, whole_sentence
from avenant.analyse.check import Check
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import say
from avenant.region import Budget, maximal_boxes, union

GAP = Kind("gap", Severity.NOTE, Group.STRUCTURE)
EXAMPLES = 3  # of a gap: it is a note, and the rest is like these


def gaps(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """What no permit reaches though no forbid speaks of it, by example: a note. Raises region.Exhausted."""
    vocabulary = text.text.vocabulary
    axes = sorted({vocabulary.position[t.axis] for r in text.permissions for t in r.tests()})
    unspoken = ~union(text.permits | text.forbids)
    found = maximal_boxes(text.index, unspoken, ~union(text.permits), axes, budget, EXAMPLES)
    boxes = [described(box, axes, vocabulary) for box in found.boxes]
    if boxes:
        yield GAP.found(
            "",
            say("findings.gap", sentences=" · ".join(whole_sentence(box) for box in boxes)),
            title=say("findings.gap-title"),
            box=boxes[0],
        )


CHECK = Check.on_text(gaps, GAP)
