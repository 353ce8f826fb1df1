"""Arguments and options that several verbs share."""

from __future__ import annotations

from typing import Any

import click

from avenant.languages import say

dossier_argument = click.argument("dossier", metavar="DOSSIER[@N]")


def json_option(command: Any) -> Any:
    """`--json`: print the data model instead of a screen."""
    return click.option("--json", "as_json", is_flag=True, help=say("cli.json"))(command)


def on_option(command: Any) -> Any:
    """`--on DATE`: as the text stands at that moment."""
    return click.option("--on", metavar="DATE", help=say("cli.on"))(command)
