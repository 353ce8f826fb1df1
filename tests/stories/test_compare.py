"""`avenant compare` as people use it: an amendment with its words, a reseller, a pull request that is checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from avenant.cli import app
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, chained, written
from tests.terms import RESELLER, STATED, SUPPLIER
from tests.unit.test_analyse_declared_effect import BAN, LESS, MORE, amendment

Ran = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Run `avenant compare` in a folder of its own; exit code, what it printed, what it complained of."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> tuple[int, str, str]:
        code = app.run(["compare", *argv])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def town(*amendments: str) -> None:
    """The town's agreement and its amendments, in `./town`."""
    files = {"0-agreement.md": AGREEMENT}
    files |= {f"{n}-amendment.md": text for n, text in enumerate(amendments, 1)}
    written(Path("town"), chained(files))


def terms(reseller: str = RESELLER) -> None:
    """The supplier's terms in `./acme`, the reseller's in `./shop`."""
    written(Path("acme"), {"0-agreement.md": SUPPLIER})
    written(Path("shop"), {"0-agreement.md": reseller})


def test_a_clarification_that_widens_is_named_so(ran: Ran) -> None:
    """The word, the place, the struck words and the use that gets through are on one screen; exit 1."""
    town(amendment("Clarification of section 4", LESS, words="may hardly"))
    code, out, _ = ran("town@0", "town@1")
    assert (1, "looser") == (code, out.split()[0])
    assert 'instrument 1 says of itself "Clarification"' in out
    assert "The police [-shall not-] {+may hardly+} use it." in out
    assert "permits more" in out


def test_the_same_in_french(ran: Ran) -> None:
    """The screen of a reader of French: the order, the finding in his quotation marks, the words as they stand."""
    town(amendment("Clarification of section 4", LESS, words="may hardly"))
    code, out, _ = ran("town@0", "town@1", "--lang", "fr")
    assert (1, "moins strict") == (code, out[: len("moins strict")])
    assert "« Clarification »" in out.replace("\u202f", " ")
    assert "[-shall not-] {+may hardly+}" in out


@pytest.mark.parametrize(
    ("more", "rule", "fail_on", "expected"),
    [
        ("", LESS, None, 0),
        ("", LESS, "looser", 1),
        ("order: looser\n", LESS, "looser", 0),
        ("order: looser\n", LESS, "any", 1),
        ("order: stricter\n", LESS, None, 1),
        ("", MORE, "looser", 0),
        ("", MORE, "any", 1),
        ("", BAN, "any", 0),
    ],
)
def test_what_makes_it_fail(
    ran: Ran, more: str, rule: str, fail_on: str | None, expected: int
) -> None:
    """`looser` unless the text says so, `any` for whatever decides otherwise; a stated order that is wrong, always."""
    town(amendment("Section 4", rule, more=more))
    assert expected == ran("town@0", "town@1", *(["--fail-on", fail_on] if fail_on else []))[0]


def test_an_edit_in_place_says_nothing_of_itself(ran: Ran) -> None:
    """Two folders of one dossier, edited without an instrument: looser fails, whatever was meant."""
    town()
    changed = AGREEMENT.replace('  resource in Intent::"deliberate" &&\n', "")
    written(Path("before"), {"0-agreement.md": changed})
    code, out, _ = ran("before", "town", "--fail-on", "looser")
    assert 1 == code
    assert "the same words, encoded otherwise" in out
    assert '{+resource in Intent::"deliberate" &&+}' in out


def test_inside_is_proved(ran: Ran) -> None:
    """A reseller's text whose bodies are stated stays inside, says so, and shows what was taken for what."""
    terms(STATED)
    code, out, _ = ran("acme", "shop", "--inside")
    assert (0, "inside") == (code, out.split()[0])
    assert "proved over all 3 clauses" in out
    assert "shop counts as certified (stated)" in out


def test_outside_is_shown_by_the_box_that_breaks_it(ran: Ran) -> None:
    """Exit 1, the supplier's clause, and the use in plain words."""
    terms()
    maps = ("--map", "shop=partner", "--map", "customer=end-user")
    code, out, _ = ran("acme", "shop", "--inside", *maps)
    assert (1, "not inside") == (code, out[:10])
    assert "acme §3 surveillance" in out
    assert "for surveillance" in out
    assert (0, "") == ran("acme", "shop", "--inside", "--map", "any=certified")[::2]


