"""The words of a text: what they leave open, and which way.

    wording(text)                        # findings on a text in force, clause by clause

Rules to which the modules beside this one hold:
- `links`: a word that links to a category stands for a test of its clause's rules, and a test for a word;
- everything else reads prose alone, in English and French, and works on any text without a dossier.

How prose is read, in order: `prose` (pieces and their lead-ins), `tokens` (words and sentences), `phrases` (the term
lists as one tree), `polarity` (ban or permission, at each word), `vague`, `law` (marks), `passages` (all of a
text), `findings` (marks as findings). The lists are `terms.en.yaml` and `terms.fr.yaml`, each group with its source.
"""

from __future__ import annotations

from avenant.agreement.types import InForce
from avenant.analyse.types import Finding
from avenant.analyse.wording.findings import gravity, of_text
from avenant.analyse.wording.links import links

__all__ = ["wording"]


def wording(text: InForce) -> tuple[Finding, ...]:
    """The findings on words and tests side by side, then those on the words alone: by kind, the gravest first."""
    return (*links(text), *sorted(of_text(text), key=lambda f: (f.code, gravity(f))))
