"""`avenant serve`: the gateway. Every call is decided, recorded, and only then forwarded."""

from __future__ import annotations

from pathlib import Path

import click

from avenant.languages import say

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("serve", help=say("cli.verb.serve"))
@click.argument("dossier", metavar="DOSSIER")
@click.option("--upstream", metavar="URL", help=say("cli.serve.upstream"))
@click.option("--config", type=_FILE, help=say("cli.serve.config"))
@click.option("--cedar", type=_FOLDER, help=say("cli.serve.cedar"))
@click.option("--new-ledger", is_flag=True, help=say("cli.serve.new-ledger"))
def command(
    dossier: str,
    upstream: str | None,
    config: Path | None,
    cedar: Path | None,
    new_ledger: bool,
) -> int:
    from avenant.cli.extras import needs
    from avenant.cli.interrupt import heed_interrupts

    with needs("gateway"):
        from avenant.gateway.serve import serve
    from avenant.errors import InputError
    from avenant.library import located

    heed_interrupts()
    path, number = located(dossier)
    if number is not None:
        hint = say("cli.serve.number-hint", path=path)
        raise InputError("number", say("cli.serve.number"), None, hint)
    return serve(
        path, upstream=upstream, config=config, cedar=cedar, new_ledger=new_ledger, tell=_tell
    )


def _tell(line: str) -> None:
    click.echo(line)
