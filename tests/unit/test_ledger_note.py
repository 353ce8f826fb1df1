"""Notes, keys and checkpoints: one spelling for everything, one error for all that is malformed."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import InputError
from avenant.ledger.note import Checkpoint, Note, Signer, VerifierKey, decode64, encode64
from tests.ledgers import KEY, signer

HASH = signer().key.hash.hex()
PUBLIC = signer().private.public_key().public_bytes_raw()


def checkpoint(size: int = 25) -> Checkpoint:
    """Some checkpoint."""
    return Checkpoint("avenant.example/test", size, bytes(range(32)))


def test_the_format_spelled_out() -> None:
    """Key and note are what the specification says, put together here from its sentences."""
    name = "avenant.example/test"
    hash = sha256(name.encode() + b"\n\x01" + PUBLIC).digest()[:4]
    written = f"{name}+{hash.hex()}+{b64encode(bytes([1]) + PUBLIC).decode()}"
    assert written == KEY
    text = "any text\n\nwith an empty line\n"
    line = b64encode(hash + signer().private.sign(text.encode())).decode()
    note = f"{text}\n\u2014 {name} {line}\n"
    assert note == signer().sign(text)
    read = Note.parse(note)
    assert text == read.text
    assert read.signed_by(VerifierKey.parse(written))
    assert not Note.parse(note.replace("empty", "emptY")).signed_by(VerifierKey.parse(written))
    assert not read.signed_by(signer(2).key)


def test_sign_and_open() -> None:
    """What is signed opens under the key, and gives the same checkpoint."""
    note = signer().sign(str(checkpoint()))
    assert checkpoint() == Checkpoint.opened(note, signer().key)
    assert checkpoint() == Checkpoint.opened(note.encode(), signer().key)


def test_other_keys_are_not_believed() -> None:
    """A signature of another key, even under the same name, opens nothing."""
    note = signer(2).sign(str(checkpoint()))
    with pytest.raises(InputError) as raised:
        Checkpoint.opened(note, signer(1).key)
    assert "unsigned-checkpoint" == raised.value.code


def test_lines_of_strangers_are_passed_over() -> None:
    """A cosignature of a key that we do not know takes nothing away; a false line under our own key does."""
    note = signer().sign(str(checkpoint()))
    stranger = signer(3, "witness.example/w").sign(str(checkpoint())).splitlines()[-1]
    assert checkpoint() == Checkpoint.opened(f"{note}{stranger}\n", signer().key)
    false = signer().sign(str(checkpoint(24))).splitlines()[-1]
    assert not Note.parse(f"{note}{false}\n").signed_by(signer().key)


def test_a_checkpoint_under_another_name() -> None:
    """A key speaks for the ledger of its own name only."""
    note = signer().sign(str(Checkpoint("avenant.example/other", 1, bytes(32))))
    with pytest.raises(InputError):
        Checkpoint.opened(note, signer().key)


GOOD = signer().sign(str(checkpoint()))


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "avenant.example/test\n25\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD.replace("\n\n", "\n"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—  "),
        GOOD.replace("\n25\n", "\n025\n"),
        GOOD.replace("\n25\n", "\n-25\n"),
        GOOD.replace("\n25\n", "\n٢٥\n"),
        GOOD.replace("\n25\n", "\n25 \n"),
        GOOD.replace("\n25\n", f"\n{'9' * 30}\n"),
        GOOD.replace("=\n\n", "\n\n"),
        GOOD.replace("=\n\n", "=\nextension\n\n"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("avenant.example/test\n25", "\n25"),
        GOOD.replace("— avenant.example/test ", "— avenant+example/test "),
        "x" * 2_000_000,
    ],
)
def test_malformed(note: str) -> None:
    """Whatever is malformed gives the one error that says nothing more."""
    with pytest.raises(InputError) as raised:
        Checkpoint.parse(Note.parse(note).text)
    assert "malformed-checkpoint" == raised.value.code


def test_bytes_that_are_no_text() -> None:
    """Bytes that are not UTF-8, and lone surrogates, are malformed like the rest."""
    for note in (b"\xff\xfe\n\n", "\ud800\n\n— a AAAA\n"):
        with pytest.raises(InputError):
            Note.parse(note)


@given(st.binary(max_size=80))
def test_base64_has_one_spelling(data: bytes) -> None:
    """Encoded bytes come back; with a spare bit set, without padding or with a break in it, they do not."""
    text = encode64(data)
    assert data == decode64(text)
    if text.endswith("="):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = text.rstrip("=")[-1]
        bent = letters[letters.index(last) ^ 1]
        body = text.rstrip("=")[:-1]
        assert decode64(body + bent + "=" * text.count("=")) is None
        assert decode64(text.rstrip("=")) is None
    if data:
        assert decode64(text[:2] + "\n" + text[2:]) is None
    assert decode64(text + "é") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+b",
        "a+b+c",
        KEY + "\n",
        KEY.upper(),
        KEY.replace(HASH, HASH.upper()),
        KEY.replace(HASH, "00000000"),
        KEY.replace("avenant.", "avenand."),
        KEY.replace("avenant.", "avenant "),
        KEY[:-2] + "\u00e9=",
        KEY + "=",
        KEY.replace(b64encode(b"\x01" + PUBLIC).decode(), b64encode(b"\x02" + PUBLIC).decode()),
        KEY.replace(b64encode(b"\x01" + PUBLIC).decode(), b64encode(PUBLIC).decode()),
    ],
)
def test_malformed_keys(text: str) -> None:
    """A key in another spelling, or whose hash is not its own, is refused."""
    with pytest.raises(InputError) as raised:
        VerifierKey.parse(text)
    assert "malformed-key" == raised.value.code


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_bad_names(name: str) -> None:
    """A name with spaces or a plus would make notes that nobody can read."""
    with pytest.raises(InputError) as raised:
        Signer(name, signer().private)
    assert "bad-ledger-name" == raised.value.code
