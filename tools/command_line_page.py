"""Writes `docs/reference/command-line.md`: every verb with its arguments and options, as the command says them.

python tools/command_line_page.py        # a test holds the page to the command
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from avenant.cli.app import VERBS, app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "command-line.md"

HEAD = """\
# The command line

<!-- Written by tools/command_line_page.py; change src/avenant/cli or the catalogue of messages instead. -->

A DOSSIER is a folder, or the id of one under `./agreements`. `DOSSIER@N` is the text after instrument N, superseded or
not; without `@N`, the text in force at `--on`, by default now. An unsigned text counts from its own dates and is called
a draft. A DATE is `2026-03-02` (midnight UTC) or an instant such as `2026-03-02T14:30:00Z`. A fact is `axis=category`.

What people read is 100 columns wide and has colour on a terminal only; `NO_COLOR` takes it away, and the word is always
there too. `--lang en` and `--lang fr` are welcome before and behind the verb; without them,
`LC_ALL`, `LC_MESSAGES` or `LANG` decides. Where an instrument has a translation into that language, its words and
titles are the ones quoted. With `--json`, a verb prints one value of the data model, whose schema
`avenant schema NAME` prints; its sentences are in the language too, and no digest depends on them.

| exit | meaning |
|---|---|
| 0 | good; permitted |
| 1 | an error is open, something holds trivially, not permitted, a damaged ledger, `--fail-on`, nothing found |
| 2 | bad input: said on standard error, each fault with its place and what to do |
| 3 | not finished: it is not known whether a principle is kept, or whether more is to be found; not compared |
| 70 | a fault of Avenant, with the file to report |
| 130, 141 | interrupted; whoever read the output has left |
"""


def page() -> str:
    """The whole page."""
    context = click.Context(app, info_name="avenant", **app.context_settings)
    lines = [HEAD]
    for verb in VERBS:
        command = app.get_command(context, verb)
        assert command is not None
        lines.extend(_verb(command, context, "##"))
    return "\n".join(lines)


def _verb(command: click.Command, parent: click.Context, level: str) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    yield f"{level} `{context.command_path}`"
    yield ""
    said = command.help or ""
    yield f"{said[:1].upper()}{said[1:]}."
    yield ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _verb(below, context, "###")
        return
    yield "```text"
    yield " ".join(
        (context.command_path, *(a.make_metavar(context) for a in _arguments(command)), "[OPTIONS]")
    )
    yield "```"
    yield ""
    options = list(_options(command))
    if options:
        yield "| option | |"
        yield "|---|---|"
        yield from (f"| {_written(option, context)} | {_told(option)} |" for option in options)
        yield ""


def _arguments(command: click.Command) -> list[click.Argument]:
    return [p for p in command.params if isinstance(p, click.Argument)]


def _options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


def _written(option: click.Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    return f"`{option.opts[0]}{value}`".replace("|", "\\|")


def _told(option: click.Option) -> str:
    notes = [option.help or ""]
    if option.required:
        notes.append("required")
    if option.multiple:
        notes.append("may be repeated")
    if option.show_default:
        notes.append(f"by default {option.default}")
    return "; ".join(notes)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
