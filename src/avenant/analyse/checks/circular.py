"""Definitions and conditions that go in a circle, so that what they decide cannot be decided.

A text is read as arrows from what needs deciding to what decides it:

| from | to |
|---|---|
| a clause that binds | each category that its rules test |
| a category | each clause that its definition cites, by number: `section 2`, `§2`, `l'article 2` |
| a category | what defines it in a definitions clause: `[X](#a.x) means [Y](#a.y) as [section 2](#c) says` |
| a term, `"X" means …` | each defined term that stands in the rest of the sentence |
| a clause of prose alone | each clause of prose alone that it links to: it says no more than they do |

A way back to where it began is *circular*: a permission for what the same permission permits; two terms, each defined
by the other; two sections that say "as the other provides". A clause that binds and links to another is no arrow: its
rule decides.

    The town may use it for [approved](#purpose.approved) purposes.      # definition: "what section 2 permits"
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from avenant.agreement.types import Clause, InForce
from avenant.analyse.check import Check
from avenant.analyse.finding import about
from avenant.errors import Span
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Finding, Severity
from avenant.languages.patterns import any_pattern, any_word
from avenant.prose.definitions import defined_tree, definitions_of
from avenant.prose.passages import Passage
from avenant.prose.prose import read_prose
from avenant.prose.tokens import split_words
from avenant.source.sentences import split_sentences

CIRCULAR = Kind("circular", Severity.ERROR, Group.STRUCTURE)

_CITED = re.compile(
    r"(?:§|\b(?:sections?|clauses?|articles?))\s*(\d+[a-z]?(?:\.\d+)*)", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]]*)\]\(#([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?\)")


def _means(sentence: str) -> bool:
    """Whether a sentence says what something is."""
    return any_pattern("means", r"\b(?:{})\b").search(sentence) is not None


_Node = tuple[str, str]  # ("clause", id), ("category", "axis.id") or ("term", words in lower case)


@dataclass(slots=True)
class _Graph:
    """Arrows in the order of the text; each node with its name, and the clause in which it stands."""

    arrows: dict[_Node, list[_Node]] = field(default_factory=dict)
    names: dict[_Node, str] = field(default_factory=dict)
    at: dict[_Node, Clause] = field(default_factory=dict)

    def add(self, node: _Node, to: _Node) -> None:
        there = self.arrows.setdefault(node, [])
        if to not in there:
            there.append(to)

    def circle(self, start: _Node) -> tuple[_Node, ...] | None:
        """The shortest way from a node back to itself, beginning with it."""
        ways: dict[_Node, tuple[_Node, ...]] = {start: (start,)}
        reached = [start]
        for node in reached:
            for to in self.arrows.get(node, ()):
                if to == start:
                    return ways[node]
                if to not in ways:
                    ways[to] = (*ways[node], to)
                    reached.append(to)
        return None


def circles(text: InForce) -> Iterator[Finding]:
    """One finding for each circle, from where it begins in the text; what stands in one is not told again."""
    graph = _graph(text)
    told: set[_Node] = set()
    # A circle is told from its first clause, if it has one.
    for node in sorted(graph.arrows, key=lambda n: n[0] != "clause"):
        circle = graph.circle(node) if node not in told else None
        if circle is None or told & set(circle):
            continue
        told |= set(circle)
        clause = next(graph.at[n] for n in circle if n in graph.at)
        names = [graph.names[n] for n in (*circle, node)]
        yield about(
            CIRCULAR,
            "+".join(id.replace(" ", "-") for _, id in circle),
            clause,
            words=_words(circle, text),
            circle=" → ".join(names),
        )


def _graph(text: InForce) -> _Graph:
    graph = _Graph()
    numbers = {c.number: c for c in text.clauses if c.number}
    by_id = {c.id: c for c in text.clauses}
    for category in text.vocabulary.categories:
        node = ("category", f"{category.axis}.{category.id}")
        graph.names[node] = f"{category.axis}={category.id}"
        words = " ".join(category.definition.values())
        for cited in _CITED.findall(words):
            # What the core vocabulary says of a section is not said of this text's.
            if cited in numbers and category.at is not None and _own(category.at, text):
                graph.add(node, ("clause", numbers[cited].id))
    for clause in text.clauses:
        here: _Node = ("clause", clause.id)
        graph.names[here], graph.at[here] = clause.label, clause
        for rule in clause.rules:
            for test in rule.tests():
                graph.add(here, ("category", f"{test.axis}.{test.category}"))
        if clause.kind == "declaratory":
            for reference in clause.references:
                other = by_id.get(reference.target) if reference.axis is None else None
                if other is not None and other.kind == "declaratory":
                    graph.add(here, ("clause", other.id))
        if clause.kind == "definitions":
            _defined(clause, by_id, graph)
    _terms(text, graph)
    return graph


def _own(at: Span, text: InForce) -> bool:
    return any(at.file == clause.at.file for clause in text.clauses)


def _defined(clause: Clause, by_id: Mapping[str, Clause], graph: _Graph) -> None:
    """Sentences of a definitions clause: the first category linked is what the rest defines."""
    for sentence in split_sentences(_without_blocks(clause.source)):
        if not _means(sentence):
            continue
        links = [(axis, category) for _, axis, category in _LINK.findall(sentence)]
        defined = next((f"{axis}.{category}" for axis, category in links if category), None)
        if defined is None:
            continue
        node: _Node = ("category", defined)
        graph.at.setdefault(node, clause)
        for axis, category in links[1:]:
            if category:
                graph.add(node, ("category", f"{axis}.{category}"))
            elif axis in by_id:
                graph.add(node, ("clause", axis))


def _terms(text: InForce, graph: _Graph) -> None:
    """Each term that the prose defines, with the terms in the rest of the sentence that defines it."""
    clauses = [c for c in text.clauses if any(_means(p) for p in c.prose.values())]
    passages = [Passage(read_prose(clause.source), text.language) for clause in clauses]
    definitions = definitions_of(passages)
    terms = defined_tree(definitions)
    for d, following in zip_longest(definitions, definitions[1:]):
        node = _term(d.term)
        graph.names[node], clause = f"“{d.term}”", clauses[d.passage]
        graph.at.setdefault(node, clause)
        tokens = passages[d.passage].tokens
        sentence = next(s for s in tokens.sentences if s.start <= d.start < s.end)
        end = following.start if following and following.passage == d.passage else sentence.end
        first = bisect_left(tokens.starts, d.end)
        last = min(sentence.last, bisect_left(tokens.starts, end))
        for at, _, term in terms.found(tokens.words, first, last):
            if tokens.words[at - 1] not in any_word(
                "this"
            ):  # "this Agreement" points, and defines nothing
                graph.add(node, _term(term))


def _term(words: str) -> _Node:
    return "term", " ".join(split_words(words))


def _without_blocks(source: str) -> str:
    return re.sub(r"^(```|~~~).*?^\1", "", source, flags=re.MULTILINE | re.DOTALL)


def _words(circle: Sequence[_Node], text: InForce) -> tuple[str, ...]:
    """The words of the text that stand for the categories in a circle."""
    categories = {id for kind, id in circle if kind == "category"}
    return tuple(
        w.text for c in text.clauses for w in c.words if f"{w.axis}.{w.category}" in categories
    )


CHECK = Check((CIRCULAR,), lambda inquiry, _: circles(inquiry.text.text))
