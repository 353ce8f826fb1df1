"""`avenant.yaml`: what the operator decides, and nothing that an agreement decides.

```yaml
listen: 127.0.0.1:8080                    # port 0: any free one
upstream: http://127.0.0.1:8081/v1        # its key, if it wants one: AVENANT_UPSTREAM_KEY
ledger: {path: ./ledger, key: ./ledger/key, origin: avenant.example/openai-dow}
state: ./ledger.state                     # how far the ledger was last seen; by default beside its folder
connections:
  - id: army
    key-sha256: 5d41…                     # of the key that the application sends; the key stands nowhere
    organisations: [army]                 # the operator's word: it claims, and establishes nothing
    attestation: connections/army.dsse.json
```

Every key may be left out. Without `connections`, each `DOSSIER/connections/*.dsse.json` is one: a signed attestation
says whose connection and which key it is about. Paths are relative to the file. An unknown key is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from avenant.errors import InputError, Span, raise_all
from avenant.languages import say
from avenant.source.nodes import Node, read_yaml

UPSTREAM_KEY = "AVENANT_UPSTREAM_KEY"  # the environment holds secrets and nothing else

_KEYS = ("listen", "upstream", "ledger", "state", "connections")
_LEDGER_KEYS = ("path", "key", "origin")
_CONNECTION_KEYS = ("id", "key-sha256", "organisations", "attestation")
T = TypeVar("T")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ConnectionEntry(Struct, frozen=True):
    """One connection as the operator names it; the attestation is a file, unread."""

    id: str
    key_sha256: str  # 64 hex digits
    organisations: tuple[str, ...]
    attestation: Path | None
    at: Span


class LedgerEntry(Struct, frozen=True):
    """Where the ledger is, and under which name and key it signs. Origin None: `avenant.example/<agreement>`."""

    path: Path = Path("ledger")
    key: Path | None = None  # None: the file `key` in the ledger's folder
    origin: str | None = None

    @property
    def key_file(self) -> Path:
        """The file of the signing key."""
        return self.key or self.path / "key"


class Config(Struct, frozen=True):
    """The operator's settings. `connections` None: those of the dossier's own folder."""

    host: str = "127.0.0.1"
    port: int = 8080
    upstream: str | None = None
    ledger: LedgerEntry = field(default_factory=LedgerEntry)
    state: Path | None = None  # None: beside the ledger's folder
    connections: tuple[ConnectionEntry, ...] | None = None
    given: bool = False  # `--upstream` was: the file's own counts for nothing

    def with_upstream(self, url: str | None) -> Config:
        """The same with `--upstream URL`, when it was given."""
        return self if url is None else replace(self, upstream=_url(url, None), given=True)

    def reread(self, file: Config) -> Config:
        """The same with what counts without a restart in the file as it is now: its connections and its upstream."""
        upstream = self.upstream if self.given else file.upstream or self.upstream
        return replace(self, connections=file.connections, upstream=upstream)


def read_config(text: str, file: str, folder: Path) -> Config:
    """Read `avenant.yaml`; `folder` is where its relative paths start. Reports all errors at once."""
    root = read_yaml(text, Span(file, 1))
    entries = root.map(_KEYS)
    errors: list[InputError] = []

    def attempt(key: str, read: Callable[[Node], T], otherwise: T) -> T:
        if key not in entries:
            return otherwise
        try:
            return read(entries[key])
        except InputError as error:
            errors.append(error)
            return otherwise

    host, port = attempt("listen", _listen, ("127.0.0.1", 8080))
    config = Config(
        host,
        port,
        attempt("upstream", lambda node: _url(node.word(), node.at), None),
        attempt("ledger", lambda node: _ledger(node, folder), LedgerEntry(folder / "ledger")),
        attempt("state", lambda node: folder / node.word(), None),
        attempt("connections", lambda node: _connections(node, folder), None),
    )
    raise_all(errors)
    return config


def _listen(node: Node) -> tuple[str, int]:
    host, colon, port = node.word().rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) < 65536):
        raise InputError(
            "bad-listen",
            say("gateway.bad-listen", text=node.word()),
            node.at,
            say("gateway.bad-listen-hint"),
        )
    return host.strip("[]"), int(port)


def _url(url: str, at: Span | None) -> str:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.query or parts.fragment:
        raise InputError(
            "bad-upstream",
            say("gateway.bad-upstream", url=url),
            at,
            say("gateway.bad-upstream-hint"),
        )
    if parts.username or parts.password:
        hint = say("gateway.secret-in-config-hint", name=UPSTREAM_KEY)
        raise InputError("secret-in-config", say("gateway.secret-in-config"), at, hint)
    return url


def _ledger(node: Node, folder: Path) -> LedgerEntry:
    entries = node.map(_LEDGER_KEYS)
    words = {key: value.word() for key, value in entries.items()}
    return LedgerEntry(
        folder / words.get("path", "ledger"),
        folder / words["key"] if "key" in words else None,
        words.get("origin"),
    )


def _connections(node: Node, folder: Path) -> tuple[ConnectionEntry, ...]:
    read: list[ConnectionEntry] = []
    errors: list[InputError] = []
    for item in node.items():
        try:
            entry = _connection(item, folder)
            _distinct(entry, read)
            read.append(entry)
        except InputError as error:
            errors.append(error)
    raise_all(errors)
    return tuple(read)


def _connection(node: Node, folder: Path) -> ConnectionEntry:
    entries = node.map(_CONNECTION_KEYS)
    for key in ("id", "key-sha256"):
        if key not in entries:
            raise InputError("missing-key", say("yaml.missing-key", key=key), node.at)
    id, digest = entries["id"].word(), entries["key-sha256"].word().lower()
    if not _ID.fullmatch(id):
        raise InputError(
            "bad-connection-id",
            say("gateway.bad-connection-id", id=id),
            entries["id"].at,
            say("gateway.bad-connection-id-hint"),
        )
    if not _SHA256.fullmatch(digest):
        raise InputError(
            "bad-key-digest",
            say("gateway.bad-key-digest"),
            entries["key-sha256"].at,
            say("gateway.bad-key-digest-hint"),
        )
    organisations = entries["organisations"].words() if "organisations" in entries else ()
    attestation = folder / entries["attestation"].word() if "attestation" in entries else None
    return ConnectionEntry(id, digest, organisations, attestation, node.at)


def _distinct(entry: ConnectionEntry, others: list[ConnectionEntry]) -> None:
    for other in others:
        if entry.id == other.id or entry.key_sha256 == other.key_sha256:
            message = say("gateway.twice", id=entry.id, other=other.id)
            hint = say("gateway.twice-hint", line=other.at.line)
            raise InputError("connection-twice", message, entry.at, hint, (other.at,))
