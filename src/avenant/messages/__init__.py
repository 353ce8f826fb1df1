"""The catalogue of every sentence a user sees: a folder a language, a TOML file a room of the house.

    say("decide.refused-by", clause="§9 agencies")      # "refused by §9 agencies"

A key is `table.name`; a missing translation falls back to English, a missing English sentence is a bug and raises.
Sentences take values by name (`str.format`); a value that is itself a sentence is made by `say` first.
The language is the process's (`--lang`), or one call's (`lang=`).
"""

from __future__ import annotations

import errno

from avenant.messages.read import catalogue

LANGUAGES = ("en", "fr")
_language = "en"


def speak(language: str) -> None:
    """Choose the language of the process: `en` or `fr`."""
    global _language
    _language = language if language in LANGUAGES else "en"


def language() -> str:
    """The language that `say` speaks now."""
    return _language


def say(key: str, /, *, lang: str | None = None, **values: object) -> str:
    """The sentence `key` with its values filled in.

    Raises KeyError for a sentence that the English catalogue lacks: that is a bug, and a test holds each key used.
    """
    sentence = catalogue(lang or _language).get(key) or catalogue("en")[key]
    return sentence.format(**values) if values else sentence


def plural(key: str, count: int, /, **values: str) -> str:
    """`key.one` or `key.many`, as the language counts: French treats 0 as singular."""
    one = count == 1 or (_language == "fr" and count == 0)
    return say(f"{key}.{'one' if one else 'many'}", count=numeral(count), **values)


def quoted(words: str, *, lang: str | None = None) -> str:
    """Words of a text as the language quotes them: `"monitoring"`, « surveillance » with U+202F inside."""
    return say("quote.words", lang=lang, words=words)


def trouble(error: Exception) -> str:
    """Why a file or a socket cannot be had: the usual reasons (errno) in the language, else the system's own words."""
    key = f"system.{errno.errorcode.get(getattr(error, 'errno', None) or 0)}"
    return say(key) if key in catalogue("en") else getattr(error, "strerror", None) or str(error)


def numeral(value: float, decimals: int = 0, *, lang: str | None = None) -> str:
    """A number as the language writes it: `1,000.5` in English, `1 000,5` in French (with U+202F)."""
    marks = {",": say("number.thousands", lang=lang), ".": say("number.decimal", lang=lang)}
    return "".join(marks.get(sign, sign) for sign in f"{value:,.{decimals}f}")
