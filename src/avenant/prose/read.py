"""The term lists, read from each language's folder: the one place here that opens files.

A list is data: phrases by category with what they do to what they qualify, and where the warning was published; the
words that make a statement a ban or a permission; how laws, definitions and sections are named in the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import yaml
from msgspec import Struct

from avenant.languages.detect import little
from avenant.languages.read import FOLDER
from avenant.prose.phrases import Tree
from avenant.prose.types import Category, Effect, Operator

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Term(Struct, frozen=True):
    """What a phrase is: its category, what it does, the key of its source, and what it takes in before it.

    `followed`: the words one of which must stand behind it, if any: "material breach", and not "any material".
    `within`: the statements in which it is a term at all; empty for each. "Immediately" is vague in a duty only.
    """

    category: Category
    effect: Effect
    source: str
    before: frozenset[str]
    followed: frozenset[str]
    within: frozenset[str]


class Innocent(Struct, frozen=True):
    """What looks like a term and is none: "child abuse material" is no degree."""


class Passive(Struct, frozen=True):
    """How a passive looks: `be` and a participle, with no `by`. `states` are participles that name no act."""

    auxiliaries: frozenset[str]
    fused: frozenset[str]  # a duty's verb and `be` in one word: « sera »
    possible: frozenset[str]  # verbs that say what can be, and ask nothing of anybody
    agents: frozenset[str]
    ways: frozenset[str]  # what stands behind a `by` that names nobody: default, means
    chances: frozenset[str]  # what "may be" by chance and is nobody's act: biased, harmed
    participles: frozenset[str]
    endings: tuple[str, ...]
    states: frozenset[str]


class Law(Struct, frozen=True):
    """How laws are named: `the Privacy Act` in English, « la loi n° 78-17 » in French (`leading`)."""

    heads: frozenset[str]
    leading: bool
    numbered: frozenset[str]
    generic: frozenset[str]  # words before a head that name no law: "any applicable Law"
    joins: frozenset[str]
    others: frozenset[str]  # what follows the word and makes another thing of it: "law enforcement"
    dating: frozenset[str]  # before the year or the day that belongs to a name
    ordinals: frozenset[str]  # days that are not a number: « 1er »
    titled: frozenset[str]  # heads that words name: « code »
    alone: frozenset[str]  # heads that name one law without any word
    whole: frozenset[str]  # a head and an adjective: « code civil »
    acronyms: frozenset[str]
    dated: Tree[bool]


class Clauses(Struct, frozen=True):
    """Where in a sentence another clause begins, whose verb is not the statement's."""

    lacking: frozenset[str]  # `without`
    doing: tuple[str, ...]  # endings of a verb behind it: it asks for an act
    opening: frozenset[str]  # `if`, at the head of a sentence
    inner: frozenset[str]  # `if`, `which`, further on
    but: frozenset[str]  # what parts two statements


class Lexicon(Struct, frozen=True, dict=True):
    """All that the analysis knows of a language; the trees of phrases are made when first asked for."""

    language: str
    listed: Mapping[str, Any]
    passive: Passive
    verbs: frozenset[str]  # acts that want a time: to notify, to delete
    bounds: frozenset[str]  # words that give one
    law: Law
    means: tuple[str, ...]
    known: frozenset[str]  # capitalised words that need no definition
    sections: frozenset[str]
    clauses: Clauses
    stopwords: frozenset[str]

    @cached_property
    def terms(self) -> Tree[Term | Innocent]:
        """The terms, as one tree, and what looks like one and is none."""
        innocent = ((phrase, Innocent()) for phrase in self.listed["nothing"])
        return Tree((*innocent, *_terms(self.listed)))

    @cached_property
    def operators(self) -> Tree[Operator]:
        """What makes a ban, a permission, a duty, an exception."""
        operators = self.listed["operators"]
        return Tree((p, Operator(kind)) for kind, phrases in operators.items() for p in phrases)


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language."""
    read = listed(language)
    passive, time, law = read["passive"], read["time"], read["law"]
    return Lexicon(
        language,
        read,
        Passive(
            frozenset(passive["auxiliaries"]),
            frozenset(passive["fused"]),
            frozenset(passive["possible"]),
            frozenset(passive["agents"]),
            frozenset(passive["ways"]),
            frozenset(passive["chances"]),
            frozenset(passive["participles"]),
            tuple(passive["endings"]),
            frozenset(passive["states"]),
        ),
        frozenset(time["verbs"]),
        frozenset(time["bounds"]),
        Law(
            frozenset(law["heads"]),
            law["leading"],
            frozenset(law["numbered"]),
            frozenset(law["generic"]),
            frozenset(law["joins"]),
            frozenset(law["others"]),
            frozenset(law["dating"]),
            frozenset(law["ordinals"]),
            frozenset(law["titled"]),
            frozenset(law["alone"]),
            frozenset(law["whole"]),
            frozenset(law["acronyms"]),
            Tree((phrase, True) for phrase in law["dated"]),
        ),
        tuple(read["definitions"]["means"]),
        frozenset(read["definitions"]["known"]),
        frozenset(read["sections"]),
        Clauses(
            frozenset(read["clauses"]["lacking"]),
            tuple(read["clauses"]["doing"]),
            frozenset(read["clauses"]["opening"]),
            frozenset(read["clauses"]["inner"]),
            frozenset(read["clauses"]["but"]),
        ),
        little(language).all,
    )


def listed(language: str) -> Mapping[str, Any]:
    """The list of a language as written, sources included."""
    text = (FOLDER / language / "lexicon" / "terms.yaml").read_text("utf-8")
    read: Mapping[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader, in C where there is one
    return read


def _terms(read: Mapping[str, Any]) -> Iterator[tuple[str, Term]]:
    for group in read["terms"]:
        term = Term(
            Category(group["category"]),
            Effect(group["effect"]),
            group["source"],
            frozenset(group.get("before", ())),
            frozenset(group.get("followed", ())),
            frozenset(group.get("within", ())),
        )
        for phrase in group["phrases"]:
            yield phrase, term
