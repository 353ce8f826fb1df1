"""`avenant connection new | revoke`: an application's standing facts, signed by an officer, and their end.

    avenant connection new openai-dow army --as department --key officer.key organisation=army purpose=office-work
    avenant connection revoke openai-dow army --as department --key officer.key --why "the key was lost"

The key is printed once and kept nowhere: the file holds its SHA-256.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import click

from avenant.cli.private import key_option
from avenant.cli.usage import Group
from avenant.languages import say


@click.group("connection", cls=Group, help=say("cli.verb.connection"))
def command() -> None:
    pass


@command.command("new", help=say("cli.connection.new"))
@click.argument("dossier", metavar="DOSSIER")
@click.argument("name")
@click.argument("facts", nargs=-1, required=True, metavar="AXIS=CATEGORY...")
@key_option
@click.option("--as", "party", required=True, metavar="PARTY", help=say("cli.connection.party"))
@click.option("--days", default=365, show_default=True, help=say("cli.connection.days"))
def new(dossier: str, name: str, facts: tuple[str, ...], key: Path, party: str, days: int) -> None:
    from avenant.cli.private import private_key
    from avenant.consent import AboutConnection, Attestation, attest, require_officer
    from avenant.consent.keys import public
    from avenant.consent.write import write_connection
    from avenant.decide.facts import checked, parse_fact
    from avenant.library import load, located

    path, _ = located(dossier)
    text = load(dossier).in_force
    private = private_key(key)
    officer = public(private)
    require_officer(text, party, officer, "connection")
    pairs = [parse_fact(fact) for fact in facts]
    checked(pairs, text.vocabulary, None)
    standing: dict[str, tuple[str, ...]] = {}
    for axis, category in pairs:
        standing[axis] = (*standing.get(axis, ()), category)
    secret = f"av-{name}-{secrets.token_urlsafe(24)}"
    about = AboutConnection(name, f"sha256:{sha256(secret.encode()).hexdigest()}")
    since = datetime.now(UTC).replace(microsecond=0)
    until = since + timedelta(days=days)
    attestation = Attestation({text.agreement: standing}, about, officer.id, since, until)
    file = write_connection(path, name, attest(attestation, private))
    click.echo(say("cli.connection.made", file=file, name=name), err=True)
    claims = [axis for axis in standing if "connection" not in text.facts.may_establish(axis)]
    if claims:
        click.echo(say("cli.connection.claims", axes=", ".join(claims)), err=True)
    click.echo(secret)


@command.command("revoke", help=say("cli.connection.revoke"))
@click.argument("dossier", metavar="DOSSIER")
@click.argument("name")
@key_option
@click.option("--as", "party", required=True, metavar="PARTY", help=say("cli.connection.party"))
@click.option("--why", required=True, metavar="TEXT", help=say("cli.connection.why"))
def revoke(dossier: str, name: str, key: Path, party: str, why: str) -> None:
    from avenant.cli.private import private_key
    from avenant.consent import revoke as revoking
    from avenant.consent.faults import fault
    from avenant.consent.write import write_record
    from avenant.library import load, located
    from avenant.source.nodes import did_you_mean

    path, _ = located(dossier)
    text = load(dossier).in_force
    known = {about.id: (about, raw) for about, raw in revoking.connections_in(path).items()}
    if name not in known:
        raise fault("unknown-connection", None, id=name, known=did_you_mean(name, tuple(known)))
    about, raw = known[name]
    if not why.strip():
        raise fault("no-reason")
    now = datetime.now(UTC).replace(microsecond=0)
    revocation = revoking.Revocation(text.agreement, name, about.key, why.strip(), now)
    envelope = revoking.revoke(revocation, party, text, raw, private_key(key))
    file = write_record(path, revoking.record_name(name), envelope)
    click.echo(say("cli.connection.revoked", file=file, name=name))
