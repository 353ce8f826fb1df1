"""Which way words work: error where they narrow a ban or widen a permission, note in reverse, else a warning."""

from __future__ import annotations

import pytest

from avenant.library import wording


def said(text: str, language: str | None = None) -> list[tuple[str, str, str]]:
    """The findings on a text: kind, words, severity."""
    return [
        (f.code.removeprefix("wording-"), f.words[0], f.severity.value)
        for f in wording(text, language=language).findings
    ]


ONE_WORD = [
    # a ban, however it is said
    ("The tool shall not be knowingly used.", "knowingly", "error"),
    ("The tool must never be knowingly used.", "knowingly", "error"),
    ("No use of the tool to knowingly deceive anybody.", "knowingly", "error"),
    ("No employee may knowingly deceive anybody.", "knowingly", "error"),
    ("Under no circumstances shall the tool be knowingly used.", "knowingly", "error"),
    ("Neither party shall knowingly disclose anything.", "knowingly", "error"),
    ("Never knowingly deceive anybody.", "knowingly", "error"),
    ("Users are prohibited from knowingly deceiving anybody.", "knowingly", "error"),
    ("Knowingly deceiving anybody is strictly forbidden.", "Knowingly", "error"),
    ("You agree that you will not, and will not let others, knowingly lie.", "knowingly", "error"),
    ("It is unlawful to knowingly deceive anybody.", "knowingly", "error"),
    # a permission
    ("The agency may knowingly test the tool.", "knowingly", "note"),
    ("The agency is permitted to knowingly test the tool.", "knowingly", "note"),
    # double negation
    ("It is not prohibited to knowingly test the tool.", "knowingly", "note"),
    ("Nothing in this policy prohibits knowingly testing the tool.", "knowingly", "note"),
    ("The agency shall not be prevented from knowingly testing it.", "knowingly", "note"),
    # neither
    ("The agency shall knowingly accept the risk.", "knowingly", "warning"),
    ("The supplier shall not only knowingly accept the risk.", "knowingly", "warning"),
    ("The agency knowingly accepted the risk.", "knowingly", "warning"),
    # the verb of a relative clause is not the statement's
    ("You must not make content that may knowingly hurt anybody.", "knowingly", "error"),
    # exceptions turn it round, and end where they end
    ("The tool shall not be used except to knowingly test it.", "knowingly", "note"),
    ("You must not, unless authorised, knowingly share data.", "knowingly", "error"),
    ("Except in tests, the tool shall not knowingly share data.", "knowingly", "error"),
    ("The agency may use it unless a user is knowingly deceived.", "knowingly", "error"),
    ("The agency shall use it; it shall not knowingly share it.", "knowingly", "error"),
    # what loosens is an error in both
    ("The tool shall not be kept longer unless reasonable.", "reasonable", "error"),
    ("The agency may use reasonable force.", "reasonable", "error"),
    ("The agency shall use reasonable care.", "reasonable", "warning"),
    # French
    ("L'outil ne doit pas être utilisé sciemment.", "sciemment", "error"),
    ("L'outil ne peut être utilisé sciemment à cette fin.", "sciemment", "error"),
    ("L'outil ne saurait tromper sciemment quiconque.", "sciemment", "error"),
    ("Nul ne peut tromper sciemment quiconque.", "sciemment", "error"),
    ("Aucun agent ne doit tromper sciemment quiconque.", "sciemment", "error"),
    ("Il est interdit de tromper sciemment quiconque.", "sciemment", "error"),
    ("Tromper sciemment quiconque est interdit.", "sciemment", "error"),
    ("Le fournisseur s'engage à ne pas tromper sciemment quiconque.", "sciemment", "error"),
    ("Le ministère peut tester sciemment l'outil.", "sciemment", "note"),
    ("L'outil ne peut être utilisé que pour des tests menés sciemment.", "sciemment", "note"),
    ("Il n'est pas interdit de tester sciemment l'outil.", "sciemment", "note"),
    ("Le fournisseur doit accepter sciemment le risque.", "sciemment", "warning"),
    ("L'outil ne doit pas servir, sauf pour tester sciemment.", "sciemment", "note"),
    ("Le ministère peut s'en servir sauf pour tromper sciemment.", "sciemment", "error"),
]


@pytest.mark.parametrize(("text", "words", "severity"), ONE_WORD, ids=lambda value: str(value)[:50])
def test_the_direction_of_one_word(text: str, words: str, severity: str) -> None:
    """A word of intent or degree is graver or lighter by the statement that it stands in."""
    assert severity in [s for kind, w, s in said(text) if w == words]


def test_the_words_that_make_an_exception_narrow_the_ban_itself() -> None:
    """`except as permitted by law` is an error in a ban, and what stands behind it is a permission."""
    text = "The system shall not be used for policing except as permitted by the Police Act."
    assert ("law-relative", "except as permitted by the Police Act", "error") in said(text)
    assert ("degree", "serious", "note") in said(
        "The system shall not be used except against serious harm."
    )


def test_what_stands_before_the_verb_belongs_to_it() -> None:
    """`Consistent with applicable law, … shall not …`: the condition is the ban's."""
    text = "Consistent with applicable law, the system shall not be used for policing."
    assert [("law-relative", "Consistent with applicable law", "error")] == said(text)


