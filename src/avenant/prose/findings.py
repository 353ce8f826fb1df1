"""Marks -> findings: one a (clause, category, words), with the words, the line, and why they matter there.

In a dossier a word may link to a category which its clause tests. Where a loophole gets past the clause at that test,
what the word lets through is proved, and shown with a witness. Its wording finding stays as a note: a reader of the
prose alone still wants to know, and the error is counted once. Where no loophole was found there, a test changes
nothing of what the word leaves open, and the finding keeps its severity. So it does in a sentence that says that it
clarifies ("for the avoidance of doubt …"): there the word narrows what was already said, and that is the finding.

A law without a version stays a warning though its words are encoded: no test says which version.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.types import Clause, InForce
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages import language, quoted, say
from avenant.prose.definitions import defined_tree, definitions_of, term_marks
from avenant.prose.passages import Passage, Watch
from avenant.prose.phrases import Tree
from avenant.prose.prose import read_prose
from avenant.prose.sections import dangling, numbers_of
from avenant.prose.tokens import split_words
from avenant.prose.types import Category, Effect, Mark, Polarity, Wording, severity

_SLUG = 60  # characters of a finding's words in its id
KINDS = {
    category: Kind(f"wording-{category}", Severity.WARNING, Group.WORDING) for category in Category
}
# Whose direction an encoded word settles.
_ENCODABLE = frozenset(
    {
        Category.INTENT,
        Category.LAW_RELATIVE,
        Category.DEGREE,
        Category.OPEN_LIST,
        Category.DISCRETION,
        Category.TIME,
    }
)


class Where(Struct, frozen=True):
    """What findings are named after: a clause, or a section of a text without clauses."""

    name: str  # in ids: "surveillance", "prohibited-uses"
    clause: str | None
    label: str  # "§8", or empty


class Part(Struct, frozen=True):
    """A passage with its place: the file, the line it begins at, what its words are tested by."""

    passage: Passage
    file: str
    line: int
    sections: tuple[tuple[int, Where], ...]  # offset at which each begins
    shown: frozenset[tuple[str, str]] = frozenset()  # tests at which loopholes get past the clause

    def where(self, offset: int) -> Where:
        """The clause or section around an offset."""
        return self.sections[bisect_right(self.sections, offset, key=lambda s: s[0]) - 1][1]

    def at(self, offset: int) -> str:
        """`0-agreement.md:41`."""
        return f"{self.file}:{self.line + self.passage.prose.line(offset) - 1}"


def of_text(text: InForce, shown: Collection[tuple[str, str, str]] = ()) -> Wording:
    """The wording findings of a text in force, clause by clause; our notes and fenced blocks are not its words.

    `shown` are the tests (clause, axis, category) at which loopholes were found to get past.
    """
    tests: dict[str, set[tuple[str, str]]] = {}
    for id, axis, category in shown:
        tests.setdefault(id, set()).add((axis, category))
    parts = tuple(_part(c, text.language, tests.get(c.id, ())) for c in text.clauses)
    numbers = frozenset(clause.number for clause in text.clauses if clause.number)
    accepted = {id: why for clause in text.clauses for id, why in clause.accepted.items()}
    found = findings_of(parts, numbers, _of_clause)
    marked = tuple(replace(f, accepted=accepted.get(f.id)) for f in found)
    return Wording(text.id, text.language, _sentences(parts), marked)


# A remedy is proved on a text that has most of its clauses from the text before: those are not read again.
@lru_cache(maxsize=2048)
def _passage(source: str, language: str, base: Polarity | None) -> Passage:
    return Passage(read_prose(source), language, base=base)


@lru_cache(maxsize=2048)
def _marks(passage: Passage, defined: Tree[str]) -> tuple[Mark, ...]:
    return tuple(passage.marks(defined, Watch()))


@lru_cache(maxsize=2048)
def _by_itself(part: Part, defined: Tree[str], spoken: str) -> tuple[Finding, ...]:
    # `spoken`: a finding has its sentence, in the language of the moment.
    return tuple(_findings(part, _marks(part.passage, defined)))


def _of_clause(part: Part, defined: Tree[str], more: Sequence[Mark]) -> Iterable[Finding]:
    if not more:
        return _by_itself(part, defined, language())
    return _findings(part, (*_marks(part.passage, defined), *more))


def _part(clause: Clause, language: str, shown: Collection[tuple[str, str]]) -> Part:
    return Part(
        _passage(clause.source, language, _base(clause)),
        clause.at.file,
        clause.at.line,
        ((0, Where(clause.id, clause.id, clause.label.split()[0])),),
        frozenset(shown),
    )


def of_prose(source: str, file: str, language: str | None, watch: Watch) -> Wording:
    """The wording findings of any text, section by section; `language` forces it, None finds it."""
    passage = Passage(read_prose(source), language, forced=language is not None)
    part = Part(passage, file, 1, tuple(_sections(passage)))
    found = findings_of(
        (part,),
        frozenset(),
        lambda part, terms, more: _findings(part, (*part.passage.marks(terms, watch), *more)),
    )
    return Wording(file, passage.spoken, _sentences((part,)), found, not watch.stopped)


def _sentences(parts: Sequence[Part]) -> int:
    return sum(s.last > s.first for part in parts for s in part.passage.tokens.sentences)


def _sections(passage: Passage) -> Iterator[tuple[int, Where]]:
    """The sections of a prose, each named after its heading; the second of a name has a number."""
    yield 0, Where("text", None, "")
    names: dict[str, int] = {}
    for piece in passage.prose.pieces:
        if piece.kind == "heading":
            slug = _slug(passage.prose.words(piece.start, piece.end)) or "section"
            names[slug] = names.get(slug, 0) + 1
            again = f"-{names[slug]}" if names[slug] > 1 else ""
            yield piece.start, Where(f"{slug}{again}", None, "")


def findings_of(
    parts: Sequence[Part],
    numbers: frozenset[str],
    of_part: Callable[[Part, Tree[str], Sequence[Mark]], Iterable[Finding]],
) -> tuple[Finding, ...]:
    """The findings of all parts of one text, which define and refer to each other's; `numbers` are its clauses'.

    `of_part` gives those of one part, from the terms that the text defines and the marks that other parts put on it.
    """
    passages = [part.passage for part in parts]
    definitions = definitions_of(passages)
    places = [parts[d.passage].at(d.start) for d in definitions]
    defined = defined_tree(definitions)
    numbers = numbers.union(*(numbers_of(passage) for passage in passages))
    on_terms: list[list[Mark]] = [[] for _ in parts]
    for number, mark in term_marks(passages, definitions, places):
        on_terms[number].append(mark)
    return tuple(
        finding
        for part, more in zip(parts, on_terms, strict=True)
        for finding in of_part(part, defined, (*more, *dangling(part.passage, numbers)))
    )


def _base(clause: Clause) -> Polarity | None:
    """What a clause's rules make of a sentence that says neither."""
    effects = {rule.effect for rule in clause.rules}
    return {
        frozenset({"forbid"}): Polarity.BAN,
        frozenset({"permit"}): Polarity.PERMISSION,
    }.get(frozenset(effects))


