"""The last proof sees what is wrong with an amendment, whoever wrote it; and how far a prohibition is widened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from avenant.agreement.compiled import compile_text
from avenant.agreement.proposal import read_proposal
from avenant.agreement.reading.ordinary import OrdinaryUse
from avenant.analyse.remedy.amendment import amendment
from avenant.analyse.remedy.candidates import bans
from avenant.analyse.remedy.proof import Proof, RequiredUse
from avenant.analyse.remedy.targets import forbids_of, targets_of
from avenant.consent import trying
from avenant.decide.facts import combinations
from avenant.errors import Span
from avenant.findings.types import Amending, Order, Remedy
from avenant.library import Text
from tests.random_texts import SPOKEN
from tests.remedy_world import NOW, Scenarios, as_markdown, loaded, remedies_of, small_core
from tests.small_texts import said, small_text

HARM = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
MEANT = 'forbid (principal, action, resource) when { resource in Purpose::"harm" && resource in Mind::"meant" };'
LOOK = 'permit (principal, action in Action::"look", resource);'
ALL = "permit (principal, action, resource);"


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    """Dossiers of this module are read over the small vocabulary."""
    with small_core():
        yield


def text(scenarios: Scenarios | None = None) -> Text:
    """Everybody may look, nobody may mean harm, and the principle is that nobody harms."""
    return loaded(as_markdown(small_text({"look": LOOK, "limit": MEANT}, {"p": HARM}), scenarios))


def written(rule: str) -> str:
    """A new clause of one rule, with a word for its one test."""
    axis = "operation.touch" if "Action" in rule else "purpose.harm"
    return f"### 3. New {{#new}}\n\nIt is about [it](#{axis}).\n\n```cedar\n{rule}\n```"


def objection(
    asked: Text,
    changes: Sequence[Amending],
    uses: Sequence[RequiredUse] = (),
    order: Order = Order.STRICTER,
) -> str:
    """What the proof says of an amendment that claims to close each loophole."""
    report = asked.check()
    loopholes = {f.id: f for f in report.findings if f.code == "loophole"}
    assert loopholes
    ground = compile_text(asked.in_force)
    principles = [(c.id, c) for c in asked.in_force.principles]
    targets = dict(
        targets_of(ground, report.findings, dict(forbids_of(principles, loopholes.values())))
    )
    remedy = Remedy(tuple(changes), tuple(loopholes), order, len(uses), "a remedy")
    proposal = amendment(asked.dossier, asked.in_force, report, remedy)
    texts = trying(asked.dossier, 0, NOW)(read_proposal(proposal))
    return Proof(report, (ground,), (targets,), uses).objection(remedy, texts)


def required(**values: str) -> RequiredUse:
    """A use that must stay permitted."""
    boxes = combinations({axis: (id,) for axis, id in values.items()}, SPOKEN)
    assert boxes is not None
    return RequiredUse("one", boxes)


def test_what_holds_has_no_objection() -> None:
    """The principle's own forbid closes, opens nothing, and loses no use beside it."""
    change = Amending("insert", "limit", {"en": written(HARM)})
    good = required(operation="look", purpose="good")
    assert objection(text(), [change], [good]) == ""


def test_a_required_use_that_is_lost_is_seen() -> None:
    """One that was permitted in all of its cases; one that never was is not lost."""
    change = Amending("insert", "limit", {"en": written(HARM)})
    lost = required(operation="look", purpose="harm", mind="unmeant")
    never = required(operation="touch", purpose="harm")
    assert objection(text(), [change], [lost]) == "an ordinary use would be lost: one"
    assert objection(text(), [change], [never]) == ""


def test_what_is_newly_permitted_is_seen() -> None:
    """A permission that comes along opens uses, whatever else is closed."""
    opens = 'permit (principal, action in Action::"touch", resource);'
    assert objection(text(), [Amending("insert", "limit", {"en": written(opens)})]) == (
        "something would be permitted that is not"
    )


def test_what_stays_open_is_seen() -> None:
    """A prohibition of something else closes nothing."""
    other = 'forbid (principal, action in Action::"touch", resource);'
    assert objection(text(), [Amending("insert", "limit", {"en": written(other)})]) == (
        "it does not close all of this loophole"
    )


