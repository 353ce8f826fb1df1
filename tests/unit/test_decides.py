"""What decides has its own digest: words that are shown never change it, what a call is decided by always does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from avenant.agreement import consolidate
from avenant.agreement.consolidate import decides_after, draft_effects, in_force
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import Digest, Dossier
from avenant.consent.status import text_in_force
from avenant.errors import InputError
from avenant.vocabulary.read import core
from avenant.vocabulary.types import ANY, Category, Vocabulary
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written
from tests.parties import World

SAMPLE = ROOT / "agreements" / "openai-dow"
Change = Callable[[Vocabulary], Vocabulary]


def recategorised(axis: str, id: str, **fields: object) -> Change:
    """One category of the core with other fields."""

    def change(vocabulary: Vocabulary) -> Vocabulary:
        category = vocabulary.category(axis, id)
        assert category is not None
        changed = replace(category, **fields)
        categories = (changed if c is category else c for c in vocabulary.categories)
        return Vocabulary(vocabulary.id, vocabulary.axes, tuple(categories))

    return change


def with_words(field: str, axis: str, id: str, language: str, words: str) -> Change:
    """One category of the core with other words in a language."""
    category = core().category(axis, id)
    assert category is not None
    return recategorised(axis, id, **{field: {**getattr(category, field), language: words}})


def with_new(axis: str, parent: str, id: str) -> Change:
    """A new kind at the end of a list."""
    new = Category(axis, id, parent, {"en": id}, {"en": id}, {"en": id})
    return lambda v: Vocabulary(v.id, v.axes, (*v.categories, new))


def defined(axis_id: str, language: str, words: str) -> Change:
    """An axis with another definition."""

    def change(vocabulary: Vocabulary) -> Vocabulary:
        axes = (
            replace(a, definition={**a.definition, language: words}) if a.id == axis_id else a
            for a in vocabulary.axes
        )
        return Vocabulary(vocabulary.id, tuple(axes), vocabulary.categories)

    return change


@pytest.fixture(scope="module")
def sample() -> Dossier:
    """The sample: in English, with a French translation, about surveillance in bulk among others."""
    return read_dossier(SAMPLE)


@pytest.fixture(scope="module")
def known(sample: Dossier) -> list[Digest]:
    """The sample's digests as this installation has them."""
    return digests(sample)


def digests(dossier: Dossier) -> list[Digest]:
    """What signatures, records and approvals would name, text by text."""
    effects = draft_effects(dossier)
    numbers = [i.number for i in dossier.instruments]
    return [
        *(decides_after(dossier, n) for n in numbers),
        *(in_force(dossier, n, effects).digest for n in numbers),
    ]


