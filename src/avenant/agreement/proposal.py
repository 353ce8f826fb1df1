"""An amendment that nobody has signed: its files as Markdown, and the instrument that they hold, both in memory.

    proposal = propose(dossier, [("insert", "surveillance", {"en": "### …"})], "stricter", {"en": "…"}, {"en": "…"})
    proposal.files                      # {"2-amendment.md": "---…"}: the next number, and a file a language
    read_proposal(proposal)             # read as from files, so that what is proved of it is true of them

It is dated as its predecessor: a proposal takes effect when it is signed, and never before what it follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from avenant.agreement.canonical import digest
from avenant.agreement.reading.front import FORMAT
from avenant.agreement.reading.instrument import FileName, read_instrument
from avenant.agreement.reading.translation import add_translation
from avenant.agreement.types import Dossier, Instrument, Verb
from avenant.instants import written
from avenant.languages.read import lexicon
from avenant.source.diagnostics import Diagnostics
from avenant.source.markdown import read_markdown

_KIND = "amendment"


class Proposal(Struct, frozen=True):
    """Files that are not written yet: their names in the dossier, and their Markdown; the authoritative one first."""

    number: int
    files: Mapping[str, str]

    @property
    def markdown(self) -> str:
        """The authoritative file."""
        return next(iter(self.files.values()))


def propose(
    dossier: Dossier,
    changes: Sequence[tuple[Verb, str, Mapping[str, str]]],
    order: str,
    titles: Mapping[str, str],
    introductions: Mapping[str, str],
) -> Proposal:
    """The next amendment, in each language of `titles`, the agreement's own first.

    `changes` are a verb, a clause in force, and by language the new clause with its heading at level 3, if any; `order`
    is what the instrument says of itself, and `compare` proves.
    """
    last = dossier.instruments[-1]
    number = last.number + 1
    files: dict[str, str] = {}
    for lang, title in titles.items():
        front = [
            f"avenant: {FORMAT}",
            f"agreement: {last.agreement}",
            f"instrument: {_KIND}",
            f"number: {number}",
            f"title: {json.dumps(title, ensure_ascii=False)}",
            f"language: {lang}",
        ]
        if lang == last.language:
            front += [
                f"effective: {written(last.effective)}",
                f"previous: {last.digest}",
                f"order: {order}",
            ]
        parts = ["---\n" + "\n".join(front) + "\n---", f"# {title}", introductions[lang]]
        for verb, clause, new in changes:
            parts.append(f"## {_heading(verb, lang)} {{#{clause}}}")
            parts += [new[lang]] if new else []
        suffix = "" if lang == last.language else f".{lang}"
        files[f"{number}-{_KIND}{suffix}.md"] = "\n\n".join(parts) + "\n"
    return Proposal(number, files)


def read_proposal(proposal: Proposal) -> Instrument:
    """The amendment as it would be read from its files. Raises InputErrors where they could not be."""
    faults = Diagnostics()
    instrument: Instrument | None = None
    for file, markdown in proposal.files.items():
        document = read_markdown(markdown, file, faults)
        language = file.removesuffix(".md").partition(".")[2] or None
        name = FileName(proposal.number, _KIND, language, file)
        file_digest = digest(markdown.encode())
        if instrument is None:
            instrument = read_instrument(document, name, file_digest, faults)
        else:
            instrument = add_translation(instrument, document, name, file_digest, faults)
    faults.raise_all()
    assert instrument is not None  # else its front matter was at fault
    return instrument


def _heading(verb: Verb, language: str) -> str:
    """`Insert after`, as a language says it."""
    first: str = lexicon(language, "format")["verbs"][verb][0]
    return first.capitalize()
