"""Instruments -> the text in force: derived, never edited.

    effects = draft_effects(dossier)                      # or what the signatures give (consent)
    text = in_force(dossier, 1, effects)                  # after instrument 1, at its effect
    text = in_force(dossier, 2, effects, on=instant("2026-05-01"))
    intervals(dossier, 2, effects)                        # between its dates of change
    decides_after(dossier, 1)                             # the digest of what decides on all its dates

The vocabulary is joined from the core and the `vocabulary` blocks of the clauses that stand, in their order; rules are
read against it; admissions in their period become passes of the forbid they name; rules outside their `@from`/`@until`
are left out. Effect (§6 of the semantics): never back in time, and each moment has one text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from avenant.agreement.amend import amended, clause_of
from avenant.agreement.decides import decides
from avenant.agreement.reading.blocks import (
    check_links,
    known_category,
    read_facts,
    read_scenario,
    read_switches,
)
from avenant.agreement.types import (
    Admission,
    Clause,
    Core,
    Digest,
    Dossier,
    FactRules,
    Header,
    InForce,
    Instrument,
    Scenario,
    Statement,
)
from avenant.errors import Span
from avenant.instants import Instant, shown
from avenant.rules.canonical import canonical
from avenant.rules.parse import parse_rules
from avenant.rules.types import And, In, Or, Pass, Rule
from avenant.source.diagnostics import Diagnostics, fault
from avenant.source.markdown import Block
from avenant.source.nodes import read_yaml
from avenant.vocabulary.read import core, extended
from avenant.vocabulary.types import Vocabulary

Effects = Mapping[int, Instant]
Interval = tuple[Instant, Instant | None]

_PURPOSE = "purpose"


def draft_effects(dossier: Dossier) -> dict[int, Instant]:
    """The effects of an unsigned text: its own dates, never before its predecessor's."""
    effects: dict[int, Instant] = {}
    for instrument in dossier.instruments:
        before = effects.get(instrument.number - 1, instrument.effective)
        effects[instrument.number] = max(instrument.effective, before)
    return effects


def in_force(
    dossier: Dossier,
    number: int,
    effects: Effects,
    on: Instant | None = None,
    draft: bool = False,
) -> InForce:
    """The text after instrument `number` at `on`, by default at its effect.

    `effects` has the effect of each instrument that is in force. Raises InputErrors with every fault of the text.
    """
    start = _effect(dossier, number, effects)
    on = start if on is None else on
    if on < start:
        raise fault("before-effect", None, number=number, on=shown(on), effect=shown(start))
    whole = _whole(dossier, number)
    return _at(whole, dossier, number, effects, on, draft)


def intervals(dossier: Dossier, number: int, effects: Effects) -> tuple[Interval, ...]:
    """The intervals `[since, until)` of the text after instrument `number`, until the next instrument's effect.

    They meet at each date of change: an admission's period, a rule's `@from` and `@until`. A text that its successor
    overtakes at once is given its own intervals all the same, so that it can be looked at.
    """
    start = _effect(dossier, number, effects)
    return _intervals(_whole(dossier, number), start, effects.get(number + 1))


def every_interval(
    dossier: Dossier, number: int, effects: Effects, draft: bool = False
) -> tuple[InForce, ...]:
    """The text after instrument `number` in each of its intervals, read once."""
    start = _effect(dossier, number, effects)
    whole = _whole(dossier, number)
    spans = _intervals(whole, start, effects.get(number + 1))
    return tuple(_at(whole, dossier, number, effects, since, draft) for since, _ in spans)


def decides_after(dossier: Dossier, number: int) -> Digest:
    """The digest of what decides in the text after instrument `number`, on all its dates; what a signature names.

    Raises InputErrors with every fault of the text.
    """
    return _decides(_derived(dossier, number, lambda instrument: instrument.digest))


@dataclass(frozen=True, slots=True)
class _Derived:
    """What a text is derived from: its instruments, by bytes or by identity, and the core vocabulary of this process.

    INVARIANT: what is known by its identity is held here, so that nothing else takes that identity.
    """

    instruments: tuple[object, ...]
    core: int
    vocabulary: Vocabulary = field(compare=False)
    dossier: Dossier = field(compare=False)


