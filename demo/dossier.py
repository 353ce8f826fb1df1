"""A copy of the sample agreement that throw-away keys can sign: the parties' keys filled in, the dates moved.

Words and rules stay as they are. What depends on the bytes of another file is computed from the copy: the digest of
the predecessor, and that of the clause which an admission passes.

    dossier = Copy(stage.folder / "openai-dow")
    dossier.agreement(since, keys={"supplier": "ssh-ed25519 …"}, officers={"department": "ssh-ed25519 …"})
    dossier.amendment(since)
    dossier.admission(since, until)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import avenant
from avenant.agreement.amend import clause_digest
from avenant.agreement.canonical import digest
from avenant.instants import written
from demo.stage import ROOT

SAMPLE = ROOT / "agreements" / "openai-dow"
FILES = ("0-agreement.md", "1-amendment.md", "2-admission.md")


@dataclass(frozen=True, slots=True)
class Copy:
    """The folder of the copy; instruments come into it one by one, as they are written."""

    path: Path

    def agreement(
        self, since: datetime, keys: Mapping[str, str], officers: Mapping[str, str]
    ) -> None:
        """Instrument 0 with the parties' keys, and what was announced beside it."""
        text = _dated(_sample(0), since)
        for party, line in keys.items():
            officer = officers.get(party, "")
            text = _replaced(
                text,
                rf"({party}: {{.*)keys: \[\], officers: \[\]",
                rf"\g<1>keys: [{line}], officers: [{officer}]",
            )
        self._write(0, text)
        self._announced("2026-02-28.md")

    def amendment(self, since: datetime) -> None:
        """Instrument 1, bound to instrument 0 as it is here, and what was announced of it."""
        self._write(1, self._bound(1, _dated(_sample(1), since)))
        self._announced("2026-03-02.md")

    def admission(self, since: datetime, until: datetime) -> None:
        """Instrument 2, bound to instrument 1 and to the clause that it passes, for a period."""
        text = self._bound(2, _dated(_sample(2), since))
        found = re.search(r"(?m)^  past: (\S+)$", text)
        clause = avenant.load(f"{self.path}@1").in_force.clause(found[1]) if found else None
        assert clause is not None, "the sample's admission names a clause of the text before it"
        for key, value in (
            ("  since", written(since)),
            ("  until", written(until)),
            ("  clause-digest", clause_digest(clause)),
        ):
            text = _replaced(text, rf"(?m)^{key}: .*$", f"{key}: {value}")
        self._write(2, text)

    def _bound(self, number: int, text: str) -> str:
        previous = digest((self.path / FILES[number - 1]).read_bytes())
        return _replaced(text, r"(?m)^previous: .*$", f"previous: {previous}")

    def _announced(self, name: str) -> None:
        """A statement: once the clauses that it speaks of are there."""
        self._both(f"statements/{name}", (SAMPLE / "statements" / name).read_text("utf-8"))

    def _write(self, number: int, text: str) -> None:
        self._both(FILES[number], text)

    def _both(self, name: str, text: str) -> None:
        """A file, then its translation: one without its text would be an error."""
        self._put(name, text)
        french = name.replace(".md", ".fr.md")
        self._put(french, (SAMPLE / french).read_text("utf-8"))

    def _put(self, name: str, text: str) -> None:
        # Complete at once: a gateway may be watching the folder.
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        draft = file.with_suffix(".new")
        draft.write_text(text, "utf-8")
        draft.rename(file)


def _sample(number: int) -> str:
    return (SAMPLE / FILES[number]).read_text("utf-8")


def _dated(text: str, since: datetime) -> str:
    return _replaced(text, r"(?m)^effective: .*$", f"effective: {written(since)}")


def _replaced(text: str, pattern: str, value: str) -> str:
    changed, count = re.subn(pattern, value, text)
    assert count == 1, f"the sample has {count} places like {pattern}"
    return changed
