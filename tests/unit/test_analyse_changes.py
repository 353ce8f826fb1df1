"""What became of a clause, in words and in what it does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from avenant.agreement.types import InForce
from avenant.analyse.compare.compare import compare
from avenant.analyse.types import Comparison, TextChange
from avenant.findings.types import Order
from tests.dossiers import AGREEMENT, AMENDMENT, POLICE, chained, derived, written


def text(folder: Path, agreement: str = AGREEMENT, **files: str) -> InForce:
    """The last text of a dossier."""
    return derived(written(folder, chained({"0-agreement.md": agreement, **files})))[-1]


def edited(tmp_path: Path, *replacements: tuple[str, str]) -> Comparison:
    """From the agreement to the same with words replaced."""
    other = AGREEMENT
    for was, now in replacements:
        assert was in other
        other = other.replace(was, now)
    return compare(text(tmp_path / "one"), text(tmp_path / "other", other))


def changed(found: Comparison) -> Mapping[str, TextChange]:
    """The changes by clause."""
    return {change.clause: change for change in found.changes}


def struck(change: TextChange) -> list[str]:
    """The words struck."""
    return [s.text.strip() for s in change.segments if s.kind == "struck"]


def test_deleting_one_phrase_from_a_ban_is_looser(tmp_path: Path) -> None:
    """The phrase that is struck stands beside the use that it lets through."""
    phrase, test = " or [marketing](#purpose.marketing)", ' || resource in Purpose::"marketing"'
    both = AGREEMENT.replace(
        "#purpose.surveillance).\n", f"#purpose.surveillance){phrase}.\n"
    ).replace(
        '  resource in Purpose::"surveillance"\n',
        f'  (resource in Purpose::"surveillance"{test})\n',
    )
    found = compare(
        text(tmp_path / "one", both),
        text(tmp_path / "other", both.replace(phrase, "").replace(test, "")),
    )
    assert Order.LOOSER == found.order
    (change,) = found.changes
    assert ("watching", "replaced", Order.LOOSER) == (change.clause, change.kind, change.effect)
    assert ["or marketing"] == struck(change)
    assert ((), (0,)) == (change.refused, change.permitted)
    (box,) = found.newly_permitted.boxes
    assert "marketing" in box.sentence
    assert ("§3 watching",) == box.owed_to


def test_words_that_change_no_decision(tmp_path: Path) -> None:
    """Other words with the same rules change no decision."""
    found = edited(
        tmp_path,
        ("The town may use the assistant for all", "The town may employ the assistant for all"),
    )
    (change,) = found.changes
    assert Order.EQUAL == found.order
    assert ("replaced", Order.EQUAL, ["use"]) == (change.kind, change.effect, struck(change))
    assert not [s for s in change.encoding if s.kind != "same"]


def test_a_rule_that_changes_under_the_same_words(tmp_path: Path) -> None:
    """The words stand, their encoding is another, and that is said."""
    found = edited(tmp_path, ('  resource in Intent::"deliberate" &&\n', ""))
    (change,) = found.changes
    assert ("encoding", Order.STRICTER, []) == (change.kind, change.effect, struck(change))
    assert 'resource in Intent::"deliberate" &&' in "".join(
        s.text for s in change.encoding if s.kind == "struck"
    )


def test_a_body_that_moves_is_listed(tmp_path: Path) -> None:
    """The clause that says where the police belong is among the changes, and the new place is named."""
    found = edited(
        tmp_path,
        ("children: {police: {phrase: the police}, library", "children: {library"),
        (
            "library: {phrase: the library}}}",
            "library: {phrase: the library}}}\n  police: {phrase: the police}",
        ),
        (
            'permit (principal in Organisation::"town", action, resource)',
            "permit (principal, action, resource)",
        ),
        (
            'forbid (principal in Organisation::"police", action, resource);',
            'forbid (principal in Organisation::"town", action, resource);',
        ),
    )
    changes = changed(found)
    assert {"definitions", "purposes", "police"} == set(changes)
    assert "changed-parent:organisation.police" in {f.id for f in found.beside}


@pytest.mark.parametrize(
    ("was", "now", "order", "beside"),
    [
        (
            "scale: {bulk: {over: 100}}",
            "scale: {bulk: {over: 1000000}}",
            Order.LOOSER,
            "changed-band:scale.bulk",
        ),
        (
            "organisation: {guild: {children: [smith, baker]}}",
            "organisation: {guild: {children: [baker]}, smith: {}}",
            Order.LOOSER,
            "changed-parent:organisation.smith",
        ),
        (
            "organisation: {guild: {children: [smith]}}",
            "organisation: {guild: {children: [smith, baker]}}",
            Order.EQUAL,
            "changed-kinds:organisation.guild",
        ),
    ],
)
def test_a_vocabulary_that_changes_no_letter_of_a_rule(
    tmp_path: Path, was: str, now: str, order: Order, beside: str
) -> None:
    """A raised threshold and a moved body are looser, a split one is equal; each is listed, and owed to its clause."""
    ban = "bulk" if "bulk" in was else "guild"
    axis = "scale" if "bulk" in was else "organisation"
    test = f'resource in Scale::"{ban}"' if ban == "bulk" else f'principal in Organisation::"{ban}"'
    agreement = (
        AGREEMENT[: AGREEMENT.index("## 3. Watching")]
        .replace("```vocabulary\n", f"```vocabulary\n{was}\n```\n\n```vocabulary\n")
        .replace('principal in Organisation::"town"', "principal")
        .replace(" as *section 3* allows, see [there](#watching)", "as it is said")
        + f"## 3. Ban {{#ban}}\n\nNot [so](#{axis}.{ban}).\n\n```cedar\n"
        f"forbid (principal, action, resource) when {{ {test} }};\n```\n"
    )
    found = compare(
        text(tmp_path / "one", agreement), text(tmp_path / "other", agreement.replace(was, now))
    )
    assert order == found.order
    assert beside in {f.id for f in found.beside}
    changes = changed(found)
    assert ("encoding", order) == (changes["definitions"].kind, changes["definitions"].effect)
    if order is Order.LOOSER:
        assert ("scope", Order.LOOSER) == (changes["ban"].kind, changes["ban"].effect)
        assert (0,) == changes["ban"].permitted == changes["definitions"].permitted


def test_inserted_repealed_moved_and_renumbered(tmp_path: Path) -> None:
    """The four kinds that change no word of a clause."""
    found = edited(tmp_path, ("## 4. Police", "## 5. Police"))
    assert [("police", "renumbered", "§4 police")] == [
        (c.clause, c.kind, c.was) for c in found.changes
    ]
    moved = edited(
        tmp_path / "moved", (POLICE, ""), ("## 3. Watching", f"{POLICE}\n## 3. Watching")
    )
    assert [("police", "moved", Order.EQUAL)] == [
        (c.clause, c.kind, c.effect) for c in moved.changes
    ]
    gone = edited(tmp_path / "gone", (POLICE, ""))
    assert [("police", "repealed", Order.LOOSER)] == [
        (c.clause, c.kind, c.effect) for c in gone.changes
    ]
    new = compare(text(tmp_path / "1"), text(tmp_path / "2", **{"1-amendment.md": AMENDMENT}))
    assert ("inserted", Order.STRICTER) == (
        changed(new)["selling"].kind,
        changed(new)["selling"].effect,
    )


def test_a_ban_that_moves_to_another_clause_changes_no_decision(tmp_path: Path) -> None:
    """What one clause loses and another gains is made good: both change nothing."""
    other = POLICE.replace("## 4. Police {#police}", "## 5. Constables {#constables}")
    found = edited(tmp_path, (POLICE, other))
    assert Order.EQUAL == found.order
    assert {"police": Order.EQUAL, "constables": Order.EQUAL} == {
        c.clause: c.effect for c in found.changes
    }


def test_a_principle_binds_nothing(tmp_path: Path) -> None:
    """A principle that changed has no effect on decisions, and none is claimed."""
    found = edited(tmp_path, ('"Nobody is watched."', '"Nobody at all is watched."'))
    (change,) = found.changes
    assert ("r1", None) == (change.clause, change.effect)


def test_clauses_of_two_dossiers_are_matched_by_their_words(tmp_path: Path) -> None:
    """Where the id is another and the words are alike, the change says that they were taken for one."""
    other = AGREEMENT.replace("agreement: town", "agreement: city").replace(
        "## 4. Police {#police}\n\nThe [police](#organisation.police) shall not use it.",
        "## 7. Force {#force}\n\nThe [police](#organisation.police) shall never use it.",
    )
    found = compare(text(tmp_path / "one"), text(tmp_path / "other", other))
    change = changed(found)["force"]
    assert ("§4 police", True, ["Police", "not"]) == (change.was, change.by_words, struck(change))
    same = compare(
        text(tmp_path / "one"),
        text(tmp_path / "2", other.replace("agreement: city", "agreement: town")),
    )
    assert {"inserted", "repealed"} == {c.kind for c in same.changes}


def test_two_languages_compare_what_they_do(tmp_path: Path) -> None:
    """Texts without a common language are compared in what they permit, not in their words; it says so."""
    french = AGREEMENT.replace("language: en", "language: fr")
    found = compare(text(tmp_path / "one"), text(tmp_path / "other", french))
    assert Order.EQUAL == found.order
    assert "changed-language:text" in {f.id for f in found.beside}
    assert all(c.segments == () for c in found.changes)


def test_an_effect_that_is_cut_off_is_not_finished(tmp_path: Path) -> None:
    """Without steps nothing is claimed about what a change does."""
    found = compare(
        text(tmp_path / "1"), text(tmp_path / "2", **{"1-amendment.md": AMENDMENT}), steps=0
    )
    assert Order.UNFINISHED == changed(found)["selling"].effect
