"""Whether a principle is kept is known, however long its list of loopholes is.

The list of one prohibition ends at a limit, or with its steps. *Whether* there is a loophole at all is one search for
one use. It is made where the list does not show it, on steps of its own, and a use that only it found is shown.

    ways = whole(asker, text, principle, "r1", loopholes(text, principle, "r1", budget))
    ways.principle.unknown              # the prohibitions of which not even that is known
"""

from __future__ import annotations

from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause
from avenant.analyse.asker import Asker
from avenant.analyse.boxes import described
from avenant.analyse.checks.loopholes import LOOPHOLE, Ways, forbids
from avenant.findings.types import Finding
from avenant.languages import say
from avenant.region import Exhausted, MaximalBox, find
from avenant.rules.types import Rule


def whole(asker: Asker, text: CompiledText, principle: Clause, name: str, ways: Ways) -> Ways:
    """Return the loopholes of a principle with one for each prohibition that has one, where that is known."""
    if ways.principle.complete:
        return ways
    asker.cut_off("loophole", name)
    found = list(ways.findings)
    unknown = []
    for forbid, rule in forbids(principle, name):
        if any(f.forbid == forbid for f in ways.findings):
            continue
        try:
            found += _one(text, principle, name, rule, forbid, asker)
        except Exhausted:
            unknown.append(forbid)
    counted = replace(ways.principle, ways=len(found), unknown=tuple(unknown))
    return Ways(counted, tuple(found))


def _one(
    text: CompiledText, principle: Clause, name: str, rule: Rule, forbid: str, asker: Asker
) -> tuple[Finding, ...]:
    """One use that the text permits of a prohibition, if there is one. Raises region.Exhausted."""
    full, vocabulary = text.index.space.full, text.text.vocabulary
    use = find(text.index, text.permitted & text.region(rule), full, asker.budget())
    if use is None:
        return ()
    axes = {vocabulary.position[test.axis] for test in rule.tests()}
    by = text.labels(text.holding(text.permissions, use))
    # A use alone shows no more than itself: its hull is everything, so that nothing is claimed of other cases.
    box = described(MaximalBox(use, use, full), axes, vocabulary, permitted_by=by)
    return (
        LOOPHOLE.found(
            f"{forbid}:not-listed",
            say("findings.loophole", sentence=box.sentence),
            title=say("analyse.not-listed", principle=principle.label),
            clause=principle.id,
            at=rule.at,
            box=box,
            principle=name,
            forbid=forbid,
        ),
    )
