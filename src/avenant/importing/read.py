"""Opens the source of an import and finds out, by its content, what it is: the one module here that reads files.

    reading = read_source(Path("policy.docx"))

| begins with | is |
|---|---|
| `%PDF-` | PDF |
| a zip that holds a `word/document.xml` | Word |
| tags of HTML | HTML |
| words, with two `#` headings or named `.md` | Markdown |
| words | plain text |

Anything else is an error that says what it is and what to do: an old `.doc`, RTF, OpenDocument, a picture.
"""

from __future__ import annotations

import codecs
import re
import stat
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from avenant.importing.types import Changes, Reading, fault
from avenant.languages import say, trouble

# Ten times the text that an instrument can hold; fonts and pictures of a PDF need room.
LARGEST = 64 << 20

_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml.*?\?>\s*)*(?:<!doctype\s+html|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<(?:p|h[1-6]|div|ul|ol|table|section|article|span|br)\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER = {  # what a file begins with -> what it is called
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"%!PS": "PostScript",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
}
_MEMBERS = {  # a member of a zip -> what the zip is called
    "xl/workbook.xml": "Excel",
    "ppt/presentation.xml": "PowerPoint",
    "META-INF/container.xml": "EPUB",
    "content.xml": "OpenDocument",
    "index.xml": "Pages",
}


def read_source(
    path: Path,
    *,
    changes: Changes | None = None,
    encoding: str | None = None,
    progress: Callable[[str, int], None] = lambda label, count: None,
) -> Reading:
    """The passages of a file; `changes` for tracked ones, `encoding` for text that is not UTF-8.

    `progress` is told the file's name and a page's number. Raises InputError: what the file is, and what to do.
    """
    data = _bytes(path)
    name = path.name
    if b"%PDF-" in data[:1024]:
        from avenant.importing.pdf import read_pdf

        return read_pdf(data, name, progress)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data, name, changes)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted .docx is wrapped in the old container, whose directory names what it holds in UTF-16.
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise fault("password" if locked else "old-word", name)
    for start, kind in _OTHER.items():
        if data.startswith(start):
            raise fault("other-kind", name, kind=kind)
    text = _text(data, name, encoding)
    suffix = path.suffix.lower()
    from avenant.importing.plain import read_marked, read_text

    if _HTML.match(text[:4096]) or (suffix in (".html", ".htm", ".xhtml") and _TAG.search(text)):
        from avenant.importing.html import read_html

        return read_html(text, name)
    if suffix in (".md", ".markdown", ".mdown") or len(_HEADING.findall(text)) > 1:
        return read_marked(text, name)
    return read_text(text, name)


def _bytes(path: Path) -> bytes:
    name = path.name or str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise fault("no-source", name)
        if status.st_size > LARGEST:
            raise fault("too-large", name, size=status.st_size >> 20, most=LARGEST >> 20)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise fault("unreadable", name, problem=trouble(error)) from error
    if not data.strip():
        raise fault("empty-source", name)
    return data


def _zip(data: bytes, name: str, changes: Changes | None) -> Reading:
    try:
        names = frozenset(zipfile.ZipFile(BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise fault("damaged", name, kind="zip") from error
    from avenant.importing.ooxml import main_part

    if main_part(names) is not None:
        from avenant.importing.word import read_word

        return read_word(data, name, changes)
    kind = next((kind for member, kind in _MEMBERS.items() if member in names), "zip")
    raise fault("other-kind", name, kind=kind)


def _text(data: bytes, name: str, encoding: str | None) -> str:
    """The words of a text file; without `encoding`, what its mark or page says, else UTF-8."""
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    declared = _CHARSET.search(data[:4096])
    given = marked or encoding or (declared[1].decode("ascii") if declared else "utf-8")
    try:
        codecs.lookup(given)
    except LookupError as error:
        if encoding:
            raise fault("unknown-encoding", name, encoding=encoding) from error
        given = "utf-8"
    if b"\0" in data and not given.startswith("utf-16"):
        raise fault("other-kind", name, kind=say("import.binary"))
    try:
        text = data.decode(given)
    except (UnicodeError, ValueError) as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, at) + 1
        raise fault("not-utf8", name, line, encoding=given) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
