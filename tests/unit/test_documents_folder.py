"""Diagnostics of a dossier's folder: its files, their names, the chain that they form."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from avenant.agreement.consolidate import draft_effects, in_force, intervals
from avenant.agreement.reading.read import LARGEST, read_dossier, split_name
from avenant.errors import InputError, InputErrors
from avenant.instants import instant
from avenant.source.diagnostics import Diagnostics
from tests.dossiers import AGREEMENT, FILES, chained, derived, errors, written

A, M, D, _ = FILES

CASES: tuple[tuple[str, str, Mapping[str, str | bytes]], ...] = (
    ("no-instruments", "", {"README.md": "# A town"}),
    ("file-name", "amendment.md", {A: AGREEMENT, "amendment.md": "x"}),
    ("file-name", "00-agreement.md", {"00-agreement.md": AGREEMENT}),
    ("unknown-kind", "1-ammendment.md", {A: AGREEMENT, "1-ammendment.md": "x"}),
    ("unknown-language", "0-agreement.de.md", {A: AGREEMENT, "0-agreement.de.md": "x"}),
    ("fork", "1-amendment.md", {**chained(FILES), "1-admission.md": chained(FILES)[D]}),
    ("gap", D, {A: AGREEMENT, D: chained(FILES)[D]}),
    (
        "not-first",
        "0-amendment.md",
        {
            "0-amendment.md": FILES[M]
            .replace("number: 1", "number: 0")
            .replace("previous: PREVIOUS\n", "")
        },
    ),
    ("empty-file", A, {A: ""}),
    ("too-large", A, {A: AGREEMENT + "Words and words.\n" * (LARGEST // 17)}),
    ("not-utf8", A, {A: AGREEMENT.encode("latin-1") + b"\xe9t\xe9\n"}),
    ("translation-of-nothing", "1-amendment.fr.md", {A: AGREEMENT, "1-amendment.fr.md": AGREEMENT}),
)


@pytest.mark.parametrize(
    ("code", "file", "files"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)]
)
def test_each_fault_of_a_folder_is_named(
    tmp_path: Path, code: str, file: str, files: Mapping[str, str | bytes]
) -> None:
    """A file that is missing, too many, misnamed or unreadable is one named error with a remedy."""
    with pytest.raises(InputError) as caught:
        derived(written(tmp_path, files))
    named = [e for e in errors(caught.value) if e.code == code]
    assert [code] == [e.code for e in named], str(caught.value)
    assert named[0].hint
    assert named[0].at is not None
    assert (file or str(tmp_path)) == named[0].at.file


def test_the_line_of_bytes_that_are_no_text_is_named(tmp_path: Path) -> None:
    """Latin-1 in a file of UTF-8 is found at its line."""
    with pytest.raises(InputError) as caught:
        read_dossier(written(tmp_path, {A: b"---\navenant: 1\nlabel: \xe9t\xe9\n---\n"}))
    assert caught.value.at is not None
    assert (A, 3) == (caught.value.at.file, caught.value.at.line)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A path that is no folder is said to be none."""
    with pytest.raises(InputError) as caught:
        read_dossier(tmp_path / "town")
    assert "no-dossier" == caught.value.code


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder in the place of a file is an error, not a traceback."""
    (tmp_path / A).mkdir()
    with pytest.raises(InputError) as caught:
        read_dossier(tmp_path)
    assert "not-a-file" == caught.value.code


def test_ten_megabytes_are_refused_at_once(tmp_path: Path) -> None:
    """A file beyond the limit is not parsed at all."""
    written(tmp_path, {A: AGREEMENT + "[a](#b.c) *d* " * (10 * LARGEST // 14)})
    with pytest.raises(InputError) as caught:
        read_dossier(tmp_path)
    assert "too-large" == caught.value.code


def test_a_signed_instrument_names_its_predecessor(tmp_path: Path) -> None:
    """`previous` may be left out of a draft, not of what somebody has signed."""
    files = dict(FILES)
    files[M] = FILES[M].replace("previous: PREVIOUS\n", "")
    folder = written(tmp_path, chained(files))
    assert 3 == len(read_dossier(folder).instruments)
    written(folder, {"signatures/1-amendment.dsse.json": "{}"})
    with pytest.raises(InputError) as caught:
        read_dossier(folder)
    assert "no-previous" == caught.value.code


def test_envelopes_are_read_as_they_are(tmp_path: Path) -> None:
    """Signatures are bytes here: whether they are any good is another room's question."""
    envelope = b"\x00not JSON"
    folder = written(tmp_path, {A: AGREEMENT, "signatures/0-agreement.dsse.json": envelope})
    assert {"0-agreement.dsse.json": envelope} == dict(read_dossier(folder).envelopes)


