"""One rule in several layouts: the findings, their ids and their words are the same."""

from __future__ import annotations

import pytest

from avenant.agreement.types import InForce
from tests.checked import check
from tests.small_texts import small_text

PERMIT = 'permit (principal in Organisation::"office", action, resource);'
HARM, GOOD = 'resource in Purpose::"harm"', 'resource in Purpose::"big-harm"'
DESK, PUSH = 'principal in Organisation::"desk"', 'action in Action::"push"'
MEANT = 'resource in Mind::"meant"'

# Each list is one rule, written in different ways.
LAYOUTS = {
    "exceptions": (
        f"forbid (principal, action, resource) when {{ {HARM} }} unless {{ {DESK} }} unless {{ {GOOD} && {PUSH} }};",
        f"forbid (principal, action, resource) unless {{ {DESK} || ({GOOD} && {PUSH}) }} when {{ {HARM} }};",
        f"forbid (principal, action, resource) when {{ {HARM} && !({DESK}) && !({GOOD} && {PUSH}) }};",
        f"forbid (principal, action, resource) when {{ !({DESK} || ({GOOD} && {PUSH})) }} when {{ {HARM} && {HARM} }};",
    ),
    "parts": (
        f'forbid (principal, action in Action::"touch", resource) when {{ {HARM} && {MEANT} }};',
        f'forbid (principal, action, resource) when {{ {MEANT} }} when {{ {HARM} && action in Action::"touch" }};',
        f'forbid (principal, action, resource) when {{ !!({MEANT} && {HARM}) }} when {{ action in Action::"touch" }};',
    ),
}
PRINCIPLE = {"p": f"forbid (principal, action, resource) when {{ {HARM} }};"}


def said(text: InForce) -> list[tuple[str, tuple[str, ...], str]]:
    """Id, words and message of each finding, in the order of the report."""
    return [(f.id, f.words, f.message) for f in check(text).findings]


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_changes_no_finding(name: str) -> None:
    """However the parts and the exceptions of a rule are laid out, the report is the same."""
    first, *others = (
        said(small_text({"all": PERMIT, "ban": source}, PRINCIPLE)) for source in LAYOUTS[name]
    )
    assert any(id.startswith("loophole:p:") for id, _, _ in first)
    assert [first] * len(others) == others
