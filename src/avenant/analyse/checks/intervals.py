"""The other intervals of the same text: where an admission's period or a rule's dates change the answer, it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from avenant.agreement.compiled import CompiledText, Named
from avenant.agreement.types import InForce
from avenant.analyse.checks.loopholes import loopholes
from avenant.analyse.compare.text_pair import order
from avenant.analyse.types import Principle
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Interval, Order, Severity
from avenant.instants import shown, written
from avenant.languages import plural, say
from avenant.region import Budget

INTERVAL = Kind("interval", Severity.NOTE, Group.STRUCTURE)


def other_intervals(
    text: InForce,
    asked: Sequence[Named],
    tested: Sequence[Principle],
    others: Sequence[CompiledText],
    budget: Callable[[], Budget],
) -> Iterator[Finding]:
    """A note for each other interval that permits something else than `text`, with the loopholes that differ."""
    for compiled in others:
        other = compiled.text
        stands = order(text, other, budget())
        if stands is Order.EQUAL:
            continue
        since = shown(other.since)
        period = (
            say("analyse.until", since=since, until=shown(other.until))
            if other.until
            else say("analyse.since", since=since)
        )
        then = [loopholes(compiled, clause, name, budget()).principle for name, clause in asked]
        differing = [
            plural("analyse.ways", one.ways, label=one.label)
            for one, now in zip(then, tested, strict=True)
            if one.ways != now.ways or not one.complete
        ]
        yield INTERVAL.found(
            written(other.since),
            say(
                "findings.interval",
                period=period,
                order=say(f"analyse.order-{stands.name.lower()}"),
                ways=", ".join(differing) or say("analyse.same-ways"),
            ),
            title=say("findings.interval-title"),
            interval=Interval(
                written(other.since),
                other.digest,
                stands,
                {one.clause: one.ways for one in then},
                stands is not Order.UNFINISHED and all(one.complete for one in then),
            ),
        )
