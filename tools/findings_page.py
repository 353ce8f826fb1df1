"""Writes `docs/reference/findings.md`: each kind of finding, what to do about it, and a small text that has it.

python tools/findings_page.py        # a test holds the page to the catalogue and the source
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from avenant.analyse.checks.registry import KINDS
from avenant.findings.kinds import Group
from avenant.findings.types import Finding
from avenant.languages import say
from avenant.library import load
from tools.findings_examples import BASE, EXAMPLES, PERMISSION, STATEMENT, Example

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "findings.md"

HEAD = """\
# Findings

<!-- Written by tools/findings_page.py; change that, its examples, or the catalogue of messages, instead. -->

What `avenant check` finds, kind by kind, in the order of the report. Each kind has a code, and each finding an id that
begins with it and stays the same from run to run: `loophole:r1:operation`. The id is the last line of
`avenant check DOSSIER --show N`, and is what a text accepts with a reason: see [the format](format.md).

| severity | what follows |
|---|---|
| error | `check` exits 1, and whoever signs must know the report, until it is closed or accepted in the text |
| warning | somebody should read it before signing |
| note | good to know |

Findings are relative to the vocabulary and the rules: see [what the analysis can and cannot
say](../explanation/analysis.md). Those on regions (loopholes, conflicts, dead clauses, exceptions, exemptions,
overlaps, statements) are exact; those on prose read words, and can be wrong about them.

Every example below is run by a test. Its text is appended to this agreement:

~~~~markdown
"""
BEFORE = "~~~~\n\nand, unless it says otherwise, to this permission:\n\n~~~~markdown\n"


def page() -> str:
    """The whole page."""
    lines = [f"{HEAD}{BASE.rstrip()}\n{BEFORE}{PERMISSION.rstrip()}\n~~~~\n"]
    under: Group | None = None
    for example in EXAMPLES:
        found = finding_of(example)
        kind = KINDS.get(example.code)  # none where only a comparison finds it
        title = kind.group if kind else Group.STRUCTURE
        if title != under:
            under = title
            lines.append(f"## {_heading(title)}\n")
        lines.extend(_example(example, found))
    return "\n".join(lines)


def finding_of(example: Example) -> Finding:
    """The one finding of the example's code that its text has; of several, the first."""
    found = [f for f in _findings(example) if f.code == example.code]
    assert found, f"the example of {example.code} has no such finding"
    return found[0]


def _findings(example: Example) -> tuple[Finding, ...]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "town"
        for file, text in _files(example).items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if example.amendment:
            return load(f"{folder}@0").compare(load(f"{folder}@1")).findings
        return load(f"{folder}@0").check(remedies=False).findings


def _files(example: Example) -> dict[str, str]:
    agreement = BASE + ("" if example.whole else PERMISSION) + example.text
    if example.instead:
        old, new = example.instead
        assert old in agreement, (example.code, old)
        agreement = agreement.replace(old, new)
    files = {"0-agreement.md": agreement}
    if example.statement:
        files["statements/2026-01-10.md"] = STATEMENT + example.statement
    if example.ordinary:
        files["ordinary.yaml"] = example.ordinary
    if example.amendment:
        files["1-amendment.md"] = example.amendment
    return files


def _heading(name: Group) -> str:
    return "Principles" if name is Group.LOOPHOLES else say(f"cli.check.group-{name}")


def _example(example: Example, found: Finding) -> Iterator[str]:
    yield f"### `{example.code}`\n"
    severity = say(f"severity.{found.severity}")
    if example.varies:
        severity += f" here; {example.varies}"
    yield f"*{say(f'finding.{example.code}')}: {severity}.* {say(f'help.{example.code}')}\n"
    if example.instead:
        old, new = example.instead
        yield f"With this\n\n~~~~markdown\n{new.strip()}\n~~~~\n\ninstead of `{old.splitlines()[0]}`:\n".replace(
            ":\n", ":\n" if example.text else ".\n"
        )
    for kind, text in (
        ("", example.text),
        ("`statements/2026-01-10.md`:\n", example.statement),
        ("`ordinary.yaml`:\n", example.ordinary),
        ("`1-amendment.md`:\n", example.amendment),
    ):
        if text:
            if kind:
                yield kind
            yield f"~~~~markdown\n{text.strip()}\n~~~~\n"
    message = found.message[:1].upper() + found.message[1:]
    yield f"> `{found.id}` {message}\n"


if __name__ == "__main__":
    sys.path.insert(0, str(PAGE.parents[2]))
    PAGE.write_text(page(), encoding="utf-8")
