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
from avenant.analyse.checks.conditions import widest
from avenant.analyse.checks.structure import binding
from avenant.analyse.finding import about
from avenant.findings.types import Box, Finding, Severity
from avenant.messages import quoted
from avenant.region import Budget, union
from avenant.rules.lower import lower
from avenant.rules.types import And, Condition, In, Rule, tests
from avenant.source.sentences import split_sentences

_FLAGS = re.IGNORECASE
_OVER = {
    "en": re.compile(
        r"\b(?:notwithstanding|despite|in spite of|regardless of|irrespective of|as an exception to"
        r"|by (?:way of )?(?:exception|derogation) (?:to|from)|in derogation (?:of|from)|prevails? over"
        r"|takes? precedence over|ranks? above|overrid(?:e|es|ing)|sets? aside|nothing in)\b",
        _FLAGS,
    ),
    "fr": re.compile(
        r"\b(?:nonobstant|malgré|en dépit d|par (?:dérogation|exception) (?:à|aux?)\b|sans égard (?:à|aux?)\b"
        r"|prévau(?:t|dra|dront) sur|prévalent sur|l['’]emporte(?:nt)? sur|prime(?:nt)? (?:sur)?"
        r"|déroge(?:nt)? (?:à|aux?)\b|rien dans|échappe(?:nt)? (?:à|aux?)\b)",
        _FLAGS,
    ),
}
# The other clause is the subject: `section 2 does not apply`, « l'article 2 ne fait pas obstacle ».
_DISAPPLIED = {
    "en": re.compile(
        r"\b(?:does|do|shall|will) not (?:apply|prevent|prohibit|forbid|preclude|bar|restrict|affect)\b",
        _FLAGS,
    ),
    "fr": re.compile(
        r"\bne (?:s['’]applique(?:nt)? pas|(?:fait|font) pas obstacle|vise(?:nt)? pas)\b"
        r"|\bn['’](?:interdi(?:t|sent)|empêche(?:nt)?) pas\b",
        _FLAGS,
    ),
}
# Not so in `whatever the sections below do not forbid`.
_RELATIVE = re.compile(
    r"\b(?:what|whatever|that|which|if|where|unless|as|extent|insofar|que|qui|si|lorsque|dont|mesure|autant)\b|\bqu['’]",
    _FLAGS,
)
_UNDER = {
    "en": re.compile(
        r"\b(?:subject to|(?:except|save|other than) as (?:otherwise )?"
        r"(?:provided|permitted|set out|allowed|stated|authori[sz]ed) (?:in|by|under)"
        r"|unless (?:it is )?(?:permitted|allowed|authori[sz]ed) (?:in|by|under))\b",
        _FLAGS,
    ),
    "fr": re.compile(
        r"\b(?:sous réserve d|sauf (?:dans les cas|ce qui est|ce que) (?:prévus?|permis|permet|autorisés?)"
        r"|à moins que|sauf si l['’])",
        _FLAGS,
    ),
}
_ONLY = {
    "en": re.compile(r"\b(?:only|solely|exclusively)\b(?! (?:a|an|the)\b)", _FLAGS),
    "fr": re.compile(
        r"\b(?:uniquement|seulement|exclusivement)\b|\bà la seule condition\b"
        r"|(?<=\bne peut )[^.;]*?\bqu(?=e\b|['’])|(?<=\bne peuvent )[^.;]*?\bqu(?=e\b|['’])",
        _FLAGS,
    ),
}
_MAY = {
    "en": re.compile(r"\b(?:may|can|(?:is|are) (?:allowed|permitted|authori[sz]ed))\b", _FLAGS),
    "fr": re.compile(r"\b(?:peut|peuvent|(?:est|sont) (?:autorisé|permis)\w*)\b", _FLAGS),
}
_NUMBERS = re.compile(
    r"(?:§+\s*|\b(?:sections?|clauses?|articles?|paragraph(?:e?s?)|points?)\s+)"
    r"(\d\w*(?:\.\w+)*(?:\([a-z0-9]+\))*(?:\s*(?:,|and|or|to|et|ou|à)\s*(?:§+\s*)?\d\w*(?:\.\w+)*)*)",
    _FLAGS,
)
# `section 2 of the Privacy Act`, « l'article 2 de la loi »: another text's, unless it is this agreement's.
_ELSEWHERE = re.compile(
    r"^[)\s]*(?:of (?!this\b|these\b|the (?:present |same )?(?:agreement|policy|terms|text|contract)\b)"
    r"|(?:de |du |des )(?!la présente|l['’]accord|présent|ce\b|cette\b|cet\b))",
    _FLAGS,
)
_OTHERS = re.compile(
    r"\b(?:any(?:thing)?|all|every) (?:other |contrary )?(?:provisions?|sections?|clauses?|terms?|rules?)\b"
    r"(?! of (?:law|applicable))|\banything (?:to the contrary|else)\b|\banything in (?:this|these|the)\b"
    r"|\btoutes? (?:autres? )?(?:clauses?|dispositions?|stipulations?|règles?)\b(?! (?:légale|de la loi))"
    r"|\bles autres (?:clauses|dispositions|stipulations|articles)\b",
    _FLAGS,
)
_ABOVE = re.compile(
    r"\b(?:the (?:above|foregoing|preceding)|what precedes|ce qui précède|ci-dessus)\b", _FLAGS
)
_REACH = 90  # characters between a marker and the clause that it names


