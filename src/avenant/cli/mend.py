"""`avenant mend`: what the ledger keeps of a dossier, written back into its folder."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.cli.operator import config_option, store_of
from avenant.languages import plural, say


@click.command("mend", help=say("cli.verb.mend"))
@click.argument("dossier", metavar="DOSSIER", type=click.Path(file_okay=False, path_type=Path))
@click.option("--ledger", type=click.Path(path_type=Path), help=say("cli.mend.ledger"))
@config_option
@click.option("--overwrite", is_flag=True, help=say("cli.mend.overwrite"))
def command(dossier: Path, ledger: Path | None, config: Path | None, overwrite: bool) -> int:
    from avenant.cli.extras import needs

    with needs("gateway"):
        from avenant.gateway.mend import mended
        from avenant.gateway.read import Folder

    written = mended(Folder(dossier), store_of(ledger, config), overwrite=overwrite)
    for name in written:
        click.echo(dossier / name)
    click.echo(plural("cli.mend.written", len(written)) if written else say("cli.mend.nothing"))
    return 0
