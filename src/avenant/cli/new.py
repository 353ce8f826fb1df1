"""`avenant new`: a dossier made of a template, complete, proved and to be made one's own.

avenant new                                        # the templates, a line each
avenant new acme-policy --from usage-policy --party supplier="Acme S.A."
avenant new charte --from town-hall --lang fr
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from avenant.cli.options import json_option
from avenant.cli.parties import named_parties, party_option
from avenant.languages import LANGUAGES, say

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class Template(msgspec.Struct, frozen=True):
    """A template: what it is for, in each language; its parties; `authoritative` where one language always is.

    `translated`: the dossier holds its translation into the other language too.
    """

    id: str
    line: dict[str, str]
    parties: tuple[str, ...]
    authoritative: str | None = None
    translated: bool = False


class Templates(msgspec.Struct, frozen=True):
    """All templates there are."""

    templates: tuple[Template, ...]


class Started(msgspec.Struct, frozen=True):
    """A dossier that was made of a template; `open` are the parties whose names are still to be filled in."""

    dossier: str
    template: str
    language: str
    files: tuple[str, ...]
    open: tuple[str, ...]


@click.command("new", help=say("cli.verb.new"))
@click.argument("name", required=False)
@click.option("--from", "template", metavar="TEMPLATE", help=say("new.from"))
@party_option
@json_option
def command(name: str | None, template: str | None, parties: tuple[str, ...], as_json: bool) -> int:
    from avenant.agreement.template import filled, parties_of
    from avenant.cli.write import write_json
    from avenant.errors import InputError
    from avenant.importing.types import fault
    from avenant.importing.write import make_dossier
    from avenant.source.nodes import did_you_mean

    known = templates()
    if name is None and template is None:
        if parties:
            raise InputError("no-name", say("new.no-name"), None, say("new.no-name-hint"))
        write_json(Templates(known)) if as_json else _list(known)
        return 0
    chosen = next((t for t in known if t.id == template), None)
    if template is None or chosen is None:
        message = say("new.unknown", name=template) if template else say("new.no-template")
        raise InputError(
            "unknown-template", message, None, did_you_mean(template or "", [t.id for t in known])
        )
    if not name:
        raise InputError("no-name", say("new.no-name"), None, say("new.no-name-hint"))
    folder = Path(name) if "/" in name else Path("agreements") / name
    id = folder.absolute().name
    if not re.fullmatch(r"[a-z][a-z0-9-]*", id):
        raise fault("bad-dossier-id", None, id=id)
    language = chosen.authoritative or _spoken()
    names = named_parties(parties, chosen.parties)
    today = datetime.now(UTC).date().isoformat()
    files = {file: filled(text, id, today, names) for file, text in texts(chosen, language).items()}
    make_dossier(folder, files)
    standing = parties_of(files["0-agreement.md"])
    made = Started(
        id,
        chosen.id,
        language,
        tuple(str(folder / file) for file in files),
        tuple(party for party in standing if party not in names),
    )
    if as_json:
        write_json(made)
    else:
        _show(made, folder)
    return 0


def templates() -> tuple[Template, ...]:
    """All templates, in the order of their names."""
    found = (_template(folder) for folder in _folder().iterdir() if folder.is_dir())
    return tuple(sorted((t for t in found if t is not None), key=lambda t: t.id))


def texts(template: Template, language: str) -> dict[str, str]:
    """The files of a dossier of this template, with the authoritative text in a language."""
    from avenant.agreement.template import translation_of

    folder = _folder() / template.id
    files = {"0-agreement.md": (folder / f"{language}.md").read_text(encoding="utf-8")}
    if template.translated:
        other = next(name for name in LANGUAGES if name != language)
        text = (folder / f"{other}.md").read_text(encoding="utf-8")
        files[f"0-agreement.{other}.md"] = translation_of(text)
    return files


def _folder() -> Traversable:
    from importlib.resources import files

    return files("avenant") / "templates"


def _template(folder: Traversable) -> Template | None:
    import tomllib

    from avenant.agreement.template import parties_of

    about = folder / "template.toml"
    if not about.is_file():
        return None
    said = tomllib.loads(about.read_text(encoding="utf-8"))
    parties = tuple(parties_of((folder / "en.md").read_text(encoding="utf-8")))
    return msgspec.convert({**said, "id": folder.name, "parties": parties}, Template)


def _spoken() -> str:
    from avenant.languages import language

    return language()


def _list(known: tuple[Template, ...]) -> None:
    from avenant.render.terminal.screen import Screen

    screen = Screen()
    for template in known:
        screen.columns(f"  {template.id}", template.line[_spoken()], 18)
    screen.blank()
    screen.text(say("new.how", template=known[0].id, party=known[0].parties[0]))


def _show(made: Started, folder: Path) -> None:
    from avenant.render.terminal.screen import Screen

    screen = Screen()
    for file in made.files:
        screen.row(file)
    if made.open:
        screen.text(say("new.open", parties=", ".join(made.open)))
    screen.text(say("new.next", folder=folder))
