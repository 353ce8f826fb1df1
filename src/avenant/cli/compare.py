"""`avenant compare`: what changes from one text to another, proved.

avenant compare openai-dow@0 openai-dow@1
"""

from __future__ import annotations

import time

import click

from avenant.cli.options import json_option, on_option
from avenant.messages import say


@click.command("compare", help=say("cli.verb.compare"))
@click.argument("before", metavar="DOSSIER[@N]")
@click.argument("after", metavar="DOSSIER[@N]")
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@click.option("--fail-on", type=click.Choice(["looser"]), help=say("cli.compare.fail-on"))
@on_option
@json_option
def command(
    before: str,
    after: str,
    seconds: float | None,
    fail_on: str | None,
    on: str | None,
    as_json: bool,
) -> int:
    from avenant.analyse.types import Order
    from avenant.cli.app import NOT_FINISHED
    from avenant.cli.report import show_comparison
    from avenant.cli.write import write_json
    from avenant.library import load

    started = time.monotonic()
    one, other = load(before, on=on), load(after, on=on)
    stop = None if seconds is None else lambda: time.monotonic() - started > seconds
    comparison = one.compare(other, stop=stop)
    if as_json:
        write_json(comparison)
    else:
        show_comparison(other, comparison)
    if comparison.order is Order.UNFINISHED:
        return NOT_FINISHED
    looser = bool(comparison.newly_permitted.boxes)
    return 1 if fail_on and looser else 0
