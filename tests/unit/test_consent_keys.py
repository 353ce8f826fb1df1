"""Keys: one form, one spelling, and what OpenSSH itself says of them."""

from __future__ import annotations

import base64
import importlib.util
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from avenant.consent.keys import (
    PublicKey,
    new_key,
    parse_private,
    parse_public,
    public,
    written_private,
)
from avenant.consent.read import read_private, read_public
from avenant.consent.write import write_key
from avenant.errors import InputError, Span
from tests.parties import key, line

AT = Span("0-agreement.md", 9)
HAS_SSH = shutil.which("ssh-keygen") is not None


def refused(text: str) -> str:
    """The code with which a public line is refused."""
    with pytest.raises(InputError) as caught:
        parse_public(text, AT)
    assert AT == caught.value.at
    assert caught.value.hint
    return caught.value.code


def other_line(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    """The public line of a key that does not sign here."""
    return (
        private.public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        .decode()
    )


@pytest.mark.skipif(not HAS_SSH, reason="OpenSSH is not installed")
def test_a_key_id_is_the_fingerprint_that_ssh_keygen_prints(tmp_path: Path) -> None:
    """`ssh-keygen -lf` of the file that is written prints our key id and comment."""
    made = write_key(tmp_path / "alice", new_key(), "alice@supplier")
    said = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "alice.pub")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"256 {made.id} alice@supplier (ED25519)\n" == said.stdout


@pytest.mark.skipif(not HAS_SSH, reason="OpenSSH is not installed")
def test_a_key_of_ssh_keygen_is_read(tmp_path: Path) -> None:
    """A key that `ssh-keygen -t ed25519` makes is read, and its two halves belong together."""
    file = tmp_path / "bob"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "bob", "-f", str(file)], check=True
    )
    assert read_public(file.with_name("bob.pub")) == public(read_private(file), "bob")


def test_a_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    """The private file has mode 600, comes back as it went, and is never written over."""
    private = new_key()
    write_key(tmp_path / "alice", private)
    assert 0o600 == stat.S_IMODE((tmp_path / "alice").stat().st_mode)
    assert private.private_bytes_raw() == read_private(tmp_path / "alice").private_bytes_raw()
    with pytest.raises(InputError, match="exists"):
        write_key(tmp_path / "alice", new_key())
    assert private.private_bytes_raw() == read_private(tmp_path / "alice").private_bytes_raw()


def test_a_public_line_comes_back_as_it_was() -> None:
    """Reading and printing a line gives the same line, with its comment and without."""
    assert line("supplier") == str(parse_public(line("supplier")))
    bare = line("supplier").rpartition(" ")[0]
    assert bare == str(parse_public(bare))


def test_a_comment_is_no_part_of_a_key() -> None:
    """Two lines of one key with different comments have one key id."""
    bare = line("supplier").rpartition(" ")[0]
    assert parse_public(f"{bare} one").id == parse_public(f"{bare} two").id


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ssh-ed25519-cert-v01@openssh.com", "key-certificate"),
        ("ssh-rsa-cert-v01@openssh.com", "key-certificate"),
        ("sk-ssh-ed25519@openssh.com", "key-hardware"),
        ("sk-ecdsa-sha2-nistp256@openssh.com", "key-hardware"),
        ("ssh-rsa", "key-type"),
        ("ssh-dss", "key-type"),
        ("ecdsa-sha2-nistp256", "key-type"),
        ("ssh-ed448", "key-type"),
    ],
)
def test_other_kinds_are_refused_by_name(kind: str, code: str) -> None:
    """A certificate, a hardware key and every other type is refused, and the message names it."""
    with pytest.raises(InputError) as caught:
        parse_public(line("supplier").replace("ssh-ed25519", kind, 1), AT)
    assert (code, True) == (caught.value.code, kind in caught.value.message)


def test_a_real_key_of_another_type_is_refused() -> None:
    """RSA and ECDSA keys as they really are written are refused, and so are their private files."""
    others = [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())]
    for private in others:
        assert "key-type" == refused(other_line(private))
        text = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
        with pytest.raises(InputError) as caught:
            parse_private(text, None, AT)
        assert "private-type" == caught.value.code


