"""`avenant import` in an empty folder: each format, each thing left out, each file that cannot be read."""

from __future__ import annotations

import json
import os
import re
import shlex
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader, PdfWriter

import avenant.importing
from avenant.cli import app
from avenant.cli.import_ import Imported, command
from avenant.languages import speak
from avenant.languages.read import catalogue
from avenant.library import load
from tests.conformance import ROOT
from tests.imports import ids, imported_words, sections, words_of
from tests.sources import (
    deleted,
    inserted,
    paragraph,
    part,
    pdf,
    run,
    table,
    word,
    zipped,
)
from tools import errors_page

Capsys = pytest.CaptureFixture[str]

MARKDOWN = """\
# Acceptable use policy

## 1. Definitions

"Service" means the thing, its *weights* and `code` included.

## 2. Prohibited uses

You must not use the service to:

- generate malware;
- track persons, see [the law](https://example.org/law) and [below](#enforcement).

2.1 The customer shall not resell access.

## Enforcement

We may suspend access.

| breach | step |
|--------|------|
| first  | note |

## Enforcement

Twice.
"""


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each test stands in a folder of its own, and begins in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    speak("en")


def made(capsys: Capsys, name: str, data: bytes | str, *arguments: str) -> Imported:
    """What `import --json` says of a source; the dossier stands in agreements/x, and `check` reads it."""
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    code = app.run(["import", name, "--into", "agreements/x", "--json", *arguments])
    shown = capsys.readouterr()
    assert (0, "") == (code, shown.err)
    load("x").check()
    return msgspec.json.decode(shown.out, type=Imported)


def refused(capsys: Capsys, arguments: Sequence[str]) -> str:
    """What is said of a source that is not read: one error, a remedy below it, and nothing is made."""
    code = app.run(["import", *arguments])
    shown = capsys.readouterr()
    assert (2, "") == (code, shown.out)
    assert "Traceback" not in shown.err
    first, *rest = shown.err.splitlines()
    assert rest
    assert rest[0].startswith("      ")
    assert not Path("agreements").exists()
    return first


def left(imported: Imported) -> dict[str, int]:
    """How often what was left out or changed."""
    return {item.code: item.count for item in imported.left}


def test_markdown_becomes_clauses(capsys: Capsys) -> None:
    """Headings and numbered paragraphs become clauses with ids; words, their order and outside links stay."""
    imported = made(capsys, "policy.md", MARKDOWN)
    source = MARKDOWN.replace("(https://example.org/law)", "").replace("(#enforcement)", "")
    assert words_of(source) == imported_words(Path("agreements/x"))
    expected = [
        "definitions",
        "prohibited-uses",
        "prohibited-uses-1",
        "enforcement",
        "enforcement-2",
    ]
    assert expected == ids(Path("agreements/x"))
    assert ["1", "2", "2.1", "", ""] == [clause.number for clause in imported.clauses]
    assert ["definitions", "operative", "operative", "operative", "declaratory"] == [
        clause.kind for clause in imported.clauses
    ]
    assert {"inner-link": 1} == left(imported)
    prose = sections(Path("agreements/x"))[2].paragraphs
    assert ["- generate malware;", "- track persons, see the law and below."] == prose[1:]


def test_what_was_made_is_checked(capsys: Capsys) -> None:
    """The dossier passes `check` without a fault; each slot, each placeholder and the words are findings."""
    imported = made(capsys, "policy.md", MARKDOWN)
    report = load("x").check()
    codes = [f.code for f in report.findings]
    assert imported.slots == codes.count("unwritten-rule") == 3
    assert 2 == codes.count("placeholder")
    # The first findings on the words are those that `check` has on them.
    assert imported.findings
    assert {f.id for f in imported.findings} <= {f.id for f in report.findings}


