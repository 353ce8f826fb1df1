"""What a draft leaves to be done is found by `check`, and is no fault of reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from avenant.agreement.types import InForce
from avenant.errors import InputError, Span
from avenant.findings.types import Severity
from avenant.source.markdown import Heading
from tests.checked import check
from tests.dossiers import AGREEMENT, derived, written

RULE = 'forbid (principal in Organisation::"police", action, resource);'


def text_of(folder: Path, source: str) -> InForce:
    """The text of a dossier with this agreement."""
    (text,) = derived(written(folder, {"0-agreement.md": source}))
    return text


def found(text: InForce, code: str) -> list[tuple[str, str]]:
    """Id and place of the findings of one code."""
    return [(f.id, f.at) for f in check(text).findings if f.code == code]


@pytest.mark.parametrize("comment", ["// rule to be written", "// règle à écrire"])
def test_a_slot_is_a_finding_and_no_error(tmp_path: Path, comment: str) -> None:
    """A clause with a slot for its rule is read, binds nobody, and is found as unfinished, once."""
    source = AGREEMENT.replace(RULE, comment)
    text = text_of(tmp_path, source)
    line = source[: source.index(comment)].count("\n") + 1
    assert [("unwritten-rule:police", f"0-agreement.md:{line}")] == found(text, "unwritten-rule")
    clause = text.clause("police")
    assert clause is not None
    assert ("declaratory", ()) == (clause.kind, clause.rules)
    assert [] == found(text, "declaratory")


def test_a_written_rule_is_no_slot(tmp_path: Path) -> None:
    """Where every rule is written, nothing is left to be done."""
    assert [] == found(text_of(tmp_path, AGREEMENT), "unwritten-rule")


def test_another_comment_is_no_slot(tmp_path: Path) -> None:
    """A rule that somebody commented out is not taken for one that is still to come."""
    with pytest.raises(InputError) as raised:
        text_of(tmp_path, AGREEMENT.replace(RULE, "// " + RULE))
    assert "empty-block" == raised.value.code


def test_a_principle_cannot_be_a_slot(tmp_path: Path) -> None:
    """A principle without a rule cannot be tested, whatever is still to come."""
    source = AGREEMENT.replace("{#police}", "{#police .principle}")
    with pytest.raises(InputError) as raised:
        text_of(tmp_path, source.replace(RULE, "// rule to be written"))
    assert "principle-without-rules" == raised.value.code


def test_names_in_brackets_are_placeholders(tmp_path: Path) -> None:
    """A party whose name stands in brackets is found by its id; a bracket inside a name is none."""
    source = AGREEMENT.replace("name: The maker", 'name: "[The maker]"')
    source = source.replace("name: The town", 'name: "The town [of Ys]"')
    assert ["placeholder:maker"] == [
        id for id, _ in found(text_of(tmp_path, source), "placeholder")
    ]


def test_a_heading_alone_names_what_follows(tmp_path: Path) -> None:
    """A heading with nothing below it is read, and nobody is told that it binds nobody."""
    source = AGREEMENT.replace(
        "## 4. Police {#police}", "## Part II {#part-two}\n\n## 4. Police {#police}"
    )
    text = text_of(tmp_path, source)
    assert text.clause("part-two") is not None
    assert [] == found(text, "declaratory")


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("4. Police", "4", "Police"),
        ("§ 4. Police", "4", "Police"),
        ("§4 Police", "4", "Police"),
        ("4.1 Police", "4.1", "Police"),
        ("4.1. Police", "4.1", "Police"),
        ("Article 4 – Police", "4", "Police"),
        ("Article 1er. Police", "1", "Police"),
        ("SECTION 4: Police", "4", "Police"),
        ("Article 4", "4", "Article 4"),
        ("4.1", "4.1", "4.1"),
        ("2026 and after", "", "2026 and after"),
        ("Section 3rd parties", "", "Section 3rd parties"),
    ],
)
def test_the_number_of_a_heading(heading: str, number: str, title: str) -> None:
    """The number is read as lawyers of both languages write it, and a year is none."""
    found = Heading(2, heading, "police", frozenset(), Span("0-agreement.md", 1))
    assert (number, title) == (found.number, found.title)


def test_a_vocabulary_to_come_is_a_note(tmp_path: Path) -> None:
    """A text that names the core by its name to come is read, and a note says against what, at its line."""
    source = AGREEMENT.replace("vocabulary: core@1-draft", "vocabulary: core@1")
    line = source[: source.index("vocabulary: core")].count("\n") + 1
    text = text_of(tmp_path, source)
    (finding,) = (f for f in check(text).findings if f.code == "draft-vocabulary")
    assert (Severity.NOTE, f"0-agreement.md:{line}") == (finding.severity, finding.at)
    assert "core@1-draft" == text.vocabulary.id


def test_the_draft_by_its_name_is_no_finding(tmp_path: Path) -> None:
    """A text that says that its vocabulary is a draft surprises nobody."""
    assert [] == found(text_of(tmp_path, AGREEMENT), "draft-vocabulary")
