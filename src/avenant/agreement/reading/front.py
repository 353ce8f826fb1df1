"""Front matter, field by field: what is missing, misspelt or of the wrong kind is recorded, with its line.

front = Front(document.front, ("title", "number"), faults)
front.number("number")        # 1; or 0 after a fault, which is never used: the reading ends with all faults raised
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from avenant.agreement.types import Digest, Party, Publication
from avenant.errors import Span
from avenant.instants import Instant, instant
from avenant.source.diagnostics import Diagnostics
from avenant.source.nodes import Node, did_you_mean

FORMAT = "1"

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_PAST = datetime(1970, 1, 1, tzinfo=UTC)


class Front:
    """The entries of a mapping, and one reader a kind of value."""

    def __init__(self, node: Node, known: Collection[str], faults: Diagnostics) -> None:
        self.at = node.at
        self._faults = faults
        self._entries: Mapping[str, Node] = {}
        with faults.collect():
            self._entries = node.map()
        for key, entry in self._entries.items():
            if key not in known:
                faults.add("unknown-field", entry.at, did_you_mean(key, known), key=key)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def place(self, key: str) -> Span:
        """Where a field stands, or the mapping when it is missing."""
        return self._entries[key].at if key in self._entries else self.at

    def node(self, key: str) -> Node:
        """The value as a node; empty after a fault."""
        if key not in self._entries:
            self._faults.add("missing-field", self.at, key=key)
        return self._entries.get(key, Node("", self.at))

    def word(self, key: str) -> str:
        """A field that must be given and not be empty."""
        node = self.node(key)
        with self._faults.collect():
            text = node.word().strip()
            if not text and key in self._entries:
                self._faults.add("empty-field", node.at, key=key)
            return text
        return ""

    def maybe(self, key: str) -> str | None:
        """A field that may be left out."""
        return self.word(key) if key in self else None

    def check_format(self) -> None:
        """The version of the format that the file names must be the one that is read here."""
        version = self.word("avenant")
        if version and version != FORMAT:
            place = self.place("avenant")
            self._faults.add("format-version", place, version=version, known=FORMAT)

    def number(self, key: str, least: int = 0) -> int:
        """A whole number, `least` or more."""
        text = self.word(key)
        if _NUMBER.fullmatch(text) and int(text) >= least:
            return int(text)
        if text:
            self._faults.add("not-a-number", self.place(key), key=key, text=text, least=least)
        return least

    def instant(self, key: str) -> Instant:
        """A date or an instant."""
        text = self.word(key)
        with self._faults.collect():
            return instant(text, self.place(key)) if text else _PAST
        return _PAST

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of a few words."""
        text = self.word(key)
        if text and text not in choices:
            hint = did_you_mean(text, choices)
            self._faults.add("unknown-choice", self.place(key), hint, key=key, text=text)
        return text

    def digest(self, key: str) -> Digest | None:
        """A digest, where one is given."""
        text = self.maybe(key)
        if text and not _DIGEST.fullmatch(text):
            self._faults.add("bad-digest", self.place(key), key=key, text=text)
        return text

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where nothing is given."""
        with self._faults.collect():
            return self._entries[key].words() if key in self else ()
        return ()

    def sources(self) -> tuple[Publication, ...]:
        """`sources: [{url, retrieved}]`."""
        found = []
        with self._faults.collect():
            for item in self._entries["sources"].items() if "sources" in self else ():
                entry = Front(item, ("url", "retrieved", "title"), self._faults)
                entry.instant("retrieved")
                found.append(Publication(entry.url("url"), entry.word("retrieved")))
        return tuple(found)

    def url(self, key: str) -> str:
        """A web address."""
        text = self.word(key)
        if text and not re.fullmatch(r"https?://\S+", text):
            self._faults.add("bad-url", self.place(key), key=key, text=text)
        return text

    def parties(self) -> tuple[Party, ...]:
        """`parties: {supplier: {name, role, threshold, keys, officers}}`, in the order written."""
        found = []
        node = self.node("parties")
        with self._faults.collect():
            entries = node.map()
            if not entries and "parties" in self:
                self._faults.add("no-party", node.at)
            for id, entry in entries.items():
                if not re.fullmatch(r"[a-z][a-z0-9-]*", id):
                    self._faults.add("bad-id", entry.at, id=id)
                found.append(self._party(id, entry))
        return tuple(found)

    def _party(self, id: str, node: Node) -> Party:
        front = Front(node, ("name", "role", "threshold", "keys", "officers"), self._faults)
        keys = front.words("keys")
        threshold = front.number("threshold", least=1) if "threshold" in front else 1
        # A draft names no keys yet; once it names some, they must be able to reach the threshold.
        if keys and threshold > len(set(keys)):
            self._faults.add(
                "threshold",
                front.place("threshold"),
                party=id,
                threshold=threshold,
                keys=len(set(keys)),
            )
        for key in ("keys", "officers"):
            words = front.words(key)
            for word in sorted({w for w in words if words.count(w) > 1}):
                self._faults.add("key-twice", front.place(key), party=id, key=word)
        return Party(
            id,
            front.word("name"),
            front.word("role"),
            threshold,
            keys,
            front.words("officers"),
            node.at,
        )
