"""The words of a text: what they leave open, and which way.

    wording(text)                                   # findings on a text in force, by kind
    of_prose(words, "policy.md", None, Watch())     # those of any text, without a dossier: a Wording

Rules to which the modules beside this one hold:
- `links`: a word that links to a category stands for a test of its clause's rules, and a test for a word;
- everything else reads prose alone, in English and French, and works on any text without a dossier.

How prose is read, in order: `prose` (pieces and their lead-ins), `tokens` (words and sentences), `phrases` (the lists
as one tree), `polarity` (ban or permission, at each word), `vague` and `law` (marks), `passages` (all of one prose),
`definitions` and `sections` (what the parts of a text are to each other), `findings` (marks as findings). The lists
are `lexicon/terms.yaml` of each language's folder, each group with its source; `read` opens them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avenant.agreement.types import InForce
from avenant.findings.types import Finding
from avenant.prose.findings import gravity, of_prose, of_text
from avenant.prose.links import links
from avenant.prose.passages import Watch

__all__ = ["Watch", "of_prose", "of_text", "wording"]


def wording(text: InForce, found: Sequence[Finding] = ()) -> tuple[Finding, ...]:
    """The findings on words and tests side by side, then those on the words alone: by kind, the gravest first.

    `found` are the loopholes of the text, which show what words with a test let through.
    """
    on_words = of_text(text, frozenset(_shown(text, found))).findings
    return (*links(text), *sorted(on_words, key=lambda f: (f.code, gravity(f))))


def _shown(text: InForce, found: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    """The tests (clause, axis, category) on which loopholes rest: of the bans and permits that they name."""
    boxes = [f.box for f in found if f.code == "loophole" and f.box]
    yield from ((p.clause, p.axis, p.category) for box in boxes for p in box.passes)
    named = {permit.rule: permit.words for box in boxes for permit in box.permits}
    for rule in text.rules:
        for test in rule.tests():
            if any(word.text in named.get(rule.id, ()) for word in test.words):
                yield rule.clause, test.axis, test.category
