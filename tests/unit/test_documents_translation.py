"""A translation says the same clauses with the same linked words, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avenant.agreement.reading.read import read_dossier
from avenant.agreement.write import as_markdown
from avenant.errors import InputError
from avenant.languages import speak
from avenant.library import load
from tests.dossiers import AGREEMENT, FILES, chained, derived, errors, written

A, M, *_ = FILES
AF, MF = "0-agreement.fr.md", "1-amendment.fr.md"

FRENCH = """\
---
avenant: 1
agreement: town
instrument: agreement
number: 0
title: Emploi de l'assistant par la ville
language: fr
label: Inventé pour un essai.
---

# Emploi de l'assistant par la ville

## 1. Définitions {#definitions}

## 2. Finalités {#purposes}

La ville peut employer l'assistant à toute fin [licite](#legality.lawful), selon l'[article 3](#watching).

## 3. Surveillance {#watching .red-line}

Il n'est pas employé [intentionnellement](#intent.deliberate) à la [surveillance](#purpose.surveillance).

> **Lecture.** Garder ce qui fut vu est aussi de la surveillance.

## 4. Police {#police}

La [police](#organisation.police) ne l'emploie pas.

## R1 Pas de surveillance {#r1 .principle}

« Personne n'est surveillé. » Dit le 1er janvier 2026.
"""

FRENCH_AMENDMENT = """\
---
avenant: 1
agreement: town
instrument: amendment
number: 1
title: Premier avenant
language: fr
---

## Remplacer {#purposes}

### 2. Finalités {#purposes}

La ville peut employer l'assistant à toute fin [licite](#legality.lawful).

## Insérer après {#watching}

### 3a. Vente {#selling}

Il n'est pas employé à la [vente](#purpose.marketing).
"""

SAID = "statements/2026-01-01.fr.md"
FRENCH_STATEMENT = """\
---
avenant: 1
language: fr
title: Personne n'est surveillé
---

Le maire a dit que personne n'est surveillé.

## S1 Personne n'est surveillé {#s1 .principle}

« Personne n'est [surveillé](#purpose.surveillance). »
"""

FILES_FR = {**chained(FILES), AF: FRENCH, MF: FRENCH_AMENDMENT, SAID: FRENCH_STATEMENT}

CASES = (
    ("translation-lacks-clause", AF, "{#police}", "{#cops}"),
    ("translation-adds-clause", AF, "{#police}", "{#cops}"),
    ("translation-lacks-word", AF, "[licite](#legality.lawful)", "licite"),
    ("translation-adds-word", AF, "La ville peut", "La [ville](#organisation.town) peut"),
    ("translation-lacks-word", AF, "#intent.deliberate", "#intent.incidental"),
    ("translation-adds-word", AF, "#intent.deliberate", "#intent.incidental"),
    ("translation-adds-word", AF, "article 3](#watching)", "article 4](#police)"),
    ("duplicate-clause", AF, "## 4. Police {#police}", "## 3. Surveillance {#watching}"),
    ("heading-level", AF, "## 4. Police", "### 4. Police"),
    ("heading-level", AF, "## 4. Police", "# Un autre titre\n\n## 4. Police"),
    ("heading-level", MF, "### 3a. Vente", "#### 3a. Vente"),
    ("heading-level", SAID, "## S1", "### S1"),
    ("block-outside-clause", AF, "## 1. Définitions", "```cedar\n```\n\n## 1. Définitions"),
    ("word-outside-clause", AF, "## 1. Définitions", "[licite](#legality.lawful)\n\n## 1. Définitions"),
    ("note-outside-clause", MF, "### 2. Finalités", "> **Lecture.** Rien.\n\n### 2. Finalités"),
    ("translation-mark", AF, "{#police}", "{#police .red-line}"),
    ("translation-number", AF, "## 4. Police", "## 5. Police"),
    ("translation-with-block", AF, "## 4.", "```cedar\n```\n\n## 4."),
    ("translation-with-note", AF, "**Lecture.** Garder", "**Encodage.** Garder"),
    ("translation-reading", AF, "> **Lecture.** Garder ce qui fut vu est aussi de la surveillance.\n", ""),
    ("translation-prose", AF, "La [police](#organisation.police) ne l'emploie pas.\n", ""),
    ("translation-order", AF, "## 1. Définitions {#definitions}\n", ""),
    ("translation-changes", MF, "## Remplacer", "## Abroger"),
    ("translation-changes", MF, "Insérer après {#watching}", "Insérer après {#police}"),
    ("language-differs", AF, "language: fr", "language: en"),
    ("language-twice", AF, "language: fr", "language: en"),
    ("other-agreement", AF, "agreement: town", "agreement: ville"),
    ("unknown-field", AF, "language: fr", "language: fr\neffective: 2026-01-01"),
    ("translation-lacks-clause", SAID, "{#s1 .principle}", "{#s9 .principle}"),
    ("translation-adds-clause", SAID, "{#s1 .principle}", "{#s9 .principle}"),
    ("translation-lacks-word", SAID, "[surveillé](#purpose.surveillance)", "surveillé"),
    ("translation-mark", SAID, ".principle", ".red-line"),
    ("translation-with-block", SAID, "« Personne", "```cedar\n```\n\n« Personne"),
    ("language-twice", SAID, "language: fr", "language: en"),
    ("unknown-field", SAID, "language: fr", "language: fr\nby: Le maire"),
    ("format-version", SAID, "avenant: 1", "avenant: 2"),
    ("missing-field", AF, "title: Emploi de l'assistant par la ville\n", ""),
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "file", "old", "new"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_each_fault_of_a_translation_is_named(
    tmp_path: Path, code: str, file: str, old: str, new: str
) -> None:
    """What a translation lacks, adds or says otherwise is one named error in its file."""
    text = FILES_FR[file]
    assert old in text
    text = text.replace(old, new, 1)
    if code == "translation-order":
        text += "\n## 1. Définitions {#definitions}\n"
    with pytest.raises(InputError) as caught:
        derived(written(tmp_path, {**FILES_FR, file: text}))
    named = [e for e in errors(caught.value) if e.code == code]
    assert named, str(caught.value)
    assert named[0].hint
    assert named[0].at is not None
    assert file == named[0].at.file


def test_prose_and_readings_are_there_in_both_languages(tmp_path: Path) -> None:
    """A translated clause has its prose and its reading in each language, its words in the text's own."""
    text = derived(written(tmp_path, FILES_FR))[1]
    clause = text.clause("watching")
    assert clause is not None
    assert clause.prose == {
        "en": "It shall not be intentionally used for surveillance.",
        "fr": "Il n'est pas employé intentionnellement à la surveillance.",
    }
    assert clause.reading == {
        "en": "Keeping what was seen is surveillance too.",
        "fr": "Garder ce qui fut vu est aussi de la surveillance.",
    }
    assert ["intentionally", "surveillance"] == [word.text for word in clause.words]
    assert ["Watching", "Surveillance"] == [clause.title, clause.translations["fr"].title]
    selling = text.clause("selling")
    assert selling is not None
    assert "Il n'est pas employé à la vente." == selling.prose["fr"]


def test_the_bytes_of_a_translation_are_in_the_files_of_its_instrument(tmp_path: Path) -> None:
    """What is signed names the translation's digest too; what decides does not depend on its words."""
    dossier = read_dossier(written(tmp_path, FILES_FR))
    assert [[A, AF], [M, MF], ["2-admission.md"]] == [list(i.files) for i in dossier.instruments]
    before = derived(tmp_path)[0].digest
    written(tmp_path, {AF: FRENCH.replace("La ville peut", "Elle peut")})
    assert before == derived(tmp_path)[0].digest
    assert dossier.instruments[0].files[AF] != read_dossier(tmp_path).instruments[0].files[AF]
    assert AGREEMENT == (tmp_path / A).read_text()


@pytest.fixture
def _french() -> Iterator[None]:
    """The process speaks French for one test."""
    speak("fr")
    yield
    speak("en")


def test_a_clause_without_an_id_is_a_fault_of_the_text_alone(tmp_path: Path) -> None:
    """Which clause a translation should have is not known then, and nothing is said of it."""
    nameless = AGREEMENT.replace("## 4. Police {#police}", "## 4. Police")
    with pytest.raises(InputError) as caught:
        read_dossier(written(tmp_path, {**FILES_FR, A: nameless}))
    assert [] == [e.code for e in errors(caught.value) if e.at and e.at.file == AF]


def line_of(words: str) -> str:
    """Where words stand in the French file."""
    return f"{AF}:{next(n for n, line in enumerate(FRENCH.splitlines(), 1) if words in line)}"


@pytest.mark.usefixtures("_french")
def test_a_reader_of_french_is_shown_the_french_words_and_their_places(tmp_path: Path) -> None:
    """A finding quotes the translation's words, at their lines of its file, and the principle's French prose."""
    report = load(str(written(tmp_path, {**FILES_FR})) + "@0").check()
    (way,) = [f for f in report.findings if f.id == "loophole:r1:intent"]
    assert way.box is not None
    (past,) = way.box.passes
    at = line_of("intentionnellement")
    assert ("intentionnellement", at, at) == (past.word, past.at, way.at)
    assert "« intentionnellement »" in way.message.replace("\u202f", " ")
    assert "« Personne n'est surveillé. »" in report.principles[0].words
    assert ("Emploi de l'assistant par la ville", ("Inventé pour un essai.",)) == (
        report.title,
        report.labels,
    )


@pytest.mark.usefixtures("_french")
def test_what_was_announced_is_told_in_french(tmp_path: Path) -> None:
    """A principle of a statement is shown in the words and at the place of its translation."""
    report = load(f"{written(tmp_path, {**FILES_FR})}@0").check()
    said = {principle.label: principle.words for principle in report.principles}
    assert "« Personne n'est surveillé. »" == said["S1"]
    broader = next(f for f in report.findings if f.id == "statement-broader:2026-01-01")
    assert (("surveillé",), f"{SAID}:9") == (broader.words, broader.at)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("statements/2026-01-02.fr.md", "translation-of-nothing"),
        ("statements/2026-01-01.de.md", "unknown-language"),
        ("statements/2026-01-01.en.md", "language-differs"),
    ],
)
def test_a_statement_s_translation_has_a_name_that_says_of_what(
    tmp_path: Path, name: str, code: str
) -> None:
    """A translation of no statement, in no language of documents, or in another than its name says."""
    with pytest.raises(InputError) as caught:
        read_dossier(written(tmp_path, {**FILES_FR, name: FRENCH_STATEMENT}))
    assert [code] == [e.code for e in errors(caught.value) if e.at and e.at.file == name]


