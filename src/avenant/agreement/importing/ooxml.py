"""What the parts of a Word document share: the namespace, and how an attribute is read."""

from __future__ import annotations

from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST = 1 << 26  # bytes of one part, unpacked: a thousand pages have a tenth of it


def value(element: Element | None, name: str, default: str = "") -> str:
    """An attribute `w:name`."""
    return default if element is None else element.get(f"{W}{name}", default)


def truth(element: Element | None) -> bool | None:
    """An on/off property: `<w:b/>` is on, `<w:b w:val="0"/>` off, none at all unsaid (ECMA-376 §17.17.4)."""
    return None if element is None else value(element, "val", "1") not in ("0", "false", "off")
