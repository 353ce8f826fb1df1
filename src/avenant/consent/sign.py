"""Signs one instrument for one party; each rule that forbids it has its own refusal.

| rule                                                                     | refusal                |
|--------------------------------------------------------------------------|------------------------|
| the dossier's envelopes hold                                             | see `verify`           |
| the instrument exists                                                    | `no-such-number`       |
| its kind's rule of change is known                                       | `unsupported-kind`     |
| the party is one of instrument 0                                         | `unknown-party`        |
| the key is one of its keys                                               | `key-of-other-party`, `key-of-nobody` |
| the predecessor has its quorum                                           | `no-quorum`, `one-party-twice` |
| the instrument names its predecessor by its digest                       | `no-previous`, `other-previous` |
| the key has not signed it, and the party has not reached its threshold   | `signed-already`, `party-signed` |
| the text after it can be derived                                         | see `agreement`        |
| `knowing` is the digest of a report                                      | `bad-knowing`          |

That the report is the current one, and finished, is for the caller to hold: nothing is analysed here.

    envelope = sign(dossier, 0, "supplier", private, "sha256:…", now)
    envelope.name            # "0-agreement.supplier.1f2e3d4c.dsse.json"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from avenant.agreement.consolidate import decides_after
from avenant.agreement.types import Digest, Dossier, Instrument
from avenant.consent.dsse import SIGNED, encoded, seal
from avenant.consent.faults import refusal
from avenant.consent.keys import PublicKey, public
from avenant.consent.signatories import Signatories, signatories
from avenant.consent.signed import digest_form, file_name, stated
from avenant.consent.status import require_agreed, require_number, status
from avenant.consent.types import InstrumentStatus
from avenant.consent.verify import KINDS
from avenant.errors import Span
from avenant.instants import Instant
from avenant.source.nodes import did_you_mean

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SignedEnvelope(Struct, frozen=True):
    """What `sign` hands out: the bytes, and the name they take in the folder `signatures`."""

    name: str
    raw: bytes


def sign(
    dossier: Dossier,
    number: int,
    party: str,
    private: Ed25519PrivateKey,
    knowing: Digest,
    now: Instant,
) -> SignedEnvelope:
    """The envelope of `party`'s signature on instrument `number`; raises Refused or InputError by the rules above."""
    known = status(dossier, now)
    chosen = require_number(known, number)
    instrument = dossier.instruments[number]
    if instrument.kind not in KINDS:
        raise refusal("unsupported-kind", Span(instrument.file, 1), kind=instrument.kind)
    key = public(private)
    _may_sign(signatories(dossier.instruments[0]), party, key)
    if number > 0:
        require_agreed(known, number - 1)
        _names(instrument, dossier.instruments[number - 1])
    _not_yet(chosen, party, key)
    # What cannot be read as a text would bind nobody, and stop whoever enforces it.
    decides = decides_after(dossier, number)
    try:
        digest_form(knowing)
    except ValueError:
        raise refusal("bad-knowing", None, knowing=knowing) from None
    payload = encoded(stated(instrument, decides, knowing, now))
    return SignedEnvelope(file_name(instrument, party, key), seal(payload, SIGNED, private))


def _may_sign(who: Signatories, party: str, key: PublicKey) -> None:
    if who.party(party) is None:
        known = did_you_mean(party, [p.id for p in who.parties])
        raise refusal("unknown-party", None, party=party, known=known)
    holder, _ = who.keys.get(key.id, (None, None))
    if holder is None:
        raise refusal("key-of-nobody", None, key=key.id, party=party, line=str(key))
    if holder.id != party:
        raise refusal("key-of-other-party", None, key=key.id, party=party, holder=holder.id)


def _names(instrument: Instrument, predecessor: Instrument) -> None:
    """The front matter's `previous` is the predecessor's digest, or the signature would hang on nothing."""
    at = Span(instrument.file, 1)
    if instrument.previous is None:
        raise refusal("no-previous", at, digest=predecessor.digest, file=predecessor.file)
    if instrument.previous != predecessor.digest:
        raise refusal("other-previous", at, digest=predecessor.digest, file=predecessor.file)


def _not_yet(chosen: InstrumentStatus, party: str, key: PublicKey) -> None:
    at = Span(chosen.file, 1)
    for signature in chosen.signatures:
        if signature.key == key.id:
            raise refusal("signed-already", at, key=key.id, file=signature.file)
    if any(s.party == party for s in chosen.signatures) and not any(
        who.party == party for who in chosen.lacking
    ):
        missing = ", ".join(who.party for who in chosen.lacking) or "-"
        raise refusal("party-signed", at, party=party, missing=missing)
