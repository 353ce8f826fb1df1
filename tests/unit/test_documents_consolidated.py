"""What a dossier is read as: words with their lines, notes, changes applied, admissions in their period, digests."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from avenant.agreement.amend import clause_digest
from avenant.agreement.consolidate import (
    draft_effects,
    every_interval,
    in_force,
    intervals,
    principles_of,
)
from avenant.agreement.reading.read import read_dossier
from avenant.agreement.types import Clause, Dossier, InForce
from avenant.agreement.write import as_markdown
from avenant.errors import InputError
from avenant.instants import instant
from avenant.rules.types import And, In
from tests.dossiers import AGREEMENT, FILES, POLICE, chained, derived, digest, written

A, M, D, S = FILES
GOLDEN = Path(__file__).parents[1] / "golden" / "town-2.md"


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    """The small dossier, as it is."""
    return read_dossier(written(tmp_path, chained(FILES)))


def text(dossier: Dossier, number: int, on: str | None = None) -> InForce:
    """Its text after an instrument, as a draft."""
    moment = instant(on) if on else None
    return in_force(dossier, number, draft_effects(dossier), on=moment, draft=True)


def clause(text: InForce, id: str) -> Clause:
    """A clause that must be there."""
    found = text.clause(id)
    assert found is not None
    return found


def line_of(file: str, words: str) -> int:
    """The line of a file on which some words first stand."""
    return FILES[file][: FILES[file].index(words)].count("\n") + 1


def test_a_clause_is_read_whole(dossier: Dossier) -> None:
    """Heading, prose, reading, words with their lines, choices, accepted findings, rules: all of it."""
    watching = clause(text(dossier, 0), "watching")
    assert ("3", "Watching", "binding", True, "§3 watching") == (
        watching.number,
        watching.title,
        watching.kind,
        watching.red_line,
        watching.label,
    )
    assert {"en": "It shall not be intentionally used for surveillance."} == watching.prose
    assert {"en": "Keeping what was seen is surveillance too."} == watching.reading
    assert [
        ("intentionally", "intent", "deliberate", line_of(A, "It shall not be")),
        ("surveillance", "purpose", "surveillance", line_of(A, "for [surveillance]")),
    ] == [(w.text, w.axis, w.category, w.at.line) for w in watching.words]
    assert ["(a) Nothing is said of whose persons.", "(b) A second choice, on two lines."] == [
        c.text for c in watching.choices
    ]
    assert [line_of(A, "> **Encoding.** (a)"), line_of(A, "> **Encoding.** (b)")] == [
        c.at.line for c in watching.choices
    ]
    assert {"loophole:r1:intent": "the town knows this."} == watching.accepted
    assert ["watching/1"] == [rule.id for rule in watching.rules]
    assert [
        ("surveillance", line_of(A, 'Purpose::"')),
        ("intentionally", line_of(A, 'Intent::"')),
    ] == [
        (test.word.text if test.word else None, test.at.line) for test in watching.rules[0].tests()
    ]
    assert {(A, "watching")} == {(w.at.file, w.at.clause) for w in watching.words}


def test_kinds_follow_from_what_a_clause_holds(dossier: Dossier) -> None:
    """Blocks of facts define, rules bind, a principle is marked; an id that a title repeats is taken off it."""
    kinds = [(c.id, c.kind, c.number, c.title) for c in text(dossier, 0).clauses]
    assert [
        ("definitions", "definitions", "1", "Definitions"),
        ("purposes", "binding", "2", "Purposes"),
        ("watching", "binding", "3", "Watching"),
        ("police", "binding", "4", "Police"),
        ("r1", "principle", "", "No watching"),
    ] == kinds
    assert ["r1"] == [c.id for c in text(dossier, 0).principles]
    assert "R1" == clause(text(dossier, 0), "r1").label


def test_prose_alone_declares(tmp_path: Path) -> None:
    """A clause without blocks binds by no rule; emphasis, lists and code keep their words."""
    words = "## 9. Spirit {#spirit}\n\nThe *spirit*\nof `this` **text**:\n\n1. first;\n2. second.\n\n- dot\n"
    spirit = clause(derived(written(tmp_path, {A: AGREEMENT + "\n" + words}))[0], "spirit")
    assert "declaratory" == spirit.kind
    assert "The spirit of this text:\n\n1. first;\n\n2. second.\n\n- dot" == spirit.prose["en"]


def test_facts_switches_and_scenarios(dossier: Dossier) -> None:
    """Who may establish what, in the order named; nobody is nobody; names stand for categories."""
    read = text(dossier, 0)
    assert ("connection",) == read.facts.may_establish("purpose")
    assert ("connection", "approver") == read.facts.may_establish("oversight")
    assert "ours" == read.facts.axes["oversight"].note
    assert () == read.facts.may_establish("intent")
    assert () == read.facts.may_establish("scale")
    assert {"connection": ("town",), "approver": ("town",)} == read.facts.signed_by
    assert {"sample": "general"} == read.facts.models
    assert {"search": {"operation": "query"}} == read.facts.tools
    assert {"mode": "enforce"} == read.switches
    (scenario,) = clause(read, "purposes").scenarios
    assert ("permitted", ("office-work", "translation")) == (
        scenario.expect,
        scenario.use["purpose"],
    )


def test_an_amendment_replaces_and_inserts(dossier: Dossier) -> None:
    """Replaced in its place, inserted after the clause named; the rest stands, with its own instrument."""
    before, after = text(dossier, 0), text(dossier, 1)
    assert ["definitions", "purposes", "watching", "police", "r1"] == [c.id for c in before.clauses]
    assert [
        ("definitions", 0),
        ("purposes", 1),
        ("watching", 0),
        ("selling", 1),
        ("police", 0),
        ("r1", 0),
    ] == [(c.id, c.instrument) for c in after.clauses]
    assert clause(after, "selling").source.startswith("## 3a. Selling {#selling}\n")
    assert M == clause(after, "purposes").at.file
    assert "town@1" == after.id


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ("## Repeal {#police}", ["definitions", "purposes", "watching", "r1"]),
        (
            "## Insert at the end\n\n### 9. Last {#last}\n\nWords.",
            ["definitions", "purposes", "watching", "police", "r1", "last"],
        ),
        (
            "## Insert after {#watching}\n\n### 8. A {#a}\n\nWords.\n\n### 9. B {#b}\n\nWords.",
            ["definitions", "purposes", "watching", "a", "b", "police", "r1"],
        ),
        (
            "## Abroger {#police}\n\n## Insérer à la fin\n\n### 9. Fin {#fin}\n\nWords.",
            ["definitions", "purposes", "watching", "r1", "fin"],
        ),
    ],
    ids=["repeal", "end", "two", "french"],
)
def test_changes(tmp_path: Path, changes: str, ids: list[str]) -> None:
    """Repeals take a clause out; insertions keep their order; the words of change are known in French."""
    amendment = FILES[M][: FILES[M].index("## Replace")] + changes + "\n"
    files = chained({A: FILES[A], M: amendment})
    assert ids == [c.id for c in derived(written(tmp_path, files))[1].clauses]


def test_an_admission_holds_in_its_period_alone(dossier: Dossier) -> None:
    """Before, within and after: the pass is on the forbid that it names, and only then."""
    held = {
        on: [p.admission for rule in text(dossier, 2, on).rules for p in rule.passes]
        for on in ("2026-03-31", "2026-04-01", "2026-06-30T23:59:59Z", "2026-07-01")
    }
    assert {
        "2026-03-31": [],
        "2026-04-01": [2],
        "2026-06-30T23:59:59Z": [2],
        "2026-07-01": [],
    } == held
    police = clause(text(dossier, 2, "2026-05-01"), "police")
    match police.rules[0].passes[0].condition:
        case And((In("organisation", "police"), In("purpose", "translation"))):
            pass
        case other:
            pytest.fail(f"not this body and these purposes: {other}")


def test_an_admission_lapses_when_its_clause_changes(tmp_path: Path) -> None:
    """It passes the clause that it knew: a later one of the same id is not passed."""
    later = FILES[M].replace("number: 1", "number: 3").replace("2026-02-01", "2026-05-01")
    later = (
        later[: later.index("## Replace")]
        + "## Replace {#police}\n\n"
        + "#"
        + POLICE.replace("shall not", "must not")
    )
    files = {**FILES, "3-amendment.md": later}
    dossier = read_dossier(written(tmp_path, chained(files)))
    assert 1 == len(text(dossier, 2, "2026-05-02").admissions)
    assert 0 == len(text(dossier, 3, "2026-05-02").admissions)


def test_the_digest_that_an_admission_names(dossier: Dossier) -> None:
    """SHA-256 of the clause's Markdown from its heading to the next, at level 2."""
    police = clause(text(dossier, 0), "police")
    assert POLICE == police.source
    assert digest(POLICE) == clause_digest(police)


