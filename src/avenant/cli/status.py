"""`avenant status`: who signed what, who is missing, and what is in force since when."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from rich.text import Text as Line

from avenant.cli.options import json_option, on_option
from avenant.cli.screen import Screen
from avenant.consent.types import InstrumentStatus, State
from avenant.messages import plural, say

_STYLES = {State.IN_FORCE: "green", State.PENDING: "yellow", State.AGREED: "cyan"}


@click.command("status", help=say("cli.verb.status"))
@click.argument("dossier", metavar="DOSSIER[@N]")
@on_option
@json_option
def command(dossier: str, on: str | None, as_json: bool) -> int:
    from avenant.agreement.read import read_dossier
    from avenant.cli.write import write_json
    from avenant.consent import require_number, status
    from avenant.instants import instant
    from avenant.library import located

    path, number = located(dossier)
    known = status(read_dossier(path), instant(on) if on else datetime.now(UTC))
    if as_json:
        write_json(known)
        return 0
    chosen = known.instruments if number is None else (require_number(known, number),)
    for instrument in chosen:
        show_instrument(instrument)
    return 0


def show_instrument(instrument: InstrumentStatus) -> None:
    """One line on its state, one on what each signer knew."""
    from avenant.instants import shown

    screen = Screen()
    state = say(f"consent-state.{instrument.state.name.lower()}")
    line = Line(f"{state.ljust(11)}", _STYLES.get(instrument.state, ""))
    signed = {s.party for s in instrument.signatures}
    lacking = {who.party for who in instrument.lacking}
    for party in dict.fromkeys((*(s.party for s in instrument.signatures), *lacking)):
        line.append(f"{party} ", "")
        line.append(
            "✓  " if party in signed - lacking else "–  ", "green" if party in signed else "dim"
        )
    since = shown(instrument.since)
    line.append(f"{instrument.number} {instrument.title}, ", "dim")
    line.append(say(f"cli.status.{instrument.state.name.lower()}", since=since), "dim")
    screen.row(line)
    known = dict.fromkeys(s.knowing.removeprefix("sha256:")[:8] for s in instrument.signatures)
    if known:
        screen.text(plural("cli.status.knowing", len(known), digests=", ".join(known)), 11, "dim")
