"""Writes `docs/reference/rules.md`: the rule language, and each error of it with an example and its remedy.

python tools/rules_page.py        # a test holds the page to the parser, and each error to an example
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from avenant.errors import InputError, InputErrors, Span
from avenant.rules.lower import LIMIT
from avenant.rules.parse import MOST_TOKENS, parse_rules
from avenant.rules.render import render
from avenant.rules.types import Rule
from avenant.vocabulary.read import core

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "rules.md"
FILE = "0-agreement.md"

HEAD = f"""\
# The rule language

<!-- Written by tools/rules_page.py; change that, or the catalogue of messages, instead. -->

A rule is a policy of [Cedar](https://www.cedarpolicy.com) that tests membership and nothing else. On complete uses it
means exactly what it means to stock Cedar: `avenant export DOSSIER --cedar DIR` writes the files that Cedar decides by.

| written | meaning |
|---|---|
| `permit (…);` | these uses are permitted, unless something forbids them |
| `forbid (…);` | these uses are forbidden, whatever permits them |
| `principal in Organisation::"army"` | who uses the system, or on whose behalf |
| `action in Action::"query"` | what the system is made to do |
| `resource in Purpose::"surveillance"` | every other axis, by its type: see [the vocabulary](vocabulary.md) |
| `when {{ … }}`, `unless {{ … }}` | the condition holds, does not hold; several are all to be met |
| `&&`, `\\|\\|`, `!( … )` | and, or, not |
| `action in [Action::"query", Action::"link"]` | in the head only: one of these |
| `@from("2026-03-02")`, `@until("2026-09-01")` | the rule is part of the text from, until this date |
| `// …` | a comment, to the end of the line |

A test holds for a category and for all below it. A rule has at most {MOST_TOKENS} words and signs and expands to at
most {LIMIT} terms (boxes of leaves). Where a clause has as many linked words as tests of a category, they stand for
each other in order; else every word of the category stands for each of its tests.

What binds is the canonical form of a condition, and two rules with one form are one rule: `avenant export` writes it,
and signatures hold it. In it,

1. an *and* within an *and* and an *or* within an *or* are flat, `!!a` is `a`, and nothing stands twice in one list;
2. the exceptions of the whole rule (`unless`, or a `!` at the top of a `when`) are one `unless`, joined by *or*, last;
3. the other parts of the whole rule stand by their first axis: organisation, operation, purpose, then the vocabulary's
   order; of those with one first axis, parts about it alone come first. Below the top the order is as written.

A rule is said in plain words. A comma binds as `&&` does, "or" binds closer, and brackets stand where that would
mislead:
"""

SAID = """\
forbid (principal in Organisation::"contractor", action in Action::"monitor", resource)
when { resource in Purpose::"surveillance" && resource in Population::"us-persons" }
unless { resource in Scale::"individual" || resource in Legality::"lawful" };"""

ERRORS = """\
## Errors

Whatever is not listed above is an error, never skipped; all errors of a document are said at once, each with file,
line, clause and what to write instead. Lines are counted in the file; here the block begins at line 1.
"""

ANY = "forbid (principal, action, resource)"
_MANY = 'resource in Purpose::"marketing"'


@dataclass(frozen=True, slots=True)
class Example:
    """A rule that is an error, and one that says what was meant; `shown` abbreviates what is too long to print."""

    code: str
    source: str
    instead: str
    shown: str = ""


def _pairs(axes: int) -> str:
    tests = [
        f'{axis.role} in {axis.entity}::"{core().children(axis.id, "any")[0].id}"'
        for axis in core().axes
    ]
    lines = " &&\n".join(f"  ({tests[i]} || {tests[i + 1]})" for i in range(0, 2 * axes, 2))
    return f"{ANY}\nwhen {{\n{lines}\n}};"


EXAMPLES = (
    Example(
        "cedar-syntax",
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" && }};',
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" }};',
    ),
    Example(
        "cedar-unfinished",
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" }}',
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" }};',
    ),
    Example(
        "template",
        "forbid (principal in ?principal, action, resource);",
        'forbid (principal in Organisation::"contractor", action, resource);',
    ),
    Example("annotation", f'@untill("2026-09-01")\n{ANY};', f'@until("2026-09-01")\n{ANY};'),
    Example("bad-instant", f'@from("next spring")\n{ANY};', f'@from("2026-03-20")\n{ANY};'),
    Example(
        "empty-period",
        f'@from("2026-09-01")\n@until("2026-03-02")\n{ANY};',
        f'@from("2026-03-02")\n@until("2026-09-01")\n{ANY};',
    ),
    Example(
        "equals",
        f'{ANY}\nwhen {{ resource == Purpose::"law-enforcement" }};',
        f'{ANY}\nwhen {{ resource in Purpose::"law-enforcement" }};',
    ),
    Example(
        "arithmetic",
        f"{ANY}\nwhen {{ context.persons > 100 }};",
        f'{ANY}\nwhen {{ resource in Scale::"bulk" }};',
    ),
    Example(
        "attribute",
        f"{ANY}\nwhen {{ resource.medical }};",
        f'{ANY}\nwhen {{ resource in Data::"health" }};',
    ),
    Example(
        "set",
        f'{ANY}\nwhen {{ resource in [Purpose::"marketing", Purpose::"surveillance"] }};',
        f'{ANY}\nwhen {{ resource in Purpose::"marketing" || resource in Purpose::"surveillance" }};',
    ),
    Example(
        "membership",
        f'{ANY}\nwhen {{ !resource in Purpose::"translation" }};',
        f'{ANY}\nwhen {{ !(resource in Purpose::"translation") }};',
    ),
    Example("constant", f"{ANY}\nwhen {{ true }};", f"{ANY};"),
    Example(
        "bare-variable",
        f"{ANY}\nwhen {{ principal }};",
        'forbid (principal in Organisation::"contractor", action, resource);',
    ),
    Example(
        "outside-profile",
        f'{ANY}\nwhen {{ if action in Action::"query" then resource in Scale::"bulk" else true }};',
        f'{ANY}\nwhen {{ !(action in Action::"query") || resource in Scale::"bulk" }};',
    ),
    Example(
        "unknown-type",
        f'{ANY}\nwhen {{ action in Operation::"query" }};',
        f'{ANY}\nwhen {{ action in Action::"query" }};',
    ),
    Example(
        "wrong-variable",
        f'{ANY}\nwhen {{ resource in Organisation::"contractor" }};',
        f'{ANY}\nwhen {{ principal in Organisation::"contractor" }};',
    ),
    Example(
        "unknown-category",
        f'{ANY}\nwhen {{ resource in Purpose::"survellance" }};',
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" }};',
    ),
    Example(
        "odd-literal",
        f'{ANY}\nwhen {{ resource in Purpose::"surv\\u{{65}}illance" }};',
        f'{ANY}\nwhen {{ resource in Purpose::"surveillance" }};',
    ),
    Example(
        "implicit-category",
        f'{ANY}\nwhen {{ resource in Purpose::"law-enforcement.other" }};',
        f'{ANY}\nwhen {{ resource in Purpose::"law-enforcement" }}\nunless {{ resource in Purpose::"public-order" }};',
    ),
    Example(
        "never-both",
        f'{ANY}\nwhen {{ resource in Data::"health" && resource in Data::"location" }};',
        f'{ANY}\nwhen {{ resource in Data::"health" || resource in Data::"location" }};',
    ),
    Example(
        "never-holds",
        f'{ANY}\nwhen {{ resource in Purpose::"public-order" }}\nunless {{ resource in Purpose::"law-enforcement" }};',
        f'{ANY}\nwhen {{ resource in Purpose::"law-enforcement" }}\nunless {{ resource in Purpose::"public-order" }};',
    ),
    Example(
        "too-long",
        f"{ANY}\nwhen {{ {' || '.join([_MANY] * 97)} }};",
        f"{ANY}\nwhen {{ {_MANY} }};",
        f"{ANY}\nwhen {{ {_MANY} || {_MANY} || … }};  // 97 tests",
    ),
    Example("too-many-terms", _pairs(9), _pairs(8)),
)


def page() -> str:
    """The whole page."""
    lines = [
        HEAD,
        "```text",
        SAID,
        "```",
        "",
        f"> {render(_read(SAID)[0], core(), 'en')}.",
        "",
        ERRORS,
    ]
    for example in EXAMPLES:
        lines.extend(_example(example))
    return "\n".join(lines)


def error_of(source: str) -> InputError:
    """The one error of a block."""
    try:
        _read(source)
    except InputErrors as errors:
        raise AssertionError(f"several errors:\n{errors}") from None
    except InputError as error:
        return error
    raise AssertionError(f"no error:\n{source}")


def _read(source: str) -> tuple[Rule, ...]:
    return parse_rules(source, Span(FILE, 1), "example", 1, core(), ())


def _example(example: Example) -> Iterator[str]:
    error = error_of(example.source)
    yield f"### `{example.code}`"
    yield ""
    yield from ("```text", example.shown or example.source, "```", "")
    yield from ("```text", f"{error.at}: {error.message}", f"      {error.hint}", "```", "")
    if example.instead:
        _read(example.instead)
        yield from ("Instead:", "", "```text", example.instead, "```", "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
