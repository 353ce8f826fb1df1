"""Verifies a dossier's envelopes: which key of which party signed which instrument, and nothing that is not certain.

Pure: the dossier has been read, and the moment is passed in. One broken rule and nothing is certain, so nothing is
returned: all that is wrong is raised at once, and who enforces forwards nothing.

| rule                                                                     | refusal                         |
|--------------------------------------------------------------------------|---------------------------------|
| instruments are numbered 0, 1, 2 … without a gap                         | `gap`                           |
| no number is given twice                                                 | `two-of-a-number`               |
| what is signed names its predecessor as it stands here                   | `fork`                          |
| the signatories are sound (see `signatories`)                            | …                               |
| an envelope has its one spelling                                         | `malformed-envelope`            |
| it holds a signature, in the version that is read                        | `wrong-payload-type`, `before-release` |
| what is signed has its one spelling                                      | `malformed-payload`             |
| its key is a party's key                                                 | `unknown-key`                   |
| the key signed exactly these bytes                                       | `bad-signature`                 |
| it names an instrument of this agreement                                 | `other-agreement`, `no-instrument` |
| it names each file of the instrument by the digest of its bytes          | `changed-file`                  |
| it names no file more and no file less                                   | `missing-file`, `unsigned-file` |
| it names the instrument's kind, and no act of one party                  | `other-kind`, `unsupported-kind` |
| it is not dated after now                                                | `signed-later`                  |
| a key signs an instrument once                                           | `signed-twice`                  |
| an instrument is signed when its predecessor has its quorum              | `predecessor-unsigned`          |
| it is of a kind whose rule of change is known here                       | `unsupported-kind`              |
| what decides in the text after it is here what was signed                | `decides-differs`               |

The name of an envelope's file is for people; only what is inside counts. What an instrument says before anybody has
signed it is a draft: it is not verified here and stops nothing.

    signatures(dossier, now)      # {0: (Signature("supplier", "SHA256:…", …), Signature("department", …)), 1: ()}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from avenant.agreement.consolidate import decides_after
from avenant.agreement.types import Digest, Dossier, Instrument
from avenant.consent.dsse import SIGNED, read_canonical, read_envelope
from avenant.consent.effect import agreed
from avenant.consent.faults import fault
from avenant.consent.signatories import Signatories, signatories
from avenant.consent.signed import Signed
from avenant.consent.types import Signature
from avenant.errors import InputError, Span, raise_all
from avenant.instants import Instant, shown

# The rules of change of the others (one party alone, red lines, keys) are not known here yet.
KINDS = ("agreement", "amendment", "admission")

Signatures = Mapping[int, tuple[Signature, ...]]


def signatures(dossier: Dossier, now: Instant) -> Signatures:
    """The signatures on each instrument in the order of their times; raises all broken rules as InputError."""
    raise_all(list(_chain_faults(dossier)))
    if not dossier.envelopes:
        return {instrument.number: () for instrument in dossier.instruments}
    who = signatories(dossier.instruments[0])
    found: dict[int, dict[str, Signature]] = {i.number: {} for i in dossier.instruments}
    decides: dict[str, tuple[int, Digest]] = {}
    errors: list[InputError] = []
    for name, raw in sorted(dossier.envelopes.items()):
        try:
            signed, signature = _signature(dossier, who, name, raw, now)
        except InputError as error:
            errors.append(error)
            continue
        decides[name] = signed.number, signed.decides
        first = found[signed.number].setdefault(signature.key, signature)
        if first is not signature:
            errors.append(fault("signed-twice", _at(name), key=signature.key, first=first.file))
    # A signature that does not hold would make the order look wrong too: its own fault comes first.
    raise_all(errors)
    ordered = {n: tuple(sorted(s.values(), key=lambda s: s.at)) for n, s in found.items()}
    raise_all(list(_order_faults(dossier, who, ordered)))
    raise_all(list(_decides_faults(dossier, decides)))
    return ordered


def _chain_faults(dossier: Dossier) -> Iterator[InputError]:
    """Gaps and forks in the numbers."""
    if not dossier.instruments:
        yield fault("gap", number=0)
    for expected, (before, instrument) in enumerate(
        zip((None, *dossier.instruments), dossier.instruments, strict=False)
    ):
        at = Span(instrument.file, 1)
        if before and before.number == instrument.number:
            yield fault("two-of-a-number", at, number=instrument.number, other=before.file)
            return
        if instrument.number != expected:
            yield fault("gap", at, number=expected)
            return


def _signature(
    dossier: Dossier, who: Signatories, name: str, raw: bytes, now: Instant
) -> tuple[Signed, Signature]:
    """One envelope's payload and signature; raises what is wrong with it."""
    at = _at(name)
    envelope = read_envelope(raw, SIGNED, at)
    if envelope.key_id not in who.keys:
        raise fault("unknown-key", at, key=envelope.key_id)
    party, key = who.keys[envelope.key_id]
    if not envelope.signed_by(key):
        raise fault("bad-signature", at, key=key.id)
    signed = read_canonical(envelope.payload, Signed, at)
    instrument = _instrument(dossier, signed, at)
    raise_all(list(_differences(instrument, signed, at)))
    if signed.at > now:
        raise fault("signed-later", at, at=shown(signed.at), now=shown(now))
    return signed, Signature(party.id, key.id, signed.knowing, signed.at, name)


