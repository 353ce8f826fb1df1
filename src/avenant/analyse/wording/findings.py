"""Marks -> findings: one a (clause, category, words), with the words, the line, and why they matter there.

In a dossier a word that links to a category which its clause tests is *encoded*: what it lets through is proved, and
shown as a loophole with a witness. Its wording finding stays, tied to the same word, as a note: a reader of the prose
alone still wants to know, and the error is counted once. Not so in a sentence that says that it clarifies ("for the
avoidance of doubt …"): there the word narrows what was already said, and that is the finding.

A law without a version stays a warning though its words are encoded: no test says which version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from avenant.agreement.types import Clause, InForce
from avenant.analyse.types import Finding, Severity
from avenant.analyse.wording.passages import Passage
from avenant.analyse.wording.phrases import Tree
from avenant.analyse.wording.prose import Prose, read_prose
from avenant.analyse.wording.tokens import split_words
from avenant.analyse.wording.types import Category, Effect, Mark, Polarity, severity
from avenant.messages import quoted, say

_SLUG = 60  # characters of a finding's words in its id
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


@dataclass(frozen=True, slots=True)
class Where:
    """What findings are named after: a clause, or a section of a text without clauses."""

    name: str  # in ids: "surveillance", "prohibited-uses"
    clause: str | None
    label: str  # "§8", or empty
    file: str
    line: int  # of the prose's first line


def of_text(text: InForce) -> tuple[Finding, ...]:
    """The wording findings of a text in force, clause by clause; our notes and fenced blocks are not its words."""
    passages = [
        (clause, Passage(read_prose(clause.source), text.language, base=_base(clause)))
        for clause in text.clauses
    ]
    defined: Tree[str] = Tree([])
    found: list[Finding] = []
    for clause, passage in passages:
        label = clause.label.split()[0]
        where = Where(clause.id, clause.id, label, clause.at.file, clause.at.line)
        tested = {(test.axis, test.category) for rule in clause.rules for test in rule.tests()}
        marks = ((mark, _encoded(passage.prose, mark, tested)) for mark in passage.marks(defined))
        found += _findings(passage.prose, marks, where)
    return tuple(found)


def _base(clause: Clause) -> Polarity | None:
    """What a clause's rules make of a sentence that says neither."""
    effects = {rule.effect for rule in clause.rules}
    return {
        frozenset({"forbid"}): Polarity.BAN,
        frozenset({"permit"}): Polarity.PERMISSION,
    }.get(frozenset(effects))


def _encoded(prose: Prose, mark: Mark, tested: set[tuple[str, str]]) -> tuple[str, str] | None:
    """The test that stands for a mark's words: that of a link which they share words with."""
    if mark.category not in _ENCODABLE:
        return None
    for link in prose.links:
        axis, _, category = link.target.removeprefix("#").partition(".")
        if link.start < mark.end and mark.start < link.end and (axis, category) in tested:
            return axis, category
    return None


def _findings(
    prose: Prose, marks: Iterable[tuple[Mark, tuple[str, str] | None]], where: Where
) -> Iterator[Finding]:
    """One finding a category and words; of several places the first of the gravest."""
    kept: dict[str, Finding] = {}
    for mark, encoded in marks:
        finding = _finding(prose, mark, encoded, where)
        before = kept.get(finding.id)
        if before is None or gravity(finding) < gravity(before):
            kept[finding.id] = finding
    yield from kept.values()


def gravity(finding: Finding) -> int:
    """0 for an error, 1 for a warning, 2 for a note."""
    return [*Severity].index(finding.severity)


def _finding(prose: Prose, mark: Mark, encoded: tuple[str, str] | None, where: Where) -> Finding:
    words = prose.words(mark.start, mark.end)
    slug = "-".join(split_words(words))[:_SLUG]
    what = say(f"wording.{mark.category}", lang=None)
    grave = severity(mark.effect, mark.polarity)
    if encoded and not mark.clarified:
        grave = Severity.NOTE
        axis, category = encoded
        message = say("wording.encoded", what=what, axis=axis, category=category)
    elif mark.clarified and grave is Severity.ERROR:
        message = say("wording.clarified", what=what)
    elif why := _why(mark.effect, mark.polarity):
        message = say("wording.why", what=what, why=say(f"wording.{why}", lang=None))
    else:
        message = what
    shown = quoted(words)
    return Finding(
        f"wording-{mark.category}",
        f"wording-{mark.category}:{where.name}:{slug}",
        grave,
        where.clause,
        f"{where.file}:{where.line + prose.line(mark.start) - 1}",
        (words,),
        f"{where.label} {shown}" if where.label else shown,
        message,
    )


def _why(effect: Effect, polarity: Polarity) -> str | None:
    """The key of what an effect does to a statement; None where no direction is known."""
    if effect is Effect.OPEN or polarity is Polarity.NEITHER:
        return None
    return f"{effect}-{polarity}"
