"""Writes `docs/reference/vocabulary.md`: every axis and category of the core vocabulary, as the file ships it.

python tools/vocabulary_page.py        # a test holds the page to the vocabulary
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from avenant.vocabulary.read import core
from avenant.vocabulary.types import ANY, Axis, Vocabulary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "vocabulary.md"

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
"""


def page(vocabulary: Vocabulary) -> str:
    """The whole page."""
    head = HEAD.format(
        id=vocabulary.id, axes=len(vocabulary.axes), categories=len(vocabulary.categories)
    )
    return "\n".join(
        (head, *(line for axis in vocabulary.axes for line in _axis(vocabulary, axis)))
    )


def _axis(vocabulary: Vocabulary, axis: Axis) -> Iterator[str]:
    yield f"## {axis.title['en']} · {axis.title['fr']}"
    yield ""
    listed = " The list is complete." if axis.complete else ""
    yield f"{axis.definition['en']} *{axis.definition['fr']}*{listed}"
    yield f'Tested as `{axis.role} in {axis.entity}::"…"`; a fact is `{axis.id}=…`.'
    yield ""
    yield "| category | phrase | en français | definition |"
    yield "|---|---|---|---|"
    yield from _rows(vocabulary, axis.id, ANY, 0)
    yield ""


def _rows(vocabulary: Vocabulary, axis: str, parent: str, depth: int) -> Iterator[str]:
    for category in vocabulary.children(axis, parent):
        indent = "· " * depth
        name = f"`{category.id}`" + (" (complete)" if category.complete else "")
        band = f" Over {category.over:,}." if category.over is not None else ""
        term = f" [DPV]({category.iri})" if category.iri else ""
        cells = (
            indent + name,
            category.phrase["en"],
            category.phrase["fr"],
            category.definition["en"] + band + term,
        )
        yield f"| {' | '.join(cells)} |"
        yield from _rows(vocabulary, axis, category.id, depth + 1)


if __name__ == "__main__":
    PAGE.write_text(page(core()), encoding="utf-8")
