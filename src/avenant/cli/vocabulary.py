"""`avenant vocabulary [AXIS] [WORD]…`: the categories that rules and facts are made of, as a tree.

avenant vocabulary                                # every axis and category, by title
avenant vocabulary purpose                        # one axis: phrases, definitions, thresholds, standard terms
avenant vocabulary hiring                         # what says a word, in English or French, with what is above it
avenant vocabulary purpose sante                  # … on one axis
avenant vocabulary --dossier openai-dow           # with what the text adds
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from avenant.cli.options import json_option
from avenant.languages import plural, say

if TYPE_CHECKING:
    from rich.style import Style
    from rich.text import Text

    from avenant.render.terminal.screen import Screen
    from avenant.vocabulary.types import Axis, Category, Vocabulary

MATCH = "bold yellow"
COLUMN = 40  # where titles begin at the latest


@click.command("vocabulary", help=say("cli.verb.vocabulary"))
@click.argument("words", nargs=-1, metavar="[AXIS] [WORD]…")
@click.option("--dossier", metavar="DOSSIER[@N]", help=say("cli.vocabulary.dossier"))
@json_option
def command(words: tuple[str, ...], dossier: str | None, as_json: bool) -> int:
    from avenant.cli.write import write_json
    from avenant.render.terminal.screen import Screen
    from avenant.vocabulary.read import core

    if dossier is None:
        vocabulary = core()
    else:
        from avenant.library import load

        vocabulary = load(dossier).in_force.vocabulary
    view = _view(vocabulary, words)
    listed = [c for c in vocabulary.categories if (c.axis, c.id) in view.shown]
    if as_json:
        write_json(listed)
    elif listed:
        tree = _Tree(Screen(), vocabulary, view)
        for axis in vocabulary.axes:
            tree.axis(axis)
        axes = plural("tree.axes", len({c.axis for c in listed}))
        tree.screen.text(plural("tree.categories", len(listed), axes=axes))
        tree.screen.text(say("tree.more" if not words else "tree.whole"))
    else:
        _nothing(Screen(), vocabulary, view.wanted)
    return 0 if listed else 1


class _View(Struct, frozen=True):
    """What is shown: of which categories, which of them in full, and what was looked for."""

    shown: frozenset[tuple[str, str]]
    full: frozenset[tuple[str, str]]  # with phrase, definition, threshold and standard term
    by: Mapping[tuple[str, str], tuple[str, ...]]  # what a match is called that says a word
    wanted: str
    asked: tuple[str, ...]  # its words folded, to be lit up where a word begins with one
    whole: bool  # every kind of a list stands here, so its `.other` does too


def _view(vocabulary: Vocabulary, wanted: tuple[str, ...]) -> _View:
    from avenant.vocabulary.search import search, words

    axis = wanted[0] if wanted and vocabulary.axis(wanted[0]) else None
    everything = frozenset((c.axis, c.id) for c in vocabulary.categories if axis in (None, c.axis))
    rest = " ".join(wanted[1:] if axis else wanted)
    if not rest:
        full = everything if axis else frozenset()
        return _View(everything, full, {}, "", (), axis is not None)
    found = search(vocabulary, rest)
    shown = found.categories & everything
    # What stands above a match is there to say where it is, and needs no definition.
    above = {
        (axis, id) for axis, own in found.by for id in vocabulary.above(axis, own) if id != own
    }
    return _View(shown, shown - (above - set(found.by)), found.by, rest, words(rest), False)


def _nothing(screen: Screen, vocabulary: Vocabulary, wanted: str) -> None:
    from avenant.vocabulary.search import suggestions

    near = suggestions(vocabulary, wanted)
    screen.text(say("tree.nothing", words=wanted))
    screen.text(
        say("tree.nearest", words=say("phrases.comma").join(near))
        if near
        else say("tree.nothing-near")
    )


class _Tree:
    """Draws the axes of a vocabulary, each with the part of its tree that the view shows."""

    def __init__(self, screen: Screen, vocabulary: Vocabulary, view: _View) -> None:
        self.screen = screen
        self.vocabulary = vocabulary
        self.view = view

    def axis(self, axis: Axis) -> None:
        """The question, how it is tested, and the tree below; nothing where none of it is shown."""
        from rich.text import Text

        from avenant.vocabulary.phrases import spoken
        from avenant.vocabulary.types import ANY

        rows = list(self._rows(axis, ANY, "", axis.complete))
        if not rows:
            return
        at = min(max(len(guide) + len(id) for guide, _, id, _ in rows) + 2, COLUMN)
        self.screen.row(
            self._lit(f"{axis.id}  {spoken(axis.definition)}", "bold"),
            f'{axis.role} in {axis.entity}::"…"',
        )
        for guide, below, id, text in rows:
            left = Text.assemble((guide, "dim"), self._lit(id, text.style or "bold"))
            self.screen.columns(left, text, at, under=below)
        self.screen.blank()

    def _rows(
        self, axis: Axis, parent: str, guide: str, complete: bool
    ) -> Iterator[tuple[str, str, str, Text]]:
        """Of each line of a tree: its guide, the guide of what is wrapped below it, the id, the words."""
        from rich.text import Text

        from avenant.vocabulary.phrases import phrase
        from avenant.vocabulary.types import other

        listed = [
            c for c in self.vocabulary.children(axis.id, parent) if self._shown(c, self.view.shown)
        ]
        rest = bool(listed) and not complete and self.view.whole
        for i, category in enumerate(listed):
            last = i == len(listed) - 1 and not rest
            inner = guide + ("   " if last else "│  ")
            below = list(self._rows(axis, category.id, inner, category.complete))
            yield (
                guide + ("└─ " if last else "├─ "),
                inner + ("│" if below else ""),
                category.id,
                self._words(category),
            )
            yield from below
        if rest:
            id = other(parent)
            yield guide + "└─ ", guide, id, Text(phrase(self.vocabulary, axis.id, id), "dim")

    def _shown(self, category: Category, among: frozenset[tuple[str, str]]) -> bool:
        return (category.axis, category.id) in among

    def _words(self, category: Category) -> Text:
        """The title; in full also the phrase, the definition, the threshold and the standard term."""
        from rich.text import Text

        from avenant.vocabulary.phrases import spoken

        lines = [self._lit(spoken(category.title))]
        if self._shown(category, self.view.full):
            lines[0] += Text.assemble((" · ", "dim"), self._lit(spoken(category.phrase), "italic"))
            definition = spoken(category.definition)
            if elsewhere := self._elsewhere(category, f"{lines[0].plain} {definition}"):
                lines[0] += Text.assemble((" · ", "dim"), self._lit(elsewhere, "dim"))
            if definition:
                lines.append(self._lit(definition))
            if category.over is not None:
                lines.append(Text(self._band(category), "cyan"))
            if category.complete:
                lines.append(Text(say("tree.complete"), "dim"))
            if category.iri:
                lines.append(Text(category.iri, "dim"))
        elif category.over is not None:
            lines[0] += Text(f" · {self._band(category)}", "cyan")
        return Text("\n").join(lines)

    def _elsewhere(self, category: Category, seen: str) -> str:
        """What else it is called that says the words asked, where what is seen of it does not."""
        from avenant.vocabulary.search import words

        said = words(f"{category.id} {seen}")
        if all(any(word.startswith(part) for word in said) for part in self.view.asked):
            return ""
        called = self.view.by.get((category.axis, category.id), ())
        return ", ".join(text for text in called if text not in f"{category.id} {seen}")

    def _band(self, category: Category) -> str:
        from avenant.vocabulary.phrases import reach

        bands = self.vocabulary.children(category.axis, category.parent)
        at = bands.index(category)
        high = bands[at + 1].over if at + 1 < len(bands) else None
        return reach(category.over if at else None, high)

    def _lit(self, text: str, style: str | Style = "") -> Text:
        """The text with each word lit up that begins with a word asked."""
        from rich.text import Text

        lit = Text(text, style)
        if self.view.asked:
            import re

            from avenant.vocabulary.search import folded

            for word in re.finditer(r"[^\W_]+", text):
                if folded(word.group()).startswith(self.view.asked):
                    lit.stylize(MATCH, *word.span())
        return lit
