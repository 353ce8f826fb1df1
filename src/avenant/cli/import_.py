"""`avenant import`: a dossier made of a text that exists, in Word, PDF, Markdown, HTML or plain text.

avenant import policy.docx                        # makes agreements/policy/0-agreement.md
avenant import policy.docx --changes accepted     # where the text has tracked changes
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from avenant.cli.options import json_option
from avenant.cli.parties import named_parties, party_option
from avenant.findings.types import Finding
from avenant.languages import LANGUAGES, say

if TYPE_CHECKING:
    from avenant.importing.cut import Cut, Section
    from avenant.importing.types import Changes, Reading
    from avenant.library import Text

ROLES = {"supplier": "provider", "customer": "customer"}


class ImportedClause(msgspec.Struct, frozen=True):
    """A clause that was made; `operative` ones hold a slot for their rule. `ours`: its heading is not the source's."""

    id: str
    number: str
    heading: str
    kind: str
    ours: bool


class LeftOut(msgspec.Struct, frozen=True):
    """What of the source was left out or changed, how often, with some examples."""

    code: str
    count: int
    examples: tuple[str, ...]


class Imported(msgspec.Struct, frozen=True):
    """A dossier that was made of a source, and the first findings on its words."""

    dossier: str
    file: str
    source: str
    title: str
    language: str
    clauses: tuple[ImportedClause, ...]
    left: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]

    @property
    def slots(self) -> int:
        """How many rules are to be written."""
        return sum(clause.kind == "operative" for clause in self.clauses)


@click.command("import", help=say("cli.verb.import"))
@click.argument("file", metavar="FILE")
@click.option("--into", metavar="FOLDER", help=say("import.verb.into"))
@click.option("--language", type=click.Choice(LANGUAGES), help=say("import.verb.language"))
@click.option(
    "--changes", type=click.Choice(["accepted", "original"]), help=say("import.verb.changes")
)
@click.option("--encoding", metavar="NAME", help=say("import.verb.encoding"))
@party_option
@json_option
def command(
    file: str,
    into: str | None,
    language: str | None,
    changes: Changes | None,
    encoding: str | None,
    parties: tuple[str, ...],
    as_json: bool,
) -> int:
    from avenant.cli.write import write_json
    from avenant.importing.compose import Front, markdown
    from avenant.importing.cut import cut_up, slug
    from avenant.importing.read import read_source
    from avenant.importing.types import fault
    from avenant.importing.write import free, make_dossier
    from avenant.library import load
    from avenant.render.terminal.screen import progress

    names = named_parties(parties, tuple(ROLES))
    source = Path(file)
    folder = Path(into) if into else Path("agreements") / (slug(source.stem) or "text")
    id = folder.absolute().name
    if not re.fullmatch(r"[a-z][a-z0-9-]*", id):
        raise fault("bad-dossier-id", None, id=id)
    free(folder)
    with progress(say("import.verb.reading")) as told:
        reading = read_source(
            source,
            changes=changes,
            encoding=encoding,
            progress=lambda file, page: told(say("render.page-of", file=file, page=page)),
        )
        spoken = language or _language(reading, source.name)
        cut = cut_up(reading, _title(source), spoken)
        named = tuple(
            (id, names.get(id) or say(f"import.party-{id}", lang=spoken), role)
            for id, role in ROLES.items()
        )
        front = Front(id, spoken, datetime.now(UTC).date().isoformat(), named)
        make_dossier(folder, {"0-agreement.md": markdown(cut, front)})
        findings = _wording(load(folder))
    imported = Imported(
        id,
        str(folder / "0-agreement.md"),
        source.name,
        cut.title,
        spoken,
        tuple(_clause(section) for section in cut.sections),
        tuple(_left(reading, cut)),
        findings,
    )
    if as_json:
        write_json(imported)
    else:
        _show(imported, folder)
    return 0


def _language(reading: Reading, file: str) -> str:
    from avenant.importing.types import fault
    from avenant.languages.detect import language_of

    found = language_of(" ".join(passage.words for passage in reading.passages))
    if found is None:
        raise fault("language-unknown", file)
    return found


def _title(source: Path) -> str:
    words = re.sub(r"[\W_]+", " ", source.stem).strip()
    return words[:1].upper() + words[1:] or say("import.verb.untitled")


def _clause(section: Section) -> ImportedClause:
    return ImportedClause(section.id, section.number, section.heading, section.kind, section.ours)


def _left(reading: Reading, cut: Cut) -> Sequence[LeftOut]:
    left = [LeftOut(item.code, item.count, item.examples) for item in reading.left]
    if cut.renumbered:
        left.append(LeftOut("renumbered", len(cut.renumbered), cut.renumbered[:8]))
    ours = tuple(section.heading for section in cut.sections if section.ours)
    return [*left, LeftOut("ours", len(ours), ours)] if ours else left


def _wording(text: Text) -> tuple[Finding, ...]:
    from avenant.prose import wording

    return wording(text.in_force)


def _show(imported: Imported, folder: Path) -> None:
    from rich.text import Text as Line

    from avenant.languages import plural, quoted
    from avenant.render.terminal.screen import Screen, word

    screen = Screen()
    spoken = say(f"import.language.{imported.language}")
    counts = [
        plural("import.clauses", len(imported.clauses)),
        plural("import.slots", imported.slots),
    ]
    came = say("import.verb.source", source=imported.source, language=spoken)
    screen.row(f"{imported.file}, {came}")
    screen.row(f"{quoted(imported.title)} · {' · '.join(counts)}")
    screen.blank()
    for clause in imported.clauses:
        label = clause.heading if len(clause.heading) < 60 else clause.heading[:59] + "…"
        screen.row(f"  {label}  #{clause.id}", say(f"import.kind.{clause.kind}"))
    if imported.left:
        screen.blank()
        screen.row(say("import.verb.left"), style="bold")
        for item in imported.left:
            examples = ", ".join(quoted(e) for e in item.examples[:4])
            line = say(f"import.left.{item.code}", count=item.count)
            screen.text(f"{line}   {examples}".rstrip(), 2)
    if imported.findings:
        screen.blank()
        screen.row(say("import.verb.wording"), style="bold")
        for finding in imported.findings:
            kind = word(finding.severity, say(f"severity.{finding.severity}"), 14)
            screen.row(Line.assemble("  ", kind, finding.title, " ", finding.told), finding.at)
    screen.blank()
    screen.text(say("import.verb.next", folder=folder))