def test_the_screen_says_what_to_do_next(capsys: Capsys) -> None:
    """A person sees the clauses, what was left out, the first findings, and the next command."""
    Path("Usage Policy.md").write_text(MARKDOWN, encoding="utf-8")
    assert 0 == app.run(["import", "Usage Policy.md", "--party", "supplier=Acme S.A."])
    shown = capsys.readouterr().out
    assert shown.startswith(
        "agreements/usage-policy/0-agreement.md, from Usage Policy.md, in English"
    )
    assert "5 clauses · 3 rules to be written" in shown
    assert "  2. Prohibited uses  #prohibited-uses" in shown
    assert shown.rstrip().endswith("avenant check agreements/usage-policy")
    text = Path("agreements/usage-policy/0-agreement.md").read_text(encoding="utf-8")
    assert 'supplier: {name: "Acme S.A.", role: provider' in text
    assert 'customer: {name: "[The customer]", role: customer' in text


def test_a_french_text_is_found_to_be_french(capsys: Capsys) -> None:
    """The language is found, and slots, placeholders and our own clause are in it."""
    source = "# Charte d'usage\n\n## Article 1er. Objet\n\nLe système ne peut être employé pour la notation.\n"
    imported = made(capsys, "charte.md", source)
    assert ("fr", "Charte d'usage") == (imported.language, imported.title)
    text = Path("agreements/x/0-agreement.md").read_text(encoding="utf-8")
    assert "// règle à écrire" in text
    assert 'name: "[Le fournisseur]"' in text
    assert "## Vocabulaire et faits {#facts .definitions}" in text
    assert ["1"] == [clause.number for clause in imported.clauses]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("x.txt", "1. Objet\n\n", "\n"), ("x.md", "## 1. Objet\n\n", "\n"), ("x.html", "<p>", "</p>")],
)
def test_no_break_spaces_are_words_of_the_text(
    capsys: Capsys, name: str, before: str, after: str
) -> None:
    """French typography is part of the prose, and stays as it is."""
    words = "Les clients peuvent\u00a0: rédiger\u202f; lire «\u00a0tout\u00a0»."
    made(capsys, name, f"{before}{words}{after}")
    assert words in Path("agreements/x/0-agreement.md").read_text(encoding="utf-8")


def test_no_line_begins_with_a_sign_that_french_sets_off(capsys: Capsys) -> None:
    """A space before `;` or inside guillemets is no place to end a line, though the source wrote a common one."""
    words = "La présente politique dit « oui » ; elle dit « non » : le client choisit. " * 20
    made(capsys, "politique.md", f"# Politique\n\n## 1. Usages\n\n{words}\n")
    prose = (
        Path("agreements/x/0-agreement.md").read_text().partition("## 1.")[2].partition("```")[0]
    )
    lines = prose.splitlines()[2:]
    assert 10 < len(lines)
    assert [] == [line for line in lines if re.match(r"[;:!?»]", line) or line.endswith("«")]
    assert words.split() == " ".join(lines).split()


def test_word_counts_as_word_does(capsys: Capsys) -> None:
    """The numbers that Word shows and stores nowhere stand in the text; tables are rows, footnotes follow."""
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    source = word(
        paragraph("Supply agreement", style="Titel"),
        paragraph("Use", style="Numbered1"),
        paragraph("The customer shall not use it to:", note, numbering=(1, 1)),
        paragraph("track persons;", numbering=(1, 2)),
        paragraph("deceive ", run("persons", "<w:b/>"), ".", numbering=(1, 2)),
        paragraph("The customer may use it for office work.", numbering=(1, 1)),
        paragraph("one", numbering=(2, 0)),
        table(["What", "When"], ["Report", table(["Monthly"])]),
        paragraph("Term", style="Numbered1"),
        paragraph("A year.", numbering=(3, 0)),
        parts={
            "word/footnotes.xml": part(
                "footnotes", f'<w:footnote w:id="7">{paragraph("Or try.")}</w:footnote>'
            )
        },
    )
    imported = made(capsys, "supply.docx", source)
    assert ("Supply agreement", {"renumbered": 1}) == (imported.title, left(imported))
    assert ["1. Use", "1.1", "1.2", "2. Term", "Article 1)"] == [
        c.heading for c in imported.clauses
    ]
    expected = (
        "Supply agreement 1 Use 1 1 The customer shall not use it to 1 1 Or try a track persons b deceive persons"
        " 1 2 The customer may use it for office work one What When Report Monthly 2 Term Article 1 A year"
    )
    assert expected.split() == imported_words(Path("agreements/x"))


