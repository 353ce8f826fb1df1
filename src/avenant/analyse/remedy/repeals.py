"""Changes after which a text permits exactly the same: repeals, and a clause that says which of two bans prevails.

A clause may be repealed when the text without it permits the same at each of its dates, its prohibitions are covered by
others, nothing refers to it, and nothing else rests on it. A prohibition that is idle only because nothing is permitted
there has its use: it would matter with the next permission. Where bans overlap and the text is silent, what is enforced
adds them up already; the clause makes the words say so.

    obstacle(text, others, clause, budget)      # why a clause may not be repealed; "" when nothing speaks against it
    precedence(text, taken, ("en",))            # {"en": "### 14. Precedence {#precedence}…"}
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause, InForce
from avenant.analyse.checks.dead import matters
from avenant.analyse.remedy.words import behind, filled, free_id, last_clause
from avenant.languages import say
from avenant.region import Budget, union


def obstacle(
    text: CompiledText, others: Sequence[CompiledText], clause: Clause, budget: Budget
) -> str:
    """Why a clause may not be repealed; `others` are the text at other dates. Raises region.Exhausted."""
    if clause.red_line:
        return say("remedy.red-line")
    if any(b.language in ("vocabulary", "facts", "switches") for b in clause.blocks):
        return say("remedy.defines")
    if any(
        a.forbid.partition("/")[0] == clause.id for t in (text, *others) for a in t.text.admissions
    ):
        return say("remedy.admits")
    referring = [
        other.label
        for other in text.text.clauses
        if other.id != clause.id
        and any((r.axis, r.target) == (None, clause.id) for r in other.references)
    ]
    if referring:
        return say("remedy.referred", clauses=", ".join(referring))
    if text.empty(text.permitted, budget):
        # Any prohibition may go then; the next permission wants it.
        return say("remedy.nothing-left")
    if matters(text, {clause.id}, budget):
        return say("remedy.matters")
    if any(matters(other, {clause.id}, budget) for other in others):
        return say("remedy.matters-then")
    if not all(_covered(t, clause.id, budget) for t in (text, *others)):
        return say("remedy.unreached")
    return ""


def _covered(text: CompiledText, clause: str, budget: Budget) -> bool:
    """Whether other clauses forbid all that a clause forbids."""
    mine = text.of(r for r in text.prohibitions if r.clause == clause)
    others = text.of(r for r in text.prohibitions if r.clause != clause)
    return text.empty(union(mine) & ~union(others), budget)


def precedence(text: InForce, taken: Collection[str], languages: Collection[str]) -> dict[str, str]:
    """The clause by which overlapping bans all hold, behind the last that is no principle, in these languages."""
    id = free_id("precedence", taken)
    number = behind(last_clause(text), text)
    return {
        lang: f"### {number}{say('remedy.precedence', lang=lang)} {{#{id}}}\n\n"
        + filled(say("remedy.precedence-prose", lang=lang))
        for lang in languages
    }
