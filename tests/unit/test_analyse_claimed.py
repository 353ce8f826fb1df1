"""What prose claims of a clause's rank, held against the rules."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from avenant.agreement.types import InForce, Reference
from avenant.findings.types import Finding, Severity
from tests.checked import check
from tests.small_texts import small_text

ALL = "permit (principal, action, resource);"
BAN = 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'
EXCEPTED = BAN.replace(";", ' unless { principal in Organisation::"guest" };')
GUEST = 'permit (principal in Organisation::"guest", action, resource);'
LOOK = (
    'permit (principal, action in Action::"look", resource) when { resource in Purpose::"good" };'
)
OTHER = 'permit (principal, action in Action::"look", resource);'
GUARD = (
    'forbid (principal, action in Action::"look", resource) unless { resource in Purpose::"good" };'
)


def texted(clauses: dict[str, tuple[str, str]], language: str = "en") -> InForce:
    """A text of clauses: id -> (prose, rule)."""
    text = small_text({id: rule for id, (_, rule) in clauses.items()})
    said = (replace(c, prose={language: clauses[c.id][0]}) for c in text.clauses)
    return replace(text, clauses=tuple(said), language=language)


def found(text: InForce, code: str) -> list[Finding]:
    """The findings of one code."""
    return [f for f in check(text).findings if f.code == code]


@pytest.mark.parametrize(
    ("prose", "words"),
    [
        ("In spite of section 2, a guest may do harm.", "In spite of section 2"),
        (
            "Notwithstanding clauses 1 and 2, a guest may do anything.",
            "Notwithstanding clauses 1 and 2",
        ),
        ("A guest may do harm despite §2.", "despite §2"),
        ("Section 2 does not apply to guests, who may act.", "does not apply"),
        ("Nothing in section 2 prevents a guest from acting.", "Nothing in section 2"),
        (
            "Regardless of any other provision, a guest may act.",
            "Regardless of any other provision",
        ),
        ("By way of exception to the foregoing, a guest may act.", None),
        (
            "This section prevails over sections 1 to 3: a guest may act.",
            "prevails over sections 1 to 3",
        ),
    ],
)
def test_a_permission_that_claims_precedence_over_a_prohibition(
    prose: str, words: str | None
) -> None:
    """A prohibition holds whatever a permission says: the uses that both speak of are shown."""
    text = texted({"all": ("Free.", ALL), "ban": ("No harm.", BAN), "guest": (prose, GUEST)})
    (finding,) = found(text, "claimed-precedence")
    assert ("claimed-precedence:guest+ban", Severity.ERROR) == (finding.id, finding.severity)
    assert finding.box is not None
    assert {"guest"} == {*finding.box.leaves["organisation"]}
    assert ("§2 ban",) == finding.box.refused_by
    if words:
        assert (words,) == finding.words


@pytest.mark.parametrize(
    "prose",
    [
        "Nonobstant l'article 2, un invité peut agir.",
        "Par dérogation à l'article 2, un invité peut agir.",
        "Un invité peut agir malgré la clause 2.",
        "L'article 2 ne s'applique pas à un invité, qui peut agir.",
        "Nonobstant toute autre stipulation, un invité peut agir.",
    ],
)
def test_the_same_in_french(prose: str) -> None:
    """The ways in which French prose sets another clause aside."""
    text = texted({"all": ("Tout.", ALL), "ban": ("Rien.", BAN), "guest": (prose, GUEST)}, "fr")
    assert ["claimed-precedence:guest+ban"] == [f.id for f in found(text, "claimed-precedence")]


@pytest.mark.parametrize(
    ("prose", "ban", "rule"),
    [
        ("In spite of section 2, a guest may do harm.", EXCEPTED, GUEST),  # the rules have it
        ("Regardless of purpose, a guest may act.", BAN, GUEST),
        ("Notwithstanding section 2 of the Harm Act, a guest may act.", BAN, GUEST),
        ("Notwithstanding section 7, a guest may act.", BAN, GUEST),
        ("Subject to section 2, a guest may act.", BAN, GUEST),  # as the rules do
        ("A guest may do whatever section 2 does not forbid.", BAN, GUEST),
        ("In spite of section 2, a guest must not touch.", BAN, BAN.replace("harm", "good")),
        (
            "In spite of section 2, a guest may do good.",
            BAN,
            GUEST.replace(";", ' when { resource in Purpose::"good" };'),
        ),
    ],
)
def test_a_rank_that_the_rules_have_or_that_is_not_claimed(prose: str, ban: str, rule: str) -> None:
    """An exception in the prohibition, another law's section, a prohibition that comes on top."""
    text = texted({"all": ("Free.", ALL), "ban": ("No harm.", ban), "guest": (prose, rule)})
    assert [] == found(text, "claimed-precedence")


def test_a_prohibition_that_says_that_it_yields() -> None:
    """It still refuses what the other clause permits."""
    text = texted(
        {"guest": ("A guest may act.", GUEST), "ban": ("Subject to section 1, no harm.", BAN)}
    )
    (finding,) = found(text, "claimed-precedence")
    assert ("claimed-precedence:ban+guest", ("Subject to section 1",)) == (
        finding.id,
        finding.words,
    )


def test_a_link_names_the_clause_that_is_set_aside() -> None:
    """« notwithstanding the ban on harm », linked to it."""
    text = texted(
        {"all": ("Free.", ALL), "ban": ("No.", BAN), "guest": ("Despite the ban, go.", GUEST)}
    )
    *others, guest = text.clauses
    assert [] == found(text, "claimed-precedence")
    linked = replace(guest, references=(Reference(None, "ban", guest.at),))
    (finding,) = found(replace(text, clauses=(*others, linked)), "claimed-precedence")
    assert "claimed-precedence:guest+ban" == finding.id


@pytest.mark.parametrize(
    ("prose", "language"),
    [
        ("Anybody may look at the word look only where it serves the word good.", "en"),
        ("The tool may be used to look, solely for the word good.", "en"),
        ("On ne peut regarder que pour the word good.", "fr"),
        ("On peut regarder uniquement pour the word good.", "fr"),
    ],
)
def test_a_limit_that_a_permission_claims(prose: str, language: str) -> None:
    """Another clause permits looking for anything: what was said to be the only case is not."""
    text = texted({"look": (prose, LOOK), "other": ("Look.", OTHER)}, language)
    (finding,) = found(text, "claimed-limit")
    assert ("claimed-limit:look", ("§2 other",)) == (
        finding.id,
        finding.box and finding.box.permitted_by,
    )
    assert finding.box is not None
    assert "good" not in finding.box.leaves["purpose"]


@pytest.mark.parametrize(
    "clauses",
    [
        {"look": ("One may look only where it serves the word good.", LOOK)},
        {
            "look": ("One may look only where it serves the word good.", f"{LOOK}\n{GUARD}"),
            "other": ("Look.", OTHER),
        },
        {"look": ("One may look where it serves the word good.", LOOK), "other": ("Look.", OTHER)},
    ],
)
def test_a_limit_that_holds_or_is_not_claimed(clauses: dict[str, tuple[str, str]]) -> None:
    """Nothing else permits it, or a prohibition says it too, or nobody said `only`."""
    assert [] == found(texted(clauses), "claimed-limit")
