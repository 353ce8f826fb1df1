"""Terms, references and laws: defined or not, dated or not, there or not."""

from __future__ import annotations

import pytest

from avenant.library import wording


def kinds(text: str) -> dict[str, list[str]]:
    """Kind -> the words found."""
    found: dict[str, list[str]] = {}
    for finding in wording(text).findings:
        found.setdefault(finding.code.removeprefix("wording-"), []).append(finding.words[0])
    return found


@pytest.mark.parametrize(
    "definition",
    [
        '"Significant harm" means the death of a person.',
        "“Significant Harm” shall mean the death of a person.",
        'The death of a person (the "significant harm") is what this is about.',
        "## Definitions\n\n**Significant harm**: the death of a person.",
        "## Definitions\n\n- Significant harm means the death of a person.",
        "1. Definitions\n\nSignificant harm: the death of a person.",
    ],
)
def test_a_defined_term_is_not_vague(definition: str) -> None:
    """A definition, in whatever form, takes a term's words out of the vague ones; without it they are found."""
    use = "The tool shall not cause significant harm."
    assert "significant" in kinds(use)["degree"]
    assert "degree" not in kinds(f"{definition}\n\n{use}\n")


@pytest.mark.parametrize(
    "definition",
    [
        "« Préjudice grave » désigne la mort d'une personne.",
        "On entend par « préjudice grave » la mort d'une personne.",
        "## Définitions\n\nPréjudice grave : la mort d'une personne.",
    ],
)
def test_a_french_definition(definition: str) -> None:
    """The same in French."""
    use = "L'outil ne doit causer aucun préjudice grave."
    assert ["grave"] == kinds(use)["degree"]
    assert "degree" not in kinds(f"{definition}\n\n{use}\n")


def test_what_asks_for_a_meaning_defines_nothing() -> None:
    """`what "mass" means` is no definition of it."""
    text = 'Annex 1 says what "mass" means.\n\nThe tool shall not be used for mass tracking.'
    assert ["mass"] == kinds(text)["degree"]


def test_a_term_that_nothing_uses() -> None:
    """A definition without a use is a note; with one it is nothing."""
    text = (
        '"Output" means what the tool says. "Prompt" means what a user says. Every Output is kept.'
    )
    (finding,) = (f for f in wording(text).findings if f.code == "wording-unused")
    assert (("Prompt",), "note") == (finding.words, finding.severity)


def test_a_term_that_is_defined_twice() -> None:
    """The second definition is found, and says where the first one is."""
    text = '"Output" means what the tool says.\n\n"Output" means a file. Output is kept.\n'
    (finding,) = (f for f in wording(text, "p.md").findings if f.code == "wording-redefined")
    assert "p.md:3" == finding.at
    assert "p.md:1" in finding.message


def test_a_term_in_capitals_without_a_definition() -> None:
    """In a text that defines terms, one that is written like them and used twice."""
    text = (
        '"Output" means what the tool says. The Output belongs to the Authorised User. '
        "Each Authorised User keeps the Output."
    )
    assert ["Authorised User"] == kinds(text)["undefined"]
    assert "undefined" not in kinds(text.replace('"Output" means', "Output is"))


def test_a_term_that_drifts() -> None:
    """Capitals here and none there: one thing or two?"""
    text = "The AI System is kept in a vault. The tool shall not let the AI system out."
    (finding,) = (f for f in wording(text).findings if f.code == "wording-drifting")
    assert ("AI system",) == finding.words
    assert "AI System" in finding.message


def test_a_term_drifts_once_a_text() -> None:
    """One line for a term, wherever it drifts; one word in lower case is a note, since it may have another sense."""
    again = "The customer pays. Each customer signs."
    text = f'"Customer" means who buys. The Customer pays.\n\n## Two\n\n{again}\n\n## Three\n\n{again}\n'
    (finding,) = (f for f in wording(text).findings if f.code == "wording-drifting")
    assert (("customer",), "note") == (finding.words, finding.severity)


def test_what_is_no_drift() -> None:
    """The plural of a term, and a capital that begins a sentence."""
    text = (
        "The AI System is kept. Each of the AI Systems is kept. System logs are kept by the System."
    )
    assert "drifting" not in kinds(text)


def test_a_reference_to_a_section_that_is_not_there() -> None:
    """Only where the text numbers its sections, and not where the section is another text's."""
    text = "1. Scope\n\nSee section 2 and section 9.\n\n2. Limits\n\nSee {}.\n"
    assert ["section 9"] == kinds(text.format("section 1"))["dangling"]
    assert ["section 9"] == kinds(text.format("Article 35 of Regulation (EU) 2016/679"))["dangling"]
    assert "dangling" not in kinds("See section 9. It is long.")


@pytest.mark.parametrize(
    ("text", "law"),
    [
        (
            "The agency complies with the National Security Act of 1947.",
            "National Security Act of 1947",
        ),
        ("The agency complies with Executive Order 12333.", "Executive Order 12333"),
        ("The agency complies with Regulation (EU) 2016/679.", "Regulation (EU) 2016/679"),
        ("The agency complies with the Fourth Amendment.", "Fourth Amendment"),
        ("The agency complies with HIPAA.", "HIPAA"),
        ("L'agence respecte la loi n° 78-17 du 6 janvier 1978.", "loi n° 78-17 du 6 janvier 1978"),
        ("L'agence respecte le code de la sécurité intérieure.", "code de la sécurité intérieure"),
        ("L'agence respecte le règlement (UE) 2016/679.", "règlement (UE) 2016/679"),
        ("L'agence respecte le RGPD.", "RGPD"),
    ],
)
def test_a_law_without_its_version(text: str, law: str) -> None:
    """The year and number in a law's name do not say as it stood when."""
    assert [law] == kinds(text)["undated-law"]


@pytest.mark.parametrize(
    "text",
    [
        "Per DoD Directive 3000.09 (dtd 25 January 2023), any use is tested.",
        "The agency complies with the Privacy Act as in force on 1 March 2026.",
        "L'agence respecte la loi n° 78-17 du 6 janvier 1978, dans sa rédaction en vigueur au 1er mars 2026.",
        "This Act is long. The act was bad. Any law will do.",
        "La loi est longue.",
    ],
)
def test_a_dated_law_and_what_names_none(text: str) -> None:
    """A date of the version, a law of no name, the text itself: nothing to find."""
    assert "undated-law" not in kinds(text)
