"""A Decision in words, made when somebody reads it: the rules quoted, the words that are open, what would change it.

explained(decision, text).would_change      # ("an admission of nsa, signed by supplier and department",)
quoted(decision.cited[0], decision, text)   # one rule: its sentence, its clause's prose, its tests on this use
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import structs

from avenant.agreement.types import FactRules, InForce
from avenant.decide.facts import Values, effective_values
from avenant.decide.types import (
    Asked,
    Cited,
    Decision,
    Explained,
    Fact,
    Missing,
    Outcome,
    Quoted,
    Remedy,
    Seen,
    Tested,
)
from avenant.languages import say
from avenant.rules.render import render, spoken
from avenant.rules.types import In, Rule, Truth, signed_tests
from avenant.vocabulary.phrases import title_of, titled
from avenant.vocabulary.types import ANY, Vocabulary

MOST_NAMES = 6  # of the text's models or tools that a remedy lists


def explained(decision: Decision, text: InForce) -> Explained:
    """Return the decision in words of the process's language."""
    rules = {rule.id: rule for rule in text.rules}
    carries = _values(decision, text)

    def quotes(cited: Iterable[Cited]) -> tuple[Quoted, ...]:
        return tuple(_quoted(c, rules[c.rule], carries, decision.facts, text) for c in cited)

    cited = [rules[c.rule] for c in decision.cited]
    fields = structs.asdict(decision) | {
        "cited": quotes(decision.cited),
        "also": quotes(decision.also),
        "nearest": quotes(decision.nearest),
        "missing": tuple(
            Asked(**structs.asdict(m), words=_words(m.axis, cited)) for m in decision.missing
        ),
        "would_change": tuple(would_change(decision, text)),
    }
    return Explained(**fields)


def quoted(cited: Cited, decision: Decision, text: InForce) -> Quoted:
    """Return one rule of a decision in words."""
    rule = next(r for r in text.rules if r.id == cited.rule)
    return _quoted(cited, rule, _values(decision, text), decision.facts, text)


def reason(decision: Decision) -> str | None:
    """Return in words why no clause was asked about a call, or why it was not decided."""
    return None if decision.reason is None else say(f"decide.{decision.reason}")


def _values(decision: Decision, text: InForce) -> Values:
    """What was decided about: with its suspicions, unless the call was refused without them."""
    doubted = decision.outcome is not Outcome.REFUSED
    return effective_values(decision.facts, text.vocabulary, suspicions=doubted)


def _quoted(
    cited: Cited, rule: Rule, values: Values, facts: Sequence[Fact], text: InForce
) -> Quoted:
    clause = text.clause(cited.clause)
    assert clause is not None  # a rule of the text stands in a clause of the text
    tests = [*signed_tests(rule.condition)]
    return Quoted(
        **structs.asdict(cited),
        rendering=render(rule, text.vocabulary),
        prose=spoken(clause.prose),
        tests=tuple(
            _tested(test, holds, values.get(test.axis, (ANY,)), facts, text.vocabulary)
            for test, holds in tests
        ),
    )


def _tested(
    test: In, holds: bool, values: Sequence[str], facts: Sequence[Fact], vocabulary: Vocabulary
) -> Tested:
    """A test on the value on which it comes nearest to what the rule wants: that is where the rule bites."""
    truths = {value: _truth(vocabulary, test, value) for value in values}
    best = (max if holds else min)(truths, key=lambda value: truths[value])
    said = (f for f in facts if f.axis == test.axis and f.category == best)
    word = test.word.text if test.word else None
    truth = truths[best].name.lower()
    return Tested(test.axis, test.category, truth, word, next(said, None), not holds)


def _truth(vocabulary: Vocabulary, test: In, value: str) -> Truth:
    here, wanted = (vocabulary.mask(test.axis, c) for c in (value, test.category))
    return Truth.TRUE if here & ~wanted == 0 else Truth.UNKNOWN if here & wanted else Truth.FALSE


def _words(axis: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    words = (w.text for r in rules for t in r.tests() if t.axis == axis for w in t.words)
    return tuple(dict.fromkeys(words))


# -- what would change it


def would_change(
    decision: Decision, text: InForce, leave_out: Container[str] = ()
) -> Iterator[str]:
    """Yield all that would make the outcome another one, in words; nothing that would not.

    Missing axes to `leave_out` are those that the reader is shown elsewhere, with who may state them.
    """
    parties = say("decide.and").join(p.id for p in text.parties)
    vocabulary = text.vocabulary
    if decision.reason in ("too-mixed", "too-hard"):
        yield say(f"decide.{decision.reason}-hint")
    if decision.outcome is Outcome.REFUSED and decision.remedy is not None:
        yield _signed(decision.remedy, parties)
    for seen in unread_names(decision):
        axes = say("decide.and").join(
            titled(vocabulary, m.axis) for m in decision.missing if seen in m.unread
        )
        yield _named(seen, axes, text.facts, parties)
    for missing in decision.missing:
        if not missing.suspected and missing.axis not in leave_out:
            yield from _known(missing, vocabulary, parties)
    if suspected := [titled(vocabulary, m.axis) for m in decision.missing if m.suspected]:
        yield say("decide.settle-suspicion", axes=", ".join(suspected))


def _signed(remedy: Remedy, parties: str) -> str:
    clauses = say("decide.and").join(remedy.clauses)
    if remedy.bodies:
        bodies = say("decide.and").join(remedy.bodies)
        return say("decide.admission", body=bodies, clauses=clauses, parties=parties)
    if not remedy.permission:
        return say("decide.amendment", clauses=clauses, parties=parties)
    key = "decide.permission-and" if remedy.clauses else "decide.permission"
    return say(key, clauses=clauses, parties=parties)


def _known(missing: Missing, vocabulary: Vocabulary, parties: str) -> Iterator[str]:
    """What would close one missing axis, besides names that are read: all of it is needed."""
    axis = titled(vocabulary, missing.axis)
    for category in missing.claimed:
        what = title_of(vocabulary, missing.axis, category)
        yield say("decide.unclaimed", axis=axis, category=what)
    if missing.fine:
        return
    if missing.may_establish:
        yield say("decide.establish", axis=axis, who=sources(missing))
    else:
        yield say("decide.establish-nobody", axis=axis, parties=parties)


def sources(missing: Missing) -> str:
    """Return who may establish a missing axis, in words."""
    who = say("decide.or").join(say(f"source.{s}") for s in missing.may_establish)
    return who or say("source.nobody")


def unread_names(decision: Decision) -> tuple[Seen, ...]:
    """Return the models and tools that leave a decision open, each once."""
    return tuple(dict.fromkeys(seen for m in decision.missing for seen in m.unread))


def not_named(seen: Seen, rules: FactRules) -> str:
    """Return that a name is not of the text, with those that are: "`gpt-4o` is not one of this text's models: …"."""
    names = tuple(rules.models if seen.kind == "model" else rules.tools)
    if seen.name in names:
        return say(f"decide.{seen.kind}-without-value", name=seen.name)
    if not names:
        return say(f"decide.no-{seen.kind}s", name=seen.name)
    listed = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
    return say(f"decide.unlisted-{seen.kind}", name=seen.name, names=listed)


def _named(seen: Seen, axes: str, rules: FactRules, parties: str) -> str:
    """What would make a name read on some axes: a line of the text, or another name."""
    listed = rules.models if seen.kind == "model" else rules.tools
    key = "decide.name-or-use" if listed else "decide.name"
    return say(key, name=seen.name, axes=axes, block=f"{seen.kind}s", parties=parties)
