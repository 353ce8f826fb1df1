"""Small dossiers of Markdown over the vocabulary of `small_texts`, and amendments applied to them as `--fix` does.

with small_core():
    text = loaded(as_markdown(small_text({…}, {"p": …}), {"c0": [({"purpose": "harm"}, "permitted")]}))
    after = applied(text, remedies, remedy)     # written, read back, consolidated
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random

import pytest
from msgspec.structs import replace

from avenant.agreement.compiled import compile_text
from avenant.agreement.proposal import read_proposal
from avenant.agreement.reading.instrument import FileName, read_instrument
from avenant.agreement.reading.ordinary import OrdinaryUse
from avenant.agreement.types import Clause, Dossier, InForce
from avenant.analyse.remedy import Remedies
from avenant.analyse.types import Report
from avenant.consent import trying
from avenant.findings.types import Remedy
from avenant.instants import instant
from avenant.library import Text, _text
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import read_markdown
from avenant.vocabulary import read
from tests.random_texts import SPOKEN
from tests.small_texts import small_text

Use = Mapping[str, str | Sequence[str]]
Scenarios = Mapping[str, Sequence[tuple[Use, str]]]
"""By clause: a use, and what the text is said to do with it."""

NOW = instant("2027-01-01")
CORE = next(iter(read.CORES))
FRONT = f"""\
---
avenant: 1
agreement: small
instrument: agreement
number: 0
title: A small agreement
language: en
effective: 2026-02-28
vocabulary: {CORE}
parties:
  office: {{name: The office, role: customer, threshold: 1, keys: []}}
---

# A small agreement
"""


@contextmanager
def small_core() -> Iterator[None]:
    """The core vocabulary is the one of `small_texts`: small enough for brute force."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "_read", lambda _: (SPOKEN, {}))
        yield


def as_markdown(text: InForce, scenarios: Scenarios | None = None) -> str:
    """A text built in code as the document that it would be read from; its words are links in its prose."""
    clauses = (_clause(c, (scenarios or {}).get(c.id, ())) for c in text.clauses)
    return "\n\n".join((FRONT, *clauses)) + "\n"


def _clause(clause: Clause, scenarios: Sequence[tuple[Use, str]]) -> str:
    mark, number = (" .principle", "") if clause.kind == "principle" else ("", f"{clause.number}. ")
    links = ", ".join(f"[{w.text}](#{w.axis}.{w.category})" for w in clause.words)
    parts = [
        f"## {number}Words {{#{clause.id}{mark}}}",
        f"This is about {links or 'everything'}.",
        f"```cedar\n{clause.source}\n```",
        *(f"```scenario\nuse: {_flow(use)}\nexpect: {expect}\n```" for use, expect in scenarios),
    ]
    return "\n\n".join(parts)


def _flow(use: Use) -> str:
    values = (f"{a}: {v if isinstance(v, str) else list(v)}" for a, v in use.items())
    return f"{{{', '.join(values)}}}".replace("'", "")


def loaded(markdown: str) -> Text:
    """The text of a dossier of one document, as it is read from a file."""
    faults = Diagnostics()
    document = read_markdown(markdown, "0-agreement.md", faults)
    name = FileName(0, "agreement", None, "0-agreement.md")
    instrument = read_instrument(document, name, f"sha256:{0:064x}", faults)
    faults.raise_all()
    assert instrument is not None
    return _text(Dossier("small", "none", (instrument,), (), {}), 0, None)


def remedies_of(text: Text, report: Report, uses: Sequence[OrdinaryUse] = ()) -> Remedies:
    """The remedies of a report, with these required uses."""
    number = text.in_force.number
    return Remedies(
        text.compiled,
        uses,
        report,
        text.dossier,
        lambda: trying(text.dossier, number, NOW),
        others=[compile_text(other, text.stated) for other in text.others],
    )


def applied(text: Text, remedies: Remedies, remedy: Remedy) -> Text:
    """The text with the amendment that `--fix --write` writes, read from its files."""
    proposal = remedies.proposal(remedy)
    instruments = (*text.dossier.instruments, read_proposal(proposal))
    return _text(replace(text.dossier, instruments=instruments), proposal.number, None)


def planted(dice: Random) -> InForce:
    """A text that wants to keep its principle and does not.

    It permits much, and its prohibitions are the principle with a further test, with a narrower category, or with an
    exception; beside them stand others.
    """
    subject = _tests(dice, dice.randint(1, 3))
    clauses = {"broad": _rule("permit", _tests(dice, dice.randint(0, 1)))}
    for n in range(dice.randint(0, 2)):
        clauses[f"grant-{n}"] = _rule("permit", _tests(dice, dice.randint(1, 2)))
    for n in range(dice.randint(0, 3)):
        clauses[f"ban-{n}"] = _narrowed(dice, subject)
    for n in range(dice.randint(0, 2)):
        clauses[f"other-{n}"] = _rule("forbid", _tests(dice, dice.randint(2, 3)))
    return small_text(clauses, {"p": _rule("forbid", subject)}, SPOKEN)


def _narrowed(dice: Random, subject: Mapping[str, str]) -> str:
    """A prohibition of a part of a subject."""
    match dice.randrange(3):
        case 0:
            return _rule("forbid", {**_tests(dice, 1), **subject})
        case 1:
            return _rule("forbid", {a: _below(dice, a, id) for a, id in subject.items()})
        case _:
            free = {a: id for a, id in _tests(dice, 2).items() if a not in subject}
            return _rule("forbid", subject, free)


def _tests(dice: Random, count: int) -> dict[str, str]:
    axes = dice.sample([a.id for a in SPOKEN.axes], count)
    return {a: dice.choice([c.id for c in SPOKEN.categories if c.axis == a]) for a in axes}


def _below(dice: Random, axis: str, id: str) -> str:
    return dice.choice([id, *(c.id for c in SPOKEN.children(axis, id))])


def _rule(effect: str, tests: Mapping[str, str], unless: Mapping[str, str] | None = None) -> str:
    rule = f"{effect} (principal, action, resource)"
    if tests:
        rule += f" when {{ {_joined(tests)} }}"
    if unless:
        rule += f" unless {{ {_joined(unless)} }}"
    return f"{rule};"


def _joined(tests: Mapping[str, str]) -> str:
    axes = {a.id: a for a in SPOKEN.axes}
    return " && ".join(f'{axes[a].role} in {axes[a].entity}::"{id}"' for a, id in tests.items())
