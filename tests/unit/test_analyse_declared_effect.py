"""What an instrument calls itself, and what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.analyse.claim_words import words_of
from avenant.analyse.types import Comparison
from avenant.errors import InputError
from avenant.languages import LANGUAGES
from avenant.library import load
from tests.dossiers import ADMISSION, AGREEMENT, chained, written

FRONT = """\
---
avenant: 1
agreement: town
instrument: amendment
number: {number}
title: {title}
language: {language}
effective: 2026-02-0{number}
previous: PREVIOUS
{more}---

# {title}

{prose}
"""
POLICE = """
## Replace {#police}

### 4. CLAUSE {#police}

The [police](#organisation.police) WORDS use it.

```cedar
RULE
```
"""
BAN = 'forbid (principal in Organisation::"police", action, resource);'
LESS = 'forbid (principal in Organisation::"police", action, resource) when { resource in Purpose::"surveillance" };'
OFFICE = 'forbid (principal, action, resource) when { resource in Purpose::"office-work" };'
MORE = f"{BAN}\n{OFFICE}"


def amendment(
    title: str,
    rule: str = BAN,
    *,
    prose: str = "",
    more: str = "",
    number: int = 1,
    language: str = "en",
    clause: str = "Police",
    words: str = "must not",
) -> str:
    """An amendment that replaces the clause on the police."""
    front = FRONT.format(title=title, prose=prose, more=more, number=number, language=language)
    change = POLICE.replace("RULE", rule).replace("CLAUSE", clause).replace("WORDS", words)
    return front + (change.replace("## Replace", "## Remplacer") if language == "fr" else change)


def compared(folder: Path, *amendments: str, agreement: str = AGREEMENT) -> Comparison:
    """From the agreement to the text after its last amendment."""
    files = {"0-agreement.md": agreement}
    files |= {f"{n}-amendment.md": text for n, text in enumerate(amendments, 1)}
    town = written(folder, chained(files))
    return load(f"{town}@0").compare(load(f"{town}@{len(amendments)}"))


def codes(found: Comparison) -> list[tuple[str, str, tuple[str, ...]]]:
    """The findings: id, place, words."""
    return [(f.id, f.at, f.words) for f in found.findings]


@pytest.mark.parametrize(
    ("title", "rule", "words"),
    [
        ("Clarification of section 4", LESS, "Clarification"),
        ("Editorial changes", MORE, "Editorial"),
        ("A correction", LESS, "correction"),
        ("Tightening of section 4", LESS, "Tightening"),
        ("Tightening of section 4", BAN, "Tightening"),
        ("A firmer rule", LESS, "firmer"),
        ("A firmer rule", BAN, "firmer"),
        ("Further safeguards", LESS, "Further safeguards"),
        ("Removing an exemption", LESS, "Removing an exemption"),
        ("More stringent terms for the police", LESS, "More stringent"),
        ("Hardening", LESS, "Hardening"),
        ("For the avoidance of doubt", MORE, "For the avoidance of doubt"),
    ],
)
def test_a_name_that_is_not_kept(tmp_path: Path, title: str, rule: str, words: str) -> None:
    """A clarification that changes a decision, a tightening that widens: an error, at the instrument, with the word."""
    expected = [("named-otherwise:1", "1-amendment.md:1", (words,))]
    assert expected == codes(compared(tmp_path, amendment(title, rule)))


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Clarification of section 4", BAN),
        ("Tightening of section 4", MORE),
        ("No mere clarification of section 4", LESS),
        ("More than a clarification", LESS),
        ("Section 4", LESS),
        ("A narrower ban", LESS),
        ("Relaxing section 4", LESS),
        ("A firmer rule", MORE),
        ("No firmer rule", LESS),
        ("Clarity for the police", LESS),
    ],
)
def test_a_name_that_is_kept_or_not_given(tmp_path: Path, title: str, rule: str) -> None:
    """What does what it says, or says nothing of itself, is not complained of."""
    assert [] == codes(compared(tmp_path, amendment(title, rule)))


@pytest.mark.parametrize(
    ("title", "rule", "words"),
    [
        ("Clarification de l'article 4", LESS, "Clarification"),
        ("Précision sur l'article 4", MORE, "Précision"),
        ("Modification rédactionnelle", LESS, "rédactionnelle"),
        ("Durcissement de l'article 4", LESS, "Durcissement"),
        ("Renforcement de l'article 4", LESS, "Renforcement"),
        ("Renforcement de l'article 4", MORE, None),
        ("Une règle plus ferme", LESS, "plus ferme"),
        ("Une garantie de plus", LESS, "garantie de plus"),
        ("Des garanties renforcées", BAN, "renforcées"),
        ("Suppression d'une dérogation", LESS, "Suppression d'une dérogation"),
        ("Assouplissement de l'article 4", LESS, None),
        ("Plus qu'une clarification", LESS, None),
        ("Pas de simple correction", LESS, None),
        ("Une rédaction précise", LESS, None),
    ],
)
def test_the_same_in_french(tmp_path: Path, title: str, rule: str, words: str | None) -> None:
    """French names, and French ways to deny them."""
    french = AGREEMENT.replace("language: en", "language: fr")
    found = codes(compared(tmp_path, amendment(title, rule, language="fr"), agreement=french))
    assert ([("named-otherwise:1", "1-amendment.md:1", (words,))] if words else []) == found


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("This amendment clarifies section 4.", "clarifies"),
        ("The parties met. These changes are editorial.", "editorial"),
        ("A clarification.", "clarification"),
        ("This amendment is not a clarification.", None),
        ("The parties reinforce section 4.", "reinforce"),
        ("Section 4 is reinforced.", "reinforced"),
        ("It adds a guarantee.", "adds a guarantee"),
        ("The supplier limits section 4.", "limits"),
        ("Without weakening section 4, the parties update it.", "weakening"),
        ("This amendment limits section 4 to surveillance.", None),
        ("Section 4 limits what the police may do.", None),
        ("The council had asked that section 4 be reinforced.", None),
        ("The police asked for a stricter rule.", None),
        ("The council had asked for a clarification.", None),
    ],
)
def test_the_prose_before_the_changes_counts_where_it_is_about_them(
    tmp_path: Path, prose: str, words: str | None
) -> None:
    """A sentence about the instrument names it; one about something else does not."""
    found = compared(tmp_path, amendment("Section 4", LESS, prose=prose))
    assert ([(words,)] if words else []) == [f.words for f in found.findings]


def test_a_clause_named_anew_is_held_to_its_own_change(tmp_path: Path) -> None:
    """A heading that calls its replacement a clarification speaks for that clause alone."""
    found = compared(tmp_path, amendment("Section 4", LESS, clause="Police (clarification)"))
    assert ["named-otherwise:1/police"] == [f.id for f in found.findings]
    also = "\n## Repeal {#r1}\n\n## Insert at the end\n\n### 9. Office {#office}\n\nNot [so](#purpose.office-work).\n\n"
    also += f"```cedar\n{OFFICE}\n```\n"
    kept = amendment("Section 4", clause="Police (clarification)") + also
    assert [] == codes(compared(tmp_path / "kept", kept))


def test_naming_a_further_source_is_no_clarification(tmp_path: Path) -> None:
    """Who may establish what decides calls too, though every complete use is decided as before."""
    facts = AGREEMENT[AGREEMENT.index("## 1. Definitions") : AGREEMENT.index("## 2. Purposes")]
    facts = facts.replace("## 1.", "### 1.").replace(
        "intent: {established-by: nobody}", "intent: {established-by: connection}"
    )
    front = FRONT.format(title="Clarification", prose="", more="", number=1, language="en")
    found = compared(tmp_path, f"{front}\n## Replace {{#definitions}}\n\n{facts}")
    assert ["named-otherwise:1"] == [f.id for f in found.findings]
    assert "intent" in found.findings[0].message


@pytest.mark.parametrize(
    ("order", "rule", "findings", "stated"),
    [
        ("looser", LESS, [], True),
        ("incomparable", LESS, ["stated-otherwise:1"], True),
        ("stricter", LESS, ["stated-otherwise:1"], False),
        ("stricter", MORE, [], True),
        ("equal", BAN, [], True),
        ("looser", BAN, ["stated-otherwise:1"], True),
        (None, LESS, [], False),
    ],
)
def test_a_stated_order_is_held_against_the_proved_one(
    tmp_path: Path, order: str | None, rule: str, findings: list[str], stated: bool
) -> None:
    """`order: looser` says that the text widens; stated otherwise than proved, it is an error at its line."""
    more = f"order: {order}\n" if order else ""
    found = compared(tmp_path, amendment("Section 4", rule, more=more))
    assert (findings, stated) == ([f.id for f in found.findings], found.stated)
    assert all(f.at == "1-amendment.md:10" for f in found.findings)


def test_each_instrument_answers_for_itself(tmp_path: Path) -> None:
    """Of two amendments, the one that widens and does not say so is named, though the other undoes it."""
    two = (
        amendment("Clarification", LESS, number=1),
        amendment("Back", BAN, number=2, words="shall not"),
    )
    found = compared(tmp_path, *two)
    assert ["named-otherwise:1"] == [f.id for f in found.findings]
    assert (False, ()) == (found.stated, found.newly_permitted.boxes)


def test_an_admission_says_by_its_kind_that_it_widens(tmp_path: Path) -> None:
    """What lets a body past a ban is called so, and needs no further word."""
    files = {
        "0-agreement.md": AGREEMENT,
        "1-admission.md": ADMISSION.replace("number: 2", "number: 1"),
    }
    town = written(tmp_path, chained(files))
    found = load(f"{town}@0").compare(load(f"{town}@1", on="2026-05-01"))
    assert found.newly_permitted.boxes
    assert ([], True) == (codes(found), found.stated)


def test_backwards_and_across_dossiers_nothing_is_held_against_anybody(tmp_path: Path) -> None:
    """An instrument speaks of the change that it makes, not of its undoing, and not of another dossier."""
    town = written(
        tmp_path,
        chained({"0-agreement.md": AGREEMENT, "1-amendment.md": amendment("Clarification", MORE)}),
    )
    assert [] == codes(load(f"{town}@1").compare(load(f"{town}@0")))


def test_an_order_that_is_none_is_an_error(tmp_path: Path) -> None:
    """A misspelt order names the nearest one, at its line."""
    with pytest.raises(InputError) as raised:
        compared(tmp_path, amendment("Section 4", more="order: loser\n"))
    assert ("unknown-choice", 10) == (raised.value.code, raised.value.at and raised.value.at.line)
    assert "looser" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("The parties reinforce section 4.", "named-otherwise:1/police"),
        ("This amendment reinforces section 4.", "named-otherwise:1"),
        ("The parties reinforce section 2.", "named-otherwise:1/purposes"),
    ],
)
def test_a_claim_about_a_clause_is_held_to_that_clause(
    tmp_path: Path, words: str, finding: str | None
) -> None:
    """A sentence on one clause speaks for it alone, unless the instrument speaks of itself."""
    found = compared(tmp_path, amendment("Section 4", LESS, prose=words))
    assert ([finding] if finding else []) == [f.id for f in found.findings]


def test_a_guarantee_without_a_rule_is_held_against_nobody(tmp_path: Path) -> None:
    """What a clause without a rule adds is outside the proof, so that nothing speaks against its name."""
    front = FRONT.format(title="A further guarantee", prose="", more="", number=1, language="en")
    clause = "## Insert at the end\n\n### 9. Log {#log}\n\nThe office shall keep a log.\n"
    assert [] == codes(compared(tmp_path, f"{front}\n{clause}"))


def test_each_language_has_words_of_every_kind() -> None:
    """A kind of word that one language lacks would leave its instruments unread."""
    words = {language: words_of(language) for language in LANGUAGES}
    assert {language: [] for language in LANGUAGES} == {
        language: [f for f in known.__struct_fields__ if not getattr(known, f).pattern]
        for language, known in words.items()
    }
