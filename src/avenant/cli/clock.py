"""`avenant clock confirm`: whoever holds the ledger's key says that the clock is right."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avenant.cli.extras import needs
from avenant.cli.operator import config_of, config_option
from avenant.cli.usage import Group
from avenant.errors import InputError, Refused, Unavailable
from avenant.languages import say, trouble

if TYPE_CHECKING:
    from avenant.gateway.config import Config

_PATIENCE = 30  # seconds


@click.group("clock", cls=Group, help=say("cli.verb.clock"))
def command() -> None:
    pass


@command.command("confirm", help=say("cli.clock.confirm"))
@click.option("--gateway", metavar="URL", help=say("cli.clock.gateway"))
@config_option
def confirm(gateway: str | None, config: Path | None) -> int:
    with needs("gateway"):
        from avenant.gateway.clock import moment
    from avenant.instants import shown

    settings = config_of(config)
    reading = _at_gateway(gateway, settings) if gateway else _in_ledger(settings)
    click.echo(say("cli.clock.confirmed", shown=shown(moment(reading))))
    return 0


def _in_ledger(config: Config) -> int:
    """Record in a ledger that no gateway holds; what the clock shows here, in ns."""
    from avenant.gateway.confirm import confirm_in_ledger

    return confirm_in_ledger(config, time.time_ns()).shown


def _at_gateway(url: str, config: Config) -> int:
    """Have a gateway that runs believe its clock; what its clock shows, in ns."""
    from avenant.gateway.confirm import signed_confirmation
    from avenant.gateway.read import signer_at

    root = url.rstrip("/").removesuffix("/v1")
    health = _asked(f"{root}/health", None)
    clock = health.get("clock")
    if not isinstance(clock, dict) or not isinstance(clock.get("ledger"), str):
        raise _no_gateway(url)
    if clock.get("step") is None:
        message, hint = say("gateway.clock-not-stepped"), say("gateway.clock-not-stepped-hint")
        raise Refused("clock_not_stepped", message, None, hint)
    signer = signer_at(config.ledger.key_file, clock["ledger"])
    said = _asked(f"{root}/v1/clock", signed_confirmation(signer, clock["step"]))
    if "error" in said:
        raise Refused(said["error"]["code"], said["error"]["message"])
    return int(said["shown"])


def _asked(url: str, body: bytes | None) -> dict[str, Any]:
    """The JSON that a gateway answers, whatever its status; Unavailable where it gives none."""
    if not url.startswith(("http://", "https://")):
        raise _no_gateway(url)
    request = urllib.request.Request(url, body)  # noqa: S310 - the scheme was looked at
    try:
        try:
            answer = urllib.request.urlopen(request, timeout=_PATIENCE)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error  # a refusal is an answer too
        with answer:
            return dict(json.load(answer))
    except OSError as error:
        reason = getattr(error, "reason", error)
        why = trouble(reason if isinstance(reason, Exception) else error)
        message = say("cli.clock.unreachable", url=url, why=why)
        raise Unavailable("unreachable", message, None, say("cli.clock.unreachable-hint")) from None
    except (TypeError, ValueError):
        raise _no_gateway(url) from None


def _no_gateway(url: str) -> InputError:
    hint = say("cli.clock.no-gateway-hint")
    return InputError("no-gateway", say("cli.clock.no-gateway", url=url), None, hint)
