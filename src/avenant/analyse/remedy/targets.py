"""What it means that a finding is closed: a region, and the box in which nothing of it may be permitted any more.

- a loophole: what its principle's forbid rules out, in the loophole's foreground; so it is closed, and not moved;
- an exemption that the words of its clause do not speak of: all of its box.

Repeals and the clause on precedence close what they close without a region.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import Clause
from avenant.analyse.checks.conditions import COVERS, HIDDEN
from avenant.analyse.checks.conflict import CONFLICT
from avenant.analyse.checks.dead import DEAD, TOGETHER
from avenant.analyse.checks.loopholes import forbids
from avenant.analyse.checks.precedence import NO_PRECEDENCE
from avenant.analyse.remedy.candidates import masks
from avenant.findings.types import Finding
from avenant.region import EVERYTHING, Box, Region
from avenant.rules.types import Rule

EXEMPT = (HIDDEN.code, COVERS.code)  # closed by the ban without the exception
IDLE = (DEAD.code, TOGETHER.code, CONFLICT.code)  # closed by a repeal
SILENT = NO_PRECEDENCE.code  # closed by a clause that speaks

Target = tuple[Region, Box]


def forbids_of(
    asked: Sequence[Named], loopholes: Collection[Finding]
) -> Iterator[tuple[str, tuple[Clause, Rule]]]:
    """The principle, and the forbid of it, that each loophole is about, by the id of the finding."""
    for name, principle in asked:
        for forbid, rule in forbids(principle, name):
            yield from ((f.id, (principle, rule)) for f in loopholes if f.forbid == forbid)


def targets_of(
    text: CompiledText, findings: Sequence[Finding], known: Mapping[str, tuple[Clause, Rule]]
) -> Iterator[tuple[str, Target]]:
    """The target of each finding that a prohibition can close, over the index of the text."""
    vocabulary = text.text.vocabulary
    for finding in findings:
        if finding.box is None:
            continue
        if finding.id in known:
            _, forbid = known[finding.id]
            front = masks(vocabulary, finding.box, finding.box.foreground)
            yield finding.id, (text.region(forbid), front)
        elif finding.code in EXEMPT:
            yield finding.id, (EVERYTHING, masks(vocabulary, finding.box))
