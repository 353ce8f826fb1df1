"""A folder -> a dossier: the one module here that opens files.

    dossier = read_dossier(Path("agreements/openai-dow"))
    split_name("openai-dow@1")                       # ("openai-dow", 1)

Read are `N-kind.md`, its translations `N-kind.<language>.md`, `statements/*.md` and `signatures/*.dsse.json` (raw
bytes; who may sign is `consent`'s). Instruments are numbered from 0 without gap or fork, and each names the digest of
the file before it. Every fault of every file is reported at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from avenant.agreement.canonical import digest
from avenant.agreement.reading.folder import files, strays
from avenant.agreement.reading.instrument import KINDS, FileName, read_instrument
from avenant.agreement.reading.ordinary import OrdinaryUse, read_uses
from avenant.agreement.reading.statement import read_statement
from avenant.agreement.reading.translation import add_statement_translation, add_translation
from avenant.agreement.types import Dossier, Instrument, Statement
from avenant.errors import Span
from avenant.languages import LANGUAGES, trouble
from avenant.source.diagnostics import Diagnostics, fault
from avenant.source.markdown import Document, read_markdown
from avenant.source.nodes import did_you_mean, read_yaml
from avenant.vocabulary.types import Vocabulary

# Two hundred and fifty pages of a contract; longer is a mistake, and would take long to parse.
LARGEST = 1 << 19
ENVELOPES = ".dsse.json"
_READ = {"": ".md", "statements": ".md", "signatures": ENVELOPES}

_FILE = re.compile(r"(\d{1,9})-([a-z-]+)(?:\.([a-z]+))?\.md")
_NAME = re.compile(r"(?P<dossier>.+?)(?:@(?P<number>\d{1,9}))?")


def split_name(text: str) -> tuple[str, int | None]:
    """A dossier's id or path, and the number after `@`.

    >>> split_name("openai-dow@1")
    ('openai-dow', 1)
    >>> split_name("agreements/openai-dow")
    ('agreements/openai-dow', None)
    """
    match = _NAME.fullmatch(text)
    if match is None or re.search(r"@[^/@]*$", match["dossier"]):
        raise fault("bad-name", None, name=text)
    return match["dossier"], int(match["number"]) if match["number"] else None


def read_dossier(path: Path, aside: Diagnostics | None = None) -> Dossier:
    """Read a folder. Raises InputError, or InputErrors with every fault of every file.

    `aside`: takes the faults that stop nothing that is agreed, and what they are about is left out of the dossier:
    public statements that cannot be read, and what is no regular file. Without it they are faults like all others.
    """
    if not path.is_dir():
        raise fault("no-dossier", None, path=path)
    faults = Diagnostics()
    beside = faults if aside is None else aside
    beside.found.extend(strays(path) if aside is not None else strays(path, _READ))
    names = sorted(_names(path, faults), key=lambda n: (n.number, n.language or "", n.name))
    instruments = _instruments(path, names, faults)
    statements = tuple(_statements(path, beside))
    envelopes = {
        file.name: _bytes(file, f"signatures/{file.name}", faults)
        for file in files(path, f"signatures/*{ENVELOPES}")
    }
    if not names and not faults.found:
        faults.add("no-instruments", Span(str(path), 1))
    # Broken files make the chain look broken too: their own faults come first.
    faults.raise_all()
    _chain(instruments, envelopes, faults)
    statements = tuple(_with_own_ids(instruments, statements, beside))
    faults.raise_all()
    ordered = sorted(statements, key=lambda s: (s.date, s.id))
    sources = {**beside.sources, **faults.sources}
    return Dossier(
        instruments[0].agreement, str(path), instruments, tuple(ordered), envelopes, sources
    )


def read_ordinary(path: Path, vocabulary: Vocabulary) -> tuple[OrdinaryUse, ...]:
    """Return the required uses in a file. Raises InputErrors with every fault of it."""
    faults = Diagnostics()
    name = str(path)
    data = _bytes(path, name, faults)
    text = _decoded(data, name, faults) if data else None
    if not faults.found and text is None:
        faults.add("empty-file", Span(name, 1))
    faults.raise_all()
    uses: tuple[OrdinaryUse, ...] = ()
    faults.sources[name] = text or ""
    with faults.collect():
        uses = read_uses(read_yaml(text or "", Span(name, 1)), vocabulary)
    faults.raise_all()
    return uses


def _names(path: Path, faults: Diagnostics) -> Iterator[FileName]:
    for file in files(path, "*.md"):
        at = Span(file.name, 1)
        match = _FILE.fullmatch(file.name)
        if match is None:
            if not file.name.lower().startswith("readme"):
                faults.add("file-name", at, file=file.name)
            continue
        number, kind, language = int(match[1]), match[2], match[3]
        if kind not in KINDS:
            faults.add("unknown-kind", at, did_you_mean(kind, KINDS), kind=kind)
        elif language is not None and language not in LANGUAGES:
            faults.add("unknown-language", at, did_you_mean(language, LANGUAGES), language=language)
        elif str(number) != match[1]:
            faults.add("file-name", at, file=file.name)
        else:
            yield FileName(number, kind, language, file.name)


def _instruments(path: Path, names: list[FileName], faults: Diagnostics) -> tuple[Instrument, ...]:
    read: dict[str, Instrument] = {}
    numbers: dict[int, str] = {}
    for name in names:
        found = _document(path / name.name, name.name, faults)
        if name.language is None and numbers.setdefault(name.number, name.name) != name.name:
            faults.add("fork", Span(name.name, 1), number=name.number, other=numbers[name.number])
        if found is None:
            continue
        document, file_digest = found
        if name.language is None:
            instrument = read_instrument(document, name, file_digest, faults)
            if instrument is not None:
                read[name.stem] = instrument
        elif name.stem in read:
            read[name.stem] = add_translation(read[name.stem], document, name, file_digest, faults)
        elif not (path / f"{name.stem}.md").exists():
            faults.add("translation-of-nothing", Span(name.name, 1), file=f"{name.stem}.md")
    for expected, number in enumerate(sorted(numbers)):
        if number != expected:
            faults.add("gap", Span(numbers[number], 1), missing=expected, number=number)
            break
    return tuple(sorted(read.values(), key=lambda i: i.number))


def _statements(path: Path, faults: Diagnostics) -> Iterator[Statement]:
    """The statements of a dossier, each with its translations."""
    found_files = files(path, "statements/*.md")
    read: dict[str, Statement] = {}
    for file in sorted(found_files, key=lambda f: (f.stem.partition(".")[0], f.stem)):
        name = f"statements/{file.name}"
        id, _, language = file.stem.partition(".")
        found = _document(file, name, faults)
        if found is None:
            continue
        if not language:
            statement = read_statement(found[0], id, faults)
            read.update({id: statement} if statement else {})
        elif language not in LANGUAGES:
            hint = did_you_mean(language, LANGUAGES)
            faults.add("unknown-language", Span(name, 1), hint, language=language)
        elif id in read:
            read[id] = add_statement_translation(read[id], found[0], language, faults)
        elif not (path / "statements" / f"{id}.md").exists():
            faults.add("translation-of-nothing", Span(name, 1), file=f"statements/{id}.md")
    yield from read.values()


def _document(file: Path, name: str, faults: Diagnostics) -> tuple[Document, str] | None:
    data = _bytes(file, name, faults)
    if not data:
        if not any(e.at and e.at.file == name for e in faults.found):
            faults.add("empty-file", Span(name, 1))
        return None
    text = _decoded(data, name, faults)
    return None if text is None else (read_markdown(text, name, faults), digest(data))


def _decoded(data: bytes, name: str, faults: Diagnostics) -> str | None:
    """The bytes as text with `\\n`; None, and a fault, where they are too many or no UTF-8."""
    if len(data) > LARGEST:
        faults.add("too-large", Span(name, 1), size=len(data), largest=LARGEST)
        return None
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        faults.add("not-utf8", Span(name, data.count(b"\n", 0, error.start) + 1))
        return None


def _bytes(file: Path, name: str, faults: Diagnostics) -> bytes:
    try:
        # A pipe put in its place since it was looked at must not hang us either.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        faults.add("unreadable", Span(name, 1), problem=trouble(error))
        return b""


def _chain(
    instruments: tuple[Instrument, ...], envelopes: Mapping[str, bytes], faults: Diagnostics
) -> None:
    """INVARIANT after this: instrument i has number i, 0 is the agreement, and each names its predecessor's digest."""
    for before, instrument in zip((None, *instruments), instruments, strict=False):
        at = Span(instrument.file, 1)
        if (instrument.number == 0) != (instrument.kind == "agreement"):
            faults.add("not-first", at, kind=instrument.kind, number=instrument.number)
        if before is None:
            continue
        first = instruments[0].language
        if instrument.language != first:
            faults.add("agreement-language", at, language=instrument.language, first=first)
        if instrument.agreement != instruments[0].agreement:
            faults.add("other-agreement", at, id=instruments[0].agreement)
        stem = instrument.file.removesuffix(".md")
        signed = any(name.startswith(f"{stem}.") for name in envelopes)
        if instrument.previous is None and signed:
            faults.add("no-previous", at, digest=before.digest, file=before.file)
        if instrument.previous not in (None, before.digest):
            faults.add("previous-differs", at, digest=before.digest, file=before.file)


def _with_own_ids(
    instruments: tuple[Instrument, ...], statements: tuple[Statement, ...], faults: Diagnostics
) -> Iterator[Statement]:
    """The statements whose principles have ids of their own, so that a finding names one thing."""
    taken = {
        clause.id: clause.at
        for instrument in instruments
        for clause in (*instrument.clauses, *(c.new for c in instrument.changes if c.new))
    }
    for statement in statements:
        fine = True
        for principle in (*statement.principles, *statement.announced):
            if principle.id in taken:
                fine, before = False, taken[principle.id]
                faults.collide(
                    "duplicate-clause",
                    principle.at,
                    before,
                    clause=principle.id,
                    before=str(before),
                )
            taken.setdefault(principle.id, principle.at)
        if fine:
            yield statement
