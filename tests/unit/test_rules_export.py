"""The export: stock Cedar reads it, decides by it as written, and says which rules it rests on."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

import avenant
from avenant.errors import InputError, Span
from avenant.rules.export import Exported, export, policy
from avenant.rules.parse import parse_rules
from avenant.rules.reference import Reference
from avenant.rules.types import And, In, Not, Or, Pass, Rule
from avenant.rules.write import read_exported, write_exported
from tests.conformance import ROOT
from tests.small_texts import vocabulary

AT = Span("0-agreement.md", 1)
SPOKEN = vocabulary()
PERMIT = "permit (principal, action, resource);"
USE = {"organisation": "desk", "operation": "push", "purpose": "good", "mind": "meant"}


def read(source: str) -> tuple[Rule, ...]:
    """Rules over the small vocabulary."""
    return parse_rules(source, AT, "c", 1, SPOKEN, ())


def asked(rules: tuple[Rule, ...], **changes: str) -> tuple[str, frozenset[str]]:
    """What stock Cedar says of one use."""
    (answer,) = Reference(export(rules, SPOKEN), SPOKEN).decide([{**USE, **changes}])
    return answer


def test_a_ban_on_a_group_of_operations_bites() -> None:
    """Operations are actions in groups, which Cedar forgets without the schema: the ban holds below, not beside."""
    rules = read(f'{PERMIT}\nforbid (principal, action in Action::"touch", resource);')
    assert ("forbid", frozenset({"c/2"})) == asked(rules)
    assert ("forbid", frozenset({"c/2"})) == asked(rules, operation="touch.other")
    assert ("permit", frozenset({"c/1"})) == asked(rules, operation="look")
    assert ("permit", frozenset({"c/1"})) == asked(rules, operation="other")


def test_bans_on_bodies_and_on_other_axes_bite_below() -> None:
    """A ban on an office binds its desk, one on harm binds the small harm, and neither the rest."""
    rules = read(
        f'{PERMIT}\nforbid (principal in Organisation::"office", action, resource)\n'
        'when { resource in Purpose::"harm" };'
    )
    assert ("forbid", frozenset({"c/2"})) == asked(rules, purpose="small-harm")
    assert ("permit", frozenset({"c/1"})) == asked(rules)
    assert ("permit", frozenset({"c/1"})) == asked(
        rules, organisation="guest", purpose="harm.other"
    )


def test_where_no_rule_speaks_cedar_denies() -> None:
    """Without a permit the answer is `forbid`, by no rule."""
    assert ("forbid", frozenset()) == asked(
        read(
            'permit (principal, action == Action::"x", resource);'.replace("==", "in").replace(
                '"x"', '"look"'
            )
        )
    )


def test_what_an_admission_lets_past_is_let_past() -> None:
    """Passes are written as `unless` behind the rule, whatever their shape, and Cedar obeys them."""
    rules = read(
        f'{PERMIT}\nforbid (principal in Organisation::"office", action, resource)\n// why\n;'
    )
    condition = And(
        (
            In("organisation", "desk", AT),
            Or((In("purpose", "good", AT), In("purpose", "harm", AT))),
            Not(In("operation", "pull", AT)),
        )
    )
    past = (rules[0], replace(rules[1], passes=(Pass(2, condition), Pass(3, Or(())))))
    assert ("forbid", frozenset({"c/2"})) == asked(rules)
    assert ("permit", frozenset({"c/1"})) == asked(past)
    assert ("forbid", frozenset({"c/2"})) == asked(past, operation="pull")
    assert ("forbid", frozenset({"c/2"})) == asked(past, organisation="vault")
    assert ("forbid", frozenset({"c/2"})) == asked(past, purpose="other")


def test_a_comment_before_the_end_of_a_rule_stays_a_comment() -> None:
    """A rule whose last line is a comment is exported with its end outside of it."""
    (rule,) = read("permit (principal, action, resource) // for all\n;")
    assert ("permit", frozenset({"c/1"})) == asked((rule,))


def test_an_id_in_a_comment_names_nothing() -> None:
    """Only a rule's own annotation names it."""
    rules = read(f'// @id("x/9")\n{PERMIT}\nforbid (principal, action, resource) // @id("x/8")\n;')
    assert ("forbid", frozenset({"c/2"})) == asked(rules)


def test_a_policy_is_the_rule_as_written() -> None:
    """Somebody who knows Cedar finds the text's own words in the export."""
    (rule,) = read(PERMIT)
    assert f'@id("c/1")\n{PERMIT}' == policy(rule, SPOKEN)


def test_the_three_files_are_read_as_written(tmp_path: Path) -> None:
    """What is written to a folder that does not exist yet is read back the same."""
    exported = export(read(PERMIT), SPOKEN)
    files = write_exported(exported, tmp_path / "new" / "cedar")
    assert ["policies.cedar", "entities.json", "schema.cedarschema"] == [f.name for f in files]
    assert exported == read_exported(tmp_path / "new" / "cedar")


def test_an_export_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file, and one that is not UTF-8, are errors with the file and the command that writes it."""
    for damage in (Path.unlink, lambda file: file.write_bytes(b"\xff")):
        write_exported(export(read(PERMIT), SPOKEN), tmp_path)
        damage(tmp_path / "entities.json")
        with pytest.raises(InputError) as raised:
            read_exported(tmp_path)
        assert "no-export" == raised.value.code
        assert str(tmp_path / "entities.json") == (raised.value.at or AT).file
        assert "avenant export" in (raised.value.hint or "")


def test_an_export_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A file in the way of the folder, or of one of the three files, is said and is no bug."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "entities.json").mkdir(parents=True)
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "folder"):
        with pytest.raises(InputError) as raised:
            write_exported(export(read(PERMIT), SPOKEN), folder)
        assert "not-written" == raised.value.code


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("policies", "permit (", "permit "),
        ("policies", "principal, action", "principal, action in Action::"),
        ("policies", "resource);", 'resource) when { resource in Nothing::"x" };'),
        ("policies", "resource);", "resource) when { resource.size > 1 };"),
        ("schema", "entity Use", "entity"),
        ("schema", "entity Mind in [Mind];\n", ""),
        ("entities", "[\n", "{\n"),
        ("entities", '"type": "Mind"', '"type": "Nothing"'),
        ("entities", '"uid"', '"what"'),
    ],
)
def test_an_export_that_cedar_cannot_read_is_an_error(part: str, old: str, new: str) -> None:
    """Damage that Cedar's parser, validator or reader of entities notices is our error, not a traceback."""
    exported = export(read(PERMIT), SPOKEN)
    text = getattr(exported, part)
    assert old in text
    damaged = Exported(
        **{**{f: getattr(exported, f) for f in Exported.__slots__}, part: text.replace(old, new)}
    )
    with pytest.raises(InputError) as raised:
        Reference(damaged, SPOKEN)
    assert "cedar-export" == raised.value.code


def test_the_sample_is_accepted_by_stock_cedar() -> None:
    """Each text of the sample, the admission's included, passes Cedar's strict validation."""
    for number in (0, 1, 2):
        text = avenant.load(ROOT / "agreements" / f"openai-dow@{number}").in_force
        exported = export(text.rules, text.vocabulary)
        Reference(exported, text.vocabulary)
        assert len(text.rules) == exported.policies.count("@id(")
