"""`avenant ledger verify | show | prove | export`: what was recorded, for somebody who trusts none of us."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text as Line

from avenant.cli.extras import needs
from avenant.cli.options import json_option
from avenant.cli.usage import Group
from avenant.languages import plural, say

if TYPE_CHECKING:
    from avenant.ledger.record import Record
    from avenant.ledger.verify import Verified

_SHOWN = 40  # problems named on the screen; the JSON has all
_where = click.argument(
    "ledger",
    default="ledger",
    type=click.Path(exists=True, path_type=Path),
    metavar="[LEDGER|COPY]",
)


@click.group("ledger", cls=Group, help=say("cli.verb.ledger"))
def command() -> None:
    pass


@command.command("verify", help=say("cli.ledger.verify"))
@_where
@click.option("--key", metavar="KEY", help=say("cli.ledger.key"))
@click.option(
    "--at-least",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("cli.ledger.at-least"),
)
@click.option("--ended", is_flag=True, help=say("cli.ledger.ended"))
@json_option
def verify(ledger: Path, key: str | None, at_least: Path | None, ended: bool, as_json: bool) -> int:
    from avenant.cli.write import write_json

    with needs("gateway"):
        from avenant.ledger import verify as verifying

    held = at_least.read_text(encoding="utf-8") if at_least else None
    verified = verifying.verify(_store(ledger), key, held, ended)
    if as_json:
        write_json(verified)
    else:
        _show_verified(verified, trusted=key is not None)
    return 0 if verified.good else 1


@command.command("show", help=say("cli.ledger.show"))
@_where
@click.option("--last", type=int, default=20, show_default=True, help=say("cli.ledger.last"))
@click.option("--entry", type=int, metavar="N", help=say("cli.ledger.entry"))
@json_option
def show(ledger: Path, last: int, entry: int | None, as_json: bool) -> None:
    from avenant.cli.write import write_json
    from avenant.render.terminal.screen import Screen

    with needs("gateway"):
        from avenant.ledger.inspection import records

    chosen = list(records(_store(ledger), entry, last))
    if as_json or entry is not None:
        write_json([record for _, record in chosen] if entry is None else chosen[0][1])
        return
    screen = Screen()
    for index, record in chosen:
        screen.row(_line(index, record))


@command.command("prove", help=say("cli.ledger.prove"))
@click.argument("entry", type=int)
@_where
def prove(entry: int, ledger: Path) -> None:
    with needs("gateway"):
        from avenant.ledger.inspection import receipt

    click.echo(receipt(_store(ledger), entry).json())


@command.command("export", help=say("cli.ledger.export"))
@click.argument("ledger", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
def export(ledger: Path, folder: Path) -> None:
    with needs("gateway"):
        from avenant.ledger.export import export as exported

    size = exported(_store(ledger), folder)
    click.echo(plural("cli.ledger.exported", size, folder=str(folder)))


def _store(ledger: Path) -> Path:
    """A ledger's folder means the store in it; a copy for auditors is a folder with a checkpoint."""
    store = ledger / "ledger.db"
    return store if store.is_file() else ledger


def _show_verified(verified: Verified, *, trusted: bool) -> None:
    from avenant.render.terminal.screen import Screen, word

    screen = Screen()
    counts = ", ".join(plural(f"cli.ledger.kind.{k}", n) for k, n in verified.counts.items() if n)
    if verified.good:
        line = word("verified", say("cli.ledger.verified"))
        line.append(
            "   "
            + plural("cli.ledger.entries", verified.size, counts=counts)
            + say("cli.ledger.root", root=verified.root[:8])
        )
        screen.row(line)
    for problem in verified.problems[:_SHOWN]:
        line = word("damaged", say("cli.ledger.damaged"))
        line.append(f"    {problem.message}")
        screen.row(line)
    if not verified.good:
        screen.text(plural("cli.ledger.intact", verified.intact), 11)
    if not trusted and verified.key:
        # `name+hash+key`: name and hash tell it apart, the rest is for whoever gives it.
        named = "+".join(verified.key.split("+")[:2])
        screen.text(say("cli.ledger.own-key", key=named), style="dim")


def _line(index: int, record: Record) -> Line:
    from avenant.render.terminal.screen import STYLES

    moment = datetime.fromtimestamp(record.at / 1e9, UTC)
    body = record.body
    outcome = str(body.get("outcome", ""))
    kind = say(f"ledger.kind.{record.kind}")
    line = Line(f"{index:6}  {moment:%Y-%m-%d %H:%M:%S}  {kind.ljust(12)} ", "")
    shown = say(f"outcome.{outcome}") if outcome else ""
    line.append(shown.ljust(13), STYLES.get(outcome, ""))
    told = [body.get(name) for name in ("connection", "text", "reason", "agreement")]
    line.append(" ".join(str(word) for word in told if word))
    return line