def test_dates_of_change(dossier: Dossier) -> None:
    """Admission periods, `@until` and the next instrument cut the time of a text; the last has no end."""
    effects = draft_effects(dossier)
    march, april, july, september = (instant(f"2026-0{n}-01") for n in (3, 4, 7, 9))
    assert ((instant("2026-01-01"), instant("2026-02-01")),) == intervals(dossier, 0, effects)
    assert ((instant("2026-02-01"), march),) == intervals(dossier, 1, effects)
    assert (
        (march, april),
        (april, july),
        (july, september),
        (september, None),
    ) == intervals(dossier, 2, effects)
    texts = every_interval(dossier, 2, effects)
    assert intervals(dossier, 2, effects) == tuple((t.since, t.until) for t in texts)
    assert [3, 3, 3, 2] == [len(t.rules) - 1 for t in texts], "the permit ends with August"
    assert (april, july) == (texts[1].since, texts[1].until)


def test_a_superseded_text_can_be_asked_about(dossier: Dossier) -> None:
    """`@1` on a day of `@2` is the text as it would stand: its successor does not end it."""
    late = text(dossier, 1, "2026-08-01")
    assert (instant("2026-02-01"), instant("2026-09-01")) == (late.since, late.until)


def test_effects_never_go_back(tmp_path: Path) -> None:
    """An amendment that dates itself before the agreement has effect with it."""
    files = {**FILES, M: FILES[M].replace("2026-02-01", "2025-06-01")}
    dossier = read_dossier(written(tmp_path, chained(files)))
    effects = draft_effects(dossier)
    assert effects[0] == effects[1] == instant("2026-01-01")
    assert "town@0" == text(dossier, 0).id, "a text overtaken at once can still be looked at"
    assert 1 == len(intervals(dossier, 0, effects))


