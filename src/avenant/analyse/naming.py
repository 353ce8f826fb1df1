"""What an instrument says of itself, held against what it does.

    an instrument that calls itself a clarification, editorial or a correction changes no decision;
    one that calls itself a tightening or a hardening permits nothing new;
    one that states its order (`order: looser`) stands in that order.

Where it does not, that is an error: `named-otherwise`, `stated-otherwise`. It says so of itself in its title, in a
sentence before its changes that is about the instrument, or in the title that it gives a clause it replaces (then of
that clause alone). A negation near by ("more than a clarification") says nothing.

    found_otherwise(act, Order.LOOSER, …)       # instrument 2 calls itself "Clarification", and the text is looser
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from avenant.agreement.types import Change, InForce, Instrument
from avenant.analyse.types import Finding, Order, Severity
from avenant.errors import Place
from avenant.messages import quoted, say


class Promise(Enum):
    """What a name promises."""

    CHANGES_NOTHING = "changes-nothing"
    WIDENS_NOTHING = "widens-nothing"


# The names, as whole words; `*` stands for any ending.
NAMES: Mapping[Promise, Mapping[str, tuple[str, ...]]] = {
    Promise.CHANGES_NOTHING: {
        "en": (
            *("clarification*", "clarify", "clarifies", "clarifying", "editorial", "correction"),
            *("corrects", "corrigendum", "erratum", "typographical", "for the avoidance of doubt"),
        ),
        "fr": (
            *("clarification*", "clarifie", "clarifient", "clarifier", "clarifiant"),
            *("précision", "précisions", "préciser", "précisant", "correction", "rectification"),
            *("rectificatif", "rectificative", "erratum", "rédactionnel*", "coquille*"),
            *("pour lever toute ambiguïté", "pour éviter toute ambiguïté"),
        ),
    },
    Promise.WIDENS_NOTHING: {
        "en": (
            *("tightening", "tighten", "tightens", "hardening", "harden", "hardens"),
            *("strengthening", "strengthen", "strengthens"),
        ),
        "fr": (
            *("durcissement*", "durcir", "durcit", "durcissent", "resserrement*", "resserre"),
            *("renforcement*", "renforcer", "renforce", "renforcent"),
        ),
    },
}
_DENIED = {
    "en": r"(?:no|not|never|without|than|beyond|nor|neither)",
    "fr": r"(?:pas|non|sans|jamais|ni|aucune?|plus qu(?:e|['’]une?))",
}
# A sentence is about the instrument when it names it, or begins with the name itself.
_ITSELF = {
    "en": r"\b(?:this|these|the present) (?:amendment|instrument|change|revision|text)s?\b|\bit only\b",
    "fr": r"\b(?:ce|cet|cette|ces|le présent|la présente) "
    r"(?:avenant|instrument|modification|changement|révision|texte)s?\b|\bil ne fait que\b",
}
_OPENING = {"en": r"(?:an? |mere |purely |simple )*", "fr": r"(?:une? |simple |pure(?:ment)? )*"}


@dataclass(frozen=True, slots=True)
class Act:
    """An instrument, the text before it and the text after it."""

    instrument: Instrument
    before: InForce
    after: InForce


@dataclass(frozen=True, slots=True)
class Named:
    """A name that an instrument gives itself, or a clause of it."""

    promise: Promise
    words: str
    clause: str | None
    at: Place


def names(act: Act) -> Iterator[Named]:
    """Every name that the instrument gives itself, each promise once for the whole and once a clause."""
    instrument = act.instrument
    top = Place(instrument.file, 1)
    for promise in Promise:
        words = _in_title(promise, instrument.language, instrument.title)
        words = words or _in_prose(promise, instrument.language, instrument.introduction)
        if words:
            yield Named(promise, words, None, top)
        for change in instrument.changes:
            words = _in_new_title(promise, act, change)
            if words and change.new is not None:
                yield Named(promise, words, change.new.id, change.new.at)


def found_otherwise(
    act: Act, order: Order, effects: Mapping[str, Order | None], beside: Collection[Finding]
) -> Iterator[Finding]:
    """Where the instrument is not what it says. `order` is the text's after it to the text's before it, `effects` what
    each clause's change does, `beside` what changed beside the uses that are permitted.
    """
    number = act.instrument.number
    for named in names(act):
        done = order if named.clause is None else effects.get(named.clause) or Order.EQUAL
        kept = _kept(named.promise, done)
        # Who may establish what, and what names stand for, decide calls too; a definition's words do not.
        others = [f for f in beside if f.code != "changed-definition"]
        if named.promise is Promise.CHANGES_NOTHING and named.clause is None:
            kept = kept and not others
        if not kept:
            what = say(f"compare.is-{done.name.lower()}")
            if done is Order.EQUAL:
                what = ", ".join(f.title for f in others)
            yield _finding(
                "named-otherwise",
                f"{number}/{named.clause}" if named.clause else str(number),
                named.clause,
                named.at,
                (named.words,),
                say(
                    f"compare.named-{named.promise.value}",
                    number=number,
                    words=quoted(named.words),
                    what=what,
                ),
            )
    stated = act.instrument.order
    if stated is not None and order is not Order.UNFINISHED and Order(stated.order) is not order:
        yield _finding(
            "stated-otherwise",
            str(number),
            None,
            stated.at,
            (),
            say(
                "compare.stated-otherwise",
                number=number,
                stated=say(f"order.{stated.order}"),
                proved=say(f"order.{order.name.lower()}"),
            ),
        )


def states_widening(act: Act) -> bool:
    """Whether the instrument says that it widens: by its stated order, or by being an admission."""
    stated = act.instrument.order
    return act.instrument.kind == "admission" or (
        stated is not None and stated.order in ("looser", "incomparable")
    )


def _kept(promise: Promise, done: Order) -> bool:
    if done is Order.UNFINISHED:
        return True  # nothing is held against anybody that is not proved
    if promise is Promise.CHANGES_NOTHING:
        return done is Order.EQUAL
    return done in (Order.EQUAL, Order.STRICTER)


def _finding(
    code: str, id: str, clause: str | None, at: Place, words: tuple[str, ...], message: str
) -> Finding:
    title = say(f"finding.{code}")
    return Finding(code, f"{code}:{id}", Severity.ERROR, clause, str(at), words, title, message)


def _pattern(promise: Promise, language: str) -> str:
    stems = (re.escape(n).replace(r"\*", r"\w*") for n in NAMES[promise][language])
    return rf"\b(?:{'|'.join(stems)})\b"


def _in_title(promise: Promise, language: str, title: str) -> str | None:
    found = re.search(_pattern(promise, language), title, re.IGNORECASE)
    if found is None:
        return None
    before = title[: found.start()]
    denied = re.search(rf"\b{_DENIED[language]}(?:\s+\S+){{0,2}}\s*$", before, re.IGNORECASE)
    return None if denied else found[0]


def _in_prose(promise: Promise, language: str, prose: str) -> str | None:
    name = _pattern(promise, language)
    for sentence in re.split(r"(?<=[.;:!?])\s+|\n\n", prose):
        about = re.search(_ITSELF[language], sentence, re.IGNORECASE) or re.match(
            _OPENING[language] + name, sentence, re.IGNORECASE
        )
        words = _in_title(promise, language, sentence) if about else None
        if words:
            return words
    return None


def _in_new_title(promise: Promise, act: Act, change: Change) -> str | None:
    """The name in the title of a clause that is replaced, unless the clause had it already."""
    was = act.before.clause(change.clause) if change.clause else None
    if change.verb != "replace" or change.new is None or was is None:
        return None
    if change.new.title == was.title:
        return None
    return _in_title(promise, act.instrument.language, change.new.title)
