"""A report as SARIF 2.1.0, which forges and editors show beside the lines of the text.

    log = sarif(report, clauses, "agreements/openai-dow")

OASIS, *Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01*. A kind of finding is a rule,
a finding a result at its words, an acceptance in the text a suppression. The id of a finding, which is stable over
runs, is its fingerprint: a forge that has shown it does not show it again as new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from avenant import __version__
from avenant.agreement.types import Clause
from avenant.analyse.types import Report
from avenant.findings.types import Finding
from avenant.languages import language, say
from avenant.prose.types import Wording
from avenant.render.covers import first
from avenant.render.order import LOOPHOLE, numbered
from avenant.render.said import limits, said_of, test
from avenant.render.words import lines_of, span, split_place

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "avenant/finding/v1"


def sarif(report: Report, clauses: Sequence[Clause], folder: str) -> dict[str, Any]:
    """The log.

    `clauses` are those of the text and of statements beside it; `folder` is the URI of where their files stand,
    relative or not.
    """
    properties = {
        "text": report.text,
        "textDigest": report.text_digest,
        "reportDigest": report.digest,
        "labels": list(report.labels),
    }
    places = _Places(clauses, folder)
    cut_off = "" if report.complete else limits(report)
    run = _run(numbered(report), places, cut_off, first(report))
    properties |= {
        "covered": list(report.covered),
        "uncovered": [one.clause for one in report.uncovered],
    }
    about = {"id": f"avenant/{report.text.partition('@')[0]}/"}
    return _log({**run, "automationDetails": about, "properties": properties})


def wording_sarif(wording: Wording, folder: str) -> dict[str, Any]:
    """The log of the words of a dossier in `folder`, or of any file: then `folder` is empty. It gives lines alone."""
    run = _run(
        wording.findings,
        _Places((), folder),
        "" if wording.complete else say("render.not-finished"),
    )
    return _log({**run, "automationDetails": {"id": f"avenant/wording/{wording.text}/"}})


def _log(run: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _run(
    findings: Sequence[Finding], place: _Places, cut_off: str, vain: Sequence[str] = ()
) -> dict[str, Any]:
    codes = list(dict.fromkeys(f.code for f in findings))
    driver = {
        "name": "Avenant",
        "semanticVersion": __version__,
        "rules": [_rule(code, findings) for code in codes],
    }
    return {
        "tool": {"driver": driver},
        "language": language(),
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(cut_off, vain)],
        "results": [_result(f, codes.index(f.code), place) for f in findings],
    }


def _rule(code: str, findings: Sequence[Finding]) -> dict[str, Any]:
    level = next(f.severity for f in findings if f.code == code)
    title = said_of("finding", code)
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in code.split("-")),
        "shortDescription": {"text": title},
        "help": {"text": f"{said_of('help', code)}\n{say('render.relative')}"},
        "defaultConfiguration": {"level": str(level)},
    }


def _invocation(cut_off: str, vain: Sequence[str]) -> dict[str, Any]:
    """Whether the search came to its end, and first what holds without a proof."""
    told = [("error", text) for text in vain]
    told += [("warning", cut_off)] if cut_off else []
    noted = [{"level": level, "message": {"text": text}} for level, text in told]
    return {
        "executionSuccessful": not cut_off,
        **({"toolExecutionNotifications": noted} if noted else {}),
    }


def _result(finding: Finding, rule: int, place: _Places) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": str(finding.severity),
        "message": {"text": _message(finding, place.labels)},
        "fingerprints": {FINGERPRINT: finding.id},
        # Empty says "not suppressed"; absent would say "not known" (§3.27.23).
        "suppressions": [],
    }
    passes = finding.box.passes if finding.box else ()
    first = next((p.word for p in passes if p.at == finding.at), None) or next(
        iter(finding.words), None
    )
    # What is about the whole text has no place of its own; code scanning asks for one.
    if at := finding.at or place.top:
        result["locations"] = [place.of(at, first)]
    related = list(_related(finding, first, place))
    if related:
        result["relatedLocations"] = related
    if finding.accepted:
        result["suppressions"] = [
            {"kind": "inSource", "status": "accepted", "justification": finding.accepted}
        ]
    if finding.box:
        result["properties"] = {"example": finding.box.witness}
    return result


def _message(finding: Finding, labels: Mapping[str, str]) -> str:
    if finding.code == LOOPHOLE:
        principle = labels.get(finding.clause or "", finding.clause)
        return say("render.way", principle=principle, what=finding.message)
    if not finding.title:
        return finding.message
    return say("phrases.colon", subject=finding.title, said=finding.told)


def _related(finding: Finding, first: str | None, place: _Places) -> Iterator[dict[str, Any]]:
    """Where a use gets past the other bans."""
    passes = finding.box.passes if finding.box else ()
    for i, p in enumerate(p for p in passes if (p.at, p.word) != (finding.at, first)):
        told = say("render.past", clause=p.label, word=test(p))
        yield {"id": i, "message": {"text": told}, **place.of(p.at, p.word)}


class _Places:
    """Makes a SARIF location of a place as findings give it, and a word there."""

    def __init__(self, clauses: Sequence[Clause], folder: str) -> None:
        self.labels = {clause.id: clause.label for clause in clauses}
        self.top = f"{clauses[0].at.file}:1" if clauses else ""
        self._lines = lines_of(clauses)
        self._folder = f"{folder.rstrip('/')}/" if folder else ""

    def of(self, at: str, word: str | None) -> dict[str, Any]:
        file, line = split_place(at)
        region: dict[str, int] = {"startLine": line}
        if word and (found := span(at, word, self._lines)):
            region = {
                "startLine": found.line,
                "startColumn": found.column,
                "endLine": found.end_line,
                "endColumn": found.end_column,
            }
        uri = self._folder + quote(file)
        location: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}
        }
        if there := self._lines.get((file, line)):
            clause, _ = there
            location["logicalLocations"] = [{"name": clause.label, "kind": "clause"}]
        return location
