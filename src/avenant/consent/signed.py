"""What a party signs: the files of one instrument by their digests, and the report that it knew.

    payload = encoded(stated(instrument, "core@1-draft", knowing, now))
    # {"agreement":"openai-dow","at":"2026-02-28T09:00:00Z","files":{"0-agreement.md":"sha256:…"},…}

Every party signs the same files; `knowing` and `at` are its own. So each signature is an envelope of its own, in a
file of its own, and two parties who sign at the same moment change nothing that the other wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import msgspec

from avenant.agreement.canonical import digest
from avenant.agreement.types import Digest, Instrument
from avenant.consent.dsse import encoded
from avenant.consent.keys import PublicKey
from avenant.instants import Instant
from avenant.vocabulary.read import core
from avenant.vocabulary.types import Vocabulary


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of a signature, of type `application/vnd.avenant.signed+json`."""

    agreement: str
    number: int
    previous: (
        Digest | None
    )  # of the predecessor's file in the authoritative language; none before 0
    files: Mapping[
        str, Digest
    ]  # all of the instrument's: the authoritative text and its translations
    vocabulary: (
        Digest  # of the core that instrument 0 names; what a text adds to it is in its files
    )
    knowing: Digest  # of the report of findings that the signer has seen
    at: Instant  # the signer's word: nothing here proves it

    def __post_init__(self) -> None:
        """Refuse what has two spellings or could not be meant; msgspec reports a ValueError as malformed."""
        in_utc(self.at)
        for named in (*self.files.values(), self.vocabulary, self.knowing):
            digest_form(named)
        if not self.files or self.number < 0:
            raise ValueError("no files or no number")


def stated(instrument: Instrument, vocabulary: str, knowing: Digest, at: Instant) -> Signed:
    """What a signature on this instrument, as it stands in the dossier, says; `vocabulary` is the core's id."""
    return Signed(
        agreement=instrument.agreement,
        number=instrument.number,
        previous=instrument.previous,
        files=dict(instrument.files),
        vocabulary=vocabulary_digest(vocabulary),
        knowing=knowing,
        at=at,
    )


def file_name(instrument: Instrument, party: str, key: PublicKey) -> str:
    """The name of a signature's file, for people: `0-agreement.supplier.1f2e3d4c.dsse.json`."""
    return f"{instrument.file.removesuffix('.md')}.{party}.{key.short}.dsse.json"


@cache
def vocabulary_digest(id: str) -> Digest:
    """The digest of a core vocabulary as this installation knows it, words and order included."""
    return digest_of(core(id))


def digest_of(vocabulary: Vocabulary) -> Digest:
    """SHA-256 of a vocabulary's axes and categories in canonical JSON, without their places in files."""
    plain = [replace(category, at=None) for category in vocabulary.categories]
    body = {"id": vocabulary.id, "axes": vocabulary.axes, "categories": plain}
    return digest(encoded(body))


def in_utc(moment: datetime) -> None:
    """Raise ValueError unless a moment is written in UTC: another zone would be a second spelling."""
    if moment.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")


def digest_form(text: str) -> None:
    """Raise ValueError unless this is `sha256:` and 64 lower-case hex digits."""
    name, _, digits = text.partition(":")
    if name != "sha256" or len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise ValueError("not a digest")
