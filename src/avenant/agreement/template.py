"""A template -> the files of a dossier: its own id, date and names, and its translation without rules and notes.

    filled(text, "acme-policy", "2026-11-24", {"supplier": "Acme"})
    translation_of(text)                            # prose, headings and readings alone

A template is an instrument that stands in two languages, each complete, so that either can be the authoritative one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from avenant.importing.compose import quoted
from avenant.source.inline import NOTES

_PARTY = re.compile(r"^  (?P<id>[a-z][a-z0-9-]*): \{name: \"(?P<name>[^\"]*)\"", re.MULTILINE)
_KEPT = ("avenant", "agreement", "instrument", "number", "title", "language", "label")
_FENCE = re.compile(r"^```[a-z]+\n.*?^```\n+", re.MULTILINE | re.DOTALL)
# Notes that a translation does not hold: they are about the rules, or bind nobody.
_NOTE = re.compile(
    rf"^> \*\*(?:{'|'.join(word for word, kind in NOTES.items() if kind != 'reading')})\."
    r"(?:.*\n)(?:>.*\n)*\n*",
    re.MULTILINE,
)


def parties_of(text: str) -> Mapping[str, str]:
    """The parties of a template, id -> the name or placeholder that stands there."""
    return {match["id"]: match["name"] for match in _PARTY.finditer(_front(text))}


def filled(text: str, id: str, effective: str, names: Mapping[str, str]) -> str:
    """The template as an agreement of that id and date; a party that is not named keeps its placeholder."""
    front = _front(text)
    new = re.sub(r"^agreement: .*$", f"agreement: {id}", front, flags=re.MULTILINE)
    new = re.sub(r"^effective: .*$", f"effective: {effective}", new, flags=re.MULTILINE)
    new = _PARTY.sub(
        lambda match: f"  {match['id']}: {{name: {quoted(names.get(match['id'], match['name']))}",
        new,
    )
    return new + text[len(front) :]


def translation_of(text: str) -> str:
    """The same text as a translation: the fields, prose and readings that a translation holds."""
    front = _front(text)
    kept = [line for line in front.splitlines() if line.partition(":")[0] in (*_KEPT, "---")]
    body = _NOTE.sub("", _FENCE.sub("", text[len(front) :]))
    return "\n".join(kept) + "\n" + body.rstrip() + "\n"


def _front(text: str) -> str:
    """The front matter with its two lines `---`."""
    return text[: text.index("\n---\n") + len("\n---\n")]
