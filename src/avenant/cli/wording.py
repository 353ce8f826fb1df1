"""`avenant words FILE`: the words of any text, in Markdown or plain, or of a dossier; nothing is proved.

avenant words policy.md                 # exit 1 when a finding is an error
pandoc policy.docx -t markdown | avenant words - --json
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

import click
from rich.text import Text as Line

from avenant.cli.check import time_limit
from avenant.cli.options import json_option, on_option
from avenant.cli.outputs import file_options, folder_uri, ready, write_reports
from avenant.cli.write import json_text, write_json
from avenant.errors import InputError, Span
from avenant.findings.types import Finding, Severity
from avenant.languages import LANGUAGES, plural, say, trouble
from avenant.languages.detect import is_foreign
from avenant.prose.types import Wording
from avenant.render.said import counts, said_of
from avenant.render.terminal.screen import Screen, progress, word

STANDARD = "-"
LARGEST = 1 << 26  # 64 MB: more is no text that anybody agreed to

# How files that are no text begin, and what they are.
_OTHERS = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"{\\rtf": "RTF",
}


@click.command("words", help=say("cli.verb.words"))
@click.argument("name", metavar="FILE|DOSSIER[@N]")
@click.option("--show", type=int, metavar="N", help=say("cli.check.show"))
@click.option("--seconds", type=float, metavar="S", help=say("cli.check.seconds"))
@click.option("--language", type=click.Choice(LANGUAGES), help=say("wording.cli.language"))
@file_options("sarif")
@on_option
@json_option
def command(
    name: str,
    show: int | None,
    seconds: float | None,
    language: str | None,
    sarif: str | None,
    on: str | None,
    as_json: bool,
) -> int:
    return check_wording(name, language, on, show, as_json, sarif, time_limit(seconds))


def words_only(only: str | None, given: Mapping[str, object]) -> None:
    """Refuse what does not go with `--only wording`, and `--language` without it. Raises InputError."""
    if only is None:
        raise _fault("language-without", None)
    for option, value in given.items():
        if value is not None and value is not False:
            raise _fault("only-alone", None, option=option)


def check_wording(
    name: str,
    language: str | None,
    on: str | None,
    show: int | None,
    as_json: bool,
    sarif: str | None,
    stop: Callable[[], bool] | None,
) -> int:
    """Check the words of a file, standard input or a dossier; returns the exit code."""
    from avenant.cli.app import NOT_FINISHED

    elsewhere = ready({"sarif": sarif}, as_json)
    report = _of_file(name, language, stop) if _is_file(name) else _of_dossier(name, language, on)
    write_reports({"sarif": sarif}, lambda _: _log(name, report))
    if elsewhere and not as_json:
        pass  # the log has standard output for itself
    elif as_json:
        write_json(report)
    elif show is not None:
        _show_one(report, show)
    else:
        _show(report)
    if not report.complete:
        return NOT_FINISHED
    return 1 if report.open_errors else 0


def _log(name: str, report: Wording) -> str:
    from avenant.library import located
    from avenant.render.sarif import wording_sarif

    folder = "" if _is_file(name) else folder_uri(str(located(name)[0]))
    return json_text(wording_sarif(report, folder))


def _is_file(name: str) -> bool:
    """Whether a name means a file: it is there, or it looks like one and no folder has it."""
    return name == STANDARD or os.path.isfile(name) or name.endswith((".md", ".txt", ".markdown"))


def _of_dossier(name: str, language: str | None, on: str | None) -> Wording:
    from avenant.library import load

    if language is not None:
        raise _fault("language-of-dossier", None)
    return load(name, on=on).wording()


def _of_file(name: str, language: str | None, stop: Callable[[], bool] | None) -> Wording:
    from avenant.library import wording

    shown = say("wording.cli.standard-input") if name == STANDARD else name
    text = _decoded(_bytes(name), shown)
    if language is None and is_foreign(text):
        raise _fault("other-language", Span(shown, 1))
    lines = text.count("\n") + 1
    with progress(say("wording.cli.reading")) as told:
        return wording(
            text,
            shown,
            language=language,
            stop=stop,
            progress=lambda line: told(f"{100 * line // lines} %"),
        )


def _bytes(name: str) -> bytes:
    if name == STANDARD:
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        try:
            with open(name, "rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise _fault("unreadable", None, file=name, problem=trouble(error)) from None
    if len(data) > LARGEST:
        raise _fault("too-large", Span(name, 1), megabytes=str(LARGEST >> 20))
    return data


def _decoded(data: bytes, name: str) -> str:
    """The text of some bytes; raises InputError for what is no text, with what to do."""
    for magic, kind in _OTHERS.items():
        if data.startswith(magic):
            raise _fault("other-format", Span(name, 1), kind=kind)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _fault("not-utf8", Span(name, 1))
    if (at := data.find(b"\0")) >= 0:
        raise _fault("binary", Span(name, data.count(b"\n", 0, at) + 1))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault("not-utf8", Span(name, data.count(b"\n", 0, error.start) + 1)) from None
    if not text.strip():
        raise _fault("empty", Span(name, 1))
    return text


def _fault(code: str, at: Span | None, **values: str) -> InputError:
    message = say(f"wording.cli.{code}", lang=None, **values)
    return InputError(code, message, at, say(f"wording.cli.{code}-hint", lang=None, **values))


def _show(report: Wording) -> None:
    screen = Screen()
    language = say(f"wording.cli.in-{report.language}", lang=None)
    screen.row(f"{report.text} · {language} · {plural('wording.cli.sentences', report.sentences)}")
    screen.blank()
    names = {s: say(f"severity.{s}", lang=None) for s in Severity}
    width = max(map(len, names.values()))
    for number, finding in enumerate(report.findings, 1):
        line = Line(f"{number:2}  ")
        line.append_text(word(finding.severity, names[finding.severity], width))
        line.append(f"  {finding.title}  {finding.message}")
        screen.row(line, finding.at)
    if report.findings:
        screen.blank()
    if not report.complete:
        screen.row(word("not finished", say("wording.cli.stopped")))
    screen.text(f"{counts(report.findings)} · {say('wording.cli.rests-on')}")


def _show_one(report: Wording, number: int) -> None:
    if not 1 <= number <= len(report.findings):
        raise _fault("no-finding", None, number=str(number), count=str(len(report.findings)))
    screen = Screen()
    finding = report.findings[number - 1]
    _in_full(screen, finding, number)


def _in_full(screen: Screen, finding: Finding, number: int) -> None:
    kind = word(finding.severity, say(f"severity.{finding.severity}", lang=None))
    kind.append(f" · {said_of('finding', finding.code)}", "dim")
    screen.row(Line(f"{number:2}  {finding.title}", "bold"), kind)
    screen.text(finding.message, 4)
    screen.text(finding.at, 4, "dim")
    screen.text(finding.id, 4, "dim")
