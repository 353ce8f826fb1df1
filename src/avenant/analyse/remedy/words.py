"""A prohibition that the text does not have yet -> a clause: heading, prose and rule, in the text's languages.

A principle that links a word to each of its tests is taken as it is written, under its own title. Other prose is made
of the vocabulary's phrases, each linked to the test that it stands for, so that it says what the rule does and no more;
its title is made of the same phrases. The clause is inserted, and nobody's sentence is rewritten: one more forbid is
stricter by construction.

    ### 8a. No use for surveillance of U.S. persons {#surveillance-wider}
    Forbidden: any use, [for surveillance](#purpose.surveillance), [of U.S. persons](#population.us-persons).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from string import ascii_lowercase
from textwrap import fill

from avenant.agreement.types import Clause, InForce
from avenant.analyse.checks.loopholes import listed
from avenant.analyse.remedy.candidates import Ban
from avenant.errors import Span
from avenant.languages import say
from avenant.rules.export import statement
from avenant.rules.render import linked, titled
from avenant.rules.types import In, Rule
from avenant.vocabulary.phrases import spoken

WIDTH = 120
_NOWHERE = Span("", 0)  # written in no file yet
_SCENARIOS = re.compile(r"^```scenario[^\n]*\n.*?^```\n*", re.DOTALL | re.MULTILINE)


def anchor(ban: Ban, text: InForce) -> Clause:
    """The clause after which a ban stands: the one that it widens, else the last that is no principle."""
    return ban.model if ban.kind == "widened" else last_clause(text)


def last_clause(text: InForce) -> Clause:
    """The last clause that is no principle."""
    return [c for c in text.clauses if c.kind != "principle"][-1]


def free_id(stem: str, taken: Collection[str]) -> str:
    """The id `stem`, or the first of `stem-2`, `stem-3` … that no clause ever had."""
    tried = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(id for id in tried if id not in taken)


def as_markdown(
    ban: Ban, text: InForce, taken: Collection[str], languages: Collection[str], *, own: bool
) -> dict[str, str]:
    """The clause as Markdown, its heading of level 3, in these languages; its id is none of `taken`.

    A principle is written in its `own` words, if that is wanted and they are complete.
    """
    id = free_id(f"{ban.model.id}-{'wider' if ban.kind == 'widened' else 'holds'}", taken)
    number = behind(anchor(ban, text), text)
    own = own and ban.kind == "principle" and _speaks_for_itself(ban.model, languages)
    source = f"{statement('forbid', ban.condition, text.vocabulary)};"
    rule = Rule(f"{id}/1", "forbid", ban.condition, id, source, _NOWHERE)

    def written(lang: str) -> str:
        title = _title(ban.model, lang) if own else ""
        title = title or titled(rule, text.vocabulary, lang)
        words = _own(ban.model, lang) if own else _phrases(ban, rule, text, lang)
        return f"### {number}{title} {{#{id}}}\n\n{words}"

    return {lang: written(lang) for lang in languages}


def _title(principle: Clause, lang: str) -> str:
    """The title of a principle; empty where it does not say what the principle is about, as "R1" or "Principles"."""
    translation = principle.translations.get(lang)
    title = translation.title if translation else principle.title
    bare = {principle.id, *say("remedy.bare-titles", lang=lang).split("|")}
    return "" if title.lower().rstrip(".:") in bare else title


def _own(principle: Clause, lang: str) -> str:
    """A principle as it is written below its heading, less its scenarios: those are of the principle."""
    translation = principle.translations.get(lang)
    _, _, words = (translation.source if translation else principle.source).partition("\n")
    return _SCENARIOS.sub("", words).strip()


def _phrases(ban: Ban, rule: Rule, text: InForce, lang: str) -> str:
    """The ban in the vocabulary's phrases; in the text's own language with its rule and what it does not test."""
    parts = [filled(f"{linked(rule, text.vocabulary, lang)}.")]
    if lang == text.language:
        if ban.kind == "widened":
            how = _steps(ban, text, lang)
            choice = say("remedy.choice", lang=lang, clause=ban.model.label, how=how)
            parts.append(fill(f"> {choice}", WIDTH, subsequent_indent="> "))
        parts.append(f"```cedar\n{rule.source}\n```")
    return "\n\n".join(parts)


def said(ban: Ban, text: InForce, lang: str | None = None) -> str:
    """The ban in a line: what it is like, and where it is wider."""
    if ban.kind == "widened":
        return say("remedy.widened", lang=lang, clause=ban.model.label, how=_steps(ban, text, lang))
    return say(f"remedy.{ban.kind}", lang=lang, principle=ban.model.label)


def _steps(ban: Ban, text: InForce, lang: str | None) -> str:
    """`without its conditions on operation and intent`."""
    titles = {axis.id: spoken(axis.title, lang).lower() for axis in text.vocabulary.axes}
    dropped = [s for s in ban.steps if s.above is None]
    conditions = {s.test.axis for s in dropped if not s.exception}
    tests = [title for axis, title in titles.items() if axis in conditions]
    many = "one" if len(tests) == 1 else "many"
    parts = [say(f"remedy.dropped.{many}", lang=lang, axes=listed(tests, lang))] if tests else []
    parts += [
        say(
            "remedy.unexcepted", lang=lang, axis=titles[s.test.axis], what=_name(s.test, text, lang)
        )
        for s in dropped
        if s.exception
    ]
    for step in ban.steps:
        if step.above is not None:
            above = _name(step.above, text, lang)
            parts.append(say("remedy.above", lang=lang, axis=titles[step.test.axis], above=above))
    return listed(parts, lang)


def _name(test: In, text: InForce, lang: str | None) -> str:
    category = text.vocabulary.category(test.axis, test.category)
    assert category is not None  # rules are read against the vocabulary
    return spoken(category.title, lang).lower()


def _speaks_for_itself(principle: Clause, languages: Collection[str]) -> bool:
    """Whether a principle can be a clause as it is written: its words, each test linked to one, and its choices."""
    return (
        principle.prose.keys() >= set(languages)
        and len(principle.rules) == 1
        and all(test.words for test in principle.rules[0].tests())
        and not principle.accepted
    )


def filled(prose: str) -> str:
    """Prose in lines of the width of a page, none of them broken within a link."""
    whole = re.sub(r"\[[^]]*\]", lambda link: link[0].replace(" ", "\0"), prose)
    lines = fill(whole, WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines.replace("\0", " ")


def behind(clause: Clause, text: InForce) -> str:
    """A free number behind a clause: `10. ` behind §9 when that is the last, else `9a. `; none where it has none."""
    before, used = clause.number, {c.number for c in text.clauses}
    stem = re.fullmatch(r"(.*\d)[a-z]?", before)
    if stem is None:
        return ""
    next_one = [str(int(before) + 1)] if clause == last_clause(text) and before.isdigit() else []
    letters = [f"{stem[1]}{letter}" for letter in ascii_lowercase]
    free = [n for n in (*next_one, *(n for n in letters if n > before)) if n not in used]
    return f"{free[0]}. " if free else ""
