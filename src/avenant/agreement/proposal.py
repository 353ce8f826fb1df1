"""An amendment that nobody has signed: its file as Markdown, and the dossier with it, both in memory.

    proposal = propose(dossier, [("insert", "surveillance", "### 8a. … {#…}\\n\\n…")], "Surveillance", ["…"])
    proposal.name                       # "2-amendment.md": the next number
    with_proposal(dossier, proposal)    # read as from a file, so that what is proved of it is true of the file

It is dated as its predecessor: a proposal takes effect when it is signed, and never before what it follows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from avenant.agreement.canonical import digest
from avenant.agreement.faults import Faults
from avenant.agreement.front import FORMAT
from avenant.agreement.instrument import VERBS, FileName, read_instrument
from avenant.agreement.markdown import read_markdown
from avenant.agreement.types import Dossier, Verb
from avenant.instants import written

_KIND = "amendment"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file that is not written yet: its name in the dossier, and its Markdown."""

    number: int
    name: str
    markdown: str


def propose(
    dossier: Dossier,
    changes: Sequence[tuple[Verb, str, str]],
    title: str,
    introduction: Sequence[str],
) -> Proposal:
    """The next amendment; `changes` are a verb, a clause in force, and the new clause with its heading at level 3."""
    last = dossier.instruments[-1]
    number = last.number + 1
    front = (
        f"avenant: {FORMAT}",
        f"agreement: {last.agreement}",
        f"instrument: {_KIND}",
        f"number: {number}",
        f"title: {json.dumps(title, ensure_ascii=False)}",
        f"language: {last.language}",
        f"effective: {written(last.effective)}",
        f"previous: {last.digest}",
    )
    parts = ["---\n" + "\n".join(front) + "\n---", f"# {title}", *introduction]
    for verb, clause, new in changes:
        parts.append(f"## {_heading(verb, last.language)} {{#{clause}}}")
        if new:
            parts.append(new)
    return Proposal(number, f"{number}-{_KIND}.md", "\n\n".join(parts) + "\n")


def with_proposal(dossier: Dossier, proposal: Proposal) -> Dossier:
    """The dossier as it would be with the file in it. Raises InputErrors where the file could not be read."""
    faults = Faults()
    document = read_markdown(proposal.markdown, proposal.name, faults)
    name = FileName(proposal.number, _KIND, None, proposal.name)
    instrument = read_instrument(document, name, digest(proposal.markdown.encode()), faults)
    faults.raise_all()
    assert instrument is not None  # else its front matter was at fault
    return replace(dossier, instruments=(*dossier.instruments, instrument))


def _heading(verb: Verb, language: str) -> str:
    """`Insert after`, as the language of the agreement says it."""
    words = [w for w, meant in VERBS.items() if meant == verb and "end" not in w and "fin" not in w]
    return words[0 if language == "en" else -1].capitalize()
