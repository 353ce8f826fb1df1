"""A Decision on the screen: the outcome, the words it rests on, what would change it."""

from __future__ import annotations

import re

from rich.text import Text as Line

from avenant.cli.screen import STYLES, Screen, word
from avenant.decide.types import Cited, Decision, Outcome, Tested
from avenant.decide.whatif import what_if
from avenant.instants import shown
from avenant.library import Text
from avenant.messages import plural, quoted, say

# Line ends and what else breaks; the no-break spaces of French stay.
_SPACES = re.compile(r"[ \t\n]+")
_MOST_OF_PROSE = 260  # characters: a clause is quoted around its words, not in full


def show_decision(text: Text, decision: Decision, *, supposed: bool) -> None:
    """Print one decision. `supposed`: its facts were supposed established, whoever may establish them."""
    screen = Screen()
    _outcome(screen, text, decision)
    for cited in decision.cited:
        screen.blank()
        _cited(screen, text, decision, cited)
    _would_change(screen, decision)
    settled = what_if(text.decider, decision)
    if settled:
        screen.blank()
        screen.text(say("cli.ask.if-known"), 2)
        for s in settled:
            answers = " ".join(f"{axis}={category}" for axis, category in s.answers.items())
            if s.others:
                answers += plural("cli.ask.or-others", s.others)
            by = _clauses(s.decision)
            line = Line(f"    {answers.ljust(52)} ")
            outcome = s.decision.outcome
            line.append_text(word(outcome, say(f"outcome.{outcome}")))
            line.append(say("cli.ask.by", clauses=by))
            screen.row(line)
    _supposed(screen, text, decision, supposed)


def _outcome(screen: Screen, text: Text, decision: Decision) -> None:
    line = Line()
    line.append_text(word(decision.outcome, say(f"outcome.{decision.outcome}"), 10))
    match decision.outcome:
        case Outcome.UNDETERMINED if decision.missing:
            line.append("   " + plural("cli.ask.unknown", len(decision.missing)))
        case _ if decision.cited:
            labels = ", ".join(dict.fromkeys(c.label for c in decision.cited))
            line.append(say("cli.ask.by", clauses=labels) + _since(text, decision))
        case _:
            line.append(f" {decision.reason or say('cli.ask.no-clause-permits')}")
    if decision.against:
        line.append(
            "   " + say("cli.ask.against", principles=", ".join(decision.against)), "bold yellow"
        )
    screen.row(line)
    for past in decision.past:
        clause = text.in_force.clause(past.clause)
        label = clause.label if clause else past.clause
        screen.text(say("cli.ask.past", clause=label, number=past.admission), 11)


def _since(text: Text, decision: Decision) -> str:
    """Of which instrument the clauses cited are, and its effect; nothing where they are of several."""
    numbers = {c.instrument for c in decision.cited}
    if len(numbers) > 1:
        return ""
    effect = next(since for n, _, since in text.in_force.instruments if n in numbers)
    key = "cli.ask.instrument-draft" if text.in_force.draft else "cli.ask.instrument"
    return say(key, number=numbers.pop(), since=shown(effect))


def _cited(screen: Screen, text: Text, decision: Decision, cited: Cited) -> None:
    mark = f"§{cited.number}" if cited.number else cited.label
    screen.text(f"{mark}  {quoted(_excerpt(cited))}", 2)
    style = STYLES["refused"] if cited.effect == "forbid" else STYLES["permitted"]
    screen.text(f"{cited.rendering}.", 6, style if cited.truth == "true" else "")
    missing = {m.axis: m for m in decision.missing}
    for test in cited.tests:
        # What fails of an `||`, or holds of an exception, is no reason for the rule to be cited.
        if test.truth == ("true" if test.negated else "false"):
            continue
        gap = missing.get(test.axis)
        doubted = gap is not None and test.fact is not None and test.fact.category in gap.suspected
        open_axis = gap if test.truth == "unknown" else None
        mark = "?" if doubted or test.truth == "unknown" else "✓"
        right = say("cli.ask.only-suspected") if doubted else ""
        if open_axis is not None:
            who = say("decide.or").join(say(f"source.{s}") for s in open_axis.may_establish)
            right = say("cli.ask.may-establish", who=who or say("source.nobody"))
        screen.row(f"        {mark} {test.axis.ljust(16)} {_said(test)}", right)


def _said(test: Tested) -> str:
    if test.truth == "unknown":
        what = quoted(test.word) if test.word else test.category
    elif test.fact and test.fact.category != test.category and not test.negated:
        return say("cli.ask.under", what=test.fact.category, category=test.category)
    else:
        what = test.category
    return say("cli.ask.not", what=what) if test.negated else what


def _clauses(decision: Decision) -> str:
    """The clauses of a decision, the first two of many."""
    labels = list(dict.fromkeys(c.label for c in decision.cited))
    if len(labels) <= 3:
        return ", ".join(labels) or say("cli.ask.no-clause")
    return say("cli.ask.many-clauses", first=", ".join(labels[:2]), count=len(labels) - 2)


def _excerpt(cited: Cited) -> str:
    """The prose around the words that the rule's tests stand for."""
    prose = _SPACES.sub(" ", cited.prose)
    if len(prose) <= _MOST_OF_PROSE:
        return prose
    at = min((prose.find(t.word) for t in cited.tests if t.word and t.word in prose), default=0)
    start = max(0, at - 60)
    start = prose.find(" ", start) + 1 if start else 0
    end = prose.rfind(" ", start, start + _MOST_OF_PROSE)
    return ("… " if start else "") + prose[start:end] + (" …" if end < len(prose) else "")


def _would_change(screen: Screen, decision: Decision) -> None:
    doubted = any(m.suspected for m in decision.missing)
    if decision.outcome in (Outcome.REFUSED, Outcome.FAILED) or decision.reason or doubted:
        screen.blank()
        if decision.otherwise:
            screen.text(say("cli.ask.otherwise", clauses=", ".join(decision.otherwise)), 2)
        for change in decision.would_change:
            screen.text(say("cli.ask.to-change", what=change), 2)


def _supposed(screen: Screen, text: Text, decision: Decision, supposed: bool) -> None:
    """Say where this use rests on facts that nobody may establish: a real call would carry `any` there."""
    if not supposed:
        return
    established = {f.axis for f in decision.facts if f.standing == "established"}
    tested = {t.axis for r in text.in_force.rules for t in r.tests()}
    nobody = [
        axis.id
        for axis in text.in_force.vocabulary.axes
        if axis.id in established & tested and not text.in_force.facts.may_establish(axis.id)
    ]
    screen.blank()
    screen.text(say("cli.ask.supposed"), style="dim")
    if nobody:
        screen.text(say("cli.ask.supposed-nobody", axes=", ".join(nobody)), style="yellow")
