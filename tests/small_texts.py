"""Small agreements built in code: a vocabulary of trees, clauses as Cedar text, a linked word for each test.

text = small_text({"limit": 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'})
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from avenant.agreement.types import (
    Choice,
    Clause,
    Core,
    FactRules,
    Facts,
    InForce,
    Party,
    Scenario,
    Source,
)
from avenant.errors import Span
from avenant.rules.parse import parse_rules
from avenant.rules.types import Word
from avenant.vocabulary.types import ANY, Axis, Category, Role, Vocabulary

Tree = Mapping[str, "Tree"]

TREES: Mapping[str, Tree] = {
    "organisation": {"office": {"desk": {}, "vault": {}}, "guest": {}},
    "operation": {"look": {}, "touch": {"push": {}, "pull": {}}},
    "purpose": {"harm": {"big-harm": {}, "small-harm": {}}, "good": {}},
    "mind": {"meant": {}, "unmeant": {}},
}
COMPLETE = {("mind", ANY)}


def vocabulary(
    trees: Mapping[str, Tree] = TREES, complete: set[tuple[str, str]] = COMPLETE
) -> Vocabulary:
    """A vocabulary of the given trees; titles and phrases are the ids."""
    roles: dict[str, Role] = {"organisation": "principal", "operation": "action"}
    axes = tuple(
        Axis(a, said(a), said(a), said(f"any {a}"), roles.get(a, "resource"), (a, ANY) in complete)
        for a in trees
    )
    categories: list[Category] = []

    def grow(axis: str, parent: str, tree: Tree) -> None:
        for id, below in tree.items():
            categories.append(
                Category(
                    axis, id, parent, said(id), said(id), said(id), complete=(axis, id) in complete
                )
            )
            grow(axis, id, below)

    for axis, tree in trees.items():
        grow(axis, ANY, tree)
    return Vocabulary("small@1", axes, tuple(categories))


def said(words: str) -> Mapping[str, str]:
    """Words in English, and as near to French as a test needs."""
    return {"en": words, "fr": f"{words}, en français"}


def clause(
    id: str,
    number: int,
    source: str,
    spoken: Vocabulary,
    linked: bool = True,
    principle: bool = False,
) -> Clause:
    """A clause of one Cedar block, with a linked word for each of its tests."""
    at = Span("0-agreement.md", 10 * number, id)
    tests = [t for r in parse_rules(source, at, id, 1, spoken, ()) for t in r.tests()]
    words = tuple(Word(f"the word {t.category}", t.axis, t.category, at.down(1)) for t in tests)
    return Clause(
        id=id,
        number="" if principle else str(number),
        title=id,
        prose=said(" ".join(w.text for w in words)),
        reading=None,
        kind="principle" if principle else "binding" if source else "declaratory",
        words=words if linked else (),
        blocks=(),
        rules=parse_rules(source, at, id, 1, spoken, words if linked else ()),
        scenarios=(),
        choices=(Choice(f"{id} is encoded so", at),),
        red_line=False,
        accepted={},
        instrument=0,
        at=at,
        source=source,
    )


def small_text(
    clauses: Mapping[str, str],
    principles: Mapping[str, str] | None = None,
    spoken: Vocabulary | None = None,
    established: Mapping[str, tuple[Source, ...]] | None = None,
    scenarios: tuple[Scenario, ...] = (),
    number: int = 0,
) -> InForce:
    """A text in force of the given clauses and principles, in their order."""
    spoken = spoken or vocabulary()
    made = [clause(id, n, source, spoken) for n, (id, source) in enumerate(clauses.items(), 1)]
    for n, (id, source) in enumerate((principles or {}).items(), len(made) + 1):
        made.append(clause(id, n, source, spoken, principle=True))
    if scenarios:
        made[0] = replace(made[0], scenarios=scenarios)
    at = Span("0-agreement.md", 1)
    start = datetime(2026, 2, 28, tzinfo=UTC)
    if established is None:
        established = {a.id: ("connection",) for a in spoken.axes}
    return InForce(
        agreement="small",
        number=number,
        title="A small agreement",
        language="en",
        since=start,
        until=None,
        vocabulary=spoken,
        clauses=tuple(made),
        parties=(
            Party("maker", "The Maker", "provider", 1, (), (), at),
            Party("office", "The Office", "customer", 1, (), (), at),
        ),
        facts=FactRules(
            {a: Facts(a, sources, None, at) for a, sources in established.items()},
            {"connection": ("office",)},
        ),
        switches={},
        admissions=(),
        sources=(),
        labels=(),
        core=Core("small", at),
        instruments=((number, "agreement", start),),
        draft=True,
        digest=f"sha256:{number:064x}",
    )
