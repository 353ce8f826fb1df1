"""`avenant compare`: what changes from one text to another, proved.

avenant compare openai-dow@0 openai-dow@1
avenant compare SUPPLIER RESELLER --inside --map shop=partner
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from avenant.cli.options import json_option, on_option
from avenant.cli.outputs import file_options
from avenant.languages import plural, say

if TYPE_CHECKING:
    from avenant.analyse.types import Comparison


@click.command("compare", help=say("cli.verb.compare"))
@click.argument("before", metavar="DOSSIER[@N]")
@click.argument("after", metavar="DOSSIER[@N]")
@click.option("--inside", is_flag=True, help=say("compare.inside-help"))
@click.option("--map", "maps", multiple=True, metavar="BODY=BODY", help=say("compare.map-help"))
@click.option("--fail-on", type=click.Choice(["looser", "any"]), help=say("cli.compare.fail-on"))
@click.option("--brief", is_flag=True, help=say("compare.brief-help"))
@click.option("--all", "whole", is_flag=True, help=say("compare.all-help"))
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@file_options("markdown")
@on_option
@json_option
def command(
    before: str,
    after: str,
    inside: bool,
    maps: tuple[str, ...],
    fail_on: str | None,
    brief: bool,
    whole: bool,
    seconds: float | None,
    on: str | None,
    as_json: bool,
    **files: str | None,
) -> int:
    from avenant.cli.outputs import ready, write_reports
    from avenant.cli.write import write_json
    from avenant.errors import InputError
    from avenant.library import load
    from avenant.render.markdown import comparison_markdown
    from avenant.render.terminal.comparison import Shown, show_comparison, show_inside
    from avenant.render.terminal.screen import progress

    elsewhere = ready(files, as_json)
    started = time.monotonic()
    bodies = _bodies(maps)
    one, other = load(before, on=on), load(after, on=on)
    if (one.dossier.path, one.in_force) == (other.dossier.path, other.in_force):
        hint = say("compare.one-text-twice-hint", name=one.in_force.agreement)
        message = say("compare.one-text-twice", text=one.in_force.id)
        raise InputError("one-text-twice", message, None, hint)
    stop = None if seconds is None else lambda: time.monotonic() - started > seconds
    with progress(say("render.option.comparing")) as told:
        comparison = one.compare(
            other,
            bodies=bodies,
            inside=inside,
            stop=stop,
            progress=lambda label, count: told(plural("render.found", count, label=label)),
        )
    shown = Shown.WHOLE if whole else Shown.BRIEF if brief else Shown.CUT
    write_reports(files, lambda kind: comparison_markdown(comparison))
    if as_json:
        write_json(comparison)
    elif elsewhere:
        pass  # the Markdown has standard output for itself
    elif inside:
        show_inside(comparison, shown)
    else:
        show_comparison(comparison, shown)
    return _inside(comparison) if inside else _compared(comparison, fail_on)


def _inside(comparison: Comparison) -> int:
    """The exit code of `--inside`: a text that permits nothing is inside any other, which proves nothing."""
    from avenant.cli.app import NOT_FINISHED
    from avenant.findings.types import Order

    answer = comparison.newly_permitted
    if comparison.order is Order.NOT_COMPARED:
        return NOT_FINISHED
    if answer.boxes:
        return 1
    if not answer.complete:
        return NOT_FINISHED
    return 1 if "after" in comparison.empty else 0


def _compared(comparison: Comparison, fail_on: str | None) -> int:
    """The exit code of a comparison. What `--fail-on` asks is not answered by clauses that were left out."""
    from avenant.cli.app import NOT_FINISHED
    from avenant.findings.types import Order

    if comparison.order in (Order.UNFINISHED, Order.NOT_COMPARED):
        return NOT_FINISHED
    fails = {
        None: False,
        "looser": bool(comparison.newly_permitted.boxes) and not comparison.stated,
        "any": comparison.order is not Order.EQUAL or bool(comparison.beside),
    }
    if comparison.findings or comparison.trivial or fails[fail_on]:
        return 1
    unanswered = {
        None: False,
        "looser": any(one.may_widen for one in comparison.left_out),
        "any": bool(comparison.left_out),
    }
    return NOT_FINISHED if unanswered[fail_on] else 0


def _bodies(maps: tuple[str, ...]) -> dict[str, str]:
    """What each body counts as; raises InputError `bad-map`, or `body-twice`."""
    from avenant.errors import InputError

    bodies: dict[str, str] = {}
    for text in maps:
        body, equals, counts_as = (part.strip() for part in text.partition("="))
        if not (body and equals and counts_as):
            raise InputError(
                "bad-map", say("compare.bad-map", text=text), None, say("compare.bad-map-hint")
            )
        if bodies.setdefault(body, counts_as) != counts_as:
            message = say("compare.body-twice", body=body, one=bodies[body], other=counts_as)
            raise InputError("body-twice", message, None, say("compare.body-twice-hint"))
    return bodies
