"""`--party supplier="The name"`: who the parties of a new dossier are; one that nobody names keeps its placeholder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from avenant.languages import say


def party_option(command: Any) -> Any:
    """`--party ID=NAME`, once a party."""
    return click.option(
        "--party", "parties", multiple=True, metavar="ID=NAME", help=say("import.verb.party")
    )(command)


def named_parties(given: Sequence[str], known: Sequence[str]) -> Mapping[str, str]:
    """Id -> name; raises InputErrors with each that names nobody, or a party that is not there."""
    from avenant.errors import InputError, raise_all
    from avenant.source.inline import HIDDEN

    names: dict[str, str] = {}
    errors: list[InputError] = []
    for text in given:
        id, _, name = text.partition("=")
        id, name = id.strip(), " ".join(name.split())
        if not name or HIDDEN.search(name):
            message, hint = say("import.party-form", given=text), say("import.party-form-hint")
            errors.append(InputError("party-form", message, None, hint))
        elif id not in known:
            message = say("import.unknown-party", id=id)
            hint = say("import.unknown-party-hint", known=", ".join(known))
            errors.append(InputError("unknown-party", message, None, hint))
        else:
            names[id] = name
    raise_all(errors)
    return names
