"""Everything that is of one language: a folder per language with its sentences, its grammar and its words.

    say("decide.refused-by", clause="§9 agencies")      # "refused by §9 agencies"

Adding a language is adding a folder: `LANGUAGES` lists the folders. A key is `table.name`; a missing translation falls
back to English, a missing English sentence is a bug and raises. Sentences take values by name (`str.format`); a value
that is itself a sentence is made by `say` first. The language is the process's (`--lang`), or one call's (`lang=`).
"""

from __future__ import annotations

from avenant.languages.read import FALLBACK as FALLBACK
from avenant.languages.read import FOLDER
from avenant.languages.speaker import Speaker

_process = Speaker(FOLDER)

LANGUAGES = _process.languages
speak = _process.speak
language = _process.language
say = _process.say
knows = _process.knows
plural = _process.plural
quoted = _process.quoted
trouble = _process.trouble
numeral = _process.numeral
