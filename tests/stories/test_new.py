"""`avenant new` in an empty folder: each template checks clean in both languages, and is what its page says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import msgspec
import pytest

from avenant.agreement.types import InForce
from avenant.analyse.types import Report
from avenant.cli import app
from avenant.cli.new import Started, Template, templates, texts
from avenant.findings.types import Order, Severity
from avenant.languages import LANGUAGES, speak
from avenant.library import load
from tests.conformance import ROOT

Capsys = pytest.CaptureFixture[str]
TEMPLATES = ("model-clauses", "reseller", "town-hall", "two-red-lines", "usage-policy")
EACH = [(template, language) for template in TEMPLATES for language in LANGUAGES]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each test stands in a folder of its own, and begins in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    speak("en")


def template(id: str) -> Template:
    """A template by its id."""
    return next(t for t in templates() if t.id == id)


def made(id: str, language: str, *arguments: str) -> InForce:
    """The text in force of a dossier made of a template, in agreements/x."""
    assert 0 == app.run(["--lang", language, "new", "x", "--from", id, *arguments])
    return load("x").in_force


def named(id: str) -> list[str]:
    """`--party` for every party of a template."""
    return [part for party in template(id).parties for part in ("--party", f"{party}=Acme {party}")]


def checked(capsys: Capsys, language: str) -> Report:
    """The report of `avenant check x` in a language, which exits 0."""
    capsys.readouterr()
    code = app.run(["--lang", language, "check", "x", "--json"])
    shown = capsys.readouterr()
    assert (0, "") == (code, shown.err)
    return msgspec.json.decode(shown.out, type=Report)


def test_the_templates_are_these() -> None:
    """Each folder is a template, with a line in each language."""
    assert TEMPLATES == tuple(t.id for t in templates())
    assert all(set(LANGUAGES) == set(t.line) for t in templates())


@pytest.mark.parametrize(("id", "language"), EACH)
def test_a_template_checks_clean(capsys: Capsys, id: str, language: str) -> None:
    """No error, and no warning but the names to be filled in; every principle is proved, in either language."""
    made(id, language)
    for spoken in LANGUAGES:
        report = checked(capsys, spoken)
        assert report.complete
        assert [] == [
            f.id for f in report.findings if f.severity is Severity.ERROR and not f.accepted
        ]
        warnings = {f.id for f in report.findings if f.severity is Severity.WARNING}
        assert {f"placeholder:{party}" for party in template(id).parties} == warnings
        assert len(report.principles) >= 2
        assert [0] * len(report.principles) == [p.ways for p in report.principles]


@pytest.mark.parametrize("id", TEMPLATES)
def test_named_parties_leave_nothing_open(capsys: Capsys, id: str) -> None:
    """With every party named, `check` warns of nothing; the names stand in the text."""
    text = made(id, "en", *named(id))
    report = checked(capsys, "en")
    assert [] == [
        f.id for f in report.findings if f.severity is not Severity.NOTE and not f.accepted
    ]
    assert [f"Acme {party}" for party in template(id).parties] == [p.name for p in text.parties]


def test_a_draft_that_is_to_count_later_is_checked_by_its_name(capsys: Capsys) -> None:
    """Nobody is bound yet, and whoever names no date means what is being written; on a date, there is nothing."""
    made("usage-policy", "en")
    file = Path("agreements/x/0-agreement.md")
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub("(?m)^effective: .*$", "effective: 2999-01-01", text), encoding="utf-8")
    assert "2999-01-01" in checked(capsys, "en").since
    assert 2 == app.run(["check", "x", "--on", "2998-01-01"])
    assert "nothing" in capsys.readouterr().err


@pytest.mark.parametrize("id", TEMPLATES)
def test_both_languages_are_one_text(id: str) -> None:
    """The two languages of a template have the same rules, clauses, marks and linked words."""
    both = {}
    for language in LANGUAGES:
        (Path(language) / "x").mkdir(parents=True)
        text = texts(msgspec.structs.replace(template(id), translated=False), language)
        (Path(language) / "x/0-agreement.md").write_text(text["0-agreement.md"], encoding="utf-8")
        both[language] = load(f"{language}/x").in_force
    one, other = both["en"], both["fr"]
    assert [(c.id, c.number, c.kind, c.red_line, len(c.choices)) for c in one.clauses] == [
        (c.id, c.number, c.kind, c.red_line, len(c.choices)) for c in other.clauses
    ]
    for clause, same in zip(one.clauses, other.clauses, strict=True):
        assert [r.source for r in clause.rules] == [r.source for r in same.rules]
        assert sorted((w.axis, w.category) for w in clause.words) == sorted(
            (w.axis, w.category) for w in same.words
        )
    assert (
        one.vocabulary.categories == other.vocabulary.categories
        or one.vocabulary == other.vocabulary
    )


@pytest.mark.parametrize("id", [t.id for t in templates() if t.translated])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_template_holds_both(id: str, language: str) -> None:
    """Where a template is in two languages, each clause of the dossier has words in both."""
    text = made(id, language)
    authoritative = template(id).authoritative or language
    assert authoritative == text.language
    other = next(name for name in LANGUAGES if name != authoritative)
    assert Path(f"agreements/x/0-agreement.{other}.md").exists()
    assert all(clause.prose.get(other) for clause in text.clauses)


def test_the_reseller_is_inside_its_supplier(capsys: Capsys) -> None:
    """The reseller's terms permit nothing that the supplier's policy refuses, and not the other way round."""
    assert 0 == app.run(["new", "supplier", "--from", "usage-policy"])
    assert 0 == app.run(["new", "reseller", "--from", "reseller"])
    assert Order.STRICTER is load("supplier").compare(load("reseller")).order
    capsys.readouterr()
    assert 0 == app.run(["compare", "supplier", "reseller", "--inside"])
    assert capsys.readouterr().out.startswith("inside")
    app.run(["compare", "reseller", "supplier", "--inside"])
    assert capsys.readouterr().out.startswith("not inside")


def test_a_template_does_what_it_is_for() -> None:
    """The city's office work is permitted; a benefit decided by a machine, and a social score, are refused."""
    made("town-hall", "en")
    city = {"organisation": "registry-office", "operation": "draft", "setting": "nowhere"}
    office = {**city, "purpose": "office-work", "effect": "advice", "oversight": "advised"}
    assert "permitted" == load("x").decide(office).outcome.value
    assert "refused" == load("x").decide({**office, "effect": "social-scoring"}).outcome.value
    benefit = {
        **office,
        "organisation": "social-services",
        "purpose": "benefits",
        "effect": "benefit-decision",
    }
    assert "permitted" == load("x").decide(benefit).outcome.value
    assert "refused" == load("x").decide({**benefit, "oversight": "none"}).outcome.value