def _shown(part: Part, mark: Mark) -> tuple[str, str] | None:
    """The test that stands for a mark's words, where a loophole shows what it lets through."""
    if mark.category not in _ENCODABLE or not part.shown:
        return None
    for link in part.passage.prose.links:
        axis, _, category = link.target.removeprefix("#").partition(".")
        if link.start < mark.end and mark.start < link.end and (axis, category) in part.shown:
            return axis, category
    return None


def _findings(part: Part, marks: Iterable[Mark]) -> Iterator[Finding]:
    """One finding a category and words; of several places the first of the gravest."""
    kept: dict[str, Finding] = {}
    for mark in sorted(marks, key=lambda m: m.start):
        finding = _finding(part, mark)
        before = kept.get(finding.id)
        if before is None or gravity(finding) < gravity(before):
            kept[finding.id] = finding
    yield from kept.values()


def gravity(finding: Finding) -> int:
    """0 for an error, 1 for a warning, 2 for a note."""
    return [*Severity].index(finding.severity)


def _finding(part: Part, mark: Mark) -> Finding:
    where = part.where(mark.start)
    words = part.passage.prose.words(mark.start, mark.end)
    values = {name: quoted(value) if name == "other" else value for name, value in mark.values}
    what = say(f"wording.{mark.category}", lang=None, **values)
    grave = Severity.NOTE if _slight(mark, words) else severity(mark.effect, mark.polarity)
    shown = _shown(part, mark)
    if shown and not mark.clarified:
        grave = Severity.NOTE
        axis, category = shown
        message = say("wording.encoded", what=what, axis=axis, category=category)
    elif mark.clarified and grave is Severity.ERROR:
        message = say("wording.clarified", what=what)
    elif why := _why(mark.effect, mark.polarity):
        message = say("wording.why", what=what, why=say(f"wording.{why}", lang=None))
    else:
        message = what
    return KINDS[mark.category].found(
        f"{where.name}:{_slug(words)}",
        message,
        title=f"{where.label} {quoted(words)}".lstrip(),
        clause=where.clause,
        at=part.at(mark.start),
        words=(words,),
        severity=grave,
    )


def _slight(mark: Mark, words: str) -> bool:
    """What hurts nobody by itself: a term that nothing uses; one word in lower case, which may be another sense."""
    single = mark.category is Category.DRIFTING and len(words.split()) == 1
    return single or mark.category is Category.UNUSED


def _slug(words: str) -> str:
    """Words as a part of an id: `except as permitted by law` is `except-as-permitted-by-law`."""
    return "-".join(split_words(words))[:_SLUG].strip("-")


def _why(effect: Effect, polarity: Polarity) -> str | None:
    """The key of what an effect does to a statement; None where no direction is known."""
    if effect is Effect.OPEN or polarity is Polarity.NEITHER:
        return None
    return f"{effect}-{polarity}"
