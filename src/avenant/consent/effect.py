"""Quorum and effect: when an instrument is agreed, and when it takes effect.

The quorum is an AND over parties: each party, with its own threshold, by distinct keys of that party. Two keys of one
party never stand for two parties. An instrument is agreed at the last signature that the quorum needed; more
signatures change nothing. Its effect is the latest of its own date, its predecessor's effect and that moment, so it
never goes back in time.

    lacking(parties, signatures)                          # (Lacking("department", 1),)
    agreed(parties, signatures)                           # None until nobody is lacking
    effect(instrument.effective, predecessor, agreed)
    for_deciding(effect, recorded)                        # from when it counts for a gateway with a ledger
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.agreement.types import Party
from avenant.consent.types import Lacking, Signature
from avenant.instants import Instant


def lacking(parties: Sequence[Party], signatures: Sequence[Signature]) -> tuple[Lacking, ...]:
    """The parties below their threshold, in the order of the agreement."""
    missing = ((p.id, p.threshold - len(_keys_of(p, signatures))) for p in parties)
    return tuple(Lacking(party, count) for party, count in missing if count > 0)


def agreed(parties: Sequence[Party], signatures: Sequence[Signature]) -> Instant | None:
    """The moment of the last signature that the quorum needed; None while a party is lacking."""
    if not parties or lacking(parties, signatures):
        return None
    return max(sorted(_keys_of(p, signatures).values())[p.threshold - 1] for p in parties)


def effect(own: Instant, predecessor: Instant | None, agreed: Instant | None) -> Instant:
    """The latest of an instrument's own date, its predecessor's effect and its agreement."""
    return max(moment for moment in (own, predecessor, agreed) if moment is not None)


def for_deciding(effect: Instant, recorded: Instant | None) -> Instant:
    """The later of an instrument's effect and the moment at which the deciding ledger recorded that it was agreed.

    So nothing signed today changes what was decided yesterday. `recorded` None: it was agreed when the ledger first
    recorded its dossier, and counts by its signatures.
    """
    return effect if recorded is None else max(effect, recorded)


def _keys_of(party: Party, signatures: Sequence[Signature]) -> dict[str, Instant]:
    """The distinct keys of a party that signed, each with its time."""
    return {s.key: s.at for s in signatures if s.party == party.id}
