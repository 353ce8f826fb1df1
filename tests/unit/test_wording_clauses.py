"""What belongs to which statement: conditions, requirements, asides, chances, and words that only look like terms."""

from __future__ import annotations

import pytest

from avenant.library import wording


def said(text: str) -> set[tuple[str, str, str]]:
    """The findings on a text: kind, words, severity."""
    return {
        (f.code.removeprefix("wording-"), f.words[0], f.severity.value)
        for f in wording(text).findings
    }


FOUND = [
    # a measure by law works on what is excepted from
    ("You must not deploy it without complying with applicable law.", "law-relative", "error"),
    ("You must not collect data unless you hold it in a lawful way.", "law-relative", "error"),
    ("The agency may use it unless that is unlawful.", "law-relative", "note"),
    (
        "L'agence ne doit pas s'en servir sans autorisation prévue par la loi.",
        "law-relative",
        "error",
    ),
    # `without preserving …` asks for an act: more signs, a wider ban
    ("You must not share it without preserving marks or other signs.", "open-list", "note"),
    (
        "Vous ne devez pas le partager sans préserver les marques et autres signes.",
        "open-list",
        "note",
    ),
    # in a permission `without` says how, and excepts nothing
    ("The supplier may end it without notice for a serious reason.", "degree", "note"),
    ("L'acheteur peut résilier sans indemnité en cas de manquement grave.", "degree", "note"),
    # reserves of rights are permissions
    ("We reserve all rights to refuse access for proper reasons.", "degree", "error"),
    ("L'éditeur se réserve la possibilité de tout changement de son choix.", "discretion", "error"),
    ("L'accès est réservé aux usages licites.", "law-relative", "note"),
    # conditions and relative clauses have verbs of their own
    ("If the change may greatly affect you, we will write to you.", "degree", "warning"),
    ("You must not use it when the tool may materially fail.", "degree", "error"),
    ("The agency may read it and, where lawful, shall not copy it.", "law-relative", "error"),
    ("We take proper care, but users shall not spy.", "degree", "warning"),
    # a sentence that goes on with the one before
    ("You must not spy. This includes knowingly watching.", "intent", "error"),
    ("Do not spy.\n\nThis includes:\n\n- knowingly watching.\n", "intent", "error"),
    ("Ne pas espionner. Cela inclut toute filature menée sciemment.", "intent", "error"),
    # bans with a word between
    ("Le membre n'est notamment pas autorisé à tromper sciemment.", "intent", "error"),
    (
        "Vous vous engagez à ce que vos messages ne soient pas sciemment trompeurs.",
        "intent",
        "error",
    ),
    ("It is our policy not to knowingly lie.", "intent", "error"),
    ("Users may under no circumstances knowingly lie.", "intent", "error"),
    # purposes that somebody has in mind
    ("You must not make content intended to deceive others.", "intent", "error"),
    ("You must not act in order to mislead others.", "intent", "error"),
    # whose judgement
    ("The agency may act if, in Acme's judgment, it helps.", "discretion", "error"),
    ("La société peut retirer ce qu'elle considérerait comme gênant.", "discretion", "error"),
    # passives: whose `by` it is, one word for two, asides
    ("This text will be reviewed as determined by the board.", "passive", "warning"),
    ("Toute fermeture sera notifiée en ligne.", "passive", "warning"),
    ("Les pannes seront, si possible, notifiées en ligne.", "passive", "warning"),
    # at once, in a duty
    ("The supplier shall immediately stop.", "time", "warning"),
    ("Le fournisseur doit immédiatement arrêter.", "time", "warning"),
    ("Breaking this could result in a ban.", "modal", "warning"),
]


@pytest.mark.parametrize(("text", "kind", "severity"), FOUND, ids=lambda value: str(value)[:50])
def test_what_belongs_to_which_statement(text: str, kind: str, severity: str) -> None:
    """Each word is graver or lighter by the clause that it stands in."""
    assert (kind, severity) in {(k, s) for k, _, s in said(text)}


NOTHING = [
    ("We will report it to the relevant law enforcement bodies.", "law-relative"),
    ("You must not do so, whether or not it is expressly illegal.", "law-relative"),
    ("Il y a violation du droit d'auteur.", "law-relative"),
    ("You must not submit any material to the service.", "degree"),
    ("You must not say that it was made solely by people.", "degree"),
    ("You must not make malicious code.", "intent"),
    ("You must not try to get round the filters.", "hortatory"),
    ("We take all reports seriously.", "degree"),
    ("The supplier shall notify any change.", "time"),
    ("We may immediately close an account.", "time"),
    ("The tool can be used by phone or otherwise.", "passive"),
    ("We cannot promise that all outputs will be blocked.", "passive"),
    ("Data may only be shared with the court.", "passive"),
    ("L'outil ne doit pas se substituer à l'appréciation de l'agent.", "discretion"),
    ("Le fournisseur applique volontairement un code.", "intent"),
    ("Les fournisseurs veillent à la qualité.", "hortatory"),
]


@pytest.mark.parametrize(("text", "kind"), NOTHING, ids=lambda value: str(value)[:50])
def test_what_only_looks_like_a_term(text: str, kind: str) -> None:
    """Set phrases, limits, chances and duties by another name are no findings."""
    assert kind not in {k for k, _, _ in said(text)}


def test_a_chance_is_no_permission() -> None:
    """`may not be unique` says what can happen, and widens nothing."""
    assert "error" not in {s for _, _, s in said("Outputs may not be unique, including images.")}


def test_a_list_that_says_twice_that_it_is_open() -> None:
    """`includes, for instance,` is one open list."""
    assert 1 == len(said("This includes, for instance, threats."))


def test_a_list_that_is_not_limited_excepts_nothing() -> None:
    """`but not limited to` is no exception."""
    text = "You must not practise, including but not limited to law, or other trades."
    assert {"note"} == {s for k, _, s in said(text) if k == "open-list"}
