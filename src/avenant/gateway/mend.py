"""Writing back into a dossier's folder what the ledger keeps of it: the files of agreed instruments, and signatures.

Nothing is written over: where the folder has other bytes under a name, that is an error, and nothing at all is written
unless it is said that those files are to be replaced.

    for name in mended(folder, Path("ledger.db"), overwrite=False): print(name)
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from avenant.agreement.canonical import digest as digest_of
from avenant.errors import InputError, Refused, Span
from avenant.gateway.known import Known, known_of
from avenant.gateway.read import Folder
from avenant.gateway.write import write_back
from avenant.languages import say
from avenant.ledger.inspection import lasting
from avenant.ledger.store_sqlite import SqliteStore


def mended(folder: Folder, ledger: Path, *, overwrite: bool) -> tuple[str, ...]:
    """Write back each file that the ledger knows and the folder lacks; returns their names.

    Raises Refused `would-overwrite` naming each file that has other bytes, unless `overwrite`; InputError
    `nothing-known` for a ledger that knows no instrument of the dossier, `not-kept` where it lacks a file's bytes.
    """
    known = known_at(ledger, folder)
    with closing(SqliteStore.inspect(ledger)) as store:
        if not known:
            hint = say("gateway.nothing-known-hint")
            message = say("gateway.nothing-known", path=folder.path)
            raise InputError("nothing-known", message, None, hint)
        owed = {name: digest for i in known for name, digest in i.files.items()}
        lacking = {name: d for name, d in owed.items() if not folder.has(name, d)}
        clashes = [name for name in lacking if folder.holds(name)]
        if clashes and not overwrite:
            hint = say("gateway.would-overwrite-hint")
            names = say("phrases.comma").join(clashes)
            raise Refused(
                "would-overwrite", say("gateway.would-overwrite", files=names), None, hint
            )
        contents = {name: _bytes_of(store, name, digest) for name, digest in lacking.items()}
    for name, data in contents.items():
        write_back(folder.path, name, data)
    return tuple(contents)


def known_at(ledger: Path, folder: Folder) -> Known:
    """What a ledger knows of the agreement that a folder holds."""
    return of_folder(known_of(lasting(ledger)), folder)


def of_folder(known: Known, folder: Folder) -> Known:
    """The instruments of the agreement that the folder holds: by its own word, else by the ledger's or its name."""
    agreements = list(dict.fromkeys(instrument.agreement for instrument in known))
    if len(agreements) > 1:
        own = folder.agreement() or folder.path.resolve().name
        agreements = [agreement for agreement in agreements if agreement == own]
    return tuple(instrument for instrument in known if instrument.agreement in agreements)


def _bytes_of(store: SqliteStore, name: str, digest: str) -> bytes:
    data = store.file(digest.removeprefix("sha256:"))
    if data is None or digest_of(data) != digest:
        message = say("gateway.not-kept", file=name)
        raise InputError("not-kept", message, Span(name, 1), say("gateway.not-kept-hint"))
    return data
