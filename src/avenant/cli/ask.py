"""`avenant ask`: one use, decided; its facts are supposed established, and that is said where nobody could.

avenant ask openai-dow organisation=nsa operation=translate purpose=translation legality=lawful
"""

from __future__ import annotations

from pathlib import Path

import click

from avenant.cli.options import dossier_argument, json_option, on_option
from avenant.languages import say


@click.command("ask", help=say("cli.verb.ask"))
@dossier_argument
@click.argument("facts", nargs=-1, metavar="[AXIS=CATEGORY]...")
@click.option("--claimed", multiple=True, metavar="AXIS=CATEGORY", help=say("cli.ask.claimed"))
@click.option("--suspected", multiple=True, metavar="AXIS=CATEGORY", help=say("cli.ask.suspected"))
@click.option("--model", metavar="NAME", help=say("decide.ask-model"))
@click.option("--tool", multiple=True, metavar="NAME", help=say("decide.ask-tool"))
@click.option(
    "--request",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("cli.ask.request"),
)
@click.option("--connection", metavar="NAME", help=say("cli.ask.connection"))
@on_option
@json_option
def command(
    dossier: str,
    facts: tuple[str, ...],
    claimed: tuple[str, ...],
    suspected: tuple[str, ...],
    model: str | None,
    tool: tuple[str, ...],
    request: Path | None,
    connection: str | None,
    on: str | None,
    as_json: bool,
) -> int:
    from avenant.cli.write import write_json
    from avenant.decide.facts import facts_of_names
    from avenant.decide.types import Outcome
    from avenant.instants import instant
    from avenant.library import asked, load
    from avenant.render.terminal.decision import show_decision

    stated = bool(facts or suspected or model or tool)
    _require_one_way(request is not None, stated, connection is not None)
    text = load(dossier, on=on)
    if request is not None:
        from avenant.cli.extras import needs

        with needs("gateway"):
            from avenant.gateway.rehearse import rehearsed

        moment = instant(on) if on else None
        given = rehearsed(text, request, connection, claimed, now=moment)
    else:
        named = facts_of_names(model, tool, text.in_force.facts, text.in_force.vocabulary)
        given = (*asked(facts, claimed, suspected), *named)
    decision = text.decide(given)
    if as_json:
        write_json(decision)
    else:
        show_decision(text, decision, supposed=request is None)
    return 0 if decision.outcome is Outcome.PERMITTED else 1


def _require_one_way(request: bool, facts: bool, connection: bool) -> None:
    """A use is asked by its facts, or a call by its body: what the other way would ignore is an error."""
    from avenant.errors import InputError

    if request and facts:
        message, hint = say("cli.ask.facts-of-request"), say("cli.ask.facts-of-request-hint")
        raise InputError("facts-of-request", message, None, hint)
    if connection and not request:
        message, hint = say("cli.ask.no-request"), say("cli.ask.no-request-hint")
        raise InputError("no-request", message, None, hint)
