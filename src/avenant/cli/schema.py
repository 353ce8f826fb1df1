"""`avenant schema NAME`: the JSON schema of what `--json` prints, stores and sends.

avenant schema Decision
"""

from __future__ import annotations

import click

from avenant.messages import say

# name -> module: each is a type of the data model that some command prints or the ledger keeps.
TYPES = {
    "Decision": "avenant.decide.types",
    "Report": "avenant.analyse.types",
    "Comparison": "avenant.analyse.types",
    "Status": "avenant.consent.types",
    "Signed": "avenant.consent.signed",
    "Attestation": "avenant.consent.attest",
    "Record": "avenant.ledger.record",
    "Receipt": "avenant.ledger.receipt",
    "Verified": "avenant.ledger.verify",
}


@click.command("schema", help=say("cli.verb.schema"))
@click.argument("name", type=click.Choice(list(TYPES)))
def command(name: str) -> None:
    from importlib import import_module

    import msgspec

    from avenant.cli.write import write_json

    write_json(msgspec.json.schema(getattr(import_module(TYPES[name]), name)))
