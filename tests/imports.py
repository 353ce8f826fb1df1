"""What a test of `import` looks at: the words of a dossier in order, as its own reader reads them."""

from __future__ import annotations

import re
from pathlib import Path

from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import Section, read_markdown

OURS = ("Vocabulary and facts", "Vocabulaire et faits", "Preamble", "Préambule", "Text", "Texte")


def words_of(text: str) -> list[str]:
    """The words of a text: letters and digits, without signs."""
    return re.findall(r"[^\W_]+", text)


def sections(folder: Path) -> list[Section]:
    """All sections of the agreement in a folder, without our clause at the end."""
    faults = Diagnostics()
    text = (folder / "0-agreement.md").read_text(encoding="utf-8")
    found = read_markdown(text, "0-agreement.md", faults).sections
    faults.raise_all()
    return [s for s in found[:-1] if s.heading or s.paragraphs]


def imported_words(folder: Path) -> list[str]:
    """Every word that the import holds, headings of ours left out."""
    return [
        word
        for section in sections(folder)
        for part in (section.heading.words if section.heading else "", *section.paragraphs)
        if part not in OURS
        for word in words_of(part)
    ]


def ids(folder: Path) -> list[str]:
    """The ids of the clauses, in order."""
    return [s.heading.id for s in sections(folder) if s.heading and s.heading.level == 2]
