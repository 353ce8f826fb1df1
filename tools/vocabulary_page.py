"""Writes `docs/reference/vocabulary.md`: every axis and category of the core vocabulary, as the file ships it.

python tools/vocabulary_page.py        # a test holds the page to the vocabulary
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from avenant.languages import LANGUAGES
from avenant.vocabulary.read import also, core
from avenant.vocabulary.types import ANY, Axis, Category, Vocabulary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "vocabulary.md"

ALSO = {"en": "also: ", "fr": "ou\u202f: "}

HEAD = """\
# The core vocabulary

<!-- Written by tools/vocabulary_page.py; change src/avenant/vocabulary/core.yaml instead. -->

`{id}`: {axes} axes and {categories} categories. An axis asks one question, and a use is one category on each axis. A
category holds all that stands below it. Below each list that is not complete stands one leaf more, `x.other` (at the
top: `other`): this kind, and none of those listed. Facts may say it; rules never do, so that a new category changes no
decision.

A rule tests an axis through the variable and the type that its heading names. A text adds categories in a
`vocabulary` block, below the ones that are here, and may redraw a band:

```yaml
organisation:
  department:
    title: {{en: The department, fr: Le ministère}}
    phrase: {{en: the department, fr: le ministère}}
    children: {{intelligence: {{children: [nsa, dia]}}, army: {{}}}}
scale:
  bulk: {{over: 1000}}
```

| key | what it is |
|---|---|
| `title`, `definition` | words, or `{{en: …, fr: …}}`; without a title, the id |
| `phrase` | a part of a sentence: "of U.S. persons"; without one, the title |
| `within` | the phrase after "but" or "except", where it is another: "its intelligence agencies" |
| `other` | the phrase of the leaf `x.other` |
| `over` | of a band: the number above which it begins. Bands rise; the first begins at the bottom |
| `complete` | `true`: the list below is complete and has no `x.other` |
| `iri` | the address of a standard term that means the same |
| `children` | the kinds below, as a mapping or as a list of ids |

A text is written over as few axes as it needs: an axis that no rule tests is never asked for, is no finding, and costs
no time. At the command line, `avenant vocabulary` shows the tree, `avenant vocabulary purpose` one axis, and
`avenant vocabulary hiring` what says a word, in English or in French. A term of the [Data Privacy
Vocabulary](https://w3id.org/dpv) (DPV 2, a W3C community group report) or of its extensions stands only where it means
the same.

## At a glance
"""


# A clause as people say it, in both languages, and the facts that say it.
CLAUSES = (
    ("Social scoring", "Notation sociale", "effect=social-scoring"),
    (
        "Emotion recognition at work",
        "Reconnaissance des émotions au travail",
        "operation=infer-emotion setting=workplace",
    ),
    (
        "Live face recognition in the street, without a judge",
        "Reconnaissance faciale en direct dans la rue, sans juge",
        "operation=identify-remotely setting=public-space timing=live warrant=unwarranted",
    ),
    (
        "Sorting people by an origin that is inferred",
        "Tri de personnes selon une origine déduite",
        "operation=infer-trait sensitivity=origin",
    ),
    (
        "Benefits decided without a human",
        "Prestations décidées sans humain",
        "effect=benefit-decision oversight=automated",
    ),
    (
        "A choice among applicants for work",
        "Choix parmi des candidats à un emploi",
        "purpose=recruitment operation=select effect=hiring",
    ),
    (
        "A credit score without recourse",
        "Score de crédit sans recours",
        "purpose=credit operation=score recourse=no-recourse",
    ),
    ("Triage of patients", "Tri de patients", "purpose=triage operation=rank subject=patients"),
    (
        "Marking of exams",
        "Correction d'examens",
        "purpose=grading operation=assess effect=schooling",
    ),
    (
        "A deep fake that does not say so",
        "Hypertrucage non signalé",
        "operation=create likeness=real-person disclosure=undisclosed",
    ),
    (
        "Messages made to sway each voter",
        "Messages faits pour influencer chaque électeur",
        "purpose=campaigning operation=persuade subject=voters",
    ),
    ("Companions for minors", "Compagnons pour mineurs", "purpose=companionship age=minors"),
    (
        "An agent that spends much money",
        "Agent qui dépense beaucoup d'argent",
        "operation=transact effect=payment amount=large",
    ),
    ("An agent that copies itself", "Agent qui se copie", "operation=replicate"),
    (
        "Training on a customer's secrets",
        "Entraînement sur les secrets d'un client",
        "operation=train-model secrecy=business-secret",
    ),
    ("Data sent out of Europe", "Données traitées hors d'Europe", "territory=third-country"),
)


def page(vocabulary: Vocabulary) -> str:
    """The whole page: what an axis is, the axes at a glance, and a table for each."""
    head = HEAD.format(
        id=vocabulary.id, axes=len(vocabulary.axes), categories=len(vocabulary.categories)
    )
    axes = (line for axis in vocabulary.axes for line in _axis(vocabulary, axis))
    return "\n".join((head, *_glance(vocabulary), "", *_clauses(), "", *axes))


def _glance(vocabulary: Vocabulary) -> Iterator[str]:
    yield "| axis | asks | demande | categories |"
    yield "|---|---|---|---|"
    for axis in vocabulary.axes:
        count = sum(category.axis == axis.id for category in vocabulary.categories)
        asks = " | ".join(axis.definition[lang] for lang in LANGUAGES)
        yield f"| `{axis.id}` | {asks} | {count} |"


def _clauses() -> Iterator[str]:
    yield "## What says it"
    yield ""
    yield "Each is one clause, and each fact one test of its rule."
    yield ""
    yield "| a clause about | une clause sur | facts |"
    yield "|---|---|---|"
    for english, french, facts in CLAUSES:
        yield f"| {english} | {french} | {' '.join(f'`{fact}`' for fact in facts.split())} |"


def _axis(vocabulary: Vocabulary, axis: Axis) -> Iterator[str]:
    yield f"## {axis.title['en']} · {axis.title['fr']}"
    yield ""
    listed = " The list is complete." if axis.complete else ""
    yield f"{axis.definition['en']} *{axis.definition['fr']}*{listed}"
    yield f'Tested as `{axis.role} in {axis.entity}::"…"`; a fact is `{axis.id}=…`.'
    yield ""
    yield "| category | in English | en français |"
    yield "|---|---|---|"
    yield from _rows(vocabulary, axis.id, ANY, 0)
    yield ""


def _rows(vocabulary: Vocabulary, axis: str, parent: str, depth: int) -> Iterator[str]:
    for category in vocabulary.children(axis, parent):
        name = "· " * depth + f"`{category.id}`" + (" (complete)" if category.complete else "")
        if category.over is not None:
            name += f" over {category.over:,}"
        if category.iri:
            name += f" [DPV]({category.iri})"
        yield f"| {name} | {_said(category, 'en')} | {_said(category, 'fr')} |"
        yield from _rows(vocabulary, axis, category.id, depth + 1)


def _said(category: Category, lang: str) -> str:
    """Title, phrase and definition, and the words by which it is found besides."""
    words = also().get((category.axis, category.id), {}).get(lang, ())
    found = f" ({ALSO[lang]}{', '.join(words)})" if words else ""
    title, phrase = category.title[lang], category.phrase[lang]
    return f"**{title}**, *{phrase}*. {category.definition[lang]}{found}"


if __name__ == "__main__":
    PAGE.write_text(page(core()), encoding="utf-8")
