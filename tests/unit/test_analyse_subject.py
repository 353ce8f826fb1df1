"""Two clauses on one subject: which overlaps want a precedence, and which do not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import InForce, Reference
from avenant.analyse.subject import shared
from tests.checked import check
from tests.small_texts import small_text

ALL = "permit (principal, action, resource);"
OLD = (
    'forbid (principal in Organisation::"office", action, resource) '
    'when { resource in Purpose::"harm" && resource in Mind::"meant" };'
)
NEW = (
    'forbid (principal in Organisation::"desk", action in Action::"touch", resource) '
    'when { resource in Purpose::"harm" };'
)


def pairs(text: InForce) -> list[str]:
    """The ids of the overlaps found."""
    return [f.id for f in check(text).findings if f.code == "no-precedence"]


def test_two_bans_on_one_subject_that_each_go_further() -> None:
    """Both ban harm by the office, the one where it is meant, the other by touch: nothing says which prevails."""
    text = small_text({"all": ALL, "old": OLD, "new": NEW})
    assert ["no-precedence:old+new"] == pairs(text)
    (finding,) = (f for f in check(text).findings if f.code == "no-precedence")
    assert ("new", "§2 old, §3 new") == (finding.clause, finding.title)
    assert {"the word office", "the word desk", "the word harm"} == set(finding.words)
    assert "(organisation, purpose)" in finding.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW.replace("desk", "guest")),  # they never meet
        (OLD, NEW.replace('principal in Organisation::"desk"', "principal")),  # one common axis
        (OLD, OLD.replace("office", "desk")),  # the one is part of the other
        (OLD, OLD),
    ],
)
def test_pairs_on_which_nothing_hangs(old: str, new: str) -> None:
    """No meeting, no common subject, or one inside the other: there is nothing to say first."""
    assert [] == pairs(small_text({"all": ALL, "old": old, "new": new}))


def test_what_a_third_clause_bans_is_left_out() -> None:
    """Where all that only the newer one bans is banned anyway, nothing hangs on it."""
    third = 'forbid (principal, action in Action::"touch", resource);'
    assert [] == pairs(small_text({"all": ALL, "old": OLD, "new": NEW, "third": third}))


@pytest.mark.parametrize(
    "prose",
    [
        "In addition to section 2, harm by touch is banned.",
        "Notwithstanding any other provision, harm by touch is banned.",
        "Subject to the foregoing, harm by touch is banned.",
        "As §2 says of harm, so it is of touch.",
        "Touch is banned beside what is banned by section 2.",
        "Sections 1, 2 and 4 stand as they are.",
        "Nonobstant l'article 2, tout contact nuisible est interdit.",
        "Sans préjudice de ce qui précède, tout contact nuisible est interdit.",
        "In the event of any conflict, the stricter clause applies.",
        "En cas de contradiction, la clause la plus stricte l'emporte.",
    ],
)
def test_words_that_rank_the_two_settle_it(prose: str) -> None:
    """A clause that says how it stands to the other, or the text to itself, needs no finding."""
    text = small_text({"all": ALL, "old": OLD, "new": NEW})
    *others, new = text.clauses
    assert [] == pairs(replace(text, clauses=(*others, replace(new, prose={"en": prose}))))


@pytest.mark.parametrize(
    "prose",
    [
        "Subject to applicable law, harm by touch is banned.",
        "Harm by touch is banned in 20 sections of the office.",
        "Outre la nuit, tout contact nuisible est interdit.",
        "Harm by touch is banned as section 2a says.",
        "Harm by touch is banned as sections 2.1 and 12 say.",
    ],
)
def test_words_that_rank_nothing_do_not(prose: str) -> None:
    """Words that resemble them say nothing of the other clause."""
    text = small_text({"all": ALL, "old": OLD, "new": NEW})
    *others, new = text.clauses
    assert ["no-precedence:old+new"] == pairs(
        replace(text, clauses=(*others, replace(new, prose={"en": prose})))
    )


def test_a_link_to_the_other_clause_settles_it() -> None:
    """Whichever of the two has it."""
    text = small_text({"all": ALL, "old": OLD, "new": NEW})
    all_, old, new = text.clauses
    linked = replace(old, references=(Reference(None, "new", old.at),))
    assert [] == pairs(replace(text, clauses=(all_, linked, new)))
    elsewhere = replace(old, references=(Reference(None, "all", old.at),))
    assert [] != pairs(replace(text, clauses=(all_, elsewhere, new)))


def test_the_subject_is_what_the_words_of_both_are_about() -> None:
    """Nested categories count, exceptions and tests without a word do not."""
    text = small_text(
        {
            "a": OLD,
            "b": NEW,
            "c": 'forbid (principal, action, resource) unless { resource in Purpose::"harm" };',
        }
    )
    a, b, c = text.rules
    spoken = text.vocabulary
    assert ("organisation", "purpose") == shared(a, b, spoken) == shared(b, a, spoken)
    assert () == shared(a, c, spoken)