def under(change: Change, dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> list[Digest]:
    """The digests as an installation with a changed core computes them."""
    with monkeypatch.context() as patched:
        changed = change(core())
        patched.setattr(consolidate, "core", lambda _: changed)
        return digests(dossier)


SHOWN: dict[str, Change] = {
    "a German title": with_words("title", "purpose", "surveillance", "de", "Überwachung"),
    "a German definition": with_words("definition", "purpose", "surveillance", "de", "Wer …"),
    "an English title": with_words("title", "purpose", "surveillance", "en", "Watching"),
    "a corrected French phrase": with_words("phrase", "operation", "monitor", "fr", "la veille"),
    "a corrected English phrase": with_words("phrase", "operation", "monitor", "en", "watching"),
    "a French definition": with_words("definition", "purpose", "surveillance", "fr", "Suivre."),
    "a changed DPV IRI": recategorised("purpose", "surveillance", iri="https://w3id.org/dpv#X"),
    "a new category elsewhere": with_new("purpose", "education", "chess"),
    "a new category on an axis that nothing tests": with_new("likeness", ANY, "statue"),
    "a definition elsewhere": with_words("definition", "purpose", "education", "en", "Other."),
    "a category moved elsewhere": recategorised("purpose", "grading", parent=ANY),
    "the definition of an axis in French": defined("purpose", "fr", "Autre."),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_only_shown_changes_no_digest(
    name: str, sample: Dossier, known: list[Digest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of the core, other languages and other categories are in no digest of what decides."""
    assert known == under(SHOWN[name], sample, monkeypatch)


DECIDES: dict[str, Change] = {
    "a definition in the agreement's language": with_words(
        "definition", "purpose", "surveillance", "en", "Anything."
    ),
    "the definition of an axis": defined("purpose", "en", "Another question."),
    "a new category below one that is tested": with_new("purpose", "surveillance", "by-drone"),
    "a category moved below one that is tested": recategorised(
        "purpose", "education", parent="surveillance"
    ),
    "a category moved away": recategorised("operation", "track", parent=ANY),
    "a completeness mark": recategorised("operation", "monitor", complete=True),
}


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_changes_every_digest(
    name: str, sample: Dossier, known: list[Digest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moved or added category, a completeness mark or a definition that the signers read is another digest."""
    changed = under(DECIDES[name], sample, monkeypatch)
    # The text before the amendment does not speak of tracking: it names nothing on that axis.
    assert [] == [n for n in (1, 2, 4, 5) if known[n] == changed[n]]


def test_a_band_beside_a_named_one_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raising the bound of `bulk` moves what `list` means, so it changes the digest of a text on lists alone."""
    source = AGREEMENT.replace(
        'forbid (principal in Organisation::"police", action, resource);',
        'forbid (principal in Organisation::"police", action, resource)\n'
        'when { resource in Scale::"list" };',
    )
    dossier = read_dossier(written(tmp_path, {"0-agreement.md": source}))
    assert digests(dossier) != under(
        recategorised("scale", "bulk", over=1_000_000), dossier, monkeypatch
    )
    assert digests(dossier) == under(
        with_words("title", "scale", "bulk", "en", "Many"), dossier, monkeypatch
    )


EDITS: dict[str, tuple[str, str, bool]] = {
    "prose": ("It shall not be", "It must not be", False),
    "a title of the text's own": ("title: The town", "title: The city", False),
    "a note on a fact": ("note: ours", "note: theirs", False),
    "a comment and the layout of a rule": (
        'forbid (principal in Organisation::"police", action, resource);',
        'forbid (principal, action, resource) // all\nwhen { principal in Organisation::"police" };',
        False,
    ),
    "a rule": (
        'forbid (principal in Organisation::"police", action, resource);',
        'forbid (principal in Organisation::"library", action, resource);',
        True,
    ),
    "who may establish an axis": (
        "{established-by: connection}",
        "{established-by: gateway}",
        True,
    ),
    "who signs": ("connection: [town]", "connection: [maker]", True),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_text_decides_or_does_not(name: str, tmp_path: Path) -> None:
    """Prose, titles and layout are signed by their bytes; rules and facts are what decides."""
    old, new, decides = EDITS[name]
    assert old in AGREEMENT
    texts = [AGREEMENT, AGREEMENT.replace(old, new, 1)]
    one, other = (
        digests(read_dossier(written(tmp_path / str(i), {"0-agreement.md": text})))
        for i, text in enumerate(texts)
    )
    assert decides == (one != other)


def test_an_agreement_stays_in_force_when_words_are_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A better phrase breaks no signature; another meaning of a category that is named breaks every one."""
    world = World(tmp_path)
    world.agree(0)
    before = text_in_force(world.dossier(), world.now)
    assert before is not None
    phrase = with_words("phrase", "purpose", "translation", "fr", "pour traduire")(core())
    monkeypatch.setattr(consolidate, "core", lambda _: phrase)
    after = text_in_force(world.dossier(), world.now)
    assert after is not None
    assert before.digest == after.digest
    meaning = with_words("definition", "purpose", "translation", "en", "Any reading.")(core())
    monkeypatch.setattr(consolidate, "core", lambda _: meaning)
    with pytest.raises(InputError, match="decides-differs"):
        text_in_force(world.dossier(), world.now)