def _derived(dossier: Dossier, number: int, known_by: Callable[[Instrument], object]) -> _Derived:
    named = dossier.instruments[0].core
    assert named is not None  # every agreement names one
    vocabulary = core(named.id)
    instruments = tuple(map(known_by, dossier.instruments[: number + 1]))
    return _Derived(instruments, id(vocabulary), vocabulary, dossier)


@lru_cache(maxsize=64)
def _decides(derived: _Derived) -> Digest:
    # Verifying signatures asks this of each instrument, many times over the same files.
    dossier = derived.dossier
    whole = _whole(dossier, len(derived.instruments) - 1)
    clauses = tuple(
        replace(clause, rules=tuple(_with_passes(rule, whole.passes) for rule in clause.rules))
        for clause in whole.clauses
    )
    return decides(
        dossier.id,
        dossier.instruments[0].language,
        whole.vocabulary,
        clauses,
        whole.facts,
        whole.switches,
        tuple(admission for admission, _, _ in whole.passes),
    )


def trying(
    dossier: Dossier, number: int, effects: Effects
) -> Callable[[Instrument], tuple[InForce, ...]]:
    """What consolidates one amendment after another to the text after instrument `number`, none of them signed.

    Each takes effect at once. Its text comes in each of its intervals, without a digest: it is proved, never signed.
    What an amendment leaves as it was is read once for all of them. Raises InputErrors with every fault of the text.
    """
    cut = replace(dossier, instruments=dossier.instruments[: number + 1])
    before = _whole(cut, number)
    since = {**effects, number + 1: _effect(dossier, number, effects)}

    def tried(amendment: Instrument) -> tuple[InForce, ...]:
        with_it = replace(cut, instruments=(*cut.instruments, amendment))
        whole = _consolidated(with_it, number + 1, before)
        spans = _intervals(whole, since[number + 1], None)
        return tuple(
            _at(whole, with_it, number + 1, since, start, True, digested=False)
            for start, _ in spans
        )

    return tried


def principles_of(
    statement: Statement, vocabulary: Vocabulary, sources: Mapping[str, str] | None = None
) -> tuple[Clause, ...]:
    """Return the principles of a statement, with their rules read against a text's vocabulary; raises InputErrors.

    `sources` are the dossier's, for errors to quote.
    """
    faults = Diagnostics(sources=dict(sources or {}))
    ids = [clause.id for clause in statement.principles]
    read = tuple(_ruled(clause, vocabulary, faults) for clause in statement.principles)
    for clause in read:
        check_links(clause, ids, vocabulary, faults)
    faults.raise_all()
    return read


def stated(dossier: Dossier, vocabulary: Vocabulary) -> tuple[tuple[str, Clause], ...]:
    """The principles of all statements beside a text, each with its statement's id."""
    return tuple(
        (statement.id, principle)
        for statement in dossier.statements
        for principle in principles_of(statement, vocabulary, dossier.sources)
    )


def announcements(dossier: Dossier, vocabulary: Vocabulary) -> tuple[Statement, ...]:
    """The statements beside a text, their announced passages held against its vocabulary and the dossier's clauses.

    Raises InputErrors for a link to what there never was; a clause that is not in force is for the report to say.
    """
    faults = Diagnostics(sources=dict(dossier.sources))
    ids = [
        clause.id
        for instrument in dossier.instruments
        for clause in (*instrument.clauses, *(c.new for c in instrument.changes if c.new))
    ]
    for statement in dossier.statements:
        for passage in statement.announced:
            check_links(passage, ids, vocabulary, faults)
    faults.raise_all()
    return dossier.statements


Passing = tuple[Admission, str, Pass]
"""An admission, the id of the rule that it passes, and what it lets past."""


class _Consolidated(Struct, frozen=True):
    """The text after an instrument on all its dates: every rule, every admission with its pass."""

    core: Core
    vocabulary: Vocabulary
    written: tuple[Clause, ...]  # as the instruments have them
    clauses: tuple[Clause, ...]  # the same with their rules and scenarios
    facts: FactRules
    switches: Mapping[str, str]
    passes: tuple[Passing, ...]


def _effect(dossier: Dossier, number: int, effects: Effects) -> Instant:
    if not 0 <= number < len(dossier.instruments):
        last = len(dossier.instruments) - 1
        raise fault("no-such-instrument", None, dossier=dossier.id, number=number, last=last)
    if number not in effects:
        raise fault("no-effect", Span(dossier.instruments[number].file, 1), number=number)
    return effects[number]


