"""The Cedar profile: what it reads, and each way of leaving it, with its place and its remedy."""

from __future__ import annotations

import pytest

from avenant.errors import InputError, Span
from avenant.instants import instant
from avenant.rules.cedar import split
from avenant.rules.parse import MOST_TOKENS, parse_rules
from avenant.rules.types import And, Condition, In, Not, Or, Rule, Word
from avenant.vocabulary.read import core
from tests.dossiers import errors

AT = Span("0-agreement.md", 10, "monitoring")
HEAD = "forbid (principal, action, resource)\n"
SURVEILLANCE = 'resource in Purpose::"surveillance"'


def read(source: str, words: tuple[Word, ...] = ()) -> tuple[Rule, ...]:
    """The rules of a block whose first line is line 10, over the core vocabulary."""
    return parse_rules(source, AT, "monitoring", 1, core(), words)


def faults(source: str) -> list[tuple[str, int, str]]:
    """Code, line and remedy of each error of a block."""
    with pytest.raises(InputError) as raised:
        read(source)
    found = [(e.code, e.at, e.hint) for e in errors(raised.value)]
    assert all(
        at is not None and (at.file, at.clause) == (AT.file, AT.clause) for _, at, _ in found
    )
    return [(code, at.line if at else 0, hint or "") for code, at, hint in found]


def in_(axis: str, category: str, literal: str, source: str) -> In:
    """A test at its literal of a block."""
    start = source.index(literal)
    return In(axis, category, AT.within(source, start, start + len(literal)))


def test_every_construct_of_the_profile_is_read() -> None:
    """Head, `when`, `unless`, `&&`, `||`, `!` and `in` become one condition, each test at its literal."""
    source = (
        'permit (principal in Organisation::"supplier",\n'
        '        action in [Action::"query", Action::"track"], resource)\n'
        f"when {{ {SURVEILLANCE} &&   // a comment; with a sign\n"
        '       !(resource in Scale::"bulk") }\n'
        'unless { resource in Legality::"lawful" || resource in Intent::"deliberate" };'
    )
    (rule,) = read(source)
    expected: Condition = And(
        (
            in_("organisation", "supplier", 'Organisation::"supplier"', source),
            Or(
                (
                    in_("operation", "query", 'Action::"query"', source),
                    in_("operation", "track", 'Action::"track"', source),
                )
            ),
            in_("purpose", "surveillance", 'Purpose::"surveillance"', source),
            Not(
                Or(
                    (
                        in_("scale", "bulk", 'Scale::"bulk"', source),
                        in_("legality", "lawful", 'Legality::"lawful"', source),
                        in_("intent", "deliberate", 'Intent::"deliberate"', source),
                    )
                )
            ),
        )
    )
    assert expected == rule.condition
    assert ("monitoring/1", "permit", "monitoring", 10) == (
        rule.id,
        rule.effect,
        rule.clause,
        rule.at.line,
    )


def test_rules_are_numbered_and_placed_past_comments() -> None:
    """A block holds several rules; comments and blank lines between them move the places, and are not the source."""
    first, second = read(f"// one; two\n\n{HEAD}when {{ {SURVEILLANCE} }};\n\n// next\n{HEAD};")
    assert ("monitoring/1", 12) == (first.id, first.at.line)
    assert ("monitoring/2", 16) == (second.id, second.at.line)
    assert f"{HEAD};" == second.source
    assert And(()) == second.condition
    assert [13] == [test.at.line for test in first.tests()]


def test_nothing_is_no_rule() -> None:
    """An empty block, or one of comments alone, has no rules."""
    assert () == read("")
    assert () == read("// later\n")


def test_a_period_is_read() -> None:
    """`@from` and `@until` are instants; without them a rule holds always."""
    (rule,) = read(f'@from("2026-03-02")\n@until("2026-09-01T12:00:00Z")\n{HEAD};')
    assert (instant("2026-03-02"), instant("2026-09-01T12:00:00Z")) == (rule.since, rule.until)
    (always,) = read(f"{HEAD};")
    assert (None, None) == (always.since, always.until)


