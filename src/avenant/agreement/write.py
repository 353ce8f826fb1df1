"""What is written out: a text in force as one Markdown document, which says that it is derived; a proposed amendment.

print(as_markdown(text))                    # what `avenant show` prints
write_proposal(proposal, folder)            # a new file of the dossier, or an error
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from avenant.agreement.proposal import Proposal
from avenant.agreement.types import Clause, InForce
from avenant.errors import InputError
from avenant.instants import shown
from avenant.languages import language, say, trouble


def as_markdown(text: InForce) -> str:
    """The consolidated text: its title, what it is made of, its labels, then every clause as it stands."""
    return "\n\n".join(part.rstrip() for part in _parts(text)) + "\n"


def _parts(text: InForce) -> Iterator[str]:
    yield f"# {text.header.title}"
    made = ", ".join(
        say("agreement.written.made", number=number, kind=say(f"kind.{kind}"))
        for number, kind, _ in text.instruments
    )
    state = "draft" if text.draft else "derived"
    period = "until" if text.until else "since"
    values = {"text": text.id, "made": made, "since": shown(text.since)}
    yield say(
        f"agreement.written.{state}-{period}",
        **values,
        until=shown(text.until) if text.until else "",
        digest=text.digest,
    )
    for label in text.header.labels:
        yield f"**{label}**"
    for clause in text.clauses:
        yield from _written(clause)
        for admission in text.admissions:
            if admission.forbid.partition("/")[0] == clause.id:
                yield "> " + say(
                    "agreement.written.admission",
                    number=admission.number,
                    body=admission.body,
                    purposes=", ".join(admission.purposes),
                    since=shown(admission.since),
                    until=shown(admission.until),
                    past=admission.forbid,
                )
    if text.sources:
        lines = (f"- <{source.url}> ({source.retrieved})" for source in text.sources)
        yield "\n".join((say("agreement.written.sources"), "", *lines))


def _written(clause: Clause) -> Iterator[str]:
    """The clause as it stands; in a translation, with what stands in the text alone: choices, acceptances, blocks."""
    translation = clause.translations.get(language())
    if translation is None:
        yield clause.source
        return
    yield translation.source
    for choice in clause.choices:
        yield say("agreement.written.encoding", words=choice.text)
    for finding, reason in clause.accepted.items():
        yield say("agreement.written.accepted", finding=finding, reason=reason)
    for block in clause.blocks:
        yield f"```{block.language}\n{block.source.rstrip()}\n```"


def write_proposal(proposal: Proposal, folder: Path) -> list[Path]:
    """Put an amendment that nobody has signed into a dossier's folder; never over a file that is there.

    Raises InputError `file-exists`, before anything is written, or `file-not-written`.
    """
    paths = {folder / name: markdown for name, markdown in proposal.files.items()}
    for path in paths:
        if os.path.lexists(path):
            raise _not_written("file-exists", path)
    for path, markdown in paths.items():
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(markdown)
        except OSError as error:
            raise _not_written("file-not-written", path, problem=trouble(error)) from None
    return list(paths)


def _not_written(code: str, path: Path, **values: str) -> InputError:
    return InputError(
        code, say(f"remedy.{code}", file=path, **values), None, say(f"remedy.{code}-hint")
    )
