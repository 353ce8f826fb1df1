"""A Decision on the screen: the outcome, the words it rests on, what would change it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.text import Text as Line

from avenant.decide.explain import not_named, reason, sources, would_change
from avenant.decide.types import Decision, Explained, Outcome, Quoted, Tested
from avenant.decide.whatif import what_if
from avenant.instants import shown
from avenant.languages import plural, quoted, say
from avenant.library import Text
from avenant.render.terminal.screen import STYLES, Screen, word
from avenant.vocabulary.phrases import spoken, title_of, titled

# Line ends and what else breaks; the no-break spaces of French stay.
_SPACES = re.compile(r"[ \t\n]+")
_MOST_OF_WORD = (
    32  # characters of the words that rest on a missing axis: the rule below has them all
)
_MOST_OF_PROSE = 260  # characters: a clause is quoted around its words, not in full
_COLUMN = 16  # characters for the title of an axis
_WIDEST = 32  # of one with its id


def show_decision(text: Text, decision: Explained, *, supposed: bool) -> None:
    """Print one decision. `supposed`: its facts were supposed established, whoever may establish them."""
    screen = Screen()
    _outcome(screen, text, decision)
    _missing(screen, text, decision)
    _nearest(screen, text, decision)
    for cited in decision.cited:
        screen.blank()
        _cited(screen, text, decision, cited)
    _would_change(screen, text, decision)
    settled = what_if(text.decider, decision)
    if settled:
        screen.blank()
        screen.text(say("cli.ask.if-known"), 2)
        for s in settled:
            answers = " ".join(f"{axis}={category}" for axis, category in s.answers.items())
            if s.others:
                answers += plural("cli.ask.or-others", s.others)
            line = Line(f"    {answers.ljust(52)} ")
            outcome = s.decision.outcome
            line.append_text(word(outcome, say(f"outcome.{outcome}")))
            line.append(_clauses(s.decision))
            screen.row(line)
    _supposed(screen, text, decision, supposed)


def _outcome(screen: Screen, text: Text, decision: Explained) -> None:
    line = Line()
    line.append_text(word(decision.outcome, say(f"outcome.{decision.outcome}"), 10))
    match decision.outcome:
        case Outcome.UNDETERMINED if decision.missing:
            line.append("   " + plural("cli.ask.unknown", len(decision.missing)))
        case _ if decision.cited:
            labels = ", ".join(dict.fromkeys(c.label for c in decision.cited))
            line.append(say("cli.ask.by", clauses=labels) + _since(text, decision))
        case _:
            line.append(f" {reason(decision) or say('cli.ask.no-clause-permits')}")
    if decision.against:
        line.append(
            "   " + say("cli.ask.against", principles=", ".join(decision.against)), "bold yellow"
        )
    screen.row(line)
    for past in decision.past:
        clause = text.in_force.clause(past.clause)
        label = clause.label if clause else past.clause
        screen.text(say("cli.ask.past", clause=label, number=past.admission), 11)


def _missing(screen: Screen, text: Text, decision: Explained) -> None:
    """The facts that are missing, one an axis, with who may state each: what to do comes first."""
    if not decision.missing:
        return
    screen.blank()
    screen.text(say("decide.missing-head"), 2)
    titles = {m.axis: titled(text.in_force.vocabulary, m.axis) for m in decision.missing}
    column = min(_WIDEST, max(_COLUMN, *(len(title) for title in titles.values())))
    for missing in decision.missing:
        words = quoted(_short(missing.words[0])) if missing.words else ""
        if len(missing.words) > 1:
            words += ", …"
        right = say("cli.ask.only-suspected") if missing.suspected else ""
        if not missing.suspected and not missing.fine:
            right = say("cli.ask.may-establish", who=sources(missing))
        screen.row(f"    ? {titles[missing.axis].ljust(column)} {words}".rstrip(), right)
        for seen in missing.unread:
            screen.text(not_named(seen, text.in_force.facts), column + 7)
        if missing.claimed:
            claimed = (_title(text, missing.axis, category) for category in missing.claimed)
            screen.text(say("decide.claimed-open", categories=", ".join(claimed)), column + 7)
    if decision.perhaps_others:
        screen.text(say("decide.perhaps-others"), 4)


def _short(word: str) -> str:
    return word if len(word) <= _MOST_OF_WORD else f"{word[:_MOST_OF_WORD].rsplit(' ', 1)[0]} …"


def _nearest(screen: Screen, text: Text, decision: Explained) -> None:
    """Where no permission can hold: the nearest, what keeps it from holding, and what forbids the use as well."""
    if decision.nearest:
        nearest, *others = decision.nearest
        screen.blank()
        screen.text(say("decide.nearest", clause=nearest.label), 2)
        _words(screen, nearest)
        for test in nearest.tests:
            if test.axis in nearest.kept_by and _fails(test):
                screen.row(f"        ✗ {_axis(text, test)} {_differs(text, test)}")
        if labels := [c.label for c in others if c.label != nearest.label]:
            screen.text(say("decide.as-near", clauses=_labels(labels)), 2)
    if decision.also:
        screen.blank()
        screen.text(say("decide.also", clauses=_labels(c.label for c in decision.also)), 2)


def _fails(test: Tested) -> bool:
    return test.truth == ("true" if test.negated else "false")


def _differs(text: Text, test: Tested) -> str:
    """`software development, not office work`."""
    fact = _title(text, test.axis, test.fact.category) if test.fact else say("source.nobody")
    wanted = _title(text, test.axis, test.category)
    wanted = say("cli.ask.not", what=wanted) if test.negated else wanted
    return say("decide.instead-of", fact=fact, wanted=wanted)


def _since(text: Text, decision: Decision) -> str:
    """Of which instrument the clauses cited are, and its effect; nothing where they are of several."""
    numbers = {c.instrument for c in decision.cited}
    if len(numbers) > 1:
        return ""
    effect = next(since for n, _, since in text.in_force.instruments if n in numbers)
    key = "cli.ask.instrument-draft" if text.in_force.draft else "cli.ask.instrument"
    return say(key, number=numbers.pop(), since=shown(effect))


def _words(screen: Screen, cited: Quoted) -> None:
    mark = f"§{cited.number}" if cited.number else cited.label
    screen.text(f"{mark}  {quoted(_excerpt(cited))}", 2)
    style = STYLES["refused"] if cited.effect == "forbid" else STYLES["permitted"]
    screen.text(f"{cited.rendering}.", 6, style if cited.truth == "true" else "")


def _cited(screen: Screen, text: Text, decision: Explained, cited: Quoted) -> None:
    _words(screen, cited)
    missing = {m.axis: m for m in decision.missing}
    for test in cited.tests:
        # What fails of an `||`, or holds of an exception, is no reason for the rule to be cited.
        if _fails(test):
            continue
        gap = missing.get(test.axis)
        doubted = gap is not None and test.fact is not None and test.fact.category in gap.suspected
        mark = "?" if doubted or test.truth == "unknown" else "✓"
        right = say("cli.ask.only-suspected") if doubted else ""
        screen.row(f"        {mark} {_axis(text, test)} {_said(text, test)}", right)


def _axis(text: Text, test: Tested) -> str:
    axis = text.in_force.vocabulary.axis(test.axis)
    return (spoken(axis.title) if axis else test.axis).ljust(_COLUMN)


def _title(text: Text, axis: str, category: str) -> str:
    return title_of(text.in_force.vocabulary, axis, category)


def _said(text: Text, test: Tested) -> str:
    wanted = _title(text, test.axis, test.category)
    if test.truth == "unknown":
        what = quoted(test.word) if test.word else wanted
    elif test.fact and test.fact.category != test.category and not test.negated:
        fact = _title(text, test.axis, test.fact.category)
        return say("cli.ask.under", what=fact, category=wanted)
    else:
        what = wanted
    return say("cli.ask.not", what=what) if test.negated else what


def _clauses(decision: Decision) -> str:
    """The clauses that an answer would lead to."""
    if not decision.cited:
        return f" {say('cli.ask.no-clause-permits')}"
    return say("cli.ask.by", clauses=_labels(c.label for c in decision.cited))


def _labels(labels: Iterable[str]) -> str:
    """Each clause once, the first two of many."""
    found = list(dict.fromkeys(labels))
    if len(found) <= 3:
        return ", ".join(found)
    return say("cli.ask.many-clauses", first=", ".join(found[:2]), count=len(found) - 2)


def _excerpt(cited: Quoted) -> str:
    """The prose around the words that the rule's tests stand for."""
    prose = _SPACES.sub(" ", cited.prose)
    if len(prose) <= _MOST_OF_PROSE:
        return prose
    at = min((prose.find(t.word) for t in cited.tests if t.word and t.word in prose), default=0)
    start = max(0, at - 60)
    start = prose.find(" ", start) + 1 if start else 0
    end = prose.rfind(" ", start, start + _MOST_OF_PROSE)
    return ("… " if start else "") + prose[start:end] + (" …" if end < len(prose) else "")


