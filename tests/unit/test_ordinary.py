"""Ordinary uses held against a text: all of each is permitted, or it is said which clause stands in its way."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from avenant.agreement.compiled import compile_text
from avenant.agreement.reading.ordinary import OrdinaryUse, read_uses
from avenant.analyse.checks.ordinary import with_ordinary
from avenant.analyse.remedy import with_remedies
from avenant.analyse.report import digest
from avenant.analyse.types import Report
from avenant.errors import Span
from avenant.findings.types import Finding, Severity
from avenant.languages import speak
from avenant.render.markdown import report_markdown
from avenant.source.nodes import read_yaml
from tests.checked import check
from tests.remedy_world import as_markdown, loaded, remedies_of, small_core
from tests.small_texts import said, small_text, vocabulary

TEXT = small_text(
    {
        "all": "permit (principal, action, resource);",
        "ban": 'forbid (principal, action, resource) when { resource in Purpose::"harm" &&'
        ' resource in Mind::"meant" };',
    }
)
AT = Span("ordinary.yaml", 3)


def use(name: str, **categories: str | tuple[str, ...]) -> OrdinaryUse:
    """An ordinary use of that name in both languages."""
    given = {a: (c,) if isinstance(c, str) else c for a, c in categories.items()}
    return OrdinaryUse(said(name), given, AT)


def lost(*uses: OrdinaryUse) -> Mapping[str, Finding]:
    """The findings on those that the text does not permit, by title."""
    report = with_ordinary(check(TEXT), compile_text(TEXT), uses)
    found = {f.title: f for f in report.findings if f.code == "ordinary-use-lost"}
    assert report.ordinary is not None
    assert (len(uses), len(uses) - len(found)) == (report.ordinary.uses, report.ordinary.permitted)
    return found


def test_a_use_is_permitted_only_if_all_of_it_is() -> None:
    """An axis that is left out may be anything; several categories are several uses."""
    found = lost(
        use("whole", purpose="good"),
        use("not meant", purpose="harm", mind="unmeant"),
        use("refused", purpose="harm", mind="meant"),
        use("open", purpose="harm"),
        use("open anyway"),
        use("one of two", purpose=("good", "small-harm"), mind="meant"),
    )
    assert ["refused", "open", "open anyway", "one of two"] == list(found)
    assert {Severity.ERROR} == {f.severity for f in found.values()}
    assert {"ban"} == {f.clause for f in found.values() if f.title != "open anyway"}
    assert "an ordinary use is refused by §2 ban" == found["refused"].message
    assert "depends on mind" in found["open"].message
    assert {str(AT)} == {f.at for f in found.values()}


def test_no_clause_may_stand_in_the_way_but_none_permit_it() -> None:
    """What no clause permits is said to be so."""
    text = small_text(
        {"some": 'permit (principal, action, resource) when { resource in Purpose::"good" };'}
    )
    (finding,) = [
        f
        for f in with_ordinary(
            check(text), compile_text(text), (use("one", purpose="harm"),)
        ).findings
        if f.code == "ordinary-use-lost"
    ]
    assert "an ordinary use is refused: no clause permits it" == finding.message
    assert finding.clause is None


def test_ordinary_uses_change_no_digest() -> None:
    """They are no part of what is signed: the digest is that of the report without them."""
    report = check(TEXT)
    more = with_ordinary(
        report,
        compile_text(TEXT),
        (use("refused", purpose="harm", mind="meant"), use("kept", purpose="good")),
    )
    assert report.digest
    assert report.digest == more.digest
    assert more.open_errors == report.open_errors + 1
    kept = with_ordinary(report, compile_text(TEXT), (use("kept", purpose="good"),))
    assert digest(kept) == report.digest
    assert report == with_ordinary(report, compile_text(TEXT), ())


def test_a_file_is_read_with_names_in_one_language_or_two() -> None:
    """A name without a language is every language's; each use knows its line."""
    source = (
        "uses:\n- {name: one, use: {purpose: good}}\n"
        "- name: {en: two, fr: deux}\n  use:\n    mind: [meant, unmeant]\n"
    )
    one, two = read_uses(read_yaml(source, Span("f.yaml", 1)), vocabulary())
    assert {"en": "one", "fr": "one"} == one.name
    assert {"en": "two", "fr": "deux"} == two.name
    assert {"mind": ("meant", "unmeant")} == two.use
    assert (2, 3) == (one.at.line, two.at.line)


def test_a_report_speaks_french() -> None:
    """The title is the use's French name, the sentence French; the id is the same in both languages."""
    english = lost(use("open", purpose="harm"))["open"]
    speak("fr")
    try:
        (french,) = lost(use("open", purpose="harm")).values()
    finally:
        speak("en")
    assert "open, en français" == french.title
    assert french.message.startswith("un usage à garantir")
    assert english.id == french.id


def test_a_remedy_is_printed_as_json_and_changes_no_digest() -> None:
    """The report with its remedies is one value of the data model, and its digest that of the report without."""
    text = small_text(
        {"all": "permit (principal, action, resource);"},
        {"p": 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'},
    )
    with small_core():
        dossier = loaded(as_markdown(text))
        report = dossier.check()
        more = with_remedies(report, remedies_of(dossier, report))
    assert ["loophole"] == [f.code for f in more.findings if f.remedy]
    assert report.digest == more.digest == digest(more)
    again = msgspec.json.decode(msgspec.json.encode(more), type=Report)
    assert more == again


def test_a_report_in_markdown_says_what_closes_and_what_is_kept() -> None:
    """A comment on a pull request has the remedy and the ordinary uses, as the screen does."""
    text = small_text(
        {"all": "permit (principal, action, resource);"},
        {"p": 'forbid (principal, action, resource) when { resource in Purpose::"harm" };'},
    )
    with small_core():
        dossier = loaded(as_markdown(text))
        uses = (use("kept", purpose="good"),)
        report = with_ordinary(dossier.check(), dossier.compiled, uses)
        told = report_markdown(with_remedies(report, remedies_of(dossier, report, uses)))
    assert "- **To close it:** P as a clause of its own\n" in told
    assert "**ordinary uses** — 1 of 1 permitted (proved)" in told
