"""What click says of itself, help and mistakes, in the words of the catalogue.

    explained(error)        # click.NoSuchOption -> InputError("no-option", "`avenant check` has no option `--brif`", …)

click speaks through gettext, for which it has no catalogue. Its errors are told apart by their class, those about a
value by the type of the parameter; a sentence of our own that a verb gives to `click.UsageError` stays as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

import click

from avenant.errors import InputError
from avenant.languages import plural, say

# click's sentences on a value; the first words in quotes are the value.
_QUOTED = re.compile(r"'(?P<one>(?:[^'\\]|\\.)*)'|\"(?P<other>[^\"]*)\"")
_OF_A_FILE = {
    "does not exist.": "no-file",
    "is a file.": "no-folder",
    "is a directory.": "folder",
    "is not readable.": "unreadable",
    "is not writable.": "unwritable",
}


def explained(error: click.ClickException) -> InputError:
    """The error as one of ours: what is wrong, and which help or option is meant."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "avenant"
    match error:
        case click.exceptions.NoSuchCommand(command_name=name):
            known = _verbs(context)
            return _error("no-verb", path, _nearest(name, known), verb=path, name=name)
        case click.NoSuchOption(option_name=name):
            near = _nearest(name, _options(context))
            return _error("no-option", path, near, verb=path, name=name)
        case click.MissingParameter():
            return _error("missing", path, name=_name(error))
        case click.BadParameter():
            return _bad_value(error, path)
        case click.BadOptionUsage(option_name=name):
            code = "no-value" if "does not take" in error.message else "needs-value"
            return _error(code, path, name=name)
        case click.FileError(ui_filename=name):
            return _error("unreadable", path, name="", value=name)
        case _:
            extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
            if extra:
                words = extra[1].split(" ")
                message = plural("usage.extra", len(words), words=extra[1])
                return InputError("extra", message, None, say("usage.see", path=path))
            return InputError("usage", error.message, None, say("usage.see", path=path))


def _bad_value(error: click.BadParameter, path: str) -> InputError:
    quoted = _QUOTED.search(error.message)
    value = (quoted["one"] or quoted["other"] or "") if quoted else ""
    given = {"name": _name(error), "value": value}
    match error.param.type if error.param else None:
        case click.Choice(choices=choices):
            near = _nearest(value, [str(choice) for choice in choices])
            listed = ", ".join(f"`{choice}`" for choice in choices)
            return _error("choice", path, near, choices=listed, **given)
        case click.IntRange() | click.FloatRange() if "range" in error.message:
            given["value"] = error.message.partition(" ")[0]
            return _error(
                "range", path, range=error.message.partition("range ")[2].rstrip("."), **given
            )
        case click.types.IntParamType():
            return _error("whole-number", path, **given)
        case click.types.FloatParamType():
            return _error("number", path, **given)
        case click.Path():
            for end, code in _OF_A_FILE.items():
                if error.message.endswith(end):
                    return _error(code, path, **given)
    return InputError("bad-value", error.message, None, say("usage.see", path=path))


def _error(code: str, path: str, nearest: str = "", **values: str) -> InputError:
    hint = say("usage.see", path=path)
    if nearest:
        hint = say("usage.nearest", nearest=nearest, path=path)
    return InputError(code, say(f"usage.{code}", **values), None, hint)


def _name(error: click.BadParameter) -> str:
    """`--show`, or an argument as the help writes it."""
    match error.param:
        case click.Option(opts=names):
            return max(names, key=len)
        case click.Argument() as argument:
            return placeholders(argument.metavar or argument.human_readable_name.upper())
        case _:
            return str(error.param_hint or "")


def _verbs(context: click.Context | None) -> list[str]:
    command = context.command if context else None
    return command.list_commands(context) if context and isinstance(command, click.Group) else []


def _options(context: click.Context | None) -> list[str]:
    return [o for p in context.command.get_params(context) for o in p.opts] if context else []


def _nearest(word: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(word, known, n=1)), "")


def placeholders(text: str) -> str:
    """`DOSSIER[@N] [OPTIONS]` with its words in capitals in the language: `PARTY` is `PARTIE` in French."""
    words = dict(pair.split("=") for pair in say("usage.placeholders").split())
    return re.sub(r"[A-Z]{2,}", lambda found: words.get(found[0], found[0]), text)


class Group(click.Group):
    """A verb with verbs of its own, each told in full."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.help or "") for name, command in sorted(self.commands.items())]
            )


class Help(click.HelpFormatter):
    """The help of a verb, in the language of the process."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, placeholders(args), prefix or f"{say('usage.usage')} ")

    def write_heading(self, heading: str) -> None:
        said = {"Options": say("usage.options"), "Commands": say("cli.verbs")}.get(heading, heading)
        self.write(f"{'':>{self.current_indent}}{say('usage.heading', name=said)}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        said = [(placeholders(term), _told(told)) for term, told in rows]
        super().write_dl(said, col_max, col_spacing)


def _told(told: str) -> str:
    for ours, clicks in (
        ("usage.help", "Show this message and exit."),
        ("usage.version", "Show the version and exit."),
        ("usage.default", "[default: "),
        ("usage.required", "[required]"),
    ):
        told = told.replace(clicks, say(ours))
    return placeholders(told)
