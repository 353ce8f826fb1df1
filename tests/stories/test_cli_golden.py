"""What screens look like, kept in `tests/golden/*.txt`: a change shows as a difference somebody reads.

AVENANT_GOLDEN=write python -m pytest tests/stories/test_cli_golden.py    # write them, then read the difference
"""

from __future__ import annotations

import os
import re

import pytest

from avenant.cli import app
from tests.conformance import ROOT

FOLDER = ROOT / "tests" / "golden"
LAWFUL = ("effect=advice", "legality=lawful")
NSA = ("organisation=nsa", "operation=translate", "purpose=translation", *LAWFUL)
HELD = ("operation=track", "purpose=surveillance", "data=location", "population=us-persons")
TRACKED = ("organisation=army", *HELD, "provenance=purchased", *LAWFUL)

SCREENS = {
    "check-0-brief": ("check", "openai-dow@0", "--brief"),
    "check-1": ("check", "openai-dow@1"),
    "check-1-show-1": ("check", "openai-dow@1", "--show", "1"),
    "compare-0-1": ("compare", "openai-dow@0", "openai-dow@1"),
    "compare-1-0": ("compare", "openai-dow@1", "openai-dow@0"),
    "ask-refused": ("ask", "openai-dow@1", *NSA),
    "ask-undetermined": ("ask", "openai-dow@1", *TRACKED),
    "ask-suspected": (
        "ask",
        "openai-dow@1",
        "organisation=army",
        *NSA[1:],
        "--suspected",
        "organisation=nsa",
    ),
    "ask-silent": ("ask", "openai-dow@1", "organisation=contractor", *NSA[1:]),
    "ask-unread": ("ask", "openai-dow@1", "organisation=army", *NSA[1:], "--tool", "search"),
    "ask-let-past": ("ask", "openai-dow@2", *NSA, "--on", "2026-05-01"),
    "show-surveillance": ("show", "openai-dow@1", "surveillance"),
    "status": ("status", "openai-dow"),
}
# The same in French, with the translation's words; `fr-mistake` is what standard error says.
SCREENS |= {
    f"fr-{name}": ("--lang", "fr", *SCREENS[name])
    for name in (
        "check-0-brief",
        "check-1",
        "check-1-show-1",
        "compare-0-1",
        "ask-refused",
        "ask-undetermined",
        "ask-silent",
        "ask-unread",
        "ask-let-past",
        "show-surveillance",
        "status",
    )
} | {
    "fr-mistake": ("--lang", "fr", "ask", "openai-dow", "purpos=x", "intent=deliberat"),
    "fr-mistyped": ("--lang", "fr", "chek", "openai-dow"),
    "fr-help": ("--lang", "fr", "--help"),
    "fr-help-check": ("--lang", "fr", "check", "--help"),
    "fr-help-ledger": ("--lang", "fr", "ledger", "--help"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_was(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command prints what its file holds, but for the seconds that it took."""
    monkeypatch.chdir(ROOT)
    argv = SCREENS[name]
    code = app.run(["--lang", "en", *argv] if argv[0] != "--lang" else [*argv])
    assert app.BUG != code  # a fault of ours is no screen to keep
    said = capsys.readouterr()
    out = re.sub(r"\d+([.,])\d s$", r"0\g<1>0 s", said.out + said.err, flags=re.MULTILINE)
    screen = f"$ avenant {' '.join(argv)}\n{out}"
    file = FOLDER / f"{name}.txt"
    if os.environ.get("AVENANT_GOLDEN") == "write":
        file.write_text(screen, "utf-8")
    told = (
        f"if this is meant: AVENANT_GOLDEN=write python -m pytest {__name__.replace('.', '/')}.py"
    )
    assert file.read_text("utf-8") == screen, told


def test_every_golden_screen_is_printed() -> None:
    """No file is left over from a screen that nobody prints any more."""
    assert sorted(f"{name}.txt" for name in SCREENS) == sorted(f.name for f in FOLDER.glob("*.txt"))


def test_the_how_to_of_translations_shows_the_screen() -> None:
    """What the page on translations promises is the French screen as it is."""
    page = (ROOT / "docs" / "how-to" / "translate-an-agreement.md").read_text("utf-8")
    assert f"```console\n{(FOLDER / 'fr-ask-refused.txt').read_text('utf-8')}```" in page