class _Claim(Struct, frozen=True):
    """A sentence that ranks its clause: the words, the clauses meant, and whether it yields to them."""

    sentence: str
    words: str
    others: tuple[Clause, ...]
    yields: bool


def claimed_precedence(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Clauses whose prose ranks them above a prohibition, or below a permission. Raises region.Exhausted."""
    for clause in binding(text.text):
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
                    "claimed-precedence",
                    f"{clause.id}+{other.id}",
                    clause,
                    Severity.ERROR,
                    words=[claim.words],
                    box=box,
                    said=quoted(claim.words),
                    over=refusing,
                    sentence=box.sentence,
                )


def claimed_limits(text: CompiledText, budget: Budget) -> Iterator[Finding]:
    """Permissions that are said to hold only on a condition, where others permit the rest. Raises region.Exhausted."""
    for clause in binding(text.text):
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
                "claimed-limit",
                clause.id,
                clause,
                Severity.ERROR,
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
    if text.language not in _OVER:
        return
    for sentence in _sentences(clause, text):
        for pattern, yields in ((_OVER, False), (_UNDER, True)):
            for match in pattern[text.language].finditer(sentence):
                behind = sentence[match.end() : match.end() + _REACH]
                others, words = _meant(behind, clause, text)
                if others:
                    yield _Claim(sentence, f"{match[0]}{words}".strip(), others, yields)
        for match in _DISAPPLIED[text.language].finditer(sentence):
            before = sentence[max(0, match.start() - _REACH) : match.start()]
            others, _ = _meant(before, clause, text)
            if others and not _RELATIVE.search(before):
                yield _Claim(sentence, match[0], others, False)


def _meant(words: str, clause: Clause, text: InForce) -> tuple[tuple[Clause, ...], str]:
    """The clauses that the first reference in some words is to, and the words up to its end."""
    others = tuple(c for c in binding(text) if c.id != clause.id)
    for match in _NUMBERS.finditer(words):
        if _ELSEWHERE.match(words[match.end() :]):
            continue
        numbers = set(_listed(match[1]))
        found = tuple(c for c in others if c.number in numbers)
        return found, words[: match.end()]
    if general := _OTHERS.search(words):
        return others, words[: general.end()]
    if above := _ABOVE.search(words):
        before = text.clauses[: text.clauses.index(clause)]
        return tuple(c for c in others if c in before), words[: above.end()]
    targets = {r.target for r in clause.references if r.axis is None}
    return tuple(c for c in others if c.id in targets), ""


def _listed(numbers: str) -> Iterator[str]:
    """`2, 3 and 5`, `2 to 4`: each number."""
    parts = re.findall(r"\d[\w.]*|\b(?:to|à)\b", numbers)
    for i, part in enumerate(parts):
        if part in ("to", "à"):
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
    if text.language not in _ONLY or not permits:
        return
    for sentence in _sentences(clause, text):
        match = _ONLY[text.language].search(sentence)
        if match is None or not _MAY[text.language].search(sentence[: match.end()]):
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