def test_the_digest_is_of_what_decides(tmp_path: Path, dossier: Dossier) -> None:
    """Another rule, fact, category, mark or pass is another digest; other words, parties and places are not."""
    original = text(dossier, 0).digest
    shown = {
        "words": ("The town may use", "The town can use"),
        "party": ("name: The maker", "name: A maker"),
        "phrase": ("phrase: the police", "phrase: its police"),
        "reading": ("Keeping what", "Storing what"),
        "place": ("Invented for a test; see", "Invented for\na test;\n\nsee"),
    }
    changes = {
        "rule": ('Legality::"lawful"', 'Legality::"unlawful"'),
        "vocabulary": ("library: {phrase: the library}", "library: {children: [desk]}"),
        "facts": ("intent: {established-by: nobody}", "intent: {established-by: connection}"),
        "mark": ("{#watching .red-line}", "{#watching}"),
    }
    seen = {original}
    for name, (old, new) in changes.items():
        assert old in AGREEMENT
        folder = written(tmp_path / name, {A: AGREEMENT.replace(old, new)})
        seen.add(derived(folder)[0].digest)
    assert len(changes) + 1 == len(seen)
    for name, (old, new) in shown.items():
        assert old in AGREEMENT
        other = read_dossier(written(tmp_path / name, {A: AGREEMENT.replace(old, new)}))
        assert original == text(other, 0).digest, name
    assert text(dossier, 2, "2026-05-01").digest != text(dossier, 2).digest
    crlf = read_dossier(written(tmp_path / "crlf", {A: AGREEMENT.replace("\n", "\r\n")}))
    assert original == text(crlf, 0).digest


def test_a_statement_is_read_and_its_principles_ruled(dossier: Dossier) -> None:
    """Who said what, when and where; the principle's rules are read against a text's vocabulary."""
    (statement,) = dossier.statements
    assert ("2026-01-01", "The mayor", "https://example.org/said") == (
        statement.id,
        statement.by,
        statement.url,
    )
    assert "The mayor said that nobody is watched." == statement.words
    (principle,) = principles_of(statement, text(dossier, 0).vocabulary)
    assert ("s1", "principle", ["s1/1"]) == (
        principle.id,
        principle.kind,
        [r.id for r in principle.rules],
    )
    assert "watched" == principle.words[0].text


def test_the_rules_of_a_statement_must_be_right(tmp_path: Path) -> None:
    """A principle said in public is held to the vocabulary as a clause is."""
    said = FILES[S].replace('Purpose::"surveillance"', 'Purpose::"surveilance"')
    dossier = read_dossier(written(tmp_path, {A: AGREEMENT, S: said}))
    with pytest.raises(InputError) as caught:
        principles_of(dossier.statements[0], text(dossier, 0).vocabulary)
    assert "unknown-category" == caught.value.code


def test_the_consolidated_text_as_markdown(dossier: Dossier) -> None:
    """The text after instrument 2, in its admission's period, written out: word for word as kept."""
    # The digest is of the core vocabulary too, which may grow: the golden file keeps none.
    undigested = replace(text(dossier, 2, "2026-05-01"), digest=f"sha256:{'0' * 64}")
    assert GOLDEN.read_text() == as_markdown(undigested)