def _whole(dossier: Dossier, number: int) -> _Consolidated:
    """The text after an instrument, read once however often a command asks for it."""
    return _remembered(_derived(dossier, number, id))


@lru_cache(maxsize=4)
def _remembered(derived: _Derived) -> _Consolidated:
    return _consolidated(derived.dossier, len(derived.instruments) - 1)


def _consolidated(
    dossier: Dossier, number: int, before: _Consolidated | None = None
) -> _Consolidated:
    """The text after an instrument; `before` is the one after its predecessor, of which nothing is read twice."""
    faults = Diagnostics(sources=dict(dossier.sources))
    instruments = dossier.instruments[: number + 1]
    clauses, admissions = amended(instruments, faults)
    first = instruments[0]
    assert first.core is not None  # every agreement names one
    if before and not _differ(clauses, before.written, "vocabulary"):
        vocabulary = before.vocabulary
    else:
        vocabulary, before = _vocabulary(first.core, first.language, clauses, faults), None
    # Rules against half a vocabulary would only repeat its faults.
    faults.raise_all()
    ids = [clause.id for clause in clauses]
    if before and not _differ(clauses, before.written, "facts"):
        facts = before.facts
    else:
        facts = read_facts(_blocks(clauses, "facts"), vocabulary, first.parties, faults)
    switches = read_switches(_blocks(clauses, "switches"), faults)
    # INVARIANT: `before` keeps its clauses alive, so none of these has the identity of another.
    known = dict(zip(map(id, before.written), before.clauses, strict=True)) if before else {}
    read = tuple(known.get(id(clause)) or _ruled(clause, vocabulary, faults) for clause in clauses)
    for clause in read:
        check_links(clause, ids, vocabulary, faults)
    passes = tuple(p for a in admissions for p in _passes(a, read, vocabulary, faults))
    faults.raise_all()
    slots = any(block.slot for block in _blocks(clauses, "cedar"))
    if not slots and not any(clause.rules for clause in read if clause.kind != "principle"):
        raise fault("no-rules", Span(first.file, 1))
    return _Consolidated(first.core, vocabulary, clauses, read, facts, switches, passes)


def _differ(now: tuple[Clause, ...], before: tuple[Clause, ...], language: str) -> bool:
    """Whether the blocks of a language are others, by identity."""
    return [*map(id, _blocks(now, language))] != [*map(id, _blocks(before, language))]


def _blocks(clauses: tuple[Clause, ...], language: str) -> tuple[Block, ...]:
    return tuple(b for clause in clauses for b in clause.blocks if b.language == language)


def _vocabulary(
    named: Core, language: str, clauses: tuple[Clause, ...], faults: Diagnostics
) -> Vocabulary:
    vocabulary = core(named.id)
    for block in _blocks(clauses, "vocabulary"):
        with faults.collect():
            vocabulary = extended(vocabulary, read_yaml(block.source, block.at), language)
    return vocabulary


def _ruled(clause: Clause, vocabulary: Vocabulary, faults: Diagnostics) -> Clause:
    """The clause with its rules and scenarios read."""
    rules: list[Rule] = []
    scenarios: list[Scenario] = []
    for block in clause.blocks:
        match block.language:
            case "cedar" if not block.slot:
                with faults.collect():
                    found = parse_rules(
                        block.source, block.at, clause.id, len(rules) + 1, vocabulary, clause.words
                    )
                    if not found:
                        faults.add("empty-block", block.at)
                    rules.extend(found)
            case "scenario":
                scenario = read_scenario(block, clause.id, vocabulary, faults)
                scenarios.extend((scenario,) if scenario else ())
            case _:
                pass  # a slot holds no rule; vocabulary, facts and switches are the whole text's
    for rule in rules:
        if rule.effect == "permit" and clause.kind == "principle":
            faults.add("principle-permits", rule.at, clause=clause.id)
        if rule.effect == "permit" and clause.red_line:
            faults.add("red-line-permits", rule.at, clause=clause.id)
        if clause.red_line and (rule.since or rule.until):
            faults.add("red-line-dated", rule.at, clause=clause.id)
    return replace(clause, rules=tuple(rules), scenarios=tuple(scenarios))


