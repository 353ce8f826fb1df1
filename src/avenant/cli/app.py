"""The verbs, how they are found, and how every error reaches a person.

A verb is a module of this folder with a click command `command`; it is imported when it is called. An AvenantError
becomes one sentence with its place and what to do, on standard error; anything else is a bug and exits 70.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module, reload
from typing import Any

import click

from avenant import __version__
from avenant.cli.language import language_first, language_of
from avenant.cli.usage import Help, explained
from avenant.errors import AvenantError, InputErrors
from avenant.languages import LANGUAGES, language, say, speak

BAD_INPUT, NOT_FINISHED, BUG = 2, 3, 70
INTERRUPTED, LEFT = 130, 141  # as the shell counts SIGINT and SIGPIPE

# verb -> its module; the order is that of the life of an agreement, and of `avenant --help`.
VERBS = {
    "new": "new",
    "import": "import_",
    "check": "check",
    "fix": "fix",
    "words": "wording",
    "ask": "ask",
    "show": "show",
    "compare": "compare",
    "vocabulary": "vocabulary",
    "keys": "keys",
    "sign": "sign",
    "status": "status",
    "connection": "connection",
    "serve": "serve",
    "clock": "clock",
    "mend": "mend",
    "ledger": "ledger",
    "export": "export",
    "schema": "schema",
}

# verb -> the language of its help texts: they are said when its module is read, and a process may change its language.
_read_in: dict[str, str] = {}


class Verbs(click.Group):
    """Finds a verb's module when it is called, so that each loads only what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        path = f"avenant.cli.{VERBS[name]}"
        read = path in sys.modules
        module = import_module(path)
        if read and _read_in.get(name) != language():
            module = reload(module)
        _read_in[name] = language()
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # Said when it is asked for: the language is not known when this module is read.
        self.help = say("cli.purpose")
        for param in self.params:
            if isinstance(param, click.Option) and param.name == "lang":
                param.help = say("cli.lang")
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # One line a verb from the catalogue: help must not import every verb.
        with formatter.section(say("cli.verbs")):
            formatter.write_dl([(verb, say(f"cli.verb.{verb}")) for verb in VERBS])


def _speak(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value:
        speak(value)
    return value


click.Context.formatter_class = Help


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="avenant %(version)s")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), callback=_speak, is_eager=True, expose_value=False
)
def app() -> None:
    """Agreements on the use of AI: proven before they are signed, enforced on every call."""


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    speak(language_of(os.environ))
    try:
        result: Any = app.main(
            language_first(arguments), prog_name="avenant", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()  # the help itself is what is missing
        return BAD_INPUT
    except click.ClickException as error:
        complain(explained(error))
        return BAD_INPUT
    except AvenantError as error:
        complain(error)
        return BAD_INPUT
    except SystemExit:
        # Whoever reads us has seen enough (`avenant check … | head`): click and rich exit then, and nothing else does.
        # Not 0, which says good, and not 1, which says findings: the command did not come to say which.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return LEFT
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  whatever else is raised is a fault of ours
        return _bug(error)


_INDENT = "      "


def complain(error: AvenantError) -> None:
    """Say each error on standard error: the place, what is wrong, the line with the place marked, and what to do."""
    from avenant.render.terminal.quoted import drawn
    from avenant.render.terminal.screen import WIDTH

    for one in error.errors if isinstance(error, InputErrors) else (error,):
        place = f"{one.at}: " if one.at else ""
        clause = f" (§ {one.at.clause})" if one.at and one.at.clause else ""
        click.echo(
            f"{click.style(say('cli.error'), fg='red')} {place}{one.message}{clause}", err=True
        )
        for line in drawn(one, WIDTH - len(_INDENT)):
            click.echo(f"{_INDENT}{line}", err=True)
        if one.hint:
            click.echo(f"{_INDENT}{one.hint}", err=True)


def _bug(error: Exception) -> int:
    """A fault of ours: say so, keep the traceback in a file, and name the file to report."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="avenant-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"avenant {__version__}\n{sys.argv}\n\n")
        traceback.print_exception(error, file=file)
    click.echo(say("cli.bug", what=f"{type(error).__name__}: {error}", file=file.name), err=True)
    return BUG
