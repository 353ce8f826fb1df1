"""A small dossier on disk, for tests that change one thing in it and watch what is said.

dossier = written(tmp_path, {"0-agreement.md": AGREEMENT.replace("lawful", "lawfull")})
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from avenant.agreement.consolidate import draft_effects, in_force
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import InForce
from avenant.errors import InputError, InputErrors

AGREEMENT = """\
---
avenant: 1
agreement: town
instrument: agreement
number: 0
title: Use of the assistant by the town
language: en
effective: 2026-01-01
label: Invented for a test.
vocabulary: core@1-draft
parties:
  maker: {name: The maker, role: provider, threshold: 1, keys: []}
  town: {name: The town, role: customer, threshold: 1, keys: [], officers: []}
sources:
  - {url: "https://example.org/town", retrieved: 2026-01-02}
---

# Use of the assistant by the town

Invented for a test; see [the page](https://example.org/town).

## 1. Definitions {#definitions}

```vocabulary
organisation:
  town: {title: The town, phrase: the town, children: {police: {phrase: the police}, library: {phrase: the library}}}
```

```facts
purpose: {established-by: connection}
oversight: {established-by: [connection, approver], note: ours}
intent: {established-by: nobody}
signed-by: {connection: [town], approver: [town]}
models: {sample: general}
tools: {search: {operation: query}}
```

```switches
mode: enforce
```

## 2. Purposes {#purposes}

The town may use the assistant for all [lawful](#legality.lawful)
purposes, as *section 3* allows, see [there](#watching).

```cedar
permit (principal in Organisation::"town", action, resource)
when { resource in Legality::"lawful" };
```

```scenario
use: {organisation: library, purpose: [office-work, translation], legality: lawful}
expect: permitted
```

## 3. Watching {#watching .red-line}

It shall not be [intentionally](#intent.deliberate) used
for [surveillance](#purpose.surveillance).

> **Reading.** Keeping what was seen is surveillance too.

> **Encoding.** (a) Nothing is said of whose persons.
> **Encoding.** (b) A second choice,
> on two lines.

> **Accepted.** loophole:r1:intent: the town knows this.

```cedar
forbid (principal, action, resource)
when {
  resource in Intent::"deliberate" &&
  resource in Purpose::"surveillance"
};
```

## 4. Police {#police}

The [police](#organisation.police) shall not use it.

```cedar
forbid (principal in Organisation::"police", action, resource);
```

## R1 No watching {#r1 .principle}

"Nobody is watched." Said on 1 January 2026.

```cedar
forbid (principal, action, resource) when { resource in Purpose::"surveillance" };
```
"""

AMENDMENT = """\
---
avenant: 1
agreement: town
instrument: amendment
number: 1
title: First amendment
language: en
effective: 2026-02-01
previous: PREVIOUS
---

# First amendment

## Replace {#purposes}

### 2. Purposes {#purposes}

The town may use the assistant for [lawful](#legality.lawful) purposes.

```cedar
@until("2026-09-01")
permit (principal in Organisation::"town", action, resource)
when { resource in Legality::"lawful" };
```

## Insert after {#watching}

### 3a. Selling {#selling}

It shall not be used for [marketing](#purpose.marketing).

```cedar
forbid (principal, action, resource) when { resource in Purpose::"marketing" };
```
"""

ADMISSION = """\
---
avenant: 1
agreement: town
instrument: admission
number: 2
title: Translation for the police
language: en
effective: 2026-03-01
previous: PREVIOUS
admits:
  organisation: police
  purposes: [translation]
  since: 2026-04-01
  until: 2026-07-01
  past: police
  clause-digest: CLAUSE
---

Lets the police in for translation.
"""

STATEMENT = """\
---
avenant: 1
by: The mayor
date: 2026-01-01
url: "https://example.org/said"
language: en
---

The mayor said that nobody is watched.

## S1 Nobody is watched {#s1 .principle}

"Nobody is [watched](#purpose.surveillance)."

```cedar
forbid (principal, action, resource) when { resource in Purpose::"surveillance" };
```
"""

POLICE = (
    "## 4. Police {#police}\n\n"
    "The [police](#organisation.police) shall not use it.\n\n"
    '```cedar\nforbid (principal in Organisation::"police", action, resource);\n```\n'
)

FILES: Mapping[str, str] = {
    "0-agreement.md": AGREEMENT,
    "1-amendment.md": AMENDMENT,
    "2-admission.md": ADMISSION,
    "statements/2026-01-01.md": STATEMENT,
}


def digest(data: str | bytes) -> str:
    """As an instrument names it."""
    return "sha256:" + hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def chained(files: Mapping[str, str]) -> dict[str, str]:
    """The files with `PREVIOUS` and `CLAUSE` filled in, each by the digest that it means."""
    done: dict[str, str] = {}
    previous = ""
    for name, text in sorted(files.items()):
        text = text.replace("PREVIOUS", previous).replace("CLAUSE", digest(POLICE))
        done[name] = text
        if name[0].isdigit() and name.count(".") == 1:
            previous = digest(text)
    return done


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder, with these files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def derived(folder: Path) -> tuple[InForce, ...]:
    """The text after each instrument of a folder."""
    dossier = read_dossier(folder)
    effects = draft_effects(dossier)
    return tuple(in_force(dossier, i.number, effects, draft=True) for i in dossier.instruments)


def errors(error: InputError) -> tuple[InputError, ...]:
    """The one error, or all that were reported together."""
    return error.errors if isinstance(error, InputErrors) else (error,)
