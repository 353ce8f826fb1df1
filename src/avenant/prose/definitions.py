"""The terms that a text defines, and what becomes of them.

Defined: `"Service" means …`, `(the "Service")`, « Service » désigne …, « on entend par "Service" … », and in a
section of definitions `**Service**: …`, `Service means …`, `Service : …`.

- *redefined*: a second definition of the same words;
- *unused*: nothing but its definition says it;
- *drifting*: what is written with capitals here is written without them there: one thing or two? Said once a text.
- *undefined*: in a text that defines terms, capitals on one that it does not define, used more than once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from avenant.languages import LANGUAGES
from avenant.languages.patterns import any_pattern, any_word
from avenant.prose.passages import Passage
from avenant.prose.phrases import Tree
from avenant.prose.prose import GONE, Piece
from avenant.prose.read import lexicon
from avenant.prose.tokens import split_words
from avenant.prose.types import Category, Effect, Mark, Polarity

_QUOTED = re.compile(r"[\"“«„]\s*(?P<term>[^\"“”«»„\n]{2,60}?)\s*[\"”»]")
_RUN = 4  # tokens of a capitalised term
_TWICE = 2


class Definition(Struct, frozen=True):
    """A term where it is defined, `[start, end)` of passage number `passage`; `key` are its tokens."""

    term: str
    key: tuple[str, ...]
    passage: int
    start: int
    end: int


class _Run(Struct, frozen=True):
    """Capitalised words behind a determiner: tokens `[first, last)` of a passage."""

    passage: int
    first: int
    last: int
    form: str
    key: tuple[str, ...]


class _Patterns(Struct, frozen=True):
    """How a term is defined: what stands behind it, an aside that names it, and a piece that begins with it."""

    behind: re.Pattern[str]
    aside: re.Pattern[str]
    plain: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Return the patterns, with the words of all languages."""
    means = "|".join(
        re.escape(phrase).replace("'", "['’]")
        for name in LANGUAGES
        for phrase in lexicon(name).means
    )
    return _Patterns(
        re.compile(rf"[\s{GONE}]*(?:,[^,.\"]{{0,40}},)?\s*(?:(?:{means})\b|:)", re.IGNORECASE),
        any_pattern(
            "aside",
            r"\((?:(?:{})[\s,]*){0,5}[\"“«]\s*(?P<term>[^\"“”«»\n]{2,60}?)\s*[\"”»][^()]{0,20}\)",
        ),
        re.compile(
            rf"[\s{GONE}]*(?P<term>[A-ZÀ-Þ][^:.;,\n{GONE}]{{1,50}}?)[\s{GONE}]*"
            rf"(?:\b(?:{means})\b|:[\s{GONE}])"
        ),
    )


def definitions_of(passages: Sequence[Passage]) -> tuple[Definition, ...]:
    """All definitions of a text, in order; the same words may be defined more than once."""
    found: dict[tuple[int, int], Definition] = {}
    for number, passage in enumerate(passages):
        for start, end in _spans(passage):
            term = passage.prose.words(start, end)
            if key := split_words(term):
                found.setdefault((number, start), Definition(term, key, number, start, end))
    return tuple(found[place] for place in sorted(found))


def defined_tree(definitions: Sequence[Definition]) -> Tree[str]:
    """The defined terms as phrases, in the singular and the plural in -s."""
    return _tree(tuple((d.key, d.term) for d in definitions))


@lru_cache(maxsize=8)
def _tree(terms: tuple[tuple[tuple[str, ...], str], ...]) -> Tree[str]:
    return Tree(
        (form, term) for key, term in terms for form in (" ".join(key), f"{' '.join(key)}s")
    )


def term_marks(
    passages: Sequence[Passage], definitions: Sequence[Definition], places: Sequence[str]
) -> Iterator[tuple[int, Mark]]:
    """The marks on terms, each with the number of its passage; `places` are the definitions' own, to be said."""
    uses = _uses(passages, definitions)
    first: dict[tuple[str, ...], str] = {}
    for definition, place in zip(definitions, places, strict=True):
        if definition.key in first:
            values = (("at", first[definition.key]),)
            yield definition.passage, _mark(Category.REDEFINED, definition, values)
            continue
        first[definition.key] = place
        if not uses.get(definition.key):
            yield definition.passage, _mark(Category.UNUSED, definition)
    runs = list(_runs(passages))
    yield from _drifting(passages, definitions, runs)
    if definitions:
        yield from _undefined(passages, definitions, runs)


def _mark(category: Category, d: Definition, values: tuple[tuple[str, str], ...] = ()) -> Mark:
    return Mark(category, d.start, d.end, Effect.OPEN, Polarity.NEITHER, values=values)


def _spans(passage: Passage) -> Iterator[tuple[int, int]]:
    prose = passage.prose
    plain = prose.plain
    for quoted in _QUOTED.finditer(plain):
        before = plain[max(0, quoted.start() - 24) : quoted.start()]
        told = _patterns().behind.match(plain, quoted.end()) and not _asks(before)
        if told or any_pattern("before-a-term", r"(?:{})$").search(before):
            yield quoted.span("term")
    for aside in _patterns().aside.finditer(plain):
        yield aside.span("term")
    for piece in prose.pieces:
        if piece.kind == "heading" or not _defines(passage, piece):
            continue
        if begun := _patterns().plain.match(plain, piece.start, piece.end):
            yield begun.span("term")


