"""`avenant export DOSSIER --cedar DIR`: the text in force for stock Cedar.

Writes `policies.cedar`, `entities.json` and `schema.cedarschema`; any Cedar decides complete uses with them as Avenant
does, and `serve --cedar DIR` checks against exactly these files.
"""

from __future__ import annotations

from pathlib import Path

import click

from avenant.cli.options import dossier_argument, on_option
from avenant.languages import say


@click.command("export", help=say("cli.verb.export"))
@dossier_argument
@click.option(
    "--cedar",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=say("cli.export.cedar"),
)
@on_option
def command(dossier: str, cedar: Path, on: str | None) -> None:
    from avenant.library import load
    from avenant.rules.export import export
    from avenant.rules.write import write_exported

    text = load(dossier, on=on).in_force
    for file in write_exported(export(text.rules, text.vocabulary), cedar):
        click.echo(file)