def _passes(
    admission: Admission, clauses: tuple[Clause, ...], vocabulary: Vocabulary, faults: Diagnostics
) -> tuple[Passing, ...]:
    """`unless { this body && these purposes }`, for the one forbid that the admission names."""
    at = admission.at
    principal = next(axis.id for axis in vocabulary.axes if axis.role == "principal")
    known_category(principal, admission.body, at, vocabulary, faults)
    for purpose in admission.purposes:
        known_category(_PURPOSE, purpose, at, vocabulary, faults)
    forbids = [
        rule.id
        for clause in clauses
        if clause.id == clause_of(admission) and clause.kind != "principle"
        for rule in clause.rules
        if rule.effect == "forbid"
    ]
    named = [id for id in forbids if admission.forbid in (id, id.partition("/")[0])]
    if len(named) != 1:
        code = "which-forbid" if named else "no-such-forbid"
        known = ", ".join(forbids) or "–"
        faults.add(code, at, past=admission.forbid, known=known)
        return ()
    purposes = tuple(In(_PURPOSE, purpose, at) for purpose in admission.purposes)
    condition = canonical(And((In(principal, admission.body, at), Or(purposes))), vocabulary)
    return ((admission, named[0], Pass(admission.number, condition)),)


def _with_passes(rule: Rule, passing: Sequence[Passing]) -> Rule:
    return replace(rule, passes=tuple(p for _, id, p in passing if id == rule.id))


def _intervals(
    whole: _Consolidated, start: Instant, following: Instant | None
) -> tuple[Interval, ...]:
    end = following if following is not None and following > start else None
    dates: set[Instant | None] = {
        date
        for clause in whole.clauses
        for rule in clause.rules
        for date in (rule.since, rule.until)
    }
    dates |= {
        date for admission, _, _ in whole.passes for date in (admission.since, admission.until)
    }
    inside = sorted(d for d in dates if d is not None and d > start and (end is None or d < end))
    edges = [start, *inside]
    return tuple(zip(edges, [*inside, end], strict=True))


def _at(
    whole: _Consolidated,
    dossier: Dossier,
    number: int,
    effects: Effects,
    on: Instant,
    draft: bool,
    *,
    digested: bool = True,
) -> InForce:
    start, following = effects[number], effects.get(number + 1)
    # A superseded text may be asked about: then its successor does not end it.
    spans = _intervals(whole, start, following if following and on < following else None)
    since, until = next(s for s in reversed(spans) if s[0] <= on)
    instruments = dossier.instruments[: number + 1]
    passing = [(a, rule, p) for a, rule, p in whole.passes if _holds(a.since, a.until, on)]
    clauses = tuple(
        replace(
            clause,
            rules=tuple(
                _with_passes(rule, passing)
                for rule in clause.rules
                if _holds(rule.since, rule.until, on)
            ),
        )
        for clause in whole.clauses
    )
    first = instruments[0]
    text = InForce(
        agreement=dossier.id,
        number=number,
        title=first.title,
        language=first.language,
        since=since,
        until=until,
        vocabulary=whole.vocabulary,
        clauses=clauses,
        parties=first.parties,
        facts=whole.facts,
        switches=whole.switches,
        admissions=tuple(a for a, _, _ in passing),
        sources=tuple(dict.fromkeys(s for i in instruments for s in i.sources)),
        labels=tuple(dict.fromkeys(i.label for i in instruments if i.label)),
        core=whole.core,
        instruments=tuple((i.number, i.kind, effects[i.number]) for i in instruments),
        draft=draft,
        digest="",
        translations={
            lang: _header(instruments, lang) for i in instruments for lang in i.translations
        },
    )
    if not digested:
        return text
    return replace(
        text,
        digest=decides(
            text.agreement,
            text.language,
            text.vocabulary,
            text.clauses,
            text.facts,
            text.switches,
            text.admissions,
        ),
    )


def _header(instruments: tuple[Instrument, ...], language: str) -> Header:
    """The title and labels in a language, each in its own where the instrument is not translated."""
    said = [i.translations.get(language) for i in instruments]
    labels = (
        header.labels if header else (instrument.label,)
        for instrument, header in zip(instruments, said, strict=True)
    )
    first = said[0]
    return Header(
        first.title if first else instruments[0].title,
        tuple(dict.fromkeys(label for each in labels for label in each if label)),
    )


def _holds(since: Instant | None, until: Instant | None, on: Instant) -> bool:
    return (since is None or since <= on) and (until is None or on < until)