def test_links_of_a_document_made_online(capsys: Capsys) -> None:
    """The text may stand in `document2.xml`; a link to a web address stays, one to another place leaves its words."""
    relations = "http://schemas.openxmlformats.org"
    source = word(
        paragraph("Policy", style="Titel"),
        paragraph("Use", style="Heading1"),
        paragraph(
            "<w:hyperlink r:id='a'>" + run("The law") + "</w:hyperlink>",
            "<w:hyperlink w:anchor='b'>" + run(" below") + "</w:hyperlink>",
            " must be kept.",
        ),
    )
    parts = {
        name: zipfile.ZipFile(BytesIO(source)).read(name)
        for name in ("word/document.xml", "word/styles.xml")
    }
    link = f"{relations}/officeDocument/2006/relationships/hyperlink"
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["word/_rels/document2.xml.rels"] = (
        f'<Relationships xmlns="{relations}/package/2006/relationships">'
        f'<Relationship Id="a" Type="{link}" Target="https://example.org/law" TargetMode="External"/></Relationships>'
    ).encode()
    imported = made(capsys, "online.docx", zipped(parts))
    assert {"inner-link": 1} == left(imported)
    text = Path("agreements/x/0-agreement.md").read_text(encoding="utf-8")
    assert "[The law](https://example.org/law) below must be kept." in text


def test_a_sentence_in_the_style_of_a_heading_is_a_paragraph(capsys: Capsys) -> None:
    """Contracts number whole sentences by the styles of headings: the number heads the clause, the sentence stays."""
    sentence = (
        "The customer shall not use the system to track persons, to deceive them, or to take"
        " decisions about them that nobody has examined."
    )
    imported = made(
        capsys,
        "styled.docx",
        word(
            paragraph("Use", style="Numbered1"),
            paragraph(sentence, style="Heading2", numbering=(1, 1)),
            paragraph("Term", style="Numbered1"),
            paragraph(run("Not a heading here", "<w:b/>")),
        ),
    )
    assert ["1. Use", "1.1", "2. Term"] == [clause.heading for clause in imported.clauses]
    assert sentence == sections(Path("agreements/x"))[1].prose


def test_bold_lines_are_headings_where_there_are_no_others(capsys: Capsys) -> None:
    """A Word document without styles: short bold lines head the clauses, and only they."""
    imported = made(
        capsys,
        "bold.docx",
        word(
            paragraph(run("Purpose", "<w:b/>")),
            paragraph("The customer may use it for ", run("office work", "<w:b/>"), "."),
            paragraph(run("Limits", "<w:b/>")),
            paragraph(run("It must not be sold.", "<w:b/>")),
        ),
    )
    assert ["purpose", "limits"] == [clause.id for clause in imported.clauses]
    assert "It must not be sold." == sections(Path("agreements/x"))[1].prose


def test_tracked_changes_are_asked_about(capsys: Capsys) -> None:
    """Which text is meant is not guessed: the error names both, and each gives its own words."""
    body = paragraph("The customer ", deleted("may"), inserted("shall not"), " resell it.")
    # The end of the first paragraph is deleted: accepted, the two are one.
    mark = "<w:rPr><w:del w:id='3' w:author='A'/></w:rPr>"
    source = word(
        paragraph("Policy", style="Titel"),
        paragraph("Use", style="Heading1"),
        body,
        paragraph("It ends", properties=mark),
        paragraph(" soon."),
    )
    Path("t.docx").write_bytes(source)
    told = refused(capsys, ["t.docx"])
    assert "3 of them" in told
    accepted = made(capsys, "t.docx", source, "--changes", "accepted")
    assert {"tracked-accepted": 3} == left(accepted)
    assert "The customer shall not resell it." in sections(Path("agreements/x"))[1].prose
    assert sections(Path("agreements/x"))[1].prose.endswith("\n\nIt ends soon.")
    Path("agreements/x/0-agreement.md").unlink()
    original = made(capsys, "t.docx", source, "--changes", "original")
    assert {"tracked-original": 3} == left(original)
    assert "The customer may resell it." in sections(Path("agreements/x"))[1].prose


