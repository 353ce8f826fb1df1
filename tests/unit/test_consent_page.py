"""The page on signatures says what the code does, and the catalogue has each of its sentences."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from avenant.agreement import decides
from avenant.consent.attest import Attestation
from avenant.consent.dsse import SIGNED, read_canonical, read_envelope
from avenant.consent.keys import public
from avenant.consent.signed import Signed
from avenant.consent.types import State
from avenant.errors import InputError
from avenant.languages.read import catalogue
from tests.parties import World, key, line
from tests.small_texts import small_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/signatures.md").read_text(encoding="utf-8")
SRC = ROOT / "src/avenant/consent"


def raised() -> Iterator[tuple[str, set[str]]]:
    """Each code that is written out in a call of `fault` or `refusal`, with the values it is given."""
    for path in sorted(SRC.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="fault" | "refusal"), args=[first, *_]):
                    values = {word.arg or "" for word in node.keywords}
                    for part in ast.walk(first):
                        # `"a" if "word" in text else "b"`: the test's word is no code.
                        if isinstance(part, ast.IfExp):
                            part.test = ast.Constant(value=None)
                    yield from (
                        (part.value, values)
                        for part in ast.walk(first)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    )


def codes() -> set[str]:
    """The codes that the catalogue has a sentence and a remedy for."""
    return {
        name.removeprefix("consent.")
        for name in catalogue("en")
        if name.startswith("consent.") and f"{name}-hint" in catalogue("en")
    }


def test_each_refusal_has_its_sentence_and_its_values() -> None:
    """Every code raised has a sentence and a remedy, and gives both what they name."""
    english = catalogue("en")
    found = dict(raised())
    assert set() == set(found) - codes()
    for code, values in raised():
        for sentence in (english[f"consent.{code}"], english[f"consent.{code}-hint"]):
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert named <= values, code


def test_each_refusal_is_on_the_page() -> None:
    """The tables of refusals list every code, and none that is not raised."""
    section = PAGE.partition("## Refusals")[2].partition("## Attestations")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    listed = [code for cell in first_cells for code in re.findall(r"`([a-z-]+)`", cell)]
    assert sorted(codes()) == sorted(listed)


def test_each_state_is_on_the_page() -> None:
    """The table of states lists what a status may say."""
    section = PAGE.partition("## Quorum and effect")[2].partition("## Refusals")[0]
    assert ["state", *State] == re.findall(r"^\| ([a-z ]+) \|", section, re.MULTILINE)


def test_the_envelope_on_the_page_is_one() -> None:
    """The example is read, its key signed it, and its payload has the fields that the table explains."""
    raw = re.findall(r'^\{"payload".*$', PAGE, re.MULTILINE)[0].encode() + b"\n"
    envelope = read_envelope(raw, SIGNED, None)
    assert envelope.signed_by(public(key("supplier")))
    signed = read_canonical(envelope.payload, Signed, None)
    shown = re.findall(r'^\{"agreement".*$', PAGE, re.MULTILINE)[0]
    full = envelope.payload.decode()
    assert shown == re.sub(r"(sha256:[0-9a-f]{4})[0-9a-f]{60}", r"\1…", full)
    section = PAGE.partition("| field | meaning |")[2].partition("\n\n")[0]
    explained = re.findall(
        r"`([a-z]+)`", "".join(re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE))
    )
    assert sorted(msgspec.structs.asdict(signed)) == sorted(explained)


def test_each_field_of_an_attestation_is_on_the_page() -> None:
    """The table of attestations explains each field of the payload, and none that is not there."""
    section = PAGE.partition("## Attestations")[2].partition("\n\n## ")[0]
    cells = "".join(re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE))
    explained = re.findall(r"`([a-z_]+)`", cells)
    assert sorted(f.name for f in msgspec.structs.fields(Attestation)) == sorted(explained)


def test_each_part_of_what_decides_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of what decides names each part that is digested, and none that is not."""
    digested: list[dict[str, object]] = []
    real = decides.canonical
    monkeypatch.setattr(decides, "canonical", lambda v: digested.append(v) or real(v))
    small_digest()
    section = PAGE.partition("| part | holds |")[2].partition("\n\n")[0]
    explained = re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)
    assert sorted(digested[0]) == sorted(explained)


def small_digest() -> str:
    """The digest of a small text."""
    text = small_text({"a": "permit (principal, action, resource);"})
    return decides.decides(
        "small", "en", text.vocabulary, text.clauses, text.facts, text.switches, text.admissions
    )


def test_the_program_on_the_page_verifies(tmp_path: Path) -> None:
    """The few lines for those without Avenant accept what is signed here, and no other key."""
    world = World(tmp_path)
    file = world.sign(0, "supplier")
    program = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    exec(program, {"FILE": str(file), "LINE": line("supplier")})
    with pytest.raises(Exception, match=r"^$") as caught:
        exec(program, {"FILE": str(file), "LINE": line("department")})
    assert "InvalidSignature" == type(caught.value).__name__
    assert not isinstance(caught.value, InputError)
