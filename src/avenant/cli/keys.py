"""`avenant keys new FILE`: an Ed25519 signing key in OpenSSH's form, and the line that names it in an agreement."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.cli.usage import Group
from avenant.languages import say


@click.group("keys", cls=Group, help=say("cli.verb.keys"))
def command() -> None:
    pass


@command.command("new", help=say("cli.keys.new"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--comment", default="", help=say("cli.keys.comment"))
def new(file: Path, comment: str) -> None:
    from avenant.consent.keys import new_key
    from avenant.consent.write import write_key

    key = write_key(file, new_key(), comment)
    click.echo(say("cli.keys.made", file=file, id=key.id), err=True)
    click.echo(str(key))