# source after the head's line, code, line, a part of the remedy
IN_CONDITIONS = (
    ('when { resource == Purpose::"surveillance" }', "equals", 11, "write `in`"),
    ('when {\n resource != Purpose::"surveillance" }', "equals", 12, "`!(… in …)`"),
    ("when { 1 < 2 }", "arithmetic", 11, 'Scale::"bulk"'),
    (f"when {{\n{SURVEILLANCE} &&\n2 <= 1 }}", "arithmetic", 13, 'Scale::"bulk"'),
    ("when { 1 > 2 }", "arithmetic", 11, 'Scale::"bulk"'),
    ("when {\n\n context.n >= 2 }", "arithmetic", 13, 'Scale::"bulk"'),
    ("when { 1 + 1 }", "arithmetic", 11, 'Scale::"bulk"'),
    ("when { 1 - 1 }", "arithmetic", 11, 'Scale::"bulk"'),
    ("when { 1 * 1 }", "arithmetic", 11, 'Scale::"bulk"'),
    ("when { -resource.size }", "arithmetic", 11, 'Scale::"bulk"'),
    ("when {\n resource.owner }", "attribute", 12, "say it with a category"),
    ('when { resource["owner"] }', "attribute", 11, "say it with a category"),
    ("when { resource has owner }", "attribute", 11, "say it with a category"),
    ("when { context }", "attribute", 11, "say it with a category"),
    (f"when {{ resource in [{SURVEILLANCE.split()[2]}] }}", "set", 11, "`||`"),
    ("when {\ntrue }", "constant", 12, "leave it out"),
    ("unless { false }", "constant", 11, "leave it out"),
    ("when { resource }", "bare-variable", 11, "write `resource in …`"),
    ("when {\n!principal }", "bare-variable", 12, "write `principal in …`"),
    (f"when {{ if {SURVEILLANCE} then true else false }}", "outside-profile", 11, "unless, `&&`"),
    ("when { resource is Use }", "outside-profile", 11, "nothing else"),
    ('when {\n"x" like "y*" }', "outside-profile", 12, "nothing else"),
    ('when {\n"x" }', "outside-profile", 12, "nothing else"),
    ("when {\n5 }", "outside-profile", 12, "nothing else"),
    ("when {\n[1] }", "outside-profile", 12, "nothing else"),
    ("when {\n\n{a: 1} }", "outside-profile", 13, "nothing else"),
    ('when {\nPurpose::"surveillance" }', "outside-profile", 12, "nothing else"),
    ('when {\nip("1.1.1.1").isIpv4() }', "outside-profile", 12, "nothing else"),
    ('when {\nresource.tags.contains("x") }', "outside-profile", 12, "nothing else"),
    ('when {\nresource.hasTag("x") }', "outside-profile", 12, "nothing else"),
    (
        'when {\ndecimal("1.0").lessThan(decimal("2.0")) }',
        "outside-profile",
        12,
        "nothing else",
    ),
    ("when { resource in resource }", "membership", 11, "!(resource in"),
    (f"when {{\n!{SURVEILLANCE} }}", "membership", 12, "!(resource in"),
    ('when { Purpose::"surveillance" in resource }', "membership", 11, "!(resource in"),
    ('when { context in Purpose::"surveillance" }', "membership", 11, "!(resource in"),
    ('when {\nresource in Porpose::"surveillance" }', "unknown-type", 12, "`Purpose`"),
    ('when { action in Operation::"track" }', "unknown-type", 11, "`Action`"),
    (
        'when { resource in Organisation::"supplier" }',
        "wrong-variable",
        11,
        'principal in Organisation::"supplier"',
    ),
    (
        'when { principal in Purpose::"translation" }',
        "wrong-variable",
        11,
        'resource in Purpose::"translation"',
    ),
    (
        'when { action in Purpose::"translation" }',
        "wrong-variable",
        11,
        'resource in Purpose::"translation"',
    ),
    ('when {\nresource in Purpose::"any" }', "implicit-category", 12, "`unless` or `!`"),
    ('when { resource in Purpose::"other" }', "implicit-category", 11, "`unless` or `!`"),
    ('when { resource in Purpose::"surveillance.other" }', "implicit-category", 11, "`unless`"),
    (
        'when {\n\nresource in Purpose::"survellance" }',
        "unknown-category",
        13,
        'Purpose::"surveillance"',
    ),
    ('when { resource in Purpose::"track" }', "unknown-category", 11, 'action in Action::"track"'),
    ('when { resource in Purpose::"a;b" }', "unknown-category", 11, "avenant vocabulary purpose"),
    ('when { resource in Purpose::"" }', "unknown-category", 11, "avenant vocabulary purpose"),
    (
        'when { resource in Purpose::"surv\\u{65}illance" }',
        "odd-literal",
        10,
        '`Purpose::"surveillance"`',
    ),
    (
        'when { resource in Purpose:: // far\n "surveillance" }',
        "odd-literal",
        10,
        '`Purpose::"surveillance"`',
    ),
    (
        f'when {{ {SURVEILLANCE} &&\nresource in Purpose::"translation" }}',
        "never-both",
        12,
        "`||`",
    ),
    (
        f'unless {{ {SURVEILLANCE} &&\nresource in Purpose::"translation" }}',
        "never-both",
        12,
        "`link`",
    ),
    (f"when {{ {SURVEILLANCE} }}\nunless {{ {SURVEILLANCE} }}", "never-holds", 10, "contrary"),
    (f"when {{ {SURVEILLANCE} && }}", "cedar-syntax", 11, "a rule looks like"),
    (f"when {{ {'(' * 20_000}", "too-long", 10, "split the clause"),
    (f"when {{ {' && '.join([SURVEILLANCE] * 5_000)} }}", "too-long", 10, "split the clause"),
)


