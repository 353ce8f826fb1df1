"""Draws `docs/house.svg`: the rooms of the package from top to bottom, and three ways through them.

PYTHONPATH=. python tools/house.py        # a test holds the picture to this script, and the rooms to the imports

A room imports only from rooms above it. `ROOMS` is the order, with what each room does and the parts of others that it
may use; `WAYS` are what a clause, a call and a finding go through. Colours are told apart without hue too: each way has
its own dash. The page gives the same ways in words, so that nobody needs the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from msgspec import Struct

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "house.svg"


class Room(Struct, frozen=True):
    """What a room does, and the third-party modules that it may import."""

    does: str
    parts: frozenset[str] = frozenset()


class Way(Struct, frozen=True):
    """Rooms in the order in which something passes them, each with what happens there."""

    title: str
    colour: str
    dash: str
    stops: tuple[tuple[str, str], ...]


def _room(does: str, *parts: str) -> Room:
    return Room(does, frozenset(parts))


# Values everywhere are `msgspec.Struct`s: a frozen dataclass takes half a millisecond to define, and a command defines
# some two hundred.
ROOMS: Mapping[str, Room] = {
    "errors": _room("one error: code, sentence, place, what to do", "msgspec"),
    "languages": _room("every sentence that a user sees, by language"),
    "instants": _room("dates and times as people and programs write them"),
    "source": _room("Markdown and YAML, with the place of each word", "markdown_it", "msgspec", "yaml"),
    "region": _room("sets of uses, and the search in them; knows no agreement", "msgspec"),
    # Its own file; what people write comes through `source`.
    "vocabulary": _room("axes and categories, and their phrases", "msgspec", "yaml"),
    "rules": _room("Cedar, read into conditions", "cedarpy", "msgspec"),
    "importing": _room("Word, PDF, HTML and text, cut into clauses", "markdown_it", "msgspec", "pypdf"),
    "agreement": _room("a dossier, its text in force, and that text compiled", "msgspec"),
    "findings": _room("kinds of findings, boxes, remedies", "msgspec"),
    "decide": _room("facts of a call, decided under a text", "msgspec"),
    "prose": _room("what words leave open; proves nothing", "msgspec", "yaml"),
    "analyse": _room("checks, comparison, remedies", "msgspec"),
    "consent": _room("signatures, and what is in force when", "cryptography", "msgspec"),
    "library": _room("what Python programs call", "msgspec"),
    "render": _room("terminal, Markdown, HTML, SARIF", "jinja2", "msgspec", "rich"),
    "ledger": _room("a record that outsiders verify; knows no agreement", "apsw", "cryptography", "msgspec"),
    "gateway": _room("each AI call, decided and recorded", "aiohttp", "h11", "msgspec", "uvicorn", "uvloop"),
    "cli": _room("the verbs", "click", "cryptography", "msgspec", "rich"),
}  # fmt: skip

WAYS = (
    Way(
        "a clause",
        "#0b6e99",
        "",
        (
            ("source", "read, with the place of each word"),
            ("rules", "its rule becomes a condition"),
            ("agreement", "put in force, compiled to boxes"),
            ("analyse", "asked what it lets through"),
            ("consent", "signed by all parties"),
        ),
    ),
    Way(
        "a finding",
        "#b3541e",
        "7 4",
        (
            ("analyse", "one check asks a question"),
            ("region", "the search finds a use"),
            ("findings", "its kind, its place, its box"),
            ("render", "put on a screen or a page"),
            ("cli", "shown, with its number"),
        ),
    ),
    Way(
        "a call",
        "#5b4b8a",
        "2 4",
        (
            ("gateway", "who calls, and with which facts"),
            ("decide", "permitted, refused, undetermined"),
            ("ledger", "recorded before anything is forwarded"),
        ),
    ),
)

ROW, TOP, LEFT, WIDE, GAP = 36, 50, 20, 520, 300
FONT = "system-ui, sans-serif"


def picture() -> str:
    """Return the picture as SVG."""
    height = TOP + ROW * len(ROOMS) + 16
    width = LEFT + WIDE + GAP * len(WAYS) + 10
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="{FONT}" font-size="13">'
    )
    lines = [
        opening,
        "<title>The rooms of the package, and the way of a clause, a finding and a call</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(LEFT, 30, "Rooms: each imports only from those above it", bold=True),
        *(line for n, (name, room) in enumerate(ROOMS.items()) for line in _row(n, name, room)),
        *(line for n, way in enumerate(WAYS) for line in _way(n, way)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _row(number: int, name: str, room: Room) -> Iterator[str]:
    y = TOP + ROW * number
    yield (
        f'<rect x="{LEFT}" y="{y}" width="{WIDE}" height="{ROW - 8}" rx="4" '
        'fill="#f4f4f1" stroke="#c9c9c2"/>'
    )
    yield _text(LEFT + 10, y + 19, name, bold=True)
    yield _text(LEFT + 110, y + 19, room.does)


def _way(number: int, way: Way) -> Iterator[str]:
    x = LEFT + WIDE + 30 + GAP * number
    order = [*ROOMS]
    ys = [TOP + ROW * order.index(room) + (ROW - 8) / 2 for room, _ in way.stops]
    yield _text(x - 6, 30, f"The way of {way.title}", bold=True, colour=way.colour)
    dash = f' stroke-dasharray="{way.dash}"' if way.dash else ""
    yield (
        f'<line x1="{x}" y1="{min(ys)}" x2="{x}" y2="{max(ys)}" stroke="{way.colour}" '
        f'stroke-width="3"{dash}/>'
    )
    for step, (y, (_, what)) in enumerate(zip(ys, way.stops, strict=True), 1):
        yield f'<circle cx="{x}" cy="{y}" r="9" fill="{way.colour}"/>'
        yield (
            f'<text x="{x}" y="{y + 4}" fill="#fff" font-size="11" text-anchor="middle">{step}</text>'
        )
        yield _text(x + 16, y + 4, what)


def _text(x: float, y: float, words: str, *, bold: bool = False, colour: str = "#222") -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}"{weight}>{escape(words)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
