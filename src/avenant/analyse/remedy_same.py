"""Changes after which a text permits exactly the same: repeals, and a clause that says which of two bans prevails.

A clause may be repealed when the text without it permits the same, nothing refers to it, and nothing else rests on it.
Where bans overlap and the text is silent, what is enforced adds them up already; the clause makes the words say so.

    obstacle(text, clause, budget)      # why a clause may not be repealed; "" when nothing speaks against it
    precedence(text, taken, ("en",))    # {"en": "### 14. Precedence {#precedence}…"}
"""

from __future__ import annotations

from collections.abc import Collection

from avenant.agreement.types import Clause, InForce
from avenant.analyse.dead import matters
from avenant.analyse.lowered import Lowered
from avenant.analyse.remedy_text import behind, filled, free_id, last_clause
from avenant.messages import say
from avenant.region import Budget


def obstacle(text: Lowered, clause: Clause, budget: Budget) -> str:
    """Why a clause may not be repealed. Raises region.Exhausted."""
    if clause.red_line:
        return say("remedy.red-line")
    if any(b.language in ("vocabulary", "facts", "switches") for b in clause.blocks):
        return say("remedy.defines")
    if any(rule.passes for rule in clause.rules):
        return say("remedy.admits")
    referring = [
        other.label
        for other in text.text.clauses
        if other.id != clause.id
        and any((r.axis, r.target) == (None, clause.id) for r in other.references)
    ]
    if referring:
        return say("remedy.referred", clauses=", ".join(referring))
    return say("remedy.matters") if matters(text, {clause.id}, budget) else ""


def precedence(text: InForce, taken: Collection[str], languages: Collection[str]) -> dict[str, str]:
    """The clause by which overlapping bans all hold, behind the last that is no principle, in these languages."""
    id = free_id("precedence", taken)
    number = behind(last_clause(text), text)
    return {
        lang: f"### {number}{say('remedy.precedence', lang=lang)} {{#{id}}}\n\n"
        + filled(say("remedy.precedence-prose", lang=lang))
        for lang in languages
    }