def test_what_word_keeps_beside_the_text_is_left_out_and_said(capsys: Capsys) -> None:
    """Comments, hidden words, pictures, the table of contents and page headers are no part of the text."""
    imported = made(
        capsys,
        "beside.docx",
        word(
            paragraph("Policy", style="Titel"),
            paragraph("Use 3", style="Contents"),
            paragraph("Use", style="Heading1"),
            paragraph(
                "You must pay for it",
                run(" secretly", "<w:vanish/>"),
                ".",
                "<w:r><w:drawing/></w:r>",
            ),
            parts={
                "word/comments.xml": part(
                    "comments", f'<w:comment w:id="1">{paragraph("Why?")}</w:comment>'
                ),
                "word/header1.xml": part("hdr", paragraph("Confidential")),
            },
        ),
    )
    assert {"comment": 1, "contents": 1, "hidden": 1, "image": 1, "page-header": 1} == left(
        imported
    )
    assert ["Policy", "Use", "You", "must", "pay", "for", "it"] == imported_words(
        Path("agreements/x")
    )


def test_a_pdf_without_what_repeats(capsys: Capsys) -> None:
    """Headings by size and number; page headers and numbers are left out, divided words joined, and all of it said."""
    imported = made(
        capsys,
        "policy.pdf",
        pdf(
            [
                [
                    ("ACME confidential", 8, 820),
                    ("Acceptable use policy", 18),
                    ("", 12),
                    ("1. Prohibited uses", 14),
                    ("You must not use the service for mass surveil-", 11),
                    ("lance of persons or commercially-", 11),
                    ("acquired data.", 11),
                    ("", 11),
                    ("2. Enforcement", 14),
                    ("We may suspend", 11),
                    ("Page 1 of 2", 8, 20),
                ],
                [
                    ("ACME confidential", 8, 820),
                    ("access at any time.", 11),
                    ("", 11),
                    ("Data that was commercially-acquired is kept out.", 11),
                    ("Page 2 of 2", 8, 20),
                ],
            ]
        ),
    )
    assert {"divided": 2, "page-header": 2, "page-number": 2} == left(imported)
    divided = next(item for item in imported.left if item.code == "divided")
    assert ("surveillance", "commercially-acquired") == divided.examples
    expected = (
        "Acceptable use policy 1 Prohibited uses You must not use the service for mass surveillance of persons or"
        " commercially acquired data 2 Enforcement We may suspend access at any time"
        " Data that was commercially acquired is kept out"
    )
    assert expected.split() == imported_words(Path("agreements/x"))
    assert "We may suspend access at any time." in sections(Path("agreements/x"))[2].paragraphs


def test_short_paragraphs_of_a_pdf_stay_apart(capsys: Capsys) -> None:
    """The space between paragraphs counts though most are of one line; a title of two lines is one, "(EU)" no item."""
    lines = [
        ("Acceptable use policy of the whole of", 18, 800),
        ("the Acme group", 18, 777),
        ("1. Prohibited uses", 14, 740),
        ("You must not track persons.", 10, 720),
        ("You must not generate malware.", 10, 702),
        ("You must not do what is forbidden by Regulation", 10, 684),
        ("(EU) 2024/1689 of the European Union.", 10, 672),
        ("You must not resell access.", 10, 654),
    ]
    imported = made(capsys, "policy.pdf", pdf([lines]))
    assert "Acceptable use policy of the whole of the Acme group" == imported.title
    expected = (
        "You must not track persons.",
        "You must not generate malware.",
        "You must not do what is forbidden by Regulation (EU) 2024/1689 of the European Union.",
        "You must not resell access.",
    )
    assert expected == tuple(sections(Path("agreements/x"))[1].paragraphs)


