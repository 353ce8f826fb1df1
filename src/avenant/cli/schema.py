"""`avenant schema NAME`: the JSON schema of what `--json` prints, and of what is stored and sent.

    avenant schema Decision

Each schema has a version of its own; `docs/reference/json.md` says when it changes. What `--json` prints names its
schema in the field `schema`, `avenant/decision@2`; what is signed or stored has no such field, its bytes being fixed.
"""

from __future__ import annotations

from typing import Any

import click

from avenant.cli.write import PRINTED, label
from avenant.languages import say

# name -> module: each is a type of the data model that some command prints or the ledger keeps; after a colon, the
# type that is printed under that name.
TYPES = {
    "Imported": "avenant.cli.import_",
    "Started": "avenant.cli.new",
    "Templates": "avenant.cli.new",
    "Decision": "avenant.decide.types:Explained",
    "Report": "avenant.analyse.types",
    "Comparison": "avenant.analyse.types",
    "Wording": "avenant.prose.types",
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
    from avenant.cli.write import write_json

    write_json(schema(name))


def schema(name: str) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a type, under its name and version."""
    from importlib import import_module

    import msgspec

    module, _, printed = TYPES[name].partition(":")
    made = msgspec.json.schema(getattr(import_module(module), printed or name))
    if name in PRINTED:
        fields = made["$defs"][printed or name]
        fields["properties"] = {"schema": {"const": label(name)}, **fields["properties"]}
        fields["required"] = ["schema", *fields["required"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, "$id": f"urn:{label(name).replace('/', ':').replace('@', ':')}", **made}
