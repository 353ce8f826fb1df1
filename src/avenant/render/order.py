"""The order in which every report shows its findings, and so the number that each has in all of them.

Ways through come first, principle by principle; then the other findings, heading by heading.

    for number, finding in enumerate(numbered(report), 1): ...
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.analyse.types import Principle, Report
from avenant.findings.types import Finding

LOOPHOLE = "loophole"
ENFORCE = "enforce"

# The headings of findings that are no ways through, each with its codes, in this order; `REST` takes what no other
# names too, behind its own and in the order of the report, and `WORDING` all codes that begin with its name.
REST = "structure"
WORDING = "wording"
HEADINGS: dict[str, tuple[str, ...]] = {
    "proof": ("permits-nothing", "idle-principle", "total-principle"),
    "ordinary": ("ordinary-use-lost",),
    ENFORCE: ("unobservable", "vacuous", "beneficiary-attests"),
    "statements": (
        "statement-broader",
        "statement-missing",
        "statement-narrower",
        "statements-differ",
    ),
    REST: (
        *("conflict", "exception-covers-rule", "hidden-exemption", "circular"),
        *("claimed-precedence", "claimed-limit"),
    ),
    WORDING: (),
}


def heading(finding: Finding) -> str:
    """The heading that a finding stands under."""
    if finding.code.startswith(f"{WORDING}-"):
        return WORDING
    return next((h for h, codes in HEADINGS.items() if finding.code in codes), REST)


def ways_through(report: Report, principle: Principle) -> list[Finding]:
    """The loopholes of one principle, as found."""
    return [f for f in report.findings if f.through(principle.clause)]


def numbered(report: Report) -> Sequence[Finding]:
    """The findings in the order in which reports number them, from 1."""
    ways = [f for principle in report.principles for f in ways_through(report, principle)]
    rest = [f for f in report.findings if f.code != LOOPHOLE]
    return [*ways, *sorted(rest, key=_rank)]


def grouped(report: Report) -> dict[str, list[tuple[int, Finding]]]:
    """Heading -> numbered findings that are no ways through; headings without any are left out."""
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for number, finding in enumerate(numbered(report), 1):
        if finding.code != LOOPHOLE:
            groups.setdefault(heading(finding), []).append((number, finding))
    return groups


def _rank(finding: Finding) -> tuple[int, int]:
    under = heading(finding)
    codes = HEADINGS[under]
    return [*HEADINGS].index(under), codes.index(finding.code) if finding.code in codes else len(
        codes
    )
