"""The styles of a Word document: which paragraphs are headings, how they are numbered, what is bold.

A style inherits from the one that it is based on (ECMA-376 §17.7.4.3); what a paragraph says itself comes first.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from msgspec import Struct

from avenant.importing.ooxml import W, truth, value

_DEEPEST = 20  # styles one based on another: a circle ends here
BODY = 9  # an outline level that is none


class Style(Struct, frozen=True):
    """How a paragraph stands: `outline` 0–8 for headings, `numbering` as (list, level)."""

    outline: int | None
    numbering: tuple[str, int] | None
    bold: bool
    title: bool
    contents: bool


class Styles:
    """All paragraph styles by id."""

    def __init__(self, part: Element | None) -> None:
        found = part.iter(f"{W}style") if part is not None else ()
        self._styles = {value(s, "styleId"): s for s in found if value(s, "type") == "paragraph"}
        self._default = next(
            (id for id, s in self._styles.items() if value(s, "default") in ("1", "true")), ""
        )

    def of(self, paragraph: Element) -> Style:
        """The style of a paragraph, with what it says itself."""
        own = paragraph.find(f"{W}pPr")
        id = value(own.find(f"{W}pStyle") if own is not None else None, "val") or self._default
        chain = self._chain(id)
        said = [p for p in (own, *(s.find(f"{W}pPr") for s in chain)) if p is not None]
        names = [value(s.find(f"{W}name"), "val").casefold() for s in chain]
        outline = next((v for p in said if (v := value(p.find(f"{W}outlineLvl"), "val"))), None)
        level = int(outline) if outline and outline.isdigit() and int(outline) < BODY else None
        if level is None and outline is None:
            level = next((n for name in names if (n := _heading(name)) is not None), None)
        bold = next((b for s in chain if (b := truth(s.find(f"{W}rPr/{W}b"))) is not None), False)
        return Style(
            level,
            self._numbering(said, chain),
            bold,
            "title" in names[:2],
            any(name.startswith(("toc ", "table of figures")) for name in names),
        )

    def _chain(self, id: str) -> list[Element]:
        chain: list[Element] = []
        while (style := self._styles.get(id)) is not None and len(chain) < _DEEPEST:
            chain.append(style)
            id = value(style.find(f"{W}basedOn"), "val")
        return chain

    @staticmethod
    def _numbering(said: list[Element], chain: list[Element]) -> tuple[str, int] | None:
        """List and level; each may stand on another rung, and list 0 takes the numbers away."""
        numbers = [n for p in said if (n := p.find(f"{W}numPr")) is not None]
        id = next((v for n in numbers if (v := value(n.find(f"{W}numId"), "val"))), "")
        level = next((v for n in numbers if (v := value(n.find(f"{W}ilvl"), "val"))), "0")
        if not id or id == "0":
            return None
        return id, int(level) if level.isdigit() else 0


def _heading(name: str) -> int | None:
    """0 for the built-in style `heading 1`; its name is English in every language of Word."""
    word, _, number = name.partition(" ")
    return int(number) - 1 if word == "heading" and number in tuple("123456789") else None
