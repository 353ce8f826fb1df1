"""What the parts of a Word document share: the namespace, and how an attribute is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST = 1 << 26  # bytes of one part, unpacked: a thousand pages have a tenth of it

_MAIN = re.compile(r"word/document\d*\.xml")  # `document2.xml` where the document was made online


def main_part(names: Iterable[str]) -> str | None:
    """The part of a package that holds the text, or None where it is no Word document."""
    return min((name for name in names if _MAIN.fullmatch(name)), default=None)


def value(element: Element | None, name: str, default: str = "") -> str:
    """An attribute `w:name`."""
    return default if element is None else element.get(f"{W}{name}", default)


def truth(element: Element | None) -> bool | None:
    """An on/off property: `<w:b/>` is on, `<w:b w:val="0"/>` off, none at all unsaid (ECMA-376 §17.17.4)."""
    return None if element is None else value(element, "val", "1") not in ("0", "false", "off")
