"""A text against stock Cedar: agreement where there is agreement, and each altered line that matters is found."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

import avenant
from avenant.agreement.compiled import compile_text
from avenant.decide.crosscheck import Difference, crosscheck
from avenant.decide.decider import Decider
from avenant.rules.export import Exported, export
from tests.conformance import ROOT
from tests.small_texts import small_text

TEXT = small_text(
    {
        "some": "permit (principal, action, resource)\n"
        'when { resource in Mind::"unmeant" || action in Action::"look" };',
        "office": 'forbid (principal in Organisation::"office", action in Action::"touch", resource)\n'
        'when {\n  resource in Purpose::"harm" &&\n  resource in Mind::"meant"\n};',
        "guest": 'forbid (principal in Organisation::"guest", action, resource)\n'
        'unless { resource in Purpose::"good" };',
    }
)
DECIDER = Decider(compile_text(TEXT))
EXPORTED = export(TEXT.rules, TEXT.vocabulary)


@pytest.fixture(autouse=True)
def _no_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random uses find much in a small text: here the points at the terms must do it."""
    monkeypatch.setattr("avenant.decide.crosscheck.RANDOM", 0)


def altered(part: str, old: str, new: str) -> Exported:
    """The export with one passage of one file changed."""
    text = getattr(EXPORTED, part)
    assert 1 == text.count(old), old
    return replace(EXPORTED, **{part: text.replace(old, new)})


def test_a_text_agrees_with_its_own_export() -> None:
    """The small text and each text of the sample are decided by Cedar as by us."""
    assert crosscheck(DECIDER, EXPORTED) is None
    for number in (0, 1, 2):
        text = avenant.load(ROOT / "agreements" / f"openai-dow@{number}")
        own = export(text.in_force.rules, text.in_force.vocabulary)
        assert crosscheck(text.decider, own) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('  resource in Purpose::"harm" &&\n', ""),
        ('  resource in Mind::"meant"\n', '  resource in Mind::"unmeant"\n'),
        ('Purpose::"harm" &&', 'Purpose::"big-harm" &&'),
        ('Organisation::"office"', 'Organisation::"desk"'),
        ('Action::"touch"', 'Action::"push"'),
        ('unless { resource in Purpose::"good" }', ""),
        ('unless { resource in Purpose::"good" }', 'when { resource in Purpose::"good" }'),
        (' || action in Action::"look"', ""),
        (
            'forbid (principal in Organisation::"guest"',
            'permit (principal in Organisation::"guest"',
        ),
        ('@id("guest/1")\n', ""),
        ('@id("guest/1")\n', '@id("office/1")\n'),
    ],
)
def test_a_changed_line_of_the_policies_is_found(old: str, new: str) -> None:
    """Whatever one line of a policy says otherwise shows on some use, which is complete and named."""
    difference = crosscheck(DECIDER, altered("policies", old, new))
    assert isinstance(difference, Difference)
    assert difference.ours != difference.cedars
    use = [difference.use[axis.id] for axis in TEXT.vocabulary.axes]
    assert all(
        leaf in TEXT.vocabulary.leaves(axis.id)
        for axis, leaf in zip(TEXT.vocabulary.axes, use, strict=True)
    )


def matters(axis: str, parent: str) -> bool:
    """Whether a rule tests a category or one above it: only then does it matter what lies below."""
    named = {(t.axis, t.category) for r in TEXT.rules for t in r.tests()}
    return any((axis, above) in named for above in TEXT.vocabulary.above(axis, parent))


def test_a_category_taken_out_of_its_place_is_found() -> None:
    """An entity that loses its parent is a difference exactly where a rule tests a category above it."""
    entities = json.loads(EXPORTED.entities)
    axes = {axis.entity: axis.id for axis in TEXT.vocabulary.axes}
    found = 0
    for i, entity in enumerate(entities):
        for parent in entity["parents"]:
            moved = [*entities[:i], {**entity, "parents": []}, *entities[i + 1 :]]
            difference = crosscheck(DECIDER, replace(EXPORTED, entities=json.dumps(moved)))
            assert matters(axes[parent["type"]], parent["id"]) == (difference is not None), entity
            found += difference is not None
    assert 6 == found


def test_an_operation_taken_out_of_its_group_is_found() -> None:
    """Operations have their groups in the schema: each line that loses one is found, a ban on the group vanishing."""
    for line in EXPORTED.schema.splitlines():
        if line.startswith("action") and ' in [Action::"touch"]' in line:
            changed = altered("schema", line, line.replace(' in [Action::"touch"]', ""))
            assert crosscheck(DECIDER, changed) is not None, line
