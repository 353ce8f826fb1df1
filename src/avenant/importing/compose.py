"""A cut source -> the Markdown of an instrument: the same words, marked up so that each stays a word.

Every character that Markdown would take for a mark is escaped, so the source's brackets never become links and its
dashes never rules. Lines are wrapped, for diffs that people can read.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence

from msgspec import Struct

from avenant.importing.cut import Cut, Section, unique
from avenant.importing.numbers import BULLETS, numbered
from avenant.importing.types import Passage, Run
from avenant.languages import say
from avenant.source.markdown import slots

WIDTH = 100
_TIED = "\0"  # a space at which no line may end; no text holds it
_DEEPEST = (
    3  # levels of items below the outermost: what is nested deeper is not shown by every reader
)

_MARKS = re.compile(
    r"[\\`*]"
    r"|(?<!\w)_|_(?!\w)"  # inside a word it is a letter
    r"|\](?=[(:\[])"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
)
_LINE_STARTS = (
    (re.compile(r"(\d{1,9})([.)])(?=\s|$)"), r"\1\\\2"),
    (re.compile(r"(#{1,6}(?=\s|$)|[-+](?=[\s-]|$)|=+$|>|~~~)"), r"\\\1"),
)


class Front(Struct, frozen=True):
    """What the front matter says: `parties` are id -> (name, role)."""

    id: str
    language: str
    effective: str
    parties: tuple[tuple[str, str, str], ...]


def markdown(cut: Cut, front: Front) -> str:
    """The whole file."""
    return "\n\n".join(part for part in _parts(cut, front) if part) + "\n"


def _parts(cut: Cut, front: Front) -> Iterator[str]:
    yield _front(cut.title, front)
    if cut.titled:
        title = escaped(cut.title)
        # Braces at the end of a heading are its attributes: empty ones keep the title's own.
        yield f"# {title} {{}}" if title.endswith("}") else f"# {title}"
    yield from _body(cut.introduction)
    for section in cut.sections:
        yield from _section(section, front.language)
    yield _stub(front, {section.id for section in cut.sections})


def _front(title: str, front: Front) -> str:
    parties = "\n".join(
        f"  {id}: {{name: {quoted(name)}, role: {role}, threshold: 1, keys: [], officers: []}}"
        for id, name, role in front.parties
    )
    return (
        f"---\navenant: 1\nagreement: {front.id}\ninstrument: agreement\nnumber: 0\ntitle: {quoted(title)}\n"
        f"language: {front.language}\neffective: {front.effective}\nvocabulary: core@1-draft\nparties:\n{parties}\n---"
    )


def quoted(text: str) -> str:
    """Text as a YAML scalar in double quotes (YAML 1.2 takes every JSON string)."""
    return json.dumps(text, ensure_ascii=False)


def _section(section: Section, language: str) -> Iterator[str]:
    mark = " .definitions" if section.kind == "definitions" else ""
    yield f"## {escaped(section.heading)} {{#{section.id}{mark}}}"
    yield from _body(section.passages)
    if section.kind == "operative":
        yield f"```cedar\n{slots()[language]}\n```"


def _stub(front: Front, taken: set[str]) -> str:
    """The clause of ours at the end: where categories are added and who may establish what."""
    heading = say("import.heading-facts", lang=front.language)
    id = unique("facts", taken)
    users = next((id for id, _, role in front.parties if role == "customer"), front.parties[0][0])
    return (
        f"## {heading} {{#{id} .definitions}}\n\n"
        f"```vocabulary\n{say('import.stub-vocabulary', lang=front.language, users=users)}\n```\n\n"
        f"```facts\n{say('import.stub-facts', lang=front.language, users=users)}\n```"
    )


def _body(passages: Sequence[Passage]) -> Iterator[str]:
    """Paragraphs, and the items of a list together."""
    items: list[str] = []
    levels: list[int] = []  # of the source, outermost first, that the item stands in
    for passage in passages:
        # A number that begins no clause is that of an item, whatever the source made of it.
        listed = passage.kind == "paragraph" and numbered(passage.marker) is not None
        if passage.kind in ("item", "row") or listed:
            while levels and levels[-1] >= passage.level:
                levels.pop()
            # INVARIANT: no item stands more than one level below the one before; deeper indentation would be code.
            levels.append(passage.level)
            items.append(_item(passage, min(len(levels) - 1, _DEEPEST)))
            continue
        if items:
            yield "\n".join(items)
            items, levels = [], []
        # The words of a heading that is none, too.
        yield _wrapped(_marked_up(passage), "", "")
    if items:
        yield "\n".join(items)


def _item(passage: Passage, depth: int) -> str:
    words = _marked_up(passage, marker=False)
    marker = passage.marker
    if re.fullmatch(r"\d{1,9}[.)]", marker):
        bullet = marker
    else:
        bullet = "-"
        if marker and marker not in BULLETS:
            words = f"{escaped(marker)} {words}"
    indent = " " * (4 * depth)
    return _wrapped(words, f"{indent}{bullet} ", indent + " " * (len(bullet) + 1))


def _marked_up(passage: Passage, *, marker: bool = True) -> str:
    if passage.kind == "row":
        # The bar is ours; in the cells it is a sign like others.
        words = " | ".join(escaped(run.words) for run in passage.runs)
    else:
        words = "".join(_run(run) for run in passage.runs)
    if marker and passage.marker:
        words = f"{escaped(passage.marker)} {words}"
    return words.strip()


def _run(run: Run) -> str:
    words = escaped(run.words)
    if run.url is None:
        # A sign before a link would make it a picture.
        return re.sub(r"!$", r"\\!", words)
    if not words.strip() or re.search(r"[<>()\s\\]", run.url):
        return words
    inner = re.sub(r"(?<!\\)([\[\]])", r"\\\1", words)
    before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    return f"{before}[{inner.strip()}]({run.url}){after}"


def escaped(words: str) -> str:
    """Words with each character escaped that CommonMark would take for a mark inside a line."""
    return _MARKS.sub(lambda match: "\\" + match[0], words)


def _wrapped(words: str, first: str, rest: str) -> str:
    # A sign that French sets off by a space stays with its word, whatever the space: `; : ? ! »` begin no line.
    words = re.sub(r" (?=[;:?!»](?: |$))|(?<=«) ", _TIED, words)
    lines = textwrap.wrap(
        words,
        WIDTH - len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    wrapped = "\n".join((first if i == 0 else rest) + _line(line) for i, line in enumerate(lines))
    return wrapped.replace(_TIED, " ")


def _line(line: str) -> str:
    """A line with the mark escaped that would make it another thing than a line of a paragraph."""
    for pattern, escape in _LINE_STARTS:
        line, count = pattern.subn(escape, line, count=1) if pattern.match(line) else (line, 0)
        if count:
            break
    return line
