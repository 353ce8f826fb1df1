"""`avenant vocabulary [AXIS|WORD]`: the categories that rules and facts are made of, as a tree.

avenant vocabulary purpose                        # one axis
avenant vocabulary medical                        # all that has the word in its id, title or definition
avenant vocabulary --dossier openai-dow           # with what the text adds
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from avenant.cli.options import json_option
from avenant.messages import say

if TYPE_CHECKING:
    from avenant.vocabulary.types import Category, Vocabulary


@click.command("vocabulary", help=say("cli.verb.vocabulary"))
@click.argument("word", required=False, metavar="[AXIS|WORD]")
@click.option("--dossier", metavar="DOSSIER[@N]", help=say("cli.vocabulary.dossier"))
@json_option
def command(word: str | None, dossier: str | None, as_json: bool) -> int:
    from avenant.cli.screen import Screen
    from avenant.cli.write import write_json
    from avenant.rules.render import spoken
    from avenant.vocabulary.read import core

    if dossier is None:
        vocabulary = core()
    else:
        from avenant.library import load

        vocabulary = load(dossier).in_force.vocabulary
    chosen = _chosen(vocabulary, word)
    if as_json:
        write_json([c for c in vocabulary.categories if (c.axis, c.id) in chosen])
        return 0 if chosen else 1
    screen = Screen()
    for axis in vocabulary.axes:
        listed = [
            c for c in vocabulary.categories if (c.axis, c.id) in chosen and c.axis == axis.id
        ]
        if not listed:
            continue
        screen.row(
            f"{axis.id}  {spoken(axis.definition) or spoken(axis.title)}", axis.entity, "bold"
        )
        for category in listed:
            depth = sum(1 for _ in vocabulary.above(axis.id, category.id))
            screen.row(f"{'  ' * depth}{category.id}  {spoken(category.title)}", _band(category))
    if not chosen:
        screen.text(say("cli.vocabulary.nothing", word=word))
    return 0 if chosen else 1


def _chosen(vocabulary: Vocabulary, word: str | None) -> set[tuple[str, str]]:
    """The categories of an axis, or those that say a word, each with all above it."""
    if word is None or vocabulary.axis(word):
        return {(c.axis, c.id) for c in vocabulary.categories if word in (None, c.axis)}
    wanted = word.casefold()
    found: set[tuple[str, str]] = set()
    for category in vocabulary.categories:
        texts = (*category.title.values(), *category.definition.values(), *category.phrase.values())
        if any(wanted in text.casefold() for text in (category.id, *texts)):
            found |= {(category.axis, id) for id in vocabulary.above(category.axis, category.id)}
    return found


def _band(category: Category) -> str:
    return f"> {category.over}" if category.over is not None else category.iri or ""