@pytest.mark.parametrize(("condition", "code", "line", "remedy"), IN_CONDITIONS)
def test_a_condition_outside_the_profile(condition: str, code: str, line: int, remedy: str) -> None:
    """Whatever leaves the profile in a condition is one error at its own line, with what to write instead."""
    ((found, at, hint),) = faults(f"{HEAD}{condition};")
    assert (code, line) == (found, at)
    assert remedy in hint


# whole source, code, line, a part of the remedy
IN_HEADS = (
    (f"{HEAD}when {{ {SURVEILLANCE} }}", "cedar-unfinished", 10, "`;`"),
    (f"\n{HEAD};\n// more\nforbid (", "cedar-unfinished", 14, "`;`"),
    ("forbid (principal, action\nresource);", "cedar-syntax", 11, "a rule looks like"),
    ("FORBID (principal, action, resource);", "cedar-syntax", 10, "a rule looks like"),
    (";", "cedar-syntax", 10, "a rule looks like"),
    ("/* why */ forbid (principal, action, resource);", "cedar-syntax", 10, "a rule looks like"),
    (f"{HEAD}when {{ {'(' * 120}{SURVEILLANCE}{')' * 119} }};", "cedar-syntax", 11, "looks like"),
    (f"{HEAD}when {{ {'!(' * 110}{SURVEILLANCE}{')' * 110} }};", "cedar-syntax", 10, "looks like"),
    ("forbid (\nprincipal == ?principal, action, resource);", "template", 11, "in place of the"),
    ("forbid (principal in ?principal, action, resource);", "template", 10, "in place of the"),
    (f'@untill("2026-09-01")\n{HEAD};', "annotation", 10, "`until`"),
    (f'@from("2026-09-01")\n@when("now")\n{HEAD};', "annotation", 11, "`from`, `until`"),
    (f'@from("soon")\n{HEAD};', "bad-instant", 10, "2026-03-02"),
    (f'@from("0001-01-01T00:00:00+14:00")\n{HEAD};', "bad-instant", 10, "2026-03-02"),
    (f"@until\n{HEAD};", "bad-instant", 10, "2026-03-02"),
    (
        f'@from("2026-03-02")\n@until("2026-03-02")\n{HEAD};',
        "empty-period",
        10,
        "correct one of the two dates",
    ),
    (
        'forbid (principal,\naction == Action::"track", resource);',
        "equals",
        11,
        "write `in`",
    ),
    (
        'forbid (principal == Organisation::"supplier", action, resource);',
        "equals",
        10,
        "write `in`",
    ),
    ("forbid (principal,\naction, resource is Use);", "outside-profile", 11, "nothing else"),
    (
        'forbid (principal is Organisation in Organisation::"supplier", action, resource);',
        "outside-profile",
        10,
        "nothing else",
    ),
    (
        'forbid (principal,\naction, resource in Purpose::"survellance");',
        "unknown-category",
        11,
        'Purpose::"surveillance"',
    ),
    (
        'forbid (principal, action in [Action::"track",\nAction::"trak"], resource);',
        "unknown-category",
        11,
        'Action::"track"',
    ),
    ("forbid (principal, action in [], resource);", "never-holds", 10, "contrary"),
)


@pytest.mark.parametrize(("source", "code", "line", "remedy"), IN_HEADS)
def test_a_head_outside_the_profile(source: str, code: str, line: int, remedy: str) -> None:
    """So is whatever leaves it in a head, an annotation, or between rules."""
    ((found, at, hint),) = faults(source)
    assert (code, line) == (found, at)
    assert remedy in hint