def test_the_two_red_lines_are_labelled() -> None:
    """What is reconstructed says so in either language, with its source."""
    for language in LANGUAGES:
        text = made("two-red-lines", language)
        assert 1 == len(text.labels) == len(text.sources)
        assert re.match(r"Reconstructed from published|Reconstruit d'après", text.labels[0])
        assert ["surveillance", "weapons"] == [c.id for c in text.clauses if c.red_line]
        Path("agreements/x/0-agreement.md").unlink()


def test_without_a_name_the_templates_are_listed(capsys: Capsys) -> None:
    """A line each, in the language of the reader; as data with `--json`."""
    assert 0 == app.run(["--lang", "fr", "new"])
    shown = capsys.readouterr().out
    assert all(re.search(rf"^  {id} ", shown, re.MULTILINE) for id in TEMPLATES)
    assert "avenant new NOM --from" in shown
    assert 0 == app.run(["new", "--json"])
    listed = msgspec.json.decode(capsys.readouterr().out, type=dict[str, Any])
    expected = {"schema": "avenant/templates@1", "templates": list(templates())}
    assert json.loads(msgspec.json.encode(expected)) == listed


def test_what_was_made_is_said(capsys: Capsys) -> None:
    """The files, the names that are still open, and what to do next; the same as data."""
    assert 0 == app.run(["new", "ours", "--from", "town-hall", "--party", "city=Ys"])
    shown = capsys.readouterr().out.splitlines()
    assert ["agreements/ours/0-agreement.md", "agreements/ours/0-agreement.fr.md"] == shown[:2]
    assert "still to be named in the front matter: supplier" == shown[2]
    assert shown[3].endswith("avenant check agreements/ours")
    assert 0 == app.run(["new", "theirs", "--from", "reseller", "--json"])
    told = msgspec.json.decode(capsys.readouterr().out, type=Started)
    expected = Started(
        "theirs", "reseller", "en", ("agreements/theirs/0-agreement.md",), ("reseller",)
    )
    assert expected == told


def test_a_name_may_hold_any_sign() -> None:
    """Quotes, colons and braces in a party's name stay what they are."""
    name = 'Ys: "the {town}" & [co], \\ l\'été'
    assert name == made("town-hall", "fr", "--party", f"city={name}").parties[1].name


# arguments, a part of the message
MISTAKES = (
    (["x", "--from", "usage"], "no template `usage`"),
    (["x", "--from", "usage-polcy"], "no template `usage-polcy`"),
    (["x"], "none is named"),
    (["--from", "reseller"], "needs a name"),
    (["--party", "a=b"], "needs a name"),
    (["My Policy", "--from", "reseller"], "`My Policy` is not the id"),
    (["x", "--from", "reseller", "--party", "city=Ys"], "no party `city`"),
    (["x", "--from", "reseller", "--party", "city"], "does not name a party"),
    (["taken", "--from", "reseller"], "nothing is written over"),
)


@pytest.mark.parametrize(("arguments", "told"), MISTAKES)
def test_a_mistake_is_one_clear_error(capsys: Capsys, arguments: list[str], told: str) -> None:
    """Each mistake is said with a remedy, and nothing is made."""
    Path("agreements/taken").mkdir(parents=True)
    Path("agreements/taken/mine.txt").write_text("mine", encoding="utf-8")
    code = app.run(["new", *arguments])
    shown = capsys.readouterr()
    assert (2, "") == (code, shown.out)
    assert told in shown.err
    assert "\n      " in shown.err
    assert ["agreements/taken/mine.txt"] == [str(f) for f in Path().rglob("*") if f.is_file()]


def test_the_commands_of_the_page_are_true(capsys: Capsys) -> None:
    """What the page shows at a prompt is what comes out, line for line."""
    page = (ROOT / "docs/how-to/templates.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert 2 == len(blocks)
    for shown in re.split(r"^\$ avenant ", "".join(blocks), flags=re.MULTILINE)[1:]:
        typed, _, output = shown.partition("\n")
        assert 0 == app.run(shlex.split(typed))
        assert output == capsys.readouterr().out


def test_each_template_has_its_section() -> None:
    """The page has a section on each template, which names its parties and every option of the verb."""
    page = (ROOT / "docs/how-to/templates.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## (\S+)$", page, re.MULTILINE)) == sorted(TEMPLATES)
    for id in TEMPLATES:
        section = page.split(f"\n## {id}\n")[1].split("\n## ")[0]
        for party in template(id).parties:
            assert f"`{party}`" in section, (id, party)
    assert all(option in page for option in ("--from", "--party", "--lang fr", "--json"))