def test_what_is_turned_is_left_out_unless_the_page_is(capsys: Capsys) -> None:
    """A stamp across a page is no part of the text; a page that is all turned is read."""
    stamped = pdf([[("Policy", 16), ("You must not use it for that, nor for this.", 11)]])
    stamp = b"0 1 -1 0 300 300 Tm (DRAFT) Tj\nET"
    across = stamped.replace(b"ET\nendstream", stamp + b"\nendstream")
    assert across != stamped
    imported = made(capsys, "stamped.pdf", across)
    assert {"turned": 1} == {c: n for c, n in left(imported).items() if c != "ours"}
    assert "DRAFT" not in imported_words(Path("agreements/x"))
    Path("agreements/x/0-agreement.md").unlink()
    turned = re.sub(rb"1 0 0 1 72 (\d+)", lambda m: b"0 1 -1 0 %d 72" % (800 - int(m[1])), stamped)
    assert "Policy" == made(capsys, "turned.pdf", turned).title
    assert "You must not use it for that, nor for this." == sections(Path("agreements/x"))[-1].prose


def test_a_page_without_what_runs(capsys: Capsys) -> None:
    """Of HTML what a reader sees: no script, menu or hidden words; lists are numbered as a browser numbers them."""
    page = """<!DOCTYPE html><html><head><title>Our policy</title><script>document.write("no")</script></head><body>
    <nav>Home</nav><main><h1>Policy</h1><h2>Uses</h2><p>You must not:<ol type=a start=3><li>track<li>deceive</ol>
    <p hidden>Never.<p>See <a href="https://example.org/x">the law</a>, <b>always</b>&nbsp;&amp; <img src=x onerror=y>
    <table><tr><td>a<td>b</table><script>alert(1)</script></main><footer>Contact</footer></body></html>"""
    imported = made(capsys, "page.html", page)
    assert {"hidden": 1, "image": 1, "navigation": 1, "outside-main": 1} == left(imported)
    expected = "Policy Uses You must not c track d deceive See the law always a b"
    assert expected.split() == imported_words(Path("agreements/x"))
    text = Path("agreements/x/0-agreement.md").read_text(encoding="utf-8")
    assert "[the law](https://example.org/x)" in text


def test_plain_text_is_cut_by_how_it_stands(capsys: Capsys) -> None:
    """Headings are numbered, in capitals, or short and alone; numbered paragraphs below them are clauses."""
    source = (
        "USAGE POLICY\n\n1. PURPOSE\n\n1.1 The customer shall use it\nfor office work.\n\n1.2 It may not be:\n"
        "(a) sold;\n(b) lent.\n\n2. TERM\n\nIt ends in a year.\n\nArticle 7\n\nThe end may come sooner.\n"
    )
    imported = made(capsys, "policy.txt", source)
    assert words_of(source) == imported_words(Path("agreements/x"))
    assert ["1. PURPOSE", "1.1", "1.2", "2. TERM", "Article 7"] == [
        c.heading for c in imported.clauses
    ]
    assert ["purpose", "purpose-1", "purpose-2", "term", "clause-7"] == ids(Path("agreements/x"))


def test_a_numbered_name_is_a_heading(capsys: Capsys) -> None:
    """Where a text is a numbered list, the few words behind a number name the clause, and a sentence does not."""
    source = (
        "# Terms\n\n1. Use of the service\n   1. The customer must not resell it.\n"
        "2. The customer pays.\n3. Term\n"
    )
    imported = made(capsys, "terms.md", source)
    assert ["1. Use of the service", "2.", "3. Term"] == [c.heading for c in imported.clauses]
    assert ["use-service", "clause-2", "term"] == ids(Path("agreements/x"))
    assert words_of(source) == imported_words(Path("agreements/x"))


def test_definitions_end_at_the_next_clause(capsys: Capsys) -> None:
    """What is defined stays in its clause, numbered or not; the clause that follows is one of its own."""
    source = (
        "TERMS\n\n1. Definitions\n\n1.1 The service means the system.\n\n1.2 A user is a person.\n\n"
        "2. The customer shall not resell the service.\n\n3. It ends in a year.\n"
    )
    imported = made(capsys, "terms.txt", source)
    assert [("1. Definitions", "definitions"), ("2.", "operative"), ("3.", "declaratory")] == [
        (clause.heading, clause.kind) for clause in imported.clauses
    ]
    assert words_of(source) == imported_words(Path("agreements/x"))