def _instrument(dossier: Dossier, signed: Signed, at: Span) -> Instrument:
    """The instrument that a payload names."""
    if signed.party is not None:
        raise fault("unsupported-kind", at, kind=signed.kind)
    found = next((i for i in dossier.instruments if i.number == signed.number), None)
    if found is None:
        raise fault("no-instrument", at, number=signed.number)
    if signed.agreement != found.agreement:
        raise fault("other-agreement", at, other=signed.agreement, agreement=found.agreement)
    return found


def _differences(instrument: Instrument, signed: Signed, at: Span) -> Iterator[InputError]:
    """Where the instrument in the dossier is not what was signed."""
    for file in sorted({*instrument.files, *signed.files}):
        if file not in signed.files:
            yield fault("unsigned-file", at, file=file)
        elif file not in instrument.files:
            yield fault("missing-file", at, file=file)
        elif instrument.files[file] != signed.files[file]:
            yield fault("changed-file", at, file=file)
    if signed.kind != instrument.kind:
        yield fault("other-kind", at, kind=signed.kind, file=instrument.file, now=instrument.kind)
    if signed.previous != instrument.previous:
        yield fault("fork", at, file=instrument.file)


def _order_faults(dossier: Dossier, who: Signatories, signed: Signatures) -> Iterator[InputError]:
    """Signed instruments whose predecessor, or whose kind, does not let them be."""
    before: Instrument | None = None
    for instrument in dossier.instruments:
        if signed[instrument.number]:
            at = Span(instrument.file, 1)
            if instrument.kind not in KINDS:
                yield fault("unsupported-kind", at, kind=instrument.kind)
            if instrument.previous != (before.digest if before else None):
                yield fault("fork", at, file=instrument.file)
            if before and agreed(who.parties, signed[before.number]) is None:
                yield fault("predecessor-unsigned", at, file=before.file)
        before = instrument


def _decides_faults(
    dossier: Dossier, signed: Mapping[str, tuple[int, Digest]]
) -> Iterator[InputError]:
    """Envelopes, by name, over texts that this installation reads as another one; raises what cannot be derived."""
    here = {n: decides_after(dossier, n) for n in sorted({n for n, _ in signed.values()})}
    for name, (number, decides) in signed.items():
        if decides != here[number]:
            yield fault("decides-differs", _at(name), file=dossier.instruments[number].file)


def _at(name: str) -> Span:
    return Span(f"signatures/{name}", 1)
