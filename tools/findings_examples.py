"""The texts on `docs/reference/findings.md`: one for each kind of finding, small enough to be read at a glance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """What is appended to `BASE` and `PERMISSION` (`whole`: to `BASE` alone); `instead` replaces words of it."""

    code: str
    text: str = ""
    whole: bool = False
    instead: tuple[str, str] | None = None
    statement: str = ""
    ordinary: str = ""
    amendment: str = ""
    varies: str = ""  # when the severity is another


_FRONT = """\
---
avenant: 1
agreement: town
instrument: {instrument}
number: {number}
title: {title}
language: en
effective: 2026-01-{day}
"""

BASE = (
    _FRONT.format(
        instrument="agreement", number=0, title="Use of the assistant by the town", day="01"
    )
    + """\
vocabulary: core@1-draft
parties:
  maker: {name: The maker, role: provider, threshold: 1, keys: []}
  town: {name: The town, role: customer, threshold: 1, keys: [], officers: []}
---

## 1. Definitions {#definitions}

```vocabulary
organisation:
  town: {title: The town, phrase: the town}
```

```facts
organisation: {established-by: connection}
operation: {established-by: connection}
purpose: {established-by: connection}
effect: {established-by: connection}
data: {established-by: connection}
population: {established-by: connection}
scale: {established-by: connection}
legality: {established-by: connection}
provenance: {established-by: [connection, approver]}
oversight: {established-by: approver}
signed-by: {connection: [maker], approver: [town]}
```

"""
)

PERMISSION = """\
## 2. Purposes {#purposes}

