"""What the prose of a clause claims of its rank, and its rules do not have.

- *claimed precedence*: the prose sets another clause aside, and the rule is a permission: "In spite of section 2, the
  carrier may …". Every prohibition holds whatever a permission says, so the prohibition of section 2 still refuses it,
  unless it has the exception itself. So too for a prohibition that says that it yields: "Subject to section 5, nobody
  may …";
- *claimed limit*: the prose permits something *only* on a condition, and another clause permits it without: a
  permission limits nothing. The limit holds where a prohibition says it too.

    permit … when { Purpose::"research" };      # "Notwithstanding section 2, …": section 2 still forbids it

Each is proved by a box: uses that the prose settles one way and the rules the other. The clause that is meant is named
by its number, by a link, or as all others ("any other provision"); the number of another law's section is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.compiled import CompiledText
from avenant.agreement.types import Clause, InForce
from avenant.analyse.boxes import described, first_box
from avenant.analyse.check import Check
from avenant.analyse.checks.conditions import widest
from avenant.analyse.finding import about
from avenant.analyse.rank_words import RankWords, rank_words
from avenant.findings.kinds import Group, Kind
from avenant.findings.types import Box, Finding, Severity
from avenant.languages import quoted
from avenant.region import Budget, union
from avenant.rules.lower import lower
from avenant.rules.types import And, Condition, In, Rule, tests
from avenant.source.sentences import split_sentences

CLAIMED_PRECEDENCE = Kind("claimed-precedence", Severity.ERROR, Group.STRUCTURE)
CLAIMED_LIMIT = Kind("claimed-limit", Severity.ERROR, Group.STRUCTURE)

_REACH = 90  # characters between a marker and the clause that it names


class _Claim(Struct, frozen=True):
    """A sentence that ranks its clause: the words, the clauses meant, and whether it yields to them."""

    sentence: str
    words: str
    others: tuple[Clause, ...]
    yields: bool


def claimed_precedence(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Clauses whose prose ranks them above a prohibition, or below a permission. Raises region.Exhausted."""
    for clause in text.text.binding:
        known: set[str] = set()
        for claim in _ranks(clause, text.text):
            for other in claim.others:
                permits = _spoken(claim.sentence, other if claim.yields else clause, "permit")
                forbids = _spoken(claim.sentence, clause if claim.yields else other, "forbid")
                box = None if other.id in known else _both(text, permits, forbids, budget)
                if box is None:
                    continue
                known.add(other.id)
                (refusing,) = text.labels(forbids[:1])
                yield about(
                    CLAIMED_PRECEDENCE,
                    f"{clause.id}+{other.id}",
                    clause,
                    words=[claim.words],
                    box=box,
                    said=quoted(claim.words),
                    over=refusing,
                    sentence=box.sentence,
                )


