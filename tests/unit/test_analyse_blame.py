"""Which prohibitions a loophole is laid to, and where it is laid to a permission."""

from __future__ import annotations

from avenant.findings.types import Finding
from avenant.vocabulary.types import Vocabulary
from tests.checked import check
from tests.small_texts import small_text, vocabulary

SPOKEN = vocabulary(
    {
        "organisation": {"office": {"desk": {}, "vault": {}}, "guest": {}},
        "operation": {"profile": {}, "write": {}},
        "purpose": {"malware": {}, "spam": {}, "forgery": {}, "gambling": {}},
        "data": {"browsing": {}, "health": {}, "public": {}},
        "age": {"minor": {}, "adult": {}},
        "intent": {"deliberate": {}, "incidental": {}},
        "mandate": {"granted": {}, "refused": {}},
    },
    set(),
)
ALL = "permit (principal, action, resource);"
NO_MALWARE = 'forbid (principal, action, resource) when { resource in Purpose::"malware" };'
NO_MINORS = (
    'forbid (principal, action in Action::"profile", resource) when { resource in Age::"minor" };'
)


def ban(*tests: str, unless: str = "") -> str:
    """A prohibition of what passes all tests, `Purpose::spam`, with an exception."""
    when = " && ".join(written(t) for t in tests)
    excepted = f" unless {{ {written(unless)} }}" if unless else ""
    return f"forbid (principal, action, resource) when {{ {when} }}{excepted};"


def written(test: str) -> str:
    """`Purpose::spam` as Cedar writes it."""
    entity, _, id = test.partition("::")
    return f'{"action" if entity == "Action" else "resource"} in {entity}::"{id}"'


def loopholes(
    clauses: dict[str, str], principle: str = NO_MALWARE, spoken: Vocabulary = SPOKEN
) -> list[Finding]:
    """The loopholes of a text of these clauses."""
    found = check(small_text(clauses, {"p": principle}, spoken)).findings
    return [f for f in found if f.code == "loophole"]


def named(finding: Finding) -> list[str]:
    """The words of the prohibitions that a loophole gets past, as `clause.category`."""
    assert finding.box is not None
    return [f"{p.clause}.{p.category}" for p in finding.box.passes]


def let_in(finding: Finding) -> list[str]:
    """The clauses of the permissions that let a loophole in."""
    assert finding.box is not None
    return [p.clause for p in finding.box.permits]


def test_prohibitions_of_something_else_on_the_same_axis_are_not_named() -> None:
    """Bans on spam, forgery and gambling say nothing of malware: one loophole, in the permission."""
    clauses = {"all": ALL} | {id: ban(f"Purpose::{id}") for id in ("spam", "forgery", "gambling")}
    (finding,) = loopholes(clauses)
    assert [] == named(finding)
    assert ["all"] == let_in(finding)


def test_alternatives_of_one_prohibition_are_named_one_by_one() -> None:
    """Of a ban on spam, or on deliberate malware, the loophole names the alternative that speaks of malware."""
    both = ban("Purpose::spam", "Intent::incidental").replace(
        "};", f"|| {written('Purpose::malware')} && {written('Intent::deliberate')} }};"
    )
    (finding,) = loopholes({"all": ALL, "both": both})
    assert ["both.deliberate"] == named(finding)


def test_a_hole_in_a_permission_is_laid_to_it_with_its_words() -> None:
    """Where no ban speaks of age, the permission to profile lets minors in, whatever a ban on health data says."""
    clauses = {
        "allow": 'permit (principal, action in Action::"profile", resource) '
        'when { resource in Data::"browsing" };',
        "health": ban("Data::health"),
        "health-profiles": ban("Action::profile", "Data::health"),
    }
    (finding,) = loopholes(clauses, NO_MINORS)
    assert [] == named(finding)
    assert ["allow"] == let_in(finding)
    assert ("the word profile", "the word browsing") == finding.words
    assert "0-agreement.md:11" == finding.at
    assert "§1 allow" in finding.title