@pytest.mark.usefixtures("_french")
def test_a_decision_cites_the_french_prose(tmp_path: Path) -> None:
    """What is refused in French is refused by the words that a French reader knows."""
    text = load(str(written(tmp_path, {**FILES_FR})) + "@0")
    decision = text.decide({"organisation": "police", "legality": "lawful"})
    (cited,) = decision.cited
    assert "La police ne l'emploie pas." == cited.prose
    assert ["police"] == [test.word for test in cited.tests]


def test_the_digests_do_not_depend_on_the_language(tmp_path: Path) -> None:
    """Whoever signs in French names the report and the text that the other party knows in English."""
    folder = written(tmp_path, {**FILES_FR})
    known = []
    for language in ("en", "fr"):
        speak(language)
        text = load(f"{folder}@0")
        report = text.check()
        known.append((report.digest, text.in_force.digest, [f.id for f in report.findings]))
    speak("en")
    assert known[0] == known[1]


@pytest.mark.usefixtures("_french")
def test_the_text_is_shown_in_french_with_its_rules(tmp_path: Path) -> None:
    """`show` has the translation's prose, and below it the blocks and choices that stand in the text alone."""
    shown = as_markdown(derived(written(tmp_path, {**FILES_FR}))[0])
    assert "# Emploi de l'assistant par la ville" in shown
    assert "La ville peut employer l'assistant" in shown
    assert "The town may use" not in shown
    assert 'resource in Intent::"deliberate"' in shown
    assert "(a) Nothing is said of whose persons." in shown
    assert "**Inventé pour un essai.**" in shown
