"""The reference of the format says what is read, and its examples are read."""

from __future__ import annotations

import re
from pathlib import Path

from avenant.agreement.consolidate import draft_effects, in_force, principles_of
from avenant.agreement.reading.blocks import CAPACITIES, EXPECTED, SOURCES, SWITCHES
from avenant.agreement.reading.instrument import FIELDS, KINDS
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.reading.verbs import verbs
from avenant.instants import instant
from avenant.source.inline import NOTES
from avenant.source.markdown import CLASSES, LANGUAGES
from tests.dossiers import written

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "format.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^`([\w/.-]+\.md)`:\n\n~~~~markdown\n(.*?)^~~~~$", re.MULTILINE | re.DOTALL)


def test_the_examples_are_one_dossier(tmp_path: Path) -> None:
    """All examples of the page together are a dossier without fault, digests included."""
    examples = dict(EXAMPLE.findall(PAGE))
    assert PAGE.count("~~~~markdown") == len(examples)
    dossier = read_dossier(written(tmp_path, examples))
    effects = draft_effects(dossier)
    texts = [in_force(dossier, number, effects) for number in effects]
    assert ["town@0", "town@1", "town@2"] == [text.id for text in texts]
    assert ["selling"] == [c.id for c in texts[1].clauses if c.instrument == 1]
    assert () == texts[1].principles
    assert [2] == [
        a.number for a in in_force(dossier, 2, effects, instant("2026-05-01")).admissions
    ]
    assert principles_of(dossier.statements[0], texts[0].vocabulary)


def test_the_page_names_all_that_is_read() -> None:
    """Each field, kind, mark, block, note, verb and source of the code stands on the page."""
    for known in (
        *(field for fields in FIELDS.values() for field in fields),
        *(*KINDS, *CLASSES, *LANGUAGES, *CAPACITIES, *EXPECTED, *SOURCES, *SWITCHES),
    ):
        assert f"`{known}`" in PAGE or f"`.{known}`" in PAGE or f"`{known}: " in PAGE, known
    for note in NOTES:
        assert f"{note}." in PAGE, note
    for verb in verbs():
        assert verb.capitalize() in PAGE, verb
