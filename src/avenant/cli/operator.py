"""What the operator's verbs share: his configuration, and the ledger that it names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avenant.languages import say

if TYPE_CHECKING:
    from avenant.gateway.config import Config

USUAL = Path("avenant.yaml")


def config_option(command: Any) -> Any:
    """`--config FILE`: by default `avenant.yaml` here, if there is one."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--config", type=file, help=say("cli.config"))(command)


def config_of(given: Path | None) -> Config:
    """The operator's settings."""
    from avenant.gateway.read import config_at

    return config_at(given or (USUAL if USUAL.is_file() else None))


def store_of(ledger: Path | None, config: Path | None) -> Path:
    """The store of a ledger that is named, or of the one that the configuration names."""
    folder = config_of(config).ledger.path if ledger is None else ledger
    return folder / "ledger.db" if folder.is_dir() else folder
