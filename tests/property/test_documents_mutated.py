"""Whatever is done to the bytes of a dossier, it is read or it is an InputError: never a traceback.

Lines are left out, doubled and swapped, bytes overwritten, files cut off: in each instrument and statement of the small
dossier and of the sample. What is still read derives a text, whose written form is made too.
"""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.agreement.consolidate import draft_effects, every_interval, principles_of
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.write import as_markdown
from avenant.errors import InputError
from tests.dossiers import FILES, chained, digest, errors, written

SAMPLE = Path(__file__).parents[2] / "agreements" / "openai-dow"
PREVIOUS = re.compile(rb"previous: sha256:[0-9a-f]{64}")
INSTRUMENT = re.compile(r"\d+-[a-z-]+\.md")  # not its translation, which no chain is made of
LINES = st.integers(0, 400)
TOUCH = st.one_of(
    st.tuples(st.just("leave out"), LINES, LINES),
    st.tuples(st.just("double"), LINES, LINES),
    st.tuples(st.just("swap"), LINES, LINES),
    st.tuples(st.just("indent"), LINES, LINES),
    st.tuples(st.just("cut"), st.integers(0, 20_000), LINES),
)
WORDS = st.sampled_from(
    [b"```\n", b"---\n", b"## ", b"{#x}", b"[", b"](#a.b)", b"<!--", b"> **Reading.** ", b"&x ", b"{{", b"*", b"\t",
     b"\xff", b"\x00", b"}};", b'"', b": ", b"\r", b"- ", b"!", b"@until(", b"\xe2\x80\xae", b"number: 9\n"]
)  # fmt: skip
TYPED = st.tuples(st.integers(0, 20_000), st.one_of(WORDS, st.binary(max_size=4)))


@cache
def small() -> dict[str, bytes]:
    """The small dossier's files."""
    return {name: text.encode() for name, text in chained(FILES).items()}


@cache
def sample() -> dict[str, bytes]:
    """The sample dossier's files."""
    return {str(f.relative_to(SAMPLE)): f.read_bytes() for f in sorted(SAMPLE.rglob("*.md"))}


def touched(data: bytes, touch: tuple[str, int, int]) -> bytes:
    """The bytes after one clumsy edit."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    kind, a, b = touch
    i, j = a % len(lines), b % len(lines)
    match kind:
        case "leave out":
            del lines[i]
        case "double":
            lines.insert(j, lines[i])
        case "swap":
            lines[i], lines[j] = lines[j], lines[i]
        case "indent":
            lines[i] = b" " * (1 + b % 6) + lines[i]
        case _:
            return data[: a % len(data)]
    return b"".join(lines)


def rechained(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with each `previous` made right again: or most mutants would die of that alone."""
    done: dict[str, bytes] = {}
    before = b""
    for name in sorted(files):
        done[name] = PREVIOUS.sub(b"previous: " + digest(before).encode(), files[name], count=1)
        if INSTRUMENT.fullmatch(name):
            before = done[name]
    return done


def read(files: dict[str, bytes]) -> str:
    """Everything that reading a dossier does: `read`, or the codes of its errors."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            dossier = read_dossier(written(Path(folder), rechained(files)))
            effects = draft_effects(dossier)
            for number in effects:
                for text in every_interval(dossier, number, effects):
                    assert as_markdown(text)
                    for statement in dossier.statements:
                        principles_of(statement, text.vocabulary)
        except InputError as error:
            return ", ".join(e.code for e in errors(error))
        return "read"


@pytest.mark.parametrize("files", [small, sample], ids=["small", "sample"])
@given(st.integers(0, 9), st.lists(TOUCH, min_size=1, max_size=4))
def test_edited_lines_never_end_in_a_traceback(
    files: object, which: int, touches: list[tuple[str, int, int]]
) -> None:
    """Lines left out, doubled, swapped, indented, files cut off."""
    assert callable(files)
    original: dict[str, bytes] = files()
    name = sorted(original)[which % len(original)]
    data = original[name]
    for touch in touches:
        data = touched(data, touch)
    assert read({**original, name: data})


@pytest.mark.parametrize("files", [small, sample], ids=["small", "sample"])
@given(st.integers(0, 9), st.lists(TYPED, min_size=1, max_size=4))
def test_typed_bytes_never_end_in_a_traceback(
    files: object, which: int, typed: list[tuple[int, bytes]]
) -> None:
    """Bytes typed in anywhere: pieces of Markdown, YAML and Cedar, and noise."""
    assert callable(files)
    original: dict[str, bytes] = files()
    name = sorted(original)[which % len(original)]
    data = original[name]
    for at, new in typed:
        at %= len(data) + 1
        data = data[:at] + new + data[at:]
    assert read({**original, name: data})


@given(st.binary(max_size=400))
def test_noise_never_ends_in_a_traceback(noise: bytes) -> None:
    """Any bytes at all as an agreement, behind a front matter or not."""
    assert "read" != read({"0-agreement.md": noise})
    assert "read" != read({"0-agreement.md": small()["0-agreement.md"][:400] + b"\n---\n" + noise})


def test_the_dossiers_themselves_are_read() -> None:
    """Unmutated, both are read: the mutations start from what is right."""
    assert ["read", "read"] == [read(small()), read(sample())]


@pytest.mark.parametrize("depth", [100, 3_000, 30_000])
@pytest.mark.parametrize("piece", ["[", "{a: ", "> ", "- ", "(", "*a ", "`", "!(", "<b>"])
def test_deep_nesting_is_an_error_or_is_read(piece: str, depth: int) -> None:
    """Brackets by the thousand, in front matter, facts, prose and rules, exhaust nothing."""
    text = FILES["0-agreement.md"]
    for mark, new in (
        ("label: Invented", "label: " + piece * depth),
        ("purpose: {est", "purpose: " + piece * depth + "{est"),
        ("The town may", piece * depth + "The town may"),
        ("resource in Leg", piece * depth + "resource in Leg"),
    ):
        assert mark in text
        assert read({"0-agreement.md": text.replace(mark, new, 1).encode()})