def test_all_errors_of_a_block_are_said_at_once() -> None:
    """Each error of each rule is reported, in the order of the text, two of a kind at the place of each."""
    source = (
        f'@advice("a")\n{HEAD}'
        'when { resource == Purpose::"surveillance" &&\n'
        'resource in Porpose::"x" &&\n'
        "resource == resource &&\n"
        'resource in Purpose::"translatoin" };\n'
        f"{HEAD}when {{ true }};\n"
        'forbid (principal, action == Action::"track", resource);'
    )
    assert [
        ("annotation", 10),
        ("equals", 12),
        ("unknown-type", 13),
        ("equals", 14),
        ("unknown-category", 15),
        ("constant", 17),
        ("equals", 18),
    ] == [(code, line) for code, line, _ in faults(source)]


def test_the_bound_on_the_length_of_a_rule() -> None:
    """One token more than is allowed is our error: what is far longer would end the process inside Cedar's parser."""
    own = len(split(f"{HEAD}when {{ {SURVEILLANCE} }};", AT)[0].tokens)
    spare = (MOST_TOKENS - own) // 2
    assert ["cedar-syntax"] == [c for c, _, _ in faults(f"{HEAD}when {{ {'(' * spare} }};")]
    over = f"{HEAD}when {{ {'(' * (spare + 1)}{SURVEILLANCE}{')' * (spare + 1)} }};"
    assert ["too-long"] == [code for code, _, _ in faults(over)]


def test_a_length_that_is_read_is_read_whole() -> None:
    """The longest rule that is allowed reaches Cedar's parser, which survives it."""
    purposes = [c.id for c in core().categories if c.axis == "purpose"][:81]
    tests = " || ".join(f'resource in Purpose::"{id}"' for id in purposes)
    (rule,) = read(f"{HEAD}when {{ {tests} }};")
    assert 81 == len(list(rule.tests()))
    deep = (MOST_TOKENS - 20) // 2
    assert ["monitoring/1"] == [
        r.id for r in read(f"{HEAD}when {{ {'(' * deep}{SURVEILLANCE}{')' * deep} }};")
    ]


def word(text: str, line: int = 3, category: str = "surveillance") -> Word:
    """A linked word of the clause's prose."""
    return Word(text, "purpose", category, Span(AT.file, line, AT.clause))


def test_as_many_words_as_tests_stand_for_each_other_in_order() -> None:
    """Two words and two tests of one category: the first word is the first test's, across the rules of the block."""
    words = (word("watching"), word("aid", category="translation"), word("monitoring", 4))
    one, two = read(f"{HEAD}when {{ {SURVEILLANCE} }};\n{HEAD}unless {{ {SURVEILLANCE} }};", words)
    assert [(words[0],), (words[2],)] == [t.words for r in (one, two) for t in r.tests()]
    assert words[0] == next(one.tests()).word


@pytest.mark.parametrize("said", [("watching",), ("watching", "monitoring", "tracking")])
def test_fewer_or_more_words_than_tests_all_stand_for_each(said: tuple[str, ...]) -> None:
    """One word for two tests, or three words for two, are all the words of each test."""
    words = tuple(word(text) for text in said)
    rules = read(f"{HEAD}when {{ {SURVEILLANCE} }};\n{HEAD}when {{ {SURVEILLANCE} }};", words)
    assert [words, words] == [t.words for r in rules for t in r.tests()]


def test_a_test_that_no_word_stands_for_has_none() -> None:
    """A word of another category, or of another axis, is no word of this test."""
    (rule,) = read(f"{HEAD}when {{ {SURVEILLANCE} }};", (word("aid", category="translation"),))
    assert [None] == [test.word for test in rule.tests()]


def test_splitting_finds_literals_and_no_others() -> None:
    """Literals are found with their places; what stands in comments or strings is none."""
    (policy,) = split(
        '// Purpose::"a"\nforbid (principal, action, resource)\n'
        'when { resource in Purpose :: "b;" && // Purpose::"c"\n resource in Foreign_1::Kind::"d" };',
        AT,
    )
    assert [("Purpose", "b;", 12), ("Foreign_1::Kind", "d", 13)] == [
        (literal.entity, literal.id, literal.at.line) for literal in policy.literals
    ]
    assert 11 == policy.at.line
