"""Ordinary uses: what a text must go on permitting, however it is hardened; beside the chain, as statements are.

`ordinary.yaml` in a dossier, or any file that is named; each use is a scenario that expects `permitted`:

    uses:
      - name: {en: minutes of a meeting, fr: procès-verbal d'une réunion}
        use: {organisation: army, operation: summarise, purpose: office-work, effect: advice, legality: lawful}

A use need not be complete: then each point of its box must be permitted. Several categories on an axis are several
uses.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from avenant.agreement.reading.blocks import read_use
from avenant.errors import InputError, Span
from avenant.languages import LANGUAGES, say
from avenant.source.diagnostics import Diagnostics
from avenant.source.nodes import Node
from avenant.vocabulary.types import Text, Vocabulary

FILE = "ordinary.yaml"


class OrdinaryUse(Struct, frozen=True):
    """One use that stays permitted: its name for people, and per axis its categories."""

    name: Text
    use: Mapping[str, tuple[str, ...]]
    at: Span


def read_uses(file: Node, vocabulary: Vocabulary) -> tuple[OrdinaryUse, ...]:
    """The uses of a file against a vocabulary. Raises InputErrors with every fault, each with its line."""
    faults = Diagnostics()
    found: list[OrdinaryUse] = []
    entries = file.map(("uses",))
    for entry in entries["uses"].items() if "uses" in entries else ():
        with faults.collect():
            parts = entry.map(("name", "use", "note"))
            for key in ("name", "use"):
                if key not in parts:
                    faults.add("missing-field", entry.at, key=key)
            if {"name", "use"} <= parts.keys():
                name = _name(parts["name"])
                before = next((other.at for other in found if name == other.name), None)
                if before is not None:
                    faults.collide("given-twice", entry.at, before, name=next(iter(name.values())))
                found.append(
                    OrdinaryUse(name, read_use(parts["use"], vocabulary, faults), entry.at)
                )
    faults.raise_all()
    if not found:
        raise InputError("no-uses", say("ordinary.no-uses"), file.at, say("ordinary.no-uses-hint"))
    return tuple(found)


def _name(node: Node) -> Text:
    if isinstance(node.value, str):
        return dict.fromkeys(LANGUAGES, node.word())
    return {language: word.word() for language, word in node.map(LANGUAGES).items()}
