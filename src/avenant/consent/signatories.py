"""Whose key is whose: the parties of instrument 0 and the keys that sign for them.

| rule                                                   | refusal                         |
|--------------------------------------------------------|---------------------------------|
| an agreement has at least one party                    | `no-parties`                    |
| every key is one Ed25519 key, in its one spelling      | `key-type`, `bad-key` …         |
| no key signs for two parties                           | `shared-key`                    |
| a party's threshold is 1 to the number of its own keys | `no-keys`, `bad-threshold`      |

So a quorum is never met by nobody, and never by one key in two names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from avenant.agreement.types import Instrument, Party
from avenant.consent.faults import fault
from avenant.consent.keys import PublicKey, parse_public
from avenant.errors import InputError, raise_all


class Signatories(Struct, frozen=True):
    """The parties in order, and each signing key's party by key id."""

    parties: tuple[Party, ...]
    keys: Mapping[str, tuple[Party, PublicKey]]

    def party(self, id: str) -> Party | None:
        """The party of that id, or None."""
        return next((party for party in self.parties if party.id == id), None)


def signatories(founding: Instrument) -> Signatories:
    """The signatories that instrument 0 names; raises every broken rule at once."""
    errors: list[InputError] = []
    keys: dict[str, tuple[Party, PublicKey]] = {}
    if not founding.parties:
        errors.append(fault("no-parties"))
    for party in founding.parties:
        own = readable(party, party.keys, errors)
        for key in own:
            other, _ = keys.setdefault(key.id, (party, key))
            if other is not party:
                errors.append(fault("shared-key", party.at, key=key.id, one=other.id, two=party.id))
        count, asked = len({key.id for key in own}), party.threshold
        if not party.keys:
            errors.append(fault("no-keys", party.at, party=party.id))
        elif len(own) == len(party.keys) and not 1 <= asked <= count:
            errors.append(
                fault("bad-threshold", party.at, party=party.id, threshold=asked, keys=count)
            )
    raise_all(errors)
    return Signatories(founding.parties, keys)


def officers(party: Party, errors: list[InputError] | None = None) -> dict[str, PublicKey]:
    """The keys of a party's officers, by id. A line that cannot be read is no key, and goes to `errors`."""
    found = readable(party, party.officers, [] if errors is None else errors)
    return {key.id: key for key in found}


def readable(party: Party, lines: Iterable[str], errors: list[InputError]) -> tuple[PublicKey, ...]:
    """The keys of a party's lines; what cannot be read is added to `errors`, at the party's place."""
    keys: list[PublicKey] = []
    for line in lines:
        try:
            keys.append(parse_public(line, party.at))
        except InputError as error:
            errors.append(error)
    return tuple(keys)