def spellings() -> list[str]:
    """Lines that mean a good key to a lax reader."""
    good = line("supplier")
    kind, encoded, comment = good.split(" ")
    blob = public(key("supplier")).blob
    longer = base64.b64encode(blob + b"\0").decode()
    inner = base64.b64encode(blob.replace(b"ssh-ed25519", b"ssh-ed25518")).decode()
    return [
        "",
        kind,
        f"{kind} ",
        f" {good}",
        f"{good}\n",
        f"{good} ",
        f"{kind}  {encoded} {comment}",
        f"{kind}\t{encoded}",
        f"{kind} {encoded[:-4]}",
        f"{kind} {encoded}====",
        f"{kind} {encoded[:20]}\n{encoded[20:]}",
        f"{kind} {encoded[:20]}!{encoded[20:]}",
        f"{kind} {longer}",
        f"{kind} {inner}",
        f"{kind} {encoded} two\nlines",
        f'command="sh" {good}',
        encoded,
        "aaaa bbbb cccc",
    ]


@pytest.mark.parametrize("text", spellings())
def test_a_key_has_one_spelling(text: str) -> None:
    """No second spelling of a good key is read: spaces, line breaks, padding, length, inner name."""
    if text == f"{line('supplier')} ":
        # The comment may be anything printable, a last space included: it is no part of the key.
        assert parse_public(text).id == public(key("supplier")).id
    else:
        assert "bad-key" == refused(text)


def test_a_private_key_in_a_document_is_named_as_such() -> None:
    """Whoever pastes a private key is told that it is one, and the key is not repeated."""
    text = written_private(key("supplier")).decode()
    assert "private-key" == refused(text)


def test_a_message_never_repeats_what_was_pasted() -> None:
    """A line that is no key at all is not part of the message: it may be a secret."""
    with pytest.raises(InputError) as caught:
        parse_public("hunter2 is my password", AT)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "passphrase", "code"),
    [
        (b"", None, "bad-private-key"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END", None, "bad-private-key"),
        (line("supplier").encode(), None, "bad-private-key"),
        (written_private(key("supplier")), b"secret", "passphrase-unwanted"),
    ],
)
def test_a_bad_private_file_is_one_clear_error(
    text: bytes, passphrase: bytes | None, code: str
) -> None:
    """What is no private key, or not locked though a passphrase is given, says so."""
    with pytest.raises(InputError) as caught:
        parse_private(text, passphrase, AT)
    assert (code, AT) == (caught.value.code, caught.value.at)


@pytest.mark.skipif(not HAS_SSH, reason="OpenSSH is not installed")
def test_a_locked_key_asks_for_its_passphrase_or_for_bcrypt(tmp_path: Path) -> None:
    """A key locked by ssh-keygen opens with its passphrase; without the part that opens it, the error says which."""
    file = tmp_path / "carol"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(file)], check=True
    )
    with pytest.raises(InputError) as caught:
        read_private(file)
    assert "passphrase-missing" == caught.value.code
    if importlib.util.find_spec("bcrypt") is None:
        for attempt in (
            lambda: read_private(file, b"secret"),
            lambda: written_private(new_key(), b"secret"),
        ):
            with pytest.raises(InputError) as caught:
                attempt()
            assert "no-bcrypt" == caught.value.code
    else:
        assert (
            read_public(file.with_name("carol.pub")).raw
            == public(read_private(file, b"secret")).raw
        )
        with pytest.raises(InputError) as caught:
            read_private(file, b"wrong")
        assert "passphrase-wrong" == caught.value.code


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    """A key file that is not there is named, with the reason."""
    with pytest.raises(InputError, match="No such file") as caught:
        read_private(tmp_path / "nobody")
    assert Span(str(tmp_path / "nobody"), 1) == caught.value.at


def test_a_signature_is_of_these_bytes_by_this_key() -> None:
    """A signature holds for its message and key, and for no other."""
    signature = key("supplier").sign(b"text")
    supplier, department = (PublicKey(public(key(n)).raw) for n in ("supplier", "department"))
    cases = [(supplier, b"text"), (supplier, b"texts"), (department, b"text")]
    assert [True, False, False] == [who.signed(signature, message) for who, message in cases]
    assert not supplier.signed(b"", b"text")