def _would_change(screen: Screen, text: Text, decision: Explained) -> None:
    """What would change it, but for the facts that are listed above with who may state them."""
    listed = {m.axis for m in decision.missing if m.may_establish and not (m.unread or m.claimed)}
    changes = list(would_change(decision, text.in_force, leave_out=listed))
    if not (decision.otherwise or changes):
        return
    screen.blank()
    if decision.otherwise:
        screen.text(say("cli.ask.otherwise", clauses=", ".join(decision.otherwise)), 2)
    for change in changes:
        screen.text(say("cli.ask.to-change", what=change), 2)


def _supposed(screen: Screen, text: Text, decision: Decision, supposed: bool) -> None:
    """Say where this use rests on facts that nobody may establish: a real call would carry `any` there."""
    if not supposed:
        return
    established = {f.axis for f in decision.facts if f.standing == "established"}
    tested = {t.axis for r in text.in_force.rules for t in r.tests()}
    nobody = [
        titled(text.in_force.vocabulary, axis.id)
        for axis in text.in_force.vocabulary.axes
        if axis.id in established & tested and not text.in_force.facts.may_establish(axis.id)
    ]
    screen.blank()
    screen.text(say("cli.ask.supposed"), style="dim")
    if nobody:
        screen.text(say("cli.ask.supposed-nobody", axes=", ".join(nobody)), style="yellow")
