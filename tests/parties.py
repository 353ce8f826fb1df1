"""A small world of two parties: keys, a dossier on disk, and a clock under the test's hand.

    world = World(tmp_path)
    world.sign(0, "supplier")
    world.now += HOUR
    world.sign(0, "department")
    world.status().in_force                  # 0

A test changes one thing and watches what refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from avenant.agreement.canonical import digest
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import Dossier
from avenant.consent.dsse import SIGNED, encoded, read_canonical, read_envelope, seal
from avenant.consent.keys import public
from avenant.consent.sign import SignedEnvelope, sign
from avenant.consent.signed import Signed
from avenant.consent.status import status
from avenant.consent.types import Status
from avenant.consent.write import write_envelope
from avenant.instants import Instant, instant

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KNOWING = digest(b"a report")

AGREEMENT = """\
---
avenant: 1
agreement: tiny
instrument: agreement
number: 0
title: Use of a small system
language: en
effective: 2026-03-01
vocabulary: core@1-draft
parties:
  supplier: {{name: The supplier, role: provider, threshold: {threshold}, keys: {supplier}}}
  department:
    name: The department
    role: customer
    threshold: 1
    keys: {department}
    officers: {officers}
---

# Use of a small system

## 1. Purposes {{#purposes}}

The department may use the system for [office work](#purpose.office-work) and [translation](#purpose.translation).

```cedar
permit (principal, action, resource)
when {{ resource in Purpose::"office-work" || resource in Purpose::"translation" }};
```

```facts
signed-by: {{connection: [department], approver: [department]}}
organisation: {{established-by: connection}}
purpose: {{established-by: connection}}
approval: {{established-by: approver}}
```
"""

AMENDMENT = """\
---
avenant: 1
agreement: tiny
instrument: amendment
number: {number}
title: No translation
language: en
effective: {effective}
previous: {previous}
---

# No translation

## Insert after {{#purposes}}

### {clause}. Translation {{#c{number}}}

The system is not used for [translation](#purpose.translation).

```cedar
forbid (principal, action, resource) when {{ resource in Purpose::"translation" }};
```
"""


@cache
def key(name: str) -> Ed25519PrivateKey:
    """The private key of that name, the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"."))


def line(name: str) -> str:
    """The public line of a key."""
    return str(public(key(name), name))


@dataclass
class World:
    """A dossier in a folder, with instruments 0 and 1 unsigned, and the time."""

    path: Path
    now: Instant = field(default_factory=lambda: instant("2026-03-02T09:00:00Z"))
    threshold: int = 1
    supplier: tuple[str, ...] = ("supplier", "supplier-two")
    department: tuple[str, ...] = ("department",)

    def __post_init__(self) -> None:
        self.write(
            "0-agreement.md",
            AGREEMENT.format(
                threshold=self.threshold,
                supplier=[line(name) for name in self.supplier],
                department=[line(name) for name in self.department],
                officers=[line("officer")],
            ),
        )

    def write(self, name: str, text: str) -> None:
        """Write a file of the dossier."""
        (self.path / name).write_text(text, encoding="utf-8")

    def amend(
        self, number: int = 1, effective: str = "2026-03-10", previous: str | None = None
    ) -> None:
        """Add an amendment after the last instrument."""
        before = self.dossier().instruments[number - 1].digest
        text = AMENDMENT.format(
            number=number, clause=number + 1, effective=effective, previous=previous or before
        )
        self.write(f"{number}-amendment.md", text)

    def dossier(self) -> Dossier:
        """The dossier as it stands on disk."""
        return read_dossier(self.path)

    def status(self) -> Status:
        """Its status now."""
        return status(self.dossier(), self.now)

    def envelope(
        self, number: int, party: str, name: str | None = None, knowing: str = KNOWING
    ) -> SignedEnvelope:
        """The envelope of a signature, not written."""
        return sign(self.dossier(), number, party, key(name or party), knowing, self.now)

    def sign(
        self, number: int, party: str, name: str | None = None, knowing: str = KNOWING
    ) -> Path:
        """Sign and write."""
        return write_envelope(self.path, self.envelope(number, party, name, knowing))

    def agree(self, *numbers: int) -> None:
        """Both parties sign."""
        for number in numbers:
            self.sign(number, "supplier")
            self.sign(number, "department")

    def forge(self, file: Path, change: Callable[[Signed], Signed], name: str = "supplier") -> None:
        """Replace an envelope by one over a changed payload, soundly signed."""
        envelope = read_envelope(file.read_bytes(), SIGNED, None)
        signed = change(read_canonical(envelope.payload, Signed, None))
        file.write_bytes(seal(encoded(signed), SIGNED, key(name)))