def test_a_list_below_a_numbered_heading_is_a_list(capsys: Capsys) -> None:
    """A list that counts anew stays in its clause, though its second number would be that of the next clause."""
    source = (
        "TERMS\n\n1. Scope\n\nThe customer shall do two things.\n\n1. It keeps the record.\n\n2. It pays for it.\n\n"
        "2. Term\n\nIt ends in a year.\n"
    )
    imported = made(capsys, "terms.txt", source)
    assert ["1. Scope", "2. Term"] == [clause.heading for clause in imported.clauses]
    assert words_of(source) == imported_words(Path("agreements/x"))


def test_brackets_of_the_source_never_become_tests(capsys: Capsys) -> None:
    """Signs that Markdown would take for links, rules, headings or notes stay the signs that they were."""
    source = (
        "Policy\n======\n\nThe [x](#purpose.surveillance) must not; > **Reading.** [y]: z and ![z](w)\n\n"
        "# no heading must be\n\n> **Encoding.** (a) must stay\n\n"
        "```cedar\npermit(principal, action, resource);\n```\n\n"
        "<!-- hidden must stay --> &lt; &#8203; a_b_c _d_ ~~~ 1. 2) - + \\ `code`\n"
    )
    made(capsys, "signs.txt", source)
    assert words_of(source) == imported_words(Path("agreements/x"))
    assert [] == [link for section in sections(Path("agreements/x")) for link in section.links]
    assert () == load("x").in_force.rules


def test_a_number_that_stands_twice_is_none_the_second_time(capsys: Capsys) -> None:
    """An annex that counts anew keeps its words; its numbers, taken already, are written with a bracket, and said."""
    source = "# P\n\n## 1. Use\n\nYou must pay.\n\n## Annex\n\n## 1. Data\n\nYou must keep it.\n"
    imported = made(capsys, "annex.md", source)
    assert ["1. Use", "Annex", "1) Data"] == [clause.heading for clause in imported.clauses]
    assert ["1", "", ""] == [clause.number for clause in imported.clauses]
    assert {"renumbered": 1} == left(imported)


def test_a_text_without_headings_is_one_clause(capsys: Capsys) -> None:
    """Where nothing says where a clause begins, all of it is one, with a heading that is said to be ours."""
    imported = made(
        capsys, "short.txt", "the customer shall not use this for the tracking of persons.\n"
    )
    assert [("text", "Text", "operative", True)] == [
        (c.id, c.heading, c.kind, c.ours) for c in imported.clauses
    ]
    assert {"ours": 1} == left(imported)


def test_content_decides_and_not_the_name(capsys: Capsys) -> None:
    """A Word document called .pdf is read as Word, a page called .txt as HTML."""
    heads = paragraph("Policy", style="Titel"), paragraph("Use", style="Heading1")
    source = word(*heads, paragraph("You must not use it for that."))
    assert ["use"] == [c.id for c in made(capsys, "wrong.pdf", source).clauses]
    Path("agreements/x/0-agreement.md").unlink()
    page = "<!doctype html><h1>Policy</h1><h2>Use</h2><p>You must not use it for that.</p>"
    assert ["use"] == [c.id for c in made(capsys, "wrong.txt", page).clauses]


@pytest.mark.parametrize(
    "text",
    [
        "Los clientes no deben usar el modelo para la vigilancia de las personas sin su permiso.",
        "Die Kunden dürfen das Modell nicht zur Überwachung von Personen verwenden.",
        "I clienti non devono usare il modello per la sorveglianza di persone.",
    ],
)
def test_a_text_in_another_language_is_asked_about(capsys: Capsys, text: str) -> None:
    """Languages that share little words with French are not taken for it."""
    Path("policy.md").write_text(f"# A\n\n## 1. B\n\n{text}\n", "utf-8")
    assert "neither English nor French" in refused(capsys, ["policy.md"])


