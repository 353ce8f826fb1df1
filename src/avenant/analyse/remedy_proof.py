"""The last word on a remedy: the amendment as it would be written, read and consolidated, and checked as a whole.

`remedy` proves on regions; this proves on the text that comes of it. At each of its dates: nothing is permitted that
was not, so no way is opened; what was to be closed is closed; and what was to change nothing refuses nothing. At the
date of the report: no other finding is a new error, and no ordinary use is lost. What does not hold is said.

    objection(remedy, was, now, [(before, after), …], stated)          # "" when all of it holds
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.agreement.types import Clause, InForce
from avenant.analyse.loopholes import named
from avenant.analyse.lowered import lower_texts
from avenant.analyse.remedy import LOOPHOLE, STEPS, forbids_of
from avenant.analyse.remedy_bans import masks
from avenant.analyse.types import Order, Remedy, Report, Severity
from avenant.messages import say
from avenant.region import Budget, Exhausted, find
from avenant.vocabulary.space import space_of

Stated = Sequence[tuple[str, Clause]]


def objection(
    remedy: Remedy,
    was: Report,
    now: Report,
    texts: Sequence[tuple[InForce, InForce]],
    stated: Stated,
) -> str:
    """What speaks against a remedy once it is applied; `texts` are before and after it, at each date of change."""
    if not (was.complete and now.complete):
        return say("remedy.unfinished")
    try:
        said = (
            *_of_reports(remedy, was, now),
            *(o for pair in texts for o in _of_texts(remedy, was, *pair, stated)),
        )
    except Exhausted:
        return say("remedy.unfinished")
    return said[0] if said else ""


def _of_reports(remedy: Remedy, was: Report, now: Report) -> Iterator[str]:
    if any(f.id in remedy.closes for f in now.findings if f.code != LOOPHOLE):
        yield say("remedy.stays-open")
    known = {f.id for f in was.findings}
    for finding in now.findings:
        if (
            finding.severity is Severity.ERROR
            and finding.code != LOOPHOLE
            and finding.id not in known
        ):
            yield say("remedy.new-error", finding=finding.id, message=finding.message)


def _of_texts(
    remedy: Remedy, was: Report, before: InForce, after: InForce, stated: Stated
) -> Iterator[str]:
    asked = named(before, stated)
    principles = [clause for _, clause in asked]
    old, new = lower_texts(
        space_of(before.vocabulary),
        (before, before.vocabulary, principles),
        (after, after.vocabulary, principles),
    )
    full = new.index.space.full
    if find(new.index, new.permitted & ~old.permitted, full, Budget(STEPS)) is not None:
        yield say("remedy.permits")
    if (
        remedy.order is Order.EQUAL
        and find(new.index, old.permitted & ~new.permitted, full, Budget(STEPS)) is not None
    ):
        yield say("remedy.refuses")
    ways = {f.id: f for f in was.findings if f.id in remedy.closes and f.box is not None}
    for id, (_, forbid) in forbids_of(asked, ways):
        box = ways[id].box
        assert box is not None
        shadow = masks(after.vocabulary, box, box.foreground)
        if find(new.index, new.permitted & new.region(forbid), shadow, Budget(STEPS)) is not None:
            yield say("remedy.stays-open")
