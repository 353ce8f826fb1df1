"""Dossiers in the shape of contracts, as files: so that a whole command can be measured on a long text.

    written(Path("/tmp/long"), clauses=200, seed=1)        # 0-agreement.md and 1-amendment.md

Prose with linked words over the first axes of the core vocabulary, fifteen unless another number is asked for; clauses
that test two to four of them, one in ten a permit, one in five with an `unless`; three principles. The amendment
replaces five clauses, each without one of its words, repeals two and inserts three.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from avenant.vocabulary.phrases import spoken
from avenant.vocabulary.read import core
from avenant.vocabulary.types import Category

CORE = core()
AXES = 15
ASIDES = (
    "consistent with applicable laws and with the policies of the parties",
    "except where the supplier has agreed in writing",
    "including through contractors and other third parties acting on its behalf",
    "within a reasonable time and to the extent practicable",
    "as the parties may from time to time determine in good faith",
)
FRONT = """\
---
avenant: 1
agreement: {id}
instrument: {kind}
number: {number}
title: {title}
language: en
effective: 2026-0{month}-01
label: Invented for a measurement.
{more}---

# {title}
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One clause: its number, effect, tests and exception."""

    number: int
    effect: str
    tests: tuple[Category, ...]
    unless: Category | None
    aside: str

    def markdown(self, level: int = 2) -> str:
        """The clause as a dossier has it."""
        words = " ".join(f"[{_words(c)}](#{c.axis}.{c.id})" for c in self.tests)
        verb = "may be used" if self.effect == "permit" else "shall not be used"
        except_for = ""
        if self.unless is not None:
            link = f"[{_words(self.unless)}](#{self.unless.axis}.{self.unless.id})"
            except_for = f" This does not hold {link}."
        when = " && ".join(map(_test, self.tests)) or "true"
        rule = f"{self.effect} (principal, action, resource)\nwhen {{ {when} }}"
        if self.unless is not None:
            rule += f"\nunless {{ {_test(self.unless)} }}"
        return (
            f"{'#' * level} {self.number}. Use number {self.number} {{#use-{self.number}}}\n\n"
            f"The system {verb} {words}, {self.aside}.{except_for}\n\n"
            f"```cedar\n{rule};\n```\n"
        )


def written(folder: Path, clauses: int, seed: int = 1, id: str = "long", axes: int = AXES) -> Path:
    """Write the dossier, and return its folder."""
    random = Random(seed)
    drawn = [_drawn(random, n, axes) for n in range(1, clauses + 1)]
    facts = "\n".join(f"{a.id}: {{established-by: connection}}" for a in CORE.axes)
    principles = (
        replace(_drawn(random, n, axes), effect="forbid", unless=None) for n in range(1, 4)
    )
    party = "parties:\n  supplier: {name: The supplier, role: provider, threshold: 1, keys: []}\n"
    more = f"vocabulary: core@1-draft\n{party}"
    agreement = "\n".join(
        (
            FRONT.format(id=id, kind="agreement", number=0, title="Use", month=1, more=more),
            f"## Facts {{#facts}}\n\nWho establishes what.\n\n```facts\n{facts}\n```\n",
            *(clause.markdown() for clause in drawn),
            *(_principle(clause) for clause in principles),
        )
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0-agreement.md").write_text(agreement, "utf-8")
    previous = f"previous: sha256:{hashlib.sha256(agreement.encode()).hexdigest()}\n"
    amendment = "\n".join(
        (
            FRONT.format(
                id=id, kind="amendment", number=1, title="Changes", month=2, more=previous
            ),
            *_changes(random, drawn, axes),
        )
    )
    (folder / "1-amendment.md").write_text(amendment, "utf-8")
    return folder


def _changes(random: Random, drawn: list[Drawn], axes: int) -> Iterator[str]:
    chosen = random.sample(drawn, min(7, len(drawn)))
    for clause in chosen[:5]:
        shorter = replace(clause, tests=clause.tests[1:])
        yield f"## Replace {{#use-{clause.number}}}\n\n{shorter.markdown(3)}"
    for clause in chosen[5:]:
        yield f"## Repeal {{#use-{clause.number}}}\n"
    new = "\n".join(_drawn(random, len(drawn) + n, axes).markdown(3) for n in range(1, 4))
    yield f"## Insert at the end\n\n{new}"


def _drawn(random: Random, number: int, among: int) -> Drawn:
    """The first clauses permit widely, as the first clauses of contracts do."""
    permits = number <= 2 or random.random() < 0.1
    known = CORE.axes[:among]
    axes = random.sample(known, random.randint(2, 2 if number <= 2 else 4))
    tests = tuple(random.choice([c for c in CORE.categories if c.axis == a.id]) for a in axes)
    others = [c for c in CORE.categories if c.axis in {a.id for a in known if a not in axes}]
    unless = random.choice(others) if random.random() < 0.2 else None
    return Drawn(number, "permit" if permits else "forbid", tests, unless, random.choice(ASIDES))


def _principle(clause: Drawn) -> str:
    head, _, rest = clause.markdown().partition("\n")
    return (
        f"## R{clause.number} A principle {{#r{clause.number} .principle}}\n{rest}" if head else ""
    )


def _words(category: Category) -> str:
    return spoken(category.phrase or category.title, "en")


def _test(category: Category) -> str:
    axis = CORE.axis(category.axis)
    assert axis is not None, category.axis
    return f'{axis.role} in {axis.entity}::"{category.id}"'
