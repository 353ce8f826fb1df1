"""One case for each way in which each element of a document can be wrong: its code, its line, its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.agreement.consolidate import principles_of
from avenant.agreement.reading.read import read_dossier
from avenant.errors import InputError
from avenant.languages.read import catalogue
from tests.dossiers import FILES, chained, derived, errors, written

A, M, D, S = FILES  # agreement, amendment, admission, statement
FRONT = FILES[A][: FILES[A].index("# Use") + 5]

# (code, file, what is replaced, by what). The error's line is that of `¶`, which is taken out; else no line is asked.
CASES: tuple[tuple[str, str, str, str], ...] = (
    # front matter
    ("no-front-matter", A, "---\navenant: 1", "¶avenant: 1"),
    ("front-matter-open", A, "\n---\n\n# Use", "\n\n# Use"),
    ("second-front-matter", A, "# Use of", "---\n¶title: x\n---\n\n# Use of"),
    ("yaml-syntax", A, "agreement: town\ninstrument", "agreement: [town\n¶instrument"),
    ("yaml-duplicate", A, "number: 0", "number: 0\n¶number: 0"),
    ("yaml-alias", A, "agreement: town", "¶agreement: &a town"),
    ("yaml-too-deep", A, "agreement: town", "¶agreement: " + "[" * 50 + "]" * 50),
    ("not-a-mapping", A, FRONT, "---\n¶- one\n---\n\n# Use"),
    ("not-a-word", A, "title: Use of the assistant by the town", "¶title: [a, b]"),
    ("unknown-field", A, "title: Use", "¶titel: Use"),
    ("missing-field", A, "title: Use of the assistant by the town\n", ""),
    ("empty-field", A, "title: Use of the assistant by the town", "¶title:"),
    ("format-version", A, "avenant: 1", "¶avenant: 2"),
    ("unknown-choice", A, "language: en", "¶language: de"),
    ("unknown-choice", A, "instrument: agreement", "¶instrument: agrement"),
    ("kind-differs", A, "instrument: agreement", "¶instrument: amendment"),
    ("number-differs", A, "number: 0", "¶number: 1"),
    ("not-a-number", A, "number: 0", "¶number: none"),
    ("not-a-number", A, "town, role: customer, threshold: 1", "town, role: customer, threshold: 0"),
    ("bad-id", A, "agreement: town", "¶agreement: The Town"),
    ("bad-instant", A, "effective: 2026-01-01", "¶effective: 2026-13-01"),
    ("bad-digest", M, "previous: PREVIOUS", "¶previous: sha256:12"),
    ("bad-url", A, '"https://example.org/town"', "¶www.example.org"),
    ("unknown-vocabulary", A, "vocabulary: core@1-draft", "¶vocabulary: core@7"),
    ("unknown-field", M, "number: 1\n", "number: 1\n¶parties: {}\n"),
    # parties
    ("no-party", A, "parties:\n", "¶parties: {}\nsources-of:\n"),
    ("unknown-field", A, "role: provider", "¶roles: provider"),
    ("bad-id", A, "  maker: {", "  ¶Maker: {"),
    ("threshold", A, "role: provider, threshold: 1, keys: []", "role: provider, threshold: 2, keys: [¶a]"),
    ("key-twice", A, "role: provider, threshold: 1, keys: []", "role: provider, keys: [¶a, a]"),
    ("not-a-list", A, "role: provider, threshold: 1, keys: []", "role: provider, keys: {¶a: b}"),
    # what hides
    ("hidden-character", A, "The town may", "The¶\u200b town may"),
    ("hidden-character", A, "The town may", "The\u202e¶ town may"),
    ("hidden-character", A, "The town may", "The¶&#8203; town may"),
    ("html", A, "The town may", "<!-- ¶never -->\n\nThe town may"),
    ("html", A, "The town may", "¶The <b>town</b> may"),
    ("link-definition", A, "The town may", "¶[x]: https://example.org 'secret'\n\nThe town may"),
    ("link-title", A, "(#legality.lawful)", "(#legality.lawful ¶'or not')"),
    ("empty-link", A, "[lawful]", "[¶]"),
    ("picture", A, "The town may", "¶![clause](https://example.org/a.png)\n\nThe town may"),
    ("indented", A, "The town may", "    ¶The town must\n\nThe town may"),
    ("too-deep", A, "The town may", "> " * 14 + "¶never\n\nThe town may"),
    # headings and clauses
    ("no-clause-id", A, "## 2. Purposes {#purposes}", "¶## 2. Purposes"),
    ("bad-id", A, "## 4. Police {#police}", "¶## 4. Police {#Police}"),
    ("two-ids", A, "## 4. Police {#police}", "¶## 4. Police {#police #cops}"),
    ("unknown-attribute", A, "{#watching .red-line}", "{#watching .redline}¶"),
    ("heading-level", A, "## 4. Police", "¶### 4. Police"),
    ("heading-level", A, "## 4. Police", "¶# Other\n\n## 4. Police"),
    ("underlined-heading", A, "It shall not be", "¶Chapter\n===\n\nIt shall not be"),
    ("nested-heading", A, "It shall not be", "> ¶# Chapter\n\nIt shall not be"),
    ("duplicate-clause", A, "## 4. Police {#police}", "¶## 4. Police {#watching}"),
    ("number-twice", A, "## 4. Police", "¶## 3. Police"),
    ("no-prose", A, "The [police](#organisation.police) shall not use it.\n", ""),
    ("no-clauses", A, AFTER := "## 1. Definitions", "ALL"),
    ("words-before-title", A, "# Use of", "¶Before.\n\n# Use of"),
    ("block-outside-clause", A, "Invented for a test; see", "¶```cedar\n```\n\nInvented for a test; see"),
    ("word-outside-clause", A, "Invented for a test; see", "[Made](¶#legality.lawful); see"),
    ("note-outside-clause", A, "Invented for a test; see", "> ¶**Reading.** Also.\n\nsee"),
    # marks
    ("principle-without-rules", A, '```cedar\nforbid (principal, action, resource) when { resource in P', "END"),
    ("principle-red-line", A, "{#r1 .principle}", "{#r1 .principle .red-line}¶"),
    ("principle-permits", A, "forbid (principal, action, resource) when", "¶permit (principal, action, resource) when"),
    ("red-line-without-rules", A, "## 1. Definitions {#definitions}", "¶## 1. Definitions {#definitions .red-line}"),
    ("red-line-permits", A, "forbid (principal, action, resource)\nwhen",
     "¶permit (principal, action, resource)\nwhen"),
    ("red-line-dated", A, "forbid (principal, action, resource)\nwhen",
     '¶@until("2027-01-01")\nforbid (principal, action, resource)\nwhen'),
    ("definitions-with-rules", A, "{#police}", "{#police .definitions}¶"),
    # words and links
    ("unknown-category", A, "#legality.lawful", "#¶legality.lawfull"),
    ("unknown-category", A, "#intent.deliberate", "¶#purpose.deliberate"),
    ("unknown-axis", A, "#purpose.surveillance", "¶#purposes.surveillance"),
    ("link-to-nothing", A, "#legality.lawful", "¶lawful.html"),
    ("link-to-nothing", A, "#legality.lawful", "¶#purpose.Lawful"),
    ("unknown-clause", A, "(#watching)", "(¶#watchign)"),
    ("unknown-category", A, "whose persons.", "whose [persons](¶#population.us-person)."),
    # notes
    ("note-outside-quotation", A, "> **Reading.** Keeping", "¶**Reading.** Keeping"),
    ("unknown-note", A, "> **Reading.** Keeping", "> ¶**Readng.** Keeping"),
    ("unknown-note", A, "> **Reading.** Keeping", "> ¶**Reading** Keeping"),
    ("empty-note", A, "> **Reading.** Keeping what was seen is surveillance too.", "> ¶**Reading.**"),
    ("accepted-without-reason", A, "loophole:r1:intent: the town knows this.", "¶loophole:r1:intent"),
    ("accepted-twice", A, "the town knows this.", "the town knows this.\n> ¶**Accepted.** loophole:r1:intent: twice."),
    # blocks
    ("unknown-block", A, "```scenario", "¶```scenarios"),
    ("unknown-block", A, "```scenario", "¶```cedar and more"),
    ("unknown-block", A, "```scenario", "¶```"),
    ("open-block", A, "when { resource in Purpose::\"surveillance\" };\n```\n",
     "when { resource in Purpose::\"surveillance\" };\n"),
    ("nested-block", A, "The town may", "- list\n\n  ¶```switches\n  mode: enforce\n  ```\n\nThe town may"),
    ("empty-block", A, 'forbid (principal in Organisation::"police", action, resource);', "¶// nothing"),
    ("unknown-category", A, 'Intent::"deliberate"', '¶Intent::"deliberat"'),
    ("cedar-unfinished", A, 'Organisation::"police", action, resource);', '¶Organisation::"police", action, resource)'),
    ("no-rules", A, AFTER, "NORULES"),
    # facts
    ("unknown-axis", A, "purpose: {established-by", "¶purposes: {established-by"),
    ("unknown-source", A, "purpose: {established-by: connection}", "¶purpose: {established-by: conection}"),
    ("no-established-by", A, "purpose: {established-by: connection}", "¶purpose: {note: later}"),
    ("nobody-and-others", A, "[connection, approver]", "[¶nobody, approver]"),
    ("given-twice", A, "[connection, approver]", "[¶approver, approver]"),
    ("given-twice", A, "```switches", "```facts\n¶purpose: {established-by: nobody}\n```\n\n```switches"),
    ("unknown-key", A, "note: ours", "¶notes: ours"),
    ("unknown-party", A, "connection: [town]", "connection: [¶twon]"),
    ("unknown-key", A, "signed-by: {connection:", "signed-by: {¶connections:"),
    ("unknown-category", A, "sample: general", "¶sample: generic"),
    ("unknown-category", A, "operation: query", "¶operation: queries"),
    ("unknown-axis", A, "operation: query", "¶operations: query"),
    # switches
    ("unknown-switch", A, "mode: enforce", "¶mod: enforce"),
    ("switch-value", A, "mode: enforce", "¶mode: enforced"),
    ("switch-not-supported-yet", A, "mode: enforce", "¶mode: watch"),
    ("switch-not-supported-yet", A, "mode: enforce", "¶retention: none"),
    # scenarios
    ("unknown-axis", A, "legality: lawful}", "¶legal: lawful}"),
    ("unknown-category", A, "organisation: library", "¶organisation: libary"),
    ("empty-axis", A, "[office-work, translation]", "[¶]"),
    ("unknown-choice", A, "expect: permitted", "¶expect: allowed"),
    ("missing-field", A, "expect: permitted\n", ""),
    ("unknown-key", A, "expect: permitted", "¶expects: permitted"),
    # vocabulary
    ("yaml-syntax", A, "organisation:\n  town: {", "organisation:\n  town: {{"),
    # changes
    ("unknown-change", M, "## Replace {#purposes}", "¶## Replase {#purposes}"),
    ("change-target", M, "## Replace {#purposes}", "¶## Replace"),
    ("change-target", M, "## Insert after {#watching}", "¶## Insert at the end {#watching}"),
    ("change-with-class", M, "## Replace {#purposes}", "¶## Replace {#purposes .red-line}"),
    ("unknown-clause", M, "## Insert after {#watching}", "¶## Insert after {#wathcing}"),
    ("unknown-clause", M, "## Replace {#purposes}\n\n### 2. Purposes {#purposes}",
     "¶## Replace {#aims}\n\n### 2. Purposes {#aims}"),
    ("repealed-clause", M, "## Insert after", "## Repeal {#watching}\n\n¶## Insert after"),
    ("changed-twice", M, "## Insert after {#watching}\n\n### 3a. Selling {#selling}",
     "¶## Replace {#purposes}\n\n### 2. Purposes {#purposes}"),
    ("replace-id", M, "### 2. Purposes {#purposes}", "¶### 2. Purposes {#aims}"),
    ("replace-count", M, "## Insert after {#watching}\n\n", ""),
    ("insert-count", M, "### 3a. Selling {#selling}\n", ""),
    ("repeal-count", M, "## Insert after {#watching}", "¶## Repeal {#watching}"),
    ("duplicate-clause", M, "### 3a. Selling {#selling}", "¶### 3a. Selling {#police}"),
    ("heading-level", M, "### 3a. Selling {#selling}", "¶#### 3a. Selling {#selling}"),
    ("number-twice", M, "### 3a. Selling", "¶### 3. Selling"),
    ("no-changes", M, "## Replace", "ALL"),
    ("agreement-language", M, "language: en", "language: fr"),
    ("other-agreement", M, "agreement: town", "agreement: city"),
    ("previous-differs", M, "previous: PREVIOUS", f"previous: sha256:{'0' * 64}"),
    # admissions
    ("holds-clauses", D, "Lets the police", "¶## 9. More {#more}\n\nLets the police"),
    ("block-outside-clause", D, "Lets the police", "¶```cedar\npermit (principal, action, resource);\n```\n\nLets"),
    ("clause-digest", D, "CLAUSE", f"sha256:{'0' * 64}"),
    ("missing-field", D, "  clause-digest: CLAUSE\n", ""),
    ("unknown-field", D, "past: police", "past: police\n  ¶permits: all"),
    ("no-purposes", D, "purposes: [translation]", "¶purposes: []"),
    ("unknown-category", D, "[translation]", "[translatoin]"),
    ("unknown-category", D, "organisation: police", "organisation: polise"),
    ("empty-period", D, "until: 2026-07-01", "¶until: 2026-04-01"),
    ("unknown-clause", D, "past: police", "past: polices"),
    ("no-such-forbid", D, "past: police", "past: police/2"),
    # statements
    ("statement-clause", S, "{#s1 .principle}", "{#s1}¶"),
    ("announced-with-rules", S, "{#s1 .principle}", "{#s1 .announced}¶"),
    ("announced-without-link", S, "## S1", "## S2 Nobody {#s2 .announced}¶\n\nNobody at all.\n\n## S1"),
    ("announced-clause", A, "{#police}", "{#police .announced}¶"),
    ("duplicate-clause", S, "{#s1 .principle}", "{#r1 .principle}¶"),
    ("statement-block", S, "```cedar", "¶```facts\n```\n\n```cedar"),
    ("statement-accepts", S, "```cedar", "¶> **Accepted.** loophole:r1:intent: why\n\n```cedar"),
    ("no-words", S, "The mayor said", "ALL"),
    ("bad-url", S, "https://example.org/said", "¶said"),
    ("missing-field", S, "by: The mayor\n", ""),
    ("word-outside-clause", S, "said that", "[said](¶#legality.lawful) that"),
)  # fmt: skip


def broken(file: str, old: str, new: str) -> tuple[dict[str, str], int | None]:
    """The small dossier with one thing changed, and the line where the change is marked."""
    text = FILES[file]
    assert old in text, "the case must change something"
    start = text.index(old)
    match new:
        case "ALL":  # everything from there on is left out
            changed = text[:start]
        case "END":  # the same, from the last occurrence on
            changed = text[: text.rindex(old)]
        case "NORULES":
            changed = text[:start] + "## 1. Nothing {#nothing}\n\nNothing is said.\n"
        case _:
            changed = text.replace(old, new, 1)
    line = changed[: changed.index("¶")].count("\n") + 1 if "¶" in changed else None
    return chained({**FILES, file: changed.replace("¶", "")}), line


@pytest.mark.parametrize(
    ("code", "file", "old", "new"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_each_fault_is_named_with_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str
) -> None:
    """A change of one thing is one named error, in its file, at its line, with a remedy."""
    files, line = broken(file, old, new)
    folder = written(tmp_path, files)
    with pytest.raises(InputError) as caught:
        everything(folder)
    found = errors(caught.value)
    named = [e for e in found if e.code == code]
    assert [code] == [e.code for e in named][:1], [str(e) for e in found]
    assert named[0].at is not None
    assert file == named[0].at.file
    assert named[0].hint or code.startswith("not-a-")  # those say what they expect
    if line is not None:
        assert line in [e.at.line for e in named if e.at], [str(e) for e in found]


def everything(folder: Path) -> tuple[str, ...]:
    """Reads all that a dossier holds, what was said in public against the last text; the texts' ids."""
    texts = derived(folder)
    for statement in read_dossier(folder).statements:
        principles_of(statement, texts[-1].vocabulary)
    return tuple(text.id for text in texts)


