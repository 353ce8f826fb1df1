"""Real files to import, made here byte by byte: Word documents and PDFs of which a test says every word.

document = word(paragraph("Scope", style="Heading1"), paragraph("The customer shall pay."))
page = pdf([[("Scope", 16), ("The customer shall pay.", 11)]])
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

STYLES = f"""<w:styles {_W}>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Heading1"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Numbered1"><w:name w:val="My clause"/><w:basedOn w:val="Heading1"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Contents"><w:name w:val="toc 1"/></w:style>
</w:styles>"""

# List 1: `1.`, `1.1`, `(a)`; list 2: bullets; list 3: `Article 1`.
NUMBERING = f"""<w:numbering {_W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Article %1"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def run(words: str, properties: str = "") -> str:
    """A run of words; `properties` such as `<w:b/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(
    *runs: str, style: str = "", numbering: tuple[int, int] | None = None, properties: str = ""
) -> str:
    """A paragraph of plain words or of runs; `numbering` is (list, level)."""
    inner = "".join(r if r.startswith("<") else run(r) for r in runs)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbering:
        styled += (
            f'<w:numPr><w:ilvl w:val="{numbering[1]}"/><w:numId w:val="{numbering[0]}"/></w:numPr>'
        )
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{inner}</w:p>"


def inserted(words: str) -> str:
    """Words whose insertion is tracked."""
    return f'<w:ins w:id="1" w:author="A">{run(words)}</w:ins>'


def deleted(words: str) -> str:
    """Words whose deletion is tracked."""
    gone = f'<w:r><w:delText xml:space="preserve">{escape(words)}</w:delText></w:r>'
    return f'<w:del w:id="2" w:author="A">{gone}</w:del>'


def table(*rows: Sequence[str]) -> str:
    """A table of plain words, or of tables."""
    cells = (
        "<w:tr>"
        + "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(cells)}</w:tbl>"


def word(*body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word document of these paragraphs and tables; `parts` adds or replaces parts of the package."""
    document = (
        f'<?xml version="1.0"?><w:document {_W} {_R}><w:body>{"".join(body)}</w:body></w:document>'
    )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": document,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        **(parts or {}),
    }
    return zipped({name: text.encode() for name, text in files.items()})


def part(name: str, inner: str) -> str:
    """A part of WordprocessingML: `part("comments", …)`."""
    return f"<w:{name} {_W} {_R}>{inner}</w:{name}>"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


Line = tuple[str, float] | tuple[str, float, float]  # words, size, and where it stands if not below


def pdf(pages: Sequence[Sequence[Line]]) -> bytes:
    """A PDF (1.4, Helvetica; `/F2` bold from size 14 on): each line below the one before, or at its own height."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    first = 4 + 2 * len(pages)
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(_font("Helvetica"))
    for lines in pages:
        number = len(objects) + 2
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number} 0 R"
            f" /Resources << /Font << /F1 3 0 R /F2 {first} 0 R >> >> >>".encode()
        )
        content = _content(lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.append(_font("Helvetica-Bold"))
    return _file(objects)


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    )


def _content(lines: Sequence[Line]) -> bytes:
    parts = [b"BT"]
    y = 700.0
    for words, size, *place in lines:
        at = place[0] if place else y
        face = b"/F2" if size >= 14 else b"/F1"
        text = (
            words.encode("cp1252")
            .replace(b"\\", b"\\\\")
            .replace(b"(", b"\\(")
            .replace(b")", b"\\)")
        )
        parts.append(b"%s %g Tf 1 0 0 1 72 %g Tm (%s) Tj" % (face, size, at, text))
        if not place:
            y -= size * (1.3 if words else 1)
    parts.append(b"ET")
    return b"\n".join(parts)


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for i, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
