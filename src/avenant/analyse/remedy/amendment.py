"""A remedy -> the amendment that `--fix` writes: what it changes, and what it says of itself, in each language.

proposal = amendment(dossier, text, report, remedy)
proposal.files                      # {"3-amendment.md": "---…", "3-amendment.fr.md": "---…"}
"""

from __future__ import annotations

import re
from textwrap import fill

from avenant.agreement.proposal import Proposal, propose
from avenant.agreement.types import Dossier, InForce
from avenant.analyse.remedy.words import WIDTH
from avenant.analyse.types import Report
from avenant.findings.types import Amending, Remedy
from avenant.languages import say


def languages(text: InForce, *changed: str) -> tuple[str, ...]:
    """The languages of an amendment, the text's own first: those of the text in which each changed clause is."""
    clauses = [c for c in text.clauses if c.id in changed]
    also = (lang for lang in text.translations if all(lang in c.translations for c in clauses))
    return (text.language, *also)


def amendment(dossier: Dossier, text: InForce, report: Report, remedy: Remedy) -> Proposal:
    """The amendment of a remedy of a text, which is that after the last instrument of `dossier`."""
    replaced = (change.clause for change in remedy.changes if change.verb == "replace")
    spoken = languages(text, *replaced)
    closes = ", ".join(f"`{id}`" for id in remedy.closes)
    values = {"text": report.text, "digest": report.text_digest, "closes": closes}
    return propose(
        dossier,
        [(change.verb, change.clause, change.new) for change in remedy.changes],
        remedy.order,
        {lang: _title(text, remedy.changes[-1], lang) for lang in spoken},
        {lang: _lines(say("remedy.introduction", lang=lang, **values)) for lang in spoken},
    )


def _title(text: InForce, change: Amending, lang: str) -> str:
    """The words of a new clause's heading, without its number and id; or that a clause is repealed."""
    if not change.new:
        repealed = text.clause(change.clause)
        assert repealed is not None  # a remedy changes what is in force
        return say("remedy.title-repeal", lang=lang, clause=repealed.label)
    match = re.match(r"#+ (?:\d[\d.]*[a-z]?\. )?(.*) \{", change.new[lang])
    assert match is not None, change.new[lang]
    return match[1]


def _lines(words: str) -> str:
    return fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
