"""What a party signs: the files of one instrument, what decides in the text after it, and the report that it knew.

    payload = encoded(stated(instrument, decides, knowing, now))
    # {"agreement":"openai-dow","at":"2026-02-28T09:00:00Z","decides":"sha256:…","files":{…},"kind":"agreement",…}

Every party signs the same files and the same `decides`; `knowing` and `at` are its own. So each signature is an
envelope of its own, in a file of its own, and two parties who sign at the same moment change nothing that the other
wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from avenant.agreement.types import Digest, Instrument
from avenant.consent.keys import PublicKey
from avenant.instants import Instant

Kind = Literal[
    "agreement",
    "amendment",
    "admission",
    "key-change",
    "restriction",
    "suspension",
    "withdrawal",
    "termination",
]


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of a signature, of type `application/vnd.avenant.signed+json; v=2`.

    Joint instruments form one chain; the acts of one party form a chain per party, and name the party and the joint
    text that they were made under.
    """

    kind: Kind
    agreement: str
    party: str | None  # whose act it is; None of a joint instrument
    number: int  # in its chain
    previous: Digest | None  # of the file before it in its chain, in the authoritative language
    under: Digest | None  # of an act: the file of the joint instrument that it was made under
    files: Mapping[
        str, Digest
    ]  # all of the instrument's: the authoritative text and its translations
    decides: Digest  # of what decides in the joint text after it; of an act, in its own rules
    knowing: Digest  # of the report of findings that the signer has seen
    at: Instant  # the signer's word: nothing here proves it

    def __post_init__(self) -> None:
        """Refuse what has two spellings or could not be meant; msgspec reports a ValueError as malformed."""
        in_utc(self.at)
        for named in (*self.files.values(), self.decides, self.knowing, self.previous, self.under):
            if named is not None:
                digest_form(named)
        if not self.files or self.number < 0:
            raise ValueError("no files or no number")
        if (self.party is None) != (self.under is None):
            raise ValueError("an act names its party and what it was made under; nothing else does")


def stated(instrument: Instrument, decides: Digest, knowing: Digest, at: Instant) -> Signed:
    """What a signature on this joint instrument, as it stands in the dossier, says."""
    return Signed(
        kind=instrument.kind,
        agreement=instrument.agreement,
        party=None,
        number=instrument.number,
        previous=instrument.previous,
        under=None,
        files=dict(instrument.files),
        decides=decides,
        knowing=knowing,
        at=at,
    )


def file_name(instrument: Instrument, party: str, key: PublicKey) -> str:
    """The name of a signature's file, for people: `0-agreement.supplier.1f2e3d4c.dsse.json`."""
    return f"{instrument.file.removesuffix('.md')}.{party}.{key.short}.dsse.json"


def in_utc(moment: datetime) -> None:
    """Raise ValueError unless a moment is written in UTC: another zone would be a second spelling."""
    if moment.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")


def digest_form(text: str) -> None:
    """Raise ValueError unless this is `sha256:` and 64 lower-case hex digits."""
    name, _, digits = text.partition(":")
    if name != "sha256" or len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise ValueError("not a digest")
