"""A person's private key from a file, asking for its passphrase when it has one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.consent.read import read_private
from avenant.errors import InputError
from avenant.languages import say


def key_option(command: Any) -> Any:
    """`--key FILE`: the private key."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("--key", required=True, type=kind, help=say("cli.sign.key"))(command)


def private_key(file: Path) -> Ed25519PrivateKey:
    """Read the key; raises InputError when the file is no Ed25519 key, or the passphrase is wrong."""
    try:
        return read_private(file)
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
    asked = say("phrases.colon", subject=say("cli.keys.prompt"), said="")
    secret: str = click.prompt(asked, prompt_suffix="", hide_input=True, err=True)
    return read_private(file, secret.encode())