@pytest.mark.parametrize(
    "text",
    [
        "You may not:\n\n- knowingly deceive anybody;\n- spy.\n",
        "You may not\n- spy\n- knowingly deceive anybody\n",
        "You must not:\n(a) spy; or\n(b) knowingly deceive anybody.\n",
        "You must not (a) spy; (b) knowingly deceive anybody.",
        "You must not:\n1. spy:\n   a. at home;\n   b. knowingly, anywhere.\n",
        "## Prohibited uses\n\n- Knowingly deceiving anybody\n",
        "Prohibited uses\n===============\n\nKnowingly deceiving anybody.\n",
        "3. PROHIBITED USES\n\nKnowingly deceiving anybody.\n",
        "| Allowed | Prohibited uses |\n|---|---|\n| Tests | Knowingly deceiving anybody |\n",
        "Vous ne devez pas :\n\n- espionner ;\n- tromper sciemment quiconque.\n",
        "## Usages interdits\n\n- Tromper sciemment quiconque\n",
    ],
)
def test_an_item_takes_the_polarity_of_its_lead_in(text: str) -> None:
    """Lists in Markdown, with letters, in a row, nested, under a heading, in a column: each item is a ban."""
    assert ["error"] == [severity for kind, _, severity in said(text) if kind == "intent"]


def test_an_item_with_a_verb_of_its_own_is_its_own_statement() -> None:
    """What an item permits is a permission, whatever it stands under."""
    text = "## Prohibited uses\n\n- Staff may knowingly test the tool.\n"
    assert [("intent", "knowingly", "note")] == said(text)


def test_a_list_that_nothing_leads_into_is_not_a_ban() -> None:
    """A sentence with its full stop leads into nothing."""
    text = "You must not spy.\n\n- The agency knowingly took part.\n"
    assert ("intent", "knowingly", "warning") in said(text)


def test_a_passive_without_an_actor() -> None:
    """A passive duty leaves open who must, a passive permission who may; in a ban nobody may."""
    assert [("passive", "must be reviewed", "warning")] == said("Decisions must be reviewed.")
    assert [("passive", "may be shared", "error")] == said("Data may be shared with partners.")
    assert [] == said("Data shall not be shared with partners.")
    assert [] == said("Decisions must be reviewed by an officer.")
    assert [("passive", "doivent être revues", "warning")] == said(
        "Les décisions doivent être revues."
    )
    assert [] == said("Les décisions doivent être revues par un agent.")


def test_a_duty_without_a_time() -> None:
    """To delete or notify wants a time; `promptly` is none."""
    assert [("time", "delete", "warning")] == said("The supplier shall delete the records.")
    assert [] == said("The supplier shall delete the records within 30 days.")
    assert ("time", "promptly", "warning") in said("The supplier shall act promptly.")


def test_notwithstanding_a_named_clause_is_bound() -> None:
    """What sets aside everything is a finding, what names a clause is none."""
    assert "notwithstanding" in {
        kind for kind, _, _ in said("Notwithstanding any other provision, the supplier may act.")
    }
    assert [] == said("Notwithstanding clause 3, the supplier may act.")


def test_a_sentence_that_clarifies() -> None:
    """A clarification is read as what it says, with its words."""
    report = wording("For the avoidance of doubt, this prohibits deliberate tracking.")
    (finding,) = report.findings
    assert ("deliberate",) == finding.words
    assert "clarifies" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "The tool shall **not** be **know**ingly used.",
        "The tool shall not be [knowingly](#intent.deliberate) used.",
        "The tool shall not be know\u00adingly used.",
        "The tool shall not be know\u200bingly used.",
        "The tool shall not be KNOWINGLY used.",
        "The tool shall not be `knowingly` used.",
        "The tool shall not be &#107;nowingly used.",
        "The tool shall&nbsp;not be knowingly used.",
        "The tool shall not be\nknowingly used.",
        "> The tool shall not be knowingly used.",
    ],
)
def test_markup_hides_nothing(text: str) -> None:
    """Emphasis, links, invisible characters and entities do not hide a word from the analysis."""
    assert ["error"] == [severity for kind, _, severity in said(text) if kind == "intent"]


@pytest.mark.parametrize(
    "text",
    [
        "```\nThe tool shall not be knowingly used.\n```\n",
        "> **Reading.** The tool shall not be knowingly used.\n",
        "> **Encoding.** The tool shall not\n> be knowingly used.\n",
        "> **Encoding.** The tool shall not\nbe knowingly used.\n",
        "<!-- The tool shall not be knowingly used. -->\n",
        "---\ntitle: The tool shall not be knowingly used.\n---\n",
        "# Knowingly using the tool is prohibited\n",
        'The word "knowingly" is avoided here.',
    ],
)
def test_what_is_not_the_text_is_not_read(text: str) -> None:
    """Code, notes of ours, comments, front matter, titles and words that are spoken of are no prose."""
    assert [] == [f for f in said(f"{text}\nThe end came.") if f[0] == "intent"]


def test_an_english_passage_in_a_french_text() -> None:
    """A paragraph that is clearly in the other language is read in it, unless a language is forced."""
    text = (
        "Le présent contrat est conclu entre les parties, qui en acceptent toutes les clauses.\n\n"
        "The tool shall not be knowingly used by any of the users of this service.\n"
    )
    assert ("intent", "knowingly", "error") in said(text)
    assert [] == [f for f in said(text, "fr") if f[0] == "intent"]


def test_may_the_month_permits_nothing() -> None:
    """`May 2024` is no permission."""
    assert [("degree", "significant", "warning")] == said("In May 2024 there was significant rain.")


def test_one_exception_behind_another() -> None:
    """Each ban has its own exception, and a second one does not get lost behind the first."""
    text = (
        "It shall not spy, except on serious crime, and shall not lie unless to serious criminals."
    )
    assert [("degree", "serious", "note")] == said(text)
    text = "It shall not spy except in tests, and shall not seriously lie unless asked."
    assert [("degree", "seriously", "error")] == said(text)


def test_a_sentence_of_exceptions_ends() -> None:
    """A sentence without an end, all exceptions and verbs, is read in one go."""
    assert [] == said("unless may not " * 5_000, "en")[1:]