def test_an_exception_that_lets_the_principle_s_use_past_is_the_hole() -> None:
    """A ban that excepts what the principle is about is named at its exception."""
    (finding,) = loopholes(
        {"all": ALL, "limit": ban("Purpose::malware", unless="Mandate::granted")}
    )
    assert ["limit.granted"] == named(finding)
    assert finding.box is not None
    assert ("granted",) == finding.box.leaves["mandate"]
    assert ("purpose", "mandate") == finding.box.foreground


def test_an_exception_does_not_hide_the_other_condition_of_its_prohibition() -> None:
    """Of a ban on deliberate malware without a mandate both conditions are holes, each with its word."""
    limit = ban("Purpose::malware", "Intent::deliberate", unless="Mandate::granted")
    found = loopholes({"all": ALL, "limit": limit})
    assert [["limit.deliberate"], ["limit.granted"]] == sorted(map(named, found))


def test_an_exception_of_the_contrary_tells_two_prohibitions_apart() -> None:
    """Bans on spam unless meant, and unless about adults, with the same two exceptions: the first speaks of intent."""
    more = f' || principal in Organisation::"desk" || {written("Mandate::granted")} }};'
    clauses = {
        id: ban("Purpose::spam", unless=excepted).replace(" };", more)
        for id, excepted in (("meant", "Intent::deliberate"), ("grown", "Age::adult"))
    }
    found = loopholes({"all": ALL} | clauses, ban("Purpose::spam", "Intent::incidental"))
    assert [["meant.desk"], ["meant.granted"]] == sorted(named(f) for f in found)


def test_a_prohibition_that_others_make_idle_is_not_named() -> None:
    """A ban that changes nothing behind the bans before it is not what a loophole gets past."""
    wide = ban("Purpose::malware", "Intent::deliberate")
    narrow = ban("Purpose::malware", "Intent::deliberate", "Data::health")
    (finding,) = loopholes({"all": ALL, "wide": wide, "narrow": narrow})
    assert ["wide.deliberate"] == named(finding)


def test_a_prohibition_that_shares_all_of_the_principle_comes_before_one_that_shares_a_part() -> (
    None
):
    """Of two bans the one about profiling minors is to blame, not the one about profiling."""
    clauses = {
        "all": ALL,
        "part": ban("Action::profile", "Data::health"),
        "whole": ban("Action::profile", "Age::minor", "Intent::deliberate"),
    }
    (finding,) = loopholes(clauses, NO_MINORS)
    assert ["whole.deliberate"] == named(finding)


def test_a_prohibition_missed_on_one_axis_comes_before_one_missed_on_two() -> None:
    """Where none shares all of the principle, the nearest miss is to blame."""
    principle = NO_MINORS.replace("};", '&& resource in Data::"browsing" };')
    clauses = {
        "all": ALL,
        "near": ban("Action::profile", "Age::minor", "Intent::deliberate"),
        "far": ban("Action::profile", "Intent::deliberate", "Purpose::spam"),
    }
    (finding,) = loopholes(clauses, principle)
    assert ["near.deliberate"] == named(finding)


def test_two_loopholes_of_one_kind_have_titles_of_their_own() -> None:
    """Where two loopholes get past at the same axes, each title says what only it is about."""
    clauses = {
        "all": ALL,
        "one": ban("Purpose::malware", "Intent::deliberate", "Data::health"),
        "two": ban("Purpose::malware", "Intent::incidental", "Data::public"),
    }
    titles = [f.title for f in loopholes(clauses)]
    assert len(titles) == len(set(titles))
    assert len(titles) > 1


def test_what_is_true_of_some_cases_is_an_example() -> None:
    """What unrelated bans leave open is said for example, and what holds of every case is said as a condition."""
    office = 'permit (principal in Organisation::"office", action, resource);'
    clauses = {"all": office, "limit": ban("Data::health", "Age::minor")}
    (finding,) = loopholes(clauses)
    assert finding.box is not None
    assert {"organisation": ("desk", "vault", "office.other")} == finding.box.only
    assert ("data",) == finding.box.example
    assert "only office" in finding.message
    assert "for example any data but health; other cases exist" in finding.message