def test_inside_that_is_cut_off_is_not_finished(ran: Ran) -> None:
    """No time, no proof: exit 3, and no word of inside or outside."""
    terms(STATED)
    code, out, _ = ran("acme", "shop", "--inside", "--seconds", "0")
    assert (3, True) == (code, out.startswith("not finished"))
    assert "proved)" not in out


@pytest.mark.parametrize(
    ("argv", "said", "hint"),
    [
        (
            ("acme", "shop", "--inside"),
            "nothing says what `shop`, `customer` would be",
            "--map shop=BODY",
        ),
        (("acme", "shop", "--map", "shop"), "does not say which body is which", "BODY=BODY"),
        (("acme", "shop", "--map", "=x"), "does not say which body is which", "BODY=BODY"),
        (
            ("acme", "shop", "--map", "shop=partnr"),
            "`partnr` is no organisation of acme@0",
            "`partner`",
        ),
        (
            ("acme", "shop", "--map", "shpo=partner"),
            "`shpo` is no organisation of shop@0",
            "`shop`",
        ),
        (
            ("acme", "shop", "--map", "shop=partner", "--map", "shop=certified"),
            "`certified`",
            "once",
        ),
        (("acme", "acme"), "acme@0 is named twice", "another folder"),
        (("acme", "shop@4"), "no instrument 4", "its last one is 0"),
        (("acme", "nosuch"), "no dossier `nosuch`", "id"),
    ],
)
def test_mistakes(ran: Ran, argv: tuple[str, ...], said: str, hint: str) -> None:
    """One clear error with what to do, exit 2, and nothing printed as if it were an answer."""
    terms()
    code, out, err = ran(*argv)
    assert (2, "") == (code, out)
    assert said in err
    assert hint in err


def test_a_long_list_is_cut_and_says_how_to_see_all(ran: Ran) -> None:
    """More clauses than fit are counted; `--all` shows each, and `--brief` none of the words."""
    sections = "".join(
        f"\n### {n}. Ban {n} {{#ban-{n}}}\n\nNot [so](#purpose.office-work).\n\n```cedar\n"
        'forbid (principal, action, resource) when { resource in Purpose::"office-work" };\n```\n'
        for n in range(10, 22)
    )
    head = amendment("Bans").partition("\n## Replace")[0]
    town(f"{head}\n## Insert at the end\n{sections}")
    _, out, _ = ran("town@0", "town@1")
    assert "and 4 more: --all" in out
    assert "§21 ban-21" not in out.partition("Words")[2]
    assert "§10 ban-10 and 11 more" in out
    _, whole, _ = ran("town@0", "town@1", "--all")
    assert "§21 ban-21" in whole.partition("Words")[2]
    assert "more: --all" not in whole
    assert "Words" not in ran("town@0", "town@1", "--brief")[1]


def test_the_json_holds_words_and_effect(ran: Ran) -> None:
    """What the screen shows is data: segments, effect, boxes by their places, bodies, findings."""
    town(amendment("Clarification", LESS, words="may hardly"))
    code, out, _ = ran("town@0", "town@1", "--json")
    found = json.loads(out)
    (change,) = found["changes"]
    assert (1, "looser", [0]) == (code, change["effect"], change["permitted"])
    kinds = [(s["kind"], s["text"].strip()) for s in change["segments"]]
    assert ("struck", "shall not") in kinds
    assert ("inserted", "may hardly") in kinds
    assert ["named-otherwise"] == [f["code"] for f in found["findings"]]


def test_colours_take_the_place_of_the_marks(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal with colours, struck words are red and struck through, inserted ones green, without brackets."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    town(amendment("Section 4", words="may hardly"))
    _, out, _ = ran("town@0", "town@1")
    assert "[-" not in out
    assert "\x1b[9;31mshall not\x1b[0m" in out
    assert "\x1b[32mmay hardly\x1b[0m" in out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "[-shall not-] {+may hardly+}" in ran("town@0", "town@1")[1]


def test_the_pages_show_what_is_printed(ran: Ran) -> None:
    """The screens of both how-to pages are the command's own."""
    pages = ROOT / "docs" / "how-to"
    page = (pages / "compare-two-texts.md").read_text("utf-8")
    assert (ROOT / "tests/golden/compare-0-1.txt").read_text("utf-8") in page
    page = (pages / "reseller.md").read_text("utf-8")
    terms(STATED)
    assert ran("acme", "shop", "--inside")[1] in page
    terms()
    maps = ("--map", "shop=partner", "--map", "customer=end-user")
    assert ran("acme", "shop", "--inside", *maps)[1] in page
