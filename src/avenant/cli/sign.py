"""`avenant sign`: one party signs one instrument, knowing the report of what it lets through.

    avenant sign openai-dow/1-amendment.md --key supplier.key --as supplier --knowing 8d10b7e2

Signing in haste is possible, signing blind is not: while errors are open, the report's digest must be named.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avenant.cli.private import key_option
from avenant.languages import plural, say

if TYPE_CHECKING:
    from avenant.analyse.types import Report

_INSTRUMENT = re.compile(r"(?P<number>\d+)-[a-z-]+(\.[a-z]{2})?\.md")
_LEAST = 8  # hex digits of a digest that a person must name


@click.command("sign", help=say("cli.verb.sign"))
@click.argument("instrument", metavar="DOSSIER/N-KIND.md|DOSSIER@N")
@key_option
@click.option("--as", "party", required=True, metavar="PARTY", help=say("cli.sign.party"))
@click.option("--knowing", metavar="DIGEST", help=say("cli.sign.knowing"))
def command(instrument: str, key: Path, party: str, knowing: str | None) -> None:
    from avenant.cli.private import private_key
    from avenant.cli.status import show_instrument
    from avenant.consent import sign, status
    from avenant.consent.write import write_envelope
    from avenant.library import load, located

    path, number = located(_named(instrument))
    private = private_key(key)
    text = load(f"{path}" if number is None else f"{path}@{number}")
    report = text.check(remedies=False)
    digest = known(report, knowing)
    now = datetime.now(UTC)
    envelope = sign(text.dossier, text.in_force.number, party, private, digest, now)
    file = write_envelope(path, envelope)
    click.echo(say("cli.sign.signed", text=text.in_force.id, party=party, file=file))
    after = load(f"{path}@{text.in_force.number}")
    known_after = status(after.dossier, datetime.now(UTC))
    show_instrument(known_after.instruments[text.in_force.number], report.open_errors)


def _named(instrument: str) -> str:
    """`dossier/1-amendment.md` is `dossier@1`."""
    folder, _, file = instrument.rpartition("/")
    match = _INSTRUMENT.fullmatch(file)
    return f"{folder or '.'}@{match['number']}" if match else instrument


def known(report: Report, knowing: str | None) -> str:
    """The digest that the signature will name; Refused unless the signer knows what is open.

    An unfinished report cannot be signed: nobody knows what it did not reach.
    """
    from avenant.errors import Refused

    if not report.digest:
        raise Refused(
            "unfinished", say("cli.sign.unfinished"), None, say("cli.sign.unfinished-hint")
        )
    shown = report.digest.removeprefix("sha256:")
    errors = report.open_errors
    if knowing is None:
        if not errors:
            return report.digest
        message = plural("cli.sign.blind", errors, text=report.text)
        hint = say("cli.sign.blind-hint", text=report.text, digest=shown[:_LEAST])
        raise Refused("blind", message, None, hint)
    named = knowing.removeprefix("sha256:").lower()
    if len(named) < _LEAST or not shown.startswith(named):
        message = say("cli.sign.other-report", knowing=knowing, text=report.text)
        hint = say("cli.sign.other-report-hint", text=report.text, least=_LEAST)
        raise Refused("other-report", message, None, hint)
    return report.digest
