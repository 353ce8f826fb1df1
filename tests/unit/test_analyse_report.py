"""The report: its digest, and what a limit does to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import avenant.analyse
from avenant.agreement.compiled import compile_text
from avenant.analyse.asker import Asker
from avenant.analyse.check import Inquiry
from avenant.analyse.checks import dead
from avenant.analyse.checks.registry import CHECKS
from avenant.analyse.types import Report, Unfinished
from avenant.languages import language, speak
from avenant.render.order import numbered
from tests.checked import check
from tests.small_texts import small_text

OFFICE = 'permit (principal in Organisation::"office", action, resource);'
LIMIT = (
    'forbid (principal, action in Action::"touch", resource) '
    'when { resource in Purpose::"harm" && resource in Mind::"meant" };'
)
BIG_HARM = 'forbid (principal, action, resource) when { resource in Purpose::"big-harm" };'
TEXT = small_text({"all": OFFICE, "limit": LIMIT}, {"p": BIG_HARM})


@pytest.fixture
def french() -> Iterator[None]:
    """French for one test."""
    before = language()
    speak("fr")
    yield
    speak(before)


def test_the_digest_is_the_same_each_time_and_survives_json() -> None:
    """Two runs give one report, and its JSON reads back as the same report."""
    report = check(TEXT)
    assert report == check(TEXT)
    assert report == msgspec.json.decode(msgspec.json.encode(report), type=Report)
    assert report.digest.startswith("sha256:")


def test_a_statement_may_have_the_name_of_a_principle() -> None:
    """Each way is through one principle and numbered once, be the statement `p` beside the principle `p`."""
    text = small_text({"all": OFFICE, "limit": LIMIT}, {"p": f"{BIG_HARM} {LIMIT}"})
    report = check(
        text, [("p", replace(text.principles[0], id="q", rules=text.principles[0].rules[:1]))]
    )
    ways = [f for f in report.findings if f.code == "loophole"]
    assert 2 == len(report.principles)
    assert sorted(f.id for f in numbered(report)) == sorted(f.id for f in report.findings)
    for principle in report.principles:
        assert principle.ways == sum(f.principle == principle.clause for f in ways) > 0


@pytest.mark.usefixtures("french")
def test_the_digest_is_the_same_in_every_language() -> None:
    """Who signs in French names the digest that others know in English."""
    in_french = check(TEXT)
    speak("en")
    in_english = check(TEXT)
    assert in_french.findings != in_english.findings  # the sentences are in another language
    assert in_french.digest == in_english.digest


def test_the_digest_leaves_out_when_the_text_is_in_force() -> None:
    """A text takes effect when the last party signs; what the first one knew keeps its digest."""
    later = replace(TEXT, since=datetime(2026, 5, 1, tzinfo=UTC), draft=False)
    assert check(TEXT).digest == check(later).digest


def test_the_digest_changes_with_what_is_found() -> None:
    """Another text, another loophole or another acceptance gives another digest."""
    wider = small_text({"all": OFFICE}, {"p": BIG_HARM})
    accepting = replace(TEXT.clauses[0], accepted={"loophole:p:mind": "on purpose"})
    accepted = replace(TEXT, clauses=(accepting, *TEXT.clauses[1:]))
    other = replace(TEXT, digest="sha256:" + "1" * 64)
    assert 4 == len({check(t).digest for t in (TEXT, wider, accepted, other)})


@pytest.mark.parametrize("steps", range(0, 60, 3))
def test_a_limit_on_steps_is_never_none_found(steps: int) -> None:
    """Cut off after any number of steps, the report is incomplete or it is the whole one."""
    whole, cut = check(TEXT), check(TEXT, steps=steps)
    assert cut == whole or (not cut.complete and cut.unfinished)
    assert (cut.digest == whole.digest) == (cut == whole)
    ways = [f.id for f in cut.findings if f.code == "loophole"]
    assert set(ways) - {"loophole:p:not-listed"} <= {f.id for f in whole.findings}
    (principle,) = cut.principles
    assert len(ways) == principle.ways
    assert (principle.unknown == ()) == (principle.ways > 0) == (cut.digest != "")


def test_time_up_at_once_finds_nothing_and_says_that_it_is_not_finished() -> None:
    """A deadline that has passed ends every search; the principle's list is not complete."""
    report = check(TEXT, stop=lambda: True)
    assert (False, "") == (report.complete, report.digest)
    assert [(0, False)] == [(p.ways, p.complete) for p in report.principles]


