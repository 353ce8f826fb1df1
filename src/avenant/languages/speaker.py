"""Speak the sentences of the languages under one folder, in one of them at a time.

speaker = Speaker(FOLDER)
speaker.speak("fr")
speaker.say("decide.refused-by", clause="§9")
"""

from __future__ import annotations

import errno
from pathlib import Path

from avenant.languages.read import FALLBACK, catalogue, grammar, languages


class Speaker:
    """The languages of one folder and the one that is spoken now."""

    def __init__(self, root: Path) -> None:
        """`root` has a folder per language."""
        self.root = root
        self.languages = languages(root)
        self._language = FALLBACK

    def speak(self, language: str) -> None:
        """Choose the language to speak; one that has no folder is replaced by the fallback."""
        self._language = language if language in self.languages else FALLBACK

    def language(self) -> str:
        """Return the language that `say` speaks now."""
        return self._language

    def say(self, key: str, /, *, lang: str | None = None, **values: object) -> str:
        """Return the sentence `key` with its values filled in.

        Raises KeyError for a sentence that the fallback lacks: that is a bug, and a test holds each key used.
        """
        sentence = catalogue(lang or self._language, self.root).get(key)
        sentence = sentence or catalogue(FALLBACK, self.root)[key]
        return sentence.format(**values) if values else sentence

    def knows(self, key: str) -> bool:
        """Return whether there is a sentence `key`: the fallback's catalogue has all of them."""
        return key in catalogue(FALLBACK, self.root)

    def plural(self, key: str, count: int, /, **values: str) -> str:
        """Return `key.one` or `key.many`, as the language counts: French treats 0 as singular."""
        one = count in grammar(self._language, self.root).singular
        return self.say(f"{key}.{'one' if one else 'many'}", count=self.numeral(count), **values)

    def quoted(self, words: str, *, lang: str | None = None) -> str:
        """Quote words of a text as the language does: `"monitoring"`, « surveillance » with U+202F inside."""
        return self.say("quote.words", lang=lang, words=words)

    def trouble(self, error: Exception) -> str:
        """Return why a file or a socket cannot be had: the usual reasons (errno) in the language, else the system's."""
        key = f"system.{errno.errorcode.get(getattr(error, 'errno', None) or 0)}"
        return self.say(key) if self.knows(key) else getattr(error, "strerror", None) or str(error)

    def numeral(self, value: float, decimals: int = 0, *, lang: str | None = None) -> str:
        """Write a number as the language does: `1,000.5` in English, `1 000,5` in French (with U+202F)."""
        thousands, decimal = (
            self.say(f"number.{sign}", lang=lang) for sign in ("thousands", "decimal")
        )
        marks = {",": thousands, ".": decimal}
        return "".join(marks.get(sign, sign) for sign in f"{value:,.{decimals}f}")