def test_another_encoding_is_asked_for(capsys: Capsys) -> None:
    """Text that is not UTF-8 is an error with its line; told its encoding, it is read."""
    source = "Règles d'usage\n\nLe système ne peut être employé pour la notation des personnes.\n"
    Path("old.txt").write_bytes(source.encode("cp1252"))
    assert "old.txt:1: this line is not utf-8 text" in refused(capsys, ["old.txt"])
    assert "`nope` is not an encoding" in refused(capsys, ["old.txt", "--encoding", "nope"])
    imported = made(capsys, "old.txt", source.encode("cp1252"), "--encoding", "windows-1252")
    assert "Règles d'usage" == imported.title
    Path("agreements/x/0-agreement.md").unlink()
    assert "Règles d'usage" == made(capsys, "wide.txt", source.encode("utf-16")).title


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    writer = PdfWriter(clone_from=PdfReader(stream(pdf([[("You must not.", 11)]]))))
    writer.encrypt("secret", algorithm="AES-256")
    return saved(writer)


def stream(data: bytes) -> Any:
    """Bytes as a file."""
    return BytesIO(data)


def saved(writer: PdfWriter) -> bytes:
    """What a writer writes."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A Word document of a few kilobytes whose text unpacks to 70 MB."""
    return word(paragraph("a" * (70 << 20)))