@pytest.mark.parametrize("kind", ["suspension", "withdrawal", "termination", "key-change"])
def test_kinds_that_are_not_derived_yet_are_read_and_refused(tmp_path: Path, kind: str) -> None:
    """Such an instrument is shown in the dossier; the text after it is an error that says so."""
    files = {A: AGREEMENT, f"1-{kind}.md": FILES[D].split("admits:")[0] + "---\n\nIt ends.\n"}
    text = files[f"1-{kind}.md"]
    files[f"1-{kind}.md"] = text.replace("admission", kind).replace("number: 2", "number: 1")
    dossier = read_dossier(written(tmp_path, chained(files)))
    assert kind == dossier.instruments[1].kind
    effects = draft_effects(dossier)
    assert "town@0" == in_force(dossier, 0, effects).id
    with pytest.raises(InputError) as caught:
        in_force(dossier, 1, effects)
    assert "not-supported-yet" == caught.value.code


def test_an_admission_of_a_clause_with_several_forbids_names_one(tmp_path: Path) -> None:
    """`past: police` is not enough where the clause has two forbids; `past: police/2` is."""
    files = dict(FILES)
    second = 'forbid (principal in Organisation::"police", action, resource);\n'
    files[A] = FILES[A].replace(second, second * 2)
    clause = files[A][files[A].index("## 4. Police") : files[A].index("\n## R1")]
    from tests.dossiers import digest

    files[D] = FILES[D].replace("CLAUSE", digest(clause))
    with pytest.raises(InputError) as caught:
        derived(written(tmp_path, chained(files)))
    assert "which-forbid" == caught.value.code
    assert caught.value.hint == "name one: police/1, police/2"
    files[D] = files[D].replace("past: police", "past: police/2")
    dossier = read_dossier(written(tmp_path, chained(files)))
    text = in_force(dossier, 2, draft_effects(dossier), on=instant("2026-05-01"))
    assert [0, 1] == [len(rule.passes) for rule in text.rules if rule.clause == "police"]


def test_texts_that_are_not_there(tmp_path: Path) -> None:
    """A number beyond the last, one without signatures, a date before the effect: each is said."""
    dossier = read_dossier(written(tmp_path, chained(FILES)))
    effects = draft_effects(dossier)
    for code, number, known, on in (
        ("no-such-instrument", 3, effects, None),
        ("no-effect", 2, {0: effects[0], 1: effects[1]}, None),
        ("before-effect", 1, effects, instant("2026-01-15")),
    ):
        with pytest.raises(InputError) as caught:
            in_force(dossier, number, known, on=on)
        assert code == caught.value.code
        assert caught.value.hint
    with pytest.raises(InputError) as caught:
        intervals(dossier, 2, {})
    assert "no-effect" == caught.value.code


@pytest.mark.parametrize("name", ["town@", "town@one", "town@-1", "@1", ""])
def test_names_that_are_none(name: str) -> None:
    """What follows `@` is the number of an instrument."""
    with pytest.raises(InputError) as caught:
        split_name(name)
    assert "bad-name" == caught.value.code


def test_names() -> None:
    """An id or a path, with or without a number; an `@` in a folder's name is no number."""
    assert ("town", 1) == split_name("town@1")
    assert ("a/b@c/town", None) == split_name("a/b@c/town")