def test_time_up_later_keeps_what_was_found() -> None:
    """A deadline that passes after the first box leaves that box in the report."""
    told: list[str] = []
    report = check(TEXT, stop=lambda: bool(told), progress=lambda label, ways: told.append(label))
    assert (False, "") == (report.complete, report.digest)
    assert "loophole" in {f.code for f in report.findings}


def test_progress_counts_the_ways_of_each_principle() -> None:
    """Whoever watches is told each way when it is found."""
    told: list[tuple[str, int]] = []
    check(TEXT, progress=lambda label, ways: told.append((label, ways)))
    assert [("P", 1), ("P", 2)] == told[:2]
    assert [(one.code, 0) for one in CHECKS] == told[2:]


def test_another_interval_that_permits_more_is_a_note() -> None:
    """An interval with the same answers is silent; one that lets more through says how much."""
    same = replace(
        TEXT, since=datetime(2026, 4, 1, tzinfo=UTC), until=datetime(2026, 5, 1, tzinfo=UTC)
    )
    assert [] == [f for f in check(TEXT, others=(same,)).findings if f.code == "interval"]
    lifted = replace(same, clauses=tuple(c for c in TEXT.clauses if c.id != "limit"))
    (note,) = [f for f in check(TEXT, others=(lifted,)).findings if f.code == "interval"]
    assert "interval:2026-04-01" == note.id
    assert "from 1 April 2026 until 1 May 2026 this text is looser; P 1 loophole" == note.message


def test_no_finding_s_code_reads_an_id_of_a_text() -> None:
    """No string in the analysis is a clause, party, axis or category of an agreement or of the core vocabulary."""
    from avenant.vocabulary.read import core

    spoken = core()
    ids = {a.id for a in spoken.axes} | {c.id for c in spoken.categories}
    folder = Path(avenant.analyse.__file__).parent
    strings = {
        node.value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {"permit", "forbid"} <= strings  # the check sees the strings of the code
    # Fields and kinds of the report, of a `facts` block, a part of a key: a category happens to be called so too.
    assert set() == strings & ids - {"draft", "message", "model", "nobody", "none", "translation"}


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_limit_on_boxes_says_that_there_are_more(limit: int) -> None:
    """With fewer boxes than there are the list is not complete; with just as many it is."""
    report = check(TEXT, limit=limit)
    assert [(max(limit, 1), limit == 2)] == [(p.ways, p.complete) for p in report.principles]
    assert (limit == 2) == report.complete
    assert () == report.principles[0].unknown
    assert report.digest


def test_a_principle_of_which_a_use_alone_is_known_is_not_kept() -> None:
    """A use that only the search for one finds is a loophole like any other, and claims nothing of other cases."""
    report = check(TEXT, limit=0)
    (way,) = [f for f in report.findings if f.code == "loophole"]
    assert "loophole:p:not-listed" == way.id
    assert way.box is not None
    assert {} == way.box.only
    assert 1 == report.open_errors


def test_what_ran_out_is_named_with_the_clause() -> None:
    """A check without steps says at which clause it ended, and the rest of the report is signed."""
    asker = Asker(steps=0, stop=None)
    inquiry = Inquiry(compile_text(TEXT), (), (), {}, (), ())
    assert [] == list(asker.all(dead.CHECK, inquiry))
    assert [Unfinished("dead-clause", "all")] == asker.unfinished
    assert not asker.stopped


def test_a_cut_off_list_is_in_the_digest() -> None:
    """A report whose list is cut off at another length is another report, and each can be signed."""
    digests = {check(TEXT, limit=limit).digest for limit in (1, 2)}
    assert 2 == len(digests - {""})