DOCUMENT = word(paragraph("You must pay."))
DOCTYPE = word(parts={"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})

# name, content, what is said
FILES: tuple[tuple[str, bytes, str], ...] = (
    ("locked.pdf", locked_pdf(), "protected by a password"),
    (
        "locked.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "a password",
    ),
    ("scan.pdf", pdf([[], []]), "pictures of pages and no words"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word 97–2003"),
    ("cut.pdf", pdf([[("You must pay.", 11)]])[:60], "this PDF file is damaged"),
    ("cut.docx", DOCUMENT[:200], "is damaged"),
    ("broken.docx", zipped({"word/document.xml": b"<w:document"}), "this Word file is damaged"),
    ("entities.docx", DOCTYPE, "this Word file is damaged"),
    ("bomb.docx", bomb(), "unpacks to more than 64 MB"),
    ("empty.txt", b"", "no words in this file"),
    ("blank.md", b"\n \n", "no words in this file"),
    ("signs.html", b"<!doctype html><script>var x = 1</script>", "no words in this file"),
    ("long.txt", b"You must not use it. " * 500_000, "longer than 450 KB"),
    ("sheet.docx", zipped({"xl/workbook.xml": b"<x/>"}), "is Excel"),
    ("text.odt", zipped({"content.xml": b"<x/>"}), "is OpenDocument"),
    ("letter.rtf", b"{\\rtf1 You must pay.}", "is RTF"),
    ("scan.png", b"\x89PNG\r\n\x1a\n\0\0", "is PNG"),
    ("noise.txt", bytes(range(256)), "is binary"),
    (
        "german.txt",
        "Der Kunde darf das System nicht für Überwachung nutzen und zahlt.".encode(),
        "neither English nor French",
    ),
    (
        "made.md",
        b"---\navenant: 1\nagreement: x\n---\n\n## 1. Use {#use}\n\nYou must pay.\n",
        "an instrument of Avenant",
    ),
)


@pytest.mark.parametrize(("name", "data", "told"), FILES, ids=[name for name, _, _ in FILES])
def test_a_file_that_cannot_be_read(capsys: Capsys, name: str, data: bytes, told: str) -> None:
    """One clear error with the file's name and a remedy; no folder is made."""
    Path(name).write_bytes(data)
    message = refused(capsys, [name])
    assert f"error {name}:" in message
    assert told in message


def test_what_is_no_file(capsys: Capsys) -> None:
    """A missing file, a folder, a pipe and a link that leads nowhere are errors of one sentence."""
    Path("folder").mkdir()
    os.mkfifo("pipe")
    Path("link").symlink_to("nowhere")
    for name in ("missing.md", "folder", "pipe", "link", "nul\0l"):
        refused(capsys, [name])


@pytest.mark.parametrize("occupied", ["file", "folder", "link", "dossier"])
def test_nothing_is_written_over(capsys: Capsys, occupied: str) -> None:
    """What stands where the dossier would be stays as it is."""
    Path("p.txt").write_text("You must not use it for the tracking.\n", encoding="utf-8")
    target = Path("there")
    match occupied:
        case "file":
            target.write_text("mine", encoding="utf-8")
        case "folder":
            target.mkdir()
            (target / "notes.txt").write_text("mine", encoding="utf-8")
        case "link":
            target.symlink_to("elsewhere")
        case _:
            target.mkdir()
            (target / "0-agreement.md").write_text("mine", encoding="utf-8")
    assert "nothing is written over" in refused(capsys, ["p.txt", "--into", "there"])
    assert not Path("elsewhere").exists()
    assert "mine" in {f.read_text(encoding="utf-8") for f in Path().glob("there*/*")} | {"mine"}


def test_mistakes_at_the_command_line(capsys: Capsys) -> None:
    """A folder that is no id, a party that is none, a name that is none: said, each with a remedy."""
    Path("p.txt").write_text("You must not use it for the tracking.\n", encoding="utf-8")
    assert "`My Policy` is not the id" in refused(capsys, ["p.txt", "--into", "My Policy"])
    assert "no party `suplier`" in refused(capsys, ["p.txt", "--party", "suplier=Acme"])
    assert "does not name a party" in refused(capsys, ["p.txt", "--party", "Acme"])


def test_every_error_is_said_in_french_too(capsys: Capsys) -> None:
    """A reader of French only gets the error and its remedy in French."""
    Path("locked.pdf").write_bytes(locked_pdf())
    message = refused(capsys, ["--lang", "fr", "locked.pdf"])
    assert "protégé par un mot de passe" in message


def test_whatever_is_left_out_can_be_said() -> None:
    """Each code that a reader gives for what it left out has its sentence, and no sentence is without one."""
    folder = Path(avenant.importing.__file__ or "").parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    codes = set(re.findall(r'\bleave\(\s*"([a-z-]+)"', source)) | {"renumbered", "ours"}
    codes |= {f"tracked-{changes}" for changes in ("accepted", "original")}
    codes |= set(re.findall(r'out\[i\] = "([a-z-]+)"', source)) | {
        "control",
        "embedded",
        "navigation",
    }
    for language in ("en", "fr"):
        said = {key.removeprefix("import.left.") for key in catalogue(language) if ".left." in key}
        assert codes == said


def test_the_page_shows_the_screen(capsys: Capsys) -> None:
    """The first screen of the how-to is what comes out for such a file."""
    page = (ROOT / "docs/how-to/import-a-text.md").read_text(encoding="utf-8")
    typed, *output = page.split("```console\n")[1].split("\n```")[0].splitlines()
    heads = [
        part
        for n in range(12)
        for part in (
            paragraph(f"Point {n}", style="Heading1"),
            paragraph("The customer must keep to it." if n < 9 else "This is how it came to be."),
        )
    ]
    Path("policy.docx").write_bytes(word(paragraph("Acceptable use", style="Titel"), *heads))
    assert 0 == app.run(shlex.split(typed.removeprefix("$ avenant ")))
    assert output == capsys.readouterr().out.splitlines()[: len(output)]


def test_the_page_names_each_error_and_option() -> None:
    """The how-to says of each error of an import what to do, and names every option of the verb."""
    page = (ROOT / "docs/how-to/import-a-text.md").read_text(encoding="utf-8")
    codes = {error.code for error in errors_page.made() if error.key.startswith("import.")}
    assert len(codes) > 15
    assert [] == sorted(code for code in codes if f"`{code}`" not in page)
    options = {option for parameter in command.params for option in parameter.opts}
    assert [] == sorted(o for o in options if o.startswith("--") and f"`{o}" not in page)


def test_the_schema_is_published(capsys: Capsys) -> None:
    """`avenant schema Imported` is the schema of what `import --json` prints."""
    assert 0 == app.run(["schema", "Imported"])
    schema = json.loads(capsys.readouterr().out)
    assert {"Imported", "ImportedClause", "LeftOut", "Finding"} <= set(schema["$defs"])
