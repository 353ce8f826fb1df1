"""Texts that say nothing, or nothing that holds together: `check` says so, and never that there is no loophole.

Each is the small dossier of `tests/dossiers.py` with one thing changed; the command is run as a person runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avenant.cli import app
from tests.dossiers import AGREEMENT, STATEMENT, written

Run = Callable[..., tuple[int, str, str]]

RULES = AGREEMENT.index("## 2. Purposes")
PRINCIPLE = (
    'forbid (principal, action, resource) when { resource in Purpose::"surveillance" };\n```\n'
)
PERMIT = AGREEMENT[RULES : AGREEMENT.index("## 3. Watching")]
VOCABULARY = AGREEMENT[AGREEMENT.index("organisation:\n") : AGREEMENT.index("```\n\n```facts")]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Checks an agreement and what else is in its folder: the exit code, the screen, the errors."""

    def check(agreement: str, *options: str, **statements: str) -> tuple[int, str, str]:
        files = {"0-agreement.md": agreement}
        files |= {f"statements/{name}.md": text for name, text in statements.items()}
        code = app.run(["--lang", "en", "check", str(written(tmp_path, files)), *options])
        told = capsys.readouterr()
        return code, " ".join(told.out.split()), " ".join(told.err.split())

    return check


def changed(*pairs: tuple[str, str]) -> str:
    """The agreement with these passages replaced."""
    text = AGREEMENT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


WRONG = {
    "no clauses": (
        AGREEMENT[: AGREEMENT.index("## 1. Definitions")],
        "this agreement has no clauses",
        "a clause begins with a heading",
    ),
    "no rules": (AGREEMENT[:RULES], "no clause of this text holds a rule", "add a `cedar` block"),
    "another format": (
        changed(("avenant: 1", "avenant: 2")),
        "this is version 2 of the format",
        "write `avenant: 1`",
    ),
    "below itself": (
        changed(
            (VOCABULARY, "organisation:\n  town: {children: {police: {}, library: {}, town: {}}}\n")
        ),
        "`town` stands below itself",
        "take one of the two out",
    ),
    "bands that fall": (
        changed((VOCABULARY, f"{VOCABULARY}scale:\n  bulk: {{over: 0}}\n")),
        "the band `bulk` does not begin above `list`",
        "the lowest first",
    ),
    "two parents": (
        changed(
            (
                VOCABULARY,
                f"{VOCABULARY}purpose:\n  marketing: {{children: {{surveillance: {{}}}}}}\n",
            )
        ),
        "`surveillance`",
        "",
    ),
    "a principle that nothing can violate": (
        changed(
            (
                PRINCIPLE,
                PRINCIPLE.replace("};", '} unless { resource in Purpose::"surveillance" };'),
            )
        ),
        "this condition holds for no use at all",
        "",
    ),
    "a principle about what cannot be": (
        changed((PRINCIPLE, PRINCIPLE.replace("};", '&& resource in Purpose::"marketing" };'))),
        "no use is both `surveillance` and `marketing`",
        "join them with `||`",
    ),
}


@pytest.mark.parametrize(("agreement", "wrong", "remedy"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_meant_is_one_clear_error(
    run: Run, agreement: str, wrong: str, remedy: str
) -> None:
    """Exit 2, the file and line, what is wrong and what to write instead; nothing is analysed."""
    code, out, err = run(agreement)
    assert (2, "") == (code, out)
    assert "0-agreement.md:" in err
    assert wrong in err
    assert remedy in err
    assert 1 == err.count("error ")


@pytest.mark.parametrize(
    ("agreement", "says"),
    [
        (changed((PERMIT, "")), "the text permits no use at all"),
        (
            changed((PRINCIPLE, '@until("2025-01-01")\n' + PRINCIPLE)),
            "no prohibition of R1 applies in this period",
        ),
        (
            changed((PRINCIPLE, "forbid (principal, action, resource);\n```\n")),
            "every use violates R1",
        ),
    ],
)
def test_what_proves_nothing_is_an_error_and_no_proof(run: Run, agreement: str, says: str) -> None:
    """Exit 1, and nowhere that no loophole was proved."""
    code, out, _ = run(agreement)
    assert 1 == code
    assert says in out
    assert "no loophole (proved)" not in out


def test_a_statement_s_principle_is_held_to_the_same(run: Run) -> None:
    """One that every use violates is an error beside the text too."""
    total = STATEMENT.replace(' when { resource in Purpose::"surveillance" }', "")
    code, out, _ = run(AGREEMENT, said=total)
    assert 1 == code
    assert "every use violates S1" in out


def test_terms_defined_by_each_other_are_an_error(run: Run) -> None:
    """The circle is shown, from its first term back to it."""
    defined = '## 5. Terms {#terms .definitions}\n\n"Watching" means looking. "Looking" means watching.\n\n'
    code, out, _ = run(changed(("## R1", f"{defined}## R1")), "--json")
    assert 1 == code
    assert "“Watching” → “Looking” → “Watching”" in out


def test_what_is_accepted_in_the_text_is_counted_and_no_longer_fails(run: Run) -> None:
    """The note stands in what is signed; the report keeps the finding with its reason, on the screen and in JSON."""
    code, out, _ = run(AGREEMENT.replace("loophole:r1:intent:", "loophole:r1:nothing:"))
    assert (1, False) == (code, "1 accepted" in out)
    code, out, _ = run(AGREEMENT)
    assert (0, True) == (code, "1 accepted" in out)
    assert "accepted: the town knows this." in out
    code, out, _ = run(AGREEMENT, "--json")
    assert 0 == code
    assert '"accepted":1' in out.replace(" ", "")