The [town](#organisation.town) may use the assistant for all [lawful](#legality.lawful) purposes.

```cedar
permit (principal in Organisation::"town", action, resource)
when { resource in Legality::"lawful" };
```

"""

STATEMENT = """\
---
avenant: 1
by: The mayor
date: 2026-01-10
url: "https://example.org/said"
language: en
---

"""

_ANY = "forbid (principal, action, resource)"


def _clause(heading: str, prose: str, rules: str = "", extra: str = "") -> str:
    block = f"```cedar\n{rules}\n```\n\n" if rules else ""
    return f"## {heading}\n\n{prose}\n\n{extra}{block}"


def _ban(
    categories: str, number: int = 3, id: str = "watching", words: str = "surveillance"
) -> str:
    return _clause(
        f"{number}. {words.capitalize()} {{#{id}}}",
        f"The assistant shall not be used for [{words}](#purpose.{words}).",
        f'{_ANY}\nwhen {{ resource in Purpose::"{categories}" }};',
    )


_TOWN = "  town: {title: The town, phrase: the town}"
_APPROVED = 'purpose:\n  approved: {title: Approved, definition: "What section 3 permits."}'
_MEASURED = (
    "an error in what narrows a ban or widens a permission, a note in the reverse, else a warning"
)

_WATCHING = _clause(
    "3. Watching {#watching}",
    "The assistant shall not be used for [surveillance](#purpose.surveillance) [in bulk](#scale.bulk).",
    f'{_ANY}\nwhen {{ resource in Purpose::"surveillance" && resource in Scale::"bulk" }};',
)
_R1 = _clause(
    "R1 No surveillance {#r1 .principle}",
    '"No [surveillance](#purpose.surveillance)."',
    f'{_ANY} when {{ resource in Purpose::"surveillance" }};',
)
_S1 = _clause(
    "S1 Nobody is watched {#s1 .principle}",
    '"Nobody is [watched](#purpose.surveillance)."',
    f'{_ANY} when {{ resource in Purpose::"surveillance" }};',
)


def _amendment(title: str, stated: str = "") -> str:
    front = _FRONT.format(instrument="amendment", number=1, title=title, day="20")
    changed = _WATCHING.replace("## 3", "### 3")
    return f"{front}{stated}---\n\n## Replace {{#watching}}\n\n{changed}"


def _prose(words: str) -> str:
    return _clause("3. Conduct {#conduct}", words)


EXAMPLES = (
    Example("loophole", _WATCHING + _R1),
    Example(
        "permits-nothing",
        _clause(
            "2. Purposes {#purposes}",
            "The [town](#organisation.town) may not use the assistant.",
            'forbid (principal in Organisation::"town", action, resource);',
        ),
        whole=True,
    ),
    Example(
        "idle-principle",
        _clause(
            "R1 No surveillance {#r1 .principle}",
            'From June: "No [surveillance](#purpose.surveillance)."',
            f'@from("2026-06-01")\n{_ANY} when {{ resource in Purpose::"surveillance" }};',
        ),
    ),
    Example(
        "total-principle",
        _clause("R1 No use {#r1 .principle}", '"No use at all."', f"{_ANY};"),
    ),
    Example(
        "ordinary-use-lost",
        _ban("translation", words="translation"),
        ordinary="uses:\n  - name: {en: a press review, fr: une revue de presse}\n"
        "    use: {organisation: town, purpose: translation, legality: lawful}\n",
    ),
    Example(
        "unobservable",
        _clause(
            "3. Watching {#watching}",
            "The assistant shall not be [intentionally](#intent.deliberate) used for "
            "[surveillance](#purpose.surveillance).",
            f'{_ANY}\nwhen {{ resource in Purpose::"surveillance" && resource in Intent::"deliberate" }};',
        ),
    ),
    Example(
        "vacuous",
        _clause(
            "3. Benefits {#benefits}",
            "No [benefit](#effect.high-stakes) shall be decided [without a human's judgement](#oversight.automated).",
            f'{_ANY}\nwhen {{ resource in Effect::"high-stakes" && resource in Oversight::"automated" }};',
        ),
    ),
    Example(
        "beneficiary-attests",
        _clause(
            "3. Bought data {#bought}",
            "The assistant shall not be used with [bought](#provenance.purchased) data.",
            f'{_ANY}\nwhen {{ resource in Provenance::"purchased" }};',
        ),
    ),
    Example("statement-broader", _WATCHING, statement=_S1),
    Example(
        "statement-missing",
        statement=_clause(
            "S1 Cloud only {#s1 .principle}",
            '"It runs in the [cloud](#place.cloud) and nowhere else."',
            f'{_ANY} unless {{ resource in Place::"cloud" }};',
        ),
    ),
    Example(
        "statement-narrower",
        _ban("surveillance"),
        statement=_clause(
            "S1 No mass surveillance {#s1 .principle}",
            '"No [surveillance](#purpose.surveillance) [in bulk](#scale.bulk)."',
            f'{_ANY} when {{ resource in Purpose::"surveillance" && resource in Scale::"bulk" }};',
        ),
    ),
    Example(
        "statements-differ",
        _R1,
        statement=_clause(
            "S1 No mass surveillance {#s1 .principle}",
            '"No [surveillance](#purpose.surveillance) [in bulk](#scale.bulk)."',
            f'{_ANY} when {{ resource in Purpose::"surveillance" && resource in Scale::"bulk" }};',
        ),
    ),
    Example(
        "conflict",
        _ban("surveillance")
        + _clause(
            "4. Research {#research}",
            "The town may use the assistant for [surveillance](#purpose.surveillance) "
            "[in bulk](#scale.bulk).",
            'permit (principal in Organisation::"town", action, resource)\n'
            'when { resource in Purpose::"surveillance" && resource in Scale::"bulk" };',
        ),
    ),
    Example(
        "exception-covers-rule",
        _clause(
            "3. Watching {#watching}",
            "The assistant shall not be used for [surveillance](#purpose.surveillance), "
            "unless it is [lawful](#legality.lawful).",
            f'{_ANY}\nwhen {{ resource in Purpose::"surveillance" }}\n'
            'unless { resource in Legality::"lawful" };',
        ),
    ),
    Example(
        "exception-beyond-rule",
        _clause(
            "3. Investigations {#investigations}",
            "The assistant shall not be used for [criminal investigation](#purpose.criminal-investigation), "
            "except [law enforcement](#purpose.law-enforcement) [under a warrant](#warrant.judicial).",
            f'{_ANY}\nwhen {{ resource in Purpose::"criminal-investigation" }}\n'
            'unless { resource in Purpose::"law-enforcement" && resource in Warrant::"judicial" };',
        ),
        varies="a note in a permission",
    ),
    Example(
        "hidden-exemption",
        _clause(
            "3. Watching {#watching}",
            "The assistant shall not be used for [surveillance](#purpose.surveillance), except of "
            "[one person](#scale.individual).",
            f'{_ANY}\nwhen {{ resource in Purpose::"surveillance" }}\n'
            'unless { resource in Scale::"individual" || resource in Provenance::"purchased" };',
        ),
    ),
    Example(
        "claimed-precedence",
        _ban("surveillance")
        + _clause(
            "4. Fraud {#fraud}",
            "In spite of section 3, the [town](#organisation.town) may [profile](#operation.profile) suspects.",
            'permit (principal in Organisation::"town", action in Action::"profile", resource);',
        ),
    ),
    Example(
        "claimed-limit",
        _clause(
            "3. Profiles {#profiles}",
            "The town may [profile](#operation.profile) suspects only with "
            "[a human's judgement](#oversight.judged).",
            'permit (principal in Organisation::"town", action in Action::"profile", resource)\n'
            'when { resource in Oversight::"judged" };',
        ),
    ),
    Example(
        "dead-clause",
        _ban("surveillance") + _WATCHING.replace("3. W", "4. Bulk w").replace("#watching", "#bulk"),
    ),
    Example("dead-together", _ban("surveillance") + _ban("surveillance", 4, "watching-again")),
    Example(
        "no-precedence",
        _clause(
            "3. Profiles {#profiles}",
            "The assistant shall not [profile](#operation.profile) for [surveillance](#purpose.surveillance) "
            "[in bulk](#scale.bulk).",
            'forbid (principal, action in Action::"profile", resource)\n'
            'when { resource in Purpose::"surveillance" && resource in Scale::"bulk" };',
        )
        + _clause(
            "4. Bought data {#bought}",
            "The assistant shall not [profile](#operation.profile) for [surveillance](#purpose.surveillance) "
            "with [bought](#provenance.purchased) data.",
            'forbid (principal, action in Action::"profile", resource)\n'
            'when { resource in Purpose::"surveillance" && resource in Provenance::"purchased" };',
        ),
    ),
    Example("gap"),
    Example(
        "circular",
        instead=(_TOWN, f"{_TOWN}\n{_APPROVED}"),
        text=_clause(
            "3. Approved purposes {#approved}",
            "The town may use the assistant for [approved](#purpose.approved) purposes.",
            'permit (principal in Organisation::"town", action, resource)\n'
            'when { resource in Purpose::"approved" };',
        ),
    ),
    Example(
        "scenario",
        _ban("surveillance")
        + "```scenario\nuse: {organisation: town, purpose: surveillance, legality: lawful}\nexpect: permitted\n```\n",
    ),
    Example(
        "unwritten-rule",
        _clause(
            "3. Watching {#watching}", "The assistant shall watch nobody.", "// rule to be written"
        ),
    ),
    Example("draft-vocabulary", instead=("vocabulary: core@1-draft", "vocabulary: core@1")),
    Example("placeholder", instead=("{name: The maker, role", '{name: "[The maker]", role')),
    Example("declaratory", _clause("3. Spirit {#spirit}", "The assistant is a tool.")),
    Example(
        "word-without-test",
        _ban("surveillance").replace(
            "surveillance](#purpose.surveillance)",
            "surveillance](#purpose.surveillance) [in bulk](#scale.bulk)",
        ),
    ),
    Example(
        "test-without-word",
        _ban("surveillance").replace(
            '"surveillance" }', '"surveillance" && resource in Scale::"bulk" }'
        ),
    ),
    Example(
        "accepted-nothing",
        _ban("surveillance").replace(
            "```cedar", "> **Accepted.** loophole:r9:intent: an old one.\n\n```cedar"
        ),
    ),
    Example(
        "interval",
        _ban("surveillance").replace("forbid", '@from("2026-06-01")\nforbid'),
    ),
    Example(
        "named-otherwise", _ban("surveillance"), amendment=_amendment("Clarification of section 3")
    ),
    Example(
        "stated-otherwise",
        _ban("surveillance"),
        amendment=_amendment("Section 3", "order: stricter\n"),
    ),
    Example(
        "wording-intent", _prose("The town shall not knowingly watch anybody."), varies=_MEASURED
    ),
    Example(
        "wording-law-relative",
        _prose("The town shall not watch anybody, except as permitted by law."),
        varies=_MEASURED,
    ),
    Example(
        "wording-degree",
        _prose("The town shall not watch many persons unreasonably."),
        varies=_MEASURED,
    ),
    Example(
        "wording-open-list",
        _prose("The town may use it for letters, minutes and the like."),
        varies=_MEASURED,
    ),
    Example(
        "wording-discretion",
        _prose("The town may watch persons where it deems it necessary."),
        varies=_MEASURED,
    ),
    Example("wording-hortatory", _prose("The town strives to respect privacy.")),
    Example("wording-modal", _prose("The town should not watch anybody.")),
    Example("wording-passive", _prose("Records must be kept.")),
    Example("wording-time", _prose("The town shall promptly delete the records.")),
    Example(
        "wording-notwithstanding",
        _prose("Notwithstanding anything to the contrary, the town may watch the square."),
    ),
    Example("wording-undated-law", _prose("The town complies with the Privacy Act of 1974.")),
    Example(
        "wording-undefined",
        _prose(
            '"Personal Data" means data about persons. The town deletes Personal Data. It shall not use the '
            "Restricted Data, nor shall the maker use the Restricted Data."
        ),
    ),
    Example("wording-unused", _prose('"Restricted Data" means data about health.')),
    Example(
        "wording-redefined",
        _prose(
            '"Data" means what is recorded. "Data" means what is stored. The town keeps the Data.'
        ),
    ),
    Example(
        "wording-drifting",
        _prose("The AI System is a tool. The town keeps the AI system in order."),
    ),
    Example("wording-dangling", _prose("As section 42 says, the town keeps records.")),
)