def test_the_same_fault_is_reported_once(tmp_path: Path) -> None:
    """Several errors stay distinct: none is said twice."""
    broken = AGREEMENT.replace("#legality.lawful", "#legality.lawfull").replace(
        "town may use", "town [may](#legality.lawfull) use"
    )
    with pytest.raises(InputErrors) as caught:
        derived(written(tmp_path, {A: broken.replace("#purpose.s", "#purpose.z")}))
    said = [(e.code, e.message, e.at) for e in caught.value.errors]
    assert sorted(set(map(str, said))) == sorted(map(str, said))


def test_a_report_has_an_end(tmp_path: Path) -> None:
    """Of thousands of faults a hundred are told, and how many there are besides."""
    broken = AGREEMENT + "\n## Nothing\n" * 3_000
    with pytest.raises(InputErrors) as caught:
        read_dossier(written(tmp_path, {A: broken}))
    *told, rest = caught.value.errors
    assert (100, "more-faults") == (len(told), rest.code)
    assert "2900 more errors" == rest.message


def pipe(path: Path) -> None:
    """A named pipe that nobody writes to: whoever opens it without care waits for ever."""
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    """A socket of the file system."""
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def link_out(path: Path) -> None:
    """A link to a file that no party has seen."""
    target = path.parents[2] / "elsewhere.md"
    target.write_text("# Elsewhere", "utf-8")
    path.symlink_to(target)


STRAYS: dict[str, Callable[[Path], None]] = {
    "pipe": pipe,
    "socket": socket_file,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "leads-out": link_out,
    "leads-nowhere": lambda path: path.symlink_to("nowhere"),
    "loop": lambda path: path.symlink_to(path.name),
    "folder": Path.mkdir,
}


@pytest.mark.parametrize("where", ["3-amendment.md", "statements/s.md", "signatures/x.dsse.json"])
@pytest.mark.parametrize("kind", STRAYS)
def test_what_is_no_regular_file_is_named_and_not_opened(
    tmp_path: Path, kind: str, where: str
) -> None:
    """A pipe, a socket, a device, a link that leads out or nowhere is an error with its name; nothing hangs."""
    folder = written(tmp_path / "town", chained(FILES))
    (folder / where).parent.mkdir(exist_ok=True)
    STRAYS[kind](folder / where)
    with pytest.raises(InputError) as caught:
        read_dossier(folder)
    assert [("not-a-file", where)] == [
        (e.code, e.at.file if e.at else "") for e in errors(caught.value)
    ]
    aside = Diagnostics()
    assert [0, 1, 2] == [i.number for i in read_dossier(folder, aside).instruments]
    assert [("not-a-file", where)] == [(e.code, e.at.file if e.at else "") for e in aside.found]


def test_a_folder_that_leads_out_is_not_read(tmp_path: Path) -> None:
    """Statements that lie elsewhere are no statements of this dossier, whatever links to them."""
    folder = written(tmp_path / "town", chained(FILES))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "s.md").write_text("# Words", "utf-8")
    shutil.rmtree(folder / "statements", ignore_errors=True)
    (folder / "statements").symlink_to(tmp_path / "other")
    aside = Diagnostics()
    assert () == read_dossier(folder, aside).statements
    assert {"statements", "statements/s.md"} == {e.at.file for e in aside.found if e.at}


def test_a_link_inside_the_folder_is_a_file(tmp_path: Path) -> None:
    """Volumes are mounted with links to files beside them: those are read."""
    folder = written(tmp_path, chained(FILES))
    (folder / "..data").mkdir()
    (folder / A).rename(folder / "..data" / A)
    (folder / A).symlink_to(f"..data/{A}")
    assert [0, 1, 2] == [i.number for i in read_dossier(folder).instruments]


def test_a_broken_statement_is_set_aside(tmp_path: Path) -> None:
    """Where broken statements are set aside, the instruments are read without them; else they are errors."""
    folder = written(tmp_path, {**chained(FILES), "statements/press.md": "no front matter"})
    with pytest.raises(InputError):
        read_dossier(folder)
    aside = Diagnostics()
    whole = read_dossier(folder, aside)
    assert "press" not in [statement.id for statement in whole.statements]
    assert {"statements/press.md"} == {e.at.file for e in aside.found if e.at}
