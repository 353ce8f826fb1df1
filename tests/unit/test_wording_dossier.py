"""Wording in a dossier: findings per clause, tied to the words, and calmer where a test stands for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.findings.types import Severity
from avenant.library import load

HEAD = """---
avenant: 1
agreement: town
instrument: agreement
number: 0
title: Use of the tool
language: {language}
effective: 2026-01-01
vocabulary: core@1-draft
parties:
  town: {{name: Town, role: customer, threshold: 1, keys: [], officers: []}}
---

# Use of the tool

"""
RULE = """
```cedar
forbid (principal, action, resource)
when { resource in Purpose::"surveillance" && resource in Intent::"deliberate" };
```
"""
END = """
## 9. Use {#use}

Free.

```cedar
permit (principal, action, resource);
```
"""


def findings(
    folder: Path, clauses: str, language: str = "en"
) -> list[tuple[str, str | None, str, str, str]]:
    """Kind, clause, words, severity and place of the wording findings of a small dossier."""
    (folder / "0-agreement.md").write_text(HEAD.format(language=language) + clauses + END, "utf-8")
    return [
        (f.code.removeprefix("wording-"), f.clause, f.words[0], f.severity.value, f.at)
        for f in load(folder).wording().findings
    ]


PRINCIPLE = """
## R1 No spying {#r1 .principle}

The tool never [spies](#purpose.surveillance)WHERE.

```cedar
forbid (principal, action, resource) when { resource in Purpose::"surveillance"TEST };
```
"""
ON_THE_WEB = PRINCIPLE.replace("WHERE", " [in the cloud](#place.cloud)").replace(
    "TEST", ' && resource in Place::"cloud"'
)


@pytest.mark.parametrize(
    ("principle", "severity"),
    [
        ("", "error"),
        (PRINCIPLE.replace("WHERE", "").replace("TEST", ""), "note"),
        (ON_THE_WEB, "note"),
        (
            PRINCIPLE.replace("WHERE", "")
            .replace("TEST", "")
            .replace("surveillance", "translation"),
            "error",
        ),
    ],
)
def test_a_word_that_a_test_stands_for_is_a_note_where_a_loophole_shows_it(
    tmp_path: Path, principle: str, severity: str
) -> None:
    """A loophole that gets past the clause at that test carries the error; a test alone silences nothing."""
    linked = "The tool shall not be [deliberately](#intent.deliberate) used for [spying](#purpose.surveillance).\n"
    text = f"## 1. Spying {{#spying}}\n\n{linked}{RULE}{principle}"
    assert "error" == findings(tmp_path, text)[0][3]
    on_word = [f for f in load(tmp_path).check().findings if f.code == "wording-intent"]
    assert [(severity, ("deliberately",))] == [(f.severity.value, f.words) for f in on_word]


def test_a_word_without_its_test_is_an_error(tmp_path: Path) -> None:
    """A link to what no rule of the clause tests encodes nothing."""
    linked = "The tool shall not be [negligently](#intent.incidental) used for [spying](#purpose.surveillance).\n"
    found = findings(tmp_path, f"## 1. Spying {{#spying}}\n\n{linked}{RULE}")
    assert [("intent", "spying", "negligently", "error", "0-agreement.md:18")] == found


def test_what_the_rules_say_where_the_words_do_not(tmp_path: Path) -> None:
    """A sentence without a verb of its own is a ban in a clause whose rules only forbid."""
    prose = "Deliberate [spying](#purpose.surveillance), in a material way.\n"
    found = findings(tmp_path, f"## 1. Spying {{#spying}}\n\n{prose}{RULE}")
    assert {("Deliberate", "error"), ("material", "error")} == {(f[2], f[3]) for f in found}


def test_a_clause_and_words_once(tmp_path: Path) -> None:
    """The same words in one clause are one finding, the gravest; in two clauses two."""
    prose = "Data is kept as appropriate. Data may be kept by staff as appropriate.\n"
    found = findings(tmp_path, f"## 1. One {{#one}}\n\n{prose}\n## 2. Two {{#two}}\n\n{prose}")
    degree = [f for f in found if f[0] == "degree"]
    assert [("one", "error"), ("two", "error")] == [(f[1], f[3]) for f in degree]


def test_notes_blocks_and_titles_are_not_its_words(tmp_path: Path) -> None:
    """An encoding, an agreed reading, a rule and a heading are not read for wording."""
    notes = "> **Encoding.** It shall not be deliberate.\n>\n> **Reading.** Nor reasonable.\n"
    prose = "The tool shall not be used for [spying](#purpose.surveillance).\n"
    text = f"## 1. Deliberately {{#spying}}\n\n{prose}\n{notes}{RULE}"
    assert [] == findings(tmp_path, text)


def test_a_definition_holds_in_other_clauses(tmp_path: Path) -> None:
    """What one clause defines is not vague in another; a reference may be to any clause's number."""
    text = (
        '## 1. Definitions {#definitions .definitions}\n\n"Serious harm" means death.\n\n'
        "## 2. Harm {#harm}\n\nThe tool must not cause serious harm, as section 1 says; see section 7.\n"
    )
    found = findings(tmp_path, text)
    assert [("dangling", "harm", "section 7")] == [f[:3] for f in found]


def test_a_french_dossier(tmp_path: Path) -> None:
    """The language is the instrument's."""
    text = "## 1. Limites {#limites}\n\nL'outil ne doit pas servir sciemment à tromper.\n"
    assert [("intent", "limites", "sciemment", "error", "0-agreement.md:18")] == findings(
        tmp_path, text, "fr"
    )


def test_a_finding_can_be_accepted(tmp_path: Path) -> None:
    """An acceptance in the text, with its reason, is kept beside the finding and counted out."""
    text = (
        "## 1. Limits {#limits}\n\nThe tool must not knowingly deceive.\n\n"
        "> **Accepted.** wording-intent:limits:knowingly: a court will know.\n"
    )
    findings(tmp_path, text)
    report = load(tmp_path).wording()
    assert ["a court will know."] == [f.accepted for f in report.findings]
    assert 0 == report.open_errors


@pytest.mark.parametrize("number", [0, 1])
def test_the_report_holds_the_same_findings(number: int) -> None:
    """What `check` reports on wording is what the words alone give, but for words that a loophole shows."""
    text = load(f"agreements/openai-dow@{number}")
    report = text.check(remedies=False)
    reported = {f.id: f.severity for f in report.findings if f.code.startswith("wording-")}
    alone: dict[str, Severity] = {f.id: f.severity for f in text.wording().findings}
    assert alone.keys() == reported.keys()
    milder = {id for id in alone if alone[id] is not reported[id]}
    assert {Severity.NOTE} == {reported[id] for id in milder}
    shown = " ".join(p.word or "" for f in report.findings if f.box for p in f.box.passes)
    words = {f.id: f.words[0].split()[-1] for f in report.findings if f.words}
    assert [] == [id for id in milder if words[id] not in shown]