def _asks(before: str) -> bool:
    """`what "mass" means` defines nothing."""
    words = split_words(before)
    return bool(words) and words[-1] in any_word("asking")


def _defines(passage: Passage, piece: Piece) -> bool:
    """Whether a piece stands in a section of definitions."""
    if piece.section is None:
        return False
    heading = passage.prose.pieces[piece.section]
    return bool(
        any_pattern("definitions-section").search(passage.prose.words(heading.start, heading.end))
    )


def _uses(
    passages: Sequence[Passage], definitions: Sequence[Definition]
) -> Mapping[tuple[str, ...], int]:
    """How often each defined term is said outside its definitions."""
    tree = defined_tree(definitions)
    keys = {d.term: d.key for d in definitions}
    places = {(d.passage, d.start) for d in definitions}
    counts: dict[tuple[str, ...], int] = {}
    for number, passage in enumerate(passages):
        tokens = passage.tokens
        for first, _, term in tree.found(tokens.words, 0, len(tokens.words)):
            if (number, tokens.starts[first]) not in places:
                counts[keys[term]] = counts.get(keys[term], 0) + 1
    return counts


def _runs(passages: Sequence[Passage]) -> Iterator[_Run]:
    """Capitalised words behind a determiner, in prose that is no heading."""
    for number, passage in enumerate(passages):
        tokens, plain = passage.tokens, passage.prose.plain
        for sentence in tokens.sentences:
            if passage.prose.pieces[sentence.piece].kind == "heading":
                continue
            i = sentence.first + 1
            while i < sentence.last:
                if not plain[tokens.starts[i]].isupper() or tokens.words[i - 1] not in any_word(
                    "determiners"
                ):
                    i += 1
                    continue
                last = i + 1
                while (
                    last < sentence.last
                    and plain[tokens.starts[last]].isupper()
                    and _near(plain, tokens.ends[last - 1], tokens.starts[last])
                ):
                    last += 1
                if last - i <= _RUN and not _adjoins_joint(passage, sentence.last, last):
                    form = passage.prose.words(tokens.starts[i], tokens.ends[last - 1])
                    if not form.isupper():
                        yield _Run(number, i, last, form, tokens.words[i:last])
                i = last


def _near(plain: str, end: int, start: int) -> bool:
    return not plain[end:start].strip(f" \n\t-{GONE}")


def _adjoins_joint(passage: Passage, end: int, last: int) -> bool:
    """`the Department of War`: a proper name, not a term."""
    tokens = passage.tokens
    return (
        last + 1 < end
        and tokens.words[last] in ("of", "for", "de", "du", "des")
        and passage.prose.plain[tokens.starts[last + 1]].isupper()
    )


def _drifting(
    passages: Sequence[Passage], definitions: Sequence[Definition], runs: Sequence[_Run]
) -> Iterator[tuple[int, Mark]]:
    """What is written `AI System` here and `AI system` there: where it stands first, once a text."""
    named = {run.key: run.form for run in reversed(runs) if len(run.key) > 1}
    named |= {d.key: d.term for d in definitions if d.term[:1].isupper()}
    named = {key: form for key, form in named.items() if not _is_law(key)}
    tree = Tree((" ".join(key), form) for key, form in named.items())
    told: set[str] = set()
    for number, passage in enumerate(passages):
        tokens, plain = passage.tokens, passage.prose.plain
        for sentence in tokens.sentences:
            if passage.prose.pieces[sentence.piece].kind == "heading":
                continue
            for first, last, form in tree.found(tokens.words, sentence.first + 1, sentence.last):
                start, end = tokens.starts[first], tokens.ends[last - 1]
                written = passage.prose.words(start, end)
                lower = any(plain[tokens.starts[i]].islower() for i in range(first, last))
                one = form.lower().removesuffix("s")  # a term and its plural are one
                if (
                    one in told
                    or not lower
                    or tokens.words[first - 1] not in any_word("determiners")
                ):
                    continue
                if written != form:
                    told.add(one)
                    values = (("other", form),)
                    mark = Mark(Category.DRIFTING, start, end, Effect.OPEN, Polarity.NEITHER)
                    yield number, replace(mark, values=values)


def _undefined(
    passages: Sequence[Passage], definitions: Sequence[Definition], runs: Sequence[_Run]
) -> Iterator[tuple[int, Mark]]:
    defined = {d.key for d in definitions}
    known = frozenset().union(*(lexicon(name).known for name in LANGUAGES))
    counts: dict[tuple[str, ...], int] = {}
    for run in runs:
        counts[run.key] = counts.get(run.key, 0) + 1
    for run in {run.key: run for run in reversed(runs)}.values():  # each where it stands first
        singular = (*run.key[:-1], run.key[-1].removesuffix("s"))
        if (
            counts[run.key] < _TWICE
            or {run.key, singular} & defined
            or any(set(key) <= set(run.key) for key in defined)
            or known & {*run.key, singular[-1]}
            or _is_law(run.key)
        ):
            continue
        tokens = passages[run.passage].tokens
        start, end = tokens.starts[run.first], tokens.ends[run.last - 1]
        yield run.passage, Mark(Category.UNDEFINED, start, end, Effect.OPEN, Polarity.NEITHER)


def _is_law(key: tuple[str, ...]) -> bool:
    return any(word in lexicon(name).law.heads for name in LANGUAGES for word in key)