# Diagnostics of a folder rather than of a file's words: see test_documents_folder.py and test_documents_translation.py.
ELSEWHERE = {
    "bad-name", "more-faults", "before-effect", "empty-file", "file-name", "fork", "gap",
    "language-differs", "language-twice",
    "not-a-file",
    "no-dossier", "no-effect", "no-instruments", "no-previous", "no-such-instrument", "not-first", "not-supported-yet",
    "not-utf8", "too-large", "translation-adds-clause", "translation-adds-word", "translation-changes",
    "translation-lacks-clause", "translation-lacks-word",
    "translation-mark", "translation-number", "translation-of-nothing", "translation-order",
    "translation-prose", "translation-reading", "translation-with-block", "translation-with-note", "unknown-kind",
    "unknown-language", "unreadable", "which-forbid",
}  # fmt: skip


def test_every_error_of_the_catalogue_has_a_case() -> None:
    """No error sentence of documents is without a test that provokes it."""
    codes = {
        key.removeprefix("agreement.").removesuffix("-hint")
        for key in catalogue("en")
        if key.startswith("agreement.") and not key.startswith("agreement.written.")
    }
    assert set() == codes - {case[0] for case in CASES} - ELSEWHERE
    assert set() == ELSEWHERE - codes


def test_the_small_dossier_has_no_fault(tmp_path: Path) -> None:
    """Unchanged, the dossier that the cases break is read: so each case breaks what it says."""
    folder = written(tmp_path, chained(FILES))
    assert ("town@0", "town@1", "town@2") == everything(folder)