def claimed_limits(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Permissions that are said to hold only on a condition, where others permit the rest. Raises region.Exhausted."""
    for clause in text.text.binding:
        permits, _ = text.by_clause[clause.id]
        found = next(_limits(clause, permits, text.text), None)
        if found is None:
            continue
        words, rule, condition = found
        subject = lower(_without(rule.condition, condition), text.text.vocabulary, rule.at)
        beyond = text.permitted & ~union(text.of(permits))
        box = widest(text, subject, beyond.__and__, (rule.condition,), budget)
        if box is not None:
            yield about(
                CLAIMED_LIMIT,
                clause.id,
                clause,
                words=[words],
                box=box,
                said=quoted(words),
                by=", ".join(box.permitted_by),
                sentence=box.sentence,
            )


def _sentences(clause: Clause, text: InForce) -> Iterator[str]:
    """The sentences of a clause, in the language that binds."""
    prose = clause.prose.get(text.language) or next(iter(clause.prose.values()), "")
    yield from split_sentences(prose, at_colon=False)


def _ranks(clause: Clause, text: InForce) -> Iterator[_Claim]:
    words_of = rank_words(text.language)
    for sentence in _sentences(clause, text):
        for pattern, yields in ((words_of.over, False), (words_of.under, True)):
            for match in pattern.finditer(sentence):
                behind = sentence[match.end() : match.end() + _REACH]
                others, words = _meant(behind, clause, text)
                if others:
                    yield _Claim(sentence, f"{match[0]}{words}".strip(), others, yields)
        for match in words_of.disapplied.finditer(sentence):
            before = sentence[max(0, match.start() - _REACH) : match.start()]
            others, _ = _meant(before, clause, text)
            if others and not words_of.relative.search(before):
                yield _Claim(sentence, match[0], others, False)


def _meant(words: str, clause: Clause, text: InForce) -> tuple[tuple[Clause, ...], str]:
    """The clauses that the first reference in some words is to, and the words up to its end."""
    others = tuple(c for c in text.binding if c.id != clause.id)
    words_of = rank_words(text.language)
    for match in words_of.numbers.finditer(words):
        if words_of.elsewhere.match(words[match.end() :]):
            continue
        numbers = set(_listed(match[1], words_of))
        found = tuple(c for c in others if c.number in numbers)
        return found, words[: match.end()]
    if general := words_of.others.search(words):
        return others, words[: general.end()]
    if above := words_of.above.search(words):
        before = text.clauses[: text.clauses.index(clause)]
        return tuple(c for c in others if c in before), words[: above.end()]
    targets = {r.target for r in clause.references if r.axis is None}
    return tuple(c for c in others if c.id in targets), ""


def _listed(numbers: str, words_of: RankWords) -> Iterator[str]:
    """`2, 3 and 5`, `2 to 4`: each number."""
    parts = re.findall(rf"\d[\w.]*|{words_of.until.pattern}", numbers)
    for i, part in enumerate(parts):
        if words_of.until.fullmatch(part):
            first, last = parts[i - 1], parts[i + 1] if i + 1 < len(parts) else ""
            if first.isdigit() and last.isdigit():
                yield from (str(n) for n in range(int(first), int(last)))
        else:
            yield part.rstrip(".")


def _spoken(sentence: str, clause: Clause, effect: str) -> list[Rule]:
    """The rules of a clause that a sentence speaks of: those with words in it, where any has."""
    rules = [rule for rule in clause.rules if rule.effect == effect]
    named = [r for r in rules if any(w.text in sentence for t in r.tests() for w in t.words)]
    return named or rules


def _both(
    text: CompiledText, permits: Sequence[Rule], forbids: Sequence[Rule], budget: Budget
) -> Box | None:
    """Uses that the permissions speak of and the prohibitions refuse."""
    region = union(text.of(permits)) & union(text.of(forbids))
    vocabulary = text.text.vocabulary
    axes = sorted({vocabulary.position[t.axis] for r in (*permits, *forbids) for t in r.tests()})
    found = first_box(text.index, region, axes, budget) if permits and forbids else None
    if found is None:
        return None
    refusing = text.labels(text.holding(forbids, found.box))
    return replace(described(found, axes, vocabulary), refused_by=refusing)


def _limits(
    clause: Clause, permits: Sequence[Rule], text: InForce
) -> Iterator[tuple[str, Rule, frozenset[In]]]:
    """The permissions that a sentence says to hold only on a condition: its words, the rule, the tests of it."""
    if not permits:
        return
    words_of = rank_words(text.language)
    for sentence in _sentences(clause, text):
        match = words_of.only.search(sentence)
        if match is None or not words_of.may.search(sentence[: match.end()]):
            continue
        for rule in _spoken(sentence, clause, "permit"):
            behind = sentence[match.end() :]
            yield match[0].strip(), rule, _conditions(rule, behind)


def _conditions(rule: Rule, words: str) -> frozenset[In]:
    """The tests that stand for words behind `only`; else those without words; else the last."""
    every = tuple(tests(rule.condition))
    linked = frozenset(t for t in every if any(w.text in words for w in t.words))
    bare = frozenset(t for t in every if not t.words)
    if linked:
        return linked
    return bare if bare and len(bare) < len(every) else frozenset(every[-1:])


def _without(condition: Condition, struck: Collection[In]) -> Condition:
    """A condition without the parts that test what is struck."""
    parts = condition.operands if isinstance(condition, And) else (condition,)
    return And(tuple(p for p in parts if not any(t in struck for t in tests(p))))


CHECKS = (
    Check.on_text(claimed_precedence, CLAIMED_PRECEDENCE),
    Check.on_text(claimed_limits, CLAIMED_LIMIT),
)