def test_what_is_refused_beyond_the_new_clauses_is_seen() -> None:
    """A permission that goes by the way is no part of what the amendment says of itself."""
    changes = [
        Amending("repeal", "other"),
        Amending("insert", "limit", {"en": written(HARM)}),
    ]
    wide = loaded(
        as_markdown(
            small_text(
                {"look": LOOK, "other": LOOK.replace("look", "touch"), "limit": MEANT}, {"p": HARM}
            )
        )
    )
    changes[1] = Amending("insert", "limit", {"en": written(HARM).replace("### 3.", "### 4.")})
    assert objection(wide, changes) == "something would be refused that is not"


def test_a_scenario_that_is_not_played_is_seen() -> None:
    """A scenario that recorded the loophole must change with it."""
    use = {"operation": "look", "purpose": "harm", "mind": "unmeant"}
    change = Amending("insert", "limit", {"en": written(HARM)})
    assert objection(text({"look": [(use, "permitted")]}), [change]) == (
        "a scenario of §1 look would not be played"
    )


def test_a_prohibition_is_widened_as_far_as_it_takes() -> None:
    """Each test that the loophole gets past goes to the nearest category above that holds it, or is dropped."""
    narrow = (
        'forbid (principal, action in Action::"push", resource)'
        ' when { resource in Purpose::"big-harm" && resource in Mind::"meant" };'
    )
    asked = loaded(as_markdown(small_text({"all": ALL, "limit": narrow}, {"p": HARM})))
    (principle,) = asked.in_force.principles
    ways = [f for f in asked.check().findings if f.code == "loophole"]
    assert ways
    for way in ways:
        assert way.box is not None
        found = bans(asked.compiled, principle, principle.rules[0], way.box, widening=True)
        for ban in (b for b in found if b.kind == "widened"):
            masks = [SPOKEN.mask("purpose", leaf) for leaf in way.box.leaves.get("purpose", ())]
            place = SPOKEN.position["purpose"]
            assert all(any(m & term[place] for term in ban.terms) for m in masks)
            assert {s.test.axis for s in ban.steps} >= {p.axis for p in way.box.passes}


def test_remedies_of_a_text_are_those_of_its_uses() -> None:
    """A required use in the loophole leaves no remedy, and each attempt says so."""
    asked = text()
    report = asked.check()
    use = OrdinaryUse(
        said("searching"),
        {"operation": ("look",), "purpose": ("harm",), "mind": ("unmeant",)},
        Span("ordinary.yaml", 1),
    )
    (way,) = [f for f in report.findings if f.code == "loophole"]
    found = remedies_of(asked, report, (use,)).of(way)
    assert not isinstance(found, Remedy)
    assert ["an ordinary use would be lost: searching"] == list({a.objection for a in found})


def test_what_closes_more_is_not_bought_outside_the_principle() -> None:
    """A wider prohibition closes both loopholes and refuses more than the principle: its own forbid comes first."""
    of_each = " ".join(
        f'forbid (principal, action in Action::"{operation}", resource)'
        ' when { resource in Purpose::"harm" };'
        for operation in ("look", "touch")
    )
    asked = loaded(as_markdown(small_text({"all": ALL, "limit": MEANT}, {"p": of_each})))
    report = asked.check()
    use = OrdinaryUse(said("helping"), {"purpose": ("good",)}, Span("ordinary.yaml", 1))
    remedies = remedies_of(asked, report, (use,))
    ways = [f for f in report.findings if f.code == "loophole"]
    assert 2 == len(ways)
    for way in ways:
        assert way.box is not None
        principle, forbid = remedies._forbids[way.id]
        kinds = [b.kind for b in bans(asked.compiled, principle, forbid, way.box, widening=True)]
        assert {"principle", "widened"} <= set(kinds)
        remedy = remedies.of(way)
        assert isinstance(remedy, Remedy)
        assert ((way.id,), "P as a clause of its own") == (remedy.closes, remedy.summary)
