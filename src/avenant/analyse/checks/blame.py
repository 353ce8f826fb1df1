"""Which bans of a text a loophole is laid to: those that speak of what the principle is about (§7 of the semantics).

Asked of one forbid P of a principle, and of R, the uses of it that the text permits:

- *near*: with its exceptions struck out, a term of a ban that meets a term of P and narrows an axis that P narrows; or
  one whose ban excepts, on an axis of P, something that P is about, or the same that P excepts. Of the ban as it
  stands, only the terms below a near one count;
- *shared* are the axes of P on which that holds, and those on which a near ban excepts anything at all ("unless
  tested" speaks of what is untested, but makes no ban near by itself); *missed* those on which some use of R escapes
  the ban's best term: the one that shares most, then misses fewest. *Widened* is that term, each missed axis joined
  with P's own mask there;
- *let off*: a ban that, widened, would hold all of some permit. The hole is in that permit;
- *idle*: a ban that changes nothing behind the bans before it, unless its own exception swallowed it;
- *to blame*: those that share every axis of some term of P; if there is no such ban, those that miss one axis alone,
  less any that is strictly wider, widened, than another; if there is no such ban either, all. The smallest first.

A ban that merely tests the same axis (spam, where the principle is about malware) is not near. The axes of the terms
that count, exceptions among them, join the principle's own in the foreground: left out of it, an exception could hide
the other conditions of its ban (docs/adr/0004).

    blamed = to_blame(text, forbid, region, budget)
    [b.rule.id for b in blamed]                          # ["surveillance/1", "monitoring/1"]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from msgspec import Struct

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import InForce
from avenant.analyse.checks.passes import without_exceptions
from avenant.region import Box, Budget, Region, contains, find, meet, on, union, volume
from avenant.rules.lower import lower
from avenant.rules.types import In, Rule, signed_tests


class Blamed(Struct, frozen=True):
    """A ban that speaks of what a principle is about.

    `terms` are those of its terms that do, `axes` what they narrow, exceptions among them. `shared` and `missed` are
    axes of its best term, which is `widened` to hold all that the principle is about.
    """

    rule: Rule
    terms: tuple[Box, ...]
    axes: frozenset[int]
    shared: frozenset[int]
    missed: frozenset[int]
    widened: Box


def to_blame(
    text: CompiledText, forbid: Rule, region: Region, budget: Budget
) -> tuple[Blamed, ...]:
    """Return the bans that the uses of a region get past; none where the hole is in a permit.

    `region` is what the text permits of `forbid`, a principle's. Raises region.Exhausted.
    """
    wanted = text.boxes(forbid)
    near = [
        found
        for ban in text.prohibitions
        if (found := _near(text, ban, forbid, wanted, region, budget)) is not None
        and not _in_a_permit(text, found.widened)
        and not _idle(text, ban, budget)
    ]
    whole = [b for b in near if any(_narrowed(text, p) <= b.shared for p in wanted)]
    once = [b for b in near if len(b.missed) == 1]
    least = [b for b in once if not any(_holds_more(b.widened, o.widened) for o in once)]
    return tuple(sorted(whole or least or near, key=lambda b: volume(b.widened)))


def _near(
    text: CompiledText,
    ban: Rule,
    forbid: Rule,
    wanted: Sequence[Box],
    region: Region,
    budget: Budget,
) -> Blamed | None:
    """A ban with its terms that speak of what the forbid is about; None where none does."""
    about = frozenset().union(*(_narrowed(text, p) for p in wanted))
    excepted = _excepted(text.text, ban, forbid, wanted) & about
    spared = frozenset(text.text.vocabulary.position[t.axis] for t in _exceptions(ban)) & about
    speaking: dict[Box, frozenset[int]] = {}  # a near term -> the axes that it shares
    for term in lower(without_exceptions(ban.effective), text.text.vocabulary, ban.at):
        met = [p for p in wanted if meet(term, p)]
        shared = frozenset().union(*(_narrowed(text, p) & _narrowed(text, term) for p in met))
        if met and (shared or excepted):
            speaking[term] = shared | excepted | spared
    below = {
        term: max((shared for near, shared in speaking.items() if contains(near, term)), key=len)
        for term in text.boxes(ban)
        if any(contains(near, term) for near in speaking)
    }
    if not below:
        return None
    most = max(map(len, below.values()))
    missed = {
        term: _missed(text, term, region, budget)
        for term, shared in below.items()
        if len(shared) == most
    }
    best = min(missed, key=lambda term: len(missed[term]))
    return Blamed(
        ban,
        tuple(below),
        frozenset().union(*(_narrowed(text, term) for term in below)),
        below[best],
        missed[best],
        _widened(best, missed[best], wanted),
    )


def _narrowed(text: CompiledText, box: Box) -> frozenset[int]:
    """The axes that a box narrows."""
    full = text.index.space.full
    return frozenset(axis for axis in text.index.axes if box[axis] != full[axis])


def _excepted(text: InForce, ban: Rule, forbid: Rule, wanted: Sequence[Box]) -> frozenset[int]:
    """The axes on which a ban excepts something that the forbid is about, or the same that it excepts."""
    vocabulary = text.vocabulary
    same = {(t.axis, t.category) for t in _exceptions(forbid)}
    return frozenset(
        axis
        for test in _exceptions(ban)
        for axis in (vocabulary.position[test.axis],)
        if (test.axis, test.category) in same
        or any(p[axis] & vocabulary.mask(test.axis, test.category) for p in wanted)
    )


def _exceptions(rule: Rule) -> Iterator[In]:
    return (test for test, holds in signed_tests(rule.effective) if not holds)


def _missed(text: CompiledText, term: Box, region: Region, budget: Budget) -> frozenset[int]:
    """The axes on which some use of the region escapes a term: one search an axis."""
    full = text.index.space.full
    return frozenset(
        axis
        for axis in _narrowed(text, term)
        if find(text.index, region, on(full, axis, full[axis] & ~term[axis]), budget) is not None
    )


def _widened(term: Box, missed: frozenset[int], wanted: Sequence[Box]) -> Box:
    """A term, each missed axis joined with all that the forbid's terms hold there."""
    return tuple(
        reduce(or_, (p[axis] for p in wanted), mask) if axis in missed else mask
        for axis, mask in enumerate(term)
    )


def _in_a_permit(text: CompiledText, widened: Box) -> bool:
    """Whether the ban, widened, would take all of some permit away: then the hole is in that permit."""
    return any(
        all(contains(widened, term) for term in text.boxes(rule)) for rule in text.permissions
    )


def _idle(text: CompiledText, ban: Rule, budget: Budget) -> bool:
    """Whether a ban changes nothing behind the bans before it, and would change nothing without its exceptions."""
    before = text.of(text.prohibitions[: text.prohibitions.index(ban)])
    reached = union(text.permits) & ~union(before)
    if not text.empty(reached & text.region(ban), budget):
        return False
    if not any(_exceptions(ban)):
        return True
    spoken = lower(without_exceptions(ban.effective), text.text.vocabulary, ban.at)
    index = text.index.with_terms(spoken)
    struck = union(index.union(spoken))
    return find(index, reached & struck, index.space.full, budget) is None


def _holds_more(one: Box, other: Box) -> bool:
    """Whether a box holds another and more."""
    return one != other and contains(one, other)
