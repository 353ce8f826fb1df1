"""Writes `docs/reference/wording.md`: every term that the wording analysis knows, and where the warning was published.

python tools/wording_page.py        # a test holds the page to the lists
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from avenant.languages import LANGUAGES, say
from avenant.prose.read import listed
from avenant.prose.types import Category, Effect, Polarity, severity

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "wording.md"

NAMES = {"en": "English", "fr": "French"}

HEAD = """\
# Wording

<!-- Written by tools/wording_page.py; change src/avenant/languages/*/lexicon/terms.yaml instead. -->

`avenant check` reads the words of a dossier, `avenant check --only wording FILE` those of any text. What each kind of
finding means, with an example, is on the [page of findings](findings.md); how words are read, and how well, is
[explained](../explanation/wording.md). Here is what is looked for, and where the warning was published.

## Severity

What a term does to the words that it qualifies, and what the statement is in which it stands:

| a term that | in a ban | in a permission | in neither |
|---|---|---|---|
{table}

- **narrows**: less is meant ("intentionally", "material");
- **widens**: more is meant ("including", "and similar");
- **loosens**: whoever applies the words decides ("reasonable", "at its discretion");
- **open**: the direction is not known ("may not", a law without its version).

An exception turns it round. In a dossier, a word that a test of its clause stands for is a note: the loopholes show
what it lets through.

## How the lists are written

`(a|b)` is either word, `(a|)` may be left out, `…` stands for up to eight words of the sentence. Hyphens, apostrophes,
case and line breaks do not matter. The longest phrase at a place wins. Some phrases are read in some statements only
(*only in*: a duty, say), others only before certain words.
"""


def page() -> str:
    """The page, as it should be."""
    table = "\n".join(_row(effect) for effect in Effect)
    parts = [HEAD.format(table=table)]
    parts += [part for language in LANGUAGES for part in _language(language)]
    return "\n".join(parts)


def _row(effect: Effect) -> str:
    cells = (severity(effect, p) for p in (Polarity.BAN, Polarity.PERMISSION, Polarity.NEITHER))
    return f"| {effect} | {' | '.join(cells)} |"


def _language(language: str) -> Iterator[str]:
    read = listed(language)
    yield f"## {NAMES[language]}\n"
    for category in Category:
        groups = [group for group in read["terms"] if group["category"] == category]
        if groups:
            yield f"### {NAMES[language]}: {say(f'finding.wording-{category}', lang='en')}\n"
            yield f"{say(f'wording.{category}', lang='en').capitalize()}.\n"
            yield from (_group(group, read["sources"]) for group in groups)
    yield f"### {NAMES[language]}: what makes a ban or a permission\n"
    yield from (f"- **{kind}**: {_phrases(phrases)}" for kind, phrases in read["operators"].items())
    yield ""


def _group(group: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> str:
    source = sources[group["source"]]
    return (
        f"- **{group['effect']}** ([{source['title']}]({source['url']})): "
        f"{_phrases(group['phrases'])}{_only(group)}\n"
    )


def _only(group: Mapping[str, Any]) -> str:
    """Where the phrases of a group are read at all."""
    within = ", ".join(group.get("within", ()))
    followed = _phrases(group.get("followed", []))
    return "".join(
        (f"; only in: {within}" if within else "", f"; only before {followed}" if followed else "")
    )


def _phrases(phrases: list[Any]) -> str:
    return ", ".join(f"`{phrase}`" for phrase in phrases)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
