"""`avenant status`: who signed what, who is missing, and what is in force since when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.text import Text as Line

from avenant.cli.options import json_option, on_option
from avenant.consent.types import ConnectionRevoked, InstrumentStatus, State, Status
from avenant.languages import plural, say
from avenant.render.terminal.screen import Screen

_STYLES = {State.IN_FORCE: "green", State.PENDING: "yellow", State.AGREED: "cyan"}


@click.command("status", help=say("cli.verb.status"))
@click.argument("dossier", metavar="DOSSIER[@N]")
@on_option
@click.option(
    "--ledger", type=click.Path(exists=True, path_type=Path), help=say("cli.status.ledger")
)
@json_option
def command(dossier: str, on: str | None, ledger: Path | None, as_json: bool) -> int:
    from msgspec.structs import replace

    from avenant.agreement.reading.read import read_dossier
    from avenant.cli.write import write_json
    from avenant.consent import require_number, status, text_in_force
    from avenant.consent.revoke import shown_revocations
    from avenant.instants import instant
    from avenant.library import located

    path, number = located(dossier)
    read = read_dossier(path)
    now = instant(on) if on else datetime.now(UTC)
    known = status(read, now)
    known = known if ledger is None else by_ledger(known, ledger)
    text = text_in_force(read, now)
    known = replace(known, revoked=shown_revocations(path, text) if text else ())
    if as_json:
        write_json(known)
        return 0
    chosen = known.instruments if number is None else (require_number(known, number),)
    for instrument in chosen:
        show_instrument(instrument, open_errors(f"{path}@{instrument.number}", instrument))
        if ledger is not None and instrument.complete:
            show_deciding(instrument)
    if ledger is None and any(instrument.signatures for instrument in chosen):
        Screen().text(say("cli.status.by-signers"), style="dim")
    for revocation in known.revoked if number is None else ():
        show_revocation(revocation)
    return 0


def by_ledger(known: Status, ledger: Path) -> Status:
    """The status with the dates by which a gateway with this ledger decides."""
    from avenant.cli.extras import needs
    from avenant.cli.operator import store_of

    with needs("gateway"):
        from avenant.gateway.known import counted, known_of
        from avenant.ledger.inspection import lasting
    return counted(known, known_of(lasting(store_of(ledger, None))))


def show_deciding(instrument: InstrumentStatus) -> None:
    """One line on both dates: by which a gateway with the ledger decides, and the signers'."""
    from avenant.instants import shown

    since = shown(instrument.since)
    if instrument.counts is None:
        line = say("cli.status.not-recorded", since=since)
    else:
        line = say("cli.status.deciding", counts=shown(instrument.counts), since=since)
    Screen().text(line, 3)


def open_errors(text: str, instrument: InstrumentStatus) -> int | None:
    """How many errors the report has that all signers knew; None where today's analysis finds another."""
    from avenant.library import load

    known = {s.knowing for s in instrument.signatures}
    if len(known) != 1:
        return None
    report = load(text).check(remedies=False)
    if report.digest not in known:
        return None
    return report.open_errors


def show_instrument(instrument: InstrumentStatus, errors: int | None) -> None:
    """One line on its state and its signers, one on what they knew."""
    from avenant.instants import shown

    screen = Screen()
    line = Line(f"{instrument.number}  ")
    state = say(f"consent-state.{instrument.state.name.lower()}")
    line.append(f"{state.ljust(11)}", _STYLES.get(instrument.state, ""))
    lacking = tuple(who.party for who in instrument.lacking)
    for party in dict.fromkeys((*(s.party for s in instrument.signatures), *lacking)):
        done = party not in lacking
        line.append(f"{party} ")
        line.append("✓  " if done else "–  ", "green" if done else "dim")
    since = shown(instrument.since)
    screen.row(line, say(f"cli.status.{instrument.state.name.lower()}", since=since))
    known = dict.fromkeys(s.knowing.removeprefix("sha256:")[:8] for s in instrument.signatures)
    if known:
        knowing = plural("cli.status.knowing", len(known), digests=", ".join(known))
        if errors is not None:
            count = plural("cli.status.open", errors)
            knowing = say("phrases.colon", subject=knowing, said=count)
        screen.text(knowing, 3, "dim")


def show_revocation(revocation: ConnectionRevoked) -> None:
    """One line on a connection that is revoked, or on a file that revokes none, and why."""
    from avenant.instants import shown

    screen = Screen()
    if revocation.fault is not None:
        line = say("cli.status.no-revocation", file=revocation.file, why=revocation.fault)
        screen.text(line, 3, "yellow")
        return
    since = shown(revocation.at) if revocation.at else ""
    line = say(
        "cli.status.revoked",
        id=revocation.connection,
        since=since,
        party=revocation.party,
        why=revocation.why,
    )
    screen.text(line, 3)
