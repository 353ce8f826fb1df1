"""Which language a command speaks: `--lang`, wherever it stands, else the one that the environment asks for.

language_of({"LANG": "fr_CA.UTF-8"})                  # "fr"
language_first(["check", "openai-dow", "--lang=fr"])   # ["--lang=fr", "check", "openai-dow"]
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from avenant.languages import FALLBACK, LANGUAGES

_OURS = re.compile(rf"({'|'.join(LANGUAGES)})([_.@]|$)")  # fr, fr_CA, fr.UTF-8


def language_of(environment: Mapping[str, str]) -> str:
    """The language that an environment asks for, by the rules of gettext; English where it asks for none of ours.

    `LC_ALL` stands before `LC_MESSAGES` before `LANG`; `LANGUAGE`, a list, before all three unless they say `C`.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return FALLBACK
    wanted = (*environment.get("LANGUAGE", "").split(":"), locale)
    return next((ours[1] for word in wanted if (ours := _OURS.match(word))), FALLBACK)


def language_first(arguments: list[str]) -> list[str]:
    """The arguments with `--lang` before the verb: people type it behind."""
    for i, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and i + 1 < len(arguments):
            return [*arguments[i : i + 2], *arguments[:i], *arguments[i + 2 :]]
        if argument.startswith("--lang="):
            return [argument, *arguments[:i], *arguments[i + 1 :]]
    return arguments
