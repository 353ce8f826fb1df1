"""The report as a page, in a real browser: read, printed, on a phone, by ear, and with hostile text in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import avenant
from avenant.languages import speak
from avenant.render.page import page
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written

pytestmark = [pytest.mark.web, pytest.mark.xdist_group("web")]

SAMPLE = ROOT / "agreements" / "openai-dow@1"
LIE = "<script>window.owned = 1</script><img src=x onerror='window.owned = 1'>\\\" onload=\\\"window.owned = 1"
TYPED = "&lt;script&gt;window.owned = 1&lt;/script&gt; &quot; ' &lt;a href=&quot;javascript:window.owned = 1&quot;&gt;"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins and ends in English."""
    speak("en")
    yield
    speak("en")


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page of a dossier as a file; fails when the page asks anybody for anything."""
    asked: list[str] = []
    pages: list[Page] = []

    def open_(dossier: Path, **how: Any) -> Page:
        text = avenant.load(dossier)
        file = tmp_path / "page.html"
        beside = [clause for _, clause in text.stated]
        file.write_text(page(text.check(), text.in_force, beside), "utf-8")
        shown = browser.new_page(**how)
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(file.as_uri())
        pages.append(shown)
        return shown

    yield open_
    for shown in pages:
        shown.close()
    assert {(tmp_path / "page.html").as_uri()} == set(asked)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(opened: Callable[..., Page], language: str, scheme: str) -> None:
    """The checker axe finds no violation, in either language, by day and by night."""
    speak(language)
    shown = opened(SAMPLE, color_scheme=scheme)
    assert language == shown.locator("html").get_attribute("lang")
    found = Axe().run(shown)
    assert [] == [violation["id"] for violation in found.response["violations"]]


def test_axe_sees_a_fault(opened: Callable[..., Page]) -> None:
    """The check can fail: a picture without a name is found."""
    shown = opened(SAMPLE)
    shown.evaluate("document.body.append(document.createElement('img'))")
    assert "image-alt" in [v["id"] for v in Axe().run(shown).response["violations"]]


@pytest.mark.parametrize(
    ("language", "named"), [("en", "intentionally"), ("fr", "intentionnellement")]
)
def test_words_lead_to_findings_and_back(
    opened: Callable[..., Page], language: str, named: str
) -> None:
    """The number behind a word opens its finding, and the finding's words lead back to it: in a translation too."""
    speak(language)
    shown = opened(SAMPLE)
    clause = shown.locator("#c-surveillance")
    word = clause.locator("mark", has_text=named).first
    assert "error" == word.get_attribute("class")
    number = word.locator("xpath=following-sibling::sup[1]/a[1]")
    card = number.get_attribute("href")
    number.click()
    assert shown.url.endswith(str(card))
    back = shown.locator(f"{card} .passes a", has_text="§8").first
    back.click()
    target = "document.querySelector(':target ~ mark').textContent"
    assert named == shown.evaluate(target)


def test_every_link_leads_somewhere_on_the_page(opened: Callable[..., Page]) -> None:
    """Each anchor exists once, and no link leaves the page."""
    shown = opened(SAMPLE)
    targets = shown.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    ids = shown.locator("[id]").evaluate_all("all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert targets
    assert set() == {t.removeprefix("#") for t in targets} - set(ids)


def test_what_matters_stands_first(opened: Callable[..., Page]) -> None:
    """The outcome, each principle with its ways, the counts, the digest and the labels are there."""
    report = avenant.load(SAMPLE).check()
    shown = opened(SAMPLE)
    ways = sum(p.ways for p in report.principles)
    assert shown.locator(".outcome").inner_text().startswith(f"{ways} loopholes")
    body = shown.locator("body").inner_text()
    for said in (*report.labels, report.digest, report.text_digest, "relative to this vocabulary"):
        assert said in body
    for principle in report.principles:
        assert principle.words in body
    sentences = [f.box.sentence for f in report.findings if f.box]
    assert [] == [s for s in sentences if s[1:] not in body]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_the_screen(opened: Callable[..., Page], width: int) -> None:
    """Nothing stands out to the right: on a phone there is one column, on a desk the findings are beside."""
    shown = opened(SAMPLE, viewport={"width": width, "height": 800})
    assert width == shown.evaluate("document.documentElement.scrollWidth")
    prose = shown.locator("#c-weapons .prose").bounding_box()
    notes = shown.locator("#c-weapons .notes").bounding_box()
    assert prose
    assert notes
    if width < 800:
        assert notes["y"] >= prose["y"] + prose["height"]
    else:
        assert notes["x"] >= prose["x"] + prose["width"]


def test_it_prints(opened: Callable[..., Page]) -> None:
    """Printed, the ground is white whatever the screen was, and there are pages."""
    shown = opened(SAMPLE, color_scheme="dark")
    pdf = shown.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    shown.emulate_media(media="print", color_scheme="light")
    assert "rgb(255, 255, 255)" == shown.evaluate("getComputedStyle(document.body).backgroundColor")


def test_what_is_accepted_is_said_with_its_reason(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    """An accepted finding stands in the summary with the reason that the parties gave."""
    shown = opened(written(tmp_path / "town", {"0-agreement.md": AGREEMENT}))
    accepted = shown.locator("section", has=shown.locator("#summary")).inner_text()
    assert "the town knows this." in accepted


def test_colour_is_not_alone(opened: Callable[..., Page]) -> None:
    """Severities differ in the line under a word and in a sign, not in colour alone."""
    shown = opened(SAMPLE)
    styles = [
        shown.locator(f".legend mark.{s}").evaluate("e => getComputedStyle(e).borderBottomStyle")
        for s in ("error", "warning", "note")
    ]
    assert 3 == len(set(styles))
    assert {"■", "▲", "●"} >= set(shown.locator(".kind [aria-hidden]").all_inner_texts())


def test_hostile_text_does_nothing(opened: Callable[..., Page], tmp_path: Path) -> None:
    """Scripts, quotes and addresses that somebody wrote into a text are shown, and nothing more."""
    hostile = (
        AGREEMENT.replace("Invented for a test.\n", f'"{LIE}"\n', 1)
        .replace("title: Use of the assistant by the town", f'title: "{LIE}"')
        .replace("name: The town", f'name: "{LIE}"')
        .replace("title: The town", f'title: "{LIE}"')
        .replace('https://example.org/town", ret', 'https://example.org/\\"onload=owned", ret')
        .replace("## 4. Police", f"## 4. Police {TYPED}")
        .replace("The [police]", f"{TYPED} The [police]")
        .replace("the town knows this", f"{TYPED} knows this")
        .replace("(a) Nothing", f"{TYPED} Nothing")
        .replace("Keeping what", f"{TYPED} Keeping what")
    )
    dossier = written(tmp_path / "town", {"0-agreement.md": hostile})
    shown = opened(dossier, bypass_csp=True)
    assert 0 == shown.evaluate("document.scripts.length")
    assert 0 == shown.locator("img").count()
    attributes = shown.evaluate(
        "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    )
    assert [] == attributes
    hrefs = shown.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert all(href.startswith("#") for href in hrefs)
    assert shown.evaluate("window.owned === undefined")
    assert "<script>window.owned = 1</script>" in shown.locator("h1").inner_text()
    assert "<script>" in shown.locator("#c-police").inner_text()