def test_several_faults_are_reported_at_once(tmp_path: Path) -> None:
    """Diagnostics of several files and lines come together, in the order of their places."""
    files = chained(FILES)
    files[A] = (
        files[A]
        .replace("effective: 2026-01-01", "effective: soon")
        .replace("## 4. Police {#police}", "## 4. Police")
        .replace("```scenario", "```scenery")
    )
    files[M] = files[M].replace("number: 1", "number: 3")
    with pytest.raises(InputError) as caught:
        derived(written(tmp_path, files))
    found = [(e.at.file, e.code) for e in errors(caught.value) if e.at]
    assert [
        (A, "bad-instant"),
        (A, "unknown-block"),
        (A, "no-clause-id"),
        (M, "number-differs"),
    ] == found


def test_faults_of_rules_facts_and_words_are_reported_at_once(tmp_path: Path) -> None:
    """What is read against the vocabulary is reported together too, each with its clause."""
    files = dict(FILES)
    files[A] = (
        files[A]
        .replace("#legality.lawful", "#legality.lawfull")
        .replace('Intent::"deliberate"', 'Intent::"deliberat"')
        .replace("purpose: {established-by: connection}", "purpose: {established-by: me}")
    )
    with pytest.raises(InputError) as caught:
        derived(written(tmp_path, chained(files)))
    assert [
        ("definitions", "unknown-source"),
        ("purposes", "unknown-category"),
        ("watching", "unknown-category"),
    ] == [(e.at.clause, e.code) for e in errors(caught.value) if e.at]
    assert "did you mean `lawful`?" == errors(caught.value)[1].hint
