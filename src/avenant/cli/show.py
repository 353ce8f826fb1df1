"""`avenant show`: the text in force, as prose and rules; or one clause of it with its rules in plain words."""

from __future__ import annotations

import click

from avenant.cli.options import dossier_argument, on_option
from avenant.languages import language, quoted, say


@click.command("show", help=say("cli.verb.show"))
@dossier_argument
@click.argument("clause", required=False)
@on_option
def command(dossier: str, clause: str | None, on: str | None) -> None:
    from avenant.agreement.write import as_markdown
    from avenant.library import load

    text = load(dossier, on=on).in_force
    if clause is None:
        click.echo(as_markdown(text), nl=False)
        return
    from avenant.errors import InputError
    from avenant.render.terminal.screen import Screen
    from avenant.rules.render import render, spoken
    from avenant.source.nodes import did_you_mean

    found = text.clause(clause)
    if found is None:
        message = say("cli.show.no-clause", clause=clause, text=text.id)
        raise InputError(
            "no-clause", message, None, did_you_mean(clause, [c.id for c in text.clauses])
        )
    screen = Screen()
    said = found.translations.get(language(), found)
    screen.row(f"{found.label}  {said.title}", str(said.at), "bold")
    screen.text(quoted(spoken(found.prose)), 4)
    for rule in found.rules:
        screen.row(f"    {render(rule, text.vocabulary)}.", str(rule.at))
    for choice in found.choices:
        screen.text(say("cli.check.rests-on", choice=choice.text), 4, "dim")
